"""The real things tests run on: a Temporal server, a client, skipped time, and databases of both kinds.

Each worker of the test run starts its own server and its own PostgreSQL, the first time a test asks for one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.worker._workflow import _WorkflowWorker

from activities.store import database
from activities.store.database import engine_at
from runtime.connection import connect
from runtime.server.embedded_server import EmbeddedServer
from runtime.server.registration import keep_closed_orders, register_attributes
from runtime.settings import Settings
from tests.postgres import ThrowawayPostgres
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES

DATABASES = ("sqlite", "postgresql")
upgrade = database.upgrade
_template: list[bytes] = []
"""A SQLite file with all tables, as migrations made it once in this process."""


def upgrade_by_copy(url: str) -> None:
    """As `upgrade`, but a SQLite file that is not there yet is a copy of one that migrations made: they are many by now.

    `tests/activities/test_database.py` tries migrations themselves.
    """
    file = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///") or file.exists() or not file.parent.is_dir():
        upgrade(url)
        return
    if not _template:
        with tempfile.TemporaryDirectory(prefix="dingdan-tables-") as folder:
            made = Path(folder) / "made.db"
            upgrade(f"sqlite:///{made}")
            engine_at(f"sqlite:///{made}").dispose()
            with closing(sqlite3.connect(made)) as connection:
                connection.execute(f"vacuum into '{Path(folder) / 'whole.db'}'")
            _template.append((Path(folder) / "whole.db").read_bytes())
    file.touch(mode=0o600)
    file.write_bytes(_template[0])


database.upgrade = upgrade_by_copy

LONGEST_ACTIVATION_SECONDS = 20
"""How long a workflow of the test process may take for one activation. The SDK gives it two seconds of the wall clock, which is no
fault of the workflow where the machine has other things to do. Processes that tests start keep the two."""
_make_workflow_worker = _WorkflowWorker.__init__


@wraps(_make_workflow_worker)
def make_patient_workflow_worker(self: _WorkflowWorker, **given: Any) -> None:
    """The SDK has no setting for it. Who debugs has no limit, and keeps none."""
    _make_workflow_worker(self, **given)
    if self._deadlock_timeout_seconds is not None:
        self._deadlock_timeout_seconds = LONGEST_ACTIVATION_SECONDS


_WorkflowWorker.__init__ = make_patient_workflow_worker  # type: ignore[method-assign]


def pytest_configure() -> None:
    """Whatever the person at the keyboard has set must not lead a test to a real server or database."""
    for name in list(os.environ):
        if name.startswith(("DINGDAN_", "TEMPORAL_")):
            del os.environ[name]
    os.environ["TEMPORAL_CONFIG_FILE"] = os.devnull


@pytest.fixture(scope="session")
async def temporal_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedServer]:
    """A real Temporal server in memory, on a free port, with time skipping allowed."""
    folder = tmp_path_factory.mktemp("temporal")
    async with EmbeddedServer(folder, persistent=False, headless=True) as server:
        yield server


@pytest.fixture(scope="session")
async def temporal_client(temporal_server: EmbeddedServer) -> Client:
    """A client of that server, with the product's data converter."""
    return await connect(temporal_server.settings(Settings()))


@pytest.fixture(scope="session")
async def server_set_up(temporal_client: Client) -> None:
    """What `setup` does with the server, once for all tests: bringing its schedules up to date costs 0.4 s of two processors."""
    await register_attributes(temporal_client, SEARCH_ATTRIBUTES)
    await keep_closed_orders(temporal_client)


@pytest.fixture
def time_skipping(temporal_client: Client) -> TimeSkipper:
    """Skipped time on the real server, a clock per order: start by its `client`, then `fast_forward(handle, …)`.

    Nothing is skipped by itself. The same server as `temporal_client` has, which saves starting a second one.
    """
    return TimeSkipper(temporal_client, config=TimeSkippingConfig(enabled=False))


