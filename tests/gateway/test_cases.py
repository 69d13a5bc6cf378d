"""Cases at the pages: opened by the customer with a photo, decided in the supervisor's inbox, answered, rated (R141 to R144)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select, update

from activities.access.logins import set_passwords
from activities.cases.after_sales_views import CaseView, show_case
from activities.cases.ratings import SurveyPage, ask_for_ratings
from activities.store.database import engine_at, reading, writing
from activities.store.imports import StaffRow, import_staff
from models.policy import AfterwardsPolicy
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.gateway.conftest import caller
from tests.gateway.test_pages import PASSWORD, Person, person, staff
from tests.gateway.test_quotes import logs_in
from tests.runtime.watching import looks

__all__ = ["person", "staff"]
pytestmark = pytest.mark.usefixtures("working")
ORDER = "20260101-0001"


def delivered(settings: Settings, number: str = ORDER, customer: str = "K1") -> None:
    """An order that was delivered, paid and has ended."""
    when, nothing, none = datetime.now(UTC) - timedelta(days=2), Decimal("0.00"), Decimal("0.000")
    start = {"request": {"channel": "phone"}, "customer": {"customer": customer, "name": "红枫"}}
    with writing(engine_at(settings.database_url)) as connection:
        connection.execute(
            table("requests").insert().values(
                request_id=number, customer=customer, content_hash="-", number=number, placed_at=when, start=start
            )
        )  # fmt: skip
        connection.execute(
            table("orders").insert().values(
                number=number, customer=customer, customer_name="红枫", salesperson="li", paid=Decimal("500.50"),
                ended_at=when, ending="settled", sequence=1, head="-", epoch=0, placed_at=when, phase="ended",
                headline="settled", total=Decimal("500.50"), request_id=number,
            )
        )  # fmt: skip
        connection.execute(
            table("order_lines").insert().values(
                order_number=number, line=1, product="SP-9", quantity=Decimal("13000.000"), unit="sheet",
                unit_price=Decimal("0.0385"), amount=Decimal("500.50"), passed=none, entered=none, shipped=none,
            )
        )  # fmt: skip
        connection.execute(
            table("shipments").insert().values(
                order_number=number, shipment="1", quantities={"1": "13000.000"}, carrier="顺丰", shipped_at=when,
                collection="none", to_collect=nothing, remitted=nothing, freight_out=nothing, freight_back=nothing,
                delivered_at=when,
            )
        )  # fmt: skip


def supervisor(settings: Settings) -> None:
    """Who decides cases up to 500."""
    engine = engine_at(settings.database_url)
    import_staff(engine, [StaffRow(person="zheng", name="郑", roles=(Role.SERVICE_SUPERVISOR,))])
    set_passwords(engine, ["zheng"], PASSWORD)


def photo() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (40, 30), "red").save(kept, "PNG")
    return kept.getvalue()


async def soon(settings: Settings, number: str, stage: str) -> CaseView:
    """The case when it has come so far in the order database."""
    view: CaseView | None = None
    async for look in looks(f"{number} is {stage}"):
        view = show_case(engine_at(settings.database_url), number)
        look.saw = view.stage
        if view.stage == stage and view.sequence:
            break
    assert view is not None
    return view


async def sends(someone: Person, number: str, kind: str, **fields: str) -> httpx.Response:
    """A form of a case's page."""
    text = (await someone.client.get(f"/cases/{number}")).text
    token = re.search(r'name="form_token" value="([^"]+)"', text)
    once = re.search(r'name="once" value="([^"]+)"', text)
    assert token is not None, text
    given = {"form_token": token[1], "once": f"{kind}{once[1] if once else ''}", "kind": kind, **fields}
    return await someone.client.post(f"/cases/{number}/tell", data=given)


