"""Contracts at the pages: drafted from the order, approved in the inbox, signed by the customer with a code (R31, R107)."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from activities.access.customer_sessions import begin_session
from activities.access.logins import set_passwords
from activities.access.signing_codes import SIGNING_CODES
from activities.contracts.contract_views import ContractView, show_contract
from activities.documents.document_store import DocumentStore
from activities.documents.press import Press
from activities.documents.typesetting import Typesetter
from activities.store.database import engine_at, reading
from activities.store.imports import CustomerRow, StaffRow, import_customers, import_staff
from gateway.security.staff_sessions import rules_of
from models.facts.fact_envelope import fact_envelope
from models.messages.envelope import DECISION
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.vocabulary import CustomerClass, Language, Role
from runtime.connection import connect
from runtime.delivery.telling import tell_order
from runtime.link_secret import link_secret
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, caller
from tests.gateway.test_pages import PASSWORD, Person, person, staff
from tests.runtime.watching import looks

__all__ = ["person", "staff"]
pytestmark = pytest.mark.usefixtures("working")
MAIL = "wang@example.com"


async def soon(settings: Settings, number: str, stage: str) -> ContractView:
    """The contract when it has come so far in the order database."""
    view: ContractView | None = None
    async for look in looks(f"{number} is {stage}"):
        view = show_contract(engine_at(settings.database_url), number)
        look.saw = view.stage
        if view.stage == stage and view.drafts:
            break
    assert view is not None
    return view


async def sends(someone: Person, path: str, act: str, **fields: str) -> httpx.Response:
    """A form of a page."""
    text = (await someone.client.get(path)).text
    token = re.search(r'name="form_token" value="([^"]+)"', text)
    assert token is not None, text
    given = {"form_token": token[1], "once": uuid.uuid4().hex, **fields}
    return await someone.client.post(act, data=given)


async def decided(
    settings: Settings, order: str, subject: str, outcome: str, role: Role, **detail: Any
) -> None:
    """Somebody decides about the order, by no page."""
    line = {"line": 1} if subject in ("technical", "production_date") else {}
    content = {"subject": subject, "outcome": outcome, "note_reference": "N-1", "detail": detail, **line}
    envelope = fact_envelope(
        f"test/{uuid.uuid4().hex}",
        DECISION,
        content,
        by=f"{role.value}-1",
        role=role,
        happened_at=datetime.now(UTC),
    )
    told = await tell_order(await connect(settings), settings, order, envelope)
    assert told.refusal is None, told


@pytest.fixture
async def order(shop: httpx.AsyncClient, staff: Settings) -> str:
    """An order whose price, quantity and date are settled."""
    engine = engine_at(staff.database_url)
    contacts = [f"王芳={MAIL}"]
    row = {
        "customer": "K1", "name": "红枫", "customer_class": CustomerClass.B, "designated_signers": ["王芳"],
        "verified_by": "chen", "email": MAIL, "signer_contacts": contacts, "salesperson": "li",
    }  # fmt: skip
    import_customers(engine, [CustomerRow.model_validate(row)])
    import_staff(engine, [StaffRow(person="fa", name="法", roles=(Role.LEGAL,))])
    import_staff(engine, [StaffRow(person="zong", name="总", roles=(Role.MARKETING_DIRECTOR,))])
    set_passwords(engine, ["fa", "zong"], PASSWORD)
    answer = await shop.post("/v1/orders", json=ORDER)
    assert answer.status_code == 201, answer.text
    number: str = answer.json()["order"]
    today = business_date(datetime.now(UTC))
    await decided(staff, number, "technical", "producible", Role.TECHNICAL, material_note="原纸充足")
    dated = {
        "production_date": (today + timedelta(days=1)).isoformat(),
        "quantity": "10",
        "finished_date": (today + timedelta(days=5)).isoformat(),
    }
    await decided(staff, number, "production_date", "dated", Role.PRODUCTION, **dated)
    return number


@pytest.fixture
async def customer(door: FastAPI, staff: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of customer K1, logged in."""
    async with caller(door, Accept="text/html") as client:
        enters(client, door, staff, "K1")
        yield client


