"""What an order that waits for its quote hears: made, accepted, over; and that it waits no more (R104)."""

from __future__ import annotations

from typing import Any

from models.dossier.papers_due import Paper
from models.handlers.amendments import apply_change
from models.handlers.changeable import numbered, require_changeable
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.order import Order
from models.quotes.order_news import (
    EndedQuote,
    QuoteAccepted,
    QuoteOpened,
    QuoteOver,
    QuoteWaived,
    quoted_reference,
)
from models.request.order_request import (
    AwaitedQuote,
    LineChange,
    NewLine,
    QuotedBy,
    RequestChange,
    RequestLine,
)
from models.request.order_start import PriceReference
from models.values.errors import AlreadyKnown, Code, Refusal
from models.values.vocabulary import Role, Words

FACTS = FactTable()
_WAITS_FOR_NONE = Words("本单不在等报价", "this order waits for no quote")
_STILL_OPEN = Words(
    "报价 {quote} 还未结束：请先撤回报价，或等客户答复",
    "the quote {quote} is still open: withdraw it first, or let the customer answer",
)
_OF_A_LINE = ("product", "specification", "quantity", "unit", "unit_price", "tolerance_percent")


@FACTS.row(QuoteOpened, (Role.SYSTEM,), Words("已为本单登记报价", "quote made for the order"))
def quote_opened(order: Order, envelope: Envelope, content: QuoteOpened) -> None:
    """R104: from now on it waits for this one."""
    awaited = _awaited(order)
    if awaited.quote == content.quote:
        raise AlreadyKnown
    _await(order, AwaitedQuote(quote=content.quote))
    order.ended_quote = None


@FACTS.row(QuoteAccepted, (Role.SYSTEM,), Words("报价已被接受", "quote accepted"))
def quote_accepted(order: Order, envelope: Envelope, content: QuoteAccepted) -> None:
    """R104: what the customer accepted is what the order says; its prices count as settled, and nothing is typed again.

    A line that the quote does not have stays, and its price is asked for as of any other (R12, R20).
    """
    if order.request.quote is not None and order.request.quote.number == content.quote:
        raise AlreadyKnown
    _awaited(order)
    change = numbered(order, _change(order, content))
    require_changeable(order, change, inside="content")
    order.references = _compared(order, content, change)
    apply_change(order, change)
    quoted = QuotedBy(number=content.quote, version=content.version, digest=content.digest)
    order.request = order.request.model_copy(update={"awaits_quote": None, "quote": quoted})
    order.ended_quote = None


@FACTS.row(QuoteOver, (Role.SYSTEM,), Words("报价未成", "quote over"))
def quote_over(order: Order, envelope: Envelope, content: QuoteOver) -> None:
    """R104: refused, expired or withdrawn: the salesperson makes another one, or goes on without."""
    _awaited(order)
    order.ended_quote = EndedQuote(quote=content.quote, ending=content.ending)
    _await(order, AwaitedQuote())
    order.intend(
        Paper.QUOTE_OVER,
        content.quote,
        (Role.SALESPERSON, Role.SERVICE_CLERK),
        "R104",
        quote=content.quote,
        ending=Words(content.ending.zh, content.ending.en),
    )


@FACTS.row(QuoteWaived, (Role.SALESPERSON, Role.SALES_SUPERVISOR), Words("不再等报价", "quote waived"))
def quote_waived(order: Order, envelope: Envelope, content: QuoteWaived) -> None:
    """R104: its prices are asked for and compared with the list (R12, R20). Not while the customer has a quote to answer."""
    awaited = _awaited(order)
    if awaited.quote is not None:
        raise Refusal(Code.CONTRADICTION, _STILL_OPEN.filled(quote=awaited.quote), where="kind", rule="R104")
    order.request = order.request.model_copy(update={"awaits_quote": None})
    order.ended_quote = None


def _awaited(order: Order) -> AwaitedQuote:
    awaited = order.request.awaits_quote
    if awaited is None:
        raise Refusal(Code.NOT_ASKED, _WAITS_FOR_NONE, where="kind", rule="R104")
    return awaited


def _await(order: Order, awaited: AwaitedQuote) -> None:
    order.request = order.request.model_copy(update={"awaits_quote": awaited})


def _change(order: Order, content: QuoteAccepted) -> RequestChange:
    known = _line_for_line(order, content)
    return RequestChange(
        payment_terms=content.payment_terms,
        deposit_percent=content.deposit_percent,
        lines=tuple(
            LineChange(line=known[line.line], **_said(line)) for line in content.lines if line.line in known
        ),
        added_lines=tuple(NewLine(**_said(line)) for line in content.lines if line.line not in known),
    )


def _line_for_line(order: Order, content: QuoteAccepted) -> dict[int, int]:
    """By the line of the quote the line of the order that it is: of the same product, by number first, each once."""
    free = {line.line: line.product for line in order.request.lines}
    found = {}
    for line in content.lines:
        if free.get(line.line) == line.product:
            found[line.line] = line.line
            del free[line.line]
    for line in content.lines:
        same = [number for number, product in free.items() if product == line.product]
        if line.line not in found and same:
            found[line.line] = same[0]
            del free[same[0]]
    return found


def _said(line: RequestLine) -> dict[str, Any]:
    return {name: value for name in _OF_A_LINE if (value := getattr(line, name)) is not None}


def _compared(order: Order, content: QuoteAccepted, change: RequestChange) -> tuple[PriceReference, ...]:
    known = _line_for_line(order, content)
    added = iter(new.line for new in change.added_lines)
    quoted = {}
    for line in content.lines:
        number = known.get(line.line) or next(added)
        if number is not None:
            mine = line.model_copy(update={"line": number})
            quoted[number] = quoted_reference(mine, order.reference_of(number))
    return (*(each for each in order.references if each.line not in quoted), *quoted.values())
