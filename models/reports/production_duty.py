"""What the job of the daily production report is asked, and what it found (R171)."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel


class DutyRun(BaseModel):
    """Look at the report of this business day, at this moment (UTC)."""

    day: date
    now: datetime


class DutyDone(BaseModel):
    """Whether the day's report was asked for now, and which days were found to have gone without one."""

    day: date
    asked: bool = False
    missed: list[date] = []


class DutyAsked(BaseModel):
    """For which business day the job runs; without it the day for which the schedule meant the run."""

    day: date | None = None
