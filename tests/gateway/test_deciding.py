"""Cards at the pages: what is decided is seen, nothing is decided by itself, and what was said may be taken back (R85)."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from temporalio.client import Client

from activities.access.acts import acts_of
from activities.access.logins import set_passwords
from activities.desk.held_acts import held_now, pass_on
from activities.orders.views.order_views import journal_of, show_order
from activities.store.database import engine_at, reading, writing
from activities.store.imports import StaffRow, import_staff
from models.dossier.journal import EntryKind
from models.tables.registry import table
from models.values.errors import Refusal
from models.values.vocabulary import Role
from runtime.card_links import CardLink, card_in, card_link, card_of_notice
from runtime.delivery.forwarding import forward_order
from runtime.settings import Settings
from tests.gateway.conftest import ORDER
from tests.gateway.test_order_page import as_boss
from tests.gateway.test_pages import PASSWORD, Person, person, staff
from tests.gateway.test_shown_versions import form_in, placed
from tests.runtime.watching import until

__all__ = ["person", "staff"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
PAUSE = 30


@pytest.fixture
def pausing(door: FastAPI, staff: Settings) -> Settings:
    """Acts may be taken back for half a minute."""
    changed = staff.model_copy(update={"undo_seconds": PAUSE})
    door.state.door.settings = changed
    return changed


async def form_of(person: Person, number: str, about: str) -> dict[str, str]:
    return form_in((await person.client.get(f"/orders/{number}")).text, about)


def facts(settings: Settings, number: str, kind: str) -> list[dict[str, object]]:
    journal = journal_of(engine_at(settings.database_url), number)
    return [entry.data for entry in journal if entry.kind is EntryKind.FACT and entry.subject == kind]


@pytest.mark.usefixtures("working")
async def test_nothing_is_decided_by_itself(
    person: Person, staff: Settings, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    """No outcome is the default, no preset is an answer, nobody unknown is named; and the log-in is the signature."""
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    page = f"/orders/{number}"
    await person.comes("lin")
    shown = (await person.client.get("/")).text
    card = shown[shown.index(number) :]
    assert card.index("<button disabled hidden") < card.index('name="outcome"'), (
        "Enter meets a button that does nothing"
    )
    assert 'class="in-colour"' not in card.split("</form>")[0], "no outcome of this decision is the safe one"
    assert "书面确认后才排产" in card
    assert "<dt>产品</dt>" in card
    form = await form_of(person, number, f"decide {number} technical")
    empty = await person.client.post(f"{page}/act", data={**form, "detail.material_note": "原纸充足"})
    assert empty.status_code == 409
    assert "请选择决定" in empty.text
    assert "原纸充足" in empty.text
    assert facts(staff, number, "decision") == []
    told = {**form, "detail.material_note": "原纸充足", "outcome": "producible"}
    assert (await person.client.post(f"{page}/act", data=told)).status_code == 303
    (decided,) = facts(staff, number, "decision")
    assert str(decided["content"]["note_reference"]).startswith(f"QZ-{number}-")  # type: ignore[index]
    await person.comes("ma")
    token = {"form_token": await person.token()}
    unmade = await person.client.post(f"{page}/act", data={**token, "kind": "production_reported"})
    assert unmade.status_code == 409
    assert "没有填写就不算回答" in unmade.text
    assert 'name="made" value=""' in unmade.text
    nobody = {**token, "kind": "exception_reported", "words": "缺纸", "owner": "nobody"}
    refused = await person.client.post(f"{page}/act", data=nobody)
    assert "员工中没有 nobody" in refused.text
    assert '<option value="chen"' in refused.text
    named = await person.client.post(f"{page}/act", data={**nobody, "owner": "chen"})
    assert named.status_code == 303, named.text
    (reported,) = facts(staff, number, "exception_reported")
    assert str(reported["content"]["exception"]).startswith("YC-")  # type: ignore[index]
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_a_paper_goes_with_any_act_and_stands_at_its_entry(
    person: Person, staff: Settings, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await person.comes("chen")
    page = f"/orders/{number}"
    said = {
        "form_token": await person.token(),
        "kind": "contact_logged",
        "channel": "phone",
        "words": "客户来电",
        "once": "a1",
    }
    for name, content, words in (("note.exe", PNG, "附件须为"), ("note.png", b"MZ", "不是它名称所说的文件")):
        wrong = await person.client.post(
            f"{page}/act", data=said, files={"paper": (name, content, "image/png")}
        )
        assert wrong.status_code == 409
        assert words in wrong.text
        assert "客户来电" in wrong.text
    foreign = await person.client.post(
        f"{page}/act", data={**said, "form_token": "x"}, files={"paper": ("a.png", PNG, "image/png")}
    )
    assert foreign.status_code == 403
    name = "../<b>签收&单.png"
    told = await person.client.post(f"{page}/act", data=said, files={"paper": (name, PNG, "text/html")})
    assert told.status_code == 303, told.text
    shown = (await person.client.get(page)).text
    found = re.search(
        rf'<ul class="files"><li><a href="({page}/files/[0-9a-f]{{64}})"[^>]*>([^<]*)</a>', shown
    )
    assert found is not None
    assert html.unescape(found[2]) == "<b>签收&单.png"
    file = await person.client.get(found[1])
    assert (file.content, file.headers["content-type"]) == (PNG, "image/png")
    assert (await person.client.get(f"{page}/files/{'0' * 64}")).status_code == 404
    other = Person(person.client._transport.app)  # type: ignore[attr-defined]
    await other.comes("zhou")
    assert (await other.client.get(found[1])).status_code == 403
    await other.client.aclose()
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_what_is_not_told_yet_is_taken_back_and_nobody_hears_of_it(
    person: Person, pausing: Settings, door: FastAPI, shop: httpx.AsyncClient, boss: httpx.AsyncClient, temporal_client: Client
) -> None:  # fmt: skip
    number, engine = await placed(shop, boss), engine_at(pausing.database_url)
    await person.comes("wu")
    form = await form_of(person, number, f"decide {number} approval")
    answer = {**form, "outcome": "approve", "detail.words": "可以", "back": "inbox"}
    said = await person.client.post(f"/orders/{number}/act", data=answer)
    found = re.fullmatch(rf"/\?said=held&order={number}&act=([0-9a-f]{{32}})", said.headers["location"])
    assert found is not None, said.headers["location"]
    inbox = (await person.client.get(said.headers["location"])).text
    assert "秒后生效" in inbox
    assert "已办理，还没有生效" in inbox
    assert [entry for entry in facts(pausing, number, "decision") if "approval" in str(entry)] == []
    twice = await person.client.post(f"/orders/{number}/act", data=answer)
    assert twice.headers["location"] == said.headers["location"], "sent twice it is held once"
    second = Person(door)
    import_staff(engine, [StaffRow(person="wu2", name="吴二", roles=(Role.SALES_SUPERVISOR,))])
    set_passwords(engine, ["wu2"], PASSWORD)
    await second.comes("wu2")
    theirs = await form_of(second, number, f"decide {number} approval")
    late = await second.client.post(f"/orders/{number}/act", data={**theirs, "outcome": "send_back"})
    assert late.status_code == 409
    assert "wu 已于" in late.text
    undo = f"/orders/{number}/held/{found[1]}/undo"
    assert (await second.client.post(undo, data={"form_token": await second.token()})).status_code == 404
    await second.client.aclose()
    back = await person.client.post(undo, data={"form_token": await person.token()})
    form_again = (await person.client.get(back.headers["location"])).text
    assert "已撤回，没有生效" in form_again
    assert ">可以</textarea>" in form_again
    assert pass_on(engine, datetime.now(UTC) + timedelta(hours=1)) == 0
    # said again it goes, and cannot be taken back any more
    anew = form_in(form_again, f"decide {number} approval")
    again = await person.client.post(f"/orders/{number}/act", data={**answer, **anew})
    key = again.headers["location"].rpartition("=")[2]
    assert [act.key for act in held_now(engine, order=number)] == [key]
    assert pass_on(engine, datetime.now(UTC) + timedelta(seconds=PAUSE + 1)) == 1
    assert pass_on(engine, datetime.now(UTC) + timedelta(hours=1)) == 0
    await forward_order(temporal_client, pausing, engine, number)
    told = (await person.client.get(f"/orders/{number}/held/{key}")).text
    assert "已生效" in told
    too_late = await person.client.post(
        f"/orders/{number}/held/{key}/undo", data={"form_token": await person.token()}
    )
    assert too_late.status_code == 409
    outcomes = [act.outcome for act in acts_of(engine, number) if act.person == "wu"]
    assert outcomes == ["held", "held", "taken_back", "held"]
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_what_the_order_would_refuse_is_refused_before_it_is_held(
    person: Person, pausing: Settings, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    """It is asked first; asking changes nothing. What others must hear at once is not held."""
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await person.comes("chen")
    said = {
        "form_token": await person.token(),
        "kind": "inspection_confirmed",
        "inspection": "1",
        "agrees": "true",
    }
    resolved = {**said, "kind": "exception_resolved", "exception": "E-9", "resolution": "x"}
    refused = await person.client.post(f"/orders/{number}/act", data=resolved)
    before = len(journal_of(engine_at(pausing.database_url), number))
    assert refused.status_code == 409 or "said=held" in refused.headers["location"]
    sheet = {"form_token": said["form_token"], "kind": "sheet_received", "version": "7", "legible": "true"}
    await person.client.post(f"/orders/{number}/act", data=sheet)
    assert len(journal_of(engine_at(pausing.database_url), number)) == before
    await person.comes("wu")
    hold = {"form_token": await person.token(), "kind": "hold_placed", "reason": "客户停单"}
    stopped = await person.client.post(f"/orders/{number}/act", data=hold)
    assert stopped.headers["location"].endswith("said=accepted")
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_two_tabs_are_one_act_and_the_second_person_hears_who_was_first(
    person: Person, staff: Settings, door: FastAPI, shop: httpx.AsyncClient, boss: httpx.AsyncClient, temporal_client: Client
) -> None:  # fmt: skip
    number = await placed(shop, boss)
    await as_boss(boss, number, ("approval", "approve", "sales_supervisor", {}))
    await person.comes("chen")
    tabs = [await form_of(person, number, f"tell {number} sheet_sent") for _ in range(2)]
    assert tabs[0]["once"] == tabs[1]["once"]
    engine = engine_at(staff.database_url)
    import_staff(engine, [StaffRow(person="he", name="何", roles=(Role.SERVICE_CLERK,))])
    set_passwords(engine, ["he"], PASSWORD)
    second = Person(door)
    await second.comes("he")
    theirs = await form_of(second, number, f"tell {number} sheet_sent")
    answers = [await person.client.post(f"/orders/{number}/act", data=tab) for tab in tabs]
    assert [answer.headers["location"].rpartition("=")[2] for answer in answers] == ["accepted", "known"]
    await until(lambda: facts(staff, number, "sheet_sent"), "what was told is recorded")
    assert len(facts(staff, number, "sheet_sent")) == 1
    late = await second.client.post(f"/orders/{number}/act", data=theirs)
    assert late.status_code == 409
    assert re.search(r"chen（客服员）已于 \d\d-\d\d \d\d:\d\d 先办理：确认书已发", late.text), late.text
    assert len(facts(staff, number, "sheet_sent")) == 1
    await second.client.aclose()
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_a_form_outlives_the_log_in_and_is_sent_by_nobody_but_its_writer(
    person: Person, staff: Settings, door: FastAPI, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await person.comes("lin")
    form = await form_of(person, number, f"decide {number} technical")
    written = {**form, "outcome": "producible", "detail.material_note": "写了很久的说明 % ' 😀"}
    engine = engine_at(staff.database_url)
    with writing(engine) as connection:
        connection.execute(table("sessions").delete())
    gone = await person.client.post(f"/orders/{number}/act", data=written)
    assert (gone.status_code, gone.headers["location"]) == (303, "/login")
    with reading(engine) as connection:
        kept = connection.execute(select(table("kept_forms"))).mappings().one()
    assert kept["person"] == "lin"
    assert "form_token" not in kept["fields"]
    other = await person.comes("ma")  # somebody else at the same browser
    assert other.headers["location"] == "/"
    assert "写了很久" not in (await person.client.get("/kept")).text
    back = await person.comes("lin")
    assert back.headers["location"] == "/kept"
    shown = (await person.client.get("/kept")).text
    assert "登录已恢复" in shown
    assert "写了很久的说明" in html.unescape(shown)
    assert facts(staff, number, "decision") == [], "nothing is sent by itself"
    fresh = form_in(shown, f"decide {number} technical")
    assert fresh["form_token"] != form["form_token"]
    told = await person.client.post(f"/orders/{number}/act", data={**written, **fresh})
    assert told.status_code == 303, told.text
    assert (await person.client.get("/kept")).headers["location"] == "/"
    stranger = Person(door)  # who was never in leaves nothing behind
    await stranger.client.post(f"/orders/{number}/act", data=written)
    await stranger.client.post("/login", data={"person": "x", "password": "y"})
    with reading(engine) as connection:
        assert connection.execute(select(table("kept_forms"))).first() is None
    await stranger.client.aclose()
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_a_link_from_a_chat_leads_through_the_log_in_to_the_very_card(
    person: Person, staff: Settings, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await until(lambda: show_order(engine_at(staff.database_url), number).order.steps, "it has steps")
    public = staff.model_copy(update={"gateway_url": "https://dingdan.example.com"})
    assert card_link(staff, CardLink(number)) == "", "nobody said how people reach the door"
    link = card_link(public, CardLink(number, rule="R21"))
    path = link.removeprefix("https://dingdan.example.com")
    away = await person.client.get(path)
    assert (away.status_code, away.headers["location"]) == (303, "/login")
    came = await person.comes("lin")
    assert came.headers["location"] == path
    card = await person.client.get(path)
    assert card.headers["location"] == f"/orders/{number}/steps/decision%3Atechnical%3A1"
    shown = (await person.client.get(card.headers["location"])).text
    assert "可以生产" in shown
    assert "书面确认后才排产" in shown
    assert (await person.client.get("/")).status_code == 200
    assert (await person.comes("lin")).headers["location"] == "/", "the way on is used up"
    forged = await person.client.get(path[:-3] + ("AAA" if not path.endswith("AAA") else "BBB"))
    assert forged.status_code == 404
    await person.comes("zhou")
    assert (await person.client.get(path)).status_code == 403, "the link lets nobody in"
    overdue = card_of_notice(number, "overdue_notice:decision:technical:1:17", "R13")
    assert overdue == CardLink(number, "decision:technical:1", "R13")
    done = card_link(public, CardLink(number, "gone:1")).removeprefix("https://dingdan.example.com")
    await person.comes("lin")
    assert (await person.client.get(done)).headers["location"] == f"/orders/{number}?said=done"
    with pytest.raises(Refusal):
        card_in(public, "not.ours")
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()