def enters(client: httpx.AsyncClient, door: FastAPI, settings: Settings, customer: str) -> None:
    home, mail = door.state.door, MAIL
    if customer != "K1":
        mail = f"{customer.lower()}@example.com"
        import_customers(home.engine, [CustomerRow(customer=customer, name="别家", email=mail)])
    token = begin_session(home.engine, mail, [customer], home.now(), "-", rules_of(settings))
    client.cookies.set("customer", token)


async def approved(door: FastAPI, settings: Settings, number: str) -> None:
    """Legal and finance approve it in their inboxes."""
    for who in ("fa", "qian"):
        someone = Person(door)
        await someone.comes(who)
        inbox = (await someone.client.get("/")).text
        assert number in inbox
        assert "同意合同" in inbox
        fields = {"kind": "decision", "subject": "contract_approval", "outcome": "approve", "from": "inbox"}
        path = f"/contracts/{number}"
        spoken = await sends(someone, path, f"{path}/tell", **fields)
        assert (spoken.status_code, "口头" in spoken.text) == (409, True)
        done = await sends(someone, path, f"{path}/tell", **fields, note_reference="N-1")
        assert (done.status_code, done.headers["location"]) == (303, "/?said=accepted"), done.text
        await someone.client.aclose()
    await soon(settings, number, "to_arrange")


async def drafted(someone: Person, settings: Settings, order: str, **fields: str) -> str:
    """The salesperson drafts it."""
    await someone.comes("li")
    answer = await sends(someone, "/contracts/new", "/contracts/new", order=order, quality="一等品", **fields)
    assert answer.status_code == 303, answer.text
    number: str = answer.headers["location"].split("/")[2].partition("?")[0]
    await soon(settings, number, "in_approval")
    return number


def newest_code(settings: Settings) -> str:
    codes = table("signing_codes")
    with reading(engine_at(settings.database_url)) as connection:
        found = connection.scalars(select(codes.c.code_id).order_by(codes.c.made_at.desc())).first()
    return SIGNING_CODES.code(link_secret(settings), str(found))


async def test_drafted_approved_signed_by_code(
    person: Person, customer: httpx.AsyncClient, staff: Settings, door: FastAPI, order: str
) -> None:
    """R31, R107: nothing typed again; the customer reads it once it is approved, opens the paper, and signs with a code."""
    number = await drafted(person, staff, order, words="质量异议须在三十日内提出")
    assert number == f"H{order}-1"
    text = (await person.client.get(f"/contracts/{number}")).text
    assert "¥1,000.00" in text
    hidden = (await customer.get(f"/c/contracts/{number}")).text
    assert "一等品" not in hidden
    await approved(door, staff, number)
    path, own = f"/contracts/{number}", f"/c/contracts/{number}"
    at = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    fields = {"kind": "signing_arranged", "version": "1", "place": "我司会议室", "at": at}
    assert (await sends(person, path, f"{path}/tell", **fields)).status_code == 303
    view = await soon(staff, number, "to_sign")
    shown = (await customer.get(own)).text
    for words in ("一等品", "质量异议须在三十日内提出", "我司会议室", "请签署合同"):
        assert words in shown, words
    assert not re.search(r"R\d{2,3}", shown)
    form = {"version": "1", "digest": view.drafts[0].digest, "signed_by": "王芳", "agreed": "yes"}
    unprinted = await customer.post(f"{own}/sign", data=form)
    assert (unprinted.status_code, "请先打开" in unprinted.text) == (409, True)
    press = Press(
        engine_at(staff.database_url),
        Typesetter(staff.templates, Language.ZH),
        DocumentStore(staff.documents),
    )
    paper = next(each for each in press.print_due(number) if each.document)
    assert (await customer.post(f"{own}/code", data=form)).status_code == 200
    unopened = await customer.post(f"{own}/sign", data={**form, "code": newest_code(staff)})
    assert (unopened.status_code, "请先打开" in unopened.text) == (409, True)
    opened = await customer.get(f"{own}/papers/{paper.document}")
    assert opened.content.startswith(b"%PDF")
    for wrong, words in (
        ({"code": ""}, "须填写验证码"),
        ({"code": "00000000"}, "验证码不对"),
        ({"agreed": "", "code": "1"}, "请勾选"),
        ({"version": "2", "code": "1"}, "请核对新版"),
        ({"signed_by": "路人甲", "code": newest_code(staff)}, "验证码不对"),
    ):
        refused = await customer.post(f"{own}/sign", data={**form, **wrong})
        assert (refused.status_code, words in refused.text) == (409, True), (words, refused.text[-3000:])
    signed = await customer.post(f"{own}/sign", data={**form, "code": newest_code(staff)})
    assert (signed.status_code, signed.headers["location"]) == (303, f"{own}?said=accepted"), signed.text
    view = await soon(staff, number, "partly_signed")
    assert view.signatures[0].document.startswith("link/")
    boss = Person(door)
    await boss.comes("zong")
    fields = {
        "kind": "contract_signed",
        "version": "1",
        "digest": view.drafts[0].digest,
        "signed_by": "总经理",
    }
    assert (await sends(boss, path, f"{path}/tell", **fields)).status_code == 303
    await soon(staff, number, "in_force")
    copy = next(each for each in press.print_due(number) if each.document)
    assert f"/papers/{copy.document}" in (await customer.get(own)).text
    assert number in (await customer.get("/c/contracts")).text
    assert number in (await boss.client.get("/contracts")).text
    # another draft of it is a supplement; what is not another is refused in words
    same = await sends(person, path, f"{path}/tell", kind="drafted")
    assert (same.status_code, "没有任何不同" in same.text) == (409, True)
    assert await drafted_again(person, staff, order, number) == number
    await boss.client.aclose()