def pytest_addoption(parser: pytest.Parser) -> None:
    """On which order database tests run that use `settings`; those marked `postgresql` run on both in any case."""
    parser.addoption("--database", choices=DATABASES, default=DATABASES[0])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that is marked so runs on each kind of order database."""
    if "order_database" in metafunc.fixturenames and metafunc.definition.get_closest_marker("postgresql"):
        metafunc.parametrize("order_database", DATABASES, indirect=True)


SLOW_ON_POSTGRESQL = frozenset(
    {
        "test_any_value", "test_deputies", "test_holidays", "test_letters_taken_back", "test_post_office", "test_press",
        "test_reminding", "test_reporting", "test_responsibility", "test_signing_codes", "test_staff_names",
        "test_watch_and_archive", "test_keys", "test_quotas", "test_roles", "test_scopes", "test_stock_race", "test_webhooks",
        "test_lived_orders", "test_log_ins", "test_second_factor", "test_sessions", "test_taken_numbers", "test_stock",
        "test_requests", "test_statements", "test_in_charge", "test_duties", "test_daily_reports", "test_contracts", "test_quotes",
        "test_presale", "test_house_receipts", "test_assigning", "test_refused_signals", "test_one_bad_thing", "test_board_figures",
        "test_company_changes", "test_company_records", "test_sample_credits", "test_invoices", "test_money_desk", "test_archive",
        "test_lost_attempts", "test_scheduling", "test_lists", "test_listing", "test_invoices_after_credits",
        "test_opened_cases", "test_salesperson_accounts", "test_receipt_bounds", "test_ratings", "test_absences",
        "test_statistics_by_hand", "test_told_to_orders", "test_cases", "test_webhooks_out", "test_upgraded_with_open_orders",
    }
)  # fmt: skip
"""Their half on PostgreSQL takes minutes and speaks to it by the same statements as others: `make endurance` has it, and of the door
`make test-postgresql`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes on PostgreSQL is in the slow suite."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        if item.path.stem in SLOW_ON_POSTGRESQL and callspec is not None and "postgresql" in callspec.id:
            item.add_marker(pytest.mark.endurance)


@pytest.fixture
def order_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an order database of the test's own; empty for the SQLite file that an installation has by itself."""
    kind = getattr(request, "param", request.config.getoption("--database"))
    if kind == DATABASES[0]:
        yield ""
        return
    server: ThrowawayPostgres = request.getfixturevalue("postgres")
    name = server.create_database(request.getfixturevalue("tables_on_postgres"))
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def settings(temporal_server: EmbeddedServer, tmp_path: Path, order_database: str) -> Settings:
    """Settings of an installation of its own on that server: folder, order database and task queue are the test's."""
    own = Settings(
        var=tmp_path / "var",
        task_queue=f"test-{uuid.uuid4().hex}",
        database_url=order_database,
        undo_seconds=0,
    )
    own.var.mkdir()
    return temporal_server.settings(own)


@pytest.fixture(scope="session")
def postgres() -> Iterator[ThrowawayPostgres]:
    """A throw-away PostgreSQL, for tests that make their own databases in it."""
    with ThrowawayPostgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: ThrowawayPostgres) -> str:
    """The URL of that server's maintenance database."""
    return postgres.url()


@pytest.fixture(scope="session")
def tables_on_postgres(postgres: ThrowawayPostgres) -> str:
    """The name of a database of that server that has all tables, of which copies are made."""
    name = postgres.create_database()
    upgrade(postgres.url(name))
    engine_at(postgres.url(name)).dispose()
    return name


@pytest.fixture(scope="session")
def tables_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has all tables, of which copies are made: forty migrations each time are a third of a second."""
    file = tmp_path_factory.mktemp("tables") / "orders.db"
    url = f"sqlite:///{file}"
    upgrade(url)
    engine_at(url).dispose()
    return file


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An order database of each kind with all its tables and no row, the test's own."""
    if request.param == DATABASES[0]:
        shutil.copy(request.getfixturevalue("tables_on_sqlite"), tmp_path / "orders.db")
        yield f"sqlite:///{tmp_path / 'orders.db'}"
        return
    server: ThrowawayPostgres = request.getfixturevalue("postgres")
    name = server.create_database(request.getfixturevalue("tables_on_postgres"))
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An order database of each kind without any table, the test's own."""
    if request.param == DATABASES[0]:
        yield f"sqlite:///{tmp_path / 'orders.db'}"
        return
    server: ThrowawayPostgres = request.getfixturevalue("postgres")
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)
