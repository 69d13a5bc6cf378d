"""What was said to an order as its journal in the order database has it: to be told again where the workflow lost it.

Only what was said is told: what followed from it (steps, papers, phases, limits that passed) follows again by itself.
What was refused stays refused. The same thing told twice changes nothing: the order knows it by its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from models.dossier.journal import EntryKind
from models.messages.authors import known_as
from models.messages.envelope import ENGINE, envelope_json
from models.messages.seen import Seen
from models.values.fingerprint import canonical
from models.values.vocabulary import Role

MOST_SIGNS = 1_000_000
"""Of what is told again at one go, as JSON: half of what the server takes in one payload. The rest is told by the next look."""
SAID = (EntryKind.FACT.value, EntryKind.EARLY.value)
"""The entries that are what somebody said; one that was kept early has a second entry when it is used."""
_OWN_TO_A_RUN = "calendar_refreshed"
"""The engine reads the newest calendar anew between two runs; an old one is not told again."""


def said_beyond(
    connection: Connection, number: str, after: int, journal: Table, column: str
) -> tuple[list[dict[str, Any]], bool]:
    """What was said after this entry, in any epoch, the earliest first, each once; and whether that is all of it.

    `journal` is where the case has it, `column` its number there.
    """
    query = (
        select(journal)
        .where(journal.c[column] == number, journal.c.sequence > after, journal.c.kind.in_(SAID))
        .order_by(journal.c.epoch, journal.c.sequence)
    )
    return _that_fit(said_in(connection.execute(query).mappings().all()))


def said_in(entries: Iterable[RowMapping | dict[str, Any]]) -> list[dict[str, Any]]:
    """The envelopes of journal entries that are something said, each fact once."""
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        envelope = _envelope(entry)
        if envelope is not None:
            found.setdefault(known_as(envelope["by"], envelope["fact_id"]), envelope)
    return list(found.values())


def _envelope(entry: RowMapping | dict[str, Any]) -> dict[str, Any] | None:
    """As it was said; None for what is no such entry, or cannot be read."""
    data = entry["data"] if isinstance(entry["data"], dict) else {}
    fact_id, content = data.get("fact_id"), data.get("content")
    if entry["kind"] not in SAID or not isinstance(fact_id, str) or not isinstance(content, dict):
        return None
    if entry["by"] == ENGINE and entry["subject"] == _OWN_TO_A_RUN:
        return None
    said = envelope_json(
        fact_id,
        entry["subject"],
        content,
        by=entry["by"],
        role=Role(entry["role"]),
        happened_at=entry["happened_at"],
        seen=Seen.model_validate(data["seen"]) if data.get("seen") else None,
    )
    stead = data.get("in_stead_of")
    return {**said, "in_stead_of": stead} if isinstance(stead, str) and stead else said


def _that_fit(said: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    signs = 0
    fitting: list[dict[str, Any]] = []
    for envelope in said:
        signs += len(canonical(envelope))
        if signs > MOST_SIGNS:
            return fitting, False
        fitting.append(envelope)
    return fitting, True
