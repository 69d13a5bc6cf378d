"""Goods as people name them in a chat: `TP80 一万卷 5块2`, `热敏纸80*80和57*50各500卷`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from models.chat.said_numbers import NUMBER, plain_decimal, said_number
from models.chat.scrap import TAKEN, Scrap
from models.values.vocabulary import Unit
from models.writing.spoken_terms import plain_term

_FEWEST_SIGNS = 2
_UNITS = (
    "平方米|平米|㎡|m2|公斤|千克|kg|KG|Kg|公吨|吨|纸箱|箱|卷|张|令|米|个|rolls?|sheets?|reams?|cartons?|pcs"
)
_QUANTITY = re.compile(rf"(?<![\d.*xX×A-Za-z-])({NUMBER})\s*({_UNITS})(?![A-Za-z])")
_EACH = re.compile(rf"(?:各|每种|每样|都是?)\s*(?:要|来|订)?\s*({NUMBER})\s*({_UNITS})")
_RANGE = re.compile(rf"{NUMBER}\s*(?:到|至|[-~～—])\s*{NUMBER}\s*(?:{_UNITS})")
_ABOUT_UNIT = rf"(?:\s*(?:/|每|一|1)\s*(?:{_UNITS}))?"
_NAMED_PRICE = re.compile(
    rf"(?:单价|价格|价)\s*[:是为按]?\s*[¥￥]?\s*(\d[\d,]*(?:\.\d+)?)\s*(?:元|块钱|块)?{_ABOUT_UNIT}"
)
_COINS = re.compile(rf"(?:(\d+)\s*块\s*)?(\d)\s*毛\s*(\d)?(?!\d)\s*(?:分|钱)?{_ABOUT_UNIT}")
_SPOKEN_PRICE = re.compile(rf"(?<![\d.])(\d+)\s*块\s*(\d)(?![\d.])(?:\s*钱)?{_ABOUT_UNIT}")
_PRICE = re.compile(
    rf"(?:@\s*|[¥￥]\s*)(\d[\d,]*(?:\.\d+)?)\s*(?:元|块)?{_ABOUT_UNIT}|(?<![\d.])(\d[\d,]*(?:\.\d+)?)\s*(?:元|块钱|块){_ABOUT_UNIT}"
)
_A_SUM = re.compile(
    r"(?:总价|总共|一共|合计|总额|共计|定金|订金|预付|已付|打款)\s*[:是为]?\s*[¥￥]?\s*\d[\d,.]*\s*(?:元|块)?"
)
_SIZES = re.compile(r"\d+(?:\.\d+)?")
_SIZE = re.compile(
    r"(?<!\d)\d+(?:\.\d+)?\s*(?:mm|cm|m|MM)?\s*[*xX×]\s*\d+(?:\.\d+)?\s*(?:mm|cm|m|MM|g|克)?(?:\s*[*xX×]\s*\d+(?:\.\d+)?\s*(?:mm|cm|m|g|克)?)?(?:\s*\d+(?:\.\d+)?\s*(?:g|克))?"
)
_CODE_SIGNS = re.compile(r"[^0-9a-z]")
_CODE_BEGINS, _BETWEEN, _CODE_ENDS = r"(?<![0-9A-Za-z])", r"[\s_/-]*", r"(?![0-9A-Za-z])"
_NAME = re.compile(r"[\u3400-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product of the price list that is in force."""

    product: str
    name: str = ""
    specification: str = ""


@dataclass(slots=True)
class SaidLine:
    """What was said of one line of goods, each with the words that say it. An empty product was not named."""

    product: tuple[str, str] | None = None
    specification: tuple[str, str] | None = None
    quantity: tuple[str, str] | None = None
    unit: tuple[str, str] | None = None
    unit_price: tuple[str, str] | None = None

    def fields(self) -> Iterable[tuple[str, tuple[str, str]]]:
        """The fields that were said, in the order of the form."""
        for name in ("product", "specification", "quantity", "unit", "unit_price"):
            said = getattr(self, name)
            if said is not None:
                yield name, said


