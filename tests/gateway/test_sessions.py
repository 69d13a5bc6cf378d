"""Sessions of staff: where they begin, go on and end, by a clock that is moved (both databases)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from activities.access.logins import log_in, log_in_as, session_of, set_password
from activities.access.sessions import IDLE, LASTS, SessionRules
from activities.store.database import reading, writing
from gateway.pages.people.account_pages import browser_name
from gateway.pages.rendering import FOLDER
from gateway.security.staff_sessions import BY_ITSELF
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from tests.gateway.front_door import PASSWORD, Browser, House, house, quick_hashes

__all__ = ["house", "quick_hashes"]


async def test_a_session_that_is_used_ends_twelve_hours_after_the_log_in(house: House) -> None:
    browser = Browser(house)
    await browser.logs_in("chen")
    begun = house.moment
    while house.moment < begun + timedelta(hours=12):
        assert await browser.is_in(), house.moment - begun
        house.later(minutes=90)
    house.moment = begun + timedelta(hours=12)
    assert await browser.is_in()
    house.later(seconds=1)
    answer = await browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


async def test_a_new_token_puts_the_end_of_a_session_not_off(house: House) -> None:
    browser, new = Browser(house), "purple 17 lanterns"
    await browser.logs_in("chen")
    for _ in range(7):
        house.later(minutes=100)
        assert await browser.is_in()
    done = await browser.sends("/account/password", "/account/password", old=PASSWORD, new=new, again=new)
    assert done.status_code == 303
    house.later(minutes=20)
    assert await browser.is_in()
    house.later(seconds=1)
    assert not await browser.is_in()


async def test_a_session_that_nobody_uses_ends_after_two_hours(house: House) -> None:
    browser = Browser(house)
    await browser.logs_in("chen")
    house.later(hours=2)
    assert await browser.is_in(), "until then, and use puts it off"
    house.later(hours=2)
    assert await browser.is_in()
    house.later(hours=2, seconds=1)
    assert not await browser.is_in()


async def test_what_a_page_does_by_itself_puts_no_end_off(house: House) -> None:
    browser = Browser(house)
    await browser.logs_in("chen")
    for page in ("/", "/board"):
        text = (await browser.get(page)).text
        assert f'hx-headers=\'{{"{BY_ITSELF}": "yes"}}\'' in text, page
    for _ in range(3):
        house.later(minutes=50)
        await browser.client.get("/", headers={BY_ITSELF: "yes"})
    assert not await browser.is_in()


def test_whatever_asks_again_by_itself_says_so() -> None:
    asking = re.compile(r"<[^>]*hx-trigger=\"(?:every|sse:)[^>]*>")
    found = [
        each for file in (FOLDER / "templates").glob("*.html") for each in asking.findall(file.read_text())
    ]
    assert len(found) >= 3
    for each in found:
        assert f'hx-headers=\'{{"{BY_ITSELF}": "yes"}}\'' in each


async def test_both_ends_are_settings(database_url: str, tmp_path: Path, quick_hashes: None) -> None:
    house = House(database_url, tmp_path, session_hours=3, session_idle_minutes=100)
    browser = Browser(house)
    await browser.logs_in("chen")
    house.later(minutes=100)
    assert await browser.is_in()
    house.later(minutes=79)
    assert await browser.is_in()
    house.later(minutes=2)
    assert not await browser.is_in()
    other = Browser(house)
    await other.logs_in("chen")
    house.later(minutes=101)
    assert not await other.is_in()
    assert (SessionRules().lasts, SessionRules().idle) == (LASTS, IDLE)


async def test_each_log_in_has_a_token_of_its_own_and_the_one_before_ends(house: House) -> None:
    browser = Browser(house)
    browser.client.cookies.set("session", "set by somebody else", domain="door.local")
    await browser.logs_in("chen")
    first = browser.cookie()
    assert first != "set by somebody else"
    house.later(minutes=1)
    await browser.logs_in("ma")
    assert browser.cookie() != first
    for token in (first, "set by somebody else"):
        with pytest.raises(Refusal) as refused:
            session_of(house.engine, token, house.moment)
        assert refused.value.code is Code.NOT_SIGNED_IN
    sessions = table("sessions")
    with reading(house.engine) as connection:
        kept = connection.scalars(select(sessions.c.token_hash)).all()
    assert len(kept) == 1
    assert browser.cookie() not in kept[0]


async def test_sessions_are_listed_and_ended(house: House) -> None:
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604"
    here, there = Browser(house), Browser(house, "198.51.100.9", **{"User-Agent": phone})
    third, colleague = Browser(house, "198.51.100.10"), Browser(house)
    for browser in (here, there, third):
        await browser.logs_in("chen")
    await colleague.logs_in("ma")
    text = (await here.get("/account")).text
    assert "198.51.100.9" in text
    assert "Safari · iPhone" in text
    assert "本次" in text
    number = (await _session_number(there)) or ""
    assert (await colleague.sends("/account/sessions/end", session=number)).status_code == 404
    for wrong in ("", "%", "_" * 16, "0" * 16):
        assert (await here.sends("/account/sessions/end", session=wrong)).status_code == 404
    assert await there.is_in()
    assert (await here.sends("/account/sessions/end", session=number)).status_code == 303
    assert [await each.is_in() for each in (here, there, third)] == [True, False, True]
    assert (await here.sends("/account/sessions/end-others")).status_code == 303
    assert [await each.is_in() for each in (here, third, colleague)] == [True, False, True]


async def _session_number(browser: Browser) -> str:
    house = browser.house
    return session_of(house.engine, browser.cookie(), house.moment).number


async def test_an_administrator_ends_somebodys_sessions(house: House) -> None:
    admin, clerk = Browser(house), Browser(house)
    await admin.logs_in("guan")
    await clerk.logs_in("chen")
    assert (await admin.sends("/people/end-sessions", person="chen")).status_code == 303
    assert (await admin.sends("/people/end-sessions", person="stranger")).status_code == 404
    assert [await each.is_in() for each in (admin, clerk)] == [True, False]


async def test_who_left_or_has_another_role_is_known_at_once(house: House) -> None:
    browser = Browser(house)
    house.employ({"chen": (Role.SERVICE_CLERK, Role.PRODUCTION)})
    await browser.logs_in("chen")
    house.employ({"chen": (Role.PRODUCTION,)})
    assert (await browser.get("/orders/new")).status_code == 403, "a role that is gone is gone"
    assert await browser.is_in()
    house.employ({"chen": (Role.PRODUCTION, Role.ADMINISTRATOR)})
    assert not await browser.is_in(), "more rights want a log-in and a new token"
    await browser.logs_in("chen")
    assert (await browser.get("/people")).status_code == 200
    with writing(house.engine) as connection:
        connection.execute(delete(table("staff")).where(table("staff").c.person == "chen"))
    assert not await browser.is_in()
    house.employ({"chen": (Role.PRODUCTION, Role.ADMINISTRATOR)})
    assert not await browser.is_in(), "and does not come back by coming back"
    assert (await browser.logs_in("chen")).status_code == 303


def test_one_person_has_no_more_than_twenty(house: House) -> None:
    tokens = []
    for _ in range(23):
        house.later(seconds=1)
        tokens.append(log_in(house.engine, "chen", PASSWORD, house.moment, "here"))
    found = []
    for token in tokens:
        try:
            found.append(session_of(house.engine, token, house.moment).caller.name)
        except Refusal:
            found.append("")
    assert found == [""] * 3 + ["chen"] * 20


def test_a_new_password_and_leaving_end_sessions(house: House) -> None:
    token = log_in_as(house.engine, "chen", house.moment, "here")
    assert session_of(house.engine, token, house.moment).caller.roles == (Role.SERVICE_CLERK,)
    set_password(house.engine, "chen", "purple 17 lanterns")
    with pytest.raises(Refusal):
        session_of(house.engine, token, house.moment)


async def test_leaving_ends_the_session_and_takes_the_cookie(house: House) -> None:
    browser = Browser(house)
    await browser.logs_in("chen")
    token = browser.cookie()
    answer = await browser.sends("/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert browser.cookie() == ""
    browser.client.cookies.set("session", token, domain="door.local")
    assert not await browser.is_in()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0", "Firefox · Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 MicroMessenger/8.0 Safari", "微信 WeChat · Android"),
        ("curl/8", "curl/8"),
        ("", "-"),
    ],
)
def test_a_browser_is_named_as_people_call_it(said: str, name: str) -> None:
    assert browser_name(said) == name
