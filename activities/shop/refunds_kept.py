"""Refunds as they are kept: wanted, asked for, done, failed (R123)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, select, update

from activities.store.upsert import insert_into
from models.shop.checkout_money import ProviderEvent, ProviderSays, Refund, RefundState
from models.shop.intents import Meaning
from models.tables.registry import table

PAID_AGAIN = "重复付款 · paid more than once"
_UNASKED = (Meaning.ALL_BACK_UNASKED, Meaning.PART_BACK_UNASKED, Meaning.BACK_EARLY)


def want_back(connection: Connection, event: ProviderEvent, amount: Decimal, now: datetime) -> None:
    """Money that no order is to have goes back by itself: kept now, asked for at the provider as soon as that can be."""
    refund = Refund(f"{event.intent}-{_short(event.payment)}", event.payment, amount, provider=event.provider)
    keep_wanted(connection, event.intent, (refund,), "", PAID_AGAIN, now)


def _short(payment: str) -> str:
    # providers take refund numbers of letters, figures and hyphens, 64 signs at most
    return "".join(sign for sign in payment if sign.isascii() and (sign.isalnum() or sign in "-_"))[-30:]


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
