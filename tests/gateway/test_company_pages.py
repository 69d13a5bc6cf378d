"""The company's pages: who is let in where, written by hand; what is kept, by whom, and what the second of two is told.

R17, R20, R28, R31, R51, R53, R85; the administrator keeps people and keys and takes no business decisions.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from sqlalchemy import Engine

from activities.access.api_keys import list_keys
from activities.access.logins import log_in_as, session_of
from activities.company.people import keep_person
from activities.orders.recording.recorder import Recorder
from activities.reminders.reminder_pauses import pauses_now
from activities.store import imports
from activities.store.company_changes import Teller, changes_of, newest_changes
from activities.store.database import engine_at, reading, upgrade
from gateway.app import create_app
from models.company.record_changes import ChangeWay, RecordKind
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import rows_of
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import CustomerClass, Role, Unit
from runtime.settings import Settings
from tests.models.life import Life

NOW = datetime(2027, 3, 20, 1, 0, tzinfo=UTC)
PEOPLE = [
    "salesperson", "service_clerk", "service_assistant", "service_supervisor", "merchandiser", "sales_supervisor",
    "marketing_director", "technical", "production", "purchasing", "material_controller", "quality", "warehouse", "finance",
    "legal", "shipper", "logistics", "operator", "administrator",
]  # fmt: skip
ORDER = "20270301-0001"


class House:
    """A company whose Temporal server is away, with an order on record, and somebody of each role."""

    def __init__(self, url: str, folder: Path) -> None:
        self.settings = Settings(
            var=folder / "var", database_url=url, temporal_address="127.0.0.1:9", requests_a_minute=10**6
        )
        upgrade(url)
        self.engine: Engine = engine_at(url)
        imports.import_customers(
            self.engine,
            [
                imports.CustomerRow(
                    customer="K-1", name="红枫包装", customer_class=CustomerClass.B, salesperson="li"
                ),
                imports.CustomerRow(customer="K-2", name="别家", salesperson="zhou"),
                imports.CustomerRow(customer="=1+1", name="=HYPERLINK(1)", salesperson="zhou"),
            ],
        )
        price = {
            "product": "TP-80",
            "name": "热敏纸",
            "unit": Unit.ROLL,
            "unit_price": Decimal("5.00"),
            "valid_from": "2026-01-01",
        }
        imports.import_prices(self.engine, [imports.PriceRow.model_validate(price)])
        people: dict[str, tuple[Role, ...]] = {f"is-{role}": (Role(role),) for role in PEOPLE}
        people |= {
            "li": (Role.SALESPERSON,),
            "zhou": (Role.SALESPERSON,),
            "wu": (Role.SALES_SUPERVISOR,),
            "all": tuple(map(Role, PEOPLE)),
        }
        imports.import_staff(
            self.engine, [imports.StaffRow(person=name, name=f"{name}名", roles=roles) for name, roles in people.items()]
        )  # fmt: skip
        order = Life().in_warehouse().order
        Recorder(self.engine).record(
            Burst(
                order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved,
                rows=rows_of(order), intentions=order.unsent,
            )
        )  # fmt: skip
        self.app: FastAPI = create_app(self.settings)
        self.app.state.door.now = lambda: NOW

    @asynccontextmanager
    async def as_(self, person: str) -> AsyncIterator[Visitor]:
        """Somebody who is logged in."""
        token = log_in_as(self.engine, person, NOW, "here")
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport,
            base_url="http://door",
            cookies={"session": token},
            headers={"Accept": "text/html"},
        ) as client:
            yield Visitor(client, session_of(self.engine, token, NOW).form_token)

    def row(self, name: str, **key: Any) -> dict[str, Any]:
        """One row of a table."""
        where = table(name)
        query = where.select().where(*(where.c[column] == value for column, value in key.items()))
        with reading(self.engine) as connection:
            return dict(connection.execute(query).mappings().one())


class Visitor:
    """Somebody at the pages."""

    def __init__(self, client: httpx.AsyncClient, form_token: str) -> None:
        self.client, self.form_token = client, form_token

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def reads(self, path: str) -> str:
        answer = await self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
        return html.unescape(answer.text)

    async def sends(self, path: str, **fields: str) -> httpx.Response:
        return await self.client.post(path, data={"form_token": self.form_token, **fields})

    async def seen(self, path: str) -> dict[str, str]:
        """The form as it is shown: every field with its value."""
        return fields_in((await self.client.get(path)).text)


def fields_in(text: str) -> dict[str, str]:
    """Every field of a form that is shown, with its value; a tick that is not set is no field."""
    inputs = re.findall(r'<input([^>]*)name="([^"]+)" value="([^"]*)"([^>]*)>', text)
    found = {
        name: html.unescape(value)
        for before, name, value, after in inputs
        if "checkbox" not in before or "checked" in after
    }
    chosen = r'<select name="([^"]+)"[^>]*>(?:(?!</select>).)*?<option value="([^"]*)" selected'
    found |= dict(re.findall(chosen, text, re.DOTALL))
    found |= dict(re.findall(r'<textarea name="([^"]+)"[^>]*>([^<]*)<', text))
    return {name: value for name, value in found.items() if name != "form_token"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> House:
    """For looking alone."""
    folder = tmp_path_factory.mktemp("company")
    return House(f"sqlite:///{folder / 'orders.db'}", folder)


@pytest.fixture(scope="module")
def knocked(tmp_path_factory: pytest.TempPathFactory) -> House:
    """For acts of everybody, whatever comes of them."""
    folder = tmp_path_factory.mktemp("knocked")
    return House(f"sqlite:///{folder / 'orders.db'}", folder)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(f"sqlite:///{tmp_path / 'orders.db'}", tmp_path)


# --- who is let in -----------------------------------------------------------------------------------------------

SEES_ALL = [role for role in PEOPLE if role not in ("salesperson", "logistics", "administrator")]
PLACES = ["salesperson", "service_clerk", "merchandiser", "service_supervisor", "sales_supervisor"]
SUPERVISORS = ["service_supervisor", "sales_supervisor", "marketing_director"]
READS: dict[str, list[str]] = {
    "/company": PEOPLE,
    "/company/customers": [*SEES_ALL, "salesperson"],
    "/company/customer?id=K-2": SEES_ALL,
    "/company/customer/new": PLACES,
    "/company/customer/edit?id=K-2": [
        "service_clerk", "merchandiser", "service_supervisor", "sales_supervisor", "marketing_director", "legal", "finance",
    ],
    "/company/statement": ["salesperson", "service_clerk", "merchandiser", "finance", *SUPERVISORS],
    "/company/statement?customer=K-2": ["service_clerk", "merchandiser", "finance", *SUPERVISORS],
    "/company/statement.xlsx?customer=K-2": ["service_clerk", "merchandiser", "finance", *SUPERVISORS],
    "/credit": ["salesperson", "finance", *SUPERVISORS],
    "/credit?show=overdue": ["salesperson", "finance", *SUPERVISORS],
    "/credit/customer?id=K-2": ["finance", *SUPERVISORS],
    "/company/prices": PEOPLE,
    "/company/price?product=TP-80": PEOPLE,
    "/company/price/new": ["sales_supervisor", "marketing_director"],
    "/company/price/edit?product=TP-80&valid_from=2026-01-01": ["sales_supervisor", "marketing_director"],
    "/company/staff": PEOPLE,
    "/company/person?id=wu": PEOPLE,
    "/company/person/new": ["administrator"],
    "/company/person/edit?id=wu": ["administrator"],
    "/company/keys": ["administrator"],
    "/company/key/new": ["administrator"],
    "/company/endpoints": ["administrator"],
    "/company/endpoints/new": ["administrator"],
    "/company/links": PLACES,
    "/company/holidays": SEES_ALL,
    "/company/holiday/edit": SUPERVISORS,
    "/company/holidays/import": SUPERVISORS,
    "/company/reports": ["salesperson", "service_clerk", *SUPERVISORS],
    "/company/reports?kind=watch_list": ["service_clerk", *SUPERVISORS],
    "/company/reports?kind=responsibility_report": SUPERVISORS,
    "/company/report/now?kind=tracking_numbers&ending=txt": ["salesperson", "service_clerk", *SUPERVISORS],
    "/company/notices": SEES_ALL,
    "/company/reminders": ["salesperson", "service_clerk", "merchandiser", "finance", *SUPERVISORS],
    "/company/reminders/pause": ["salesperson", "service_clerk", "merchandiser", "finance", *SUPERVISORS],
    "/company/jobs": ["operator", "administrator", "finance", *SUPERVISORS],
    "/company/senders": ["operator", "administrator"],
    "/company/stuck": ["operator", "administrator", *SUPERVISORS],
    "/company/changes": [*SEES_ALL, "administrator"],
}  # fmt: skip
WRITES: dict[str, list[str]] = {
    "/company/customer/new": PLACES,
    "/company/customer/edit": READS["/company/customer/edit?id=K-2"],
    "/company/customer/verify": ["service_clerk"],
    "/credit/assess": ["finance"],
    "/company/price/new": ["sales_supervisor", "marketing_director"],
    "/company/price/edit": ["sales_supervisor", "marketing_director"],
    "/company/person/new": ["administrator"],
    "/company/person/edit": ["administrator"],
    "/company/person/password": ["administrator"],
    "/company/person/absence": ["administrator"],
    "/company/key/new": ["administrator"],
    "/company/key/rotate": ["administrator"],
    "/company/key/revoke": ["administrator"],
    "/company/endpoints/new": ["administrator"],
    "/company/endpoint/pause": ["administrator"],
    "/company/endpoint/resume": ["administrator"],
    "/company/endpoint/rotate": ["administrator"],
    "/company/endpoint/remove": ["administrator"],
    "/company/endpoint/replay": ["administrator"],
    "/company/links/revoke": [role for role in PLACES if role != "salesperson"],
    "/company/holiday/edit": SUPERVISORS,
    "/company/holiday/drop": SUPERVISORS,
    "/company/notices/send": ["service_clerk", "service_assistant", "merchandiser", "finance", *SUPERVISORS],
    "/company/reminders/pause": [
        role for role in READS["/company/reminders"] if role != "salesperson"
    ],
    "/company/reminders/run": ["finance"],
}  # fmt: skip
"""By hand, of a customer, an order and a person who are nobody's own here."""
ABOUT = {
    "id": "K-2", "product": "TP-80", "valid_from": "2026-01-01", "order": ORDER, "subject": "K-2", "until": "2027-04-01",
    "reason": "x", "promised": "no", "number": "1", "day": "2027-05-01",
}  # fmt: skip


