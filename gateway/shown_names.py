"""What people and products are called, for every page: a person stands on it by name, goods stand by their 品名."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import Engine

from activities.store.database import reading
from activities.store.product_names import ProductNames, product_name, product_names
from activities.store.staff_names import staff_names
from models.messages.authors import author_words
from models.values.vocabulary import Words
from models.values.words import Bilingual
from models.writing.printed_figures import quantity

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]")
_QUANTITY = re.compile(r"(?<![\w.¥-])\d+\.\d{3}(?![\w.%×])")
_FRESH_SECONDS = 2.0
"""A person who was renamed stands under the new name after so long."""
_GOODS_FRESH_SECONDS = 15.0
"""The same for products: a price list is long and seldom changes."""


def names_now(engine: Engine) -> dict[str, str]:
    """Id -> name of all the staff who have one."""
    with reading(engine) as connection:
        return staff_names(connection)


def product_names_now(engine: Engine) -> ProductNames:
    """The names of all products of the price list."""
    with reading(engine) as connection:
        return product_names(connection)


@dataclass(slots=True)
class ShownNames:
    """The names of one running gateway, read anew when they are older than a moment."""

    by_id: dict[str, str] = field(default_factory=dict)
    read_at: float = float("-inf")
    of_goods: ProductNames = field(default_factory=dict)
    goods_read_at: float = float("-inf")

    def are_old(self) -> bool:
        """Whether they are to be read anew."""
        return time.monotonic() - self.read_at > _FRESH_SECONDS

    def keep(self, names: dict[str, str]) -> None:
        """Keep what was just read."""
        self.by_id, self.read_at = names, time.monotonic()

    def of(self, author: str) -> Words:
        """Who said something, by name; a key or a customer says that it is one; an unknown id stands as it is."""
        name = self.by_id.get(author)
        return Words(name, name) if name else author_words(author)

    def in_words(self, text: Bilingual) -> Words:
        """What a step is called, for a page: people by name, quantities without the decimals that say nothing."""
        return Words(self._plainly(text.zh), self._plainly(text.en))

    def _plainly(self, text: str) -> str:
        named = _ID.sub(lambda found: self.by_id.get(found[0], found[0]), text)
        return _QUANTITY.sub(lambda found: quantity(Decimal(found[0])), named)

    def goods_are_old(self) -> bool:
        """Whether the names of products are to be read anew."""
        return time.monotonic() - self.goods_read_at > _GOODS_FRESH_SECONDS

    def keep_goods(self, names: ProductNames) -> None:
        """Keep what was just read."""
        self.of_goods, self.goods_read_at = names, time.monotonic()

    def of_product(self, code: str, specification: str = "") -> str:
        """What a product is called (品名); one without a name stands by its number."""
        return product_name(self.of_goods, code, specification) or code
