"""Guessing at log-ins: counted before it is looked at, by person and place; who is guessed at stays in (both databases)."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select

from activities.access import logins, passwords
from activities.access.login_tries import DELAYS, FORGOTTEN_AFTER, MOST_EVERYWHERE, MOST_FAILURES
from activities.access.logins import log_in, set_password
from activities.store.database import reading
from gateway.security.hashing import Hashing
from models.tables.registry import table
from models.values.errors import Code, Refusal
from tests.gateway.conftest import DEAR
from tests.gateway.front_door import OFFICE, PASSWORD, Browser, House, house, quick_hashes

__all__ = ["house", "quick_hashes"]


def code_of_try(house: House, person: str, password: str, address: str, browser: str = "") -> str:
    try:
        return "in" if log_in(
            house.engine, person, password, house.moment, address, known_browser=browser
        ) else ""  # fmt: skip
    except Refusal as refusal:
        return refusal.code.value


def test_guesses_side_by_side_are_counted_like_guesses_one_after_the_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    real = passwords.is_right

    def counted(password: str, kept: str | None) -> bool:
        looked_at.append(password)
        return real(password, kept)

    monkeypatch.setattr(logins, "is_right", counted)
    with ThreadPoolExecutor(12) as threads:
        found = Counter(threads.map(lambda n: code_of_try(house, "chen", f"guess {n}", "a"), range(24)))
    assert found == {"not_signed_in": MOST_FAILURES, "too_many_requests": 24 - MOST_FAILURES}
    assert len(looked_at) == MOST_FAILURES
    assert code_of_try(house, "chen", PASSWORD, "a") == "too_many_requests"


def test_each_further_guess_waits_longer_and_the_wait_is_not_lengthened_by_asking(house: House) -> None:
    for _ in range(MOST_FAILURES):
        assert code_of_try(house, "chen", "wrong", "a") == "not_signed_in"
    for delay in (*DELAYS, DELAYS[-1]):
        for seconds in (0.0, delay.total_seconds() - 1):
            house.later(seconds=seconds)
            assert code_of_try(house, "chen", PASSWORD, "a") == "too_many_requests"
        house.later(seconds=1)
        assert code_of_try(house, "chen", "wrong", "a") == "not_signed_in"
    house.later(seconds=DELAYS[-1].total_seconds())
    assert code_of_try(house, "chen", PASSWORD, "a") == "in"
    assert [code_of_try(house, "chen", "wrong", "a") for _ in range(MOST_FAILURES)] == ["not_signed_in"] * 5


def test_tries_are_forgotten_after_a_day(house: House) -> None:
    for _ in range(MOST_FAILURES + 1):
        code_of_try(house, "chen", "wrong", "a")
    house.moment += FORGOTTEN_AFTER + timedelta(seconds=1)
    assert [code_of_try(house, "chen", "wrong", "a") for _ in range(MOST_FAILURES - 1)] == [
        "not_signed_in"
    ] * 4
    assert code_of_try(house, "chen", PASSWORD, "a") == "in"


def test_guesses_from_elsewhere_lock_nobody_out(house: House) -> None:
    """Neither from one address nor from ever new ones: where somebody has logged in before, they still get in."""
    assert code_of_try(house, "chen", PASSWORD, "home", "b1") == "in"
    for _ in range(MOST_FAILURES + 3):
        code_of_try(house, "chen", "wrong", "evil")
    assert code_of_try(house, "chen", PASSWORD, "hotel") == "in"
    found = Counter(code_of_try(house, "chen", "wrong", f"evil {n}") for n in range(MOST_EVERYWHERE * 2))
    assert found["not_signed_in"] <= MOST_EVERYWHERE
    assert found["too_many_requests"] >= MOST_EVERYWHERE
    assert code_of_try(house, "chen", PASSWORD, "new place") == "too_many_requests"
    assert code_of_try(house, "chen", PASSWORD, "home") == "in"
    assert code_of_try(house, "chen", PASSWORD, "anywhere", "b1") == "in"
    assert code_of_try(house, "ma", PASSWORD, "new place") == "in"
    house.moment += DELAYS[0]
    assert code_of_try(house, "chen", PASSWORD, "new place") == "in"


def test_a_colleague_at_the_same_address_locks_no_browser_out(house: House) -> None:
    assert code_of_try(house, "chen", PASSWORD, OFFICE, "her browser") == "in"
    for _ in range(MOST_FAILURES + 3):
        code_of_try(house, "chen", "wrong", OFFICE)
        code_of_try(house, "chen", "wrong", OFFICE, "his browser")
    assert code_of_try(house, "chen", PASSWORD, OFFICE) == "too_many_requests"
    assert code_of_try(house, "chen", PASSWORD, OFFICE, "her browser") == "in"


def test_an_unknown_browser_makes_no_room_for_guesses(house: House) -> None:
    found = Counter(code_of_try(house, "chen", "wrong", "a", f"made up {n}") for n in range(20))
    assert found == {"not_signed_in": MOST_FAILURES, "too_many_requests": 20 - MOST_FAILURES}


@pytest.mark.parametrize("stranger", ["nobody", "x" * 5000, "a\0b", "", PASSWORD])
def test_who_is_not_there_is_answered_like_who_is(house: House, stranger: str) -> None:
    known = [code_of_try(house, "chen", "wrong", "a") for _ in range(MOST_FAILURES + 2)]
    assert [code_of_try(house, stranger, "wrong", "a") for _ in range(MOST_FAILURES + 2)] == known
    tries = table("login_tries")
    with reading(house.engine) as connection:
        kept = set(connection.scalars(select(tries.c.person)))
    assert stranger not in kept, "what was typed by mistake is not written down"


def test_a_hash_is_kept_dearly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", DEAR)
    kept = passwords.hashed("x")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.is_right("x", kept)
    assert not passwords.is_right("y", kept)


def test_a_hash_is_made_whether_or_not_there_is_such_a_person(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, str]] = []

    class Hasher:
        def verify(self, password: str, kept: str) -> bool:
            asked.append((len(password), kept[:9]))
            return True

    monkeypatch.setattr(passwords, "_HASHER", Hasher())
    for person, password in (
        ("chen", "x"),
        ("nobody", "x"),
        ("chen", "x" * 60_000),
        ("nobody", "x" * 60_000),
    ):
        found = code_of_try(house, person, password, person)
        assert found == ("in" if (person, password) == ("chen", "x") else "not_signed_in")
    assert [kept for _, kept in asked] == ["$argon2id"] * 4
    assert max(length for length, _ in asked) <= passwords.LONGEST


async def test_the_page_says_the_same_of_everybody(house: House) -> None:
    texts = []
    for person in ("chen", "nobody"):
        browser, answers = Browser(house), []
        for _ in range(MOST_FAILURES + 1):
            answer = await browser.logs_in(person, "wrong")
            answers.append(
                (answer.status_code, answer.headers.get("Retry-After"), answer.text.replace(person, "…"))
            )
        texts.append(answers)
    assert texts[0] == texts[1]
    assert [status for status, _, _ in texts[0]] == [401] * MOST_FAILURES + [429]


async def test_an_administrator_unlocks(house: House) -> None:
    guesser, admin = Browser(house, "198.51.100.7"), Browser(house)
    for _ in range(MOST_FAILURES):
        await guesser.logs_in("chen", "wrong")
    assert (await guesser.logs_in("chen")).status_code == 429
    await admin.logs_in("guan")
    assert "解除" in (await admin.get("/people")).text
    assert (await admin.sends("/people/unlock", person="chen")).status_code == 303
    assert (await guesser.logs_in("chen")).status_code == 303
    assert (await admin.sends("/people/unlock", person="stranger")).status_code == 404
    clerk = Browser(house)
    await clerk.logs_in("chen")
    assert (await clerk.get("/people")).status_code == 403
    for act in ("unlock", "end-sessions", "reset-second-factor"):
        assert (await clerk.sends(f"/people/{act}", person="guan")).status_code == 403
    with reading(house.engine) as connection:
        acts = connection.execute(select(table("acts").c.person, table("acts").c.act)).all()
    assert ("guan", "unlock chen") in [tuple(each) for each in acts]


@pytest.mark.usefixtures("quick_hashes")
async def test_log_ins_a_minute_are_an_addresss_and_a_known_browsers_own(
    database_url: str, tmp_path: Path
) -> None:
    house = House(database_url, tmp_path, logins_a_minute=3)
    known, guesser = Browser(house), Browser(house)
    assert (await known.logs_in("chen")).status_code == 303
    assert [(await guesser.logs_in(f"p{n}", "x")).status_code for n in range(4)] == [401, 401, 429, 429]
    assert (await known.logs_in("chen")).status_code == 303
    guesser.client.cookies.set("browser", "forged", domain="door.local")
    assert (await guesser.logs_in("p9", "x")).status_code == 429


async def test_few_passwords_are_looked_at_side_by_side_and_few_wait() -> None:
    room, go = Hashing(at_once=2, most_waiting=3), Event()
    running = [asyncio.create_task(room.run(go.wait, 10)) for _ in range(5)]
    await asyncio.sleep(0)
    with pytest.raises(Refusal) as refused:
        await room.run(go.wait, 10)
    assert refused.value.code is Code.TOO_MANY_REQUESTS
    go.set()
    assert await asyncio.gather(*running) == [True] * 5
    assert await room.run(go.wait, 10)


async def test_the_own_password_is_changed(house: House) -> None:
    here, there, place = Browser(house), Browser(house, "198.51.100.9"), "/account/password"
    await here.logs_in("chen")
    await there.logs_in("chen")
    before = here.cookie()
    new = "purple 17 lanterns"
    for fields, said in (
        ({"old": "wrong", "new": new, "again": new}, "原密码不对"),
        ({"old": PASSWORD, "new": new, "again": "other"}, "不一样"),
        ({"old": PASSWORD, "new": "chen chen chen 1", "again": "chen chen chen 1"}, "太容易"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "至少 10"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "相同"),
        ({}, "至少 10"),
    ):
        answer = await here.sends(place, **fields)
        assert (answer.status_code, said in answer.text) == (422, True), answer.text
    assert await there.is_in()
    done = await here.sends(place, old=PASSWORD, new=new, again=new)
    assert (done.status_code, done.headers["location"]) == (303, "/account?said=password")
    assert here.cookie() not in ("", before), "a new token"
    assert await here.is_in()
    assert not await there.is_in()
    here.client.cookies.set("session", before, domain="door.local")
    assert (await Browser(house).logs_in("chen")).status_code == 401
    assert (await Browser(house).logs_in("chen", new)).status_code == 303


async def test_guesses_at_the_old_password_are_counted(house: House) -> None:
    thief, new = Browser(house), "purple 17 lanterns"
    await thief.logs_in("chen")
    found = [
        (await thief.sends("/account/password", old=f"guess {n}", new=new, again=new)).status_code
        for n in range(MOST_FAILURES + 1)
    ]
    assert found == [422] * (MOST_FAILURES + 1)
    answer = await thief.sends("/account/password", old=PASSWORD, new=new, again=new)
    assert "试得太多" in answer.text
    assert await thief.is_in(), "its own page is not lost"


async def test_a_password_that_somebody_else_chose_is_changed_first(house: House) -> None:
    set_password(house.engine, "chen", "given by the office 5", must_change=True)
    browser = Browser(house)
    await browser.logs_in("chen", "given by the office 5")
    for path in ("/", "/board", "/account", "/orders/new", "/account/second-factor/again"):
        answer = await browser.get(path)
        if answer.status_code != 405:
            assert (answer.status_code, answer.headers["location"]) == (303, "/account/password"), path
    refused = await browser.client.get("/board", headers={"accept": "application/json"})
    assert refused.status_code == 401
    assert "别人给的" in (await browser.get("/account/password")).text
    new = "purple 17 lanterns"
    done = await browser.sends(
        "/account/password", "/account/password", old="given by the office 5", new=new, again=new
    )
    assert done.status_code == 303
    assert await browser.is_in()


@pytest.mark.parametrize("path", ["/login", "/login/code"])
async def test_a_form_that_is_too_long_is_not_read(house: House, path: str) -> None:
    answer: Any = await Browser(house).post(path, person="chen", password="x" * 100_000)
    assert answer.status_code == 413
