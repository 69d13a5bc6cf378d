"""The shop of the house of pages: what it sells, and what its customer has in the cart."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

from PIL import Image, ImageDraw
from sqlalchemy import Engine

from activities.documents.document_store import DocumentStore
from activities.shop.accounts import keep_address, let_in
from activities.shop.carts import Holder, put
from activities.shop.products import add_picture, import_own_prices, import_products
from activities.stock.warehouse import enter_item, receive
from activities.store.company_changes import Teller
from activities.store.imports import PriceRow, import_prices
from models.company.record_changes import ChangeWay
from models.shop.accounts import Destination
from models.shop.catalogue import OwnPriceRow, ProductRow, SoldAs
from models.stock.desk_acts import GoodsCome, NewItem
from models.stock.stock_words import StockMove
from models.values.vocabulary import Unit

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
    ProductRow(product="LB-100", name_en="Blank labels", categories=("标签",), weight=Decimal("0.7")),
)  # fmt: skip
_STOCK = {"KB-32": "2600", "TP-57": "420"}
_COLOURS = {"KB-32": "#b98b5e", "TP-57": "#dfe5ea"}


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
    units = {"KB-32": Unit.PIECE, "TP-57": Unit.ROLL}
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


def _picture(product: str) -> bytes:
    """A plain drawing of it."""
    picture = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(picture).rounded_rectangle((200, 120, 600, 540), 30, fill=_COLOURS[product])
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
