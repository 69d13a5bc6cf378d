"""Orders that wait in intake for their quote: which one for which, and what they hear of it (R104).

A quote becomes one order at most, and the order that waits for it is that one from the beginning: it stands in
`quoted_orders` until the quote has ended otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, delete, select, update

from activities.facts import pending_facts
from activities.store.database import writing
from activities.store.upsert import insert_into
from models.access import no_order
from models.dossier.journal import EntryKind, JournalEntry
from models.dossier.step_kinds import StepKind
from models.facts.fact_envelope import fact_envelope
from models.quotes.order_news import QuoteOpened, QuoteOver
from models.quotes.quote import QuoteEnding
from models.request.order_request import OrderRequest
from models.tables.registry import table
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner

_BY = "system"
_NONE = Words("没有客户 {customer} 的报价 {quote}", "there is no quote {quote} of the customer {customer}")
_DONE = Words(
    "报价 {quote} 已被接受或已结束，不能再等它",
    "the quote {quote} is accepted or has ended; no order can wait for it",
)
_TAKEN = Words("报价 {quote} 已属于订单 {order}", "the quote {quote} belongs to the order {order} already")
_NOT_WAITING = Words("订单 {order} 不在等报价", "the order {order} waits for no quote")
_HAS_ONE = Words("订单 {order} 已在等报价 {quote}", "the order {order} waits for the quote {quote} already")


def require_awaited(connection: Connection, request: OrderRequest) -> None:
    """Whether the quote that a new order names can be waited for. Its row is locked: it does not end meanwhile.

    Raises Refusal: contradiction (no such quote of this customer), too_late (accepted or ended), request_conflict.
    """
    awaited = request.awaits_quote
    if awaited is None or awaited.quote is None:
        return
    quote = awaited.quote
    cases, quotes = table("cases"), table("quotes")
    query = select(cases.c.number, cases.c.ended_at).where(
        cases.c.number == quote, cases.c.customer == request.customer
    )
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        words = _NONE.filled(customer=request.customer, quote=quote)
        raise Refusal(Code.CONTRADICTION, words, where="awaits_quote.quote", rule="R104")
    accepted = connection.scalar(select(quotes.c.accepted_version).where(quotes.c.case_number == quote))
    if row.ended_at is not None or accepted is not None:
        raise Refusal(Code.TOO_LATE, _DONE.filled(quote=quote), where="awaits_quote.quote", rule="R104")
    _require_nobodys(connection, quote, "awaits_quote.quote")


def _require_nobodys(connection: Connection, quote: str, where: str) -> None:
    made = table("quoted_orders")
    order = connection.scalar(select(made.c.order_number).where(made.c.quote_number == quote))
    if order is not None:
        raise Refusal(
            Code.REQUEST_CONFLICT, _TAKEN.filled(quote=quote, order=order), where=where, rule="R104"
        )


def require_waiting(connection: Connection, order: str, customer: str) -> None:
    """Whether a quote may be made for this order of this customer: it lives, waits, and has none.

    Raises Refusal: unknown_order, contradiction, request_conflict.
    """
    row = _waiting(connection, order)
    if row is None or row["customer"] != customer:
        raise no_order(order)
    made = table("quoted_orders")
    quote = connection.scalar(select(made.c.quote_number).where(made.c.order_number == order))
    if quote is not None:
        words = _HAS_ONE.filled(order=order, quote=quote)
        raise Refusal(Code.REQUEST_CONFLICT, words, where="for_order", rule="R104")
    asked = OrderRequest.model_validate(row["request"]).awaits_quote is not None
    if row["ended_at"] is not None or not asked or (row["sequence"] and not _has_step(connection, order)):
        raise Refusal(Code.CONTRADICTION, _NOT_WAITING.filled(order=order), where="for_order", rule="R104")


def _has_step(connection: Connection, order: str) -> bool:
    steps = table("open_steps")
    query = select(steps.c.key).where(
        steps.c.order_number == order, steps.c.kind == StepKind.OPEN_QUOTE.value, steps.c.closed_at.is_(None)
    )
    return connection.scalar(query) is not None


def _waiting(connection: Connection, order: str) -> RowMapping | None:
    orders, requests = table("orders"), table("requests")
    query = (
        select(
            orders.c.customer,
            orders.c.ended_at,
            orders.c.sequence,
            requests.c.start["request"].label("request"),
        )
        .join(requests, requests.c.number == orders.c.number)
        .where(orders.c.number == order)
    )
    return connection.execute(query.with_for_update(of=orders)).mappings().first()


def note_opened(connection: Connection, order: str, quote: str, now: datetime) -> None:
    """The quote was made for the order, which hears of it."""
    values = {"quote_number": quote, "order_number": order, "made_at": now}
    connection.execute(insert_into(connection, table("quoted_orders")).values(values))
    _tell(connection, order, f"{quote}/quote_opened", "quote_opened", QuoteOpened(quote=quote), now)


def note_renumbered(connection: Connection, before: str, after: str, at: datetime) -> None:
    """The quote has another number now: the server had another one under the first. Who waits for it hears of it."""
    made = table("quoted_orders")
    row = _order_waiting_for(connection, before)
    connection.execute(update(made).where(made.c.quote_number == before).values(quote_number=after))
    if row is not None:
        content = QuoteOpened(quote=after)
        _tell(connection, str(row["number"]), f"{after}/quote_opened", "quote_opened", content, at)


def waiting_order(engine: Engine, quote: str) -> str | None:
    """The order that waits for the accepted quote; None where no order that lives does, and the quote becomes its own."""
    with writing(engine) as connection:
        row = _order_waiting_for(connection, quote)
        if row is not None and row["ended_at"] is None:
            return str(row["number"])
        if row is not None:
            _release(connection, quote)
        return None


def release(engine: Engine, quote: str) -> None:
    """Nobody waits for the quote any more: the order has ended."""
    with writing(engine) as connection:
        _release(connection, quote)


def _release(connection: Connection, quote: str) -> None:
    made = table("quoted_orders")
    connection.execute(delete(made).where(made.c.quote_number == quote))


def tell_over(connection: Connection, case: str, entries: Iterable[JournalEntry]) -> None:
    """The quote has ended without an order, where one of these entries says so: whoever waits for it hears of it."""
    ended = next((each for each in entries if each.kind is EntryKind.ENDED), None)
    endings = {each.value: each for each in QuoteEnding}
    ending = endings.get(ended.subject) if ended is not None else None
    if ended is None or ending in (None, QuoteEnding.ORDERED):
        return
    row = _order_waiting_for(connection, case)
    if row is None:
        return
    _release(connection, case)
    if row["ended_at"] is None:
        content = QuoteOver(quote=case, ending=ending)
        _tell(connection, str(row["number"]), f"{case}/quote_over", "quote_over", content, ended.recorded_at)


def _order_waiting_for(connection: Connection, quote: str) -> RowMapping | None:
    """The order that waits for the quote, or waited, and was not made of it."""
    made, orders, requests = table("quoted_orders"), table("orders"), table("requests")
    query = (
        select(orders.c.number, orders.c.ended_at, requests.c.start["request"].label("request"))
        .join(made, made.c.order_number == orders.c.number)
        .join(requests, requests.c.number == orders.c.number)
        .where(made.c.quote_number == quote)
    )
    row = connection.execute(query).mappings().first()
    if row is None or OrderRequest.model_validate(row["request"]).awaits_quote is None:
        return None
    return row


def _tell(
    connection: Connection, order: str, fact_id: str, kind: str, content: Content, at: datetime
) -> None:
    said = fact_envelope(
        fact_id, kind, lasting(content), by=_BY, role=Role.SYSTEM, happened_at=at, manner=Manner.KEPT
    )
    pending_facts.enter(connection, order, said, at, "")
