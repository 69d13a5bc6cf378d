"""When two references are the same receipt: trimmed, case and width folded, and for cash by whose receipt book (R53)."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from models.values.vocabulary import PaymentMethod, Way


def folded(reference: str) -> str:
    """A reference as it is compared: `tx-7`, ` TX-7 ` and `TX-7` are one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", reference).casefold()).strip()


def receipt_key(reference: str, method: PaymentMethod, by: str) -> str:
    """Under which a receipt counts once in the company: of a bank or transfer its reference, of cash also who took it."""
    book = f"cash:{by.strip()}" if method is PaymentMethod.CASH else "bank"
    return f"{book}:{folded(reference)}"


def order_key(reference: str, method: PaymentMethod, by: str, order: str) -> str:
    """Under which an order's receipt counts once: one payment of the shop may be for several orders of a checkout, and each
    has its own share under its own key (R123)."""
    key = receipt_key(reference, method, by)
    return own_key(key, order) if method is PaymentMethod.ONLINE else key


def own_key(key: str, order: str) -> str:
    """The key of a receipt of which others of the same reference are nobody's concern."""
    return f"{key} · {order}"


PART = "part:"
"""How the key of an order's part of a receipt of the house begins."""


def part_key(part: str, amount: Decimal) -> str:
    """Under which an order's part of a receipt of the house counts: that part and no other amount (R160)."""
    return f"{PART}{part}:{amount}"


def part_in(key: str) -> str:
    """Which part such a key names."""
    return key.removeprefix(PART).rpartition(":")[0]


def half_id(transfer: str, way: Way) -> str:
    """Under which an order is told of its half of money that is moved (R53)."""
    return f"transfer/{transfer}/{way.value}"


def reference_in(key: str) -> str:
    """The folded reference in a receipt's key."""
    return key.split(":", 2)[2] if key.startswith("cash:") else key.partition(":")[2]
