"""How far a service is, as its journal tells: what customers and staff see of it on a page (R87). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from models.dossier.journal import EntryKind, JournalEntry

_REPORTED = "service_reported"


@dataclass(frozen=True, slots=True)
class ServiceSeen:
    """One report of a service: how much of it was given, in per cent, and what was said of it. Times UTC."""

    percent: int
    at: datetime
    words: str


def service_reports(journal: Iterable[JournalEntry]) -> list[ServiceSeen]:
    """What was reported of a service and counted, the newest first."""
    seen = [
        ServiceSeen(
            percent=entry.data["content"]["percent"],
            at=entry.happened_at,
            words=" ".join(each for name in ("words", "reason") if (each := entry.data["content"].get(name))),
        )
        for entry in journal
        if entry.kind is EntryKind.FACT and entry.subject == _REPORTED
    ]
    return sorted(seen, key=lambda each: each.at, reverse=True)


def is_accepted(journal: Iterable[JournalEntry]) -> bool:
    """Whether the customer has what was ordered: of a service, whether it was accepted (R87)."""
    return any(entry.kind is EntryKind.COMPLETED for entry in journal)