@dataclass(slots=True)
class Goods:
    """The lines so far, and the names that may be several products."""

    lines: list[SaidLine] = field(default_factory=list)
    unclear: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def lacking(self, name: str) -> SaidLine:
        """The line that this belongs to: the earliest after the last one that has it; else a new one."""
        for line in self.lines:
            if getattr(line, name) is None:
                return line
        self.lines.append(SaidLine())
        return self.lines[-1]


def read_goods(scrap: Scrap, products: Sequence[KnownProduct], goods: Goods) -> None:
    """Take goods, quantities and prices out of one line of a message."""
    if _RANGE.search(scrap.left):
        return  # "500到800卷" is not yet an order: a person asks
    sums = list(scrap.take(_A_SUM))  # a sum is no price of a unit, and is shown as it stands
    named = _named_products(scrap, products, goods)
    prices = [(read, found) for pattern, read in _PRICES for found in scrap.take(pattern)]
    each = scrap.take_first(_EACH)
    if each is not None and _quantity(each) is not None:
        for line in goods.lines[-len(named) :] if named else [goods.lacking("quantity")]:
            _say_quantity(line, each)
    else:
        _quantities(scrap, goods, named)
    for read, found in sorted(prices, key=lambda price: price[1].start()):
        _say_price(scrap, goods, named, read(found), found)
    for found in sums:
        scrap.restore(found.start(), found[0])


def _named_products(scrap: Scrap, products: Sequence[KnownProduct], goods: Goods) -> list[SaidLine]:
    """The products that are named, each a line, in the order in which they are named."""
    found = sorted(_mentions(scrap, products, goods), key=lambda each: each[0])
    lines = []
    for _, product, words in found:
        waiting = next((line for line in goods.lines if line.product is None and line.quantity is None), None)
        line = waiting or SaidLine()
        if waiting is None:
            goods.lines.append(line)
        line.product = (product.product, words)
        lines.append(line)
    return lines


def _mentions(
    scrap: Scrap, products: Sequence[KnownProduct], goods: Goods
) -> list[tuple[int, KnownProduct, str]]:
    """Place, product and words: by number where one stands there, else by size, else by name."""
    coded = [
        (match.start(), product, match[0].strip())
        for product in sorted(products, key=lambda each: -len(each.product))
        for match in scrap.take(_code(product.product))
    ]
    names = list(_NAME.finditer(scrap.left))
    sizes = list(scrap.take(_SIZE))
    named = _by_name(names, products)
    if coded:
        known = {product.product for _, product, _ in coded}
        _drop_names(scrap, [each for each in named if known & {product.product for product in each[0]}])
        return coded
    found = _by_size(scrap, sizes, named, products, goods) if sizes else _by_name_alone(named, goods)
    if found:
        _drop_names(scrap, named)
    return found


_Named = tuple[list[KnownProduct], int, str]
"""The products that words may name, with place and words."""


def _drop_names(scrap: Scrap, named: Sequence[_Named]) -> None:
    """A name beside the number or size of the same product says nothing new."""
    for _, start, words in named:
        scrap.drop(start, start + len(words))


def _by_size(
    scrap: Scrap,
    sizes: Sequence[re.Match[str]],
    named: Sequence[_Named],
    products: Sequence[KnownProduct],
    goods: Goods,
) -> list[tuple[int, KnownProduct, str]]:
    found = []
    names_here = [each for group, _, _ in named for each in group]
    for size in sizes:
        fitting = [each for each in products if has_size(each, size[0])]
        both = [each for each in fitting if each in names_here] if named else fitting
        if len(both) == 1:
            found.append((size.start(), both[0], size[0].strip()))
            continue
        scrap.restore(size.start(), size[0])
        if fitting:
            goods.unclear.append((size[0].strip(), tuple(each.product for each in both or fitting)))
    return found


def _by_name_alone(named: Sequence[_Named], goods: Goods) -> list[tuple[int, KnownProduct, str]]:
    found = []
    for group, start, words in named:
        if len(group) == 1:
            found.append((start, group[0], words))
        else:
            goods.unclear.append((words, tuple(each.product for each in group)))
    return found


