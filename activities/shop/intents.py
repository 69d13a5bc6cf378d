"""Intents opened for checkouts, and what providers tell of them: each event once, in one transaction with what follows (R123)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Connection, Engine, RowMapping, func, select, update

from activities.shop.asked_of_finance import ask_what_is_meant, is_answered, tell_of_changed, tell_of_unplaced
from activities.shop.intent_store import (
    checkout_of,
    hold,
    intent_number,
    keep_payment,
    keep_state,
    row_of,
)
from activities.shop.refunds_kept import keep_refund_event, want_back
from activities.store.database import writing
from activities.store.upsert import insert_into
from models.shop.checkout_money import IntentState, ProviderEvent, ProviderSays
from models.shop.intents import Change, Effect, change_of
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.fingerprint import digest_of_model, lasting
from models.values.money import ZERO
from models.values.vocabulary import Term, Words

_NOTHING = Words("没有要付的款", "there is nothing to pay")
_OTHER = Words(
    "结算单 {checkout} 已有待付款 ¥{known}，现要 ¥{asked}",
    "checkout {checkout} has an open intent of CNY {known} already, not CNY {asked}",
)


class Taken(Term):
    """What became of an event."""

    APPLIED = "applied", "已处理", "done"
    KNOWN = "known", "已收过", "taken before"
    EARLY = "early", "待付款单未建，先存", "kept until its intent is there"
    CHANGED = "changed", "同一编号内容不同，未采纳", "another content under a known id; not taken"


# --- opening ---------------------------------------------------------------------------------------------------------


def open_intent(
    connection: Connection, checkout: str, allocations: Mapping[str, Decimal], now: datetime | None = None
) -> str:
    """Open the one intent of a checkout over its orders, in the caller's transaction; its number.

    The same checkout again is the intent that is there, whatever became of it. What a provider told of it before it was
    there is done now. Orders to which nothing is allocated are left out. Raises Refusal (malformed: nothing to pay;
    request_conflict: an intent of other amounts is there).
    """
    at = now or datetime.now(UTC)
    asked = {order: amount for order, amount in allocations.items() if amount != ZERO}
    if not asked or min(asked.values()) < ZERO:
        raise Refusal(Code.MALFORMED, _NOTHING, where=checkout, rule="R123")
    number = intent_number(checkout, 1)
    hold(connection, number)
    known = _first_of(connection, checkout)
    if known is None:
        _enter(connection, checkout, 1, asked, at)
        return number
    allocated = {each.order: each.amount for each in checkout_of(connection, checkout).intents[0].allocations}
    if allocated != asked:
        words = _OTHER.filled(checkout=checkout, known=sum(allocated.values()), asked=sum(asked.values()))
        raise Refusal(Code.REQUEST_CONFLICT, words, where=checkout, rule="R123")
    return current_intent(connection, checkout)


def _first_of(connection: Connection, checkout: str) -> RowMapping | None:
    intents = table("intents")
    query = select(intents).where(intents.c.checkout == checkout).order_by(intents.c.turn).limit(1)
    return connection.execute(query).mappings().one_or_none()


def current_intent(connection: Connection, checkout: str) -> str:
    """The number of the latest intent of a checkout. Raises NoResultFound where it has none."""
    intents = table("intents")
    query = select(intents.c.number).where(intents.c.checkout == checkout).order_by(intents.c.turn.desc())
    return str(connection.execute(query.limit(1)).scalar_one())


def open_next(connection: Connection, checkout: str, now: datetime) -> str | None:
    """The next intent of a checkout, over what its orders still miss that are to be paid; None where nothing is.

    The one before is closed: one is open at a time.
    """
    known = checkout_of(connection, checkout)
    last = known.intents[-1]
    if last.state is IntentState.OPEN:
        return last.number
    wanted = {
        each.order: known.missing(each.order) for each in last.allocations if not each.withdrawn
    }  # fmt: skip
    asked = {order: amount for order, amount in wanted.items() if amount > ZERO}
    return _enter(connection, checkout, len(known.intents) + 1, asked, now) if asked else None


def _enter(
    connection: Connection, checkout: str, turn: int, asked: Mapping[str, Decimal], now: datetime
) -> str:
    number = intent_number(checkout, turn)
    connection.execute(
        table("intents").insert().values(
            number=number, checkout=checkout, turn=turn, total=sum(asked.values(), ZERO),
            state=IntentState.OPEN.value, opened_at=now, changed_at=now, provider="", pay_at="",
        )
    )  # fmt: skip
    for place, (order, amount) in enumerate(asked.items()):
        connection.execute(
            table("intent_allocations").insert().values(
                intent=number, order_number=order, place=place, amount=amount
            )
        )  # fmt: skip
    _apply_early(connection, number, now)
    return number


# --- what providers tell ---------------------------------------------------------------------------------------------


def take_event(engine: Engine, event: ProviderEvent, now: datetime) -> Taken:
    """Take one event, whole or not at all: told again it changes nothing. Raises the refusals of `database.writing`."""
    with writing(engine) as connection:
        return take_in(connection, event, now)


def take_in(connection: Connection, event: ProviderEvent, now: datetime) -> Taken:
    """`take_event` in the caller's transaction."""
    hold(connection, event.intent)
    digest = digest_of_model(event)
    events = table("provider_events")
    values = {
        "provider": event.provider, "event": event.event, "digest": digest, "says": event.says.value,
        "intent": event.intent, "state": Taken.APPLIED.value, "meaning": "", "content": lasting(event), "received_at": now,
    }  # fmt: skip
    new = insert_into(connection, events).values(values).on_conflict_do_nothing().returning(events.c.event)
    if connection.scalar(new) is None:
        return _told_again(connection, event, digest, now)
    row = row_of(connection, event.intent)
    if row is not None:
        _apply(connection, row["checkout"], event, now)
        return Taken.APPLIED
    _mark(connection, event, state=Taken.EARLY.value)
    if event.says in (ProviderSays.PAID, ProviderSays.REFUNDED):
        tell_of_unplaced(connection, event, now)
    return Taken.EARLY


