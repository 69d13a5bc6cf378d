"""After-sales cases on a real server with worker and order database: from the customer's word to the money (R142 to R144)."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from temporalio.client import Client

from activities.store.database import engine_at, reading, writing
from commands.company.setup import prepare
from models.tables.registry import table
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.commands.conftest import ORDER, Desk, files
from tests.runtime.watching import until

STAFF = """
- {person: zhou, name: 周, roles: [service_supervisor]}
- {person: qian, name: 钱, roles: [quality]}
- {person: cang, name: 仓, roles: [warehouse]}
- {person: cai, name: 财, roles: [finance]}
"""


async def company(desk: Desk, folder: Path) -> None:
    await files(desk, folder)
    (folder / "more.yaml").write_text(STAFF)
    code, out, err = await desk.run("import", "staff", str(folder / "more.yaml"))
    assert code == 0, (out, err)


async def delivered(desk: Desk, settings: Settings, folder: Path) -> str:
    """An order of 10 rolls at 100.00 that the customer has received and paid."""
    file = folder / "order.json"
    file.write_text(json.dumps({**ORDER, "request_id": f"fax/{uuid.uuid4().hex}"}))
    placed = await desk.read("place", str(file))
    number: str = placed["placed"][0]["order"]
    engine = engine_at(settings.database_url)
    await until(lambda: _has_lines(settings, number), f"{number} has lines")
    nothing, when = Decimal("0.00"), datetime.now(UTC) - timedelta(days=2)
    with writing(engine) as connection:
        connection.execute(
            table("shipments").insert().values(
                order_number=number, shipment="1", quantities={"1": "10.000"}, carrier="顺丰", shipped_at=when,
                collection="none", to_collect=nothing, remitted=nothing, freight_out=nothing, freight_back=nothing,
                delivered_at=when,
            )
        )  # fmt: skip
        orders = table("orders")
        connection.execute(update(orders).where(orders.c.number == number).values(paid=Decimal("1000.00")))
    return number


def _has_lines(settings: Settings, number: str) -> bool:
    lines = table("order_lines")
    with reading(engine_at(settings.database_url)) as connection:
        return connection.scalar(select(lines.c.line).where(lines.c.order_number == number)) is not None


def asked(order: str, **changes: Any) -> dict[str, Any]:
    """4 of the 10 rolls come back."""
    given = {
        "request_id": "page/1", "order": order, "type": "return", "cause": "defect", "line": 1, "quantity": "4",
        "words": "受潮", "entered_by": "chen",
    }  # fmt: skip
    return {**given, **changes}


async def opened(desk: Desk, folder: Path, request: dict[str, Any]) -> Any:
    file = folder / "case.json"
    file.write_text(json.dumps(request))
    return await desk.read("case", "open", str(file))


async def soon(desk: Desk, number: str, stage: str) -> Any:
    """The case when it has come so far in the order database."""
    return await desk.read_when(lambda shown: shown.get("stage") == stage, stage, "case", "show", number)


async def tells(desk: Desk, number: str, kind: str, by: str, **content: Any) -> Any:
    said = await desk.read("case", "tell", number, kind, "--by", by, "--content", json.dumps(content))
    return said.get("status") or said["error"]["code"]


async def decides(desk: Desk, number: str, by: str, outcome: str = "approve", **detail: Any) -> Any:
    said = await desk.read(
        "case", "decide", number, "case_decision", outcome, "--by", by, "--note", "N-1",
        "--content", json.dumps(detail),
    )  # fmt: skip
    return said.get("status") or said["error"]["code"]


async def granted(desk: Desk, number: str, **detail: Any) -> None:
    assert await tells(desk, number, "case_acknowledged", "chen") == "accepted"
    assert await tells(desk, number, "case_assessed", "chen", words="照片属实") == "accepted"
    await soon(desk, number, "assessed")
    assert await decides(desk, number, "zhou", **detail) == "accepted"


async def back(desk: Desk, number: str, quantity: str, passed: str, failed: str = "0") -> None:
    assert await tells(desk, number, "goods_sent", "chen", carrier="顺丰") == "accepted"
    assert await tells(desk, number, "goods_received", "cang", quantity=quantity) == "accepted"
    assert await tells(desk, number, "case_inspected", "qian", passed=passed, failed=failed) == "accepted"


@pytest.mark.postgresql
async def test_a_return_on_the_real_workflow(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    """R142, R143: opened, granted by the supervisor, back, inspected, worked out, paid, agreed."""
    await prepare(settings, temporal_client)
    await company(desk, tmp_path)
    async with build_worker(temporal_client, settings):
        order = await delivered(desk, settings, tmp_path)
        made = await opened(desk, tmp_path, asked(order))
        number = f"C{order}-1"
        assert made == {"opened": [{"case": number, "request_id": "page/1", "known": False}], "bad": []}
        assert (await opened(desk, tmp_path, asked(order)))["opened"][0]["known"] is True
        handle = temporal_client.get_workflow_handle(f"case-{order}-1")
        assert (await handle.query("case"))["request"]["order"] == order
        more = await opened(desk, tmp_path, asked(order, request_id="page/2", quantity="7"))
        assert (more["bad"][0]["code"], more["bad"][0]["where"]) == ("more_than_received", "quantity")
        assert await decides(desk, number, "chen", remedy="refund") == "wrong_role"
        await granted(desk, number, remedy="refund")
        shown = await soon(desk, number, "goods_awaited")
        assert shown["steps"][0]["command"].startswith(f"case tell {number} goods_sent")
        await back(desk, number, "4", "3", "1")
        await soon(desk, number, "to_remedy")
        shown = await desk.read_when(
            lambda view: view["payable"] is not None, "payable", "case", "show", number
        )
        assert (shown["value"], shown["payable"], shown["held"]) == ("300.00", "300.00", "3.000")
        assert await tells(desk, number, "remedy_done", "cai", reference="B-1", amount="300.00") == "accepted"
        await soon(desk, number, "remedied")
        assert await tells(desk, number, "case_answered", "chen", agrees=True) == "accepted"
        ended = await soon(desk, number, "closed")
        assert ended["ending"] == "agreed"
        assert await tells(desk, number, "evidence_added", "chen", document="x") == "order_ended"
        counted = (await desk.read("case", "statistics"))["statistics"]
        assert [(each["product"], each["cause"], each["cases"], each["payable"]) for each in counted] == [
            ("TP-80", "defect", 1, "300.00")
        ]
        assert (await desk.read("case", "list", "--open"))["cases"] == []
        rest = await opened(desk, tmp_path, asked(order, request_id="page/3", quantity="7"))
        assert rest["opened"][0]["case"] == f"C{order}-2"


async def test_an_exchange_becomes_an_order_by_itself(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    """R144: at the old price though the list has another by now; a case named on an order by hand is refused."""
    await prepare(settings, temporal_client)
    await company(desk, tmp_path)
    async with build_worker(temporal_client, settings):
        order = await delivered(desk, settings, tmp_path)
        (tmp_path / "prices.csv").write_text(
            "product,name,specification,unit,unit_price,valid_from\nTP-80,纸,80,roll,120.00,2026-02-01\n"
        )
        await desk.run("import", "prices", str(tmp_path / "prices.csv"))
        await opened(desk, tmp_path, asked(order, type="exchange", cause="wrong_goods"))
        number = f"C{order}-1"
        await granted(desk, number, remedy="reship")
        await back(desk, number, "4", "4")
        shown = await soon(desk, number, "remedied")
        replacement = shown["replacement"]
        assert shown["difference"] == "0.00"
        view = await desk.read("show", replacement)
        assert (view["lines"][0]["quantity"], view["lines"][0]["unit_price"]) == ("4.000", "100.00")
        assert not [each for each in view["order"]["steps"] if "price" in each["key"]]
        named = {**ORDER, "request_id": "x", "replaces": {"case": number, "order": order}}
        file = tmp_path / "order.json"
        file.write_text(json.dumps(named))
        bad = (await desk.read("place", str(file)))["bad"][0]
        assert (bad["code"], bad["where"]) == ("contradiction", "replaces.case")


async def test_bad_cases_are_told_and_keep_nothing(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    """R142, R143: each a code and the field; the good ones of a file are opened."""
    await prepare(settings, temporal_client)
    await company(desk, tmp_path)
    async with build_worker(temporal_client, settings):
        order = await delivered(desk, settings, tmp_path)
        wrong: list[dict[str, Any]] = [
            {"cause": "bad_weather"},
            {"order": "20200101-0001"},
            {"customer": "K2"},
            {"quantity": "11"},
            {"line": 9},
            {"quantity": "0"},
            {"cause": "unwanted"},
            {"evidence": ["../x"]},
            {"colour": "red"},
        ]
        cases = [
            asked(order),
            *({**asked(order), "request_id": f"w/{n}", **each} for n, each in enumerate(wrong)),
        ]
        file = tmp_path / "cases.json"
        file.write_text(json.dumps(cases))
        made = await desk.read("case", "open", str(file))
        assert [each["code"] for each in made["bad"]] == [
            "malformed",
            "unknown_order",
            "unknown_order",
            "more_than_received",
            "unknown_line",
            "bad_quantity",
            "not_returnable",
            "malformed",
            "unknown_field",
        ]
        assert "damaged" in made["bad"][0]["en"]
        assert len(made["opened"]) == 1
        assert (await desk.read("case", "show", "C20200101-0001-1"))["error"]["code"] == "unknown_order"
        told = await desk.read("case", "tell", f"C{order}-1", "offer_made", "--by", "li")
        assert told["error"]["code"] == "unknown_fact"
