"""What pages show of intents: one as who pays sees it, and finance's list with search (R123)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection, Engine, RowMapping, Select, exists, func, or_, select, update

from activities.shop.intent_store import checkout_of, hold, row_of
from activities.shop.intents import current_intent, open_next
from activities.store.database import reading, writing
from activities.store.faults import each_read
from models.shop.checkout_money import IntentState, RefundState
from models.shop.reconciliation import DifferenceKind
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.vocabulary import Term, Words

MOST_SHOWN = 100
ASK_EVERY = timedelta(seconds=5)
"""How often a provider is asked at most by whoever looks at the page of an intent."""
_NO_INTENT = Words("没有付款单 {number}", "there is no payment {number}")


class IntentsShown(Term):
    """Which intents finance looks at."""

    ALL = "all", "全部", "all"
    OPEN = "open", "待付款", "to be paid"
    PAID = "paid", "已付清", "paid"
    CLOSED = "closed", "已关闭", "closed"
    REFUNDED = "refunded", "已退回", "paid back"
    PART = "part", "少付或多付", "short or over"


@dataclass(frozen=True, slots=True)
class ShownIntent:
    """An intent as it stands. Amounts in CNY."""

    number: str
    checkout: str
    state: IntentState
    total: Decimal
    told: Decimal
    """What of it the orders got."""
    back: Decimal
    """What went back, or goes."""
    orders: tuple[tuple[str, Decimal], ...]
    provider: str
    pay_at: str
    opened_at: datetime
    current: str
    """The latest intent of its checkout: itself, or the one that took its place."""
    payable_again: bool
    """It is closed, and something of its orders is still to be paid."""


@dataclass(frozen=True, slots=True)
class ShownRefund:
    """A refund that failed."""

    provider: str
    refund: str
    intent: str
    order: str
    amount: Decimal
    problem: str
    goes_by_itself: bool


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """What a statement and our books say differently."""

    provider: str
    day: date
    subject: str
    kind: DifferenceKind
    ours: Decimal | None
    theirs: Decimal | None
    intent: str


def shown_intent(engine: Engine, number: str) -> ShownIntent:
    """One intent. Raises Refusal(unknown_order) where there is none of this number."""
    with reading(engine) as connection:
        row = row_of(connection, number)
        if row is None:
            raise Refusal(
                Code.UNKNOWN_ORDER, _NO_INTENT.filled(number=number[:40]), where="intent", rule="R123"
            )
        return _shown(connection, row)


def _shown(connection: Connection, row: RowMapping) -> ShownIntent:
    known = checkout_of(connection, row["checkout"])
    intent = known.intent(row["number"])
    own = [each for each in known.payments if each.intent == intent.number]
    told = sum((share.amount for each in own for share in each.shares), ZERO)
    back = sum((known.back(each.payment, each.provider) for each in own), ZERO)
    left = any(not each.withdrawn and known.missing(each.order) > ZERO for each in intent.allocations)
    current = known.intents[-1].number
    return ShownIntent(
        intent.number, intent.checkout, intent.state, intent.total, told, back,
        tuple((each.order, each.amount) for each in intent.allocations), intent.provider, row["pay_at"],
        row["opened_at"], current,
        payable_again=intent.state is IntentState.CLOSED and current == intent.number and left,
    )  # fmt: skip


def begin_at(engine: Engine, number: str, provider: str, now: datetime) -> str:
    """Note at which provider an intent is being made, before it is: whoever closes it asks there. The provider's name.

    One that was begun elsewhere stays there; empty where it is not open any more.
    """
    intents = table("intents")
    with writing(engine) as connection:
        hold(connection, number)
        connection.execute(
            update(intents)
            .where(
                intents.c.number == number,
                intents.c.provider == "",
                intents.c.state == IntentState.OPEN.value,
            )
            .values(provider=provider, asked_at=now)
        )
        row = row_of(connection, number)
        return str(row["provider"]) if row is not None and row["state"] == IntentState.OPEN.value else ""


def keep_address(engine: Engine, number: str, address: str) -> None:
    """Note where an intent is paid."""
    intents = table("intents")
    with writing(engine) as connection:
        connection.execute(update(intents).where(intents.c.number == number).values(pay_at=address))


def may_ask(engine: Engine, number: str, now: datetime) -> bool:
    """Whether the provider may be asked now about this intent; who is told so asks, and nobody else for a while."""
    intents = table("intents")
    old = or_(intents.c.asked_at.is_(None), intents.c.asked_at <= now - ASK_EVERY)
    with writing(engine) as connection:
        done = connection.execute(
            update(intents)
            .where(intents.c.number == number, intents.c.provider != "", old)
            .values(asked_at=now)
        )
        return bool(done.rowcount)


def pay_anew(engine: Engine, number: str, now: datetime) -> str:
    """The intent that takes the place of a closed one whose orders may still be paid; the latest one where none may.

    Raises Refusal(unknown_order) where there is none of this number.
    """
    checkout = shown_intent(engine, number).checkout
    with writing(engine) as connection:
        hold(connection, number)
        return open_next(connection, checkout, now) or current_intent(connection, checkout)


# --- for finance -------------------------------------------------------------------------------------------------------


def find_intents(engine: Engine, text: str, shown: IntentsShown) -> tuple[list[ShownIntent], int]:
    """The newest that fit, and how many do: by number, checkout, order or the provider's id of a payment or refund."""
    intents = table("intents")
    query = _found(text.strip(), shown)
    with reading(engine) as connection:
        total = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
        rows = connection.execute(
            query.order_by(intents.c.opened_at.desc(), intents.c.number).limit(MOST_SHOWN)
        ).mappings()
        return each_read(rows.all(), lambda row: _shown(connection, row), "an intent"), total


