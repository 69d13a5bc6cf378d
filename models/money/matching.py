"""Which orders a sum of money may be for: by number, amount and payer, each with its reasons and how sure they make it (R53).

Nothing is decided here: finance is shown every candidate with why it is one, and confirms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from models.facts.order_numbers import order_numbers_in
from models.values.money import ZERO
from models.values.vocabulary import Term, Words

_SIGNS = re.compile(r"[\W_]+")
_FORMS = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|公司|companylimited|incorporated|limited|gmbh|coltd|ltd|inc|llc)$"
)
_SHORTEST_PART = 4
"""So many signs of a name must be alike where one name is part of the other."""
MOST_CANDIDATES = 5


class MatchReason(Term):
    """Why an order is a candidate, or what speaks against it."""

    NUMBER = "number", "附言写明订单号", "the text names the order"
    CUSTOMER_NUMBER = "customer_number", "附言写明客户单号", "the text names the customer's own number"
    BALANCE = "balance", "金额等于未付余款", "the amount is what is open"
    DEPOSIT = "deposit", "金额等于应付定金", "the amount is the deposit that is due"
    TOGETHER = "together", "金额等于这些订单未付之和", "the amount is what these orders owe together"
    NAME = "name", "付款人即客户", "the payer is the customer"
    NAME_PART = "name_part", "付款人名称相近", "the payer's name is like the customer's"
    OTHER_NAME = "other_name", "付款人不是客户，请核对", "the payer is not the customer: look twice"


class Confidence(Term):
    """How sure the reasons make it."""

    CERTAIN = "certain", "可靠", "certain"
    LIKELY = "likely", "很可能", "likely"
    POSSIBLE = "possible", "可能", "possible"


@dataclass(frozen=True, slots=True)
class BankLine:
    """A sum that the bank told and finance has not confirmed. `order` is where it was told to; empty: to none.

    `key` names the line on the money desk; `step` is the step of the desk that asks about it, where there is one.
    """

    key: str
    reference: str
    amount: Decimal
    paid_at: datetime
    order: str = ""
    payer: str = ""
    text: str = ""
    step: str = ""
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """A living order, what is open of it, and how much of its deposit is missing."""

    number: str
    customer: str
    customer_name: str
    open_balance: Decimal
    deposit_missing: Decimal = ZERO
    customer_order_number: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An order, or several that owe the sum together, with why and how surely."""

    orders: tuple[OpenOrder, ...]
    reasons: tuple[MatchReason, ...]
    confidence: Confidence

    @property
    def open(self) -> Decimal:
        """What is open of all of them."""
        return sum((each.open_balance for each in self.orders), ZERO)


def folded_name(name: str) -> str:
    """A company's name as it is compared: width, case, signs and legal form do not count."""
    text = _SIGNS.sub("", unicodedata.normalize("NFKC", name).casefold())
    return _FORMS.sub("", text) or text


def alike(payer: str, customer: str) -> MatchReason | None:
    """Whether two names are one company's: the same, or one a part of the other; None where they are not."""
    one, other = folded_name(payer), folded_name(customer)
    if not one or not other:
        return None
    if one == other:
        return MatchReason.NAME
    short, long = sorted((one, other), key=len)
    return MatchReason.NAME_PART if len(short) >= _SHORTEST_PART and short in long else None