@pytest.mark.parametrize("role", PEOPLE)
async def test_each_page_lets_in_whom_it_is_for(shared: House, role: str) -> None:
    async with shared.as_(f"is-{role}") as somebody:
        for path, may in READS.items():
            status = (await somebody.get(path)).status_code
            assert status == (200 if role in may else 403), (path, role)


@pytest.mark.parametrize("role", PEOPLE)
async def test_each_act_is_for_whom_it_is(knocked: House, role: str) -> None:
    async with knocked.as_(f"is-{role}") as somebody:
        for path, may in WRITES.items():
            about = {**ABOUT, "id": "wu"} if "/person/" in path else ABOUT
            answer = await somebody.sends(path, **about)
            assert (answer.status_code == 403) == (role not in may), (path, role, answer.status_code)
            assert answer.status_code < 500, (path, answer.text[:500])


async def test_a_salesperson_reads_and_keeps_the_own_customers_alone(house: House) -> None:
    async with house.as_("li") as li:
        listed = await li.reads("/company/customers")
        assert "红枫包装" in listed
        assert "别家" not in listed
        assert "红枫包装" in await li.reads("/company/customer?id=K-1")
        for path in (
            "/company/customer?id=K-2",
            "/company/customer/edit?id=K-2",
            "/company/statement?customer=K-2",
        ):
            answer = await li.get(path)
            assert answer.status_code == 403
            assert "别家" not in answer.text
        form = await li.seen("/company/customer/edit?id=K-1")
        assert {"name", "contact", "phone", "address", "email", "fax"} == set(form) - {"id", "seen"}
        sent = await li.sends(
            "/company/customer/edit",
            **{**form, "phone": "0755-1"},
            customer_class="A",
            designated_signers="我",
        )
        assert sent.status_code == 303
        row = house.row("customers", customer="K-1")
        assert (row["phone"], row["customer_class"], row["designated_signers"]) == ("0755-1", "B", [])
        entered = await li.sends("/company/customer/new", customer="K-9", name="新客", salesperson="zhou")
        assert entered.status_code == 303, entered.text
    row = house.row("customers", customer="K-9")
    assert (row["salesperson"], row["customer_class"], row["verified_by"]) == ("li", "C", "")


