"""Refunds asked for at providers: those that orders want by their errands, and those that go back by themselves (R123)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection, Engine, RowMapping, select, update

from activities.shop.asked_of_finance import refund_went_after_all, tell_of_failed_refund
from activities.shop.intent_store import checkout_of, hold, keep_state, row_of
from activities.shop.providers.provider import PaymentProvider, RefundAsked, RefundThere, not_there
from activities.shop.refunds_kept import tell_of_late_refund
from activities.store.database import reading, writing
from activities.store.faults import named_faults
from models.shop.checkout_money import ProviderEvent, ProviderSays, RefundState
from models.shop.intents import TABLE, Meaning, meaning_of
from models.tables.registry import table
from models.values.errors import OF_THE_WORLD, Code, Refusal

_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=10)
_AT_ONCE = 20
_TO_DO = (RefundState.WANTED.value, RefundState.ASKED.value)
_log = logging.getLogger("dingdan.refunds")


@dataclass(frozen=True, slots=True)
class KeptRefund:
    """A refund as it is kept; `paid` is what its payment came to."""

    provider: str
    refund: str
    payment: str
    intent: str
    order: str
    amount: Decimal
    paid: Decimal
    reason: str
    state: RefundState
    reference: str
    problem: str
    tries: int
    asked_by: str


def refunds_asked_by(engine: Engine, order: str, key: str) -> list[KeptRefund]:
    """What was kept for what an order wants back under this key."""
    refunds = table("intent_refunds")
    with reading(engine) as connection:
        return _kept(connection, refunds.c.order_number == order, refunds.c.asked_by == key)


def _kept(connection: Connection, *conditions: object, most: int | None = None) -> list[KeptRefund]:
    refunds, payments = table("intent_refunds"), table("intent_payments")
    query = (
        select(refunds, payments.c.amount.label("paid"))
        .join(
            payments,
            (payments.c.provider == refunds.c.provider) & (payments.c.payment == refunds.c.payment),
        )
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(refunds.c.wanted_at, refunds.c.refund)
        .limit(most)
    )
    return [_read(row) for row in connection.execute(query).mappings()]


def _read(row: RowMapping) -> KeptRefund:
    return KeptRefund(
        row["provider"], row["refund"], row["payment"], row["intent"], row["order_number"], row["amount"], row["paid"],
        row["reason"], RefundState(row["state"]), row["reference"], row["problem"], row["tries"], row["asked_by"],
    )  # fmt: skip


def ask_back(engine: Engine, provider: PaymentProvider, kept: KeptRefund, told_at: str) -> RefundThere:
    """Ask the provider to pay it back, unless it has done so, and keep what it says.

    Raises Refusal while the provider is away (provider_unavailable): nothing is known then, and it is asked again.
    """
    if kept.state in (RefundState.DONE, RefundState.FAILED):
        return RefundThere(kept.state, kept.reference, kept.problem)
    asked = RefundAsked(kept.refund, kept.intent, kept.payment, kept.amount, kept.paid, kept.reason, told_at)
    try:
        found = provider.refund(asked)
    except Refusal as refusal:
        if refusal.code is not Code.PROVIDER_REFUSES:
            raise
        found = RefundThere(RefundState.FAILED, "", refusal.words.en)
    keep_answer(engine, kept, found, datetime.now(UTC))
    return found


def keep_answer(engine: Engine, kept: KeptRefund, found: RefundThere, now: datetime) -> None:
    """How it stands now; the intent's own state follows by the table, as if the provider had told it."""
    refunds, own = table("intent_refunds"), {"reference": found.reference, "problem": found.problem}
    of_it = (refunds.c.provider == kept.provider) & (refunds.c.refund == kept.refund)
    with writing(engine) as connection:
        hold(connection, kept.intent)
        if found.state is RefundState.ASKED:
            connection.execute(
                update(refunds)
                .where(of_it, refunds.c.state.in_(_TO_DO))
                .values(state=found.state.value, **own)
            )
            return
        says = ProviderSays.REFUNDED if found.state is RefundState.DONE else ProviderSays.REFUND_FAILED
        event = ProviderEvent(
            provider=kept.provider, event=f"answer/{kept.refund}", says=says, intent=kept.intent, payment=kept.payment,
            refund=kept.refund, amount=kept.amount, at=now,
        )  # fmt: skip
        row = row_of(connection, kept.intent)
        checkout = checkout_of(connection, str(row["checkout"]) if row else "")
        meaning = meaning_of(checkout, event)
        if meaning is Meaning.BACK_KNOWN:
            connection.execute(update(refunds).where(of_it).values(**own))
            return
        done = now if found.state is RefundState.DONE else None
        connection.execute(update(refunds).where(of_it).values(state=found.state.value, done_at=done, **own))
        keep_state(connection, kept.intent, TABLE[checkout.intent(kept.intent).state, meaning].state, now)
        if found.state is RefundState.FAILED and not kept.asked_by:
            tell_of_failed_refund(
                connection, kept.provider, kept.refund, kept.amount, kept.intent, found.problem or "-", now
            )
        elif found.state is RefundState.DONE:
            refund_went_after_all(connection, kept.provider, kept.refund, now)
            if kept.order and not kept.asked_by:
                tell_of_late_refund(connection, kept.order, kept.refund, kept.amount, now)


def pay_back_due(
    engine: Engine,
    providers: Callable[[str], PaymentProvider | None],
    told_at: Callable[[str], str],
    now: datetime,
) -> int:
    """Ask for what goes back by itself and is due; how many of them are done.

    One that cannot be done stops no other: it waits longer each time. Those that orders want are asked for by their errands.
    """
    refunds = table("intent_refunds")
    with reading(engine) as connection:
        due = _kept(
            connection, refunds.c.state.in_(_TO_DO), refunds.c.asked_by == "", refunds.c.asked_here.is_(True),
            refunds.c.try_after <= now, most=_AT_ONCE,
        )  # fmt: skip
    count = 0
    for each in due:
        provider = providers(each.provider)
        try:
            if provider is None:
                raise not_there(each.provider)
            with named_faults(f"refund {each.refund}"):
                count += ask_back(engine, provider, each, told_at(each.provider)).state is RefundState.DONE
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD - {Code.NOT_SET_UP}:
                raise
            _log.warning("%s: %s", each.refund, refusal.words.en)
        _wait_longer(engine, each, now)
    return count


def _wait_longer(engine: Engine, kept: KeptRefund, now: datetime) -> None:
    refunds = table("intent_refunds")
    wait = min(_FIRST_WAIT * 2 ** min(kept.tries, 10), _LONGEST_WAIT)
    of_it = (refunds.c.provider == kept.provider) & (refunds.c.refund == kept.refund)
    with writing(engine) as connection:
        connection.execute(update(refunds).where(of_it).values(tries=kept.tries + 1, try_after=now + wait))


def want_again(engine: Engine, provider: str, refund: str, now: datetime) -> bool:
    """Finance says that a refund which failed is to be tried once more, under the same key; whether there is such a one."""
    refunds = table("intent_refunds")
    of_it = (refunds.c.provider == provider) & (refunds.c.refund == refund)
    failed = (refunds.c.state == RefundState.FAILED.value) & (refunds.c.asked_by == "")
    with writing(engine) as connection:
        changed = connection.execute(
            update(refunds)
            .where(of_it, failed)
            .values(state=RefundState.WANTED.value, try_after=now, tries=0)
        )
        return bool(changed.rowcount)
