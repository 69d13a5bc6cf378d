"""A provider's statement of a day compared with our books: what it never told is booked, what differs is finance's (R123)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, Engine, select, update
from temporalio import activity

from activities.shop.asked_of_finance import statement_agrees, tell_of_difference
from activities.shop.intents import take_event
from activities.shop.providers.provider import PaymentProvider, StatementRow
from activities.store.database import reading, writing
from activities.store.faults import named_faults
from activities.store.upsert import upsert
from models.shop.checkout_money import ProviderEvent, ProviderSays, RefundState
from models.shop.reconciliation import (
    BookRow,
    Difference,
    DifferenceKind,
    StatementDone,
    StatementRun,
    differences,
    summed_up,
)
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.fingerprint import digest_of
from models.values.money import as_text

_log = logging.getLogger("dingdan.statements")
_DAY = timedelta(days=1)
_PASSING = OF_THE_WORLD | {Code.PROVIDER_UNAVAILABLE, Code.PROVIDER_REFUSES}


class Reconciling:
    """Compares the statements of all providers of one installation with one database."""

    def __init__(self, engine: Engine, providers: Callable[[], Sequence[PaymentProvider]]) -> None:
        self._engine = engine
        self._providers = providers

    # An exception thrown into the thread in the middle of a commit would leave the database locked.
    @activity.defn(name="reconcile_day", no_thread_cancel_exception=True)
    def reconcile_day(self, asked: StatementRun) -> StatementDone:
        """Every provider in its turn. Raises the Refusal of one that is away when the others are done: it is tried again."""
        count, trouble = 0, None
        for provider in self._providers():
            try:
                count += len(reconcile(self._engine, provider, asked.day, datetime.now(UTC)))
            except Refusal as refusal:
                _log.warning("%s %s: %s", provider.name, asked.day, refusal.words.en)
                trouble = trouble or refusal
        if trouble is not None:
            raise trouble
        return StatementDone(differences=count)


def reconcile(engine: Engine, provider: PaymentProvider, day: date, now: datetime) -> list[Difference]:
    """Book what the provider never told of this business day, then say what differs, and ask finance about it.

    A row that cannot be dealt with is a difference and stops no other. Done again it says what is so then.
    """
    theirs = provider.statement(day)
    late = _book_untold(engine, provider.name, theirs, now)
    with reading(engine) as connection:
        ours = _ours(connection, provider.name, day, theirs)
    found = differences(ours, [_as_book(row) for row in theirs])
    missing = [each for each in found if each.kind is DifferenceKind.NOT_THERE]
    if missing:
        around = [_as_book(row) for near in (day - _DAY, day + _DAY) for row in provider.statement(near)]
        elsewhere = {row.subject for row in around}
        found = [each for each in found if each not in missing or each.subject not in elsewhere]
    with writing(engine) as connection:
        _keep(connection, provider.name, day, found, late, now)
    return found


def _book_untold(
    engine: Engine, provider: str, theirs: Sequence[StatementRow], now: datetime
) -> list[Difference]:
    """Money that the provider has and never told of is taken as if it had."""
    with reading(engine) as connection:
        known = _known(connection, provider, theirs)
    booked: list[Difference] = []
    for row in theirs:
        book = _as_book(row)
        if book.subject in known:
            continue
        try:
            with named_faults(f"{provider} {book.subject}"):
                take_event(engine, _as_event(provider, row), now)
        except Refusal as refusal:
            if refusal.code in _PASSING:
                raise
            _log.warning("%s %s: %s", provider, book.subject, refusal.words.en)
        else:
            booked.append(
                Difference(book.subject, DifferenceKind.BOOKED_LATE, row.amount, row.amount, row.intent)
            )
    return booked


def _as_event(provider: str, row: StatementRow) -> ProviderEvent:
    says = ProviderSays.REFUNDED if row.refund else ProviderSays.PAID
    # another amount on a later statement is another event
    mark = digest_of([row.intent, as_text(row.amount), row.currency])[:8]
    return ProviderEvent(
        provider=provider, event=f"statement/{row.refund or row.payment}/{mark}", says=says, intent=row.intent,
        payment=row.payment, refund=row.refund, amount=row.amount, currency=row.currency, at=row.at,
    )  # fmt: skip


def _as_book(row: StatementRow) -> BookRow:
    return BookRow(row.payment, row.intent, row.amount, row.refund, row.currency)


def _known(connection: Connection, provider: str, theirs: Sequence[StatementRow]) -> set[str]:
    payments, refunds = table("intent_payments"), table("intent_refunds")
    paid = select(payments.c.payment).where(
        payments.c.provider == provider, payments.c.payment.in_([row.payment for row in theirs])
    )
    back = select(refunds.c.refund).where(
        refunds.c.provider == provider,
        refunds.c.refund.in_([row.refund for row in theirs if row.refund]),
        refunds.c.state == RefundState.DONE.value,
    )
    found = {f"payment/{payment}" for payment in connection.scalars(paid)}
    return found | {f"refund/{refund}" for refund in connection.scalars(back)}


def _ours(connection: Connection, provider: str, day: date, theirs: Sequence[StatementRow]) -> list[BookRow]:
    """Our payments and refunds of the day, and those of any day that the statement names."""
    first = datetime.combine(day, time(), BUSINESS_ZONE)
    payments, refunds = table("intent_payments"), table("intent_refunds")
    of_day = (payments.c.paid_at >= first) & (payments.c.paid_at < first + _DAY)
    named = payments.c.payment.in_([row.payment for row in theirs if not row.refund])
    rows = [
        BookRow(row.payment, row.intent, row.amount, currency=row.currency)
        for row in connection.execute(select(payments).where(payments.c.provider == provider, of_day | named))
    ]
    done = refunds.c.state == RefundState.DONE.value
    of_day = (refunds.c.done_at >= first) & (refunds.c.done_at < first + _DAY)
    named = refunds.c.refund.in_([row.refund for row in theirs if row.refund])
    rows += [
        BookRow(row.payment, row.intent, row.amount, row.refund)
        for row in connection.execute(
            select(refunds).where(refunds.c.provider == provider, done, of_day | named)
        )
    ]
    return rows


def _keep(
    connection: Connection,
    provider: str,
    day: date,
    found: Sequence[Difference],
    late: Sequence[Difference],
    now: datetime,
) -> None:
    """Write down what differs now; what differed before and does not any more is gone."""
    kept = table("provider_differences")
    of_day = (kept.c.provider == provider) & (kept.c.day == day)
    connection.execute(
        update(kept)
        .where(of_day, kept.c.gone_at.is_(None), kept.c.subject.not_in([each.subject for each in found]))
        .values(gone_at=now)
    )
    standing = {each.subject for each in found}
    for each in (*(one for one in late if one.subject not in standing), *found):
        values = {
            "kind": each.kind.value, "ours": each.ours, "theirs": each.theirs, "intent": each.intent, "found_at": now,
            "gone_at": now if each.kind is DifferenceKind.BOOKED_LATE else None,
        }  # fmt: skip
        upsert(connection, kept, {"provider": provider, "day": day, "subject": each.subject}, values)
    if found:
        said = summed_up(found)
        tell_of_difference(
            connection, provider, day.isoformat(), len(found), said["what_zh"], said["what_en"], now
        )
    else:
        statement_agrees(connection, provider, day.isoformat(), now)