# --- what is kept ------------------------------------------------------------------------------------------------


async def test_a_customers_file_is_kept_with_who_changed_what(house: House) -> None:
    async with house.as_("is-sales_supervisor") as wu:
        form = await wu.seen("/company/customer/edit?id=K-1")
        contract = {
            "contract.reference": "HT-1", "contract.payment_terms": "on_account", "contract.account_days": "30",
            "contract.valid_until": "2027-12-31", "contract.delivery_methods:freight": "yes",
        }  # fmt: skip
        done = await wu.sends(
            "/company/customer/edit",
            **{**form, **contract, "customer_class": "A", "designated_signers": "王芳\n李雷"},
        )
        assert done.status_code == 303, done.text
        page = await wu.reads("/company/customer?id=K-1")
    row = house.row("customers", customer="K-1")
    assert (row["customer_class"], row["designated_signers"]) == ("A", ["王芳", "李雷"])
    assert row["contract"]["account_days"] == 30
    change = changes_of(house.engine, RecordKind.CUSTOMER, "K-1")[0]
    assert (change.person, change.way.value) == ("is-sales_supervisor", "page")
    assert {each.field for each in change.fields} == {"customer_class", "designated_signers", "contract"}
    assert "is-sales_supervisor名" in page
    assert "HT-1" in page
    assert "/orders?customer=K-1" in page
    async with house.as_("is-sales_supervisor") as wu:
        form = await wu.seen("/company/customer/edit?id=K-1")
        assert form["contract.reference"] == "HT-1"
        cleared = {name: "" for name in form if name.startswith("contract.")}
        assert (await wu.sends("/company/customer/edit", **{**form, **cleared})).status_code == 303
    assert house.row("customers", customer="K-1")["contract"] is None


