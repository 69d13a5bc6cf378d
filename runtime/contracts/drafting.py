"""Drafting a contract from its order: the first draft begins it, a later one is another version of it (R107, D6.3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from models.contracts.contents import Drafted
from models.contracts.terms import ContractTerms
from models.order.kinds.contract import terms_of
from models.order.order import Order
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Words
from runtime.refusals import named_answers

if TYPE_CHECKING:
    from temporalio.client import Client

_NOT_SETTLED = Words(
    "订单 {number} 的价格、数量或交货日还没有定下，不能起草合同",
    "price, quantity or delivery date of order {number} are not settled; no contract can be drafted",
)


@dataclass(frozen=True, slots=True)
class AgreedTerms:
    """What an order says that its contract repeats."""

    order: str
    customer: str
    terms: ContractTerms
    quote: str | None = None


async def agreed_terms(client: Client, number: str) -> AgreedTerms:
    """What the order says now, asked of the order itself. Raises Refusal: unknown_order, not_asked, server_unavailable."""
    from runtime.delivery.order_handles import order_handle

    with named_answers():
        order = Order.model_validate(await order_handle(client, number).query("order"))
    terms = terms_of(order)
    if terms is None:
        raise Refusal(Code.NOT_ASKED, _NOT_SETTLED.filled(number=number), where="order", rule="R107")
    quote = order.request.quote
    return AgreedTerms(number, order.customer.customer, terms, quote.number if quote is not None else None)


def draft_of(agreed: AgreedTerms, **said: Any) -> dict[str, Any]:
    """The request for a first draft: what the order says, and beside it what was said about quality and clauses."""
    return {
        "order": agreed.order,
        "customer": agreed.customer,
        "quote": agreed.quote,
        "terms": lasting(agreed.terms),
        **{name: value for name, value in said.items() if value not in (None, "")},
    }


def redraft_of(
    agreed: AgreedTerms,
    *,
    quality: str = "",
    words: str = "",
    valid_until: date | None = None,
    reason: str = "",
) -> dict[str, Any]:
    """The content of another version: what the order says now; of the rest what is not said stays as it was."""
    content = Drafted(
        terms=agreed.terms,
        quality=quality or None,
        words=words or None,
        valid_until=valid_until,
        reason=reason,
    )
    return content.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def written_day(text: str) -> date | None:
    """A day as it was typed; None where nothing was. Raises Refusal(malformed)."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        words = Words("{text} 不是日期，请写 2027-01-05", "{text} is no date; write 2027-01-05")
        raise Refusal(
            Code.MALFORMED, words.filled(text=text[:40]), where="valid_until", rule="R107"
        ) from None
