"""What the checkout and its confirmation say of invoices and of money that is to be paid, is there, or is not asked for (R122)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from activities.store.company_files import read_notice_table
from activities.store.database import reading, writing
from models.dossier.papers_due import Paper
from models.reports.notice_routes import Address, Channel, Route, routes
from models.shop.checkout_money import IntentState
from models.tables.registry import table
from models.values.vocabulary import Role
from runtime.settings import ROOT
from runtime.worker.post import post_everything
from tests.gateway.test_shop import PLACE, Shopping, ready, shopping

__all__ = ["shopping"]


async def test_an_invoice_is_wanted_with_what_it_shows(shopping: Shopping) -> None:
    """R122: the title is asked for at the checkout; a special invoice needs the tax number (R162)."""
    await ready(shopping)
    page = (await shopping.get("/shop/checkout")).text
    assert 'name="wants_invoice"' not in page
    assert 'action="/shop/account/invoice"' in page
    _, refused = await shopping.checkout(wants_invoice="yes")
    assert refused.status_code == 422
    assert "请先填写发票抬头" in refused.text
    assert shopping.count("orders") == 0
    about = {"title": "红枫包装", "kind": "special", "after": "checkout"}
    bad = await shopping.send("/shop/account/invoice", **about)
    assert bad.status_code == 422
    assert "专用发票须填写税号" in bad.text
    saved = await shopping.send("/shop/account/invoice", **about, tax_number="91440300")
    assert saved.headers["location"] == "/shop/checkout"
    assert "红枫包装 91440300" in (await shopping.get("/shop/checkout")).text
    _, sent = await shopping.checkout(wants_invoice="yes")
    assert sent.status_code == 303
    orders = table("requests")
    with reading(shopping.engine) as connection:
        (start,) = connection.scalars(select(orders.c.start)).all()
    assert "要发票：增值税专用发票，红枫包装，91440300" in str(start)


async def test_a_confirmation_says_whether_it_is_paid_and_asks_for_nothing_then(shopping: Shopping) -> None:
    """What was paid, or closed, is not asked for again however long the page is kept."""
    await ready(shopping)
    form, _ = await shopping.checkout()
    path = f"/shop/done/{form['checkout']}"
    assert "请在 24 小时内付款" in (await shopping.get(path)).text
    intents = table("intents")
    with writing(shopping.engine) as connection:
        connection.execute(intents.update().values(state=IntentState.PAID.value))
    page = (await shopping.get(path)).text
    assert "已付清" in page
    assert "小时内付款" not in page
    assert "/shop/pay/" not in page


async def test_goods_made_to_order_alone_ask_for_no_payment(shopping: Shopping) -> None:
    await shopping.put("BX/1", "400")
    await shopping.comes()
    await shopping.send("/shop/account/address", **PLACE)
    form, sent = await shopping.checkout()
    assert sent.headers["location"] == f"/shop/done/{form['checkout']}"
    page = (await shopping.get(f"/shop/done/{form['checkout']}")).text
    assert "小时内付款" not in page
    assert "业务员会与您确认交期和定金" in page
    outbox = table("outbox")
    with reading(shopping.engine) as connection:
        (told,) = connection.scalars(select(outbox.c.zh).where(outbox.c.paper == "shop_ordered")).all()
    assert "付款" not in told.replace("下单时不付款", "")
    assert shopping.count("intents") == 0


async def test_the_confirmation_is_sent_once_with_everything_in_it(shopping: Shopping) -> None:
    """R122: number, sum, fee, where to, by when; without any account it is a file."""
    await ready(shopping)
    form, _ = await shopping.checkout()
    await shopping.send("/shop/checkout", **form)
    post_everything(shopping.settings)
    post_everything(shopping.settings)
    done = (await shopping.get(f"/shop/done/{form['checkout']}")).text
    number = re.findall(r"/c/orders/(\d{8}-\d+)", done)[0]
    files = (shopping.settings.var / "outbox").rglob("*")
    (letter,) = [
        each for each in (one.read_text("utf-8") for one in files if one.is_file()) if number in each
    ]
    for part in ("¥176.00", "¥16.00", PLACE["address"], PLACE["consignee"], "24 小时内付款"):
        assert part in letter, part


@pytest.mark.parametrize(
    "paper",
    [
        Paper.SHOP_ORDERED, Paper.PAYABLE, Paper.ORDER_PAID, Paper.PAYMENT_LAPSED, Paper.ORDER_REOPENED, Paper.REFUNDED,
        Paper.MERCHANT_ACCEPTED, Paper.DELAY_TOLD,
    ],
)  # fmt: skip
def test_who_has_an_account_by_phone_hears_by_text_message(paper: Paper) -> None:
    """R120, R125: the shipped table has a way to who has no mailbox."""
    shipped = read_notice_table(ROOT / "notices.toml")
    assert shipped.ways(paper, Role.CUSTOMER.value) == (Channel.EMAIL, Channel.SMS)


@pytest.mark.parametrize(
    "paper",
    [
        Paper.RECEIPT,
        Paper.SHIPMENT,
        Paper.CANCELLED,
        Paper.APOLOGY,
        Paper.TRIAL_BEGINS,
        Paper.CASE_ACKNOWLEDGED,
    ],
)
def test_what_all_customers_are_told_reaches_a_phone_too(paper: Paper) -> None:
    """R10, R72, R120: a mailbox goes before."""
    mailbox, phone = "w@example.com", "13812345678"
    both, alone = Address(name="王芳", email=mailbox, phone=phone), Address(name="王芳", phone=phone)
    assert shipped_route(paper, both) == Route("customer", Channel.EMAIL, mailbox)
    assert shipped_route(paper, alone) == Route("customer", Channel.SMS, phone)


def test_a_sheet_to_be_signed_is_no_text_message() -> None:
    """R30: its address is asked for."""
    assert shipped_route(Paper.SHEET, Address(name="王芳", phone="13812345678")).lacks_address


def shipped_route(paper: Paper, address: Address) -> Route:
    """How the customer hears of it by the shipped table, where everything is set up."""
    shipped = read_notice_table(ROOT / "notices.toml")
    set_up = dict.fromkeys((Channel.EMAIL, Channel.FAX, Channel.SMS), True)
    return next(routes(shipped, paper, [Role.CUSTOMER.value], set_up, lambda _: address))
