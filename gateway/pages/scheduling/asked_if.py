"""What is asked of the plan on its page, as it was typed: a time at which a line stands, a rush order (R150)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

from models.messages.envelope import read_entered
from models.scheduling.machine_lines import Span
from models.scheduling.plan import Owed
from models.scheduling.proposals import Job
from models.scheduling.what_if import RUSH
from models.values.calendar import BUSINESS_ZONE
from models.values.content import Content, Line, Reference
from models.values.errors import Code, Refusal
from models.values.quantity import PositiveQuantity
from models.values.vocabulary import Unit, Words
from models.values.words import InvalidValue
from models.writing.written_dates import FIRST_YEAR, LAST_YEAR, plain_moment
from models.writing.written_numbers import Manner

Asked = TypeVar("Asked", bound=Content)
_NO_MOMENT = Words(
    "{text} 不是时间；请写成 2027-01-05 09:30", "{text} is no time; write it as 2027-01-05 09:30"
)
_NO_TIME = Words("请写明时间，如 2027-01-05 09:30", "say when, as 2027-01-05 09:30")


class RushOrder(Content):
    """An order that is only supposed."""

    product: Reference
    quantity: PositiveQuantity
    unit: Unit
    day: date
    """The day on which it is wanted."""

    def owed(self, now: datetime) -> Owed:
        """As the plan takes it."""
        job = Job(self.product, self.quantity, self.unit, now)
        return Owed(*RUSH, "", job, self.day, now, self.day)


class Standing(Content):
    """A line, and why it stands."""

    line: Reference
    reason: Line = ""


def rush_of(values: Mapping[str, str]) -> RushOrder:
    """The rush order that was typed. Raises Refusal: malformed, missing_field, bad_quantity, wrong_unit."""
    return _read(RushOrder, values)


def standing_of(values: Mapping[str, str]) -> tuple[Standing, Span]:
    """The line and the time that were typed. Raises Refusal: malformed, missing_field."""
    return _read(Standing, values), Span(_moment(values, "begins"), _moment(values, "ends"))


def _read(model: type[Asked], values: Mapping[str, str]) -> Asked:
    raw = {name: text for name in model.model_fields if (text := values.get(name, "").strip())}
    return read_entered(model, raw, Manner.TYPED)


def _moment(values: Mapping[str, str], where: str) -> datetime:
    """A time as it is typed, business time where no offset stands there."""
    text = values.get(where, "").strip()[:60]
    if not text:
        raise Refusal(Code.MISSING_FIELD, _NO_TIME, where=where)
    try:
        moment = datetime.fromisoformat(plain_moment(text, Manner.TYPED))
    except (InvalidValue, ValueError):
        raise Refusal(Code.MALFORMED, _NO_MOMENT.filled(text=text), where=where) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Refusal(Code.MALFORMED, _NO_MOMENT.filled(text=text), where=where)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=BUSINESS_ZONE)
