"""Machine lines as pages keep them: by who has seen what there was, every change written down (R150)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine

from activities.company.records import keep_changed, keep_new
from activities.store.company_changes import Teller
from activities.store.imports import LINE_KEY, MachineLineRow, written
from models.company.record_changes import RecordKind
from models.values.vocabulary import Words


def keep_line(
    engine: Engine, row: MachineLineRow, seen: int | None, teller: Teller, words_of: Mapping[str, Words]
) -> None:
    """Enter a line (`seen` None), or change one. Raises Refusal(request_conflict, stale_version, unknown_place)."""
    key, values = written(row, LINE_KEY)
    if seen is None:
        keep_new(engine, RecordKind.MACHINE_LINE, key, values, teller)
    else:
        keep_changed(engine, RecordKind.MACHINE_LINE, key, values, seen, teller, words_of)
