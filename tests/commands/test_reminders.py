"""Reminders and their letters by command: what would go out, and a letter that a clerk gives up (R51)."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from temporalio.client import Client

from activities.facts.desk_steps import open_desk_steps
from activities.notices.outbox import enter_row
from activities.notices.routing import Router
from activities.store.database import engine_at, reading, writing
from commands.company.setup import prepare
from models.dossier.papers_due import Paper
from models.reports.notice_routes import Channel, NoticeTable
from models.tables.registry import table
from models.values.vocabulary import Role, Words
from runtime.settings import Settings
from tests.commands.conftest import Desk

SATURDAY, MONDAY = "2027-03-06", "2027-03-08"


async def test_on_a_holiday_it_says_that_nobody_is_reminded(
    desk: Desk, settings: Settings, temporal_client: Client
) -> None:
    await prepare(settings, temporal_client)
    said = {day: (await desk.run("remind", "--day", day))[1] for day in (SATURDAY, MONDAY)}
    assert "is a holiday" in said[SATURDAY]
    assert "is a holiday" not in said[MONDAY]


async def test_what_waits_for_an_address_can_be_given_up(
    desk: Desk, settings: Settings, temporal_client: Client
) -> None:
    await prepare(settings, temporal_client)
    engine = engine_at(settings.database_url)
    with writing(engine) as connection:
        enter_row(
            connection, order="20270301-0001", identity="balance_reminder:K-1:2027-03-04", paper=Paper.REMINDER,
            to=(Role.CUSTOMER,), words=Words("催", "reminder"), rule="R51", created_at=datetime.now(UTC), content=None,
        )  # fmt: skip
    Router(engine, NoticeTable, {Channel.EMAIL}).route_due()
    (step,) = open_desk_steps(engine)
    assert (await desk.run("resolve", step.key, "--give-up", "搬走了", "--by", "chen"))[0] == 0
    with reading(engine) as connection:
        assert list(connection.scalars(select(table("deliveries").c.state))) == ["withdrawn"]
    assert open_desk_steps(engine) == []
