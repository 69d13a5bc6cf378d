"""The order that an accepted quote becomes: all that it needs is there, and nothing is typed again (R104)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from models.quotes.quote import Quote
from models.request.order_request import OrderRequest, QuotedBy, RequestLine

_TAKEN_OVER = (
    "channel",
    "customer",
    "contact",
    "phone",
    "fax",
    "address",
    "consignee",
    "packing",
    "label",
    "special_requirements",
    "delivery_method",
    "freight_terms",
    "partial_delivery",
    "words",
    "entered_by",
    "entered_role",
    "customer_order_number",
)
SPACE = "quotes"
"""Whose the ids of these requests are: the product's own."""


class QuotedOrder(BaseModel):
    """The order that is to be made of a quote."""

    model_config = ConfigDict(frozen=True)

    quote: str
    request: OrderRequest


def order_of(quote: Quote) -> OrderRequest | None:
    """The request for the order; None as long as nothing is accepted. The same acceptance gives the same request.

    The delivery date that was agreed on is the wanted day; where none was, that of the enquiry. One that has gone by
    meanwhile is not wished for any more.
    """
    accepted = quote.accepted
    offer = quote.offer_numbered(accepted.version) if accepted is not None else None
    if accepted is None or offer is None:
        return None
    asked = quote.request
    lines = []
    for chosen in accepted.chosen:
        price, goods = offer.price_of(chosen.line, chosen.quantity), offer.line_numbered(chosen.line)
        if price is not None and goods is not None:
            lines.append(
                RequestLine(
                    line=goods.line,
                    product=goods.product,
                    specification=goods.specification,
                    quantity=chosen.quantity,
                    unit=goods.unit,
                    unit_price=price.unit_price,
                    tolerance_percent=goods.tolerance_percent,
                )
            )
    wanted = offer.delivery_date or asked.wanted_date
    return OrderRequest(
        request_id=f"quote/{quote.number}",
        **{name: getattr(asked, name) for name in _TAKEN_OVER},
        lines=tuple(lines),
        payment_terms=offer.payment_terms,
        deposit_percent=offer.deposit_percent,
        wanted_date=wanted if wanted is not None and wanted >= quote.today() else None,
        read_back=True,
        quote=QuotedBy(number=quote.number, version=offer.version, digest=offer.digest),
    )
