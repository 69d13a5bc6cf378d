"""The corpus: recorded lives of orders, quotes, cases and contracts and runs of the jobs, where and with what they are kept.

A replay compares commands only: a changed rule or timer goes unseen. So each recording keeps the journal and the
state that the order came to, and living it again (`tests.replay.living`) compares those as well.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from models.dossier.journal import JournalEntry
from runtime.delivery.order_handles import WORKFLOW
from tests.replay.released import HISTORIES, require_unreleased

MANIFEST = Path(__file__).resolve().parent / "manifest.json"


class Recorded(BaseModel):
    """What stands in the manifest of one recording, to be read and compared by people."""

    story: str
    number: str
    sdk: str
    edition: int
    runs: int
    events: int
    actions: int
    ending: str | None
    sequence: int
    head: str
    digest: str
    scenario: str = ""
    """What it was recorded for (`tests.replay.scenarios`); empty for a story as it stands."""
    workflow: str = WORKFLOW
    open_in: str = ""
    """Where it stood if it was still open when it was recorded: `production`, `confirmation-sheet`; of a quote `offered` …"""
    signals: dict[str, int] = {}
    """How many signals came, by name, that a handler of their own heard."""
    unknown_signals: dict[str, int] = {}
    """How many signals came, by name, that no handler of their own heard."""


class Recording(BaseModel):
    """One order's histories, run by run, and the journal that came of them."""

    runs: list[dict[str, Any]]
    journal: list[JournalEntry] = []
    bursts: list[tuple[int, int, int]] = []
    """Each burst on its way to the order database: epoch, the number it came after, how many entries. Scenarios only."""
    carried: dict[str, Any] = {}
    """What was open as its next run would have got it (`workflows.engine.carried_case.CarriedCase`)."""


def manifest() -> dict[str, Recorded]:
    """All recordings by name."""
    if not MANIFEST.exists():
        return {}
    return {name: Recorded.model_validate(each) for name, each in json.loads(MANIFEST.read_text()).items()}


def _file(name: str) -> Path:
    return HISTORIES / f"{name}.json.gz"


def load(name: str) -> Recording:
    """One recording."""
    return Recording.model_validate_json(gzip.decompress(_file(name).read_bytes()))


def keep(name: str, recorded: Recorded, recording: Recording) -> None:
    """Write one recording and its line of the manifest. Raises Frozen for one that a release has."""
    require_unreleased(name)
    HISTORIES.mkdir(exist_ok=True)
    _file(name).write_bytes(gzip.compress(recording.model_dump_json().encode(), mtime=0))
    known = manifest() | {name: recorded}
    lines = {each: known[each].model_dump(exclude_defaults=True) for each in sorted(known)}
    MANIFEST.write_text(json.dumps(lines, ensure_ascii=False, indent=1) + "\n")


def still_open(workflow: str) -> dict[str, str]:
    """Recordings of what was still open of a workflow type, by where it stood."""
    known = manifest().items()
    return {each.open_in: name for name, each in known if each.open_in and each.workflow == workflow}


def open_orders() -> dict[str, str]:
    """Recordings of orders that were still open, by where they stood: `production`, `recall`, `hold` …"""
    return still_open(WORKFLOW)


def open_order(stood_in: str) -> tuple[Recorded, Recording]:
    """The order that stood there when it was recorded. Raises KeyError that lists where orders stand."""
    names = open_orders()
    if stood_in not in names:
        raise KeyError(f"no open order stands in {stood_in!r}; there are: {', '.join(sorted(names))}")
    return manifest()[names[stood_in]], load(names[stood_in])
