"""Contracts on a real server with worker and order database, by the command line: drafted, signed, changed, ended (R107)."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from temporalio.client import Client

from activities.store.database import engine_at, reading
from commands.company.setup import prepare
from models.tables.registry import table
from models.values.calendar import business_date
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.commands.conftest import ORDER, Desk, files

STAFF = """
- {person: fa, name: 法, roles: [legal]}
- {person: cai, name: 财, roles: [finance]}
- {person: zong, name: 总, roles: [marketing_director]}
"""
POLICY = Path(__file__).resolve().parents[2] / "policy.toml"


async def company(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Legal, finance and the director beside the others; every order needs a contract."""
    await files(desk, folder)
    (folder / "more.yaml").write_text(STAFF)
    code, out, err = await desk.run("import", "staff", str(folder / "more.yaml"))
    assert code == 0, (out, err)
    policy = folder / "policy.toml"
    policy.write_text(
        POLICY.read_text(encoding="utf-8").replace('required = "quoted"', 'required = "always"')
    )
    monkeypatch.setenv("DINGDAN_POLICY", str(policy))


async def waits(desk: Desk, order: str, key: str, *, gone: bool = False) -> Any:
    """The order once it waits for this step, or does no more."""

    def so(view: dict[str, Any]) -> bool:
        keys = [each["key"] for each in view.get("order", {}).get("steps", [])]
        return bool(keys) and (key in keys) is not gone

    return await desk.read_when(so, key, "show", order)


async def verified(desk: Desk, folder: Path) -> str:
    """An order of 10 rolls at 100.00 whose sheet may go out."""
    file = folder / "order.json"
    file.write_text(json.dumps({**ORDER, "request_id": f"fax/{uuid.uuid4().hex}"}))
    order: str = (await desk.read("place", str(file)))["placed"][0]["order"]
    today = business_date(datetime.now(UTC))
    await decides(desk, order, "technical", "producible", "lin", line=True, material_note="原纸充足")
    dated = {
        "production_date": (today + timedelta(days=1)).isoformat(),
        "quantity": "10",
        "finished_date": (today + timedelta(days=5)).isoformat(),
    }
    await decides(desk, order, "production_date", "dated", "ma", line=True, **dated)
    await decides(desk, order, "approval", "approve", "wu")
    await waits(desk, order, "contract:1")
    return order


async def decides(
    desk: Desk, number: str, subject: str, outcome: str, by: str, *, line: bool = False, **detail: Any
) -> None:
    command = ("contract", "decide") if number.startswith("H") else ("decide",)
    lines = ("--line", "1") if line else ()
    said = await desk.read(
        *command,
        number,
        subject,
        outcome,
        "--by",
        by,
        "--note",
        "N-1",
        *lines,
        "--content",
        json.dumps(detail),
    )
    assert said.get("status") == "accepted", said


async def tells(desk: Desk, number: str, kind: str, by: str, **content: Any) -> Any:
    said = await desk.read("contract", "tell", number, kind, "--by", by, "--content", json.dumps(content))
    return said.get("status") or said["error"]["code"]


async def soon(desk: Desk, number: str, stage: str) -> Any:
    """The contract when it has come so far in the order database."""
    return await desk.read_when(lambda shown: shown.get("stage") == stage, stage, "contract", "show", number)


async def signed(desk: Desk, number: str, version: int) -> None:
    """Approved by legal and finance, arranged, signed by both."""
    await decides(desk, number, "contract_approval", "approve", "fa")
    await decides(desk, number, "contract_approval", "approve", "cai")
    at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert (
        await tells(desk, number, "signing_arranged", "li", version=version, place="会议室", at=at)
        == "accepted"
    )
    shown = await desk.read("contract", "show", number)
    digest = shown["drafts"][-1]["digest"]
    assert await tells(desk, number, "contract_signed", "zong", version=version, digest=digest) == "accepted"
    paper = {"version": version, "digest": digest, "signed_by": "王芳", "document": f"HT-{version}"}
    assert (
        await tells(desk, number, "contract_signed", "li", **{**paper, "signed_by": "路人"})
        == "contradiction"
    )
    assert await tells(desk, number, "contract_signed", "li", **paper) == "accepted"


