"""What all tables of the order database share."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlmodel import Field, SQLModel

_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(SQLModel):
    """What all tables share: their own metadata with named constraints, which migrations need on SQLite."""

    metadata = MetaData(naming_convention=_CONVENTION)


class OfOrder(Base):
    """A table whose rows belong to an order."""

    order_number: str = Field(primary_key=True, foreign_key="orders.number")
