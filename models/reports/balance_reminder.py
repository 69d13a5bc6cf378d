"""Reminders of unpaid balances 余款催收 (R51, R54): when the next one is due, and what the letter says.

Pure: the job reads open balances from the order database and asks here; nothing is worked out from the clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from models.policy import ascending
from models.values.capital_figures import capital_figures
from models.values.content import Content, Name
from models.values.money import ZERO, Amount
from models.values.vocabulary import Role, Words


class ReminderLevel(Content):
    """One rung: how many days after the notice (on account: after the due day), in what words, and who is told."""

    day: int = Field(ge=0)
    zh: Name
    en: Name
    told: tuple[Role, ...] = Field(min_length=1)


_USUAL = (Role.CUSTOMER, Role.SALESPERSON)
LADDER = (
    ReminderLevel(day=3, zh="余款提醒", en="reminder", told=_USUAL),
    ReminderLevel(day=7, zh="余款催收（第二次）", en="second reminder", told=(*_USUAL, Role.FINANCE)),
    ReminderLevel(
        day=14,
        zh="余款催收（最后一次）",
        en="last reminder",
        told=(*_USUAL, Role.FINANCE, Role.SALES_SUPERVISOR),
    ),
)
"""Each level is more urgent and tells more people (levels: our choice)."""


def _ascending(levels: tuple[ReminderLevel, ...]) -> tuple[ReminderLevel, ...]:
    ascending(tuple(level.day for level in levels))
    return levels


class ReminderPolicy(Content):
    """The ladder of reminders."""

    levels: Annotated[
        tuple[ReminderLevel, ...], AfterValidator(_ascending), Field(min_length=1, max_length=9)
    ] = LADDER
    repeat_days: int = Field(default=7, ge=0, le=366)
    """After so many days the last level goes out once more, until it is paid (R51); 0: it does not."""

    def level_after(self, sent: int) -> ReminderLevel:
        """What follows so many reminders: the next rung, and the last one again and again."""
        return self.levels[min(sent, len(self.levels) - 1)]


class OpenBalance(BaseModel):
    """One unpaid balance. `since` is the day from which its ladder counts; `sent` the reminders that went out."""

    order: str
    customer: str
    customer_name: str
    salesperson: str
    amount: Amount
    since: date
    sent: int = 0
    sent_on: date | None = None
    paused_until: date | None = None
    """Exempted, or promised to be paid: nothing goes out up to this day."""
    promise_broken: bool = False
    on_account: bool = False
    """By contract, after the delivery (R54): nothing waits for it to ship."""
    still_on_its_way: bool = False
    """The letter of the level before was entered and has not left yet."""


class Letter(BaseModel):
    """One letter to one customer about all its open balances; `due` are those whose level is raised by it."""

    customer: str
    customer_name: str
    salesperson: str
    day: date
    number: int
    """Which rung of the ladder, from 1 on."""
    level: ReminderLevel
    balances: list[OpenBalance]
    due: list[str]

    @property
    def total(self) -> Decimal:
        """The sum of all balances in the letter, CNY."""
        return sum((each.amount for each in self.balances), ZERO)

    @property
    def words(self) -> Words:
        """The letter in one line, for lists and as the subject of a notice."""
        return Words(
            "{level}：{customer} 未付 {count} 单，共 ¥{total}",
            "{level}: {customer} owes {count} orders, CNY {total}",
        ).filled(
            level=Words(self.level.zh, self.level.en),
            customer=self.customer_name,
            count=len(self.balances),
            total=self.total,
        )

    def content(self) -> dict[str, Any]:
        """The letter as plain data for its template; `on_account` where no goods wait for any of it."""
        delivered = {"on_account": True} if all(each.on_account for each in self.balances) else {}
        return {
            **delivered,
            "number": self.balances[0].order,
            "made_at": self.day.isoformat(),
            "customer": self.customer_name,
            "salesperson": self.salesperson,
            "level": {"zh": self.level.zh, "en": self.level.en},
            "urgency": str(self.number),
            "total": {"figures": f"{self.total:,.2f}", "capitals": capital_figures(self.total)},
            "balances": [
                {
                    "order": each.order,
                    "since": each.since.isoformat(),
                    "amount": f"{each.amount:,.2f}",
                    "broken": each.promise_broken,
                }
                for each in self.balances
            ],
        }


def is_due(balance: OpenBalance, today: date, policy: ReminderPolicy) -> bool:
    """Whether the next level goes out today: its day has come, the one before went out earlier, nothing pauses it.

    The last level is repeated until it is paid (R51).
    """
    if balance.amount <= 0 or balance.still_on_its_way:
        return False
    if balance.paused_until is not None and today <= balance.paused_until:
        return False
    if balance.sent_on is not None and balance.sent_on >= today:
        return False
    if balance.sent >= len(policy.levels):
        before = balance.sent_on or balance.since
        return policy.repeat_days > 0 and (today - before).days >= policy.repeat_days
    return (today - balance.since).days >= policy.levels[balance.sent].day


def letters(balances: Iterable[OpenBalance], today: date, policy: ReminderPolicy) -> list[Letter]:
    """One letter for each customer with a balance that is due, listing all it owes; the highest level speaks."""
    of_customer: dict[str, list[OpenBalance]] = {}
    for balance in balances:
        if balance.amount > 0:
            of_customer.setdefault(balance.customer, []).append(balance)
    found = []
    for customer in sorted(of_customer):
        owed = sorted(of_customer[customer], key=lambda each: (each.since, each.order))
        due = [each for each in owed if is_due(each, today, policy)]
        if due:
            highest = max(each.sent for each in due)
            found.append(
                Letter(
                    customer=customer,
                    customer_name=owed[0].customer_name,
                    salesperson=due[0].salesperson,
                    day=today,
                    number=min(highest + 1, len(policy.levels)),
                    level=policy.level_after(highest),
                    balances=owed,
                    due=[each.order for each in due],
                )
            )
    return found
