"""What the job of reports asks for and hears back, and where reports are made."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from models.reports.report import ReportKind


def documents_queue(orders_queue: str) -> str:
    """The task queue of those who make documents: never the worker that moves orders."""
    return f"{orders_queue}-documents"


class ReportRun(BaseModel):
    """Which report is to be made; without a day the one for which the schedule meant it."""

    kind: ReportKind
    day: date | None = None


class Written(BaseModel):
    """What became of a report. `day` is the one it was made for; not due: it was made before, or is not due at all."""

    day: date
    lines: int = 0
    files: list[str] = []
    is_due: bool = True
