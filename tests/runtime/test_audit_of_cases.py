"""Quotes, after-sales cases and contracts are compared and healed as orders are (R47)."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select, update
from temporalio.client import Client

from activities.audit.audited_kinds import kind_of
from activities.facts.desk_steps import open_desk_steps
from activities.store.database import engine_at, reading, writing
from models.messages.reply import Reply, Status
from models.reports.desk_steps import DeskStepKind
from models.reports.store_audit import Audited, AuditExit, AuditOutcome, Difference
from models.tables.registry import table
from models.values.fingerprint import digest_of_model
from runtime.audit.auditing import audit_all, audit_orders
from runtime.cases.beginning import START
from runtime.cases.rooms import AnyStart, room_of
from runtime.delivery.order_handles import order_handle, workflow_id
from runtime.settings import Settings
from tests.activities.test_stock import with_stock
from tests.gateway.conftest import prepared
from tests.models import case_life, contract_life, quote_life
from tests.runtime.test_audit import found, working
from workflows.aftersales_case import CarriedAfterSales

__all__ = ["prepared", "working"]

KINDS = ("quote", "case", "contract")


@pytest.fixture
def engine(prepared: Settings) -> Engine:
    return engine_at(prepared.database_url)


def start_of(kind: str) -> AnyStart:
    """What one of this kind begins with today, under a number of its own."""
    now, own = datetime.now(UTC), uuid.uuid4().int % 1_000_000
    request = f"audit/{own}"
    if kind == "quote":
        quote = quote_life.start(now, request_id=request)
        return quote.model_copy(update={"number": f"Q20270301-{own}"})
    if kind == "case":
        case = case_life.start(
            now, request_id=request, goods={"received_at": (now - timedelta(days=1)).isoformat()}
        )
        return case.model_copy(update={"number": f"C20270201-0001-{own}"})
    contract = contract_life.start(
        now,
        request_id=request,
        terms=contract_life.terms(delivery_date=f"{now + timedelta(days=30):%Y-%m-%d}"),
    )
    return contract.model_copy(update={"number": f"H20270301-0001-{own}"})


async def begun(client: Client, settings: Settings, kind: str) -> str:
    """A case that the server has and of which the order database was never told what began it, with something said to it."""
    start = start_of(kind)
    await client.start_workflow(
        room_of(start.number).workflow,
        start,
        id=workflow_id(start.number),
        task_queue=settings.task_queue,
        memo={START: digest_of_model(start)},
    )
    number = start.number
    if kind == "quote":
        await tell(client, number, "cost_sheet_made", "finance", sheets=[quote_life.sheet()])
        await tell(client, number, "offer_made", "salesperson")
    else:
        await tell(client, number, "contact_logged", "salesperson", channel="phone", words="在问")
    return number


async def tell(client: Client, number: str, kind: str, role: str, **content: Any) -> None:
    said = {
        "fact_id": f"test/{uuid.uuid4()}", "kind": kind, "by": f"{role}-1", "role": role,
        "happened_at": datetime.now(UTC).isoformat(), "content": content,
    }  # fmt: skip
    reply: Reply = await order_handle(client, number).execute_update("tell", said, result_type=Reply)
    assert reply.status is Status.ACCEPTED, reply


async def audit(client: Client, settings: Settings, number: str, *, repair: bool = False) -> Audited:
    return await audit_orders(client, settings, [number], repair=repair)


def content_of(engine: Engine, number: str) -> dict[str, list[dict[str, Any]]]:
    """All its rows."""
    kind = kind_of(number)
    with reading(engine) as connection:
        return {
            name: [
                {key: value for key, value in row.items() if not key.startswith("attempt")}
                for row in connection.execute(
                    select(table(name)).where(column == number).order_by(*table(name).primary_key.columns)
                ).mappings()
            ]
            for name, column in (
                (kind.shelf.heads, table(kind.shelf.heads).c.number),
                (kind.requests, table(kind.requests).c.number),
                *((name, kind.shelf.of(name)) for name in (kind.shelf.journal, *kind.shelf.projected)),
            )
        }


@pytest.mark.parametrize("kind", KINDS)
async def test_a_case_that_the_order_database_forgot_comes_back(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine, kind: str
) -> None:
    """After a restore: no request, no row, no journal. It is found by the server's list and is what it was."""
    number = await begun(temporal_client, prepared, kind)
    seen = await audit_all(temporal_client, prepared, repair=False)
    assert (Difference.NO_REQUEST in found(seen), seen.exit) == (True, AuditExit.LEFT)
    healed = await audit(temporal_client, prepared, number, repair=True)
    assert healed.exit is AuditExit.HEALED, healed.findings
    assert (await audit(temporal_client, prepared, number)).findings == []
    as_it_was = content_of(engine, number)
    assert as_it_was["case_requests"]
    assert as_it_was["case_journal"]
    forget(engine, number)
    healed = await audit_all(temporal_client, prepared, repair=True)
    assert {Difference.NO_ROW, Difference.NO_REQUEST} <= found(healed)
    assert healed.exit is AuditExit.HEALED, healed.findings
    assert (await audit_all(temporal_client, prepared, repair=True)).findings == []
    now = content_of(engine, number)
    for name in as_it_was:
        if name != "case_steps":  # what was done before is told by the journal alone
            assert now[name] == as_it_was[name], name
    numbers = table("case_day_numbers" if kind == "quote" else "order_case_numbers")
    with reading(engine) as connection:
        assert connection.scalar(select(func.max(numbers.c.last))) == int(number.rpartition("-")[2])
    await order_handle(temporal_client, number).terminate()