def _code(product: str) -> re.Pattern[str]:
    """A number as people type it: any case, with or without its hyphens."""
    parts = [re.escape(part) for part in re.split(r"[\s\-_/]+", product) if part]
    parts = parts if len(_CODE_SIGNS.sub("", product.casefold())) >= _FEWEST_SIGNS else [re.escape(product)]
    return re.compile(_CODE_BEGINS + _BETWEEN.join(parts) + _CODE_ENDS, re.IGNORECASE)


def has_size(product: KnownProduct, said: str) -> bool:
    """Whether the figures of what was said are the first ones of its specification, in order."""
    figures = [plain_decimal(Decimal(each)) for each in _SIZES.findall(said)]
    own = [plain_decimal(Decimal(each)) for each in _SIZES.findall(product.specification)]
    return bool(figures) and own[: len(figures)] == figures


def _by_name(matches: Iterable[re.Match[str]], products: Sequence[KnownProduct]) -> list[_Named]:
    """The products that a run of signs may name, with place and words: their name, or its signs in order with some left out."""
    found = []
    for match in matches:
        words, at, group = _longest(match[0], products)
        if group:
            found.append((group, match.start() + at, words))
    return found


def _longest(run: str, products: Sequence[KnownProduct]) -> tuple[str, int, list[KnownProduct]]:
    """The longest part of a run of signs that names products."""
    names = [(each, each.name) for each in products if len(each.name) >= _FEWEST_SIGNS]
    longest = max((len(name) for _, name in names), default=0)
    for length in range(min(len(run), longest), _FEWEST_SIGNS - 1, -1):
        for start in range(len(run) - length + 1):
            part = run[start : start + length]
            exact = [each for each, name in names if part == name]
            group = exact or [each for each, name in names if _is_short_for(part, name)]
            if group:
                return part, start, group
    return "", 0, []


def _is_short_for(part: str, name: str) -> bool:
    """`热敏纸` for `热敏收银纸`: at least three signs of it in order, its last one with them; or its first signs alone."""
    if len(part) >= 3 and part[-1] == name[-1] and part[0] == name[0]:
        signs = iter(name)
        return all(sign in signs for sign in part)
    return len(part) >= 3 and (name.startswith(part) or name.endswith(part))


def _quantity(found: re.Match[str]) -> Decimal | None:
    value = said_number(found[1])
    return value if value is not None and value > 0 else None


def _say_quantity(line: SaidLine, found: re.Match[str]) -> None:
    value = _quantity(found)
    if value is not None:
        line.quantity = (format(value, "f"), found[0].strip())
        line.unit = (plain_term(found[2], Unit), found[0].strip())


def _quantities(scrap: Scrap, goods: Goods, named: list[SaidLine]) -> None:
    """Each quantity goes to a line of this piece that has none, then to an earlier one that waits for it."""
    for found in scrap.take(_QUANTITY):
        if _quantity(found) is None:
            scrap.restore(found.start(), found[0])
            continue
        line = next((each for each in named if each.quantity is None), None) or goods.lacking("quantity")
        _say_quantity(line, found)


def _say_price(
    scrap: Scrap, goods: Goods, named: list[SaidLine], price: str | None, found: re.Match[str]
) -> None:
    """A price belongs to the first line of this piece that has none, else to the line that was told last."""
    line = next((each for each in named or goods.lines[-1:] if each.unit_price is None), None)
    if price is None or line is None:
        scrap.restore(found.start(), found[0])
    else:
        line.unit_price = (price, found[0].strip(TAKEN + " "))


def _figures(found: re.Match[str]) -> str | None:
    value = said_number(next(each for each in found.groups() if each))
    return format(value, "f") if value is not None else None


def _coins(found: re.Match[str]) -> str | None:
    """`3毛8` is 0.38, `1块2毛` is 1.20."""
    return f"{found[1] or 0}.{found[2]}{found[3] or ''}"


def _spoken(found: re.Match[str]) -> str | None:
    """`5块8` is 5.8."""
    return f"{found[1]}.{found[2]}"


_PRICES = ((_NAMED_PRICE, _figures), (_COINS, _coins), (_SPOKEN_PRICE, _spoken), (_PRICE, _figures))
