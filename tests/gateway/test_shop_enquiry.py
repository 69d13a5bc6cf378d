"""A quote asked for in the shop: without a log-in a step of the desk, with one a quote of the customer's own (R104, R120)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from activities.store.database import reading
from models.tables.registry import table
from tests.gateway.test_shop import Shopping, ready, shopping

__all__ = ["shopping"]
ASKED = {
    "product": "HP-80",
    "quantity": "20000",
    "words": "印公司标志",
    "name": "王芳",
    "contact": "wang@else.example.com",
}


async def test_a_visitor_asks_and_somebody_of_the_staff_sees_it_once(shopping: Shopping) -> None:
    before = shopping.count("customers")
    assert "/shop/enquiry?product=HP-80" in (await shopping.get("/shop/p/HP-80")).text
    assert "邮箱或手机号" in (await shopping.get("/shop/enquiry?product=HP-80")).text
    for _ in range(2):
        sent = await shopping.send("/shop/enquiry", **ASKED)
        assert sent.headers["location"] == "/shop/enquiry?said=yes", sent.text
    assert "24 小时" in (await shopping.get("/shop/enquiry?said=yes")).text
    steps = table("desk_steps")
    with reading(shopping.engine) as connection:
        ((kind, roles, zh),) = connection.execute(select(steps.c.kind, steps.c.roles, steps.c.zh)).all()
    assert (kind, roles) == ("shop_enquiry", ["salesperson", "service_clerk"])
    for part in ("王芳", "wang@else.example.com", "HP-80", "20000", "印公司标志", "未核实"):
        assert part in zh, part
    assert (shopping.count("cases"), shopping.count("customers")) == (0, before), "nothing in anybody's name"


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"contact": ""}, 422), ({"contact": "x"}, 422), ({"quantity": "-1"}, 422), ({"quantity": "1.5"}, 422),
     ({"quantity": ""}, 422), ({"product": "NONE"}, 404), ({"words": "x" * 1001}, 422)],
)  # fmt: skip
async def test_what_nobody_could_answer_is_said_on_the_page(
    shopping: Shopping, changes: dict[str, str], status: int
) -> None:
    refused = await shopping.send("/shop/enquiry", **(ASKED | changes))
    assert refused.status_code in (status, 400, 409), refused.text
    assert shopping.count("desk_steps") == 0


async def test_a_robot_fills_no_inbox(shopping: Shopping) -> None:
    found = [
        (await shopping.send("/shop/enquiry", **(ASKED | {"words": str(n)}))).status_code for n in range(11)
    ]
    assert found == [303] * 10 + [429]
    assert shopping.count("desk_steps") == 10


async def test_who_is_logged_in_has_a_quote_of_their_own(shopping: Shopping) -> None:
    await ready(shopping)
    page = (await shopping.get("/shop/enquiry?product=HP-80")).text
    assert "邮箱或手机号" not in page
    first, again = [
        (await shopping.send("/shop/enquiry", **ASKED, once="a1")).headers["location"] for _ in range(2)
    ]
    assert first == again
    assert first.startswith("/c/quotes/Q")
    assert shopping.count("desk_steps") == 0
    assert (await shopping.get("/c/quotes")).text.count("/c/quotes/Q") == 1