def forget(engine: Engine, number: str) -> None:
    """All of it is gone from the order database."""
    kind = kind_of(number)
    with writing(engine) as connection:
        for name in (*kind.shelf.projected, kind.shelf.journal):
            connection.execute(delete(table(name)).where(kind.shelf.of(name) == number))
        for name in (kind.shelf.heads, kind.requests):
            connection.execute(delete(table(name)).where(table(name).c.number == number))


@pytest.mark.parametrize("kind", KINDS)
async def test_a_wrong_row_of_each_table_is_named_and_put_right(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine, kind: str
) -> None:
    """In every table that has a row of it one is changed by hand: all of them are named, none hides another."""
    number = await begun(temporal_client, prepared, kind)
    await audit(temporal_client, prepared, number, repair=True)
    as_it_was = content_of(engine, number)
    changed = change_by_hand(engine, number)
    assert {
        "cases",
        "case_steps",
        {"quote": "offers", "case": "order_cases", "contract": "contract_drafts"}[kind],
    } <= changed
    seen = await audit(temporal_client, prepared, number)
    named = {
        each.where.partition("|")[0] for each in seen.findings if each.difference is Difference.ROW_CHANGED
    }
    assert named == changed
    healed = await audit(temporal_client, prepared, number, repair=True)
    assert healed.exit is AuditExit.HEALED, healed.findings
    assert content_of(engine, number) == as_it_was
    assert open_desk_steps(engine) == []
    await order_handle(temporal_client, number).terminate()


_BY_HAND = {
    "cases": "title", "case_steps": "zh", "quotes": "version", "offers": "words", "cost_rows": "what",
    "order_cases": "owner", "contracts": "version", "contract_drafts": "quality", "signatures": "by",
    "case_decisions": "subject",
}  # fmt: skip


def change_by_hand(engine: Engine, number: str) -> set[str]:
    """One column of one row in each table that has one; the tables."""
    kind, changed = kind_of(number), set[str]()
    with writing(engine) as connection:
        for name in (kind.shelf.heads, *kind.shelf.projected):
            rows = table(name)
            of_it = rows.c.number if name == kind.shelf.heads else kind.shelf.of(name)
            column = rows.c[_BY_HAND[name]]
            value = 99 if column.name == "version" else "改"
            open_ones = [rows.c.closed_at.is_(None)] if name == "case_steps" else []
            if connection.execute(
                update(rows).where(of_it == number, *open_ones).values({column: value})
            ).rowcount:
                changed.add(name)
    return changed


