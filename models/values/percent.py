"""Percentages: exact, 0 to 100, as a string on the wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

from models.values.money import as_text, exact

Percent = Annotated[
    Decimal, BeforeValidator(exact), Field(ge=0, le=100), PlainSerializer(as_text, return_type=str)
]
"""0 to 100, as a string."""
