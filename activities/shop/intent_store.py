"""Intents of a checkout in the order database: read whole under their lock, written row by row (R123)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, select, update

from activities.facts import pending_facts
from models.facts.fact_envelope import fact_envelope
from models.shop.checkout_money import (
    Allocation,
    Checkout,
    Intent,
    IntentState,
    Payment,
    ProviderEvent,
    Refund,
    RefundState,
)
from models.shop.shares import Share
from models.tables.registry import table
from models.values.money import as_text
from models.values.vocabulary import PaymentMethod, PaymentPurpose, Role
from models.writing.written_numbers import Manner

_FIGURES_OF_NAME = 24


def intent_number(checkout: str, turn: int) -> str:
    """The number of an intent: of one checkout and turn always the same, so that what a provider tells finds it again.

    At most 32 signs that every provider takes, and nothing of the checkout can be read in it.
    """
    return f"P{hashlib.sha256(checkout.encode()).hexdigest()[:_FIGURES_OF_NAME]}-{turn}"


def hold(connection: Connection, number: str) -> None:
    """Whoever decides about what is told of this intent waits for who does so now, also where there is no such intent yet.

    SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        # of all turns of a checkout alike
        name = number.rpartition("-")[0] or number
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def row_of(connection: Connection, number: str) -> RowMapping | None:
    """An intent's own row."""
    intents = table("intents")
    return connection.execute(select(intents).where(intents.c.number == number)).mappings().one_or_none()


def checkout_of(connection: Connection, checkout: str) -> Checkout:
    """All money of a checkout. Whoever changes it has called `hold` before."""
    intents, allocations = table("intents"), table("intent_allocations")
    payments, shares, refunds = table("intent_payments"), table("intent_shares"), table("intent_refunds")
    rows = connection.execute(
        select(intents).where(intents.c.checkout == checkout).order_by(intents.c.turn)
    ).mappings()
    own = {row["number"]: row for row in rows}
    asked: dict[str, list[Allocation]] = {number: [] for number in own}
    query = select(allocations).where(allocations.c.intent.in_(own)).order_by(allocations.c.place)
    for row in connection.execute(query):
        allocation = Allocation(row.order_number, row.amount, withdrawn=row.withdrawn_at is not None)
        asked[row.intent].append(allocation)
    had: dict[tuple[str, str], list[Share]] = {}
    query = (
        select(shares)
        .join(payments, (payments.c.provider == shares.c.provider) & (payments.c.payment == shares.c.payment))
        .where(payments.c.intent.in_(own))
        .order_by(shares.c.place)
    )
    for row in connection.execute(query):
        had.setdefault((row.provider, row.payment), []).append(Share(row.order_number, row.amount))
    paid = connection.execute(
        select(payments).where(payments.c.intent.in_(own)).order_by(payments.c.paid_at, payments.c.payment)
    )
    back = connection.execute(
        select(refunds).where(refunds.c.intent.in_(own)).order_by(refunds.c.wanted_at, refunds.c.refund)
    )
    return Checkout(
        tuple(
            Intent(number, checkout, tuple(asked[number]), IntentState(row["state"]), row["provider"])
            for number, row in own.items()
        ),
        tuple(
            Payment(
                row.payment, row.intent, row.amount, row.paid_at, tuple(had.get((row.provider, row.payment), ())),
                row.currency, row.provider,
            )
            for row in paid
        ),
        tuple(
            Refund(
                row.refund, row.payment, row.amount, row.order_number, RefundState(row.state), row.asked_here,
                row.provider,
            )
            for row in back
        ),
    )  # fmt: skip


def checkouts_with(connection: Connection, order: str) -> list[tuple[str, str]]:
    """Checkouts in which this order is to be paid: one, as a rule; each with the number of one of its intents."""
    intents, allocations = table("intents"), table("intent_allocations")
    query = (
        select(intents.c.checkout, func.min(intents.c.number))
        .join(allocations, allocations.c.intent == intents.c.number)
        .where(allocations.c.order_number == order)
        .group_by(intents.c.checkout)
        .order_by(intents.c.checkout)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def keep_state(connection: Connection, number: str, state: IntentState, now: datetime) -> None:
    """Write how an intent stands."""
    intents = table("intents")
    connection.execute(
        update(intents).where(intents.c.number == number).values(state=state.value, changed_at=now)
    )


def keep_payment(
    connection: Connection, event: ProviderEvent, meaning: str, shares: tuple[Share, ...], now: datetime
) -> None:
    """Write a payment and what of it is whose, and keep for each of these orders the fact that tells it, in this transaction."""
    of_it = {"provider": event.provider, "payment": event.payment}
    connection.execute(
        table("intent_payments").insert().values(
            **of_it, intent=event.intent, amount=event.amount, currency=event.currency, meaning=meaning,
            paid_at=event.at, received_at=now,
        )
    )  # fmt: skip
    for place, share in enumerate(shares):
        connection.execute(
            table("intent_shares").insert().values(
                **of_it, order_number=share.order, place=place, amount=share.amount
            )
        )  # fmt: skip
        tell_order(connection, event.provider, event.payment, share, place, event.at, now)


def tell_order(
    connection: Connection,
    provider: str,
    payment: str,
    share: Share,
    place: int,
    paid_at: datetime,
    now: datetime,
) -> None:
    """The order's own part, kept in the inbox until it is heard; the same one is the same fact, however often it is kept.

    A clock that runs ahead of ours does not make it be paid in the future.
    """
    at = min(paid_at, now)
    reference = f"{provider}:{payment}"
    content = {
        "amount": as_text(share.amount),
        "method": PaymentMethod.ONLINE.value,
        "purpose": PaymentPurpose.WHOLE.value,
        "reference": reference,
        "paid_at": at.isoformat(),
    }
    envelope = fact_envelope(
        f"{reference}:{share.order}", "payment_received", content, by="system", role=Role.SYSTEM, happened_at=at,
        manner=Manner.KEPT,
    )  # fmt: skip
    pending_facts.enter(connection, share.order, envelope, now, "")
