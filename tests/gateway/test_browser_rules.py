"""What browsers are told and what is taken from them: headers exactly, cookies exactly, forms of our own pages alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from activities.access.logins import log_in_as
from gateway.security.own_origin import origin_of
from gateway.security.rights_table import entrances
from tests.gateway.front_door import PASSWORD, Browser, House, quick_hashes

__all__ = ["quick_hashes"]
CSP = "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'"
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
    "strict-transport-security": None,
}
TLS = "https://orders.example.com"


@pytest.fixture
def plain(tmp_path: Path, quick_hashes: None) -> House:
    """The door on this machine, without TLS."""
    return House(f"sqlite:///{tmp_path / 'x.db'}", tmp_path)


@pytest.fixture
def behind_tls(tmp_path: Path, quick_hashes: None) -> House:
    """The door behind a proxy with TLS."""
    url = f"sqlite:///{tmp_path / 'y.db'}"
    return House(url, tmp_path, gateway_url=TLS, second_factor="offered", gateway_proxies="192.0.2.10")


def shown(answer: httpx.Response) -> dict[str, str | None]:
    return {name: answer.headers.get(name) for name in HEADERS}


@pytest.mark.parametrize(
    "path",
    [
        "/login",
        "/",
        "/health",
        "/openapi.json",
        "/nothing",
        "/v1/orders",
        "/c/changed",
        "/static/style.css",
        "/account",
    ],
)
async def test_the_headers_of_every_answer(plain: House, behind_tls: House, path: str) -> None:
    assert shown(await Browser(plain).get(path)) == HEADERS
    hsts = {"strict-transport-security": "max-age=31536000; includeSubDomains"}
    assert shown(await Browser(behind_tls).get(path)) == {**HEADERS, **hsts}


async def test_what_is_refused_at_the_door_has_them_too(plain: House) -> None:
    answer = await Browser(plain, Origin="https://evil.example").logs_in("chen")
    assert answer.status_code == 403
    assert shown(answer) == HEADERS
    few = House(plain.settings.database_url, plain.settings.var.parent, requests_a_minute=1)
    browser = Browser(few)
    await browser.get("/health")
    crowded = await browser.get("/health")
    assert (crowded.status_code, shown(crowded)) == (429, HEADERS)


def attributes(cookie: str) -> tuple[str, set[str]]:
    name, _, rest = cookie.partition("=")
    return name, {
        each.strip().lower() for each in rest.split(";")[1:] if not each.strip().lower().startswith("expires")
    }


async def test_cookies_on_this_machine(plain: House) -> None:
    answer = await Browser(plain).logs_in("chen")
    found = dict(attributes(each) for each in answer.headers.get_list("set-cookie"))
    assert found == {
        "session": {"httponly", "samesite=lax", "path=/", "max-age=43200"},
        "browser": {"httponly", "samesite=lax", "path=/", "max-age=15552000"},
        "last": {"httponly", "samesite=lax", "path=/", "max-age=259200"},
        "onward": {"httponly", "samesite=lax", "path=/", "max-age=0"},
    }


async def test_cookies_behind_tls_belong_to_this_host_alone(behind_tls: House) -> None:
    browser = Browser(behind_tls)
    answer = await browser.logs_in("chen")
    found = dict(attributes(each) for each in answer.headers.get_list("set-cookie"))
    assert found == {
        "__Host-session": {"secure", "httponly", "samesite=lax", "path=/", "max-age=43200"},
        "__Host-browser": {"secure", "httponly", "samesite=lax", "path=/", "max-age=15552000"},
        "__Host-last": {"secure", "httponly", "samesite=lax", "path=/", "max-age=259200"},
        "__Host-onward": {"secure", "httponly", "samesite=lax", "path=/", "max-age=0"},
    }
    assert await browser.is_in()
    out = await browser.sends("/logout")
    (gone,) = (attributes(each) for each in out.headers.get_list("set-cookie"))
    assert gone == ("__Host-session", {"secure", "httponly", "samesite=lax", "path=/", "max-age=0"})
    spoken = await browser.get("/login?language=en")
    assert attributes(spoken.headers["set-cookie"])[1] >= {"secure", "httponly", "samesite=lax"}


async def test_a_cookie_without_the_prefix_counts_for_nothing_behind_tls(behind_tls: House) -> None:
    """A neighbour of the company's domain, or somebody on the way, may set such a one."""
    token = log_in_as(behind_tls.engine, "chen", behind_tls.moment, "here")
    browser = Browser(behind_tls)
    for name, comes_in in (("session", False), ("__Secure-session", False), ("__Host-session", True)):
        answer = await browser.client.get("/", headers={"cookie": f"{name}={token}"})
        assert (answer.status_code == 200) is comes_in, name


