"""The command line on a real server with worker and order database: from files to the end of an order."""

from __future__ import annotations

import asyncio
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

import starter
from activities.database import engine_at, writing
from commands.setup import prepare
from models.calendar import business_date
from models.tables import table
from runtime.settings import Settings
from runtime.worker import build_worker

ORDER: dict[str, Any] = {
    "request_id": "fax-1", "channel": "fax", "customer": "K1", "contact": "王芳", "phone": "1", "address": "深圳",
    "consignee": "王芳", "lines": [{"line": 1, "product": "TP-80", "specification": "80", "quantity": 10, "unit": "roll",
    "unit_price": "100.00"}], "payment_terms": "deposit", "packing": "箱", "delivery_method": "freight",
    "freight_terms": "seller_pays", "entered_by": "chen",
}  # fmt: skip


class Desk:
    """Runs commands as a person would, each in a thread of its own."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self.capture = capture

    async def run(self, *arguments: str) -> tuple[int, str, str]:
        self.capture.readouterr()
        code = await asyncio.to_thread(starter.run, list(arguments))
        said = self.capture.readouterr()
        return code, said.out, said.err

    async def read(self, *arguments: str) -> Any:
        _, out, _ = await self.run(*arguments, "--json")
        return json.loads(out)


@pytest.fixture
def desk(settings: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.setenv("DINGDAN_VAR", str(settings.var))
    monkeypatch.setenv("TEMPORAL_ADDRESS", str(settings.temporal_address))
    monkeypatch.setenv("DINGDAN_TASK_QUEUE", settings.task_queue)
    monkeypatch.setenv("DINGDAN_LANGUAGE", "en")
    return Desk(capfd)


async def _files(desk: Desk, folder: Path) -> None:
    (folder / "customers.csv").write_text(
        "customer,name,customer_class,designated_signers,verified_by\nK1,红枫,B,王芳;刘强,chen\n"
    )
    (folder / "prices.csv").write_text(
        "product,name,specification,unit,unit_price,valid_from\nTP-80,纸,80,roll,100.00,2026-01-01\n"
    )
    (folder / "staff.yaml").write_text(
        "- {person: chen, name: 陈, roles: [service_clerk]}\n- {person: li, name: 李, roles: [king]}\n"
    )
    assert (await desk.run("import", "customers", str(folder / "customers.csv")))[0] == 0
    assert (await desk.run("import", "prices", str(folder / "prices.csv")))[0] == 0
    code, _, err = await desk.run("import", "staff", str(folder / "staff.yaml"))
    assert code == 3
    assert "row 2" in err


async def test_an_order_from_file_to_end(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    await prepare(settings, temporal_client)
    await _files(desk, tmp_path)
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
        assert (await desk.run(*decided))[0] == 7  # spoken
        told = await desk.read(*decided[:-1], "t/2", "--note", "T-1", "--at", "2027-01-01T00:00")
        assert told["error"]["code"] == "in_future"
        assert (await desk.read(*decided[:-1], "t/3", "--note", "T-1"))["status"] == "accepted"
        assert (await desk.run("decide", number, "approval", "approve", "--by", "chen", "--note", "A"))[
            0
        ] == 6
        assert (await desk.run("tell", "20200101-0001", "sheet_sent", "--by", "c", "--set", "version=1"))[
            0
        ] == 4

        assert (await desk.run("cancel", number, "--reason", "no more", "--by", "li"))[0] == 0
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
    monkeypatch.setattr("runtime.telling.PATIENCE_SECONDS", 1.0)
    await prepare(settings, temporal_client)
    await _files(desk, tmp_path)
    # another database on the same server: its numbers must not be those of the test above
    with writing(engine_at(settings.database_url)) as connection:
        connection.execute(
            table("day_numbers").insert().values(day=business_date(datetime.now(UTC)), last=500)
        )
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


async def test_a_signed_sheet_is_scanned_and_waits_for_the_clerk(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    """R31: recognised by its code; the same file twice is known; what cannot be read is kept."""
    await prepare(settings, temporal_client)
    await _files(desk, tmp_path)
    with writing(engine_at(settings.database_url)) as connection:
        connection.execute(
            table("day_numbers").insert().values(day=business_date(datetime.now(UTC)), last=700)
        )
    (tmp_path / "order.json").write_text(json.dumps(ORDER))
    async with build_worker(temporal_client, settings):
        number = (await desk.read("place", str(tmp_path / "order.json")))["placed"][0]["order"]
        today = business_date(datetime.now(UTC))
        said: dict[str, dict[str, Any]] = {
            "technical producible --by lin": {"material_note": "ok"},
            "production_date dated --by ma": {
                "production_date": today,
                "quantity": 10,
                "finished_date": today + timedelta(days=4),
            },
            "approval approve --by wu": {},
        }
        for words, detail in said.items():
            sets = [part for name, value in detail.items() for part in ("--set", f"{name}={value}")]
            assert (await desk.run("decide", number, *words.split(), "--note", "N-1", *sets))[0] == 0
        assert (await desk.run("tell", number, "sheet_sent", "--by", "chen", "--set", "version=1"))[0] == 0
        printed = await desk.read("documents", number)
        path = next(each["path"] for each in printed if each["paper"] == "confirmation_sheet")
        first = (await desk.read("scan", path))[0]
        assert (first["order"], first["version"], first["problem"]) == (number, 1, None)
        copy = tmp_path / "the same again.pdf"
        await asyncio.to_thread(shutil.copyfile, path, copy)
        assert (await desk.read("scan", str(copy)))[0]["problem"] is None
        (tmp_path / "letter.pdf").write_text("no picture")
        code, _, _ = await desk.run("scan", str(tmp_path / "letter.pdf"))
        assert code == 3
        steps = {step["key"]: step for step in (await desk.read("waiting", "service_clerk"))["steps"]}
        assert sum(key.startswith("verify_signature") for key in steps) == 1
        document = next(key for key in steps if key.startswith("verify_signature")).split(":")[1]
        told = ("--set", "version=1", "--set", "signed_by=王芳", "--set", f"document={document}")
        assert (
            await desk.run(
                "tell", number, "confirmation_returned", "--by", "chen", "--role", "service_clerk", *told
            )
        )[0] == 0
        await temporal_client.get_workflow_handle(f"order-{number}").terminate()
