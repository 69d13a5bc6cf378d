"""The tables of the catalogue: what is sold in the shop, its pictures, and prices that customers have for themselves."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON
from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import FinerThanFen, Instant, Thousandths


class Products(Base, table=True):
    """What the catalogue says of a product of the price list, which has its name, specification, unit and price (R120)."""

    __tablename__ = "products"
    product: str = Field(primary_key=True)
    name_en: str = ""
    categories: list[str] = Field(default_factory=list, sa_type=JSON)
    description_zh: str = ""
    description_en: str = ""
    weight: Decimal = Field(sa_type=Thousandths)
    sold_as: str
    days: int
    breaks: list[str] = Field(default_factory=list, sa_type=JSON)
    most: Decimal | None = Field(default=None, sa_type=Thousandths)
    samples: bool
    shown: bool


class ProductPictures(Base, table=True):
    """A picture of a product, by the hash of its bytes in the store of documents; `place` says which comes first."""

    __tablename__ = "product_pictures"
    product: str = Field(primary_key=True, foreign_key="products.product")
    document: str = Field(primary_key=True, index=True)
    place: int
    added_at: datetime = Field(sa_type=Instant)
    added_by: str


class OwnPrices(Base, table=True):
    """What a customer pays for a product by an agreement of their own."""

    __tablename__ = "own_prices"
    customer: str = Field(primary_key=True)
    product: str = Field(primary_key=True)
    unit_price: Decimal = Field(sa_type=FinerThanFen)
