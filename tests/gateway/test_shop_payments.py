"""A customer pays through the test provider: every fault of the table in docs/shop-payments.md, on real servers (R123)."""

from __future__ import annotations

import asyncio
import html
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from activities.access.logins import log_in_as, session_of
from activities.shop.intent_errands import IntentErrands
from activities.shop.payment_views import begin_at, keep_address
from activities.shop.reconciling import Reconciling
from activities.shop.refunding import pay_back_due
from activities.store import imports
from models.dossier.errands import ErrandDone
from models.shop.intent_errands import IntentQuestion, RefundWanted
from models.shop.reconciliation import StatementRun
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from runtime.shop.providers import providers_of
from tests.gateway.shop_street import KEY, A, B, Street

PAID = [(A, "100.00"), (B, "76.00")]


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Street(tmp_path).open() as street:
        yield street


def errands(street: Street) -> IntentErrands:
    providers = providers_of(street.settings)
    return IntentErrands(street.engine, providers, providers.told_at)


async def closes(street: Street) -> ErrandDone:
    """The errand of the first order, as the worker runs it."""
    return await asyncio.to_thread(errands(street).close_intent, IntentQuestion(order=A, key="k"))


async def test_somebody_pays_and_comes_back(street: Street) -> None:
    """The page leads to the provider; who paid comes back to a page that waits, and then says that it is paid."""
    intent = street.opened()
    page = (await street.shop.get(f"/shop/pay/{intent}")).text
    for text in (A, B, "100.00", "76.00", "176.00", f"{street.provider}/pay/{intent}"):
        assert text in page, text
    assert "测试支付" in (await street.there.get(f"/pay/{intent}")).text
    back = await street.pays(intent)
    assert back.headers["location"] == f"{street.door}/shop/pay/{intent}/back"
    await street.until(lambda: street.state(intent) == "paid")
    assert "已收到款项" in (await street.shop.get(f"/shop/pay/{intent}/back")).text
    assert "money is here" in (await street.shop.get(f"/shop/pay/{intent}/back?language=en")).text
    assert street.told() == PAID
    assert (await street.shop.get("/shop/pay/P000000000000000000000000-1")).status_code == 404


FAULTS = (
    ("late", 1, ["100.00", "76.00"], "paid", []),
    ("twice", 1, ["100.00", "76.00"], "paid", []),
    ("out_of_order", 2, ["100.00", "76.00"], "paid", []),
    ("amount", 1, ["99.43", "75.57"], "open", ["payment_differs"]),
    ("currency", 1, [], "open", ["payment_differs"]),
    ("paid_twice", 2, ["100.00", "76.00"], "paid", []),
    ("changed", 1, ["100.00", "76.00"], "paid", ["payment_changed"]),
)
"""What somebody chose, how many events are taken, what the orders are told, how the intent stands, what finance is asked."""


async def test_a_fault_when_somebody_pays(street: Street) -> None:
    """Side by side: no one of them disturbs another."""
    intents = {}
    for number, (fault, *_) in enumerate(FAULTS):
        orders = (f"20270105-1{number}01", f"20270105-1{number}02")
        asked = dict(zip(orders, (Decimal("100.00"), Decimal("76.00")), strict=True))
        intents[fault] = (street.opened(f"co-{fault}", asked), orders)
        await street.pays(intents[fault][0], fault=fault)
    for fault, events, told, state, steps in FAULTS:
        intent, orders = intents[fault]

        def is_so(intent: str = intent, wanted: tuple[object, ...] = (events, state, steps)) -> bool:
            return (len(street.events(intent)), street.state(intent), street.steps(intent)) == wanted

        await street.until(is_so)
        assert [amount for order, amount in street.told() if order in orders] == told, fault


async def test_a_callback_that_is_lost_is_made_up_for_by_asking(street: Street) -> None:
    intent = street.opened()
    await street.pays(intent, fault="lost")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("activities.shop.payment_views.ASK_EVERY", timedelta(0))
        page = (await street.shop.get(f"/shop/pay/{intent}/back")).text
    assert "已收到款项" in page
    assert street.told() == PAID