def _found(text: str, shown: IntentsShown) -> Select[tuple[object, ...]]:
    intents, allocations = table("intents"), table("intent_allocations")
    payments, refunds = table("intent_payments"), table("intent_refunds")
    query = select(intents)
    if shown is IntentsShown.PART:
        odd = exists().where(
            payments.c.intent == intents.c.number, payments.c.meaning.in_(["paid_short", "paid_over"])
        )
        query = query.where(odd)
    elif shown is not IntentsShown.ALL:
        query = query.where(intents.c.state == shown.value)
    if text:
        query = query.where(
            or_(
                intents.c.number == text,
                intents.c.checkout == text,
                exists().where(allocations.c.intent == intents.c.number, allocations.c.order_number == text),
                exists().where(payments.c.intent == intents.c.number, payments.c.payment == text),
                exists().where(
                    refunds.c.intent == intents.c.number,
                    or_(refunds.c.refund == text, refunds.c.reference == text),
                ),
            )
        )
    return query


def failed_refunds(engine: Engine) -> list[ShownRefund]:
    """Refunds that a provider did not do, the oldest first."""
    refunds = table("intent_refunds")
    query = (
        select(refunds)
        .where(refunds.c.state == RefundState.FAILED.value)
        .order_by(refunds.c.wanted_at)
        .limit(MOST_SHOWN)
    )
    with reading(engine) as connection:
        return [
            ShownRefund(
                row.provider, row.refund, row.intent, row.order_number, row.amount, row.problem, not row.asked_by
            )
            for row in connection.execute(query)
        ]  # fmt: skip


def standing_differences(engine: Engine) -> list[ShownDifference]:
    """What statements and our books say differently, the newest day first."""
    kept = table("provider_differences")
    query = (
        select(kept)
        .where(kept.c.gone_at.is_(None))
        .order_by(kept.c.day.desc(), kept.c.provider, kept.c.subject)
        .limit(MOST_SHOWN)
    )
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return each_read(
        rows,
        lambda row: ShownDifference(
            row.provider, row.day, row.subject, DifferenceKind(row.kind), row.ours, row.theirs, row.intent
        ),
        "a difference",
    )
