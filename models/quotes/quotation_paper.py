"""What stands on the quotation 报价单: plain data for its template. Costs and margins are none of it (R102, R103)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.quotes.offer import last_valid_second
from models.values.vocabulary import Term
from models.writing.printed_figures import amount, both, day, figures, moment, percent, price, quantity

if TYPE_CHECKING:
    from models.quotes.offer import Offer, OfferedPrice
    from models.quotes.quote_request import QuoteRequest
    from models.request.order_start import CustomerFile


def quotation(
    number: str, request: QuoteRequest, customer: CustomerFile, offer: Offer
) -> dict[str, Any] | None:
    """The content of the paper of a version that was sent; None of one that was not."""
    if offer.sent_at is None or offer.valid_until is None:
        return None
    total = offer.total
    return {
        "number": number,
        "version": str(offer.version),
        "content_hash": offer.digest,
        "made_at": moment(offer.sent_at),
        "valid_until": moment(last_valid_second(offer.valid_until)),
        "customer": customer.name,
        "contact": request.contact,
        "phone": request.phone,
        "fax": request.fax,
        "address": request.address,
        "consignee": request.consignee,
        "lines": [_line(offer, each) for each in offer.prices],
        "total": amount(total) if total is not None else None,
        "payment_terms": _both(offer.payment_terms),
        "deposit": percent(offer.deposit_percent) if offer.deposit_percent is not None else "",
        "delivery_method": _both(request.delivery_method),
        "freight_terms": _both(request.freight_terms),
        "delivery_date": day(offer.delivery_date),
        "packing": request.packing,
        "words": offer.words,
    }


def _line(offer: Offer, offered: OfferedPrice) -> dict[str, Any]:
    goods = offer.line_numbered(offered.line)
    return {
        "line": str(offered.line),
        "product": goods.product if goods else "",
        "specification": goods.specification if goods else "",
        "quantity": quantity(offered.quantity),
        "unit": both(goods.unit) if goods else "",
        "unit_price": price(offered.unit_price),
        "amount": figures(offered.amount),
        "tolerance": f"±{percent(goods.tolerance_percent)}"
        if goods is not None and goods.tolerance_percent is not None
        else "",
    }


def _both(term: Term | None) -> Any:
    return both(term) if term is not None else ""
