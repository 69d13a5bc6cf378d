"""Order database, journal and running workflows are compared; what is lost in one comes back from the others (R47)."""

from __future__ import annotations

import asyncio
import sqlite3
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, update
from temporalio.client import Client

from activities.facts.desk_steps import open_desk_steps
from activities.orders.requests import open_request
from activities.orders.views.order_views import show_order
from activities.store.company_files import read_policy
from activities.store.database import engine_at, writing
from models.reports.desk_steps import DeskStepKind
from models.reports.store_audit import Audited, AuditExit, AuditOutcome, AuditPage, Difference
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE
from models.writing.entry import Manner
from runtime.audit.auditing import audit_all, audit_orders
from runtime.delivery.order_handles import WORKFLOW, order_handle, workflow_id
from runtime.delivery.placing import place_request, read_request
from runtime.delivery.telling import tell_order
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.gateway.conftest import ORDER, prepared
from tests.models.life import Life
from tests.runtime.test_lost_orders import said, told
from workflows.engine.carried import Carried
from workflows.jobs.store_audit import WORKFLOW as STORE_AUDIT

__all__ = ["prepared"]

TABLES = (
    "orders", "order_lines", "open_steps", "decisions", "promises", "payments", "payment_receipts", "lots", "inspections",
    "releases", "shipments", "requests", "bank_receipts", "journal",
)  # fmt: skip


@pytest.fixture
def engine(prepared: Settings) -> Engine:
    return engine_at(prepared.database_url)


@pytest.fixture
async def working(prepared: Settings, temporal_client: Client) -> AsyncIterator[None]:
    async with build_worker(temporal_client, prepared):
        yield


async def lived(client: Client, settings: Settings) -> str:
    """An order that has been through everything: made, checked, released, paid, shipped; its number."""
    number = f"20261105-{uuid.uuid4().int % 10_000_000:07d}"
    life = Life((datetime.now(BUSINESS_ZONE) - timedelta(days=40)).replace(hour=9, minute=0))
    life.order.number = number
    life.shipped()
    await client.start_workflow(
        WORKFLOW, Carried(order=life.order), id=workflow_id(number), task_queue=settings.task_queue
    )
    audited = Audited()
    for _ in range(20):  # its row comes first with its first burst, its request only by an audit
        audited = await audit_orders(client, settings, [number], repair=True)
        if not (await audit_orders(client, settings, [number], repair=False)).findings:
            return number
    raise AssertionError(audited)


async def placed(client: Client, settings: Settings, request: str = "shop/1") -> str:
    """An order with a payment; its number."""
    number = (await place_request(client, settings, {**ORDER, "request_id": request})).start.number
    money = said(f"TX-{request}", "payment_received", amount="160.50", reference=f"TX-{request}")
    await told(client, settings, number, money)
    await told(client, settings, number, said("a"))
    return number


async def audit(client: Client, settings: Settings, number: str, *, repair: bool = False) -> Audited:
    return await audit_orders(client, settings, [number], repair=repair)


def found(audited: Audited) -> set[Difference]:
    return {each.difference for each in audited.findings}


