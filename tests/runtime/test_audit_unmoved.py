"""The nightly audit passes over what stands as it did when it was last found right, and over nothing else (R47)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text, update
from temporalio.client import Client

from activities.audit import stored_orders
from activities.audit.found_right import ENDED, Right, found_right
from activities.audit.stored_orders import stored_order
from activities.store.database import engine_at, writing
from models.reports.store_audit import Audited, AuditExit, AuditOutcome, Difference
from models.tables.registry import table
from models.values.calendar import business_date
from runtime.audit.auditing import audit_all
from runtime.audit.comparing import compared
from runtime.delivery.order_handles import order_handle
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.gateway.conftest import prepared
from tests.runtime.test_audit import copy, placed, working
from tests.runtime.test_lost_orders import said, told

__all__ = ["prepared", "working"]

TODAY = date(2027, 1, 5)


@pytest.fixture
def engine(prepared: Settings) -> Engine:
    return engine_at(prepared.database_url)


async def tonight(client: Client, settings: Settings) -> Audited:
    """As the schedule has it."""
    return await audit_all(client, settings, repair=True, moved_only=True)


async def test_what_did_not_move_is_asked_nothing(
    prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """No worker runs in the second night, and nothing is missed: nobody had to be asked."""
    async with build_worker(temporal_client, prepared):
        numbers = [await placed(temporal_client, prepared, f"still/{n}") for n in range(2)]
        first = await tonight(temporal_client, prepared)
        assert (first.orders, first.unmoved, first.findings) == (2, 0, [])
    second = await tonight(temporal_client, prepared)
    assert (second.orders, second.running, second.unmoved, second.findings) == (2, 2, 2, [])
    kept = found_right(engine, numbers)
    stored = stored_order(engine, numbers[0])
    assert (kept[numbers[0]].sequence, kept[numbers[0]].head) == stored.stands_at
    for number in numbers:
        await order_handle(temporal_client, number).terminate()
    third = await tonight(temporal_client, prepared)
    assert {each.difference for each in third.findings} == {Difference.LOST, Difference.UNANSWERED}
    assert third.unmoved == 0


async def test_what_moved_is_compared_and_so_is_what_a_hand_changed(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """The journal of the second one does not move, and its row is found all the same; a night by hand compares all."""
    told_one, touched, still = [await placed(temporal_client, prepared, f"moved/{n}") for n in range(3)]
    await tonight(temporal_client, prepared)
    await told(temporal_client, prepared, told_one, said("call/1"))
    payments = table("payments")
    with writing(engine) as connection:
        this = payments.c.order_number == touched
        connection.execute(update(payments).where(this).values(taken_by="somebody"))
    night = await tonight(temporal_client, prepared)
    assert [(each.order, each.where) for each in night.findings] == [
        (touched, "payments|TX-moved/1: taken_by")
    ]
    assert (night.exit, night.unmoved) == (AuditExit.HEALED, 1)
    # What was wrong is compared wholly once more before it counts as right.
    again = await tonight(temporal_client, prepared)
    assert (again.findings, again.unmoved) == ([], 2)
    assert (await tonight(temporal_client, prepared)).unmoved == 3
    assert (await audit_all(temporal_client, prepared, repair=True)).unmoved == 0
    for number in (told_one, touched, still):
        await order_handle(temporal_client, number).terminate()


async def test_each_is_compared_wholly_when_its_night_comes(
    working: None, prepared: Settings, temporal_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await placed(temporal_client, prepared)
    await tonight(temporal_client, prepared)
    assert (await tonight(temporal_client, prepared)).unmoved == 1

    def later(moment: Any) -> date:
        return business_date(moment) + timedelta(days=prepared.audit_nights)

    monkeypatch.setattr("runtime.audit.auditing.business_date", later)
    assert (await tonight(temporal_client, prepared)).unmoved == 0
    assert (await tonight(temporal_client, prepared)).unmoved == 1
    await order_handle(temporal_client, number).terminate()


async def test_one_bad_row_hides_no_other_and_one_bad_order_no_other(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """What a hand wrote is no moment, no figure and no JSON: each row is named, and the next order is compared."""
    bad, good = [await placed(temporal_client, prepared, f"bad/{n}") for n in range(2)]
    await tonight(temporal_client, prepared)
    with engine.connect() as connection, connection.begin():
        for statement in (
            "update payments set paid_at = 'yesterday' where order_number = :number",
            "update order_lines set passed = 'many' where order_number = :number",
            "update open_steps set roles = '{' where order_number = :number and closed_at is null",
        ):
            assert connection.execute(text(statement), {"number": bad}).rowcount
        other = text("update order_lines set product = 'X' where order_number = :number")
        assert connection.execute(other, {"number": good}).rowcount
    night = await tonight(temporal_client, prepared)
    named = {(each.order, each.where.partition("|")[0]) for each in night.findings}
    assert named == {(bad, "payments"), (bad, "order_lines"), (bad, "open_steps"), (good, "order_lines")}
    assert {each.outcome for each in night.findings} == {AuditOutcome.HEALED}
    assert (await tonight(temporal_client, prepared)).findings == []
    for number in (bad, good):
        await order_handle(temporal_client, number).terminate()


async def test_an_order_that_nothing_can_read_stops_no_other(
    working: None,
    prepared: Settings,
    temporal_client: Client,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fault that nobody foresaw, met with one order."""
    bad, good = [await placed(temporal_client, prepared, f"fault/{n}") for n in range(2)]

    async def faulty(client: Client, settings: Settings, number: str, *, ended: bool) -> Any:
        if number == bad:
            raise KeyError("lots")
        return await compared(client, settings, number, ended=ended)

    monkeypatch.setattr("runtime.audit.auditing.compared", faulty)
    night = await tonight(temporal_client, prepared)
    assert [(each.order, each.difference, each.outcome) for each in night.findings] == [
        (bad, Difference.UNANSWERED, AuditOutcome.LEFT)
    ]
    assert (await tonight(temporal_client, prepared)).unmoved == 1
    for number in (bad, good):
        await order_handle(temporal_client, number).terminate()


