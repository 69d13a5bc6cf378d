"""An enquiry 询价 from the shop, by somebody who is logged in or by a visitor whom nobody knows yet (R104, R120). Pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from models.values.content import Content, Line, Reference, Text
from models.values.quantity import PositiveQuantity


class ShopEnquiry(Content):
    """What somebody wants a price for; a visitor says how they are reached, which proves nothing of who they are."""

    product: Annotated[Reference, StringConstraints(max_length=200)]
    quantity: PositiveQuantity
    words: Annotated[Text, StringConstraints(max_length=1000)] = ""
    name: Annotated[Line, StringConstraints(max_length=60)] = ""
    contact: Annotated[Line, StringConstraints(max_length=200)] = ""
