"""The codec server: for operators who are logged in, from the UI's page alone, and for whole pages of a history."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from google.protobuf.json_format import MessageToDict
from pydantic import SecretStr
from temporalio.api.common.v1 import Payloads

from activities.access.logins import log_in_as
from activities.store.database import engine_at
from activities.store.imports import StaffRow, import_staff
from gateway.app import create_app
from models.values.vocabulary import Role
from runtime.encryption.data_converter import data_converter_of
from runtime.settings import Settings
from tests.gateway.conftest import prepared

__all__ = ["prepared"]
UI = "http://127.0.0.1:8233"
KEYS = "2027:" + base64.b64encode(bytes(32)).decode()
SAID = {"words": "请寄到我家里"}


@pytest.fixture
async def door(prepared: Settings) -> AsyncIterator[tuple[Settings, httpx.AsyncClient]]:
    """A door with keys; an operator and an administrator are on the staff."""
    settings = prepared.model_copy(update={"payload_keys": SecretStr(KEYS), "ui_url": UI})
    engine = engine_at(settings.database_url)
    people = [
        StaffRow(person=role.value, name=role.zh, roles=(role,))
        for role in (Role.OPERATOR, Role.ADMINISTRATOR)
    ]
    import_staff(engine, people)
    app = create_app(settings)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080"
    ) as client:
        yield settings, client


async def sealed(settings: Settings) -> dict[str, Any]:
    """Something encrypted, as the UI passes it on."""
    payloads = await data_converter_of(settings).encode([SAID])
    return dict(MessageToDict(Payloads(payloads=payloads)))


def cookie(settings: Settings, person: Role) -> dict[str, str]:
    """Of a person who is logged in."""
    engine = engine_at(settings.database_url)
    return {"cookie": f"session={log_in_as(engine, person.value, datetime.now(UTC), 'here')}"}


def text_in(answer: httpx.Response) -> Any:
    """What the first payload of an answer holds."""
    return json.loads(base64.b64decode(answer.json()["payloads"][0]["data"]))


async def test_an_operator_reads_and_writes_by_the_ui(door: tuple[Settings, httpx.AsyncClient]) -> None:
    settings, client = door
    from_ui = {**cookie(settings, Role.OPERATOR), "origin": UI, "x-namespace": "dingdan"}
    body = await sealed(settings)
    opened = await client.post("/codec/decode", json=body, headers=from_ui)
    assert opened.status_code == 200, opened.text
    assert text_in(opened) == SAID
    assert opened.headers["access-control-allow-origin"] == UI
    assert opened.headers["access-control-allow-credentials"] == "true"
    closed = await client.post("/codec/encode", json=opened.json(), headers=from_ui)
    assert closed.json()["payloads"][0]["metadata"]["encryption-key-id"] == base64.b64encode(b"2027").decode()
    assert text_in(await client.post("/codec/decode", json=closed.json(), headers=from_ui)) == SAID


@pytest.mark.parametrize(("person", "status"), [(None, 401), (Role.ADMINISTRATOR, 403)])
async def test_nobody_else_reads(
    door: tuple[Settings, httpx.AsyncClient], person: Role | None, status: int
) -> None:
    settings, client = door
    headers = cookie(settings, person) if person else {}
    answer = await client.post(
        "/codec/decode", json=await sealed(settings), headers={**headers, "origin": UI}
    )
    assert answer.status_code == status
    assert "words" not in answer.text


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://127.0.0.1:8234", "null"])
async def test_no_page_of_elsewhere_may_ask(door: tuple[Settings, httpx.AsyncClient], origin: str) -> None:
    settings, client = door
    headers = {**cookie(settings, Role.OPERATOR), "origin": origin}
    answer = await client.post("/codec/decode", json=await sealed(settings), headers=headers)
    assert answer.status_code == 403
    asked = {"origin": origin, "access-control-request-method": "POST"}
    assert (await client.options("/codec/decode", headers=asked)).status_code == 400
    assert "access-control-allow-origin" not in (await client.options("/codec/decode", headers=asked)).headers


async def test_the_ui_may_ask_the_codec_and_nothing_else(door: tuple[Settings, httpx.AsyncClient]) -> None:
    settings, client = door
    asked = {
        "origin": UI, "access-control-request-method": "POST", "access-control-request-headers": "content-type,x-namespace",
    }  # fmt: skip
    assert (await client.options("/codec/decode", headers=asked)).status_code == 200
    assert "access-control-allow-origin" not in (await client.options("/orders", headers=asked)).headers
    form = await client.post("/logout", headers={**cookie(settings, Role.OPERATOR), "origin": UI})
    assert form.status_code == 403


@pytest.mark.parametrize("body", ["", "[]", '{"payloads": 1}', '{"payloads": [{"data": 1}]}', "\ud800"])
async def test_what_is_no_list_of_payloads_is_said(
    door: tuple[Settings, httpx.AsyncClient], body: str
) -> None:
    settings, client = door
    headers = {**cookie(settings, Role.OPERATOR), "content-type": "application/json"}
    content = body.encode(errors="surrogatepass")
    answer = await client.post("/codec/decode", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_a_key_that_is_missing_is_named(door: tuple[Settings, httpx.AsyncClient]) -> None:
    settings, client = door
    other = settings.model_copy(update={"payload_keys": SecretStr(KEYS.replace("2027", "2019"))})
    answer = await client.post(
        "/codec/decode", json=await sealed(other), headers=cookie(settings, Role.OPERATOR)
    )
    assert (answer.status_code, answer.json()["code"]) == (503, "not_set_up")
    assert "2019" in answer.json()["en"]
