"""The inbox by its pages: deputies, hand-over, the team, the palette, the first log-in (R12, R13, R85)."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from activities.access.acts import acts_in_stead, acts_of
from activities.access.logins import log_in, session_of, set_passwords
from activities.access.sessions import RULES, SessionRules
from activities.store.absences import end_absence, keep_absence
from activities.store.database import reading, writing
from activities.store.imports import CustomerRow, StaffRow, import_customers, import_staff
from gateway.context import Door
from gateway.pages.desk import staff_pages
from models.absences import Absence
from models.access import Caller
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.vocabulary import Role
from tests.gateway.front_door import PASSWORD, Browser, House, quick_hashes

__all__ = ["quick_hashes"]
PEOPLE: dict[str, dict[str, Any]] = {
    "fang": {"name": "方敏", "roles": (Role.FINANCE,), "superior": "zhao", "deputy": "chen"},
    "fu": {"name": "傅强", "roles": (Role.FINANCE,), "superior": "zhao"},
    "chen": {"name": "陈静", "roles": (Role.SERVICE_CLERK,), "superior": "zhao"},
    "zhao": {"name": "赵总", "roles": (Role.MARKETING_DIRECTOR,)},
    "li": {"name": "李明", "roles": (Role.SALESPERSON,), "superior": "zhao"},
    "lu": {"name": "陆青", "roles": (Role.SALESPERSON,), "superior": "zhao", "deputy": "li"},
    "ma": {"name": "马力", "roles": (Role.PRODUCTION,)},
}
ORDER, OTHER = "20270105-0001", "20270105-0002"
RELEASE = f"decide {ORDER} finance_release release/refuse --note …"


@pytest.fixture
def desk(tmp_path: Path, quick_hashes: None) -> House:
    """A small desk whose server is away: what is said is kept."""
    made = House(f"sqlite:///{tmp_path}/desk.db", tmp_path, undo_seconds=0)
    made.moment = datetime.now(UTC)
    import_staff(made.engine, [StaffRow(person=who, **row) for who, row in PEOPLE.items()])
    import_customers(
        made.engine,
        [
            CustomerRow(customer="K1", name="红枫 100%", salesperson="li"),
            CustomerRow(customer="K2", name="青松", salesperson="lu"),
        ],
    )
    set_passwords(made.engine, list(PEOPLE), PASSWORD)
    step(
        made,
        ORDER,
        "release",
        ["finance"],
        ["fang"],
        "决定放行",
        RELEASE,
        customer="K1",
        name="红枫 100%",
        sold_by="li",
    )
    step(made, OTHER, "owed", ["salesperson"], ["lu"], "补交手工订单", f"tell {OTHER} document_supplied --set reference=…",
         customer="K2", name="青松", sold_by="lu")  # fmt: skip
    return made


def step(house: House, order: str, key: str, roles: list[str], people: list[str], zh: str, command: str, *,
         customer: str, name: str, sold_by: str) -> None:  # fmt: skip
    moment = house.moment
    row = {
        "order_number": order, "key": key, "kind": "decision", "roles": roles, "people": people, "rule": "R52",
        "since": moment, "due": moment - timedelta(hours=1), "blocking": True, "zh": zh, "en": key, "command": command,
    }  # fmt: skip
    with writing(house.engine) as connection:
        connection.execute(
            table("orders").insert().values(
                number=order, customer=customer, customer_name=name, salesperson=sold_by, phase="clearance", sequence=1,
                headline="awaiting_balance",
            )
        )  # fmt: skip
        connection.execute(table("open_steps").insert().values(row))


async def at(house: House, person: str) -> Browser:
    browser = Browser(house)
    assert (await browser.logs_in(person)).status_code == 303
    return browser


def away(house: House, person: str) -> int:
    day = business_date(house.moment)
    return keep_absence(house.engine, Absence(person=person, first_day=day), person, house.moment)


def card(text: str, key: str) -> str:
    """The card of a step by its words; empty where there is none."""
    return next((part.partition("</article>")[0] for part in text.split("<article")[1:] if key in part), "")


async def test_a_deputy_sees_does_and_is_named_while_the_other_is_away(desk: House) -> None:
    chen = await at(desk, "chen")
    form = {
        "command": RELEASE,
        "step": "release",
        "outcome": "release",
        "note_reference": "N-1",
        "back": "inbox",
    }
    refused = await chen.sends(f"/orders/{ORDER}/act", **form)
    assert refused.status_code == 409, "nobody releases in a role that they have not"
    assert card((await chen.get("/")).text, "决定放行") == ""
    number = away(desk, "fang")
    shown = (await chen.get("/")).text
    theirs = card(shown, "决定放行")
    assert re.search(r"代\s*方敏", theirs)
    assert f'action="/orders/{ORDER}/act"' in theirs
    assert re.search(r'class="stands-in"[^>]*>代 方敏', shown), "the head says for whom they act"
    done = await chen.sends(f"/orders/{ORDER}/act", **form)
    assert (done.status_code, done.headers["location"]) == (303, f"/?said=stored&order={ORDER}")
    with reading(desk.engine) as connection:
        said = connection.execute(select(table("inbox").c.envelope)).scalar_one()
    assert (said["by"], said["role"]) == ("chen", "finance"), "the author is the deputy"
    [act] = [each for each in acts_of(desk.engine, ORDER) if each.outcome == "told"]
    assert (act.person, act.role, act.acted_for) == ("chen", "finance", "fang")
    assert acts_in_stead(desk.engine, ORDER) == [act]
    # only what is fang's, and only while they are away
    other = {"command": "", "kind": "payment_bounced", "reference": "x", "reason": "y"}
    assert (await chen.sends(f"/orders/{ORDER}/act", **other)).status_code == 409
    assert (await chen.get("/people")).status_code == 403
    end_absence(desk.engine, number, "fang", desk.moment)
    assert (await chen.sends(f"/orders/{ORDER}/act", **{**form, "outcome": "refuse"})).status_code == 409
    assert "stands-in" not in (await chen.get("/")).text


def test_what_needs_a_second_factor_is_lent_to_nobody_without_one_where_it_is_required(desk: House) -> None:
    away(desk, "fang")
    assert person(desk, "chen").represents == {"fang": (Role.FINANCE,)}
    assert person(desk, "chen", SessionRules(second_factor_required=True)).represents == {"fang": ()}


async def test_a_salespersons_deputy_sees_that_order_and_no_other_of_the_house(desk: House) -> None:
    li = await at(desk, "li")
    assert (await li.get(f"/orders/{OTHER}/acts/contact_logged")).status_code == 403
    assert OTHER not in (await li.get("/")).text
    away(desk, "lu")
    assert (await li.get(f"/orders/{OTHER}/acts/contact_logged")).status_code == 200
    assert OTHER in (await li.get("/")).text
    ma = await at(desk, "ma")
    assert OTHER not in (await ma.get("/")).text


async def test_a_step_is_handed_over_by_the_page_and_taken_back(desk: House) -> None:
    fang, fu = await at(desk, "fang"), await at(desk, "fu")
    path = f"/handovers/new?order={ORDER}&step=release"
    form = (await fang.get(path)).text
    assert ">傅强</option>" in form
    assert "陈静" not in form, "of the same role alone"
    wanted = {"order": ORDER, "step": "release", "to_person": "fu", "reason": "出差 <b>'%😀"}
    refused = await fang.sends("/handovers", path, **{**wanted, "to_person": "chen"})
    assert refused.status_code == 409
    assert "出差 &lt;b&gt;&#39;%😀" in refused.text, "what was written is kept"
    done = await fang.sends("/handovers", path, **wanted)
    assert done.headers["location"] == f"/?said=given&order={ORDER}"
    again = await fang.sends("/handovers", "/account", **wanted)
    assert again.status_code == 403, "it is not theirs any more"
    seen = card((await fu.get("/?tab=mine")).text, "决定放行")
    assert "方敏 转交给 傅强：出差 &lt;b&gt;&#39;%😀" in seen
    assert f'action="/orders/{ORDER}/act"' in seen
    assert card((await fang.get("/?tab=mine")).text, "决定放行") == ""
    still = card((await fang.get("/?tab=role")).text, "决定放行")
    # the tab that is read stays, whatever comes for another meanwhile
    assert 'hx-get="/?tab=' in (await fang.get("/")).text
    found = re.search(r"/handovers/(\d+)/take-back", still)
    assert found, "who gave it sees it too, and takes it back"
    chen = await at(desk, "chen")
    assert (await chen.sends(f"/handovers/{found[1]}/take-back")).status_code == 403
    back = await fang.sends(f"/handovers/{found[1]}/take-back")
    assert back.headers["location"] == f"/?said=taken_back&order={ORDER}"
    assert (await fang.sends(f"/handovers/{found[1]}/take-back")).status_code == 404
    assert card((await fang.get("/?tab=mine")).text, "决定放行")
    with reading(desk.engine) as connection:
        told = connection.execute(select(table("outbox"))).mappings().all()
    assert [(row["paper"], row["roles"]) for row in told] == [("step_given", ["fu"])]
    # nobody is left who has the role
    ma = await at(desk, "ma")
    assert (await ma.get(path)).status_code == 403
    assert (await ma.get("/handovers/new?order=x&step=y")).status_code == 404


async def test_a_superior_sees_what_the_team_has_open(desk: House) -> None:
    zhao = await at(desk, "zhao")
    text = (await zhao.get("/")).text
    assert '<a href="/?tab=team" aria-current="page">' in text, (
        "nothing is theirs or their role's: the team's is shown"
    )
    assert ORDER in text
    assert OTHER in text
    sums = re.sub("<[^>]+>", "", text[text.index('class="sums"') :].partition("</p>")[0])
    assert re.findall(r"\d+", sums) == ["2", "2", "0"], "in all, overdue, due today"
    one = (await zhao.get("/?tab=team&of=lu")).text
    assert OTHER in one
    assert ORDER not in one
    assert f"/handovers/new?order={OTHER}" in one
    # what they supervise they may look at; and who supervises nobody has no such tab
    assert (await zhao.get(f"/orders/{OTHER}/acts/contact_logged")).status_code == 200
    ma = (await (await at(desk, "ma")).get("/?tab=team")).text
    assert 'href="/?tab=team' not in ma
    assert OTHER not in ma
    assert "接下来可以" in ma, "an empty page says what to do next"


async def test_the_cards_of_the_first_log_in_are_put_away_once(desk: House) -> None:
    ma = await at(desk, "ma")
    assert "订单台怎么用" in (await ma.get("/")).text.partition('id="list"')[0].partition("<main")[2]
    assert (await ma.sends("/introduction/put-away", "/")).headers["location"] == "/"
    assert "知道了" not in (await ma.get("/")).text
    assert (await ma.sends("/introduction/put-away")).status_code == 303
    again = await at(desk, "ma")
    assert "知道了" not in (await again.get("/")).text, "in any browser"
    assert "您的事在这里" in (await again.get("/introduction")).text
    assert "What is yours comes to you" in (await again.get("/introduction?language=en")).text
    assert "知道了" in (await (await at(desk, "fu")).get("/")).text


async def rows(browser: Browser, text: str) -> list[dict[str, str]]:
    answer = await browser.client.get("/palette", params={"q": text})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, str]] = answer.json()["rows"]
    return found


async def test_the_palette_finds_orders_customers_pages_acts_and_phrases(desk: House) -> None:
    fu = await at(desk, "fu")
    paths = {row["path"]: row["label"] for row in await rows(fu, "")}
    assert paths["/"] == "我的待办"
    assert "/introduction" in paths
    assert "/orders/new" not in paths, "finance places no orders"
    found = await rows(fu, ORDER)
    assert found[0] == {
        "group": "订单",
        "label": f"{ORDER} 红枫 100%",
        "note": "待付余款",
        "path": f"/orders/{ORDER}",
    }
    assert f"/orders/{ORDER}/acts/payment_bounced" in {row["path"] for row in found}
    of_customer = {"/orders?customer=K1", "/company/customer?id=K1", "/company/statement?customer=K1"}
    assert of_customer <= {row["path"] for row in await rows(fu, "红枫")}
    [act] = await rows(fu, f"{ORDER} payment_bounced")
    assert act["path"] == f"/orders/{ORDER}/acts/payment_bounced"
    for text, path in (
        ("等财务 > 2天", "/orders?waits_role=finance&waits_days=2"),
        ("waits for finance > 2 days", "/orders?waits_role=finance&waits_days=2"),
        ("等陆青", "/orders?waits_person=lu"),
    ):
        first = (await rows(fu, text))[0]
        assert first["path"] == path
    assert (await rows(fu, "等财务 > 2天"))[0]["label"] == "订单：等财务部，超过 2 天"
    last = (await rows(fu, "100%"))[-1]
    assert last["path"] == "/orders?q=100%25"
    for odd in ("%", "'", "😀", "长" * 5000, "\t \x07", "{what}", "20270105-9999 x"):
        await rows(fu, odd)
    english = await fu.client.get("/palette", params={"q": "等财务"}, headers={"Accept-Language": "en"})
    assert english.json()["rows"]


async def test_the_palette_shows_a_salesperson_what_is_theirs(desk: House) -> None:
    li = await at(desk, "li")
    for text in ("2027", "青松", "K2", OTHER, f"{OTHER} contact"):
        found = json.dumps(await rows(li, text))
        assert f"/orders/{OTHER}" not in found, text
        assert "customer=K2" not in found, text
    assert "/orders?customer=K1" in {row["path"] for row in await rows(li, "K1")}


async def test_the_stream_says_at_once_how_much_waits(desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff_pages, "_LOOK_SECONDS", 0.01)
    door: Door = desk.app.state.door
    caller = person(desk, "fang")
    assert json.loads(await staff_pages._waiting_for(door, caller)) == {"total": 1, "overdue": 1}
    before = staff_pages._news(desk.engine, caller)
    fang = await at(desk, "fang")
    await fang.sends("/handovers", order=ORDER, step="release", to_person="fu", reason="x")
    assert staff_pages._news(desk.engine, caller) != before, "a hand-over is news"
    door.waiting.read_at = float("-inf")
    assert json.loads(await staff_pages._waiting_for(door, caller)) == {"total": 0, "overdue": 0}


def person(house: House, name: str, rules: SessionRules = RULES) -> Caller:
    """Who is logged in under this name."""
    token = log_in(house.engine, name, PASSWORD, house.moment, "here")
    return session_of(house.engine, token, house.moment, rules).caller
