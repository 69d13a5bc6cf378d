"""What an order that waits for its quote hears of it (R104)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from models.quotes.quote import QuoteEnding
from models.request.order_request import MOST_LINES, OrderRequest, RequestLine
from models.request.order_start import PriceReference, QuotedLine
from models.values.content import Content, Reference, Text
from models.values.money import ZERO
from models.values.percent import Percent
from models.values.vocabulary import PaymentTerms


class QuoteOpened(Content):
    """To the order: this quote was made for it."""

    quote: Reference


class QuoteAccepted(Content):
    """To the order: the customer accepted this version; its goods, prices and terms are the order's."""

    quote: Reference
    version: int = Field(ge=1)
    digest: Reference
    lines: Annotated[tuple[RequestLine, ...], Field(min_length=1, max_length=MOST_LINES)]
    payment_terms: PaymentTerms | None = None
    deposit_percent: Percent | None = None


class QuoteOver(Content):
    """To the order: its quote ended without being accepted."""

    quote: Reference
    ending: QuoteEnding


class QuoteWaived(Content):
    """The order waits for no quote any more: its prices are asked for and compared with the list (R20)."""

    reason: Text
    """Kept only: why, for who reads the journal (R104)."""


class EndedQuote(BaseModel):
    """A quote that an order waited for in vain."""

    quote: str
    ending: QuoteEnding


def accepted_content(request: OrderRequest) -> QuoteAccepted | None:
    """What is told to the order that waits, of the request that the accepted quote would else become; None without a quote."""
    if request.quote is None:
        return None
    return QuoteAccepted(
        quote=request.quote.number,
        version=request.quote.version,
        digest=request.quote.digest,
        lines=request.lines,
        payment_terms=request.payment_terms,
        deposit_percent=request.deposit_percent,
    )


def quoted_reference(line: RequestLine, known: PriceReference | None) -> PriceReference:
    """What the line is compared with from now on: the quote, which settles its price, and the list where it is on it (R20)."""
    quoted = QuotedLine(
        product=line.product,
        specification=line.specification,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price or ZERO,
    )
    if known is not None and known.product == line.product:
        return known.model_copy(update={"quoted": quoted})
    return PriceReference(line=line.line, product=line.product, unit=line.unit, quoted=quoted)