async def test_the_second_of_two_sees_what_changed_and_keeps_what_was_typed(house: House) -> None:
    async with house.as_("is-service_clerk") as chen, house.as_("wu") as wu:
        first, second = (
            await chen.seen("/company/customer/edit?id=K-1"),
            await wu.seen("/company/customer/edit?id=K-1"),
        )
        assert (await chen.sends("/company/customer/edit", **{**first, "phone": "111"})).status_code == 303
        late = await wu.sends("/company/customer/edit", **{**second, "phone": "222", "fax": "333"})
        assert late.status_code == 409
        text = html.unescape(late.text)
        assert "is-service_clerk名" in text
        assert "<strong>111</strong>" in text
        assert house.row("customers", customer="K-1")["phone"] == "111"
        again = fields_in(late.text)
        assert (again["phone"], again["fax"]) == ("222", "333"), "what was typed is still there"
        assert (await wu.sends("/company/customer/edit", **{**second, **again})).status_code == 303
    row = house.row("customers", customer="K-1")
    assert (row["phone"], row["fax"]) == ("222", "333")


async def test_data_are_verified_by_a_person_who_is_kept(house: House) -> None:
    async with house.as_("is-service_clerk") as chen:
        assert "待核实" in await chen.reads("/company/customer?id=K-1")
        seen = (await chen.seen("/company/customer?id=K-1"))["seen"]
        assert (await chen.sends("/company/customer/verify", id="K-1", seen=seen)).status_code == 303
        again = await chen.sends("/company/customer/verify", id="K-1", seen=seen)
        assert again.status_code == 409
    assert house.row("customers", customer="K-1")["verified_by"] == "is-service_clerk"


