"""Who may look at a company's orders and nothing else (R120): at each route where customers do something they are told so."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from sqlalchemy import func, insert, select, update

from activities.store.database import engine_at, reading, writing
from activities.store.imports import CustomerRow, import_customers
from gateway.security.rights_table import Entry, entrances
from models.shop.accounts import AccountRight
from models.tables.registry import table
from runtime.settings import Settings
from tests.gateway.test_customer_log_ins import MAIL, OTHERS, Office, office
from tests.gateway.test_rights import NUMBERS

__all__ = ["office"]
LOOKS = "looks@hongfeng.example.com"
OPEN = {"/shop/login", "/shop/login/code", "/shop/logout", "/shop/pay/{intent}", "/shop/callbacks/{provider}"}
"""What is done without an account, or by whoever has the address: a log-in, and paying what somebody ordered."""
ACTS = sorted(
    door.path
    for door in entrances()
    if door.method == "POST"
    and door.entry is not Entry.STAFF
    and door.path.startswith(
        ("/c/orders/", "/c/quotes/", "/c/contracts/", "/c/cases/", "/c/rating/", "/shop/")
    )
    and door.path not in OPEN
)


@pytest.fixture
async def viewer(office: Office, door: FastAPI, prepared: Settings) -> Office:
    """The customer's office has an account; somebody who may look at it is logged in."""
    accounts, members = table("accounts"), table("account_members")
    now = office.clock()
    with writing(engine_at(prepared.database_url)) as connection:
        account = {"account": "a" * 16, "customer": "K-1", "made_at": now}
        nothing = {"invoice_title": "", "tax_number": "", "invoice_kind": ""}
        connection.execute(insert(accounts).values({**account, **nothing}))
        for address, right in ((MAIL, AccountRight.OWNER), (LOOKS, AccountRight.VIEWER)):
            row = {"address": address, "account": "a" * 16, "name": "", "right": right.value, "since": now}
            connection.execute(insert(members).values(row))
    assert (await office.comes(LOOKS)).status_code == 303
    return office


def kept(office: Office) -> list[int]:
    """How much was said, asked, sent or put somewhere so far."""
    names = (
        "inbox",
        "desk_steps",
        "outbox",
        "cart_lines",
        "addresses",
        "account_members",
        "signing_codes",
        "cases",
    )
    with reading(engine_at(office.settings.database_url)) as connection:
        return [connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names]


def test_what_customers_do_is_known() -> None:
    assert len(ACTS) >= 28, (
        "of orders 14, of quotes 1, of contracts 3, of cases 2, a rating, of the shop more"
    )


async def test_each_act_is_refused_to_who_only_looks(viewer: Office) -> None:
    before = kept(viewer)
    form = {"words": "x", "product": "HP-80", "quantity": "1", "signed_by": "x", "kind": "offer_refused"}
    done = []
    for path in ACTS:
        at = path.format(number=NUMBERS.get(path, viewer.order), order=viewer.order)
        answer = await viewer.client.post(at, data=form)
        if answer.status_code != 403 or "您在此账号的权限是查看" not in answer.text:
            done.append((path, answer.status_code))
    assert not done
    assert kept(viewer) == before


async def test_who_only_looks_sees_all_of_it_and_no_forms(viewer: Office) -> None:
    assert viewer.order in (await viewer.client.get("/c/orders")).text
    page = (await viewer.client.get(f"/c/orders/{viewer.order}")).text
    assert "您在此账号的权限是查看" in page
    assert set(re.findall(r'<form method="post" action="([^"]*)"', page)) == {"/c/logout"}
    document = re.findall(r"/papers/([0-9a-f]{64})", page)[0]
    assert (await viewer.client.get(f"/c/orders/{viewer.order}/papers/{document}")).status_code == 200
    new = await viewer.client.get(f"/c/cases/new/{viewer.order}")
    assert new.status_code == 403, "nobody fills in what they may not send"


async def test_the_right_is_that_of_now(viewer: Office) -> None:
    members = table("account_members")
    with writing(engine_at(viewer.settings.database_url)) as connection:
        is_it = members.c.address == LOOKS
        connection.execute(update(members).where(is_it).values(right=AccountRight.BUYER.value))
    asked = await viewer.client.post(f"/c/orders/{viewer.order}/questions", data={"words": "几号发货？"})
    assert asked.headers["location"] == f"/c/orders/{viewer.order}?said=asked"


async def test_who_looks_for_one_customer_still_acts_for_another(viewer: Office) -> None:
    theirs = CustomerRow(customer="K2", name="别家", email=LOOKS)
    import_customers(engine_at(viewer.settings.database_url), [theirs])
    await viewer.client.post("/c/logout")
    viewer.clock.later(minutes=2)
    await viewer.comes(LOOKS)
    answers = [
        await viewer.client.post(f"/c/orders/{order}/questions", data={"words": "x"})
        for order in (viewer.order, OTHERS, "20270301-0098")
    ]
    assert [each.status_code for each in answers] == [403, 303, 404]