FOREIGN: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://door.evil.example"},
    {"Origin": "http://door:8080"},
    {"Origin": "https://door"},
    {"Origin": "http://door/"},
    {"Origin": "http://door, http://evil.example"},
    {"Origin": "file://"},
    {"Origin": "http://[door"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
]
OWN: list[dict[str, str]] = [
    {},
    {"Origin": "http://door"},
    {"Origin": "http://door", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_nobody_is_logged_in_from_another_sites_page(plain: House, headers: dict[str, str]) -> None:
    browser = Browser(plain)
    answer = await browser.client.post(
        "/login", data={"person": "chen", "password": PASSWORD}, headers=headers
    )
    assert (answer.status_code, "不是从本系统的页面" in answer.text) == (403, True)
    assert "set-cookie" not in answer.headers
    assert not await browser.is_in()


@pytest.mark.parametrize("headers", OWN, ids=str)
async def test_our_own_pages_and_programs_log_in(plain: House, headers: dict[str, str]) -> None:
    browser = Browser(plain, **headers)
    assert (await browser.logs_in("chen")).status_code == 303
    assert (await browser.sends("/account/sessions/end-others")).status_code == 303


@pytest.mark.parametrize("origin", ["https://orders.example.com", "https://ORDERS.example.com"])
async def test_behind_a_proxy_the_own_origin_is_the_one_people_see(behind_tls: House, origin: str) -> None:
    headers = {"Origin": origin, "Host": "127.0.0.1:8080"}
    assert (await Browser(behind_tls, **headers).logs_in("chen")).status_code == 303
    foreign = {"Origin": "https://evil.example", "Host": "127.0.0.1:8080"}
    assert (await Browser(behind_tls, **foreign).logs_in("chen")).status_code == 403


async def test_every_form_there_is_wants_our_own_page(plain: House) -> None:
    """Whoever adds a page with a form need not think of it."""
    browser, seen = Browser(plain), 0
    await browser.logs_in("chen")
    for each in entrances():
        if each.method == "GET" or each.path.startswith(("/v1/", "/hooks/", "/shop/callbacks/")):
            continue
        path = (
            each.path.replace("{key:path}", "x").replace("{number}", "20270105-0001").replace("{token}", "x")
        )
        answer = await browser.client.request(each.method, path, headers={"Origin": "https://evil.example"})
        assert (answer.status_code, "不是从本系统的页面" in answer.text) == (403, True), each.name
        seen += 1
    assert seen > 15
    told: Any = await browser.client.post(
        "/account/sessions/end-others", headers={"Origin": "null", "accept": "application/json"}
    )
    assert (told.status_code, told.json()["code"], told.json()["where"]) == (403, "wrong_role", "Origin")


async def test_programs_routes_are_not_concerned(plain: House) -> None:
    for path in ("/v1/orders", "/hooks/bank"):
        answer = await Browser(plain, Origin="https://shop.example").client.post(path, json={})
        assert answer.status_code == 401


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://orders.example.com", "https://orders.example.com"),
        ("https://Orders.example.com:443/x?y", "https://orders.example.com"),
        ("http://127.0.0.1:8080/login", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("", ""), ("nonsense", ""), ("http://x:port", ""), ("http://[x", ""),
    ],
)  # fmt: skip
def test_an_origin_is_written_as_browsers_write_it(address: str, origin: str) -> None:
    assert origin_of(address) == origin
