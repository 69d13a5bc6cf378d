"""What a process answers whoever watches it: alive, ready, and its figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from temporalio.client import Client

from activities.facts.pending_facts import keep
from activities.figures.watched_figures import WatchedFigures, watched_figures
from activities.store.database import engine_at, upgrade, writing
from models.messages.envelope import engine_envelope, read_envelope
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import Settings
from runtime.watch.readiness import Process, Readiness, readiness
from runtime.watch.unsaved_bursts import UnsavedBursts
from runtime.watch.watch_post import WatchPost, beside_the_worker, watch_app
from runtime.worker.workers import build_document_worker, build_worker
from tests.runtime.test_paperwork import due
from tests.runtime.watching import looks

NOW = datetime(2027, 3, 10, 1, 0, tzinfo=UTC)


async def test_a_process_is_ready_when_everything_it_rests_on_is(
    settings: Settings, temporal_client: Client, server_set_up: None
) -> None:
    async def client() -> Client:
        return temporal_client

    async def look(process: Process, own: str = "", of: Settings = settings) -> Readiness:
        return await readiness(process, of, client, own)

    async def polled(process: Process) -> Readiness:
        """When the server has heard of the worker: that is a moment after the worker began."""
        seen = await look(process)
        async for _ in looks("the server has heard of the worker"):
            seen = await look(process)
            if "pollers" not in seen.wrong:
                break
        return seen

    nothing = await look(Process.GATEWAY)
    assert set(nothing.wrong) == {"database", "pollers"}
    upgrade(settings.database_url)
    assert (await look(Process.GATEWAY)).wrong == ("pollers",)
    assert (await look(Process.PRESS)).wrong == ("pollers",)
    async with build_worker(temporal_client, settings, bursts=UnsavedBursts()):
        assert (await polled(Process.GATEWAY)).as_json() == {
            "ready": True, "database": "ready", "server": "there", "pollers": 1, "backlog": 0, "failing_tasks": 0, "wrong": [],
        }  # fmt: skip
        assert (await look(Process.WORKER, own="held for 31 s")).wrong == ("engine",)
        assert (await look(Process.PRESS)).wrong == ("pollers",)
        async with build_document_worker(temporal_client, settings):
            assert (await polled(Process.PRESS)).ready


async def test_a_server_that_is_away_is_said_and_hangs_nothing(settings: Settings) -> None:
    upgrade(settings.database_url)

    async def away() -> Client:
        raise Refusal(Code.SERVER_UNAVAILABLE, Words("不在", "away"))

    found = await readiness(Process.GATEWAY, settings, away)
    assert found.as_json() == {"ready": False, "database": "ready", "server": "away", "wrong": ["server"]}


def test_the_processes_of_the_embedded_default_are_watched_side_by_side() -> None:
    settings = Settings(watch_address="127.0.0.1:9100")
    assert beside_the_worker(settings, Process.PRESS).watch_address == "127.0.0.1:9101"
    assert beside_the_worker(settings, Process.GATEWAY).watch_address == "127.0.0.1:9102"
    assert beside_the_worker(Settings(), Process.PRESS).watch_address == ""


def test_the_oldest_burst_that_could_not_be_recorded() -> None:
    bursts = UnsavedBursts()
    assert (bursts.count(), bursts.oldest_seconds(NOW)) == (0, 0.0)
    bursts.failed("order-1", NOW - timedelta(seconds=60))
    bursts.failed("order-1", NOW - timedelta(seconds=5))  # the next burst of the same
    bursts.failed("order-2", NOW - timedelta(seconds=30))
    assert (bursts.count(), bursts.oldest_seconds(NOW)) == (2, 60.0)
    bursts.recorded("order-1")
    assert (bursts.count(), bursts.oldest_seconds(NOW)) == (1, 30.0)


def test_figures_are_counted_from_what_is_recorded(settings: Settings) -> None:
    number = due(settings)
    engine = engine_at(settings.database_url)
    envelope = read_envelope(engine_envelope("calendar_refreshed", {"calendar": {}}, "x", NOW))
    keep(engine, number, envelope, NOW - timedelta(minutes=5))
    with writing(engine) as connection:
        connection.execute(
            table("reminders").insert().values(
                order_number=number, since=NOW.date(), level=2, day=NOW.date() - timedelta(days=3), customer="K-1",
                amount=Decimal(1), letter_order="", letter="",
            )
        )  # fmt: skip
    figures = watched_figures(engine, NOW)
    assert (figures.inbox, figures.inbox_age) == (1, 300.0)
    assert figures.reminders_by_level == {2: 1}
    assert (figures.dead, figures.outbox_age, figures.failed_deliveries, figures.desk_steps) == (
        0,
        0.0,
        {},
        0,
    )
    assert watched_figures(engine, NOW + timedelta(days=40)).reminders_by_level == {}


def families(page: str) -> dict[str, float]:
    from prometheus_client.parser import text_string_to_metric_families

    return {
        sample.name + "".join(f"/{value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_the_page_says_every_figure_also_where_it_is_nothing() -> None:
    pytest.importorskip("prometheus_client")
    from runtime.watch.metrics import page_of, registry_of

    figures = WatchedFigures(
        open_by_phase={"production": 7}, overdue_by_role={"finance": 3}, slips_by_cause={"customer": 2},
        reminders_by_level={1: 4}, dead=1, inbox=5, inbox_age=61.5, outbox_age=0.0, failed_deliveries={"rejected": 2},
        desk_steps=6,
    )  # fmt: skip
    ready = Readiness({"pollers": 2, "backlog": 0, "failing_tasks": 1}, ("failing_tasks",))
    bursts = UnsavedBursts()
    bursts.failed("order-1", datetime.now(UTC) - timedelta(hours=1))
    said = families(
        page_of(registry_of(business=lambda: figures, bursts=bursts), ready, "temporal_request 8\n")
    )
    expected = {
        "dingdan_business_counted": 1, "dingdan_open_orders/production": 7, "dingdan_open_orders/intake": 0,
        "dingdan_overdue_steps/finance": 3, "dingdan_overdue_steps/legal": 0, "dingdan_promise_slips/customer": 2,
        "dingdan_reminders/1": 4, "dingdan_dead_orders": 1, "dingdan_inbox_facts": 5, "dingdan_inbox_age_seconds": 61.5,
        "dingdan_failed_deliveries/rejected": 2, "dingdan_desk_steps": 6, "dingdan_unsaved_orders": 1, "dingdan_ready": 0,
        "dingdan_wrong/failing_tasks": 1, "dingdan_wrong/database": 0, "dingdan_pollers": 2, "dingdan_failing_tasks": 1,
        "temporal_request": 8,
    }  # fmt: skip
    assert {name: said.get(name) for name in expected} == expected
    assert said["dingdan_unsaved_burst_age_seconds"] >= 3600

    def away() -> WatchedFigures:
        raise Refusal(Code.DATABASE_UNAVAILABLE, Words("不在", "away"))

    said = families(page_of(registry_of(business=away), ready, ""))
    assert said["dingdan_business_counted"] == 0
    assert "dingdan_dead_orders" not in said


async def test_the_probes_answer_by_their_status(settings: Settings) -> None:
    pytest.importorskip("prometheus_client")

    async def away() -> Client:
        raise Refusal(Code.SERVER_UNAVAILABLE, Words("不在", "away"))

    trouble = [""]
    post = WatchPost(
        Process.WORKER, settings, bursts=UnsavedBursts(), trouble=lambda: trouble[0], client=away
    )
    transport = httpx.ASGITransport(app=watch_app(post))
    async with httpx.AsyncClient(transport=transport, base_url="http://post") as client:
        assert (await client.get("/live")).json() == {"live": True, "process": "worker"}
        ready = await client.get("/ready")
        assert (ready.status_code, ready.json()["wrong"]) == (503, ["database", "server"])
        metrics = await client.get("/metrics")
        assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert families(metrics.text)["dingdan_wrong/server"] == 1
        trouble[0] = "held"
        assert (await client.get("/live")).status_code == 503
