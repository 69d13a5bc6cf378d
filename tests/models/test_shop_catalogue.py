"""R120: what the catalogue says, what it costs for whom, how it is found, and what is put beside each other."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from models.shop.catalogue import (
    Offer,
    PriceBreak,
    ProductRow,
    category_tree,
    compared,
    is_within,
    price_break,
    search,
)
from models.values.errors import Code, Refusal
from models.values.vocabulary import Unit, Words
from models.values.words import InvalidValue


def offer(product: str = "TP-80", **said: Any) -> Offer:
    base: dict[str, Any] = {
        "name": "热敏纸", "specification": "80mm × 80m", "unit": Unit.ROLL, "list_price": Decimal("80.00"),
        "available": Decimal(60), "weight": Decimal("3.2"),
    }  # fmt: skip
    return Offer(product=product, **(base | said))


BREAKS = (PriceBreak(Decimal(10), Decimal("75.00")), PriceBreak(Decimal(100), Decimal("70.00")))


@pytest.mark.parametrize(
    ("quantity", "own", "price"),
    [
        ("1", None, "80.00"),
        ("9.999", None, "80.00"),
        ("10", None, "75.00"),
        ("99", None, "75.00"),
        ("100", None, "70.00"),
        ("1", "72.00", "72.00"),
        ("10", "72.00", "72.00"),
        ("100", "72.00", "70.00"),
        ("1", "90.00", "80.00"),
    ],
)
def test_a_price_is_the_lowest_that_the_customer_has_a_right_to(
    quantity: str, own: str | None, price: str
) -> None:
    sold = offer(breaks=BREAKS, own_price=Decimal(own) if own else None)
    assert sold.unit_price(Decimal(quantity)) == Decimal(price)


def test_steps_that_change_nothing_are_not_shown() -> None:
    assert offer(breaks=BREAKS).price_steps() == (PriceBreak(Decimal(1), Decimal("80.00")), *BREAKS)
    own = offer(breaks=BREAKS, own_price=Decimal("72.00")).price_steps()
    assert own == (PriceBreak(Decimal(1), Decimal("72.00")), BREAKS[1])


def test_a_break_says_what_is_wrong_with_its_price() -> None:
    """R100: a seventh decimal is refused, and by name; what is no break at all shows how one is written."""
    with pytest.raises(InvalidValue) as refused:
        price_break("100=4.8000001")
    assert "单价最多六位小数" in refused.value.words.zh
    assert "at most six decimals" in refused.value.words.en
    with pytest.raises(InvalidValue) as refused:
        price_break("100")
    assert refused.value.words.zh == "“100”不是数量=单价，例如 100=75.00"


def test_breaks_are_read_sorted_and_written_alike() -> None:
    row = ProductRow(product="A", breaks=("100 = 70", "10=75.5"), categories=(" 纸袋 / 手提袋 ",))
    assert row.breaks == ("10=75.50", "100=70.00")
    assert row.categories == ("纸袋/手提袋",)
    for wrong in ("100", "=5", "x=5", "5=x", "0=5", "5=0", "-1=5", "5=-1", "1=1=1", ""):
        with pytest.raises(InvalidValue):
            price_break(wrong)
    for said in (
        {"breaks": ("10=75", "10.000=70")},
        {"categories": ("a//b",)},
        {"categories": ("a/b/c/d/e",)},
    ):
        with pytest.raises(ValidationError):
            ProductRow(product="A", **said)


def test_a_tree_counts_each_product_once_in_each_category() -> None:
    offers = [offer("A", categories=("纸/热敏", "纸/标签")), offer("B", categories=("纸/热敏",)), offer("C")]
    assert [(each.path, each.depth, each.count) for each in category_tree(offers)] == [
        ("纸", 0, 2), ("纸/标签", 1, 1), ("纸/热敏", 1, 2),
    ]  # fmt: skip
    assert [each.product for each in offers if is_within(each, "纸")] == ["A", "B"]
    assert not is_within(offer("A", categories=("纸张",)), "纸")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["TP-80", "BG-1", "BX-2"]),
        ("tp80", ["TP-80"]),
        ("热敏", ["TP-80"]),
        ("reminzhi", ["TP-80"]),
        ("rmz", ["TP-80"]),
        ("carrier", ["BG-1"]),
        ("手提", ["BG-1"]),
        ("牛皮 纸", ["BG-1", "BX-2"]),
        ("Sturdy", ["BX-2"]),
        ("nothing", []),
        ("%", []),
    ],
)
def test_products_are_found_by_number_chinese_pinyin_and_words(typed: str, found: list[str]) -> None:
    offers = [
        offer(),
        offer("BG-1", name="手提袋", name_en="carrier bag", specification="牛皮纸 32×25"),
        offer("BX-2", name="纸箱", specification="五层", description=Words("牛皮 外箱", "sturdy")),
    ]
    assert [each.product for each in search(offers, typed)] == found


def test_at_most_four_are_compared_each_once() -> None:
    assert compared(["A", " B", "A", "", "C", "D"]) == ("A", "B", "C", "D")
    with pytest.raises(Refusal) as refused:
        compared(list("ABCDE"))
    assert refused.value.code is Code.TOO_LARGE
