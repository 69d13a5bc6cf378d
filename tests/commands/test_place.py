"""`place`: what became of every order of a file, whatever befell one of them, and an exit code that says it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.store.database import engine_at, writing
from commands.company.setup import prepare
from models.tables.registry import table
from models.values.calendar import business_date
from runtime.delivery.placing import Opened, begin_order
from runtime.refusals import refusal_of_server
from runtime.settings import Settings
from tests.commands.conftest import ORDER, Desk, files

_NUMBERS = count(100_000, 100)


@pytest.fixture
async def company(desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path) -> None:
    """Set up, with numbers that no other database on this server gives."""
    await prepare(settings, temporal_client)
    await files(desk, tmp_path)
    today = business_date(datetime.now(UTC))
    with writing(engine_at(settings.database_url)) as connection:
        connection.execute(table("day_numbers").insert().values(day=today, last=next(_NUMBERS)))


def order_file(folder: Path, *orders: dict[str, Any]) -> str:
    file = folder / "orders.json"
    named = [{**ORDER, "request_id": f"r-{place}", **each} for place, each in enumerate(orders)]
    file.write_text(json.dumps(named))
    return str(file)


@pytest.mark.usefixtures("company")
async def test_orders_too_large_stand_between_good_ones(desk: Desk, tmp_path: Path) -> None:
    line = ORDER["lines"][0]
    file = order_file(
        tmp_path, {}, {"lines": [{**line, "quantity": "755550102"}]}, {"unclear": ["x" * 100] * 6000}, {}
    )  # fmt: skip
    code, out, err = await desk.run("place", file)
    assert code == 3
    assert (out.count("placed"), out.count("r-0"), out.count("r-3")) == (2, 1, 1)
    assert "row 2 [lines.0.quantity] bad_money" in " ".join(err.split())
    assert "row 3 [unclear] too_large: the order is too large: 60" in " ".join(err.split())
    assert "at most 512 KB; the largest part is unclear fields" in " ".join(err.split())
    assert "2 placed, 2 not" in err
    assert "does not answer" not in err
    listed = await desk.read("list")
    assert listed["total"] == 2


def troubled(request_id: str, status: RPCStatusCode, text: str) -> Any:
    """`begin_order` of a server that meets one order with this answer."""

    async def beginning(client: Client, settings: Settings, opened: Opened) -> Opened:
        if opened.start.request.request_id >= request_id:
            error = RPCError(text, status, b"")
            raise refusal_of_server(error) from error
        return await begin_order(client, settings, opened)

    return beginning


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    ("status", "text", "exit_code", "placed", "untried"),
    [
        (RPCStatusCode.INVALID_ARGUMENT, "Blob data size exceeds limit.", 3, 1, 0),
        (RPCStatusCode.INTERNAL, "shard", 8, 1, 0),
        (RPCStatusCode.UNAVAILABLE, "gone", 8, 1, 2),
    ],
)
async def test_what_was_placed_before_a_failure_is_told(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    status: RPCStatusCode, text: str, exit_code: int, placed: int, untried: int,
) -> None:  # fmt: skip
    file = order_file(tmp_path, *([{}] * 6))
    monkeypatch.setattr("commands.orders.place.begin_order", troubled("r-1", status, text))
    code, out, _ = await desk.run("place", file, "--json")
    said = json.loads(out)
    assert code == exit_code
    assert (len(said["placed"]), len(said["bad"]), said["untried"]) == (placed, 5 - untried, untried)
    assert all(each["order"] for each in said["bad"])  # numbered, and begun when it is mended
    monkeypatch.undo()


async def test_a_server_that_was_never_there_is_told_at_once(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    code, _, err = await desk.run("place", order_file(tmp_path, {}, {}))
    assert code == 8
    assert "server_unavailable" in err
