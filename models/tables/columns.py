"""How money, unit prices, quantities, percentages and instants stand in the order database: exact on every one."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Numeric, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from models.values.money import as_unit_price

UNREADABLE = Decimal("NaN")
"""What stands for a figure that is none: it is shown as such, and hides no other row."""


def _figure(value: Any) -> Decimal:
    """The figure that is kept, whatever its size."""
    try:
        return Decimal(value)
    except (ArithmeticError, TypeError, ValueError):
        return UNREADABLE


class _Scaled(TypeDecorator[Decimal]):
    """A decimal kept as a whole number of its smallest part: exact on every database."""

    impl = BigInteger
    cache_ok = True
    decimals = 0

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        whole = value.scaleb(self.decimals)
        if whole != whole.to_integral_value():
            raise ValueError(f"{value} has more than {self.decimals} decimals")
        return int(whole)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else _figure(value).scaleb(-self.decimals)


class Fen(_Scaled):
    """An amount in CNY as whole fen."""

    cache_ok = True
    decimals = 2


class Thousandths(_Scaled):
    """A quantity as whole thousandths of its unit."""

    cache_ok = True
    decimals = 3


class FinerThanFen(TypeDecorator[Decimal]):
    """A unit price in CNY as fen with up to four decimals: 3.85 for 0.0385, and 500 for 5.00 as ever.

    SQLite has no exact decimals and keeps the text; PostgreSQL keeps the number.
    """

    impl = String
    cache_ok = True
    decimals = 4

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = Numeric(18, self.decimals) if dialect.name == "postgresql" else String()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | str | None:
        if value is None:
            return None
        fen = value.scaleb(2)
        if fen != fen.quantize(Decimal(1).scaleb(-self.decimals)):
            raise ValueError(f"{value} has more than six decimals")
        return fen if dialect.name == "postgresql" else format(fen, "f")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else as_unit_price(_figure(value).scaleb(-2))


class Exact(TypeDecorator[Decimal]):
    """A percentage as the text that was given."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else _figure(value)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. A time without offset is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("an instant has an offset")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite keeps no offset; what is written there is UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
