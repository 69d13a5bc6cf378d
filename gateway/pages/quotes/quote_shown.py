"""A quote as pages show it: its asked quantities with proposed prices, its versions beside each other, the acts that are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from activities.quotes.quote_views import OfferView, QuoteView
from models.access import Caller
from models.dossier.journal import EntryKind
from models.facts.speakers import who_may
from models.messages.decision_subjects import Subject
from models.policy import Policy
from models.quotes.costing import keeps, proposed_price
from models.quotes.quote import QuoteStage
from models.values.money import ZERO
from models.values.vocabulary import Term


@dataclass(frozen=True, slots=True)
class AskedBreak:
    """One quantity of one line that is asked for: its cost, the price that is proposed, who must agree below which."""

    line: int
    product: str
    specification: str
    unit: str
    quantity: str
    cost: Decimal | None
    proposed: Decimal | None
    last_price: str
    """What the newest of our versions asks."""

    @property
    def key(self) -> str:
        """As a form names it."""
        return f"{self.line}:{self.quantity}"


def asked_breaks(view: QuoteView, policy: Policy) -> list[AskedBreak]:
    """Every quantity that is asked for, with the price that keeps the target margin (R105)."""
    costs: dict[tuple[int, str], Decimal] = {}
    for row in view.costs:
        key = (row.line, row.for_quantity)
        costs[key] = costs.get(key, ZERO) + row.amount
    ours = [each for each in view.offers if not each.by_customer]
    last = {(p["line"], p["quantity"]): str(p["unit_price"]) for p in (ours[-1].prices if ours else ())}
    quote = policy.quote
    found = []
    for goods in view.goods:
        for quantity in goods["quantities"]:
            cost = costs.get((goods["line"], quantity))
            proposed = (
                proposed_price(cost, Decimal(quantity), quote.margin, quote.tax, quote.decimals)
                if cost is not None
                else None
            )
            price = last.get((goods["line"], quantity), "")
            found.append(
                AskedBreak(
                    goods["line"],
                    goods["product"],
                    goods.get("specification", ""),
                    goods["unit"],
                    quantity,
                    cost,
                    proposed,
                    price,
                )
            )
    return found


@dataclass(frozen=True, slots=True)
class Compared:
    """One price across the versions: what each version says of this quantity of this line."""

    line: int
    product: str
    specification: str
    unit: str
    quantity: str
    prices: tuple[Mapping[str, str | None] | None, ...]


def compared(offers: Sequence[OfferView]) -> list[Compared]:
    """The versions beside each other, a row for each quantity of each line."""
    keys: dict[tuple[int, str], Mapping[str, str]] = {}
    for offer in offers:
        for price in offer.prices:
            keys.setdefault((price["line"], price["quantity"]), price)
    return [
        Compared(
            line,
            first["product"],
            first["specification"],
            first["unit"],
            quantity,
            tuple(
                next((p for p in offer.prices if (p["line"], p["quantity"]) == (line, quantity)), None)
                for offer in offers
            ),
        )
        for (line, quantity), first in keys.items()
    ]


def below_target(offer: OfferView, policy: Policy) -> bool:
    """Whether a price of the version leaves less than the target margin (R105)."""
    quote = policy.quote
    return any(
        price["cost"] is not None
        and not keeps(
            quote.margin,
            Decimal(price["unit_price"]),
            Decimal(price["quantity"]),
            Decimal(price["cost"]),
            quote.tax,
        )
        for price in offer.prices
    )


def may(caller: Caller, kind: str, subject: Subject | None = None) -> bool:
    """Whether a form for this is shown to them."""
    return any(role in caller.roles for role in who_may(kind, subject))


def stage_of(value: str) -> Term | None:
    """A stored stage as people read it."""
    return next((each for each in QuoteStage if each.value == value), None)


def is_valid(offer: OfferView | None, now: datetime) -> bool:
    """Whether the customer can still accept it by itself (R103)."""
    return (
        offer is not None
        and offer.superseded_at is None
        and offer.valid_until is not None
        and now < offer.valid_until
    )


_NOT_SAID = {"quantity": "", "heard_from": "", "words": ""}


def competition(view: QuoteView) -> list[Mapping[str, Any]]:
    """What competitors ask, as salespeople heard it: for who works on the quote, never for the customer (R105)."""
    return [
        {**_NOT_SAID, **entry.data.get("content", {}), "at": entry.happened_at, "by": entry.by}
        for entry in view.journal
        if entry.kind == EntryKind.FACT.value and entry.subject == "competition_noted"
    ]
