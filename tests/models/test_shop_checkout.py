"""R65, R122: the fee, what was seen is what is ordered or nothing is, and which orders a cart becomes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.invoices.terms import InvoiceKind
from models.policy import ShopDeliveryPolicy
from models.shop.accounts import (
    BUYS,
    AccountRight,
    Destination,
    InvoiceData,
    Shopper,
    require_an_owner,
    require_right,
    require_tax_number,
)
from models.shop.cart import CartView
from models.shop.catalogue import SoldAs
from models.shop.checkout import (
    CheckoutForm,
    allocations,
    requests_of,
    require_as_seen,
    require_invoice_data,
    sums,
)
from models.shop.confirmation import Ordered, confirmation_words, ordered
from models.shop.delivery_fee import delivery_fee, delivery_method, expected_day
from models.shop.terms import VERSION
from models.values.errors import Code, Refusal
from models.values.vocabulary import DeliveryMethod, Fulfilment, PaymentTerms, Role, Unit, Words
from tests.models.test_shop_cart import line, view
from tests.models.test_shop_catalogue import offer

TERMS = ShopDeliveryPolicy()
COURIER, PICK_UP = DeliveryMethod.COURIER, DeliveryMethod.PICK_UP
SHOPPER = Shopper(account="acc", customer="K-1", address="a@b.cn", right=AccountRight.OWNER)
TO = Destination(consignee="王芳", phone="13812345678", address="深圳市南山区 1 号")
CHECKOUT = "0" * 32


@pytest.mark.parametrize(
    ("goods", "weight", "method", "fee"),
    [
        ("160.00", "6.4", COURIER, "16.00"),
        ("160.00", "5", COURIER, "12.00"),
        ("160.00", "5.001", COURIER, "14.00"),
        ("160.00", "6", COURIER, "14.00"),
        ("160.00", "0", COURIER, "12.00"),
        ("0.01", "100", COURIER, "202.00"),
        ("298.99", "1", COURIER, "12.00"),
        ("299.00", "50", COURIER, "0.00"),
        ("0.00", "3", COURIER, "0.00"),
        ("160.00", "6.4", PICK_UP, "0.00"),
    ],
)
def test_the_fee(goods: str, weight: str, method: DeliveryMethod, fee: str) -> None:
    assert delivery_fee(Decimal(goods), Decimal(weight), method, TERMS) == Decimal(fee)


def test_without_a_limit_nothing_is_free_and_other_ways_are_none_of_the_shops() -> None:
    never = ShopDeliveryPolicy(free_from=None)
    assert delivery_fee(Decimal(1000), Decimal(1), COURIER, never) == Decimal("12.00")
    for wrong in ("freight", "", "COURIER"):
        with pytest.raises(Refusal):
            delivery_method(wrong)


def ahead(day: date, count: int) -> date:
    return day + timedelta(days=count)


def test_the_expected_day() -> None:
    monday = date(2027, 3, 1)
    assert expected_day(monday, COURIER, ahead) == date(2027, 3, 7)
    assert expected_day(monday, PICK_UP, ahead) == date(2027, 3, 4)
    assert expected_day(monday, COURIER, ahead, making=10) == date(2027, 3, 17)
    assert expected_day(monday, PICK_UP, ahead, there_on=date(2027, 4, 1)) == date(2027, 4, 4)
    assert expected_day(monday, PICK_UP, ahead, there_on=date(2027, 2, 1)) == date(2027, 3, 4)


def form(**said: Any) -> CheckoutForm:
    base = {
        "checkout": CHECKOUT, "cart_version": 1, "seen_total": "176.00", "terms_version": VERSION, "address": "1",
    }  # fmt: skip
    return CheckoutForm.model_validate(base | said)


def refused(found: CartView, **said: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        require_as_seen(form(**said), found, sums(found, COURIER, TERMS))
    return refusal.value


def test_176_was_seen_and_is_ordered_180_is_price_changed_with_both_figures() -> None:
    require_as_seen(form(), view(line()), sums(view(line()), COURIER, TERMS))
    dearer = view(line(), a=offer(list_price=Decimal("82.00")))
    changed = refused(dearer)
    assert changed.code is Code.PRICE_CHANGED
    assert "176.00" in changed.words.zh
    assert "180.00" in changed.words.zh
    cheaper = view(line(), a=offer(list_price=Decimal("78.00")))
    assert refused(cheaper).code is Code.PRICE_CHANGED
    require_as_seen(form(seen_total="172.00"), cheaper, sums(cheaper, COURIER, TERMS))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"cart_version": 2}, Code.STALE_VERSION),
        ({"terms_version": ""}, Code.MISSING_FIELD),
        ({"terms_version": "old"}, Code.STALE_VERSION),
        ({"seen_total": "0.00"}, Code.PRICE_CHANGED),
        ({"seen_total": "-176.00"}, Code.PRICE_CHANGED),
    ],
)
def test_what_was_not_seen_is_not_ordered(said: dict[str, Any], code: Code) -> None:
    assert refused(view(line()), **said).code is code


def test_what_must_be_acknowledged_is_not_ordered_even_with_the_right_total() -> None:
    dearer = view(line(), a=offer(list_price=Decimal("82.00")))
    assert refused(dearer, seen_total="180.00").code is Code.PRICE_CHANGED
    less = view(line(), a=offer(available=Decimal(1)))
    assert refused(less).code is Code.PRICE_CHANGED
    assert refused(CartView(1, ())).code is Code.MISSING_FIELD


def mixed() -> CartView:
    made = offer("M", sold_as=SoldAs.MADE_TO_ORDER, days=5, list_price=Decimal("2.00"))
    sold = offer("S", samples=True, list_price=Decimal("30.00"))
    return view(
        line("M", "100", "2.00"), line(), line("S", "4", "30.00", sample=True), a=offer(), m=made, s=sold
    )


def test_a_cart_becomes_an_order_for_each_kind_and_only_what_is_paid_at_once_is_in_the_intent() -> None:
    found = mixed()
    now = sums(found, COURIER, TERMS)
    assert (now.goods, now.fee, now.later, now.total, now.seen) == (
        Decimal("280.00"), Decimal("16.00"), Decimal("200.00"), Decimal("296.00"), Decimal("496.00"),
    )  # fmt: skip
    invoice = InvoiceData(title="红枫", tax_number="91440300", kind=InvoiceKind.SPECIAL)
    made = requests_of(form(wants_invoice=True), found, now, SHOPPER, TO, invoice)
    assert [(each.request_id, each.fulfilment, each.payment_terms) for each in made] == [
        (f"shop-{CHECKOUT}-1", Fulfilment.SHOP, PaymentTerms.PREPAID),
        (f"shop-{CHECKOUT}-2", Fulfilment.MAKE_TO_ORDER, None),
        (f"shop-{CHECKOUT}-3", Fulfilment.SAMPLE, PaymentTerms.PREPAID),
    ]
    assert [each.shop.delivery_fee for each in made if each.shop] == [
        Decimal("16.00"),
        Decimal(0),
        Decimal(0),
    ]
    assert {(each.customer, each.entered_role) for each in made} == {("K-1", Role.CUSTOMER)}
    assert "91440300" in made[0].words
    numbers = {each.request_id: f"N-{place}" for place, each in enumerate(made, start=1)}
    assert allocations(made, numbers) == {"N-1": Decimal("176.00"), "N-3": Decimal("120.00")}
    done = ordered(CHECKOUT, made, numbers, found, now, TO, date(2027, 3, 1), ahead, Decimal(24))
    assert [(each.order, each.total, each.expected) for each in done.parts] == [
        ("N-1", Decimal("176.00"), date(2027, 3, 7)),
        ("N-2", Decimal("200.00"), date(2027, 3, 12)),
        ("N-3", Decimal("120.00"), date(2027, 3, 7)),
    ]
    words = confirmation_words(done)
    for part in ("N-1、N-2、N-3", "296.00", "16.00", "200.00", TO.address, "预计 2027-03-12"):
        assert part in words.zh, part


def test_free_samples_ask_for_no_money() -> None:
    free = view(line("S", "3", sample=True), s=offer("S", samples=True))
    made = requests_of(form(), free, sums(free, COURIER, TERMS), SHOPPER, TO, InvoiceData())
    assert allocations(made, {made[0].request_id: "N"}) == {}
    assert sums(free, COURIER, TERMS).seen == Decimal("0.00")


def test_a_viewer_does_not_buy_and_an_account_has_an_owner() -> None:
    with pytest.raises(Refusal) as refusal:
        require_right(SHOPPER.model_copy(update={"right": AccountRight.VIEWER}), BUYS)
    assert refusal.value.code is Code.WRONG_ROLE
    require_right(SHOPPER, BUYS)
    require_an_owner([AccountRight.VIEWER, AccountRight.OWNER])
    with pytest.raises(Refusal):
        require_an_owner([AccountRight.BUYER])


# --- what the customer is told -------------------------------------------------------------------------------------


def confirmed(*kinds: str, total: str = "176.00", method: DeliveryMethod = COURIER) -> Words:
    parts = [
        {"order": f"20270105-000{n}", "kind": kind, "lines": [], "fee": "0.00", "total": "0.00", "expected": "2027-01-12"}
        for n, kind in enumerate(kinds, start=1)
    ]  # fmt: skip
    done = {
        "checkout": CHECKOUT, "parts": parts, "to": TO, "method": method, "goods": total, "fee": "16.00", "total": total,
        "later": "1300.00" if "make_to_order" in kinds else "0.00", "terms_version": VERSION,
        "pay_hours": None if total == "0.00" else "12",
    }  # fmt: skip
    return confirmation_words(Ordered.model_validate(done))


def test_the_confirmation_names_numbers_sum_fee_place_day_and_the_hours_of_the_policy() -> None:
    said = confirmed("shop")
    for part in (
        "20270105-0001",
        "应付 ¥176.00",
        "运费 ¥16.00",
        TO.address,
        TO.consignee,
        "2027",
        "12 小时内付款",
    ):
        assert part in said.zh, part
    assert "Please pay within 12 hours" in said.en
    assert "订制" not in said.zh


def test_what_is_not_paid_at_once_asks_for_no_payment() -> None:
    said = confirmed("make_to_order", total="0.00")
    assert "应付" not in said.zh
    assert "小时内付款" not in said.zh
    assert "1300.00" in said.zh
    assert "pay within" not in said.en


def test_who_picks_it_up_reads_of_no_courier() -> None:
    said = confirmed("shop", method=PICK_UP)
    assert "可取" in said.zh
    assert "送达" not in said.zh
    assert TO.address not in said.zh


def test_units_are_counted_in_both_languages() -> None:
    assert [str(Unit.ROLL.counted(Decimal(n)).en) for n in ("1.000", "60", "0")] == ["roll", "rolls", "rolls"]
    assert (Unit.KILOGRAM.counted(5).en, Unit.PIECE.counted(5).zh) == ("kg", "个")


# --- invoice data ---------------------------------------------------------------------------------------------------


def test_who_wants_an_invoice_says_what_it_shows() -> None:
    wanted = form(wants_invoice=True)
    require_invoice_data(wanted, InvoiceData(title="红枫包装"))
    require_invoice_data(form(), InvoiceData())
    with pytest.raises(Refusal) as refusal:
        require_invoice_data(wanted, InvoiceData())
    assert (refusal.value.code, refusal.value.where) == (Code.MISSING_FIELD, "wants_invoice")
    require_tax_number(InvoiceData(title="红枫", kind=InvoiceKind.SPECIAL, tax_number="91440300"))
    with pytest.raises(Refusal) as refusal:
        require_tax_number(InvoiceData(title="红枫", kind=InvoiceKind.SPECIAL))
    assert refusal.value.where == "tax_number"
