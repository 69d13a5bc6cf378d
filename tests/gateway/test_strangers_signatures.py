"""A false signature is answered alike, whoever is said to send, whenever it is said to be: nobody learns who our senders are."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from standardwebhooks import Webhook

from gateway.api import webhooks
from runtime.settings import Settings
from runtime.webhook_keys import MOST_KEYS, new_key
from tests.gateway.conftest import caller

BODY = json.dumps({"type": "balance.changed"}).encode()
WHEN = {"now": 0, "a year ago": -365, "in a year": 365, "yesterday": -1}


def signed(key: str, at: datetime, body: bytes = BODY) -> dict[str, str]:
    return {
        "content-type": "application/json",
        "webhook-id": "m-1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(key).sign("m-1", at, body.decode()),
    }


def told(answer: httpx.Response) -> tuple[int, dict[str, Any], dict[str, str]]:
    """All that a stranger sees of an answer, but for the name that they gave themselves."""
    body = {name: value for name, value in answer.json().items() if name != "instance"}
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return answer.status_code, body, headers


@pytest.mark.parametrize("when", list(WHEN))
@pytest.mark.parametrize("signature", ["another's key", "none", "nonsense", "twenty"])
async def test_strangers_are_answered_alike_for_senders_known_and_unknown(
    door: FastAPI, prepared: Settings, when: str, signature: str
) -> None:
    new_key(prepared, "bank")
    new_key(prepared, "carrier")
    new_key(prepared, "carrier")
    theirs = base64.b64encode(secrets.token_bytes(32)).decode()
    headers = signed(theirs, datetime.now(UTC) + timedelta(days=WHEN[when]))
    if signature == "none":
        del headers["webhook-signature"]
    elif signature == "nonsense":
        headers["webhook-signature"] = "v1,!!! é".encode("ascii", "replace").decode()
    elif signature == "twenty":
        headers["webhook-signature"] = " ".join([headers["webhook-signature"]] * 20)
    async with caller(door) as client:
        known, changed, keyless, unknown = [
            told(await client.post(f"/hooks/{name}", content=BODY, headers=headers))
            for name in ("bank", "carrier", "fax-gateway", "nobody-at-all")
        ]
    assert known[0] == 401
    assert known == changed == keyless == unknown


@pytest.mark.parametrize("size", [1_000, 255_000, 257_000, 30_000_000])
async def test_the_size_that_is_read_tells_nothing_either(
    door: FastAPI, prepared: Settings, size: int
) -> None:
    new_key(prepared, "bank")
    body = b'"' + b"a" * (size - 2) + b'"'
    headers = signed(base64.b64encode(secrets.token_bytes(32)).decode(), datetime.now(UTC))
    async with caller(door) as client:
        known, scans, unknown = [
            told(await client.post(f"/hooks/{name}", content=body, headers=headers))
            for name in ("bank", "fax-gateway", "nobody-at-all")
        ]
    assert known == scans == unknown
    assert known[0] in (401, 413)


async def test_as_many_signatures_are_made_for_a_stranger_as_for_a_sender(
    door: FastAPI, prepared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the time nothing is measured here: the work is counted, which is what takes it."""
    new_key(prepared, "bank")
    new_key(prepared, "carrier")
    new_key(prepared, "carrier")
    made: list[int] = []

    class Counted(Webhook):
        def sign(self, msg_id: str, timestamp: datetime, data: str) -> str:
            made.append(len(data))
            return super().sign(msg_id, timestamp, data)

    monkeypatch.setattr(webhooks, "Webhook", Counted)
    headers = signed(base64.b64encode(secrets.token_bytes(32)).decode(), datetime.now(UTC))
    async with caller(door) as client:
        for name in ("bank", "carrier", "fax-gateway", "nobody-at-all"):
            made.clear()
            assert (await client.post(f"/hooks/{name}", content=BODY, headers=headers)).status_code == 401
            assert len(made) == MOST_KEYS, name


async def test_only_who_has_the_key_learns_that_it_was_signed_too_long_ago(
    door: FastAPI, prepared: Settings
) -> None:
    key = new_key(prepared, "bank")
    async with caller(door) as client:
        for minutes, status, where in (
            (-6, 401, "webhook-timestamp"),
            (6, 401, "webhook-timestamp"),
            (-4, 200, None),
        ):
            headers = signed(key, datetime.now(UTC) + timedelta(minutes=minutes))
            answer = await client.post("/hooks/bank", content=BODY, headers=headers)
            assert (answer.status_code, answer.json().get("where")) == (status, where)


async def test_a_senders_own_limit_counts_when_it_has_shown_its_key(
    door: FastAPI, prepared: Settings
) -> None:
    key = new_key(prepared, "bank")
    body = json.dumps({"type": "balance.changed", "more": "a" * 300_000}).encode()
    async with caller(door) as client:
        answer = await client.post("/hooks/bank", content=body, headers=signed(key, datetime.now(UTC), body))
    assert answer.status_code == 413
