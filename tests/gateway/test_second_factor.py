"""The second factor: set up, asked for, counted once, lost (both databases; RFC 6238)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import select

from activities.access.login_tries import DELAYS, MOST_FAILURES
from activities.access.logins import log_in_as
from activities.access.second_factor import _step_of, offer, sealer, use_code
from activities.store.database import reading, writing
from models.tables.registry import table
from models.values.errors import Refusal
from models.values.vocabulary import Role
from runtime.link_secret import link_secret
from runtime.settings import SecondFactor, Settings
from tests.gateway.front_door import Browser, House, code_of, house, quick_hashes

__all__ = ["house", "quick_hashes"]


@pytest.fixture
def strict(database_url: str, tmp_path: Path, quick_hashes: None) -> House:
    """A door that requires it."""
    return House(database_url, tmp_path, second_factor=SecondFactor.REQUIRED)


@pytest.mark.parametrize(
    ("at", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    """RFC 6238, appendix B, to six figures."""
    secret, moment = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", datetime.fromtimestamp(at, UTC)
    assert _step_of(secret, code, moment) == at // 30
    typed_by_hand = f" {code[:3]} {code[3:]}".translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert _step_of(secret, typed_by_hand, moment) == at // 30
    for wrong in ("", "000000", code[:5], code + "0", "²" * 6, "x" * 5000):
        assert _step_of(secret, wrong, moment) is None


@pytest.mark.parametrize("person", ["qian", "zhao", "guan"])
async def test_who_needs_one_sets_it_up_before_anything_else(strict: House, person: str) -> None:
    browser = Browser(strict)
    assert (await browser.logs_in(person)).status_code == 303
    for path in (
        "/",
        "/board",
        "/search",
        "/orders",
        "/orders/export.csv",
        "/account",
        "/people",
        "/orders/20270105-0001",
        "/events",
    ):
        answer = await browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account/second-factor"), path
    page = (await browser.get("/account/second-factor")).text
    assert "<svg" in page
    assert " style=" not in page, "the content security policy would not show it"
    before = browser.cookie()
    wrong = await browser.sends("/account/second-factor", "/account/second-factor", code="123")
    assert (wrong.status_code, "不对" in wrong.text) == (422, True)
    _, codes = await browser.sets_up()
    assert browser.cookie() not in ("", before), "a new token"
    assert len(set(codes)) == 8
    assert await browser.is_in()
    assert await _still_out(strict, before)


async def _still_out(house: House, token: str) -> bool:
    browser = Browser(house)
    browser.client.cookies.set("session", token, domain="door.local")
    return not await browser.is_in()


async def test_whose_role_moves_no_money_need_not(strict: House) -> None:
    browser = Browser(strict)
    await browser.logs_in("chen")
    assert await browser.is_in()
    strict.employ({"chen": (Role.SERVICE_CLERK, Role.FINANCE)})
    await browser.logs_in("chen")
    assert not await browser.is_in(), "with the role comes the duty"


async def test_after_the_password_the_code_is_asked_for_and_opens_nothing_before(house: House) -> None:
    await _prepared(house, Browser(house))
    browser = Browser(house)
    came = await browser.logs_in("qian")
    assert (came.status_code, came.headers["location"]) == (303, "/login/code")
    half = browser.cookie()
    assert not await browser.is_in()
    for path in ("/account", "/account/second-factor", "/account/password", "/events"):
        assert (await browser.get(path)).headers["location"] == "/login", path
    assert (await browser.post("/logout")).status_code == 303
    house.later(minutes=1)
    done = await browser.post("/login/code", code=code_of(SECRETS["qian"], house.moment))
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert browser.cookie() != half, "a new token with the new rights"
    assert await browser.is_in()
    assert await _still_out(house, half)
    # who is no longer waited for, or never was, begins at the beginning
    for stranger in (browser, Browser(house)):
        assert (await stranger.get("/login/code")).headers["location"] == "/login"
        assert (await stranger.post("/login/code", code="1")).headers["location"] == "/login"


SECRETS: dict[str, str] = {}
"""What the phones know, by person."""


async def _prepared(house: House, browser: Browser, person: str = "qian") -> list[str]:
    await browser.logs_in(person)
    SECRETS[person], codes = await browser.sets_up()
    return codes


async def test_the_code_is_waited_for_ten_minutes(house: House) -> None:
    await _prepared(house, Browser(house))
    browser = Browser(house)
    await browser.logs_in("qian")
    house.later(minutes=10, seconds=1)
    late = await browser.post("/login/code", code=code_of(SECRETS["qian"], house.moment))
    assert late.headers["location"] == "/login"
    assert not await browser.is_in()


async def test_a_code_counts_once_and_so_do_those_before_it(house: House) -> None:
    await _prepared(house, Browser(house))
    used_at_set_up = code_of(SECRETS["qian"], house.moment)
    assert await _with_code(house, used_at_set_up) == 401, "seen over the shoulder while it was set up"
    house.later(minutes=5)
    now = code_of(SECRETS["qian"], house.moment)
    assert await _with_code(house, now) == 303
    assert await _with_code(house, now) == 401
    house.later(seconds=30)
    assert await _with_code(house, now) == 401
    assert await _with_code(house, code_of(SECRETS["qian"], house.moment)) == 303


async def _with_code(house: House, code: str) -> int:
    browser = Browser(house)
    assert (await browser.logs_in("qian")).headers.get("location") == "/login/code"
    return (await browser.post("/login/code", code=code)).status_code


async def test_clocks_may_differ_by_half_a_minute(house: House) -> None:
    await _prepared(house, Browser(house))
    for minutes, off, status in ((10, -60, 401), (20, -30, 303), (30, 30, 303), (40, 60, 401)):
        house.later(minutes=minutes)
        there = datetime.fromtimestamp(house.moment.timestamp() + off, UTC)
        assert await _with_code(house, code_of(SECRETS["qian"], there)) == status, off


async def test_one_code_side_by_side_counts_once(house: House) -> None:
    await _prepared(house, Browser(house))
    house.later(minutes=1)
    seal, code = sealer(link_secret(house.settings)), code_of(SECRETS["qian"], house.moment)

    def used(_: int) -> bool:
        try:
            with writing(house.engine) as connection:
                use_code(connection, seal, "qian", code, house.moment)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert Counter(threads.map(used, range(8)))[True] == 1


async def test_guesses_at_the_code_are_counted_with_those_at_the_password(house: House) -> None:
    await _prepared(house, Browser(house))
    house.later(minutes=5)
    thief = Browser(house, "198.51.100.66")
    await thief.logs_in("qian")
    found = [(await thief.post("/login/code", code=f"{n:06}")).status_code for n in range(MOST_FAILURES + 1)]
    assert found == [401] * MOST_FAILURES + [429]
    right = await thief.post("/login/code", code=code_of(SECRETS["qian"], house.moment))
    assert right.status_code == 429
    assert (await thief.logs_in("qian")).status_code == 429, "the right password makes no new room"
    for delay in DELAYS[:3]:
        house.later(seconds=delay.total_seconds())
        for _ in range(3):
            assert (await thief.logs_in("qian")).headers["location"] == "/login/code"
        assert (await thief.post("/login/code", code="000000")).status_code == 401
        assert (await thief.post("/login/code", code="000001")).status_code == 429


async def test_a_recovery_code_counts_once(house: House) -> None:
    codes = await _prepared(house, Browser(house))
    assert await _with_code(house, codes[0].lower().replace("-", " ")) == 303
    assert await _with_code(house, codes[0]) == 401
    assert await _with_code(house, codes[1]) == 303
    browser = Browser(house)
    await browser.logs_in("qian")
    await browser.post("/login/code", code=codes[2])
    assert "剩余恢复码 5" in (await browser.get("/account")).text
    kept = _everything_kept(house)
    assert SECRETS["qian"] not in kept, "sealed"
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept], "hashed"


def _everything_kept(house: House) -> str:
    with reading(house.engine) as connection:
        return str(
            [
                connection.execute(select(table(name))).all()
                for name in ("logins", "recovery_codes", "sessions")
            ]
        )


async def test_on_another_phone_it_is_set_up_anew(house: House) -> None:
    browser = Browser(house)
    codes = await _prepared(house, browser)
    house.later(minutes=1)
    wrong = await browser.sends("/account/second-factor/again", code="000000")
    assert wrong.status_code == 422
    before = SECRETS["qian"]
    assert (
        await browser.sends("/account/second-factor/again", code=code_of(before, house.moment))
    ).status_code == 303
    SECRETS["qian"], fresh = await browser.sets_up()
    assert SECRETS["qian"] != before
    assert not set(codes) & set(fresh)
    house.later(minutes=1)
    assert await _with_code(house, codes[0]) == 401
    assert await _with_code(house, code_of(SECRETS["qian"], house.moment)) == 303


async def test_an_administrator_resets_what_was_lost_and_not_their_own(strict: House) -> None:
    admin, person = Browser(strict), Browser(strict)
    await _prepared(strict, admin, "guan")
    await _prepared(strict, person, "qian")
    assert (await admin.sends("/people/reset-second-factor", person="guan")).status_code == 403
    assert (await admin.sends("/people/reset-second-factor", person="qian")).status_code == 303
    assert not await person.is_in(), "whoever has the phone is out"
    assert (await person.logs_in("qian")).headers["location"] == "/"
    assert (await person.get("/")).headers["location"] == "/account/second-factor"


async def test_setting_it_up_ends_the_sessions_that_were_begun_without(house: House) -> None:
    here, there = Browser(house), Browser(house)
    await there.logs_in("qian")
    await _prepared(house, here)
    assert [await each.is_in() for each in (here, there)] == [True, False]


async def test_where_it_is_only_offered_that_is_said(house: House) -> None:
    """On this machine alone, as in a demo, nobody is held up; the page says what should be."""
    finance, clerk = Browser(house), Browser(house)
    await finance.logs_in("qian")
    await clerk.logs_in("chen")
    assert "应当使用动态口令" in (await finance.get("/")).text
    assert "should have a second factor" in (await finance.get("/?language=en")).text
    assert "应当使用动态口令" not in (await clerk.get("/")).text
    await finance.get("/?language=zh")
    await finance.sets_up()
    assert "应当使用动态口令" not in (await finance.get("/")).text


async def test_with_another_secret_of_the_installation_it_cannot_be_checked_and_that_is_said(
    house: House,
) -> None:
    await _prepared(house, Browser(house))
    house.later(minutes=1)
    (house.settings.var / "link-secret").write_text("another secret than the one before, and long enough")
    browser = Browser(house)
    await browser.logs_in("qian")
    answer = await browser.post("/login/code", code=code_of(SECRETS["qian"], house.moment))
    assert (answer.status_code, "请管理员重置" in answer.text) == (401, True)


async def test_at_the_companys_provider_the_second_factor_is_the_providers(strict: House) -> None:
    browser = Browser(strict)
    token = log_in_as(strict.engine, "qian", strict.moment, "here")
    browser.client.cookies.set("session", token, domain="door.local")
    assert await browser.is_in()
    assert "由企业账号负责" in (await browser.get("/account/second-factor")).text


@pytest.mark.parametrize(
    ("changes", "required"),
    [
        ({}, False),
        ({"gateway_address": "0.0.0.0:8080"}, True),
        ({"gateway_address": "192.0.2.4:8080"}, True),
        ({"gateway_url": "https://orders.example.com"}, True),
        ({"gateway_url": "http://localhost:8080"}, False),
        ({"gateway_url": "https://orders.example.com", "second_factor": "offered"}, False),
        ({"second_factor": "required"}, True),
    ],
)
def test_it_is_required_where_the_door_is_reached_from_elsewhere(
    changes: dict[str, str], required: bool, tmp_path: Path
) -> None:
    assert Settings.model_validate({"var": tmp_path, **changes}).second_factor_required is required


async def test_the_picture_says_what_apps_read(house: House) -> None:
    browser = Browser(house)
    await browser.logs_in("qian")
    first = (await browser.get("/account/second-factor")).text
    assert (
        first.split('class="key">')[1][:40]
        == (await browser.get("/account/second-factor")).text.split('class="key">')[1][:40]
    )
    made = offer(house.engine, sealer(link_secret(house.settings)), "qian")
    read = pyotp.parse_uri(made.address)
    assert isinstance(read, pyotp.TOTP)
    assert (read.secret, read.name, read.issuer, read.interval, read.digits) == (
        made.secret,
        "qian",
        "Dingdan",
        30,
        6,
    )
    assert len(made.secret) >= 32