async def test_a_row_too_many_goes_and_rows_of_older_cost_sheets_stay(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    number = await begun(temporal_client, prepared, "quote")
    again = [quote_life.sheet(rows=quote_life.costing("500.00"))]
    await tell(temporal_client, number, "cost_sheet_made", "finance", sheets=again)
    await audit(temporal_client, prepared, number, repair=True)
    as_it_was = content_of(engine, number)
    assert {row["sheet"] for row in as_it_was["cost_rows"]} == {1, 2}
    assert (await audit(temporal_client, prepared, number)).findings == []
    with writing(engine) as connection:
        planted = {**as_it_was["cost_rows"][-1], "row": 7}
        connection.execute(table("cost_rows").insert().values(planted))
        connection.execute(table("cost_rows").insert().values({**planted, "sheet": 9}))
    seen = await audit(temporal_client, prepared, number)
    assert [each.difference for each in seen.findings] == [Difference.ROW_TOO_MANY] * 2
    assert (await audit(temporal_client, prepared, number, repair=True)).exit is AuditExit.HEALED
    assert content_of(engine, number) == as_it_was
    await order_handle(temporal_client, number).terminate()


async def test_entries_of_a_cases_journal_come_back_hash_for_hash(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    number = await begun(temporal_client, prepared, "quote")
    await audit(temporal_client, prepared, number, repair=True)
    before = content_of(engine, number)["case_journal"]
    journal = table("case_journal")
    with writing(engine) as connection:
        connection.execute(delete(journal).where(journal.c.case_number == number, journal.c.sequence == 2))
        connection.execute(
            update(journal)
            .where(journal.c.case_number == number, journal.c.sequence == 3)
            .values(by="somebody")
        )
    seen = await audit(temporal_client, prepared, number)
    assert {Difference.JOURNAL_GAP, Difference.JOURNAL_CHANGED} == found(seen)
    assert (await audit(temporal_client, prepared, number, repair=True)).exit is AuditExit.HEALED
    assert content_of(engine, number)["case_journal"] == before
    await order_handle(temporal_client, number).terminate()


async def test_a_case_whose_workflow_is_gone_is_left_for_a_person(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """Only orders are lived anew from their journals; the step says it until somebody has seen to it."""
    number = await begun(temporal_client, prepared, "contract")
    await audit(temporal_client, prepared, number, repair=True)
    await order_handle(temporal_client, number).terminate()
    left = await audit(temporal_client, prepared, number, repair=True)
    assert [(each.difference, each.outcome) for each in left.findings] == [
        (Difference.LOST, AuditOutcome.LEFT)
    ]
    (step,) = open_desk_steps(engine)
    assert (step.kind, step.order_number) == (DeskStepKind.STORES_DIFFER, number)


async def test_a_refund_that_is_not_what_the_case_was_told_is_left_for_a_person(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """Money that was worked out is rewritten by nobody: named where it differs, and where it is gone (R142)."""
    life = case_life.CaseLife(
        datetime.now(UTC) - timedelta(hours=1), goods={"received_at": "2026-11-20T10:00:00+08:00"}
    )
    life.case.number = number = f"C20270201-0001-{uuid.uuid4().int % 1_000_000}"
    counted = life.granted().back().counts().case.counted[0]
    await temporal_client.start_workflow(
        "CaseWorkflow",
        CarriedAfterSales(case=life.case),
        id=workflow_id(number),
        task_queue=prepared.task_queue,
    )
    refunds = table("case_refunds")
    told = {
        name: getattr(counted, name) for name in ("round", "kept_before", "kept_after", "value", "payable")
    }
    with writing(engine) as connection:
        rest = {"order_number": "20270201-0001", "line": 1, "quantity": Decimal(65), "counted_at": life.now}
        connection.execute(refunds.insert().values(case_number=number, **told, **rest))
    await audit(temporal_client, prepared, number, repair=True)
    assert (await audit(temporal_client, prepared, number)).findings == []
    with writing(engine) as connection:
        connection.execute(update(refunds).values(payable=Decimal("9.99")))
    left = await audit_orders(temporal_client, prepared, [number], repair=True, moved_only=True)
    assert [(each.difference, each.where, each.outcome) for each in left.findings] == [
        (Difference.ROW_CHANGED, f"case_refunds|{counted.round}: payable", AuditOutcome.LEFT)
    ]
    with writing(engine) as connection:
        connection.execute(delete(refunds))
    assert found(await audit(temporal_client, prepared, number)) == {Difference.ROW_MISSING}
    await order_handle(temporal_client, number).terminate()


async def test_a_figure_of_stock_that_a_hand_changed_is_put_right(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """R110: named by the audit as what its movements come to; what cannot be put right is a step, and closes when it is."""
    with_stock(engine, **{"TP-57": "100"})
    assert (await audit_all(temporal_client, prepared, repair=False)).findings == []
    items, movements = table("stock_items"), table("stock_movements")
    with writing(engine) as connection:
        connection.execute(update(items).values(on_hand=Decimal(90)))
    healed = await audit_all(temporal_client, prepared, repair=True, moved_only=True)
    assert [(each.where, each.database, each.workflow, each.outcome) for each in healed.findings] == [
        ("stock_items|TP-57: on_hand", "90.000", "100.000", AuditOutcome.HEALED)
    ]
    with writing(engine) as connection:
        connection.execute(update(movements).values(quantity=Decimal(-1)))
    left = await audit_all(temporal_client, prepared, repair=True)
    assert left.exit is AuditExit.LEFT
    (step,) = open_desk_steps(engine)
    assert (step.kind, step.order_number) == (DeskStepKind.STORES_DIFFER, "")
    with writing(engine) as connection:
        connection.execute(update(movements).values(quantity=Decimal(100)))
    assert (await audit_all(temporal_client, prepared, repair=True)).findings == []
    assert open_desk_steps(engine) == []


async def test_cases_at_work_are_no_difference(
    working: None, prepared: Settings, temporal_client: Client
) -> None:
    numbers = [await begun(temporal_client, prepared, kind) for kind in KINDS]
    await audit_all(temporal_client, prepared, repair=True)
    over = asyncio.Event()

    async def talk(number: str) -> None:
        while not over.is_set():
            await tell(
                temporal_client, number, "contact_logged", "salesperson", channel="phone", words="在问"
            )

    talking = [asyncio.create_task(talk(number)) for number in numbers]
    try:
        for _ in range(3):
            done = await audit_all(temporal_client, prepared, repair=True, moved_only=True)
            assert (done.orders, done.findings) == (3, [])
    finally:
        over.set()
        await asyncio.gather(*talking)
    for number in numbers:
        await order_handle(temporal_client, number).terminate()
