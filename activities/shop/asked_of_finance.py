"""What finance is asked about money of providers, as steps of the desk (R123)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from activities.facts.desk_steps import close_step, open_step
from models.reports.desk_steps import DeskStep, DeskStepKind, desk_step, step_key
from models.shop.checkout_money import ProviderEvent
from models.shop.intents import Meaning
from models.values.money import as_text
from models.values.vocabulary import Role

_RULE = "R123"


def tell_of_unplaced(
    connection: Connection, event: ProviderEvent, now: datetime, *, placed: bool = False
) -> None:
    """A provider has money, or paid some back, for an intent that nobody knows; `placed`: it is known by now."""
    subject = f"{event.provider}/{event.event}"
    if placed:
        key = step_key(DeskStepKind.PAYMENT_UNPLACED, subject)
        close_step(connection, key, now, by="system", resolution=event.intent)
        return
    open_step(connection, _step(DeskStepKind.PAYMENT_UNPLACED, subject, event, now))


def tell_of_changed(connection: Connection, event: ProviderEvent, now: datetime) -> None:
    """A provider told another thing under an id that it had used: it was not taken."""
    step = _step(DeskStepKind.PAYMENT_CHANGED, f"{event.provider}/{event.event}", event, now)
    open_step(connection, step)


def ask_what_is_meant(
    connection: Connection, event: ProviderEvent, meaning: Meaning, total: Decimal, now: datetime
) -> None:
    """What came is not what was asked for: it is booked as it is, and finance looks at it."""
    if meaning in (Meaning.PAID_SHORT, Meaning.PAID_OVER):
        subject = event.intent
    else:
        subject = f"{event.intent}/{meaning.value}/{event.payment or event.refund}"
    step = _step(
        DeskStepKind.PAYMENT_DIFFERS, subject, event, now, meaning_zh=meaning.zh, meaning_en=meaning.en,
        total=as_text(total),
    )  # fmt: skip
    open_step(connection, step)


def is_answered(connection: Connection, event: ProviderEvent, now: datetime) -> None:
    """What was missing came: nothing is to be asked about the sum any more."""
    key = step_key(DeskStepKind.PAYMENT_DIFFERS, event.intent)
    close_step(connection, key, now, by="system", resolution=event.payment)


def tell_of_failed_refund(
    connection: Connection, provider: str, refund: str, amount: Decimal, intent: str, why: str, now: datetime
) -> None:
    """Money that should have gone back by itself is still here."""
    step = desk_step(
        DeskStepKind.REFUND_FAILED, f"{provider}/{refund}", now, rule=_RULE, roles=(Role.FINANCE,), provider=provider,
        refund=refund, amount=as_text(amount), intent=intent, reason=why,
    )  # fmt: skip
    open_step(connection, step)


def refund_went_after_all(connection: Connection, provider: str, refund: str, now: datetime) -> None:
    """The provider paid it back."""
    key = step_key(DeskStepKind.REFUND_FAILED, f"{provider}/{refund}")
    close_step(connection, key, now, by="system", resolution="done")


def tell_of_difference(
    connection: Connection, provider: str, day: str, count: int, what_zh: str, what_en: str, now: datetime
) -> None:
    """A provider's statement and our books do not say the same of a day."""
    step = desk_step(
        DeskStepKind.STATEMENT_DIFFERS, f"{provider}/{day}", now, rule=_RULE, roles=(Role.FINANCE,), provider=provider,
        day=day, count=str(count), what_zh=what_zh, what_en=what_en,
    )  # fmt: skip
    open_step(connection, step)


def statement_agrees(connection: Connection, provider: str, day: str, now: datetime) -> None:
    """They say the same by now."""
    key = step_key(DeskStepKind.STATEMENT_DIFFERS, f"{provider}/{day}")
    close_step(connection, key, now, by="system", resolution="agrees")


def _step(kind: DeskStepKind, subject: str, event: ProviderEvent, now: datetime, **about: str) -> DeskStep:
    return desk_step(
        kind, subject, now, rule=_RULE, roles=(Role.FINANCE,), provider=event.provider, event=event.event,
        intent=event.intent, payment=event.payment or event.refund or "-", amount=as_text(event.amount),
        currency=event.currency, says_zh=event.says.zh, says_en=event.says.en, **about,
    )  # fmt: skip
