"""What can befall any case: an exception that somebody owns, a hold in which everything stands still."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class Trouble(BaseModel):
    """An exception 异常 with its owner and its resolution (R42, R47). Times UTC."""

    key: str
    words: str
    owner: str
    rule: str
    reported_at: datetime
    resolution: str = ""
    resolved_at: datetime | None = None
    needs_plan: bool = False
    cause: str = ""
    line: int | None = None


class Hold(BaseModel):
    """A hold 暂停: a time in which the company's own steps stand still. Times UTC."""

    placed_at: datetime
    reason: str
    customer_clocks_stop: bool = False
    released_at: datetime | None = None
