"""Amounts within texts, with their thousands apart and two decimals, wherever a text is shown: the one mechanism for it.

What an order has said stands as it was said, in its journal and its rows; so a text is put right on its way to a reader:
pages, answers, notices, reports, the command line. A text that is right already stays as it is.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator

from models.writing.printed_figures import price

_SIGNS = ("¥", "CNY ")
_AMOUNT = re.compile(r"(¥|CNY |no longer )(-?)([0-9]{1,15}(?:\.[0-9]+)?)(?![0-9]|[.,][0-9])")
"""A sign, and figures that no more figures follow: of 12,345.00 and of 1.2.3 nothing is touched."""


def amounts_apart(text: str) -> str:
    """The text with `¥6720.5` as `¥6,720.50` and `CNY 1000000.00` as `CNY 1,000,000.00`; a unit price keeps its decimals."""
    if not any(sign in text for sign in _SIGNS):
        return text
    return _AMOUNT.sub(lambda found: f"{found[1]}{found[2]}{price(Decimal(found[3]))}", text)


ShownText = Annotated[str, AfterValidator(amounts_apart)]
"""A text as it is shown to people."""
