"""Who is in charge of a new order, role by role (R14, R131). Pure: who there is, what they cover and how much they have comes in."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum

from models.values.vocabulary import Role

_NEVER = datetime.min.replace(tzinfo=UTC)


class Fit(IntEnum):
    """How closely what somebody covers fits an order; the closest is asked first."""

    ANYTHING = 0
    REGION = 1
    PRODUCT_TYPE = 2
    PRODUCT_TYPE_AND_REGION = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of those who have the role. Without product types or regions they cover all of them."""

    person: str
    product_types: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    open_orders: int = 0
    """Of how many orders that have not ended they are in charge in this role."""
    last_assigned: datetime | None = None
    """When they last got an order in this role (UTC); None: never."""

    def fit(self, product_types: Collection[str], region: str) -> Fit | None:
        """How closely they fit; None where the order is none of theirs.

        Who covers certain product types covers an order only where all of its types are among them.
        """
        if self.product_types and not (product_types and self.product_types.issuperset(product_types)):
            return None
        if self.regions and region not in self.regions:
            return None
        return Fit(2 * bool(self.product_types) + bool(self.regions))


@dataclass(frozen=True, slots=True)
class Area:
    """What an order is assigned by: the product types of its lines, the customer's region and own people."""

    product_types: frozenset[str] = frozenset()
    region: str = ""
    own: dict[Role, str] = field(default_factory=dict)
    """Who is in charge of this customer's orders, by role, where the customer's file names somebody."""


def in_charge(
    candidates: Iterable[Candidate],
    product_types: Collection[str],
    region: str,
    absent: Collection[str] = (),
) -> str:
    """Who of the candidates gets the order; empty where there is none.

    Those who are there come before those who are away, for an order must not begin with somebody's deputy while others
    are there; where all of them are away it is theirs all the same, and their deputies do the work (R133). Nobody who
    covers the order: all who have the role are asked.
    """
    known = list(candidates)
    for group in ([each for each in known if each.person not in absent], known):
        fits = [(each, each.fit(product_types, region)) for each in group]
        closest = max((fit for _, fit in fits if fit is not None), default=None)
        fitting = [each for each, fit in fits if fit is closest]
        if fitting:
            return min(fitting, key=_load).person
    return ""


def _load(candidate: Candidate) -> tuple[int, datetime, str]:
    return candidate.open_orders, candidate.last_assigned or _NEVER, candidate.person