async def drafted_again(someone: Person, settings: Settings, order: str, number: str) -> str:
    """The same form for an order that has a contract drafts a version of it."""
    given = {"order": order, "quality": "特等品", "reason": "客户提高要求"}
    answer = await sends(someone, "/contracts/new", "/contracts/new", **given)
    assert answer.status_code == 303, answer.text
    view = await soon(settings, number, "changing")
    assert view.drafts[1].supplement
    found: str = answer.headers["location"].split("/")[2].partition("?")[0]
    return found


async def test_declined_and_what_is_not_theirs(
    person: Person, customer: httpx.AsyncClient, staff: Settings, door: FastAPI, order: str
) -> None:
    """R85, R107: another customer's contract is none; who has nothing to do with contracts sees none; the customer may decline."""
    number = await drafted(person, staff, order)
    async with caller(door, Accept="text/html") as other:
        enters(other, door, staff, "K2")
        assert (await other.get(f"/c/contracts/{number}")).status_code == 404
        assert (await other.post(f"/c/contracts/{number}/decline", data={"version": "1"})).status_code == 404
        assert number not in (await other.get("/c/contracts")).text
    async with caller(door, Accept="text/html") as nobody:
        assert (await nobody.get(f"/c/contracts/{number}")).headers["location"] == "/c/login"
        assert (await nobody.get(f"/contracts/{number}")).headers["location"] == "/login"
    technician = Person(door)
    await technician.comes("lin")
    assert (await technician.client.get(f"/contracts/{number}")).status_code in (303, 403)
    await technician.client.aclose()
    early = await customer.post(f"/c/contracts/{number}/decline", data={"version": "1", "reason": "x"})
    assert (early.status_code, "还没有批准" in early.text) == (409, True)
    await approved(door, staff, number)
    said = await customer.post(f"/c/contracts/{number}/decline", data={"version": "1", "reason": "交期太长"})
    assert said.status_code == 303
    await soon(staff, number, "to_draft")
    assert "交期太长" in (await person.client.get(f"/contracts/{number}")).text
    unknown = await sends(person, "/contracts/new", "/contracts/new", order="20270101-9999", quality="x")
    assert unknown.status_code == 409
    fields = {"kind": "terminated", "reason": "客户不要了"}
    ended = await sends(person, f"/contracts/{number}", f"/contracts/{number}/tell", **fields)
    assert ended.status_code == 303
    assert (await soon(staff, number, "ended")).ending == "terminated"
