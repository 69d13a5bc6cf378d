"""Who may move an order to another policy or edition by the API: a key with the role operator, and no other."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from temporalio.client import Client

from models.order.order import Order
from models.values.editions import NEWEST
from models.values.vocabulary import Role
from runtime.server.embedded_server import EmbeddedServer
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, caller, key_for, now, own_key


@pytest.fixture
def settings(temporal_server: EmbeddedServer, tmp_path: Path) -> Settings:
    """An installation with a policy in force and a later one beside it."""
    (tmp_path / "policy.toml").write_text('version = "now"\n')
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "spring.toml").write_text('version = "spring"\n[hanging]\ndays = 3\n')
    own = Settings(
        var=tmp_path / "var", policy=tmp_path / "policy.toml", task_queue=f"test-{uuid.uuid4().hex}"
    )
    own.var.mkdir()
    return temporal_server.settings(own)


def adopted(role: Role | None = Role.OPERATOR, **content: Any) -> dict[str, Any]:
    """The body of the fact."""
    said: dict[str, Any] = {"fact_id": f"op/{uuid.uuid4()}", "kind": "adopted", "happened_at": now()}
    return {**said, "content": {"reason": "新政策", **content}} | ({"role": role.value} if role else {})


@pytest.mark.usefixtures("working")
async def test_only_a_key_with_the_role_operator_moves_an_order(
    door: FastAPI, prepared: Settings, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    path = f"/v1/orders/{number}/facts"
    others = tuple(role for role in Role if role not in (Role.OPERATOR, Role.SYSTEM, Role.CUSTOMER))
    async with (
        caller(door, own_key(prepared, "erp", *others)) as ordinary,
        caller(door, key_for(prepared, "bank", Role.SYSTEM)) as system,
        caller(door, key_for(prepared, "narrow", Role.OPERATOR, facts=())) as narrow,
        caller(door, key_for(prepared, "ops", Role.OPERATOR)) as operator,
    ):
        for client in (ordinary, system, narrow):
            for role in (Role.OPERATOR, Role.SYSTEM, None):
                answer = await client.post(path, json=adopted(role, policy_version="spring"))
                assert (answer.status_code, answer.json()["code"]) == (403, "wrong_role"), (client, role)
        for content, status, code in (
            ({"policy_version": "2030"}, 404, "unknown_policy"),
            ({"policy": {"version": "spring"}}, 404, "unknown_policy"),
            ({"edition": NEWEST + 1}, 404, "unknown_edition"),
        ):
            answer = await operator.post(path, json=adopted(**content))
            assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        later = await operator.post(f"{path}?wait=no", json=adopted(policy_version="2030"))
        assert (later.status_code, later.json()["code"]) == (404, "unknown_policy"), "not kept to fail later"
        done = await operator.post(path, json=adopted(policy_version="spring", edition=NEWEST))
        assert (done.status_code, done.json()["status"]) == (200, "accepted"), done.text
        other = {"fact_id": "op/c", "kind": "contact_logged", "happened_at": now(), "role": "operator"}
        told = await operator.post(path, json={**other, "content": {"channel": "phone", "words": "x"}})
        assert (told.status_code, told.json()["code"]) == (403, "wrong_role")
    order = Order.model_validate(await temporal_client.get_workflow_handle(f"order-{number}").query("order"))
    assert (order.policy.version, order.policy.hanging.days, order.edition) == ("spring", 3, NEWEST)
    refusals = [entry for entry in order.seen if entry.startswith("key:ops/op/")]
    assert len(refusals) == 1
