"""The rules of the company, written by hand: an expectation that does not come from the table it is compared with.

Written as numbers, so that a search for a rule does not find it here.
"""

from __future__ import annotations

INTAKE = (10, 11, 12, 13, 14, 15, 16, 17, 18, 19)
VERIFICATION = (20, 21, 22, 23, 24, 25, 26, 27, 28, 29)
CONFIRMATION = (30, 31, 32, 33, 34, 35, 36, 37, 38, 39)
PRODUCTION = (40, 41, 42, 43, 44, 45, 46, 47, 48)
PAYMENT = (50, 51, 52, 53, 54, 60, 61, 62)
SHIPPING = (63, 64, 65, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79)
SETTLEMENT = (80, 81, 82, 83, 84, 85, 86, 87, 130)
QUOTES = (102, 103, 104, 105, 106, 107)
CREDIT = (108, 109)
STOCK = (101, 110, 111, 112, 113, 114)
SCHEDULING = (150, 151, 152, 153)
DUTIES = (131, 133, 140, 170, 171, 172)
AFTERWARDS = (141, 142, 143, 144)
INVOICES = (160, 161, 162, 163, 164, 165)
SHOP = (120, 121, 122, 123, 124, 125)
DEMAND = (126,)
CHAPTERS = (
    INTAKE,
    VERIFICATION,
    CONFIRMATION,
    PRODUCTION,
    PAYMENT,
    SHIPPING,
    SETTLEMENT,
    QUOTES,
    STOCK,
    CREDIT,
    SCHEDULING,
    DUTIES,
    AFTERWARDS,
    INVOICES,
    SHOP,
    DEMAND,
)

ALL = [f"R{n}" for chapter in CHAPTERS for n in chapter]

WAITING = [f"R{n}" for n in (82,)]
"""R82 is what R142 to R144 say in full."""
WITHOUT_STORY = [f"R{n}" for n in (151, 153, 120, 126, 165)]
"""Nothing of an order's life changes by them: they are lived on pages and by jobs, in tests/gateway and tests/activities."""

BUILT = [name for name in ALL if name not in WAITING]
