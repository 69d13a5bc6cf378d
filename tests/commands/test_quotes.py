"""Quotes on a real server with worker and order database: from the enquiry to the order, by the command line (R102 to R104)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from temporalio.client import Client

from activities.store.database import engine_at, reading
from commands.company.setup import prepare
from models.tables.registry import table
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.commands.conftest import Desk, files
from tests.models.quote_life import ENQUIRY, ROWS

ASKED = {**ENQUIRY, "customer": "K1", "entered_by": "li"}
ASKED["lines"] = [
    {"line": 1, "product": "SP-9", "specification": "新品", "unit": "roll", "quantities": ["10000"]}
]
"""Goods that stand on no price list."""


async def soon(desk: Desk, number: str, stage: str) -> Any:
    """The quote when it has come so far in the order database."""
    return await desk.read_when(lambda shown: shown.get("stage") == stage, stage, "quote", "show", number)


async def asked_for(desk: Desk, folder: Path, **changes: Any) -> str:
    """An enquiry, costed."""
    file = folder / "enquiry.json"
    file.write_text(json.dumps({**ASKED, **changes}))
    made = await desk.read("quote", "make", str(file))
    number: str = made["made"][0]["quote"]
    sheets = json.dumps({"sheets": [{"line": 1, "quantity": "10000", "rows": ROWS}]})
    told = await desk.read("quote", "tell", number, "cost_sheet_made", "--by", "ma", "--content", sheets)
    assert told["status"] == "accepted", told
    return number


async def offered(desk: Desk, number: str, version: int = 1) -> str:
    """The newest version is sent; its hash."""
    sent = await desk.read("quote", "tell", number, "offer_sent", "--by", "li", "--set", f"version={version}")
    assert sent["status"] == "accepted", sent
    shown = await soon(desk, number, "offered")
    digest: str = shown["offers"][version - 1]["digest"]
    return digest


@pytest.mark.postgresql
async def test_from_the_enquiry_to_the_order(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    """R102 to R106: 28,400.00 costs, 3.95 by the supervisor, accepted three times, one order at that price, nothing asked."""
    await prepare(settings, temporal_client)
    await files(desk, tmp_path)
    async with build_worker(temporal_client, settings):
        number = await asked_for(desk, tmp_path)
        again = await desk.read("quote", "make", str(tmp_path / "enquiry.json"))
        assert again["made"] == [{"quote": number, "request_id": "mail/1", "known": True}]
        price = json.dumps({"prices": [{"line": 1, "quantity": "10000", "unit_price": "3.95"}]})
        await desk.read("quote", "tell", number, "offer_made", "--by", "li", "--content", price)
        shown = await soon(desk, number, "in_approval")
        assert (shown["offers"][0]["margin"], shown["steps"][0]["roles"]) == ("18.75", ["sales_supervisor"])
        assert (
            shown["steps"][0]["command"] == f"quote decide {number} quote_approval approve/send_back --note …"
        )
        code, _, _ = await desk.run(
            "quote", "decide", number, "quote_approval", "approve", "--by", "li", "--note", "N"
        )
        assert code == 6
        decided = ("quote", "decide", number, "quote_approval", "approve", "--by", "wu", "--note", "N-1")
        assert (await desk.read(*decided))["status"] == "accepted"
        digest = await offered(desk, number)
        accepted = (
            "quote", "tell", number, "offer_accepted", "--by", "li", "--set", "version=1", "--set", f"digest={digest}",
            "--set", "signed_by=王芳", "--set", "document=FAX-1",
        )  # fmt: skip
        told = [await desk.read(*accepted, "--id", f"li/{n}") for n in range(3)]
        answers = [each.get("status", each) for each in told]
        assert answers == ["accepted", "known", "known"]
        ended = await soon(desk, number, "ordered")
        order = ended["order_number"]
        view = await desk.read("show", order)
        assert (view["order"]["total"], view["lines"][0]["unit_price"]) == ("39500.00", "3.95")
        assert not [each for each in view["order"]["steps"] if "price" in each["key"]]
        assert (await desk.read("quote", "list", "--open"))["quotes"] == []
        listed = (await desk.read("quote", "list", "--stage", "ordered"))["quotes"]
        assert [(each["number"], each["order_number"]) for each in listed] == [(number, order)]
    engine = engine_at(settings.database_url)
    with reading(engine) as connection:
        journal = table("case_journal")
        kept = connection.execute(
            select(journal.c.sequence, journal.c.previous, journal.c.hash).order_by(journal.c.sequence)
        ).all()
        orders = connection.scalars(select(table("orders").c.number)).all()
    assert [row.sequence for row in kept] == list(range(1, len(kept) + 1))
    assert [row.previous for row in kept[1:]] == [row.hash for row in kept[:-1]]
    assert orders == [order]


async def test_what_is_wrong_is_told_and_changes_nothing(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    """R104: a code and the field; the good enquiries of a file are taken in."""
    await prepare(settings, temporal_client)
    await files(desk, tmp_path)
    file = tmp_path / "enquiries.json"
    wrong: list[dict[str, Any]] = [
        {"customer": "K9"},
        {"lines": []},
        {"wanted_date": "2020-01-01"},
        {"colour": "red"},
    ]
    file.write_text(
        json.dumps([ASKED, *({**ASKED, "request_id": f"w/{n}", **w} for n, w in enumerate(wrong))])
    )
    async with build_worker(temporal_client, settings):
        made = await desk.read("quote", "make", str(file))
        assert [each["code"] for each in made["bad"]] == [
            "unknown_customer",
            "malformed",
            "date_in_past",
            "unknown_field",
        ]
        number = made["made"][0]["quote"]
        file.write_text(json.dumps({**ASKED, "packing": "袋"}))
        assert (await desk.read("quote", "make", str(file)))["bad"][0]["code"] == "request_conflict"
        told = await desk.read("quote", "tell", number, "offer_made", "--by", "li")
        assert told["error"]["code"] == "missing_field"
        assert (await desk.read("quote", "show", "Q20200101-0001"))["error"]["code"] == "unknown_order"
        assert (await desk.read("quote", "tell", number, "shipped", "--by", "li"))["error"][
            "code"
        ] == "unknown_fact"


async def test_an_order_names_only_what_was_accepted(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    """R104: nobody gets round the price question by naming a quote."""
    await prepare(settings, temporal_client)
    await files(desk, tmp_path)
    async with build_worker(temporal_client, settings):
        number = await asked_for(desk, tmp_path)
        await desk.read("quote", "tell", number, "offer_made", "--by", "li")
        digest = await offered(desk, number)
        order = tmp_path / "order.json"
        named = {"number": number, "version": 1, "digest": digest}
        line = {
            "line": 1,
            "product": "SP-9",
            "specification": "新品",
            "unit": "roll",
            "quantity": "10000",
            "unit_price": "4.0115",
        }
        wanted = {
            "request_id": "own/1",
            "channel": "fax",
            "customer": "K1",
            "lines": [line],
            "quote": named,
            "entered_by": "chen",
        }
        order.write_text(json.dumps(wanted))
        assert (await desk.read("place", str(order)))["bad"][0]["code"] == "stale_version"
        late = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
        accepted = {"version": 1, "digest": digest, "signed_by": "王芳", "document": "F-1"}
        told = await desk.read(
            "quote",
            "tell",
            number,
            "offer_accepted",
            "--by",
            "li",
            "--content",
            json.dumps(accepted),
            "--at",
            late,
        )
        assert told["status"] == "accepted", told
        made = (await soon(desk, number, "ordered"))["order_number"]
        for changes in ({}, {"lines": [{**line, "unit_price": "4.00"}]}):
            order.write_text(json.dumps({**wanted, **changes}))
            bad = (await desk.read("place", str(order)))["bad"][0]
            assert bad["code"] == "request_conflict", bad
            assert made in bad["en"]
