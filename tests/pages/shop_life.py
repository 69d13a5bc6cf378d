"""The shop of the house of pages: what it sells, how that was rated, what its customer ordered and has in the cart."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from PIL import Image, ImageDraw
from sqlalchemy import Engine, insert, select

from activities.cases.ratings import SurveyPage, ask_for_ratings, rate
from activities.documents.document_store import DocumentStore
from activities.shop.accounts import keep_address, let_in
from activities.shop.carts import Holder, put
from activities.shop.products import add_picture, import_own_prices, import_products
from activities.stock.warehouse import enter_item, receive
from activities.store.company_changes import Teller
from activities.store.database import reading, writing
from activities.store.imports import PriceRow, import_prices
from models.cases.rating import Rating
from models.company.record_changes import ChangeWay
from models.policy import AfterwardsPolicy
from models.shop.accounts import Destination
from models.shop.catalogue import OwnPriceRow, ProductRow, SoldAs
from models.shop.confirmation import Ordered, OrderedLine, OrderedPart
from models.shop.terms import VERSION
from models.stock.desk_acts import GoodsCome, NewItem
from models.stock.stock_words import StockMove
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.money import ZERO
from models.values.vocabulary import DeliveryMethod, Fulfilment, Unit

_SINCE = date(2027, 1, 1)
_PRICES = (
    ("KB-32", "牛皮手提袋", "32×25×11 cm，120 g", Unit.PIECE, "1.20"),
    ("BX-5", "五层瓦楞纸箱", "60×40×40 cm", Unit.PIECE, "6.50"),
    ("LB-100", "空白标签", "100×150 mm", Unit.ROLL, "16.00"),
)
_PRODUCTS = (
    ProductRow(
        product="KB-32", name_en="Kraft carrier bag", categories=("纸袋/手提袋",), weight=Decimal("0.08"),
        breaks=("100=1.05", "1000=0.88"), samples=True, description_zh="可降解牛皮纸，纸绳提手，承重 8 公斤。",
        description_en="Kraft paper with twisted handles, carries 8 kg.",
    ),
    ProductRow(
        product="TP-57", name_en="Thermal receipt rolls", categories=("热敏纸",), weight=Decimal("0.16"), breaks=("50=2.30",),
    ),
    ProductRow(
        product="BX-5", name_en="Corrugated box, five-ply", categories=("纸箱",), weight=Decimal("0.9"),
        sold_as=SoldAs.MADE_TO_ORDER, days=6, samples=True,
    ),
    ProductRow(
        product="TP-80", name_en="Thermal receipt rolls, wide", categories=("热敏纸",), weight=Decimal("0.3"), breaks=("100=4.60",),
    ),
    ProductRow(product="LB-100", name_en="Blank labels", categories=("标签",), weight=Decimal("0.7")),
)  # fmt: skip
_STOCK = {"KB-32": "2600", "TP-57": "420", "TP-80": "1200"}
_COLOURS = {"KB-32": "#b98b5e", "TP-57": "#dfe5ea", "TP-80": "#e6dccf"}
DONE = "d0e" + "0" * 29
"""The id of a checkout of its customer."""


def open_shop(engine: Engine, store: DocumentStore, address: str, now: datetime) -> None:
    """Let the shop sell, and let the customer with this address put something in."""
    teller = Teller("manager-wu", ChangeWay.PAGE, now)
    rows = [
        PriceRow(
            product=product, name=name, specification=specification, unit=unit, unit_price=Decimal(price), valid_from=_SINCE
        )
        for product, name, specification, unit, price in _PRICES
    ]  # fmt: skip
    import_prices(engine, rows, None, teller)
    import_products(engine, _PRODUCTS, None, teller)
    units = {"KB-32": Unit.PIECE, "TP-57": Unit.ROLL, "TP-80": Unit.ROLL}
    for product, quantity in _STOCK.items():
        enter_item(engine, NewItem(product=product, unit=units[product]))
        said = GoodsCome(product=product, quantity=Decimal(quantity), source=StockMove.OPENING)
        receive(engine, said, "store-fan", now, f"opening/{product}")
        add_picture(engine, store, product, _picture(product), "manager-wu", now)
    shopper = let_in(engine, address, now)
    to = Destination(consignee="王芳", phone="13812345678", address="深圳市南山区科技园 1 号")
    keep_address(engine, shopper, to)
    own = OwnPriceRow(customer=shopper.customer, product="TP-57", unit_price=Decimal("2.40"))
    import_own_prices(engine, [own], None, teller)
    holder = Holder(account=shopper.account, customer=shopper.customer)
    for product, wanted, sample in (("KB-32", "100", False), ("BX-5", "200", False), ("BX-5", "1", True)):
        put(engine, holder, product, Decimal(wanted), now, sample=sample)


def check_out_once(
    engine: Engine, address: str, numbers: Mapping[str, str], intent: str, now: datetime
) -> None:
    """A checkout of the customer with this address, as it was confirmed to them: to be paid, and something made to order."""
    shopper, to = (
        let_in(engine, address, now),
        Destination(consignee="王芳", phone="13812345678", address="深圳市南山区科技园 1 号"),
    )
    bags = OrderedLine(
        product="KB-32", name_zh="牛皮手提袋", name_en="Kraft carrier bag", specification="32×25×11 cm，120 g",
        quantity=Decimal(100), unit=Unit.PIECE, unit_price=Decimal("1.58"), amount=Decimal("158.00"),
    )  # fmt: skip
    boxes = bags.model_copy(
        update={"product": "BX-5", "name_zh": "五层瓦楞纸箱", "name_en": "Corrugated box, five-ply", "unit_price": Decimal("6.50"),
                "specification": "60×40×40 cm", "quantity": Decimal(200), "amount": Decimal("1300.00")}
    )  # fmt: skip
    fee, later = Decimal("18.00"), boxes.amount
    parts = (
        OrderedPart(
            order=numbers["made"], kind=Fulfilment.SHOP, lines=(bags,), fee=fee, total=bags.amount + fee, expected=date(2027, 3, 17)
        ),
        OrderedPart(
            order=numbers["to_sign"], kind=Fulfilment.MAKE_TO_ORDER, lines=(boxes,), fee=ZERO, total=later, expected=date(2027, 3, 25)
        ),
    )  # fmt: skip
    done = Ordered(
        checkout=DONE, parts=parts, to=to, method=DeliveryMethod.COURIER, goods=bags.amount, fee=fee, later=later,
        total=bags.amount + fee, terms_version=VERSION, pay_hours=Decimal(24),
    )  # fmt: skip
    row = {
        "checkout": DONE, "account": shopper.account, "digest": "0", "at": now, "by": shopper.address,
        "content": done.model_dump(mode="json"), "total": done.total, "intent": intent,
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(table("checkouts")).values(row))


def rate_what_was_bought(engine: Engine, order: str, now: datetime) -> None:
    """The customer of an order that has ended is asked about it, and rates it."""
    policy = AfterwardsPolicy()
    ask_for_ratings(engine, SurveyPage(day=business_date(now)), policy)
    ratings = table("ratings")
    with reading(engine) as connection:
        customer = connection.scalar(select(ratings.c.customer).where(ratings.c.order_number == order))
    rate(
        engine, order, (str(customer),), Rating(goods=4, merchant=5, words="纸质好，切口整齐。"), now, policy
    )


def _picture(product: str) -> bytes:
    """A plain drawing of it."""
    picture = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(picture).rounded_rectangle((200, 120, 600, 540), 30, fill=_COLOURS[product])
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
