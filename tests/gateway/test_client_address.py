"""From where a request comes: what it says of that itself counts only from the installation's own proxies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import uvicorn
from pydantic import ValidationError

from gateway import __main__ as program
from gateway.security.client_address import client_of, neighbourhood, proxies_of, read_address
from runtime.settings import Settings
from tests.gateway.front_door import Browser, House, quick_hashes

__all__ = ["quick_hashes"]
PROXIES = proxies_of(Settings(gateway_proxies="10.0.0.0/24, 192.0.2.1,fd00:1::/64"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "127.0.0.1"),
        # from the right: what the client wrote stands at the left
        ("10.0.0.1", "1.2.3.4, 5.6.7.8, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.9, 10.0.0.7, 192.0.2.1", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("10.0.0.1", "127.0.0.1, 203.0.113.9", "203.0.113.9"),
        # as proxies write it
        ("10.0.0.1", "203.0.113.9:51000", "203.0.113.9"),
        ("10.0.0.1", "[2001:db8::1]:443", "2001:db8::1"),
        ("10.0.0.1", "[2001:db8::1]", "2001:db8::1"),
        ("10.0.0.1", "2001:DB8::1", "2001:db8::1"),
        ("10.0.0.1", '"203.0.113.9"', "203.0.113.9"),
        ("10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("fd00:1::5", "2001:db8::1, fd00:1::9", "2001:db8::1"),
        ("fd00:2::5", "2001:db8::1", "fd00:2::5"),
        # nonsense ends the walk at the proxy that passed it on
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, nonsense, 10.0.0.7", "10.0.0.7"),
        ("10.0.0.1", "203.0.113.9, ", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9:port", "10.0.0.1"),
        ("10.0.0.1", "[2001:db8::1", "10.0.0.1"),
        ("10.0.0.1", "[2001:db8::1]x", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.999", "10.0.0.1"),
        ("10.0.0.1", "0x7f.1", "10.0.0.1"),
        ("10.0.0.1", "9" * 5000, "10.0.0.1"),
        ("10.0.0.1", ", ".join(["10.0.0.2"] * 5000), "10.0.0.2"),
        ("10.0.0.1", "203.0.113.9, " + ", ".join(["10.0.0.2"] * 50), "10.0.0.2"),
        ("testclient", "203.0.113.9", "testclient"),
    ],
)
def test_the_walk_from_the_right(peer: str, forwarded: str, client: str) -> None:
    assert client_of(peer, forwarded.split(",") if forwarded else [], PROXIES) == client


def test_without_proxies_nobody_is_believed() -> None:
    assert Settings().gateway_proxies == ""
    assert client_of("127.0.0.1", ["203.0.113.9"], ()) == "127.0.0.1"


def test_one_caller_is_an_ipv4_address_or_an_ipv6_network() -> None:
    assert neighbourhood("203.0.113.9") == "203.0.113.9"
    assert neighbourhood("::ffff:203.0.113.9") == "203.0.113.9"
    assert neighbourhood("2001:db8:1:2:3:4:5:6") == neighbourhood("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert neighbourhood("2001:db8:1:3::1") != neighbourhood("2001:db8:1:2::1")
    assert neighbourhood("testclient") == "testclient"
    assert read_address("fe80::1%eth0") is not None


@pytest.mark.parametrize("wrong", ["*", "proxy", "10.0.0.0/33", "0.0.0.0/0", "::/0", "10.0.0.1;10.0.0.2"])
def test_a_setting_that_names_no_proxies_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Settings(gateway_proxies=wrong)


async def statuses(house: House, client: str, forwarded: list[str]) -> list[int]:
    return [
        (await Browser(house, client, **{"X-Forwarded-For": each}).logs_in(f"p {n}", "x")).status_code
        for n, each in enumerate(forwarded)
    ]


@pytest.fixture
def few(tmp_path: Path, quick_hashes: None) -> dict[str, Any]:
    return {"database_url": f"sqlite:///{tmp_path / 'x.db'}", "folder": tmp_path, "logins_a_minute": 10}


async def test_a_caller_who_turns_the_header_is_one_caller(few: dict[str, Any]) -> None:
    turned = [f"203.0.113.{n}" for n in range(40)]
    for client in ("127.0.0.1", "198.51.100.4"):
        house = House(**few)
        found = await statuses(house, client, turned)
        assert (found.count(401), found.count(429)) == (10, 30)
    house = House(**few, gateway_proxies="10.0.0.0/24")
    assert (await statuses(house, "127.0.0.1", turned)).count(401) == 10
    spoofed = [f"{each}, 198.51.100.4" for each in turned]
    assert (await statuses(house, "10.0.0.7", spoofed)).count(401) == 10
    assert (await statuses(house, "10.0.0.7", ["198.51.100.77"])) == [401], "another client of the proxy"


async def test_over_tls_is_what_our_own_proxy_says(few: dict[str, Any]) -> None:
    house = House(**few, gateway_proxies="10.0.0.7")
    for client, said, secure in (
        ("10.0.0.7", "https", True),
        ("10.0.0.7", "http", False),
        ("10.0.0.7", "nonsense", False),
        ("10.0.0.7", "http, https", True),
        ("198.51.100.4", "https", False),
        ("127.0.0.1", "https", False),
    ):
        answer = await Browser(house, client, **{"X-Forwarded-Proto": said}).logs_in("chen")
        assert answer.status_code == 303
        cookies = answer.headers.get_list("set-cookie")
        assert len(cookies) == 4
        for each in cookies:
            assert ("; Secure" in each, each.startswith("__Host-")) == (secure, secure), (client, said)


async def test_the_server_believes_no_header_beside_this(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given: dict[str, Any] = {}

    class Config:
        def __init__(self, app: Any, **values: Any) -> None:
            given.update(values)

    class Server:
        def __init__(self, config: Config) -> None:
            pass

        async def serve(self) -> None:
            pass

    monkeypatch.setenv("DINGDAN_VAR", str(tmp_path))
    monkeypatch.setattr(program, "require_free", lambda *_: None)
    monkeypatch.setattr(uvicorn, "Config", Config)
    monkeypatch.setattr(uvicorn, "Server", Server)
    await program.serve(until_stdin_closes=False)
    assert given["proxy_headers"] is False
