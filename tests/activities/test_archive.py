"""The archive: orders that ended long enough ago, once each, in one file each (R165); salespeople's accounts (R164)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from activities.archive.archives import archive_page, archived_file, find_archives
from activities.documents.document_store import DocumentStore
from activities.invoices.salesperson_accounts import accounts
from activities.store.database import writing
from models.reports.archive import ArchivePage, archived_before
from models.tables.registry import table
from tests.activities.test_invoices import Sheets

ENDED = date(2027, 3, 1)


def made(engine: Engine, store: DocumentStore, day: date, days: int = 30) -> int:
    return archive_page(engine, store, ArchivePage(day=day), days).archived


def store_in(folder: Path) -> DocumentStore:
    return DocumentStore(folder / "documents")


@pytest.mark.postgresql
def test_thirty_days_after_the_end_and_once(engine: Engine, tmp_path: Path) -> None:
    store = store_in(tmp_path)
    ended, _ = Sheets(engine, "20270301-0001"), Sheets(engine, "20270301-0002", ended=False)
    assert made(engine, store, ENDED + timedelta(days=29)) == 0
    assert made(engine, store, ENDED + timedelta(days=30)) == 1
    assert made(engine, store, ENDED + timedelta(days=31)) == 0, "a job that runs again makes nothing anew"
    (found,) = find_archives(engine)
    assert (found.order_number, found.ending) == (ended.number, "settled")
    known, content = archived_file(engine, store, ended.number)
    assert known.sha256 == hashlib.sha256(content).hexdigest()
    archive = zipfile.ZipFile(io.BytesIO(content))
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["files"] == {
        name: hashlib.sha256(archive.read(name)).hexdigest()
        for name in archive.namelist()
        if name != "manifest.json"
    }
    journal = [json.loads(each) for each in archive.read("journal.jsonl").splitlines()]
    assert [each["sequence"] for each in journal] == list(range(1, len(journal) + 1))
    order = json.loads(archive.read("order.json"))
    assert order["orders"][0]["bill"] == "475.28"
    assert json.loads(archive.read("money.json"))["billed_lines"][0]["amount"] == "475.28"


def test_it_ended_before_the_day_began() -> None:
    assert archived_before(date(2027, 3, 31), 30).isoformat() == "2027-03-01T16:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "there"),
    [("20270301-0001", True), ("红枫", True), ("tp-80 红枫", True), ("F-9", True), ("nothing", False)],
)
def test_found_by_any_word_of_it(engine: Engine, tmp_path: Path, text: str, there: bool) -> None:
    order = Sheets(engine, "20270301-0001")
    order.say("invoice_requested", title="红枫")
    order.say("invoice_issued", invoice="F-9")
    made(engine, store_in(tmp_path), date(2027, 6, 1))
    assert bool(find_archives(engine, text)) is there


def test_the_same_order_is_the_same_bytes(engine: Engine, tmp_path: Path) -> None:
    Sheets(engine, "20270301-0001")
    made(engine, store_in(tmp_path), date(2027, 6, 1))
    (first,) = find_archives(engine)
    with writing(engine) as connection:
        connection.execute(table("archives").delete())
    made(engine, store_in(tmp_path), date(2027, 6, 1))
    (second,) = find_archives(engine)
    assert first.sha256 == second.sha256


@pytest.mark.postgresql
def test_a_paper_that_is_gone_is_named_and_stops_nothing(engine: Engine, tmp_path: Path) -> None:
    order = Sheets(engine, "20270301-0001")
    with writing(engine) as connection:
        outbox = table("outbox")
        connection.execute(
            update(outbox).where(outbox.c.identity == "confirmation_sheet:1").values(document="a" * 64)
        )
    assert made(engine, store_in(tmp_path), date(2027, 6, 1)) == 1
    _, content = archived_file(engine, store_in(tmp_path), order.number)
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(content)).read("manifest.json"))
    assert manifest["missing"] == ["papers/confirmation_sheet-1-aaaaaaaa.pdf"]


@pytest.mark.postgresql
def test_the_freight_of_a_dead_order_stands_on_the_guarantors_account(engine: Engine) -> None:
    assert accounts(engine) == []
    order = Sheets(engine, "20270301-0001")
    with writing(engine) as connection:
        shipments, decisions = table("shipments"), table("decisions")
        connection.execute(
            update(shipments).values(
                dead_at=order.life.now, returned_at=order.life.now, freight_out=Decimal("30.00"), freight_back=Decimal("35.50")
            )
        )  # fmt: skip
        of_way = decisions.c.subject == "small_order"
        assert accounts(engine) == [], "prepaid, nobody guaranteed it"
        connection.execute(update(decisions).where(of_way).values(outcome="guaranteed"))
    (account,) = accounts(engine)
    assert (account.salesperson, account.total) == ("salesperson-1", Decimal("65.50"))
    assert accounts(engine, "somebody-else") == []
