"""How old open balances are, in all and by customer 账龄: from the day from which their reminders count (R51, R54). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from models.values.money import ZERO
from models.values.vocabulary import Term


class Age(Term):
    """How long a balance has been asked for; the days are counted from the notice, on account from the due day."""

    NOT_YET = "not_yet", "未到期", "not due yet"
    TO_30 = "to_30", "30 天内", "up to 30 days"
    TO_60 = "to_60", "31–60 天", "31–60 days"
    TO_90 = "to_90", "61–90 天", "61–90 days"
    OLDER = "older", "90 天以上", "more than 90 days"


_NOTHING = dict.fromkeys(Age, ZERO)
_UP_TO = ((30, Age.TO_30), (60, Age.TO_60), (90, Age.TO_90))


def age_of(since: date | None, today: date) -> Age:
    """The age of a balance; `since` is None where nobody asks for it yet, and lies ahead where it is due later."""
    if since is None or since > today:
        return Age.NOT_YET
    days = (today - since).days
    return next((age for most, age in _UP_TO if days <= most), Age.OLDER)


@dataclass(frozen=True, slots=True)
class Owed:
    """What an order still owes, and since when it is asked for."""

    order: str
    customer: str
    customer_name: str
    amount: Decimal
    since: date | None = None
    orders: int = 1
    """How many orders that is together, where nobody asks for them yet."""


@dataclass(slots=True)
class Aged:
    """Balances by age: of one customer, or of all."""

    customer: str = ""
    customer_name: str = ""
    orders: int = 0
    amounts: dict[Age, Decimal] = field(default_factory=lambda: dict(_NOTHING))
    total: Decimal = ZERO
    """All of it, CNY."""

    @property
    def due(self) -> Decimal:
        """What is asked for."""
        return self.total - self.amounts[Age.NOT_YET]

    def add(self, owed: Owed, age: Age) -> None:
        """One more order, which is as old."""
        self.orders += owed.orders
        self.amounts[age] += owed.amount
        self.total += owed.amount


def aged(balances: Iterable[Owed], today: date) -> tuple[Aged, list[Aged]]:
    """All balances by age, and those of each customer, who owes most of what is due first."""
    everything = Aged()
    of_customer: dict[str, Aged] = {}
    ages: dict[date | None, Age] = {}  # thousands of balances have a few days between them
    for owed in balances:
        age = ages.get(owed.since) or ages.setdefault(owed.since, age_of(owed.since, today))
        everything.add(owed, age)
        customer = of_customer.get(owed.customer)
        if customer is None:
            customer = of_customer[owed.customer] = Aged(owed.customer, owed.customer_name)
        customer.add(owed, age)
    return everything, sorted(of_customer.values(), key=lambda each: (-each.due, -each.total, each.customer))
