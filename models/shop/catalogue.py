"""The catalogue 商品目录: what is sold in the shop, as it is kept and as it is offered to somebody (R120). Pure.

What a product is called, its specification, unit and price stand in the price list and nowhere else; the catalogue says
what more a customer wants to know: pictures, categories, weight, prices by quantity, how it comes to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError, field_validator

from models.values.content import (
    IN_DAYS,
    ON_ONE_LINE,
    Content,
    Line,
    Name,
    Paragraph,
    PositivePrice,
    Reference,
)
from models.values.errors import Code, Refusal
from models.values.money import as_text, line_amount
from models.values.quantity import NOTHING, PositiveQuantity, Quantity
from models.values.vocabulary import Term, Unit, Words
from models.values.words import InvalidValue
from models.writing.likeness import Spelled, most_like, spelled
from models.writing.search_text import parts_of, searched

LARGEST_QUANTITY = Decimal(100_000)
"""More of one line is no order of a shop; where a product has a limit of its own, that counts."""
MOST_COMPARED = 4
MOST_BREAKS, MOST_CATEGORIES, DEEPEST = 20, 10, 4
BETWEEN = "/"
"""Between a category and what is within it: `纸袋/手提袋`."""
COUNTED = frozenset({Unit.ROLL, Unit.SHEET, Unit.REAM, Unit.CARTON, Unit.PIECE, Unit.JOB})
"""Units of which there is no part."""
_TOGETHER = Words("一次最多比较 {most} 件商品", "at most {most} products are compared at once")


_NOTHING_SAID = Words("", "")


class SoldAs(Term):
    """How a product comes to who orders it in the shop."""

    STOCK = "stock", "现货", "from stock"
    PRE_SALE = "pre_sale", "预售", "pre-sale"
    MADE_TO_ORDER = "made_to_order", "订制", "made to order"


class PriceBreak(NamedTuple):
    """The price of one unit from a quantity on, tax included."""

    quantity: Decimal
    unit_price: Decimal


_QUANTITY: TypeAdapter[Decimal] = TypeAdapter(PositiveQuantity)
_PRICE: TypeAdapter[Decimal] = TypeAdapter(PositivePrice)


def price_break(text: str) -> PriceBreak:
    """A break as it is written, `100=75.00`: from a hundred on 75.00 each. Raises InvalidValue."""
    quantity, sign, price = (part.strip() for part in text.partition("="))
    if not sign:
        raise _no_break(text)
    try:
        return PriceBreak(_QUANTITY.validate_python(quantity), _PRICE.validate_python(price))
    except ValidationError as error:
        why = error.errors()[0].get("ctx", {}).get("error")
        raise _no_break(text, why.words if isinstance(why, InvalidValue) else None) from error


def _no_break(text: str, why: Words | None = None) -> InvalidValue:
    """What a break looks like; and what is wrong with its quantity or price, where that is known."""
    zh, en = (f"（{why.zh}）", f" ({why.en})") if why is not None else ("", "")
    return InvalidValue(
        f"“{text[:40]}”不是数量=单价，例如 100=75.00{zh}",
        f"{text[:40]!r} is not quantity=price, for example 100=75.00{en}",
    )


def break_text(text: str) -> str:
    """The same break as breaks are kept."""
    found = price_break(text)
    return f"{as_text(found.quantity.normalize())}={as_text(found.unit_price)}"


def category_path(text: str) -> str:
    """A category with those that it lies in, as it is kept: `纸袋/手提袋`. Raises InvalidValue."""
    parts = [part.strip() for part in text.split(BETWEEN)]
    if not all(parts) or len(parts) > DEEPEST:
        raise InvalidValue(
            f"类目“{text[:40]}”须写成 大类/小类，最多 {DEEPEST} 级",
            f"the category {text[:40]!r} is written as large/small, at most {DEEPEST} deep",
        )
    return BETWEEN.join(parts)


BreakText = Annotated[str, AfterValidator(break_text), ON_ONE_LINE]
CategoryPath = Annotated[Name, AfterValidator(category_path)]


class ProductRow(Content):
    """What the catalogue says of a product of the price list."""

    product: Reference
    name_en: Line = ""
    """What it is called in English; the price list has its Chinese name."""
    categories: Annotated[tuple[CategoryPath, ...], Field(max_length=MOST_CATEGORIES)] = ()
    description_zh: Paragraph = ""
    description_en: Paragraph = ""
    weight: Quantity = NOTHING
    """Of one unit, in kilograms; by it the courier's fee is counted (R65)."""
    sold_as: SoldAs = SoldAs.STOCK
    days: Annotated[int, IN_DAYS] = 0
    """Working days that making it takes; only of what is made to order."""
    breaks: Annotated[tuple[BreakText, ...], Field(max_length=MOST_BREAKS)] = ()
    """Prices from a quantity on, each `100=75.00`; below the first the price list counts."""
    most: PositiveQuantity | None = None
    """The most that one line may have."""
    samples: bool = False
    """Whether a sample of it may be ordered (R130)."""
    shown: bool = True

    @field_validator("breaks")
    @classmethod
    def _ascending(cls, breaks: tuple[str, ...]) -> tuple[str, ...]:
        found = sorted((price_break(each) for each in breaks), key=lambda each: each.quantity)
        quantities = [each.quantity for each in found]
        if len(set(quantities)) != len(quantities):
            raise InvalidValue("同一数量只能有一个阶梯价", "there is one price from a quantity on")
        return tuple(f"{as_text(each.quantity.normalize())}={as_text(each.unit_price)}" for each in found)


