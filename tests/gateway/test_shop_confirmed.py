"""What the checkout and its confirmation say of invoices and of money that is to be paid, is there, or is not asked for (R122)."""

from __future__ import annotations

from sqlalchemy import select

from activities.store.database import reading, writing
from models.shop.checkout_money import IntentState
from models.tables.registry import table
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
