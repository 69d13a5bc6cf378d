"""Refunds as they are kept: wanted, asked for, done, failed (R123)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, select, update

from activities.notices.outbox import enter_row
from activities.store.upsert import insert_into
from models.dossier.papers_due import Paper, as_said
from models.messages.envelope import Envelope
from models.shop.checkout_money import ProviderEvent, ProviderSays, Refund, RefundState
from models.shop.intents import Meaning
from models.tables.registry import table
from models.values.vocabulary import PaymentMethod, Role

PAID_AGAIN = "重复付款 · paid more than once"
PAID_TOO_LATE = "订单已终结后才付款 · paid after the order had ended"
_PAYMENT = "payment_received"
_MOST_SIGNS, _MARK = 30, 16
_UNASKED = (Meaning.ALL_BACK_UNASKED, Meaning.PART_BACK_UNASKED, Meaning.BACK_EARLY)


def want_back(connection: Connection, event: ProviderEvent, amount: Decimal, now: datetime) -> None:
    """Money that no order is to have goes back by itself: kept now, asked for at the provider as soon as that can be."""
    refund = Refund(f"{event.intent}-{_short(event.payment)}", event.payment, amount, provider=event.provider)
    keep_wanted(connection, event.intent, (refund,), "", PAID_AGAIN, now)


def want_back_late(connection: Connection, order: str, envelope: Envelope, now: datetime) -> bool:
    """R39: money of a provider for an order that has ended goes back by itself, to who paid it; whether this is such money.

    What a person tells, and money that no provider has, is none: somebody sees to that.
    """
    if envelope.kind != _PAYMENT or envelope.content.get("method") != PaymentMethod.ONLINE.value:
        return False
    provider, _, payment = str(envelope.content.get("reference", "")).partition(":")
    shares, payments = table("intent_shares"), table("intent_payments")
    of_it = (shares.c.provider == payments.c.provider) & (shares.c.payment == payments.c.payment)
    query = (
        select(payments.c.intent, shares.c.amount, shares.c.place)
        .join(shares, of_it)
        .where(payments.c.provider == provider, payments.c.payment == payment, shares.c.order_number == order)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return False
    key = f"{row.intent}-{_short(payment)}-L{row.place}"
    refund = Refund(key, payment, row.amount, order, provider=provider)
    keep_wanted(connection, row.intent, (refund,), "", PAID_TOO_LATE, now)
    return True


def tell_of_late_refund(
    connection: Connection, order: str, refund: str, amount: Decimal, now: datetime
) -> None:
    """The customer hears that money which came after their order's end went back."""
    enter_row(
        connection, order=order, identity=f"{Paper.REFUNDED.value}:{refund}", paper=Paper.REFUNDED, to=(Role.CUSTOMER,),
        words=as_said(Paper.REFUNDED, {"amount": amount, "reason": PAID_TOO_LATE}), rule="R39", created_at=now, content=None,
    )  # fmt: skip


def _short(payment: str) -> str:
    """A payment's id as part of a refund's number; another payment never has the same.

    Providers take refund numbers of letters, figures and hyphens, 64 signs at most. Their own ids are 28 figures.
    """
    plain = "".join(sign for sign in payment if sign.isascii() and (sign.isalnum() or sign in "-_"))
    if plain == payment and len(plain) <= _MOST_SIGNS:
        return plain
    mark = hashlib.sha256(payment.encode()).hexdigest()[:_MARK]
    return f"{plain[-(_MOST_SIGNS - _MARK - 1) :]}-{mark}"


def keep_wanted(
    connection: Connection,
    intent: str,
    refunds: Iterable[Refund],
    asked_by: str,
    reason: str,
    now: datetime,
) -> None:
    """Keep refunds that are to be asked for; one that is known stays as it is."""
    for each in refunds:
        values = {
            "provider": each.provider, "refund": each.key, "payment": each.payment, "intent": intent,
            "order_number": each.order, "asked_by": asked_by, "amount": each.amount, "reason": reason,
            "state": RefundState.WANTED.value, "asked_here": True, "reference": "", "problem": "",
            "wanted_at": now, "try_after": now, "tries": 0,
        }  # fmt: skip
        connection.execute(
            insert_into(connection, table("intent_refunds")).values(values).on_conflict_do_nothing()
        )


def keep_refund_event(connection: Connection, event: ProviderEvent, meaning: Meaning, now: datetime) -> None:
    """What a provider told of a refund: of ours how it stands; of one that nobody here asked for, that there is one."""
    refunds = table("intent_refunds")
    of_it = (refunds.c.provider == event.provider) & (refunds.c.refund == event.refund)
    if meaning is Meaning.BACK_KNOWN:
        return
    if event.says is ProviderSays.REFUND_FAILED:
        connection.execute(
            update(refunds).where(of_it).values(state=RefundState.FAILED.value, problem=meaning.en)
        )
        return
    if meaning in _UNASKED and connection.scalar(select(refunds.c.refund).where(of_it)) is None:
        refund = Refund(event.refund, event.payment, event.amount, provider=event.provider)
        keep_wanted(connection, event.intent, (refund,), "", meaning.zh, now)
        connection.execute(update(refunds).where(of_it).values(asked_here=False))
    connection.execute(update(refunds).where(of_it).values(state=RefundState.DONE.value, done_at=event.at))
