"""An order in half a minute: proposals, as last time, a message read, somebody new, one order of two tabs (R10, R11, R17)."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from temporalio.client import Client

from activities.orders.requests import open_request, start_of
from activities.store.company_files import read_policy
from activities.store.database import engine_at, reading, writing
from activities.store.imports import CustomerRow, PriceRow, import_customers, import_prices
from models.request.order_request import OrderRequest
from models.tables.registry import table
from models.values.vocabulary import Unit
from runtime.settings import Settings
from tests.gateway.test_new_order import ended, kept, words_at
from tests.gateway.test_pages import Person, person, staff

__all__ = ["person", "staff"]
BEFORE = {
    "request_id": "old/1", "channel": "wechat", "customer": "K1", "contact": "王芳", "phone": "0755-5550102",
    "consignee": "王芳", "address": "深圳市宝安区新安路 12 号", "payment_terms": "deposit", "packing": "50 卷一箱",
    "delivery_method": "freight", "freight_terms": "seller_pays", "wanted_date": None, "checkpoints": ["外观", "数量"],
    "customer_order_number": "PO-1", "entered_by": "chen", "entered_role": "service_clerk", "words": "老样子",
    "lines": [{"line": 1, "product": "TP-80", "specification": "80", "quantity": "1000", "unit": "roll", "unit_price": "100.00",
               "tolerance_percent": "5"}],
}  # fmt: skip


@pytest.fixture
def last(staff: Settings) -> str:
    """An order of before, and more customers and products."""
    engine = engine_at(staff.database_url)
    import_customers(engine, [
        CustomerRow(customer="K2", name="海河印务集团"), CustomerRow(customer="K3", name="100%好'纸"),
    ])  # fmt: skip
    import_prices(engine, [
        PriceRow(product="NCR-3", name="三联无碳纸", specification="241", unit=Unit.CARTON,
                 unit_price=Decimal("80.00"), valid_from=date(2026, 1, 1)),
    ])  # fmt: skip
    start, _ = open_request(
        engine, OrderRequest.model_validate(BEFORE), datetime.now(UTC), read_policy(staff.policy)
    )
    return start.number


async def sent(person: Person, path: str, **fields: str) -> str:
    token = await person.token("/orders/new")
    return (await person.client.post(path, data={"form_token": token, "request_id": "door/9", **fields})).text


def value_of(text: str, name: str) -> str:
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', text)
    assert found is not None, name
    return html.unescape(found[1])


async def proposals(person: Person, path: str) -> list[str]:
    return re.findall(r'data-value="([^"]*)"', (await person.client.get(path)).text)


async def customers_and_products_are_found_however_they_are_called(person: Person) -> None:
    for typed, found in {
        "红枫": ["K1"], "hf": ["K1"], "hongf": ["K1"], "k1": ["K1"], "075555": ["K1"], "0102": ["K1"], "hhyw": ["K2"],
        "100%": ["K3"], "%": ["K3"], "'": ["K3"], "x😀": [], "": [], "K": ["K1", "K2", "K3"],
    }.items():  # fmt: skip
        assert (
            await proposals(person, f"/orders/new/customers?customer={typed.replace('%', '%25')}") == found
        ), typed
    for typed, found in {
        "tp80": ["TP-80"],
        "slwt": ["NCR-3"],
        "无碳": ["NCR-3"],
        "241": ["NCR-3"],
        "zz": [],
    }.items():
        assert await proposals(person, f"/orders/new/products?lines.0.product={typed}") == found, typed
    offered = (await person.client.get("/orders/new/products?lines.3.product=NCR")).text
    assert 'data-unit="carton"' in offered
    assert 'data-unit_price="80.00"' in offered


async def test_ordered_again_everything_is_as_it_was_but_what_belongs_to_that_order(
    person: Person, last: str
) -> None:
    await person.comes("chen")
    text = (await person.client.get(f"/orders/new?again={last}")).text
    shown = {name: value_of(text, name) for name in ("customer", "contact", "phone", "packing", "lines.0.product", "lines.0.quantity",
                                                     "lines.0.unit_price", "checkpoints", "customer_order_number",
                                                     "wanted_date")}  # fmt: skip
    assert shown == {
        "customer": "K1", "contact": "王芳", "phone": "0755-5550102", "packing": "50 卷一箱", "lines.0.product": "TP-80",
        "lines.0.quantity": "1000", "lines.0.unit_price": "100.00", "checkpoints": "外观;数量", "customer_order_number": "",
        "wanted_date": "",
    }  # fmt: skip
    assert "可以下单" in text
    assert "¥100,000.00" in text
    assert "¥30,000.00" in text  # the deposit that is due
    assert "老样子" not in text
    assert (await person.client.get("/orders/new?again=20270101-0001")).status_code == 404
    assert f"/orders/new?again={last}" in (await person.client.get(f"/orders/{last}")).text


async def as_last_time_keeps_what_was_typed(person: Person) -> None:
    terms = await sent(person, "/orders/new/as-last", customer="红枫", contact="刘强")
    assert (value_of(terms, "customer"), value_of(terms, "contact")) == ("K1", "刘强")
    assert value_of(terms, "address") == "深圳市宝安区新安路 12 号"
    assert value_of(terms, "lines.0.product") == ""
    goods = await sent(
        person,
        "/orders/new/as-last",
        customer="K1",
        goods="yes",
        **{"lines.0.product": "XX", "lines.0.quantity": "3"},
    )
    assert (value_of(goods, "lines.0.product"), value_of(goods, "lines.0.quantity")) == ("TP-80", "1000")
    assert "还没有订单" in await sent(person, "/orders/new/as-last", customer="K2")
    assert "先选客户" in await sent(person, "/orders/new/as-last")


async def a_line_is_filled_in_from_the_price_list(person: Person) -> None:
    text = await sent(
        person, "/orders/new/lines", add="line", **{"lines.0.product": "三联无碳纸", "lines.0.quantity": "20"}
    )
    assert (value_of(text, "lines.0.product"), value_of(text, "lines.0.unit_price")) == ("NCR-3", "80.00")
    assert '<option value="carton" selected>' in text


async def test_a_message_is_proposed_then_filled_in_and_never_placed(
    person: Person, last: str, staff: Settings
) -> None:
    await person.comes("chen")
    before = kept(staff)
    message = "海河印务：三联无碳纸 20箱 80元，急\n收货人 李四 13900001111\n天津市河西区海河路5号"
    read = await sent(person, "/orders/new/read", chat=message, contact="王芳")
    assert "没有读懂" in read
    assert "“急”" in read
    assert (value_of(read, "contact"), value_of(read, "lines.0.product")) == ("王芳", "")
    ticked = dict.fromkeys(re.findall(r'name="(take\.[^"]+)"', read), "yes")
    assert "take.lines.0.product" in ticked
    ticked.pop("take.consignee")
    taken = await sent(person, "/orders/new/take", chat=message, contact="王芳", **ticked)
    shown = {name: value_of(taken, name) for name in ("customer", "contact", "consignee", "phone", "lines.0.product", "lines.0.unit_price",
                                                      "lines.0.specification")}  # fmt: skip
    assert shown == {
        "customer": "K2", "contact": "李四", "consignee": "", "phone": "13900001111", "lines.0.product": "NCR-3",
        "lines.0.unit_price": "80", "lines.0.specification": "",
    }  # fmt: skip
    assert "没有读出" in await sent(person, "/orders/new/read", chat="在吗？")
    assert "没有选" in await sent(person, "/orders/new/take", chat=message)
    again = await sent(person, "/orders/new/take", chat="红枫 再来一单，800卷", customer="K1",
                       **{"take.as_last": "yes", "take.customer": "yes", "take.lines.0.quantity": "yes"})  # fmt: skip
    assert (value_of(again, "lines.0.product"), value_of(again, "lines.0.quantity")) == ("TP-80", "800")
    assert kept(staff) == before


async def test_somebody_new_is_class_c_and_to_be_verified(person: Person, last: str, staff: Settings) -> None:
    await person.comes("li")
    text = await sent(person, "/orders/new/customer", **{"new.name": " 蓝天  贸易 ", "channel": "phone"})
    number = value_of(text, "customer")
    with reading(engine_at(staff.database_url)) as connection:
        row = (
            connection.execute(table("customers").select().where(table("customers").c.customer == number))
            .mappings()
            .one()
        )
    assert (row["name"], row["customer_class"], row["verified_by"], row["salesperson"]) == (
        "蓝天 贸易",
        "C",
        "",
        "li",
    )
    assert "已有同名客户" in await sent(
        person, "/orders/new/customer", **{"new.name": "蓝天 贸易", "contact": "赵"}
    )
    for wrong in ("", "长" * 101):
        refused = await sent(person, "/orders/new/customer", **{"new.name": wrong, "contact": "赵"})
        assert "请填客户名称" in refused
        assert value_of(refused, "contact") == "赵"
    look = await sent(person, "/orders/new/check", customer=number, channel="phone",
                      **{"lines.0.product": "TP-80", "lines.0.quantity": "1", "lines.0.unit": "roll"})  # fmt: skip
    assert "客户资料核实" in look
    await person.comes("lin")
    assert (await person.client.get("/orders/new/customers?customer=K")).status_code == 403


async def test_a_salesperson_orders_again_only_what_is_theirs(
    person: Person, last: str, staff: Settings
) -> None:
    with writing(engine_at(staff.database_url)) as connection:
        connection.execute(table("orders").update().values(salesperson="zhou"))
    await person.comes("li")
    assert "还没有订单" in await sent(person, "/orders/new/as-last", customer="K1")


async def test_a_form_is_filled_in_from_what_is_known(person: Person, last: str) -> None:
    """One house for several looks: making it is what costs."""
    await person.comes("chen")
    await customers_and_products_are_found_however_they_are_called(person)
    await as_last_time_keeps_what_was_typed(person)
    await a_line_is_filled_in_from_the_price_list(person)
    await what_is_wrong_stands_at_its_field(person)


@pytest.mark.usefixtures("working")
async def test_two_tabs_with_the_same_order_are_one_and_with_two_are_two(
    person: Person, last: str, staff: Settings, temporal_client: Client
) -> None:
    await person.comes("chen")
    first, second = [(await person.client.get("/orders/new")).text for _ in range(2)]
    order = {
        "form_token": value_of(first, "form_token"), "request_id": value_of(first, "request_id"), "channel": "fax", "customer": "红枫",
        "lines.0.product": "TP-80", "lines.0.quantity": "1.5万", "lines.0.unit": "roll", "lines.0.unit_price": "¥100",
    }  # fmt: skip
    assert value_of(second, "request_id") == order["request_id"]
    placed = await person.client.post("/orders/new", data=order)
    again = await person.client.post("/orders/new", data=order)
    number = placed.headers["location"].split("/")[-1].partition("?")[0]
    assert again.headers["location"] == f"/orders/{number}?said=known"
    assert str(start_of(engine_at(staff.database_url), number).request.lines[0].quantity) == "15000.000"
    other = await person.client.post("/orders/new", data={**order, "lines.0.quantity": "7"})
    assert other.status_code == 409
    assert number in other.text
    assert "再按一次" in other.text
    assert value_of(other.text, "lines.0.quantity") == "7"
    third = await person.client.post(
        "/orders/new",
        data={**order, "lines.0.quantity": "7", "request_id": value_of(other.text, "request_id")},
    )
    another = third.headers["location"].split("/")[-1].partition("?")[0]
    assert another != number
    assert value_of((await person.client.get("/orders/new")).text, "request_id") != order["request_id"]
    await ended(temporal_client, number, another)


async def what_is_wrong_stands_at_its_field(person: Person) -> None:
    text = await sent(
        person,
        "/orders/new/check",
        customer="没有这家",
        **{"lines.0.product": "没有这个", "lines.0.quantity": "很多"},
    )
    assert "不在客户档案" in words_at(text, "wrong-customer")
    assert "不在" in words_at(text, "wrong-lines.0.product")
    assert words_at(text, "wrong-lines.0.quantity")