@pytest.mark.postgresql
async def test_signed_changed_and_signed_anew_before_production(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R107: the real order waits, hears by itself, waits again after an amendment, and goes on; both sides' copies are kept."""
    await prepare(settings, temporal_client)
    await company(desk, tmp_path, monkeypatch)
    async with build_worker(temporal_client, settings):
        order = await verified(desk, tmp_path)
        draft = ("contract", "draft", order, "--by", "li", "--quality", "GB/T 28210-2011")
        made = await desk.read(*draft)
        number = f"H{order}-1"
        assert made == {"contract": number, "order": order, "known": False}
        handle = temporal_client.get_workflow_handle(f"contract-{order}-1")
        assert (await handle.query("contract"))["request"]["order"] == order
        shown = await soon(desk, number, "in_approval")
        assert (shown["total"], shown["steps"][0]["roles"]) == ("1000.00", ["legal", "finance"])
        again = await desk.read(*draft)
        assert again["error"]["code"] == "contradiction", "nothing is different"
        await signed(desk, number, 1)
        await soon(desk, number, "in_force")
        await waits(desk, order, "contract:1", gone=True)

        changes = json.dumps({"lines": [{"line": 1, "quantity": "12"}]})
        told = await desk.read("amend", order, "--reason", "加量", "--by", "li", "--content", changes)
        assert told.get("status") == "accepted", told
        today = business_date(datetime.now(UTC))
        await decides(desk, order, "technical", "producible", "lin", line=True, material_note="原纸充足")
        dated = {
            "production_date": (today + timedelta(days=1)).isoformat(),
            "quantity": "12",
            "finished_date": (today + timedelta(days=6)).isoformat(),
        }
        await decides(desk, order, "production_date", "dated", "ma", line=True, **dated)
        await decides(desk, order, "approval", "approve", "wu")
        await waits(desk, order, "contract:2")
        told = await desk.read("contract", "draft", order, "--by", "li", "--reason", "客户加量")
        assert told.get("status") == "accepted", told
        await soon(desk, number, "changing")
        await signed(desk, number, 2)
        await waits(desk, order, "contract:2", gone=True)
        shown = await soon(desk, number, "in_force")
        assert (shown["in_force"], shown["total"], len(shown["signatures"])) == (2, "1200.00", 4)

        ended = await tells(desk, number, "terminated", "fa", reason="协商解除", document="JC-1")
        assert ended == "accepted"
        await soon(desk, number, "ended")
        await waits(desk, order, "contract:2")
        assert await tells(desk, number, "drafted", "li", words="再谈") == "order_ended"
        assert (await desk.read("contract", "list", "--open"))["contracts"] == []
        assert (await desk.read(*draft))["contract"] == f"H{order}-2"
    engine = engine_at(settings.database_url)
    with reading(engine) as connection:
        journal = table("case_journal")
        kept = connection.execute(
            select(journal.c.sequence, journal.c.previous, journal.c.hash)
            .where(journal.c.case_number == number)
            .order_by(journal.c.sequence)
        ).all()
    assert [row.sequence for row in kept] == list(range(1, len(kept) + 1))
    assert [row.previous for row in kept[1:]] == [row.hash for row in kept[:-1]]


async def test_what_cannot_be_drafted_is_told(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R107: an order that nobody knows, one whose date is open, no quality standard, a day that is none: a code, and nothing is kept."""
    await prepare(settings, temporal_client)
    await company(desk, tmp_path, monkeypatch)
    async with build_worker(temporal_client, settings):
        unknown = await desk.read("contract", "draft", "20270101-9999", "--by", "li", "--quality", "x")
        assert unknown["error"]["code"] == "unknown_order"
        file = tmp_path / "order.json"
        file.write_text(json.dumps(ORDER))
        order = (await desk.read("place", str(file)))["placed"][0]["order"]
        early = await desk.read("contract", "draft", order, "--by", "li", "--quality", "x")
        assert (early["error"]["code"], early["error"]["where"]) == ("not_asked", "order")
        order = await verified(desk, tmp_path)
        for given, code in (
            ((), "missing_field"),
            (("--quality", "x", "--valid-until", "soon"), "malformed"),
            (("--quality", "x", "--valid-until", "2020-01-01"), "date_in_past"),
        ):
            refused = await desk.read("contract", "draft", order, "--by", "li", *given)
            assert refused["error"]["code"] == code, refused
        nobody = await desk.read("contract", "draft", order, "--by", "nobody-here", "--quality", "x")
        assert nobody["error"]["code"] == "unknown_person"
        assert (await desk.read("contract", "list"))["contracts"] == []
        shown = await desk.read("contract", "draft", order, "--by", "li", "--terms")
        assert shown["terms"]["lines"][0]["unit_price"] == "100.00"
