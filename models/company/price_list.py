"""The price list 价目表: which price counts from which day to which; a new one ends the former, two never overlap (R20). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.values.calendar import ONE_DAY
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_OVERLAPS = Words(
    "产品 {product} 已有从 {first} 到 {last} 的价格，与 {from_day} 起的新价重叠；请改生效日或先改那一条的截止日",
    "{product} has a price from {first} to {last} already, which overlaps one from {from_day} on; "
    "choose other days or change when that one ends",
)
_ALREADY = Words(
    "产品 {product} 从 {first} 起已有价格；请打开那一条",
    "{product} has a price from {first} on already; open that one",
)
_HAS_BEGUN = Words(
    "{first} 起的价格已经生效，单价和单位不再改动：请从某日起另立新价",
    "the price from {first} on is in force: its amount and unit stay as they are; make a new price from a day on",
)
_ENDS_IN_PAST = Words(
    "已生效的价格最早可在 {earliest} 截止",
    "a price that is in force ends on {earliest} at the earliest",
)
_FROM_PAST = Words(
    "新价的生效日不能早于今天 {today}：已报出的价格不回头改",
    "a new price begins today, {today}, at the earliest: what was in force stays as it was",
)
_OPEN = Words("另行通知", "further notice")


@dataclass(frozen=True, slots=True)
class Validity:
    """From which day to which a price counts, both included; `last` open: until another one begins."""

    first: date
    last: date | None = None

    def meets(self, other: Validity) -> bool:
        """Whether both count on any one day."""
        return (self.last is None or other.first <= self.last) and (
            other.last is None or self.first <= other.last
        )


def ended_by(product: str, known: Iterable[Validity], new: Validity) -> Validity | None:
    """The open price that a new one ends, as it is then; None where it ends none.

    Raises Refusal(request_conflict) where the product has a price from that very day, and `contradiction` where the new one
    would overlap a price whose days were named, or one that begins later.
    """
    former: Validity | None = None
    for each in sorted(known, key=lambda one: one.first):
        if each.first == new.first:
            raise Refusal(
                Code.REQUEST_CONFLICT, _ALREADY.filled(product=product, first=each.first), where="valid_from"
            )
        if not each.meets(new):
            continue
        if each.last is not None or each.first > new.first:
            raise _overlap(product, each, new)
        former = Validity(each.first, new.first - ONE_DAY)
    return former


def require_apart(product: str, others: Iterable[Validity], changed: Validity) -> None:
    """Raises Refusal(contradiction) where a changed price would overlap another one of the product."""
    for each in others:
        if each.meets(changed):
            raise _overlap(product, each, changed)


def require_new(first: date, today: date) -> None:
    """Raises Refusal(date_in_past) for a new price that would have begun already."""
    if first < today:
        raise Refusal(Code.DATE_IN_PAST, _FROM_PAST.filled(today=today), where="valid_from")


def require_kept(validity: Validity, last: date | None, today: date, *, other_price: bool) -> None:
    """What of a price that is in force may be changed: its end, up to yesterday, and not what it costs.

    Raises Refusal (contradiction, date_in_past).
    """
    if validity.first > today:
        return
    if other_price:
        raise Refusal(Code.CONTRADICTION, _HAS_BEGUN.filled(first=validity.first), where="unit_price")
    earliest = max(today - ONE_DAY, validity.first)
    if last is not None and last < earliest and last != validity.last:
        raise Refusal(Code.DATE_IN_PAST, _ENDS_IN_PAST.filled(earliest=earliest), where="valid_until")


def _overlap(product: str, known: Validity, new: Validity) -> Refusal:
    words = _OVERLAPS.filled(product=product, first=known.first, last=known.last or _OPEN, from_day=new.first)
    return Refusal(Code.CONTRADICTION, words, where="valid_from")