async def test_a_new_price_ends_the_former_and_an_overlapping_one_is_refused(house: House) -> None:
    async with house.as_("is-marketing_director") as zhao:
        form = await zhao.seen("/company/price/new?product=TP-80")
        assert (form["product"], form["name"], form["unit"], form["unit_price"]) == (
            "TP-80",
            "热敏纸",
            "roll",
            "",
        )
        new = {**form, "unit_price": "5.5", "valid_from": "2027-04-01"}
        assert (await zhao.sends("/company/price/new", **new)).headers["location"].endswith("said=former")
        assert house.row("prices", product="TP-80", valid_from=date(2026, 1, 1))["valid_until"] == date(
            2027, 3, 31
        )
        refused = await zhao.sends(
            "/company/price/new", **{**new, "valid_from": "2027-03-25", "unit_price": "6"}
        )
        assert refused.status_code == 409
        assert 'value="6"' in refused.text
        past = await zhao.sends("/company/price/new", **{**new, "valid_from": "2027-03-19"})
        assert past.status_code == 422
        edit = "/company/price/edit?product=TP-80&valid_from=2026-01-01"
        in_force = await zhao.seen(edit)
        dearer = await zhao.sends("/company/price/edit", **{**in_force, "unit_price": "9"})
        assert dearer.status_code == 409
        named = await zhao.sends("/company/price/edit", **{**in_force, "name": "热敏收银纸"})
        assert named.status_code == 303, named.text
        page = await zhao.reads("/company/price?product=TP-80")
    for words in ("¥5.00", "¥5.50", "热敏收银纸", "is-marketing_director名"):
        assert words in page
    assert house.row("prices", product="TP-80", valid_from=date(2026, 1, 1))["unit_price"] == Decimal("5.00")


async def test_the_administrator_keeps_people_and_not_the_own_roles(house: House) -> None:
    async with house.as_("is-administrator") as guan:
        new = {"person": "hu", "name": "胡", "roles:finance": "yes", "superior": "wu"}
        assert (await guan.sends("/company/person/new", **new)).status_code == 303
        assert (await guan.sends("/company/person/new", **new)).status_code == 409
        form = await guan.seen("/company/person/edit?id=hu")
        assert form["roles:finance"] == "yes"
        changed = await guan.sends("/company/person/edit", **form, **{"roles:legal": "yes"})
        assert changed.status_code == 303
        assert house.row("staff", person="hu")["roles"] == ["finance", "legal"]
        circle = await guan.seen("/company/person/edit?id=wu")
        assert (await guan.sends("/company/person/edit", **{**circle, "superior": "hu"})).status_code == 409
        own = await guan.seen("/company/person/edit?id=is-administrator")
        refused = await guan.sends("/company/person/edit", **own, **{"roles:finance": "yes"})
        assert refused.status_code == 403
        shown = await guan.sends("/company/person/password", id="hu")
        assert shown.status_code == 200
        assert re.search(r'value="[a-z0-9]{5}(-[a-z0-9]{5}){3}"', shown.text)
        assert house.row("logins", person="hu")["must_change"]
        assert (await guan.sends("/company/person/password", id="is-administrator")).status_code == 403
        assert "变更历史" in await guan.reads("/company/person?id=hu")
    async with house.as_("li") as li:
        assert "变更历史" not in await li.reads("/company/person?id=hu")


async def test_the_last_administrator_stays_one(house: House) -> None:
    async with house.as_("all") as somebody:
        form = await somebody.seen("/company/person/edit?id=is-administrator")
        imports.import_staff(house.engine, [imports.StaffRow(person="all", name="x", roles=(Role.LEGAL,))])
        # whoever opened the page lost the role meanwhile
        assert (await somebody.sends("/company/person/edit", **form)).status_code in (303, 403)
    row = imports.StaffRow(person="is-administrator", name="x")
    with pytest.raises(Refusal) as refused:
        keep_person(house.engine, row, 10**9, Teller("all", ChangeWay.PAGE, NOW), {})
    assert (refused.value.code, refused.value.where) == (Code.CONTRADICTION, "roles")
    imports.import_staff(
        house.engine, [imports.StaffRow(person="guan", name="管", roles=(Role.ADMINISTRATOR,))]
    )
    keep_person(house.engine, row, 10**9, Teller("all", ChangeWay.PAGE, NOW), {})
    assert house.row("staff", person="is-administrator")["roles"] == []


async def test_people_tell_their_own_absence_and_nobody_elses(house: House) -> None:
    async with house.as_("li") as li:
        told = await li.sends(
            "/company/person/absence", id="li", first_day="2027-03-22", last_day="2027-03-24", deputy="zhou"
        )
        assert told.status_code == 303, told.text
        assert (await li.sends("/company/person/absence", id="wu", first_day="2027-03-22")).status_code == 403
        page = await li.reads("/company/person?id=li")
        assert "2027-03-22" in page
        assert "zhou名" in await li.reads("/company/staff")
        number = re.findall(r'name="number" value="(\d+)"', page)[0]
    async with house.as_("zhou") as zhou:
        assert (await zhou.sends("/company/person/absence/end", number=number)).status_code == 403
    async with house.as_("is-administrator") as guan:
        assert (await guan.sends("/company/person/absence/end", number=number)).status_code == 303
        assert (await guan.sends("/company/person/absence/end", number="999")).status_code == 404


