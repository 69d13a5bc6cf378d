"""The catalogue as it is looked through, and own prices as they are kept, on both databases (R120)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, update

from activities.company.own_prices import (
    end_own_price,
    find_own_prices,
    keep_new_own_price,
    keep_own_price,
)
from activities.company.records import record_of
from activities.shop.products import import_products
from activities.shop.shelf import Shelf
from activities.store.company_changes import Teller, changes_of, subject_of
from activities.store.database import writing
from models.company.record_changes import RecordKind
from models.shop.catalogue import OwnPriceRow, ProductRow
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from tests.activities.test_shop import NOW, ready, shop

__all__ = ["shop"]


def test_the_catalogue_is_looked_through_as_it_is_now(shop: Engine) -> None:
    shelf, today = Shelf(), business_date(NOW)
    first = shelf.find(shop, today, NOW, "TP-80")
    assert "TP-80" in first.products
    assert shelf.find(shop, today, NOW, "TP-80") == first
    import_products(shop, [ProductRow(product="TP-80", shown=False)])
    assert "TP-80" not in shelf.find(shop, today, NOW, "TP-80").products
    import_products(shop, [ProductRow(product="TP-80", name_en="blotting", categories=("纸/吸水",))])
    found = shelf.find(shop, today, NOW, "blotting")
    assert found.products == ("TP-80",)
    assert [each.path for each in found.tree if each.path.startswith("纸")] == ["纸", "纸/吸水"]
    assert shelf.find(shop, today, NOW, category="箱").products == ()
    assert shelf.find(shop, date(2000, 1, 1), NOW).products == (), "of before any price counted"


def test_a_catalogue_that_somebody_wrote_by_hand_is_seen_ten_minutes_later(shop: Engine) -> None:
    shelf, today = Shelf(), business_date(NOW)
    assert "TP-80" in shelf.find(shop, today, NOW).products
    with writing(shop) as connection:
        connection.execute(update(table("products")).values(shown=False))
    assert "TP-80" in shelf.find(shop, today, NOW + timedelta(minutes=9)).products
    assert shelf.find(shop, today, NOW + timedelta(minutes=10)).products == ()


def test_own_prices_are_given_changed_and_ended(shop: Engine) -> None:
    customer, _ = ready(shop)
    teller, key = Teller("zhao"), {"customer": customer.customer, "product": "TP-80"}

    def own(price: str) -> OwnPriceRow:
        return OwnPriceRow(**key, unit_price=Decimal(price))

    keep_new_own_price(shop, own("78.00"), teller)
    with pytest.raises(Refusal) as refusal:
        keep_new_own_price(shop, own("77.00"), teller)
    assert refusal.value.code is Code.REQUEST_CONFLICT
    seen = record_of(shop, RecordKind.OWN_PRICE, key).seen
    keep_own_price(shop, own("76.00"), seen, teller)
    with pytest.raises(Refusal) as refusal:
        end_own_price(shop, key["customer"], key["product"], seen, teller)
    assert refusal.value.code is Code.STALE_VERSION
    listed = find_own_prices(shop, business_date(NOW), "TP-80")
    assert [(row["customer"], row["unit_price"], row["list_price"]) for row in listed.rows] == [
        (customer.customer, Decimal("76.00"), Decimal("80.00"))
    ]
    assert (listed.total, listed.following) == (1, ("", ""))
    assert find_own_prices(shop, business_date(NOW), "", (customer.customer, "TP-80")).rows == []
    end_own_price(
        shop, key["customer"], key["product"], record_of(shop, RecordKind.OWN_PRICE, key).seen, teller
    )
    assert find_own_prices(shop, business_date(NOW)).total == 0
    history = changes_of(shop, RecordKind.OWN_PRICE, subject_of(key))
    assert [[(each.before, each.after) for each in change.fields] for change in history] == [
        [("76.00", None)], [("78.00", "76.00")], [(None, "78.00")],
    ]  # fmt: skip
    for wrong in ({"customer": "nobody"}, {"product": "NONE"}):
        with pytest.raises(Refusal):
            keep_new_own_price(shop, own("1.00").model_copy(update=wrong), teller)