def words_in(text: str) -> set[str]:
    """The words of a remittance text, as a customer's own number is looked for among them."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return {word for word in re.split(r"[^\w/-]+", plain) if word}


def candidates(line: BankLine, orders: Iterable[OpenOrder]) -> list[Candidate]:
    """Every candidate, the surest first; at most a handful."""
    known = list(orders)
    found = [each for each in (_single(line, order) for order in known) if each is not None]
    found += _together(line, known)
    rank = list(Confidence)
    found.sort(
        key=lambda each: (rank.index(each.confidence), abs(each.open - line.amount), each.orders[0].number)
    )
    return found[:MOST_CANDIDATES]


def _single(line: BankLine, order: OpenOrder) -> Candidate | None:
    reasons = _reasons(line, order)
    return Candidate((order,), reasons, confidence_of(reasons)) if reasons else None


def _reasons(line: BankLine, order: OpenOrder) -> tuple[MatchReason, ...]:
    """What speaks for the order; that another one pays speaks against it, and is said only where something is for it."""
    found: list[MatchReason] = []
    if order.number == line.order or order.number in order_numbers_in(line.text):
        found.append(MatchReason.NUMBER)
    own = unicodedata.normalize("NFKC", order.customer_order_number).casefold().strip()
    if own and own in words_in(line.text):
        found.append(MatchReason.CUSTOMER_NUMBER)
    if line.amount == order.open_balance:
        found.append(MatchReason.BALANCE)
    elif line.amount == order.deposit_missing:
        found.append(MatchReason.DEPOSIT)
    name = alike(line.payer, order.customer_name)
    if name is not None:
        found.append(name)
    elif line.payer and found:
        found.append(MatchReason.OTHER_NAME)
    return tuple(found)


_NUMBERS = {MatchReason.NUMBER, MatchReason.CUSTOMER_NUMBER}
_AMOUNTS = {MatchReason.BALANCE, MatchReason.DEPOSIT, MatchReason.TOGETHER}
_NAMES = {MatchReason.NAME, MatchReason.NAME_PART}


def confidence_of(reasons: Iterable[MatchReason]) -> Confidence:
    """The rule: a number and one thing more is certain; a number alone, or amount and name, is likely; one thing alone is
    possible. A payer who is somebody else makes it one step less sure."""
    said = set(reasons)
    number, amount, name = (bool(said & each) for each in (_NUMBERS, _AMOUNTS, _NAMES))
    sure = 0 if number and (amount or name) else 1 if number or (amount and name) else 2
    if MatchReason.OTHER_NAME in said:
        sure = min(sure + 1, 2)
    return list(Confidence)[sure]


def _together(line: BankLine, orders: Sequence[OpenOrder]) -> list[Candidate]:
    """Several orders of one customer that owe the sum together: those that the text names, or all that the payer owes."""
    named = set(order_numbers_in(line.text))
    found: list[Candidate] = []
    for customer in dict.fromkeys(each.customer for each in orders):
        owing = [each for each in orders if each.customer == customer and each.open_balance > ZERO]
        by_number = [each for each in owing if each.number in named]
        name = alike(line.payer, owing[0].customer_name) if owing else None
        for some, number in ((by_number, True), (owing if name is not None else [], False)):
            if len(some) > 1 and sum((each.open_balance for each in some), ZERO) == line.amount:
                reasons = [MatchReason.NUMBER] if number else []
                reasons += [MatchReason.TOGETHER, *([name] if name is not None else [])]
                found.append(Candidate(tuple(some), tuple(reasons), confidence_of(reasons)))
                break
    return found


_PAYS = Words(
    "¥{amount} 记入订单 {order}，正好付清", "CNY {amount} count for order {order}, which is then paid in full"
)
_UNDER = Words(
    "¥{amount} 记入订单 {order}，还欠 ¥{rest}",
    "CNY {amount} count for order {order}, and CNY {rest} stay open",
)
_OVER = Words(
    "¥{amount} 记入订单 {order}，多付 ¥{rest}，由您再决定退款、转预存或转到别的订单",
    "CNY {amount} count for order {order}, CNY {rest} too much: you then decide to refund, credit or move it",
)


def what_follows(amount: Decimal, order: OpenOrder) -> Words:
    """What confirming does, in one line."""
    rest = order.open_balance - amount
    words = _PAYS if rest == ZERO else _UNDER if rest > ZERO else _OVER
    return words.filled(amount=f"{amount:,.2f}", order=order.number, rest=f"{abs(rest):,.2f}")