async def test_a_price_that_ends_before_it_begins_is_refused_in_words(house: House) -> None:
    async with house.as_("wu") as wu:
        about = {
            "product": "X-1", "name": "纸", "specification": "80", "unit": "roll", "unit_price": "5.00",
            "valid_from": "2027-03-05", "valid_until": "2027-03-01",
        }  # fmt: skip
        refused = await wu.sends("/company/price/new", **about)
        assert "最后一天 2027-03-01 早于生效日 2027-03-05" in refused.text
        finer = await wu.sends(
            "/company/price/new", **{**about, "valid_until": "", "unit_price": "5.0000001"}
        )
        assert "单价最多六位小数" in finer.text
        assert "X-1" not in await wu.reads("/company/prices")


async def test_an_absence_that_is_refused_stands_as_it_was_typed(house: House) -> None:
    """R133: deputies in a circle, days in the wrong order: said beside the form, and nothing is kept."""
    async with house.as_("li") as li:
        about = {"id": "li", "first_day": "2027-03-22", "last_day": "2027-03-24", "deputy": "zhou"}
        assert (await li.sends("/company/person/absence", **about)).status_code == 303
    async with house.as_("is-administrator") as guan:
        about = {"id": "zhou", "first_day": "2027-03-23", "last_day": "2027-03-25", "deputy": "li"}
        circle = await guan.sends("/company/person/absence", **about)
        assert circle.status_code == 409
        assert 'role="alert">这些天里代理人绕成一圈：zhou → li → zhou' in circle.text
        assert 'name="first_day" value="2027-03-23"' in circle.text
        assert 'name="last_day" value="2027-03-25"' in circle.text
        assert '<option value="li" selected>' in circle.text
        turned = await guan.sends("/company/person/absence", **{**about, "last_day": "2027-03-22"})
        assert "最后一天 2027-03-22 早于第一天 2027-03-23" in turned.text
        assert "2027-03-23 – " not in await guan.reads("/company/person?id=zhou")


async def test_a_key_is_shown_once_and_revoked(house: House) -> None:
    async with house.as_("is-administrator") as guan:
        bad = await guan.sends("/company/key/new", name="bank", days="30", **{"roles:finance": "yes"})
        assert bad.status_code == 403
        scope = {"roles:system": "yes", "facts:payment_received": "yes"}
        assert (await guan.sends("/company/key/new", name="bank", days="0", **scope)).status_code in (
            400,
            422,
        )
        made = await guan.sends("/company/key/new", name="bank", days="30", customers="K-1", **scope)
        secret = re.findall(r'class="secret" readonly value="(dd_[^"]+)"', made.text)[0]
        (key,) = list_keys(house.engine)
        assert (key.name, key.facts, key.customers) == ("bank", ["payment_received"], ["K-1"])
        listed = await guan.reads("/company/keys")
        assert key.key_id in listed
        assert secret not in listed
        rotated = await guan.sends("/company/key/rotate", key=key.key_id)
        assert rotated.status_code == 200
        assert (await guan.sends("/company/key/revoke", key=key.key_id)).status_code == 303
        assert (await guan.sends("/company/key/revoke", key=key.key_id)).status_code == 404
    assert {each.key_id: each.revoked_at is not None for each in list_keys(house.engine)}[key.key_id]


async def test_days_of_the_company_win_and_are_taken_back(house: House) -> None:
    async with house.as_("is-sales_supervisor") as wu:
        kept = await wu.sends("/company/holiday/edit", day="2027-05-06", working="false", name="厂庆")
        assert kept.status_code == 303
        assert (await wu.sends("/company/holiday/edit", day="2027-05-06", working="true")).status_code == 409
        assert "厂庆" in await wu.reads("/company/holidays?year=2027")
        form = await wu.seen("/company/holiday/edit?day=2027-05-06")
        assert (await wu.sends("/company/holiday/edit", **{**form, "name": "厂庆日"})).status_code == 303
        assert house.row("calendar_days", day=date(2027, 5, 6))["name"] == "厂庆日"
        assert (await wu.sends("/company/holiday/drop", day="2027-05-06")).status_code == 303
        assert (await wu.sends("/company/holiday/drop", day="nonsense")).status_code == 404
        await wu.reads("/company/holidays?year=9999")
    assert [each.fields[0].field for each in newest_changes(house.engine, [RecordKind.CALENDAR_DAY])] == [
        "working",
        "name",
        "working",
    ]


