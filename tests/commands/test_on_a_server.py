"""The command line on a real server with worker and order database: from files to the end of an order."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from activities.access.acts import acts_of
from activities.store.database import engine_at
from commands.company.setup import prepare
from runtime.connection import connect
from runtime.server.embedded_server import EmbeddedServer
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.commands.conftest import ORDER, Desk, files


@pytest.fixture(scope="module")
async def temporal_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedServer]:
    """A server of its own: in a long run of the whole suite the worker of this test got no task on the shared one."""
    async with EmbeddedServer(tmp_path_factory.mktemp("own"), persistent=False, headless=True) as server:
        yield server


@pytest.fixture(scope="module")
async def temporal_client(temporal_server: EmbeddedServer) -> Client:
    """A client of that server."""
    return await connect(temporal_server.settings(Settings()))


@pytest.mark.endurance
async def test_an_order_from_file_to_end(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    await prepare(settings, temporal_client)
    await files(desk, tmp_path)
    orders = tmp_path / "orders.json"
    line = ORDER["lines"][0]
    wrongs: list[dict[str, Any]] = [
        {"customer": "K9"},
        {"lines": [{**line, "product": "X"}]},
        {"lines": [{**line, "unit": "kg"}]},
        {"lines": [{**line, "quantity": 0}]},
        {"wanted_date": "2020-01-01"},
        {"channel": "smoke"},
    ]
    bad = [{**ORDER, "request_id": f"bad-{n}", **wrong} for n, wrong in enumerate(wrongs)]
    orders.write_text(json.dumps([ORDER, *bad]))
    async with build_worker(temporal_client, settings):
        placed = await desk.read("place", str(orders))
        number = placed["placed"][0]["order"]
        assert [each["code"] for each in placed["bad"]] == [
            "unknown_customer", "unknown_product", "wrong_unit", "bad_quantity", "date_in_past", "unknown_channel",
        ]  # fmt: skip
        assert [each["row"] for each in placed["bad"]] == [2, 3, 4, 5, 6, 7]
        orders.write_text(json.dumps(ORDER))
        assert (await desk.read("place", str(orders)))["placed"][0] == {
            "order": number,
            "request_id": "fax-1",
            "known": True,
        }
        orders.write_text(json.dumps({**ORDER, "packing": "袋"}))
        assert (await desk.run("place", str(orders)))[0] == 5

        decided = [
            "decide",
            number,
            "technical",
            "producible",
            "--by",
            "lin",
            "--set",
            "material_note=plenty",
            "--id",
            "t/1",
        ]
        await desk.read_when(lambda view: view["order"]["sequence"], "it has begun", "show", number)
        spoken = await desk.run(*decided)
        assert spoken[0] == 7, spoken
        told = await desk.read(*decided[:-1], "t/2", "--note", "T-1", "--at", "2027-01-01T00:00")
        assert told["error"]["code"] == "in_future"
        assert (await desk.read(*decided[:-1], "t/3", "--note", "T-1"))["status"] == "accepted"
        assert (await desk.run("decide", number, "approval", "approve", "--by", "chen", "--note", "A"))[
            0
        ] == 6
        assert (await desk.run("tell", "20200101-0001", "sheet_sent", "--by", "chen", "--set", "version=1"))[
            0
        ] == 4

        assert (await desk.read(*decided[:-1], "t/4", "--by", "ma"))["error"]["code"] == "wrong_role"
        assert (await desk.read(*decided[:-1], "t/4", "--by", "zhang"))["error"]["code"] == "unknown_person"
        logged = (
            "tell",
            number,
            "contact_logged",
            "--set",
            "channel=phone",
            "--set",
            "words=x",
            "--id",
            "same",
        )
        for person in ("chen", "li"):
            said = await desk.read(*logged, "--by", person)
            assert (said["status"], said["fact_id"]) == ("accepted", "same"), (
                "another person's id is another fact"
            )
        for forged in ("key:chen", "customer:chen"):
            refused = await desk.read(*logged, "--by", forged, "--role", "service_clerk")
            assert refused["error"]["code"] in ("unknown_person", "wrong_role")
        for forged in ("key:chen", "zhang"):
            orders.write_text(json.dumps({**ORDER, "request_id": "forged", "entered_by": forged}))
            (bad,) = (await desk.read("place", str(orders)))["bad"]
            assert (bad["code"], bad["where"]) == ("unknown_person", "entered_by")
        assert (await desk.run("cancel", number, "--reason", "no more", "--by", "li"))[0] == 0
        acts = [(act.person, act.outcome) for act in acts_of(engine_at(settings.database_url), number)]
        assert ("lin", "told") in acts
        assert ("lin", "not_in_writing") in acts
        await temporal_client.get_workflow_handle(f"order-{number}").result()
        late = [
            "tell",
            number,
            "contact_logged",
            "--by",
            "chen",
            "--set",
            "channel=phone",
            "--set",
            "words=too late",
        ]
        assert (await desk.run(*late))[0] == 5
    shown = await desk.read("show", number)
    assert shown["order"]["ending"] == "cancelled"
    assert shown["late_facts"][0]["envelope"]["kind"] == "contact_logged"
    assert shown["link"].endswith(f"/workflows/order-{number}")
    code, out, _ = await desk.run("show", number)
    assert code == 0
    assert "ended: cancelled" in out
    assert [each["number"] for each in (await desk.read("list", "--status", "cancelled"))["orders"]] == [
        number
    ]
    assert (await desk.run("list"))[0] == 0
    assert (await desk.run("waiting", "技术部"))[0] == 0


async def test_a_fact_is_stored_while_no_worker_answers(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.delivery.telling.PATIENCE_SECONDS", 1.0)
    await prepare(settings, temporal_client)
    await files(desk, tmp_path)
    (tmp_path / "order.json").write_text(json.dumps(ORDER))
    number = (await desk.read("place", str(tmp_path / "order.json")))["placed"][0]["order"]
    said = [
        "tell",
        number,
        "contact_logged",
        "--by",
        "chen",
        "--set",
        "channel=phone",
        "--set",
        "words=hello",
        "--id",
        "c/1",
    ]
    said += ["--at", (datetime.now(UTC) + timedelta(seconds=30)).isoformat()]
    stored = await desk.read(*said)
    assert stored == {"order": number, "status": "stored", "fact_id": "c/1"}
    async with build_worker(temporal_client, settings):
        assert (await desk.read(*said))["status"] == "known"
        await temporal_client.get_workflow_handle(f"order-{number}").terminate()
