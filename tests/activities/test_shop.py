"""The shop in the order database, on both kinds: accounts, carts, the checkout once, the last pieces (R120 to R122)."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from activities.access.customer_log_ins import customers_at
from activities.shop import accounts, carts
from activities.shop.carts import Holder
from activities.shop.checkouts import CheckedOut, check_out, ordered_at
from activities.shop.offers import shop_offers
from activities.shop.own_orders import lines_again
from activities.shop.products import import_own_prices, import_products
from activities.stock import warehouse
from activities.store.database import reading
from activities.store.imports import PriceRow, import_prices
from models.policy import Policy
from models.shop.accounts import AccountRight, Destination, Shopper
from models.shop.catalogue import OwnPriceRow, ProductRow, SoldAs
from models.shop.checkout import CheckoutForm
from models.shop.terms import VERSION
from models.stock import desk_acts
from models.stock.stock_words import StockMove
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Unit

NOW = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
TODAY = date(2027, 1, 5)
POLICY = Policy()
TO = Destination(consignee="王芳", phone="13812345678", address="深圳市南山区 1 号")


def desk(connection: object, checkout: str, allocations: Mapping[str, Decimal]) -> str:
    """A desk of intents that asks nobody: the intent says what it is over."""
    return f"I-{checkout[:4]}-" + "-".join(f"{each}" for each in allocations.values())


@pytest.fixture
def shop(engine: Engine) -> Engine:
    """Rolls of 80.00 and 3.2 kg, sixty in stock; cartons made to order; samples of both."""
    since = date(2026, 1, 1)
    prices = [
        PriceRow(
            product=product,
            name=name,
            unit=unit,
            unit_price=Decimal(price),
            valid_from=since,
            valid_until=until,
        )
        for product, name, unit, price, until in (
            ("TP-80", "热敏纸", Unit.ROLL, "80.00", None),
            ("BX-1", "纸箱", Unit.PIECE, "2.50", None),
            ("OLD", "旧", Unit.PIECE, "1.00", date(2026, 2, 1)),
        )
    ]
    import_prices(engine, prices)
    rows = [
        ProductRow(product="TP-80", weight=Decimal("3.2"), samples=True, breaks=("10=75.00",)),
        ProductRow(product="BX-1", sold_as=SoldAs.MADE_TO_ORDER, days=5),
        ProductRow(product="OLD"),
    ]
    assert import_products(engine, rows) == 3
    warehouse.enter_item(engine, desk_acts.NewItem(product="TP-80", unit=Unit.ROLL))
    said = desk_acts.GoodsCome(product="TP-80", quantity=Decimal(60), source=StockMove.OPENING)
    warehouse.receive(engine, said, "store-fan", NOW, "opening")
    return engine


def priced(engine: Engine, price: str) -> None:
    row = PriceRow(product="TP-80", name="热敏纸", unit=Unit.ROLL, unit_price=Decimal(price), valid_from=date(2026, 1, 1))  # fmt: skip
    import_prices(engine, [row])


def holder(shopper: Shopper) -> Holder:
    return Holder(account=shopper.account, customer=shopper.customer)


def ready(engine: Engine, address: str = "a@b.cn", quantity: str = "2") -> tuple[Shopper, str]:
    """Somebody who has rolls in the cart, and where they go."""
    shopper = accounts.let_in(engine, address, NOW)
    carts.put(engine, holder(shopper), "TP-80", Decimal(quantity), NOW)
    return shopper, accounts.keep_address(engine, shopper, TO)


def form(engine: Engine, shopper: Shopper, place: str, checkout: str = "a" * 32, **said: Any) -> CheckoutForm:
    version = carts.look(engine, holder(shopper), 3, NOW).version
    base = {
        "checkout": checkout, "cart_version": version, "seen_total": "176.00", "terms_version": VERSION, "address": place,
    }  # fmt: skip
    return CheckoutForm.model_validate(base | said)


def send(engine: Engine, shopper: Shopper, sent: CheckoutForm) -> CheckedOut:
    return check_out(engine, shopper, sent, NOW, POLICY, desk)


def count(engine: Engine, name: str) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table(name))) or 0


def available(engine: Engine) -> Decimal:
    return shop_offers(engine, TODAY)["TP-80"].available


# --- the catalogue -------------------------------------------------------------------------------------------------


def test_what_is_offered_is_the_catalogue_with_price_stock_and_the_own_price(shop: Engine) -> None:
    accounts.let_in(shop, "a@b.cn", NOW)
    customer = accounts.let_in(shop, "a@b.cn", NOW).customer
    own = OwnPriceRow(customer=customer, product="TP-80", unit_price=Decimal("78.00"))
    assert import_own_prices(shop, [own]) == 1
    offers = shop_offers(shop, TODAY)
    assert set(offers) == {"TP-80", "BX-1"}, "what has no price in force is not sold"
    rolls = offers["TP-80"]
    assert (rolls.available, rolls.unit_price(Decimal(1)), rolls.unit_price(Decimal(10))) == (
        Decimal(60), Decimal("80.00"), Decimal("75.00"),
    )  # fmt: skip
    assert shop_offers(shop, TODAY, customer)["TP-80"].unit_price(Decimal(1)) == Decimal("78.00")
    import_products(shop, [ProductRow(product="TP-80", shown=False)])
    assert set(shop_offers(shop, TODAY)) == {"BX-1"}


def test_a_bad_row_hides_no_other_and_what_is_on_no_price_list_is_refused(shop: Engine) -> None:
    refused: list[tuple[int, Refusal]] = []
    rows = [ProductRow(product="NONE"), ProductRow(product="BX-1", name_en="carton")]
    assert import_products(shop, rows, refused) == 1
    assert [(place, refusal.code) for place, refusal in refused] == [(0, Code.UNKNOWN_PRODUCT)]


# --- accounts ------------------------------------------------------------------------------------------------------


def test_an_address_is_one_account_with_a_customer_of_its_own(shop: Engine) -> None:
    first, again = (accounts.let_in(shop, "13812345678", NOW) for _ in range(2))
    assert (first, first.right) == (again, AccountRight.OWNER)
    other = accounts.let_in(shop, "b@b.cn", NOW)
    assert (other.account != first.account, other.customer != first.customer) == (True, True)
    assert count(shop, "customers") == 2


def test_several_people_of_one_company(shop: Engine) -> None:
    owner = accounts.let_in(shop, "a@b.cn", NOW)
    accounts.add_member(shop, owner, "Viewer@B.cn", "小王", AccountRight.VIEWER, NOW)
    viewer = accounts.let_in(shop, "viewer@b.cn", NOW)
    assert (viewer.customer, viewer.right) == (owner.customer, AccountRight.VIEWER)
    for refused in (
        lambda: accounts.keep_address(shop, viewer, TO),
        lambda: accounts.add_member(shop, viewer, "c@b.cn", "", AccountRight.OWNER, NOW),
        lambda: accounts.change_member(shop, owner, "a@b.cn", AccountRight.BUYER, NOW),
        lambda: accounts.drop_member(shop, owner, "a@b.cn", NOW),
        lambda: accounts.add_member(shop, owner, "nothing", "", AccountRight.BUYER, NOW),
    ):
        with pytest.raises(Refusal):
            refused()
    other = accounts.let_in(shop, "other@c.cn", NOW)
    messages = []
    for taken in ("other@c.cn", "viewer@b.cn"):
        with pytest.raises(Refusal) as refusal:
            accounts.add_member(shop, owner, taken, "", AccountRight.BUYER, NOW)
        messages.append(refusal.value.words.zh)
    assert messages[0] == messages[1], "whose an address is, is not said"
    accounts.change_member(shop, owner, "viewer@b.cn", AccountRight.OWNER, NOW)
    accounts.drop_member(shop, owner, "a@b.cn", NOW)
    assert accounts.shopper_of(shop, "a@b.cn") is None
    with reading(shop) as connection:
        assert customers_at(connection, "a@b.cn") == [], "who is out comes in by the file no more"
        assert customers_at(connection, "viewer@b.cn") == [owner.customer]
    assert accounts.shopper_of(shop, "other@c.cn") == other


def test_addresses_are_kept_changed_removed_and_nobody_elses(shop: Engine) -> None:
    shopper, other = accounts.let_in(shop, "a@b.cn", NOW), accounts.let_in(shop, "b@b.cn", NOW)
    first = accounts.keep_address(shop, shopper, TO)
    second = accounts.keep_address(shop, shopper, TO.model_copy(update={"consignee": "李"}), is_default=True)
    changed = TO.model_copy(update={"phone": "13900000000"})
    accounts.keep_address(shop, shopper, changed, first)
    places = accounts.account_view(shop, shopper).places
    assert [(each.number, each.to.phone, each.is_default) for each in places] == [
        (second, TO.phone, True), (first, "13900000000", False),
    ]  # fmt: skip
    for theirs in (first, "none"):
        with pytest.raises(Refusal) as refusal:
            accounts.keep_address(shop, other, TO, theirs)
        assert refusal.value.code is Code.UNKNOWN_PLACE
    accounts.drop_address(shop, other, first)
    accounts.drop_address(shop, shopper, second)
    assert [(each.number, each.is_default) for each in accounts.account_view(shop, shopper).places] == [
        (first, True)
    ]


# --- carts ---------------------------------------------------------------------------------------------------------


def test_a_cart_survives_and_a_visitors_is_merged_once(shop: Engine) -> None:
    visitor = Holder(cart=carts.new_cart_id())
    carts.put(shop, visitor, "TP-80", Decimal(5), NOW)
    carts.put(shop, visitor, "BX-1", Decimal(100), NOW)
    shopper, _ = ready(shop)
    carts.merge(shop, visitor.cart, holder(shopper), NOW)
    lines = [
        (each.line.product, each.line.quantity) for each in carts.look(shop, holder(shopper), 3, NOW).lines
    ]
    assert lines == [("TP-80", Decimal(5)), ("BX-1", Decimal(100))]
    assert carts.look(shop, visitor, 3, NOW).lines == ()
    carts.merge(shop, visitor.cart, holder(shopper), NOW)
    assert carts.count_lines(shop, holder(shopper), NOW) == 2
    late = NOW + timedelta(days=90)
    assert carts.look(shop, holder(shopper), 3, late).lines == ()
    assert carts.count_lines(shop, holder(shopper), late) == 0
    carts.put(shop, holder(shopper), "TP-80", Decimal(1), late)
    assert carts.count_lines(shop, holder(shopper), late) == 1


# --- the checkout --------------------------------------------------------------------------------------------------


def test_a_checkout_sent_twice_is_one_order_with_its_stock_kept(shop: Engine) -> None:
    shopper, place = ready(shop)
    sent = form(shop, shopper, place)
    first, again = send(shop, shopper, sent), send(shop, shopper, sent)
    assert (first.new, again.new) == (True, False)
    assert (first.done, first.intent) == (again.done, again.intent)
    assert first.intent.endswith("-176.00")
    assert (count(shop, "orders"), count(shop, "checkouts"), available(shop)) == (1, 1, Decimal(58))
    (start,) = first.starts
    assert (start.request.shop.delivery_fee, start.request.customer) == (Decimal("16.00"), shopper.customer)  # type: ignore[union-attr]
    assert carts.look(shop, holder(shopper), 3, NOW).lines == ()
    outbox = table("outbox")
    with reading(shop) as connection:
        told = connection.execute(select(outbox.c.zh, outbox.c.paper)).all()
    assert [(start.number in zh, "176.00" in zh, paper) for zh, paper in told] == [
        (True, True, "shop_ordered")
    ]
    other = accounts.let_in(shop, "b@b.cn", NOW)
    assert ordered_at(shop, shopper, sent.checkout) is not None
    assert ordered_at(shop, other, sent.checkout) is None
    for whose, what in ((other, sent), (shopper, sent.model_copy(update={"address": "x"}))):
        with pytest.raises(Refusal) as refusal:
            send(shop, whose, what)
        assert refusal.value.code is Code.REQUEST_CONFLICT
    assert [(each.product, each.quantity) for each in lines_again(shop, shopper.customer, start.number)] == [
        ("TP-80", Decimal(2))
    ]
    with pytest.raises(Refusal):
        lines_again(shop, other.customer, start.number)


def test_a_double_click_at_the_same_instant_is_one_order(shop: Engine) -> None:
    shopper, place = ready(shop)
    sent, gate = form(shop, shopper, place), threading.Barrier(4)

    def click(_: int) -> str:
        gate.wait()
        return send(shop, shopper, sent).done.parts[0].order

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(click, range(4)))) == 1
    assert (count(shop, "orders"), available(shop)) == (1, Decimal(58))


def test_176_seen_and_180_now_makes_nothing(shop: Engine) -> None:
    shopper, place = ready(shop)
    sent = form(shop, shopper, place)
    priced(shop, "82.00")
    with pytest.raises(Refusal) as refusal:
        send(shop, shopper, sent)
    assert refusal.value.code is Code.PRICE_CHANGED
    assert "176.00" in refusal.value.words.zh
    assert "180.00" in refusal.value.words.zh
    assert [count(shop, name) for name in ("orders", "checkouts", "outbox", "reservations")] == [0, 0, 0, 0]
    carts.acknowledge(shop, holder(shopper), NOW)
    again = form(shop, shopper, place, seen_total="180.00")
    assert send(shop, shopper, again).done.total == Decimal("180.00")


def test_anothers_address_orders_nothing(shop: Engine) -> None:
    shopper, _ = ready(shop)
    _, theirs = ready(shop, "b@b.cn")
    with pytest.raises(Refusal) as refusal:
        send(shop, shopper, form(shop, shopper, theirs))
    assert (refusal.value.code, count(shop, "orders"), available(shop)) == (
        Code.UNKNOWN_PLACE, 0, Decimal(60),
    )  # fmt: skip


def test_the_last_pieces_are_sold_once(shop: Engine) -> None:
    """Four want twenty of sixty at the same instant: three get them, one hears that there are none, and nothing is half made."""
    people = [ready(shop, f"p{number}@b.cn", "20") for number in range(4)]
    forms = [
        form(shop, shopper, place, f"{number}" * 32, seen_total="1500.00")
        for number, (shopper, place) in enumerate(people)
    ]
    gate = threading.Barrier(4)

    def buy(number: int) -> str:
        gate.wait()
        while True:
            try:
                return send(shop, people[number][0], forms[number]).done.parts[0].order
            except Refusal as refusal:
                if (
                    refusal.code is not Code.DATABASE_UNAVAILABLE
                ):  # a busy file: whoever buys sends it once more
                    return refusal.code.value

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(buy, range(4)))
    assert sorted(found)[-1] in (Code.NOT_ENOUGH_STOCK.value, Code.PRICE_CHANGED.value), found
    assert (len(set(found)), count(shop, "orders"), count(shop, "checkouts"), available(shop)) == (
        4, 3, 3, Decimal(0),
    )  # fmt: skip


def test_a_mixed_cart_becomes_three_orders(shop: Engine) -> None:
    shopper, place = ready(shop)
    carts.put(shop, holder(shopper), "BX-1", Decimal(1000), NOW)
    carts.put(shop, holder(shopper), "TP-80", Decimal(1), NOW, sample=True)
    out = send(shop, shopper, form(shop, shopper, place, seen_total="2676.00"))
    assert [(each.kind.value, each.total) for each in out.done.parts] == [
        ("shop", Decimal("176.00")), ("make_to_order", Decimal("2500.00")), ("sample", Decimal("0.00")),
    ]  # fmt: skip
    assert out.intent.endswith("-176.00"), "a free sample and what is made to order are not in the intent"
