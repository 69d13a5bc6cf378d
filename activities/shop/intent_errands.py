"""What orders of the shop ask about their money: whether they were paid by now, and that money goes back (R39, R123).

A provider is never waited for while the order database is locked. One that is away is asked again by the engine, under the
same key; what it says is kept before it is acted on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

from sqlalchemy import Connection, Engine, update
from temporalio import activity

from activities.shop.intent_store import checkout_of, checkouts_with, hold, keep_state, row_of
from activities.shop.intents import open_next, take_event
from activities.shop.providers.provider import Closing, PaymentProvider, not_there
from activities.shop.refunding import ask_back, refunds_asked_by
from activities.shop.refunds_kept import keep_wanted
from activities.store.database import reading, writing
from models.dossier.errands import ErrandDone
from models.shop.checkout_money import Intent, IntentState, RefundState
from models.shop.intent_errands import (
    CLOSE_INTENT_ACTIVITY,
    REFUND_INTENT_ACTIVITY,
    IntentQuestion,
    RefundWanted,
)
from models.shop.intents import refunds_of
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.money import ZERO, as_text
from models.values.vocabulary import Words

Providers = Callable[[str], PaymentProvider | None]
"""The providers of this installation by their names."""
_NOT_FINAL = Words("退款 {refund} 支付方仍在处理", "refund {refund} is still at work at the provider")
_TOO_LITTLE = "支付方只有 {there} 可退 · only {there} of it came through a provider"


class IntentErrands:
    """Runs these errands with one database and the providers of one installation."""

    def __init__(self, engine: Engine, providers: Providers, told_at: Callable[[str], str]) -> None:
        """`told_at`: the address at which a provider of this name tells what becomes of things."""
        self._engine = engine
        self._providers = providers
        self._told_at = told_at

    # An exception thrown into the thread in the middle of a commit would leave the database locked.
    @activity.defn(name=CLOSE_INTENT_ACTIVITY, no_thread_cancel_exception=True)
    def close_intent(self, asked: IntentQuestion) -> ErrandDone:
        """R39: whether the order is paid by now; where not, it cannot be paid any more.

        Money that the provider has is kept for the order before this answers. Raises Refusal (provider_unavailable, those
        of the database): it is tried again.
        """
        with reading(self._engine) as connection:
            checkouts = checkouts_with(connection, asked.order)
        paid = False
        for checkout, number in checkouts:
            paid = self._closed(checkout, number, asked.order) or paid
        return ErrandDone(kind="intent_closed", content={"key": asked.key, "paid": paid})

    def _closed(self, checkout: str, number: str, order: str) -> bool:
        with reading(self._engine) as connection:
            known = checkout_of(connection, checkout)
        for intent in known.intents:
            # one that is closed here may have been paid while it was closed
            is_its = any(each.order == order for each in intent.allocations)
            if is_its and intent.state in (IntentState.OPEN, IntentState.CLOSED) and intent.provider:
                self._end_at_provider(intent)
        now = datetime.now(UTC)
        with writing(self._engine) as connection:
            hold(connection, number)
            known = checkout_of(connection, checkout)
            if known.is_covered(order):
                return True
            _withdraw(connection, [each.number for each in known.intents], order, now)
            for intent in known.intents:
                if intent.state is IntentState.OPEN and any(
                    each.order == order for each in intent.allocations
                ):
                    keep_state(connection, intent.number, IntentState.CLOSED, now)
            open_next(connection, checkout, now)
        return False

    def _end_at_provider(self, intent: Intent) -> None:
        """Ask first, and close what is not paid; whoever pays in that moment is heard all the same."""
        provider = self._provider(intent.provider)
        ask_provider(self._engine, provider, intent.number)
        if self._is_open(intent.number) and provider.close(intent.number) is Closing.PAID:
            ask_provider(self._engine, provider, intent.number)

    def _is_open(self, number: str) -> bool:
        with reading(self._engine) as connection:
            row = row_of(connection, number)
        return row is not None and row["state"] == IntentState.OPEN.value

    @activity.defn(name=REFUND_INTENT_ACTIVITY, no_thread_cancel_exception=True)
    def refund_intent(self, wanted: RefundWanted) -> ErrandDone:
        """R123: the order's money back the way it came, once by its key. What the provider does not do is answered paid=false.

        Raises Refusal while the provider is away, or has not made up its mind: it is tried again.
        """
        there = self._planned(wanted)
        problems, done = [], []
        if there < wanted.amount:
            problems.append(_TOO_LITTLE.format(there=as_text(there)))
        for each in refunds_asked_by(self._engine, wanted.order, wanted.key):
            found = ask_back(self._engine, self._provider(each.provider), each, self._told_at(each.provider))
            if found.state is RefundState.ASKED:
                words = _NOT_FINAL.filled(refund=each.refund)
                raise Refusal(Code.PROVIDER_UNAVAILABLE, words, where=each.provider, rule="R123")
            if found.state is RefundState.FAILED:
                problems.append(found.problem or each.refund)
            else:
                done.append(found.reference or each.refund)
        content = {
            "key": wanted.key,
            "paid": not problems,
            "reference": ", ".join(done)[:200],
            "reason": "; ".join(problems)[:1000],
        }
        return ErrandDone(kind="refund_answered", content=content)

    def _planned(self, wanted: RefundWanted) -> Decimal:
        """Keep from which payments it goes back, once for this key; how much of it there is."""
        now = datetime.now(UTC)
        known = refunds_asked_by(self._engine, wanted.order, wanted.key)
        if known:
            return sum((each.amount for each in known), ZERO)
        with reading(self._engine) as connection:
            checkouts = checkouts_with(connection, wanted.order)
        left = wanted.amount
        with writing(self._engine) as connection:
            for checkout, number in checkouts:
                hold(connection, number)
                money = checkout_of(connection, checkout)
                plan = refunds_of(money, wanted.order, left, _refund_name(wanted))
                for each in plan:
                    paid = money.payment(each.payment, each.provider)
                    intent = paid.intent if paid is not None else number
                    keep_wanted(connection, intent, (each,), wanted.key, wanted.reason, now)
                left -= sum((each.amount for each in plan), ZERO)
        return wanted.amount - left

    def _provider(self, name: str) -> PaymentProvider:
        found = self._providers(name)
        if found is None:
            raise not_there(name)
        return found


def _refund_name(wanted: RefundWanted) -> str:
    """What the provider is told as the refund's number: letters, figures and hyphens, of this order and key alone."""
    name = sha256(wanted.key.encode()).hexdigest()[:12]
    return f"R{''.join(sign for sign in wanted.order if sign.isascii() and (sign.isalnum() or sign == '-'))[:40]}-{name}"


def _withdraw(connection: Connection, numbers: list[str], order: str, now: datetime) -> None:
    allocations = table("intent_allocations")
    connection.execute(
        update(allocations)
        .where(
            allocations.c.intent.in_(numbers),
            allocations.c.order_number == order,
            allocations.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )


def ask_provider(engine: Engine, provider: PaymentProvider, intent: str) -> bool:
    """Have a provider say how an intent stands, and take what it says as if it had told it; whether it knows the intent.

    Raises Refusal (provider_unavailable, provider_refuses, those of the database).
    """
    now = datetime.now(UTC)
    there = provider.query(intent)
    for event in there.events:
        take_event(engine, event, now)
    intents = table("intents")
    with writing(engine) as connection:
        connection.execute(update(intents).where(intents.c.number == intent).values(asked_at=now))
    return there.known
