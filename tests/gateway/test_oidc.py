"""Log-in by the company's provider: a real one on loopback, and what a false one says."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from gateway.app import create_app
from runtime.settings import Settings
from tests.gateway.conftest import caller
from tests.gateway.test_pages import staff

__all__ = ["staff"]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """An OpenID provider that knows a person of the staff and a stranger."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oidc_provider_mock import User, run_server_in_thread
    people = [
        User(sub="1", claims={"preferred_username": "chen"}),
        User(sub="2", claims={"preferred_username": "stranger"}),
        User(sub="3", claims={}),
    ]
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def company(staff: Settings, provider: str) -> FastAPI:
    """The door of a company that has a provider."""
    by_provider = {"oidc_issuer": provider, "oidc_client_id": "dingdan", "oidc_client_secret": SecretStr("s")}
    return create_app(staff.model_copy(update=by_provider))


async def agreed(start: httpx.Response, person: str) -> str:
    """The person logs in at the provider; the path they are sent back to."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(start.headers["location"], data={"sub": person})
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


async def test_a_person_of_the_staff_comes_in(company: FastAPI) -> None:
    async with caller(company, Accept="text/html") as client:
        assert "/login/oidc" in (await client.get("/login")).text
        start = await client.get("/login/oidc")
        asked = parse_qs(urlsplit(start.headers["location"]).query)
        assert asked["code_challenge_method"] == ["S256"]
        back = await agreed(start, "1")
        inside = await client.get(back)
        assert (inside.status_code, inside.headers["location"]) == (303, "/")
        cookie = inside.headers.get_list("set-cookie")[0]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "chen" in (await client.get("/")).text
        again = await client.get(back)
        assert again.status_code in (303, 401)
        assert again.headers.get("location") in (None, "/login")


@pytest.mark.parametrize("person", ["2", "3"])
async def test_who_is_not_on_the_staff_stays_outside(company: FastAPI, person: str) -> None:
    async with caller(company) as client:
        answer = await client.get(await agreed(await client.get("/login/oidc"), person))
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
        assert "session" not in client.cookies


async def test_what_was_not_begun_here_is_not_ended_here(company: FastAPI) -> None:
    async with caller(company) as client:
        back = await agreed(await client.get("/login/oidc"), "1")
        assert (await client.get(back.replace("state=", "state=x"))).status_code == 401
        assert (await client.get("/login/oidc/back?state=x")).status_code == 401
    async with caller(company) as another:  # somebody else's browser: no cookie of ours
        assert (await another.get(back)).status_code == 401
    async with caller(company) as forger:
        start = await forger.get("/login/oidc")
        # the answer to another log-in: its code belongs to another nonce
        mixed = parse_qs(urlsplit(back).query)["code"][0]
        state = parse_qs(urlsplit(start.headers["location"]).query)["state"][0]
        assert (await forger.get(f"/login/oidc/back?code={mixed}&state={state}")).status_code == 401


async def test_a_provider_that_is_away_is_told(staff: Settings) -> None:
    app = create_app(
        staff.model_copy(update={"oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": "dingdan"})
    )
    async with caller(app) as client:
        answer = await client.get("/login/oidc")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


async def test_without_a_provider_there_is_no_such_way(door: FastAPI) -> None:
    async with caller(door) as client:
        assert "/login/oidc" not in (await client.get("/login")).text
        assert (await client.get("/login/oidc")).status_code == 404
