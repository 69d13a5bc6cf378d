"""An order that names a quote: it is what was accepted, and the only one (R104). In the transaction that numbers it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, select, update

from activities.store.database import reading
from activities.store.upsert import insert_into
from models.request.order_request import OrderRequest, RequestLine
from models.request.order_start import PriceReference, QuotedLine
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_NONE = Words("没有客户 {customer} 的报价 {quote}", "there is no quote {quote} of the customer {customer}")
_NOT_ACCEPTED = Words(
    "报价 {quote} 第{version}版没有被接受", "version {version} of the quote {quote} was not accepted"
)
_OTHERWISE = Words("第{line}行与所接受的报价不符：{quoted}", "line {line} is not what was accepted: {quoted}")
_ORDERED = Words("报价 {quote} 已转为订单 {order}", "the quote {quote} became the order {order} already")


def quoted_lines(connection: Connection, request: OrderRequest) -> dict[int, QuotedLine]:
    """What the quote of the request says of its lines; nothing for a request without one.

    Raises Refusal: contradiction where the quote is another customer's, not accepted in this version, or says something
    else; request_conflict where it became an order before.
    """
    said = request.quote
    if said is None:
        return {}
    row = _quote(connection, said.number, request.customer)
    if row is None:
        words = _NONE.filled(customer=request.customer, quote=said.number)
        raise Refusal(Code.CONTRADICTION, words, where="quote.number", rule="R104")
    if (row["accepted_version"], row["accepted_digest"]) != (said.version, said.digest):
        words = _NOT_ACCEPTED.filled(quote=said.number, version=said.version)
        raise Refusal(Code.STALE_VERSION, words, where="quote.version", rule="R104")
    ordered = _order_of(connection, said.number)
    if ordered is not None:
        words = _ORDERED.filled(quote=said.number, order=ordered)
        raise Refusal(Code.REQUEST_CONFLICT, words, where="quote.number", rule="R104")
    lines = {each["line"]: _quoted(each) for each in row["accepted_lines"] or ()}
    for place, line in enumerate(request.lines):
        _require_as_quoted(line, place, lines.get(line.line))
    return lines


def _quoted(kept: dict[str, str]) -> QuotedLine:
    return QuotedLine.model_validate({name: value for name, value in kept.items() if name != "line"})


def _require_as_quoted(line: RequestLine, place: int, quoted: QuotedLine | None) -> None:
    if quoted is not None and quoted.settles(line) and line.quantity == quoted.quantity:
        return
    shown = f"{quoted.product} {quoted.quantity:f} × {quoted.unit_price:f}" if quoted is not None else "–"
    words = _OTHERWISE.filled(line=line.line, quoted=shown)
    raise Refusal(Code.CONTRADICTION, words, where=f"lines.{place}", rule="R104")


def reference_as_quoted(
    line: RequestLine, quoted: QuotedLine, listed: PriceReference | None
) -> PriceReference:
    """What the line is compared with: the quote, and the list where the product is on it."""
    if listed is not None:
        return listed.model_copy(update={"quoted": quoted})
    return PriceReference(line=line.line, product=line.product, unit=line.unit, quoted=quoted)


def note_order(connection: Connection, request: OrderRequest, number: str, now: datetime) -> None:
    """The quote has become this order; of two at the same instant one fails on the key and is told."""
    quote = _quote_of(request)
    if quote is not None:
        values = {"quote_number": quote, "order_number": number, "made_at": now}
        connection.execute(insert_into(connection, table("quoted_orders")).values(values))


def note_another_number(connection: Connection, request: OrderRequest, number: str) -> None:
    """The order that the quote became has another number now: the server had one under the first."""
    quote = _quote_of(request)
    if quote is not None:
        made = table("quoted_orders")
        of_quote = made.c.quote_number == quote
        connection.execute(update(made).where(of_quote).values(order_number=number))


def _quote_of(request: OrderRequest) -> str | None:
    """The quote that it comes from, or waits for."""
    if request.quote is not None:
        return request.quote.number
    return request.awaits_quote.quote if request.awaits_quote is not None else None


def order_made_of(engine: Engine, quote: str) -> str | None:
    """The number of the order that the quote became; None while there is none."""
    with reading(engine) as connection:
        return _order_of(connection, quote)


def _order_of(connection: Connection, quote: str) -> str | None:
    made = table("quoted_orders")
    found: str | None = connection.scalar(select(made.c.order_number).where(made.c.quote_number == quote))
    return found


def _quote(connection: Connection, number: str, customer: str) -> RowMapping | None:
    cases, quotes = table("cases"), table("quotes")
    query = (
        select(quotes.c.accepted_version, quotes.c.accepted_digest, quotes.c.accepted_lines)
        .join(cases, cases.c.number == quotes.c.case_number)
        .where(cases.c.number == number, cases.c.customer == customer)
    )
    return connection.execute(query).mappings().first()
