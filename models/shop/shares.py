"""An amount shared among orders to the fen: in proportion, and no fen is lost or made (R123). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from models.values.money import FEN, ZERO


@dataclass(frozen=True, slots=True)
class Share:
    """What of an amount is one order's, in CNY."""

    order: str
    amount: Decimal


def shares_of(amount: Decimal, wanted: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The amount in proportion to what each order wants, at most as much as all of them do.

    Fen that are left when each share is rounded down go to those that lost most by it, of equals to the first. Raises
    ValueError for an amount that is more than all want together.
    """
    total = sum(wanted.values(), ZERO)
    if amount > total:
        raise ValueError(f"{amount} is more than {total}")
    if total == ZERO:
        return dict.fromkeys(wanted, ZERO)
    exact = {order: amount * want / total for order, want in wanted.items()}
    shares = {order: share.quantize(FEN, ROUND_DOWN) for order, share in exact.items()}
    left = int((amount - sum(shares.values(), ZERO)) / FEN)
    for order in sorted(exact, key=lambda each: shares[each] - exact[each])[:left]:
        shares[order] += FEN
    return shares