@pytest.mark.postgresql
async def test_what_is_read_is_one_state_though_the_order_moves_meanwhile(
    working: None, prepared: Settings, temporal_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between journal and rows another payment is recorded: neither the rows nor the digest know of it."""
    engine = engine_at(prepared.database_url)
    number = await placed(temporal_client, prepared)
    before = stored_order(engine, number)
    read: Callable[..., Any] = stored_orders._rows

    def meanwhile(connection: Connection, *asked: Any) -> Any:
        monkeypatch.setattr(stored_orders, "_rows", read)
        orders, payments = table("orders"), table("payments")
        with writing(engine) as another:
            row = another.execute(select(payments).where(payments.c.order_number == number)).mappings().one()
            another.execute(payments.insert().values({**row, "reference": "TX-meanwhile"}))
            moved = update(orders).where(orders.c.number == number)
            another.execute(moved.values(sequence=orders.c.sequence + 1, head="meanwhile"))
        return read(connection, *asked)

    monkeypatch.setattr(stored_orders, "_rows", meanwhile)
    seen = stored_order(engine, number)
    assert (seen.stands_at, seen.digest, seen.rows) == (before.stands_at, before.digest, before.rows)
    after = stored_order(engine, number)
    assert after.digest != before.digest
    assert after.sequence == before.sequence + 1
    await order_handle(temporal_client, number).terminate()


def test_every_open_one_has_its_night_among_so_many_and_no_night_has_all() -> None:
    nights, numbers = 7, [f"20270105-{n:04d}" for n in range(700)]
    right = Right(5, "head", "rows", "7. running run 12", TODAY)
    due = [
        {number for number in numbers if right.is_due(number, TODAY + timedelta(days=night), nights)}
        for night in range(1, nights + 1)
    ]
    assert set.union(*due) == set(numbers)
    assert max(len(each) for each in due[:-1]) < len(numbers) / 5
    assert due[-1] == set(numbers), "whoever missed a night waits for no other"


def test_nothing_is_due_on_the_day_of_its_comparison_and_what_has_ended_never_is() -> None:
    right = Right(5, "head", "rows", "7. running run 12", TODAY)
    assert not any(right.is_due(f"20270105-{n:04d}", TODAY, 1) for n in range(20))
    assert right.is_due("20270105-0001", TODAY + timedelta(days=1), 1)
    assert not right._replace(life=ENDED).is_due("20270105-0001", TODAY + timedelta(days=900), 7)


async def test_a_restored_order_database_hides_nothing_by_what_it_once_found_right(
    working: None, prepared: Settings, temporal_client: Client, engine: Engine
) -> None:
    """The rows are byte for byte those that were found right, and the note says so; the workflow has gone on since."""
    number = await placed(temporal_client, prepared)
    await tonight(temporal_client, prepared)
    file = Path(prepared.database_url.removeprefix("sqlite:///"))
    copy(file, file.with_suffix(".backup"))
    await told(temporal_client, prepared, number, said("call/1"))
    copy(file.with_suffix(".backup"), file)
    night = await tonight(temporal_client, prepared)
    assert [(each.difference, each.outcome) for each in night.findings] == [
        (Difference.BEHIND, AuditOutcome.HEALED)
    ]
    await order_handle(temporal_client, number).terminate()