class OwnPriceRow(Content):
    """The price of a product that a customer has for themselves, tax included, in the unit of the price list."""

    customer: Reference
    product: Reference
    unit_price: PositivePrice


@dataclass(frozen=True, slots=True)
class Offer:
    """A product as it is offered to somebody now. Prices are CNY for one unit, tax included."""

    product: str
    name: str
    specification: str
    unit: Unit
    list_price: Decimal
    sold_as: SoldAs = SoldAs.STOCK
    name_en: str = ""
    categories: tuple[str, ...] = ()
    description: Words = _NOTHING_SAID
    breaks: tuple[PriceBreak, ...] = ()
    own_price: Decimal | None = None
    """What this customer pays by an agreement of their own."""
    weight: Decimal = NOTHING
    days: int = 0
    available: Decimal = NOTHING
    """What is in stock or in the pre-sale and nobody's yet, in its unit; says nothing of what is made to order."""
    expected: date | None = None
    """When a pre-sale comes, or more of what is out of stock."""
    most: Decimal | None = None
    samples: bool = False
    shown: bool = True
    pictures: tuple[str, ...] = ()

    @property
    def words(self) -> Words:
        """What it is called."""
        return Words(self.name or self.product, self.name_en or self.name or self.product)

    @property
    def is_made(self) -> bool:
        """Whether it is made when it is ordered: no stock limits it."""
        return self.sold_as is SoldAs.MADE_TO_ORDER

    @property
    def largest(self) -> Decimal:
        """The most that one line may have."""
        return min(self.most, LARGEST_QUANTITY) if self.most is not None else LARGEST_QUANTITY

    def unit_price(self, quantity: Decimal) -> Decimal:
        """What one unit costs when so many are taken: the lowest that this customer has a right to."""
        reached = [each.unit_price for each in self.breaks if each.quantity <= quantity]
        listed = reached[-1] if reached else self.list_price
        return listed if self.own_price is None else min(listed, self.own_price)

    def amount(self, quantity: Decimal) -> Decimal:
        """What so many cost, rounded to the fen once."""
        return line_amount(quantity, self.unit_price(quantity))

    def price_steps(self) -> tuple[PriceBreak, ...]:
        """The prices by quantity as this customer has them, the first from one on; steps that change nothing left out."""
        found: list[PriceBreak] = []
        for quantity in (Decimal(1), *(each.quantity for each in self.breaks)):
            price = self.unit_price(quantity)
            if not found or price != found[-1].unit_price:
                found.append(PriceBreak(quantity, price))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Category:
    """One place of the tree of categories: its path, its own name, how many products lie in it and below."""

    path: str
    name: str
    depth: int
    count: int


class Found(NamedTuple):
    """What a search came to: the numbers of the products, the best first, and all categories that there are."""

    products: tuple[str, ...]
    tree: tuple[Category, ...]


def category_tree(offers: Iterable[Offer]) -> tuple[Category, ...]:
    """All categories of these products, each after the one that it lies in; a product is counted once in each."""
    members: dict[tuple[str, ...], set[str]] = {}
    for offer in offers:
        for path in offer.categories:
            parts = tuple(path.split(BETWEEN))
            for deep in range(1, len(parts) + 1):
                members.setdefault(parts[:deep], set()).add(offer.product)
    return tuple(
        Category(BETWEEN.join(parts), parts[-1], len(parts) - 1, len(found))
        for parts, found in sorted(members.items())
    )


def is_within(offer: Offer, category: str) -> bool:
    """Whether the product lies in this category or below it."""
    return any(path == category or path.startswith(category + BETWEEN) for path in offer.categories)


@dataclass(frozen=True, slots=True)
class Sought:
    """A product with what it is found by, written as what is typed: worked out once for a catalogue that many search."""

    offer: Offer
    spelled: Spelled
    whole: str


def sought(offer: Offer) -> Sought:
    """What a product is found by."""
    words = (
        offer.product, offer.name, offer.name_en, offer.specification, *offer.categories,
        offer.description.zh, offer.description.en,
    )  # fmt: skip
    by_name = spelled(offer.product, offer.name, offer.name_en, offer.specification)
    return Sought(offer, by_name, searched(" ".join(words)))


def search(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The products that fit what was typed, the best first: by number, Chinese or English name, pinyin in full or by
    initials; else by words of specification and description. Nothing typed: all of them."""
    return search_among([sought(each) for each in offers], text)


def search_among(products: Sequence[Sought], text: str) -> list[Offer]:
    """The same among products of which it is known what they are found by."""
    parts = parts_of(text)
    if not parts:
        return [each.offer for each in products]
    found = most_like(((each.offer, each.spelled) for each in products), text, len(products))
    known = {each.product for each in found}
    found += [
        each.offer
        for each in products
        if each.offer.product not in known and all(part in each.whole for part in parts)
    ]
    return found


def compared(asked: Sequence[str]) -> tuple[str, ...]:
    """The products that somebody wants beside each other, each once. Raises Refusal(too_large) for more than four."""
    found = tuple(dict.fromkeys(each.strip() for each in asked if each.strip()))
    if len(found) > MOST_COMPARED:
        raise Refusal(Code.TOO_LARGE, _TOGETHER.filled(most=MOST_COMPARED), where="product", rule="R120")
    return found