async def test_a_wrong_signature_is_refused_and_changes_nothing(street: Street) -> None:
    """Story: the money is found by asking all the same; what nobody signed was not taken."""
    intent = street.opened()
    await street.pays(intent, fault="wrong_signature")
    assert (street.told(), street.events()) == ([], [])
    body = b'{"event":"e","says":"paid","intent":"%s","payment":"p","amount":"176.00","at":"2027-01-05T09:30:00+08:00"}'
    said = body % intent.encode()
    for headers in ({}, signed(said, "AAAA" + KEY[4:]), signed(said + b" ", KEY)):
        answer = await street.shop.post("/shop/callbacks/test", content=said, headers=headers)
        assert (answer.status_code, answer.json()["taken"]) == (401, False)
    assert (street.told(), street.events()) == ([], [])
    assert (await closes(street)).content["paid"] is True
    assert street.told() == PAID


def signed(body: bytes, key: str, event: str = "e") -> dict[str, str]:
    now = datetime.now(UTC)
    signature = Webhook(key).sign(event, now, body.decode())
    return {
        "webhook-id": event,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }


async def test_nonsense_is_refused_and_nothing_is_kept(street: Street) -> None:
    for body in (b"", b"{", b"[]", b'{"event":"e"}', b'{"says":"rich"}', b"\xff\xfe", b"x" * 70_000):
        headers = {} if body.startswith(b"\xff") else signed(body, KEY)
        answer = await street.shop.post("/shop/callbacks/test", content=body, headers=headers)
        assert answer.status_code in (400, 401), body[:20]
        assert answer.json()["taken"] is False
    assert street.events() == []
    assert (await street.shop.post("/shop/callbacks/alipay", content=b"{}")).status_code == 404


async def test_before_the_intent_is_there_and_for_one_that_was_closed(street: Street) -> None:
    """Each is answered with success and lost is nothing: one waits for its intent, the other is told to the order."""
    closed = street.opened("co-2")
    assert (await closes(street)).content["paid"] is False
    for intent, payment in (("P-not-yet-1", "p1"), (closed, "p2")):
        said = (
            f'{{"event":"{payment}","says":"paid","intent":"{intent}","payment":"{payment}","amount":"176.00",'
            '"at":"2027-01-05T09:30:00+08:00"}'
        ).encode()
        answer = await street.shop.post(
            "/shop/callbacks/test", content=said, headers=signed(said, KEY, payment)
        )
        assert answer.status_code == 200
    assert street.told() == PAID
    assert street.steps() == ["payment_unplaced"]


async def test_somebody_who_fails_may_try_again_and_one_whose_time_ran_out_pays_anew(street: Street) -> None:
    intent = street.opened()
    await street.pays(intent, "fail")
    await street.until(lambda: len(street.events()) == 1)
    assert street.state(intent) == "open"
    await street.pays(intent, "expire")
    await street.until(lambda: street.state(intent) == "closed")
    assert "重新付款" in (await street.shop.get(f"/shop/pay/{intent}")).text
    following = (await street.shop.post(f"/shop/pay/{intent}")).headers["location"].rpartition("/")[2]
    assert following != intent
    await street.pays(following)
    await street.until(lambda: street.state(following) == "paid")
    assert street.told() == PAID
    assert (await street.shop.post(f"/shop/pay/{intent}")).headers["location"].endswith(following)


async def test_a_provider_that_is_down_or_slow_loses_nothing(street: Street) -> None:
    intent = street.opened()
    await street.fault("create", "down")
    page = await street.shop.get(f"/shop/pay/{intent}")
    assert page.status_code == 503
    assert "稍后再试" in page.text
    await street.fault("create", "lost")
    assert (await street.shop.get(f"/shop/pay/{intent}")).status_code == 503
    await street.fault("create", "slow")
    assert (await street.shop.get(f"/shop/pay/{intent}")).status_code == 200
    await street.fault("query", "down")
    with pytest.raises(Refusal) as refused:
        await closes(street)
    assert refused.value.code is Code.PROVIDER_UNAVAILABLE
    assert street.state(intent) == "open"
    await street.fault("close", "lost")
    with pytest.raises(Refusal):
        await closes(street)
    done = await closes(street)
    assert done.content == {"key": "k", "paid": False}


async def test_money_goes_back_once_whatever_the_provider_does(street: Street) -> None:
    """None: the errand is tried again by the engine, and then it goes back."""
    faults = {"": True, "lost": None, "down": None, "refused": False, "later": None}
    for number, (fault, first) in enumerate(faults.items()):
        order = f"20270105-2{number}01"
        intent = street.opened(f"co-{fault}", {order: Decimal("100.00")})
        await street.pays(intent)
        await street.until(lambda intent=intent: street.state(intent) == "paid")  # type: ignore[misc]
        if fault:
            await street.fault("refund", fault)
        wanted = RefundWanted(order=order, amount=Decimal("100.00"), key="refuse-1", reason="商家拒单")
        assert await paid_back(street, wanted) is first, fault
        if first is None:
            assert await paid_back(street, wanted) is True, fault
        there = (await street.there.get(f"/v1/intents/{intent}")).json()
        assert [each["amount"] for each in there["refunds"]] == ([] if first is False else ["100.00"]), fault