async def test_days_come_from_a_file_and_a_bad_row_hides_no_other(house: House) -> None:
    text = "日期,上班,名称\n2027-10-01,否,国庆\nsomeday,否,x\n2027-10-09,是,补班\n2027-12-01,是,a\n2027-12-01,否,b\n"
    async with house.as_("is-service_supervisor") as zheng:
        for name, status in (("days.csv", 200), ("days.exe", 422)):
            file = {"file": (name, text.encode(), "text/csv")}
            answer = await zheng.client.post(
                "/company/holidays/import", data={"form_token": zheng.form_token}, files=file
            )
            assert answer.status_code == status
        assert "国庆" in await zheng.reads("/company/holidays?year=2027")
    assert [each.subject for each in newest_changes(house.engine, [RecordKind.CALENDAR_DAY])] == [
        "2027-10-09",
        "2027-10-01",
    ]
    async with house.as_("li") as li:
        file = {"file": ("days.csv", text.encode(), "text/csv")}
        answer = await li.client.post(
            "/company/holidays/import", data={"form_token": li.form_token}, files=file
        )
        assert answer.status_code == 403


async def test_somebody_is_left_alone_up_to_a_day(house: House) -> None:
    about = {"until": "2027-04-01", "reason": "电话承诺", "promised": "yes"}
    async with house.as_("li") as li:
        assert (await li.sends("/company/reminders/pause", subject="K-1", **about)).status_code == 303
        assert (await li.sends("/company/reminders/pause", subject="K-2", **about)).status_code == 403
        assert (await li.sends("/company/reminders/pause", subject="K-0", **about)).status_code == 404
        for wrong in ({"until": "2027-03-01"}, {"until": "someday"}, {"reason": " "}):
            answer = await li.sends("/company/reminders/pause", subject="K-1", **{**about, **wrong})
            assert answer.status_code in (400, 422), wrong
            assert "K-1" in answer.text
        assert "电话承诺" in await li.reads("/company/customer?id=K-1")
    async with house.as_("zhou") as zhou:
        assert "电话承诺" not in await zhou.reads("/company/reminders")
    (pause, name), *_ = pauses_now(house.engine, date(2027, 3, 20))
    assert (pause.subject, pause.promised, pause.by, name) == ("K-1", True, "li", "红枫包装")


# --- statement, reports, jobs ------------------------------------------------------------------------------------


