"""Which orders are wanted, and how they are sorted: one question for the list, the board, exports and the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from models.values.errors import Code, Refusal
from models.values.vocabulary import Ending, Headline, PhaseName, Role, Term, Words
from models.writing.written_dates import plain_day
from models.writing.written_numbers import Figure, Manner, plain_number

SORTS = ("number", "placed_at", "promised", "customer_name", "open_balance", "total", "ended_at")
MOST = 200
FIRST_SORT = "-number"
_LONGEST = 200
_BAD_SORT = Words("不能按 {sort} 排序；可按：{may}", "orders are not sorted by {sort}; by: {may}")
_NOT_ONE_OF = Words("没有 {value}；可用：{may}", "there is no {value}; there are: {may}")
_NO_DAY = Words("{text} 不是日期，例如 2027-03-01", "{text} is no day, such as 2027-03-01")
_NO_AMOUNT = Words("{text} 不是金额，例如 6,720.00", "{text} is no amount, such as 6,720.00")
_LARGEST = Decimal(10) ** 13
_CONTROL = Words("不得有控制字符", "no control characters")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders, in which order, from where on. Days are business days, both ends included; amounts in CNY are those of
    the whole order. `text` is looked for in everything that an order is found by.

    `customers` and `only_of` are what the caller may see; the rest is what was asked for.
    """

    text: str = ""
    status: str = ""
    phase: str = ""
    waits_role: Role | None = None
    waits_person: str = ""
    overdue: bool = False
    danger: bool = False
    salesperson: str = ""
    customer: str = ""
    product: str = ""
    placed_from: date | None = None
    placed_to: date | None = None
    promised_from: date | None = None
    promised_to: date | None = None
    ended_from: date | None = None
    ended_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    open_only: bool = False
    ended_only: bool = False
    unpaid: bool = False
    customers: tuple[str, ...] = ()
    only_of: tuple[str, ...] = ()
    """The salespeople whose orders are all that the caller sees; empty: no such limit."""
    now: datetime | None = None
    """The moment by which something is overdue or in danger; needed where that is asked for."""
    sort: str = FIRST_SORT
    cursor: str = ""
    most: int = 50


FILTERS = (
    "q", "status", "phase", "waits_role", "waits_person", "overdue", "danger", "salesperson", "customer", "product",
    "placed_from", "placed_to", "promised_from", "promised_to", "amount_from", "amount_to", "open", "unpaid", "ended_from",
    "ended_to",
)  # fmt: skip
"""The names of the filters as they stand in an address; fixed, other pages link with them."""


def wanted_of(asked: Mapping[str, str], seen: Wanted, now: datetime) -> Wanted:
    """What was asked for by filters, sort and cursor, within what the caller sees. An empty value asks for nothing.

    Raises Refusal(malformed) at the name of the value that cannot be read.
    """
    given = {name: value.strip()[:_LONGEST] for name, value in asked.items() if name != "cursor"}
    for name, value in (*given.items(), ("cursor", asked.get("cursor", ""))):
        if any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in value):
            raise Refusal(Code.MALFORMED, _CONTROL, where=name)
    is_open = _one_of(given, "open", ("", "yes", "no"))
    role = _one_of(given, "waits_role", ("", *(each.value for each in Role)))
    sort = given.get("sort") or FIRST_SORT
    if sort.lstrip("-") not in SORTS:
        raise Refusal(Code.MALFORMED, _BAD_SORT.filled(sort=sort, may=", ".join(SORTS)), where="sort")
    return replace(
        seen,
        text=given.get("q", ""),
        status=_one_of(given, "status", ("", *_values(Headline), *_values(Ending))),
        phase=_one_of(given, "phase", ("", *_values(PhaseName))),
        waits_role=Role(role) if role else None,
        waits_person=given.get("waits_person", ""),
        overdue=_yes(given, "overdue"),
        danger=_yes(given, "danger"),
        salesperson=given.get("salesperson", ""),
        customer=given.get("customer", ""),
        product=given.get("product", ""),
        placed_from=_day(given, "placed_from"),
        placed_to=_day(given, "placed_to"),
        promised_from=_day(given, "promised_from"),
        promised_to=_day(given, "promised_to"),
        ended_from=_day(given, "ended_from"),
        ended_to=_day(given, "ended_to"),
        amount_from=_amount(given, "amount_from"),
        amount_to=_amount(given, "amount_to"),
        open_only=is_open == "yes",
        ended_only=is_open == "no",
        unpaid=_yes(given, "unpaid"),
        now=now.astimezone(UTC),
        sort=sort,
        cursor=asked.get("cursor", ""),
    )


def _values(terms: type[Term]) -> list[str]:
    return [each.value for each in terms]


def _one_of(given: Mapping[str, str], name: str, may: tuple[str, ...]) -> str:
    value = given.get(name, "")
    if value not in may:
        allowed = ", ".join(dict.fromkeys(each for each in may if each))
        raise Refusal(Code.MALFORMED, _NOT_ONE_OF.filled(value=value, may=allowed), where=name)
    return value


def _yes(given: Mapping[str, str], name: str) -> bool:
    return _one_of(given, name, ("", "yes")) == "yes"


def _day(given: Mapping[str, str], name: str) -> date | None:
    text = given.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(plain_day(text, Manner.TYPED))
    except ValueError:
        raise Refusal(Code.MALFORMED, _NO_DAY.filled(text=text), where=name) from None


def _amount(given: Mapping[str, str], name: str) -> Decimal | None:
    text = given.get(name, "")
    if not text:
        return None
    try:
        amount = Decimal(plain_number(text, Figure.MONEY, Manner.TYPED))
        exact = amount.scaleb(2) == amount.scaleb(2).to_integral_value()
    except (ValueError, ArithmeticError):
        raise Refusal(Code.MALFORMED, _NO_AMOUNT.filled(text=text), where=name) from None
    if not amount.is_finite() or abs(amount) > _LARGEST or not exact:
        raise Refusal(Code.MALFORMED, _NO_AMOUNT.filled(text=text), where=name)
    return amount
