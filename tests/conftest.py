"""The real things tests run on: a Temporal server, a client, skipped time, and databases of both kinds.

Each worker of the test run starts its own server and its own PostgreSQL, the first time a test asks for one.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from runtime.connection import connect
from runtime.server.embedded_server import EmbeddedServer
from runtime.settings import Settings
from tests.postgres import ThrowawayPostgres


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


@pytest.fixture
def time_skipping(temporal_client: Client) -> TimeSkipper:
    """Skipped time on the real server, a clock per order: start by its `client`, then `fast_forward(handle, …)`.

    Nothing is skipped by itself. The same server as `temporal_client` has, which saves starting a second one.
    """
    return TimeSkipper(temporal_client, config=TimeSkippingConfig(enabled=False))


@pytest.fixture
def settings(temporal_server: EmbeddedServer, tmp_path: Path) -> Settings:
    """Settings of an installation of its own on that server: folder, SQLite file and task queue are the test's."""
    own = Settings(var=tmp_path / "var", task_queue=f"test-{uuid.uuid4().hex}")
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


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty order database of each kind, the test's own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'orders.db'}"
        return
    server: ThrowawayPostgres = request.getfixturevalue("postgres")
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)
