"""What a case has done for it outside: an activity, asked once for each key, whose result is a fact about the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to be done. The activity does it however often it is asked: it may be tried again after it was done."""

    key: str
    activity: str
    argument: BaseModel


class ErrandDone(BaseModel):
    """What came of it, as the fact that tells the case."""

    model_config = ConfigDict(frozen=True)

    kind: str
    content: dict[str, Any]