def _told_again(connection: Connection, event: ProviderEvent, digest: str, now: datetime) -> Taken:
    events = table("provider_events")
    of_it = (events.c.provider == event.provider) & (events.c.event == event.event)
    if connection.scalar(select(events.c.digest).where(of_it)) == digest:
        return Taken.KNOWN
    tell_of_changed(connection, event, now)
    return Taken.CHANGED


def _apply(connection: Connection, checkout: str, event: ProviderEvent, now: datetime) -> Change:
    """What the table says of this event, done: the state, the orders' facts, what goes back, what finance is asked."""
    known = checkout_of(connection, checkout)
    change = change_of(known, event)
    _mark(connection, event, state=Taken.APPLIED.value, meaning=change.meaning.value)
    if change.state is not known.intent(event.intent).state:
        keep_state(connection, event.intent, change.state, now)
    if event.says is ProviderSays.PAID and known.payment(event.payment, event.provider) is None:
        keep_payment(connection, event, change.meaning.value, change.shares, now)
    if event.says in (ProviderSays.REFUNDED, ProviderSays.REFUND_FAILED):
        keep_refund_event(connection, event, change.meaning, now)
    if change.pay_back > ZERO:
        want_back(connection, event, change.pay_back, now)
    if Effect.ASK_FINANCE in change.effects:
        ask_what_is_meant(connection, event, change.meaning, known.intent(event.intent).total, now)
    if Effect.ANSWERED in change.effects:
        is_answered(connection, event, now)
    return change


def _mark(connection: Connection, event: ProviderEvent, **values: str) -> None:
    events = table("provider_events")
    of_it = (events.c.provider == event.provider) & (events.c.event == event.event)
    connection.execute(update(events).where(of_it).values(**values))


def _apply_early(connection: Connection, number: str, now: datetime) -> None:
    """What was told of this intent before it was there, in the order in which it happened."""
    events = table("provider_events")
    query = (
        select(events.c.content)
        .where(events.c.intent == number, events.c.state == Taken.EARLY.value)
        .order_by(events.c.received_at, events.c.event)
    )
    told = [ProviderEvent.model_validate(content) for content in connection.scalars(query).all()]
    checkout = connection.scalar(
        select(table("intents").c.checkout).where(table("intents").c.number == number)
    )
    for event in told:
        _apply(connection, str(checkout), event, now)
        tell_of_unplaced(connection, event, now, placed=True)


def early_events(connection: Connection) -> int:
    """How many events wait for their intent."""
    events = table("provider_events")
    query = select(func.count()).select_from(events).where(events.c.state == Taken.EARLY.value)
    return connection.scalar(query) or 0
