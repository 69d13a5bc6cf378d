"""`place`: what became of every order of a file, whatever befell one of them, and an exit code that says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.orders.requests import start_of
from activities.store.database import engine_at
from commands.company.setup import prepare
from runtime.delivery.placing import Opened, begin_order
from runtime.refusals import refusal_of_server
from runtime.settings import Settings
from tests.commands.conftest import ORDER, Desk, files


@pytest.fixture
async def company(desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path) -> None:
    """Set up, with the files of a small company."""
    await prepare(settings, temporal_client)
    await files(desk, tmp_path)


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


def sheet_file(file: Path, *changes: dict[str, Any], areas: tuple[str, ...] = ()) -> str:
    """A workbook with a row for each line; None leaves a cell empty."""
    line = ORDER["lines"][0]
    values = {**{name: value for name, value in ORDER.items() if name != "lines"}, **line}
    values.pop("line")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(values))
    for change in changes:
        sheet.append(list({**values, **change}.values()))
    for area in areas:
        sheet.merge_cells(area)
    book.save(file)
    return str(file)


@pytest.mark.usefixtures("company")
async def test_an_order_in_merged_cells_is_placed_whole_and_once(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    """R10: the order of a merged cell is the order of the corrected file, and no conflict."""
    none = {"request_id": None}
    amounts = [{"quantity": 10}, {"quantity": 20}, {"quantity": 30}]
    merged = sheet_file(
        tmp_path / "a.xlsx", amounts[0], {**none, **amounts[1]}, {**none, **amounts[2]}, areas=("A2:A4",)
    )
    code, out, err = await desk.run("place", merged)
    assert code == 0
    number = out.split()[0]
    assert "what stands in merged cells was read for each of their rows: A2" in " ".join(err.split())
    lines = start_of(engine_at(settings.database_url), number).request.lines
    assert [line.quantity for line in lines] == [10, 20, 30]
    right = sheet_file(tmp_path / "b.xlsx", *amounts)
    code, out, _ = await desk.run("place", right)
    assert (code, out.split()[:2]) == (0, [number, "was"])


@pytest.mark.usefixtures("company")
async def test_an_order_whose_rows_contradict_each_other_waits_and_others_do_not(
    desk: Desk, tmp_path: Path
) -> None:
    file = sheet_file(
        tmp_path / "a.xlsx", {"request_id": "c-1"}, {"request_id": "c-1", "address": "广州"}, {"request_id": "c-2"},
        {"request_id": "2.02701E+14"}, {"request_id": "c-3"}, {"request_id": None, "consignee": "别人"},
    )  # fmt: skip
    code, out, err = await desk.run("place", file, "--json")
    said = json.loads(out)
    assert [each["request_id"] for each in said["placed"]] == ["c-2"]
    assert [(bad["row"], bad["code"]) for bad in said["bad"]] == [
        (2, "contradiction"), (5, "malformed"), (6, "contradiction"), (7, "missing_field"),
    ]  # fmt: skip
    assert "深圳" in said["bad"][0]["zh"]
    assert "广州" in said["bad"][0]["zh"]
    assert code == 7
    assert err == ""