async def paid_back(street: Street, wanted: RefundWanted) -> bool | None:
    """What the errand answers; None where it is to be tried again."""
    try:
        return bool((await asyncio.to_thread(errands(street).refund_intent, wanted)).content["paid"])
    except Refusal:
        return None


async def test_a_second_success_goes_back_and_a_refund_at_the_provider_is_finances(street: Street) -> None:
    intent = street.opened()
    await street.pays(intent, fault="paid_twice")
    await street.until(lambda: len(street.events()) == 2)
    providers = providers_of(street.settings)
    done = await asyncio.to_thread(
        pay_back_due, street.engine, providers, providers.told_at, datetime.now(UTC)
    )
    assert done == 1
    there = (await street.there.get(f"/v1/intents/{intent}")).json()
    assert [each["amount"] for each in there["refunds"]] == ["176.00"]
    other = street.opened("co-2")
    await street.pays(other)
    await street.until(lambda: street.state(other) == "paid")
    await street.pays(other, "refund")
    await street.until(lambda: street.state(other) == "refunded")
    assert street.steps() == ["payment_differs"]


async def test_finance_sees_what_came_what_failed_and_what_differs(street: Street) -> None:
    """The list finds an intent by any of its numbers; a refund that failed is tried once more; only finance sees it."""
    lost, intent = street.opened("co-2"), street.opened()
    await street.pays(lost, fault="lost")
    await street.pays(intent, fault="paid_twice")
    await street.until(lambda: len(street.events()) == 2)
    await street.fault("refund", "refused")
    providers = providers_of(street.settings)
    now = datetime.now(UTC)
    assert await asyncio.to_thread(pay_back_due, street.engine, providers, providers.told_at, now) == 0
    today = StatementRun(day=business_date(now))
    job = Reconciling(street.engine, providers.all)
    assert (await asyncio.to_thread(job.reconcile_day, today)).differences == 0
    assert street.state(lost) == "paid"  # the statement has it
    imports.import_staff(
        street.engine,
        [
            imports.StaffRow(person="qian", name="钱", roles=(Role.FINANCE,)),
            imports.StaffRow(person="li", name="李", roles=(Role.SALESPERSON,)),
        ],
    )
    cookies = {name: log_in_as(street.engine, name, now, "here") for name in ("qian", "li")}
    path = "/shop/payments"
    assert (await street.shop.get(path, cookies={"session": cookies["li"]})).status_code == 403
    mine = {"session": cookies["qian"]}
    page = html.unescape((await street.shop.get(path, cookies=mine)).text)
    for text in (intent, lost, "176.00", "没有办成的退款", "再退一次"):
        assert text in page, text
    for found in (intent, "co-1", f"pay-{intent}-2"):
        page = (await street.shop.get(path, params={"q": found}, cookies=mine)).text
        assert intent in page, found
        assert lost not in page, found
    assert (
        "没有。"
        in (await street.shop.get(path, params={"q": "nothing", "show": "closed"}, cookies=mine)).text
    )
    form = session_of(street.engine, cookies["qian"], now).form_token
    kept = next(each for each in street.rows(table("intent_refunds").select()) if each.intent == intent)
    said = {"form_token": form, "provider": "test", "refund": kept.refund}
    assert (await street.shop.post(f"{path}/refund", data=said, cookies=mine)).status_code == 303
    assert (
        await asyncio.to_thread(pay_back_due, street.engine, providers, providers.told_at, datetime.now(UTC))
        == 1
    )
    assert (await street.shop.post(f"{path}/refund", data=said, cookies=mine)).status_code == 409
    assert "没有办成的退款" not in (await street.shop.get(path, cookies=mine)).text


async def test_where_a_code_is_scanned_the_page_shows_it(street: Street) -> None:
    intent = street.opened()
    begin_at(street.engine, intent, "test", datetime.now(UTC))
    keep_address(street.engine, intent, "weixin://wxpay/bizpayurl?pr=1")
    page = (await street.shop.get(f"/shop/pay/{intent}")).text
    assert "<svg" in page
    assert "扫码付款" in page
    assert 'href="weixin' not in page
