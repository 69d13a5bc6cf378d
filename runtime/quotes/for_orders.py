"""A quote for an order that waits in intake: asked for with what the order says now, and nothing is typed again (R104)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.order.order import Order
from models.quotes.quote_request import MOST_LINES
from models.request.order_request import OrderRequest
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Words
from runtime.refusals import named_answers

if TYPE_CHECKING:
    from temporalio.client import Client

_TAKEN_OVER = (
    "channel",
    "customer",
    "contact",
    "phone",
    "fax",
    "address",
    "consignee",
    "payment_terms",
    "deposit_percent",
    "packing",
    "label",
    "special_requirements",
    "wanted_date",
    "delivery_method",
    "freight_terms",
    "partial_delivery",
    "words",
)
_OF_A_LINE = {"line", "product", "specification", "unit", "tolerance_percent"}
_NOT_WAITING = Words("订单 {order} 不在等报价", "the order {order} waits for no quote")
_TOO_MANY = Words(
    "报价最多 {most} 行，订单有 {lines} 行", "a quote has {most} lines at most, the order {lines}"
)


async def enquiry_for(client: Client, number: str) -> dict[str, Any]:
    """The enquiry for this order, without who asks, as the order itself says it now.

    Raises Refusal: unknown_order, contradiction (it waits for none), too_large, server_unavailable.
    """
    from runtime.delivery.order_handles import order_handle

    with named_answers():
        order = Order.model_validate(await order_handle(client, number).query("order"))
    return enquiry_of(order.number, order.request)


def enquiry_of(number: str, request: OrderRequest) -> dict[str, Any]:
    """The same of a request that is known. Raises Refusal: contradiction, too_large."""
    if request.awaits_quote is None:
        raise Refusal(Code.CONTRADICTION, _NOT_WAITING.filled(order=number), where="for_order", rule="R104")
    if len(request.lines) > MOST_LINES:
        words = _TOO_MANY.filled(most=MOST_LINES, lines=len(request.lines))
        raise Refusal(Code.TOO_LARGE, words, where="for_order", rule="R104")
    said = lasting(request)
    return {
        **{name: said[name] for name in _TAKEN_OVER if name in said},
        "lines": [
            {
                **{name: value for name, value in line.items() if name in _OF_A_LINE},
                "quantities": [line["quantity"]],
            }
            for line in said["lines"]
        ],
        "for_order": number,
    }