def rows_of(engine: Engine, number: str, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Everything the tables hold of this order."""
    content = {}
    with engine.connect() as connection:
        for name in TABLES:
            rows = table(name)
            of_order = rows.c.number if name in ("orders", "requests") else rows.c.order_number
            read = connection.execute(select(rows).where(of_order == number)).mappings().all()
            content[name] = sorted(
                str(sorted((k, v) for k, v in row.items() if k not in but)) for row in read
            )
    return content


def drop(engine: Engine, name: str, number: str, *more: Any) -> int:
    """Delete this order's rows from a table, as a hand would; how many."""
    rows = table(name)
    of_order = rows.c.number if name in ("orders", "requests") else rows.c.order_number
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        if engine.dialect.name == "sqlite":
            raw.execute("pragma foreign_keys=off")
        with connection.begin():
            count = connection.execute(delete(rows).where(of_order == number, *more)).rowcount
        if engine.dialect.name == "sqlite":
            raw.execute("pragma foreign_keys=on")
    return count


async def test_stores_that_agree_are_clean(
    working: None, prepared: Settings, temporal_client: Client
) -> None:
    number = await placed(temporal_client, prepared)
    done = await audit_all(temporal_client, prepared, repair=False)
    assert (done.orders, done.running, done.findings, done.exit) == (1, 1, [], AuditExit.CLEAN)
    await order_handle(temporal_client, number).terminate()


@pytest.mark.endurance
async def test_rows_of_each_table_come_back(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """Deleted by hand: named, come back as they were, and a second audit says nothing."""
    number = await lived(temporal_client, prepared)
    as_it_was = rows_of(engine, number, ("claimed_at", "attempt", "attempt_from", "fact_id"))
    for name in TABLES:
        assert as_it_was[name], f"this life has no {name}"
        assert drop(engine, name, number)
        seen = await audit_all(temporal_client, prepared, repair=False)
        assert seen.findings, name
        assert seen.exit is AuditExit.LEFT, name
        assert {each.order for each in seen.findings} == {number}
        healed = await audit_all(temporal_client, prepared, repair=True)
        assert healed.exit is AuditExit.HEALED, (name, healed.findings)
        again = await audit_all(temporal_client, prepared, repair=True)
        assert again.findings == [], name
        now = rows_of(engine, number, ("claimed_at", "attempt", "attempt_from", "fact_id"))
        for each in TABLES:
            if each == "open_steps":  # what was done before is told by the journal alone
                continue
            assert now[each] == as_it_was[each], (name, each)
    assert open_desk_steps(engine) == []
    await order_handle(temporal_client, number).terminate()


@pytest.mark.parametrize("which", ["first", "middle", "last", "changed"])
async def test_entries_of_the_journal_come_back_hash_for_hash(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine, which: str
) -> None:
    number = await placed(temporal_client, prepared)
    before = show_order(engine, number).journal
    journal = table("journal")
    last = before[-1].sequence
    if which == "changed":
        with writing(engine) as connection:
            this = (journal.c.order_number == number) & (journal.c.subject == "payment_received")
            row = connection.execute(
                select(journal.c.data).where(this, journal.c.kind == "fact")
            ).scalar_one()
            data = {**row, "content": {**row["content"], "amount": "16050.00"}}
            connection.execute(update(journal).where(this, journal.c.kind == "fact").values(data=data))
    else:
        at = {"first": [1], "middle": [3, 4], "last": [last]}[which]
        assert drop(engine, "journal", number, journal.c.sequence.in_(at)) == len(at)
    seen = await audit(temporal_client, prepared, number)
    kind = Difference.JOURNAL_CHANGED if which == "changed" else Difference.JOURNAL_GAP
    assert kind in found(seen)
    assert (await audit(temporal_client, prepared, number, repair=True)).exit is AuditExit.HEALED
    assert (await audit(temporal_client, prepared, number, repair=True)).findings == []
    assert show_order(engine, number).journal == before
    await order_handle(temporal_client, number).terminate()


async def test_a_changed_row_and_a_row_too_many_are_put_right(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    number = await placed(temporal_client, prepared)
    payments = table("payments")
    with writing(engine) as connection:
        connection.execute(
            update(payments).where(payments.c.order_number == number).values(amount=Decimal("1.00"))
        )
        row = connection.execute(select(payments).where(payments.c.order_number == number)).mappings().one()
        connection.execute(payments.insert().values({**row, "reference": "never"}))
    seen = await audit(temporal_client, prepared, number)
    assert {Difference.ROW_CHANGED, Difference.ROW_TOO_MANY} <= found(seen)
    changed = next(each for each in seen.findings if each.difference is Difference.ROW_CHANGED)
    assert (changed.where, changed.database, changed.workflow) == (
        "payments|TX-shop/1: amount",
        "1.00",
        "160.50",
    )
    assert (await audit(temporal_client, prepared, number, repair=True)).exit is AuditExit.HEALED
    assert (await audit(temporal_client, prepared, number)).findings == []
    assert [str(each.amount) for each in show_order(engine, number).payments] == ["160.50"]
    await order_handle(temporal_client, number).terminate()


async def test_a_restored_order_database_is_brought_up_to_its_orders(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """An order went on, and another one was placed, after the backup was made: nothing has diverged, nothing is told."""
    first = await placed(temporal_client, prepared)
    file = Path(prepared.database_url.removeprefix("sqlite:///"))
    copy(file, file.with_suffix(".backup"))
    await told(
        temporal_client, prepared, first, said("TX-2", "payment_received", amount="39.50", reference="TX-2")
    )
    second = await placed(temporal_client, prepared, "shop/2")
    before = [show_order(engine, number) for number in (first, second)]
    copy(file.with_suffix(".backup"), file)
    seen = await audit_all(temporal_client, prepared, repair=False)
    assert {(each.order, each.difference) for each in seen.findings} >= {
        (first, Difference.BEHIND), (second, Difference.NO_ROW), (second, Difference.NO_REQUEST),
    }  # fmt: skip
    healed = await audit_all(temporal_client, prepared, repair=True)
    assert healed.exit is AuditExit.HEALED, healed.findings
    assert (await audit_all(temporal_client, prepared, repair=True)).findings == []
    after = [show_order(engine, number) for number in (first, second)]
    assert [each.journal for each in after] == [each.journal for each in before]
    assert [each.set_aside for each in after] == [[], []]
    assert [str(each.order.paid) for each in after] == ["200.00", "160.50"]
    for number in (first, second):
        await order_handle(temporal_client, number).terminate()


async def test_an_order_that_began_and_ended_after_the_copy_is_taken_back(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """No workflow runs any more that could tell of it, and the server still has what it lived through."""
    file = Path(prepared.database_url.removeprefix("sqlite:///"))
    copy(file, file.with_suffix(".backup"))
    number = (await place_request(temporal_client, prepared, {**ORDER, "request_id": "shop/9"})).start.number
    gone = said("gone", "cancellation_requested", reason="不要了")
    await told(temporal_client, prepared, number, gone)
    await order_handle(temporal_client, number).result()
    before = show_order(engine, number)
    copy(file.with_suffix(".backup"), file)
    seen = await audit_all(temporal_client, prepared, repair=False)
    assert {Difference.NO_ROW, Difference.NO_REQUEST} <= {
        each.difference for each in seen.findings if each.order == number
    }
    assert (await audit_all(temporal_client, prepared, repair=True)).exit is AuditExit.HEALED
    assert (await audit_all(temporal_client, prepared, repair=True)).findings == []
    after = show_order(engine, number)
    assert (after.journal, after.order.headline) == (before.journal, before.order.headline)


def copy(source: Path, target: Path) -> None:
    """A backup of a SQLite file, as it is now."""
    with sqlite3.connect(source) as from_, sqlite3.connect(target) as to:
        from_.backup(to)
    from_.close()
    to.close()


async def test_an_older_server_hears_again_what_the_order_database_knows(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """The workflow is as it was in the beginning; two payments and a call stand in the database alone."""
    number = await placed(temporal_client, prepared)
    await told(
        temporal_client, prepared, number, said("TX-2", "payment_received", amount="39.50", reference="TX-2")
    )
    before = show_order(engine, number)
    start = (await place_request(temporal_client, prepared, ORDER)).start
    await order_handle(temporal_client, number).terminate()
    await temporal_client.start_workflow(
        WORKFLOW, start, id=workflow_id(number), task_queue=prepared.task_queue
    )
    healed = await audit(temporal_client, prepared, number, repair=True)
    assert healed.exit in (AuditExit.HEALED, AuditExit.CLEAN), healed.findings
    assert (await audit(temporal_client, prepared, number, repair=True)).findings == []
    after = show_order(engine, number)
    assert [(each.reference, each.amount) for each in after.payments] == [
        (each.reference, each.amount) for each in before.payments
    ]
    assert str(after.order.paid) == "200.00"
    assert "exception:stores-diverged-1" in {step.key for step in after.steps if step.closed_at is None}
    assert len(after.set_aside) == len(before.journal)
    await order_handle(temporal_client, number).terminate()


async def test_orders_that_lost_their_workflow_or_never_had_one_are_brought_to_life(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """Power fails after the number was given; another workflow is terminated."""
    lost = await placed(temporal_client, prepared)
    await order_handle(temporal_client, lost).terminate()
    request = read_request({**ORDER, "request_id": "shop/3"}, Manner.SENT)
    now = datetime.now(UTC) - timedelta(minutes=5)
    numbered, _ = open_request(engine, request, now, read_policy(prepared.policy))
    seen = await audit_all(temporal_client, prepared, repair=False)
    assert {(each.order, each.difference) for each in seen.findings} == {
        (lost, Difference.LOST), (numbered.number, Difference.NOT_BEGUN),
    }  # fmt: skip
    healed = await audit_all(temporal_client, prepared, repair=True)
    assert healed.exit is AuditExit.HEALED, healed.findings
    assert (await audit_all(temporal_client, prepared, repair=True)).findings == []
    assert str(show_order(engine, lost).order.paid) == "160.50"
    assert show_order(engine, numbered.number).order.sequence > 0
    for number in (lost, numbered.number):
        await order_handle(temporal_client, number).terminate()


@pytest.mark.endurance
async def test_what_cannot_be_healed_is_a_step_until_it_is(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """The order has ended and the server has forgotten it: the entry is gone for good, and somebody must know."""
    number = await placed(temporal_client, prepared)
    journal = table("journal")
    kept = show_order(engine, number).journal[2]
    with writing(engine) as connection:
        row = connection.execute(
            select(journal).where(journal.c.order_number == number, journal.c.sequence == 3)
        ).mappings().one()  # fmt: skip
        orders = table("orders")
        ended = {"ending": "cancelled", "ended_at": datetime.now(UTC)}
        connection.execute(update(orders).where(orders.c.number == number).values(ended))
    from tests.runtime.test_lost_orders import delete as forget

    await order_handle(temporal_client, number).terminate()
    await forget(temporal_client, number)
    drop(engine, "journal", number, journal.c.sequence == 3)
    left = await audit(temporal_client, prepared, number, repair=True)
    assert [(each.difference, each.where, each.outcome) for each in left.findings] == [
        (Difference.JOURNAL_GAP, "3", AuditOutcome.LEFT)
    ]
    assert left.exit is AuditExit.LEFT
    (step,) = open_desk_steps(engine)
    assert (step.kind, step.order_number) == (DeskStepKind.STORES_DIFFER, number)
    with writing(engine) as connection:
        connection.execute(journal.insert().values(dict(row)))
    assert (await audit(temporal_client, prepared, number, repair=True)).findings == []
    assert open_desk_steps(engine) == []
    assert show_order(engine, number).journal[2] == kept


async def test_orders_at_work_are_no_difference(
    working: None, prepared: Settings, temporal_client: Client
) -> None:
    """Bursts are on their way all the time while the audit looks."""
    numbers = [await placed(temporal_client, prepared, f"busy/{n}") for n in range(3)]
    over = asyncio.Event()

    async def talk(number: str) -> None:
        count = 0
        while not over.is_set():
            count += 1
            await tell_order(temporal_client, prepared, number, said(f"call/{count}"))

    talking = [asyncio.create_task(talk(number)) for number in numbers]
    try:
        for _ in range(3):
            done = await audit_all(temporal_client, prepared, repair=True)
            assert (done.orders, done.findings) == (3, [])
    finally:
        over.set()
        await asyncio.gather(*talking)
    for number in numbers:
        await order_handle(temporal_client, number).terminate()


async def test_the_nightly_job_heals_page_by_page(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    number = await placed(temporal_client, prepared)
    drop(engine, "order_lines", number)
    done: Audited = await temporal_client.execute_workflow(
        STORE_AUDIT,
        AuditPage(),
        id=f"audit-{uuid.uuid4().hex}",
        task_queue=prepared.task_queue,
        result_type=Audited,
    )
    assert [(each.order, each.outcome) for each in done.findings] == [(number, AuditOutcome.HEALED)]
    assert show_order(engine, number).lines
    await order_handle(temporal_client, number).terminate()
