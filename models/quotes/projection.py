"""A quote as rows of the order database: what lists, inboxes and pages read (R102, R103)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.dossier.records.case_rows import decision_rows, step_rows
from models.dossier.records.changed_rows import RowTracker, Watched
from models.quotes.costing import shown_percent
from models.quotes.offer import Offer
from models.quotes.quote import Quote
from models.values.vocabulary import Role

KIND = "quote"
STEPS = "case_steps"
_BESIDE = frozenset({"quotes"})
"""Tables with one row for each case."""
MOST_NAMED = 3


def row_tracker(quote: Quote) -> RowTracker:
    """A tracker of the rows of this quote."""
    return RowTracker(
        quote.number, lambda: watched_rows(quote), column="case_number", steps=STEPS, beside=_BESIDE
    )


def title_of(quote: Quote) -> str:
    """What it is about: its goods."""
    named = [f"{line.product} {line.specification}".strip() for line in quote.request.lines]
    more = f" +{len(named) - MOST_NAMED}" if len(named) > MOST_NAMED else ""
    return "; ".join(named[:MOST_NAMED]) + more


def watched_rows(quote: Quote) -> Iterator[Watched]:
    """Every row as it is now, the one of the case first."""
    yield _head(quote)
    yield _quote(quote)
    yield from _costs(quote)
    for offer in quote.offers:
        values = _offer(quote, offer)
        made_of = (offer.model_dump_json(), values["margin"])
        yield Watched("offers", (("version", offer.version),), made_of, lambda values=values: values)  # type: ignore[misc]
    yield from decision_rows(quote)
    yield from step_rows(quote, STEPS)


def _head(quote: Quote) -> Watched:
    values: dict[str, Any] = {
        "kind": KIND,
        "placed_at": quote.placed_at,
        "customer": quote.customer.customer,
        "customer_name": quote.customer.name,
        "customer_class": quote.customer.customer_class,
        "salesperson": quote.staff.person(Role.SALESPERSON),
        "title": title_of(quote),
        "stage": quote.stage,
        "ending": quote.ending,
        "ended_at": quote.ended_at,
        "policy_version": quote.policy.version,
        "edition": quote.edition,
    }
    return Watched("cases", (), tuple(values.values()), lambda: values)


def _quote(quote: Quote) -> Watched:
    standing, accepted = quote.standing, quote.accepted
    offer = quote.offer_numbered(accepted.version) if accepted is not None else None
    shown = offer or standing
    values: dict[str, Any] = {
        "request_id": quote.request.request_id,
        "goods": [line.model_dump(mode="json") for line in quote.request.lines],
        "version": quote.last_version,
        "standing": standing.version if standing is not None else None,
        "valid_until": standing.valid_until if standing is not None else None,
        "total": shown.total if shown is not None else None,
        "accepted_version": accepted.version if accepted is not None else None,
        "accepted_digest": offer.digest if offer is not None else None,
        "accepted_at": accepted.at if accepted is not None else None,
        "accepted_lines": accepted_lines(quote),
        "order_number": quote.order or None,
    }
    return Watched("quotes", (), (repr(values),), lambda: values)


def accepted_lines(quote: Quote) -> list[dict[str, Any]] | None:
    """The goods and prices that were accepted, as an order from it has them; None while nothing is."""
    accepted = quote.accepted
    offer = quote.offer_numbered(accepted.version) if accepted is not None else None
    if accepted is None or offer is None:
        return None
    found = []
    for chosen in accepted.chosen:
        goods, price = offer.line_numbered(chosen.line), offer.price_of(chosen.line, chosen.quantity)
        if goods is not None and price is not None:
            found.append(
                {
                    "line": goods.line,
                    "product": goods.product,
                    "specification": goods.specification,
                    "unit": goods.unit.value,
                    "quantity": f"{price.quantity:f}",
                    "unit_price": f"{price.unit_price:f}",
                }
            )
    return found


def _offer(quote: Quote, offer: Offer) -> dict[str, Any]:
    margin = shown_percent(quote.margin_of_offer(offer))
    return {
        "by_customer": offer.by_customer,
        "made_by": offer.made_by,
        "made_at": offer.made_at,
        "sent_at": offer.sent_at,
        "valid_until": offer.valid_until,
        "superseded_at": offer.superseded_at,
        "sent_back": offer.sent_back,
        "digest": offer.digest,
        "most": offer.most,
        "margin": f"{margin}" if margin is not None else None,
        "prices": [_price(quote, offer, place) for place in range(len(offer.prices))],
        "terms": offer.payment_terms,
        "words": offer.words,
        # A version never changes: one without a day says nothing of it, and its row stays as it was recorded.
        **({"delivery_date": offer.delivery_date} if offer.delivery_date is not None else {}),
    }


def _price(quote: Quote, offer: Offer, place: int) -> dict[str, Any]:
    price = offer.prices[place]
    goods = offer.line_numbered(price.line)
    margin = shown_percent(quote.margin_of_price(price))
    return {
        "line": price.line,
        "product": goods.product if goods else "",
        "specification": goods.specification if goods else "",
        "unit": goods.unit.value if goods else "",
        "quantity": f"{price.quantity:f}",
        "unit_price": f"{price.unit_price:f}",
        "amount": f"{price.amount:f}",
        "cost": f"{price.cost:f}" if price.cost is not None else None,
        "margin": f"{margin}" if margin is not None else None,
    }


def _costs(quote: Quote) -> Iterator[Watched]:
    """The rows of the sheets in force; those of older sheets stay where they are."""
    for key, sheet in quote.costs.items():
        told = quote.cost_numbers.get(key, 0)
        for number, row in enumerate(sheet.rows, start=1):
            where = (
                ("sheet", told),
                ("line", sheet.line),
                ("for_quantity", f"{sheet.quantity:f}"),
                ("row", number),
            )
            values = {
                "kind": row.kind,
                "what": row.what,
                "quantity": row.quantity,
                "measure": row.measure,
                "rate": row.rate,
                "amount": row.amount,
                "basis": row.basis,
                "purchased_on": row.purchased_on,
            }
            yield Watched("cost_rows", where, (told, number), lambda values=values: values)  # type: ignore[misc]