async def test_a_statement_as_page_pdf_and_workbook_says_the_same(shared: House) -> None:
    asked = "?customer=K-1&first=2027-03-01&last=2027-03-20"
    async with shared.as_("is-finance") as qian:
        page = await qian.reads(f"/company/statement{asked}")
        pdf = await qian.get(f"/company/statement.pdf{asked}")
        book = await qian.get(f"/company/statement.xlsx{asked}")
        wrong = await qian.get("/company/statement?customer=K-1&first=2027-03-20&last=2027-03-01")
        assert wrong.status_code == 409
        assert (await qian.get("/company/statement?customer=nobody")).status_code == 404
    for words in ("¥0.00", "¥1,500.00", "¥-1,500.00" if "¥-1,500.00" in page else "-¥1,500.00", "红枫包装"):
        assert words in page
    printed = "".join(
        each.get_textpage().get_text_bounded() for each in pypdfium2.PdfDocument(pdf.content)
    )  # fmt: skip
    for words in ("对账单", "红枫包装", "1,500.00", "-1,500.00", "2027-03-01"):
        assert words in printed.replace("\u200b", ""), printed
    sheet = load_workbook(io.BytesIO(book.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert [row[-1] for row in rows] == [0, -1500, -1500]
    assert rows[1][5] == 1500


async def test_a_workbook_holds_no_formula_from_outside(shared: House) -> None:
    async with shared.as_("is-finance") as qian:
        answer = await qian.get("/company/statement.xlsx?customer=%3D1%2B1")
        await qian.reads("/company/customer?id=%3D1%2B1")
    for row in load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows():
        assert all(cell.data_type != "f" for cell in row)


async def test_jobs_are_listed_while_the_server_is_away(shared: House) -> None:
    async with shared.as_("is-operator") as operator:
        page = await operator.reads("/company/jobs")
        assert "催收余款" in page
        assert "报表上次生成" in page
        assert "/hooks/bank" in await operator.reads("/company/senders")


async def test_what_is_stuck_says_what_to_do_while_the_server_is_away(shared: House) -> None:
    async with shared.as_("is-operator") as operator:
        page = await operator.reads("/company/stuck")
        assert "流程任务失败" in page
        assert "starter.py bring-back" in page
        assert "task-queues/" in page
    async with shared.as_("is-finance") as qian:
        assert (await qian.get("/company/stuck")).status_code == 403


@pytest.mark.parametrize("text", ["%", "'😀", "a" * 500, "%00", "%ED%A0%80", "<script>"])
async def test_odd_texts_are_looked_for_and_break_nothing(shared: House, text: str) -> None:
    paths = [
        "/company/customers?q={}", "/company/customers?after={}", "/company/customer?id={}", "/company/prices?q={}",
        "/company/price?product={}", "/company/person?id={}", "/company/statement?customer={}&first={}&last={}",
        "/company/links?customer={}&before={}", "/company/notices?state={}&order={}&before={}", "/company/holidays?year={}",
        "/company/reports?kind={}&day={}", "/company/report/made?identity={}&name={}", "/company/changes?kind={}&before={}",
        "/company/reminders/pause?subject={}", "/company/holiday/edit?day={}",
    ]  # fmt: skip
    async with shared.as_("all") as somebody:
        for path in paths:
            answer = await somebody.get(path.replace("{}", text))
            assert answer.status_code in (200, 400, 403, 404, 409), (
                path,
                answer.status_code,
                answer.text[:300],
            )
            assert "<script>" not in answer.text.replace('<script src="/static', "")


async def test_a_percent_sign_is_a_percent_sign(shared: House) -> None:
    async with shared.as_("all") as somebody:
        assert "红枫包装" not in await somebody.reads("/company/customers?q=%25")
        assert "红枫包装" in await somebody.reads("/company/customers?q=%20k-1%20")
        assert "没有符合的客户" in await somebody.reads("/company/customers?q=_-_")


async def test_an_endpoint_is_registered_shown_paused_and_removed(house: House) -> None:
    async with house.as_("is-administrator") as guan:
        scope = {"roles:customer": "yes", "more:places_orders": "yes"}
        assert (
            await guan.sends("/company/key/new", name="web", days="30", customers="K-1", **scope)
        ).status_code == 200
        wrong = await guan.sends("/company/endpoints/new", name="web", url="http://127.0.0.1/x")
        assert wrong.status_code in (400, 422)
        made = await guan.sends(
            "/company/endpoints/new",
            name="web",
            url="https://shop.example/hooks",
            **{"events:order.shipped": "yes"},
        )
        secret = re.findall(r'class="secret" readonly value="(whsec_[^"]+)"', made.text)[0]
        listed = await guan.reads("/company/endpoints")
        endpoint = re.findall(r"endpoint=(we_[0-9a-f]+)", listed)[0]
        assert secret not in listed
        assert "K-1" in listed
        for act, said in (("pause", "paused by hand"), ("resume", "active")):
            assert (await guan.sends(f"/company/endpoint/{act}", endpoint=endpoint)).status_code == 303
            assert said in (await guan.get(f"/company/endpoint?endpoint={endpoint}&language=en")).text
        assert (
            await guan.sends("/company/endpoint/replay", endpoint=endpoint, since="2027-03-01")
        ).status_code == 303
        rotated = await guan.sends("/company/endpoint/rotate", endpoint=endpoint)
        assert "whsec_" in rotated.text
        assert (await guan.sends("/company/endpoint/remove", endpoint=endpoint)).status_code == 303
        assert endpoint not in await guan.reads("/company/endpoints")
        assert (await guan.get(f"/company/endpoint?endpoint={endpoint}")).status_code == 404