@pytest.fixture
async def customer(door: FastAPI, staff: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of customer K1, logged in."""
    async with caller(door, Accept="text/html") as client:
        logs_in(client, door, staff, "K1")
        yield client


DATA = {"订单", "中文", "红枫", "受潮", "属实"}
"""What is said and called in Chinese whatever language is read: the product, the other language, names, words of people."""
ASKED = {"type": "return", "cause": "defect", "line": "1", "quantity": "6500", "words": "受潮", "once": "a1"}


async def test_opened_decided_and_answered(
    person: Person, customer: httpx.AsyncClient, staff: Settings, door: FastAPI
) -> None:
    """R143: the customer reads human words and no rule; the supervisor decides in the inbox."""
    delivered(staff)
    assert "申请售后" in (await customer.get(f"/c/cases/new/{ORDER}")).text
    files = {"photos": ("a.png", photo(), "image/png")}
    path = f"/c/cases/new/{ORDER}"
    made = await customer.post(path, data=ASKED, files=files)
    assert made.status_code == 303, made.text
    number = f"C{ORDER}-1"
    assert made.headers["location"].startswith(f"/c/cases/{number}")
    again = await customer.post(path, data=ASKED, files=files)
    assert again.headers["location"].startswith(f"/c/cases/{number}")
    view = await soon(staff, number, "opened")
    assert len(view.evidence) == 1
    mine = (await customer.get(f"/c/cases/{number}")).text
    assert "尽快受理" in mine
    assert "R143" not in mine
    more = await customer.post(path, data={**ASKED, "once": "a2", "quantity": "6501"}, files={})
    assert more.status_code == 409
    assert "最多还可退 6,500（" in more.text
    await person.comes("chen")
    assert number in (await person.client.get("/")).text
    page = (await person.client.get(f"/cases/{number}")).text
    scan = re.search(r'href="(/scans/[^"]+)"', page)
    assert scan is not None
    assert (await person.client.get(scan[1])).status_code == 200
    assert (await sends(person, number, "case_acknowledged")).status_code == 303
    await soon(staff, number, "acknowledged")
    assert (await sends(person, number, "case_assessed", words="属实", remedy="refund")).status_code == 303
    await soon(staff, number, "assessed")
    supervisor(staff)
    boss = Person(door)
    await boss.comes("zheng")
    inbox = (await boss.client.get("/")).text
    assert number in inbox
    own = (f"/c/cases/{number}", "/c/cases", f"/c/cases/new/{ORDER}")
    for reader, path in (
        *(
            (boss.client, each)
            for each in (f"/cases/{number}", "/cases", "/cases/new", "/cases/statistics", "/")
        ),
        *((customer, each) for each in own),
    ):
        english = (await reader.get(f"{path}?language=en")).text
        shown = re.sub(r"(?s)<script.*?</script>|<[^>]*>", " ", english)
        assert set(re.findall("[一-鿿]+", shown)) <= DATA, path
    await customer.get("/c/cases?language=zh")
    await boss.client.get("/?language=zh")
    assert "250.25" in inbox
    wrong = await sends(boss, number, "decision", subject="case_decision", outcome="approve", remedy="refund")
    assert wrong.status_code == 409
    done = await sends(
        boss, number, "decision", subject="case_decision", outcome="approve", remedy="refund", note_reference="N-1",
        **{"from": "inbox"},
    )  # fmt: skip
    assert done.headers.get("location") == "/?said=accepted", done.text
    await soon(staff, number, "goods_awaited")
    assert "请寄回货物" in (await customer.get(f"/c/cases/{number}")).text
    sent = await customer.post(
        f"/c/cases/{number}/answer", data={"kind": "goods_sent", "carrier": "顺丰", "once": "b1"}
    )
    assert sent.status_code == 303, sent.text
    await soon(staff, number, "goods_sent")
    forged = await customer.post(
        f"/c/cases/{number}/answer", data={"kind": "goods_received", "quantity": "1"}
    )
    assert forged.status_code == 409
    assert "defect" in (await boss.client.get("/cases/statistics?language=en")).text
    assert number in (await boss.client.get("/cases")).text
    await boss.client.aclose()


async def test_what_is_not_theirs_and_what_is_too_large(
    customer: httpx.AsyncClient, staff: Settings, door: FastAPI
) -> None:
    """R85, R143: another's order is none; 50 MB are refused, and so is what is no picture."""
    delivered(staff)
    delivered(staff, "20260101-0002", "K2")
    assert (await customer.get("/c/cases/new/20260101-0002")).status_code == 404
    path = f"/c/cases/new/{ORDER}"
    assert (await customer.post("/c/cases/new/20260101-0002", data=ASKED)).status_code == 404
    large = await customer.post(path, data=ASKED, files={"photos": ("a.png", b"0" * 50_000_000, "image/png")})
    assert large.status_code == 413
    for name, content in (("a.exe", b"MZ"), ("a.png", b"no picture")):
        bad = await customer.post(path, data=ASKED, files={"photos": (name, content, "image/png")})
        assert bad.status_code == 409, bad.text
    bad = await customer.post(path, data={**ASKED, "cause": "weather"}, files={"photos": ("", b"")})
    assert bad.status_code == 409
    unwanted = await customer.post(path, data={**ASKED, "cause": "unwanted"}, files={"photos": ("", b"")})
    assert "质量问题" in unwanted.text
    with reading(engine_at(staff.database_url)) as connection:
        assert connection.execute(select(table("order_cases").c.case_number)).all() == []
    async with caller(door, Accept="text/html") as nobody:
        assert (await nobody.get("/c/cases")).headers["location"] == "/c/login"
        assert (await nobody.get("/cases")).headers["location"] == "/login"


async def test_rated_on_the_customers_page(customer: httpx.AsyncClient, staff: Settings) -> None:
    """R141: one rating, changeable; 1 opens a complaint by itself."""
    delivered(staff)
    engine = engine_at(staff.database_url)
    path = f"/c/rating/{ORDER}"
    assert (await customer.get(path)).status_code == 404
    with writing(engine) as connection:
        orders = table("orders")
        connection.execute(update(orders).values(ended_at=datetime.now(UTC) - timedelta(days=12)))
    day = business_date(datetime.now(UTC))
    for back in range(7):  # one of these is a working day
        ask_for_ratings(engine, SurveyPage(day=day - timedelta(days=back)), AfterwardsPolicy())
    assert "评价订单" in (await customer.get(path)).text
    assert (await customer.post(path, data={"goods": "6", "merchant": "5"})).status_code == 409
    assert (await customer.post(path, data={"goods": "5", "merchant": "4"})).status_code == 303
    assert (
        await customer.post(path, data={"goods": "1", "merchant": "4", "words": "破了"})
    ).status_code == 303
    await soon_opened(staff)
    assert f"C{ORDER}-1" in (await customer.get(path)).text


async def soon_opened(settings: Settings) -> None:
    """The complaint is opened by the door's forwarder."""
    ratings = table("ratings")
    async for _ in looks("a case is opened"):
        with reading(engine_at(settings.database_url)) as connection:
            if connection.scalar(select(ratings.c.case_number)) is not None:
                return
