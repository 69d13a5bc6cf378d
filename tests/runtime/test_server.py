"""The embedded server: it starts, keeps its data, and says in words why it cannot."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeIndexedValueType as IndexedValueType

from models.values.errors import Code, Refusal
from runtime.connection import connect
from runtime.failures import (
    AlreadyRunning,
    BinaryMissing,
    DiskFull,
    PortBusy,
    ServerFailed,
    ServerUnavailable,
    WrongAttributeType,
)
from runtime.server import embedded_server as server_module
from runtime.server.embedded_server import EmbeddedServer, temporal_binary
from runtime.server.ports import free_port
from runtime.server.registration import (
    RETENTION,
    keep_closed_orders,
    knows_namespace,
    register_attributes,
    registered_attributes,
)
from runtime.settings import Settings
from runtime.worker.worker_life import Ending
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES


async def test_it_keeps_closed_orders_ninety_days_and_its_data_for_good(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path / "a folder", headless=True) as server:
        client = await connect(server.settings(Settings()))
        described = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace="default")
        )
        assert described.config.workflow_execution_retention_ttl.ToTimedelta() == RETENTION
        assert not await keep_closed_orders(client)
        assert await register_attributes(client, SEARCH_ATTRIBUTES) == sorted(SEARCH_ATTRIBUTES)
        pid = server.pid
        assert pid is not None
    assert not psutil.pid_exists(pid)
    async with EmbeddedServer(tmp_path / "a folder", headless=True) as server:
        client = await connect(server.settings(Settings()))
        assert await register_attributes(client, SEARCH_ATTRIBUTES) == []
        assert set(SEARCH_ATTRIBUTES) <= set(await registered_attributes(client))


async def test_one_folder_serves_one_server(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path, headless=True):
        with pytest.raises(AlreadyRunning) as refused:
            await EmbeddedServer(tmp_path, headless=True).start()
    assert str(os.getpid()) in refused.value.words.en


async def test_a_server_left_over_from_a_kill_is_ended_and_no_other_process(tmp_path: Path) -> None:
    left_over = EmbeddedServer(tmp_path, headless=True)
    await left_over.start()
    assert left_over.pid is not None
    left_over._record._file.close()  # type: ignore[union-attr] # the lock goes with the process that was killed
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)  # noqa: ASYNC220
    with (tmp_path / "temporal-server.pid").open("a") as record:
        record.write(f"{stranger.pid} 999999999\n")
    async with EmbeddedServer(tmp_path, headless=True) as server:
        assert server.pid != left_over.pid
        assert left_over.pid is None
        assert stranger.poll() is None
    stranger.communicate(b"\n")


async def test_a_busy_port_is_named_and_its_owner_left_alone(tmp_path: Path) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        with pytest.raises(PortBusy) as refused:
            await EmbeddedServer(tmp_path, port=port, headless=True).start()
    assert (refused.value.port, refused.value.code) == (port, Code.SERVER_UNAVAILABLE)
    async with EmbeddedServer(tmp_path, headless=True):
        pass


async def test_a_full_disk_is_said_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=5_000_000))
    with pytest.raises(DiskFull) as refused:
        await EmbeddedServer(tmp_path, headless=True).start()
    assert refused.value.exit_code == 11
    assert not (tmp_path / "temporal-server.pid").exists()


async def test_a_program_that_is_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BinaryMissing):
        temporal_binary(tmp_path / "nothing")
    assert temporal_binary(Path(sys.executable)) == Path(sys.executable)
    false = tmp_path / "false"
    false.write_text("#!/bin/sh\necho 'no such flag' >&2\nexit 3\n")
    false.chmod(0o755)
    with pytest.raises(ServerFailed) as refused:
        await EmbeddedServer(tmp_path, headless=True, binary=false).start()
    assert "no such flag" in refused.value.words.en
    monkeypatch.setattr(server_module, "_PACKAGE", "no-such-package")
    monkeypatch.setattr(server_module, "_PROGRAM", "no-such-program")
    with pytest.raises(BinaryMissing):
        temporal_binary()


async def test_a_server_that_dies_is_noticed(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path, headless=True)
    await server.start()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    with pytest.raises(ServerFailed):
        await server.watch()
    await server.stop()
    with pytest.raises(ServerUnavailable):
        await connect(server.settings(Settings()))


async def test_a_search_attribute_of_another_type_stops_the_set_up(temporal_client: Client) -> None:
    await register_attributes(temporal_client, {"TestOfTypes": IndexedValueType.KEYWORD})
    with pytest.raises(WrongAttributeType) as refused:
        await register_attributes(temporal_client, {"TestOfTypes": IndexedValueType.INT})
    assert (refused.value.code, refused.value.where) == (Code.NOT_SET_UP, "TestOfTypes")
    assert "Keyword" in refused.value.words.en


async def test_a_namespace_that_is_not_there_is_not_known(temporal_server: EmbeddedServer) -> None:
    settings = temporal_server.settings(Settings()).model_copy(update={"namespace": "elsewhere"})
    assert not await knows_namespace(await connect(settings))


async def test_a_port_that_was_free_may_be_wanted(tmp_path: Path) -> None:
    port = free_port()
    async with EmbeddedServer(tmp_path, port=port, persistent=False, headless=True) as server:
        assert server.address == f"127.0.0.1:{port}"
        assert server.ui_url.startswith("http://127.0.0.1:")
    await server.stop()


def test_a_free_port_is_not_one_of_those_for_outgoing_connections() -> None:
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    offered = [free_port() for _ in range(50)]
    assert len(set(offered)) == 50
    assert all(port < first for port in offered)


def test_two_processes_look_for_a_port_in_different_places() -> None:
    words = [
        sys.executable,
        "-c",
        "from runtime.server.ports import free_port; print(*(free_port() for _ in range(9)))",
    ]
    first, second = (
        subprocess.run(words, capture_output=True, text=True, check=True).stdout.split() for _ in "12"
    )
    assert not set(first) & set(second)


@pytest.mark.parametrize(
    ("settings", "first", "second"),
    [
        ({"gateway_address": "127.0.0.1:7233"}, "TEMPORAL_ADDRESS", "DINGDAN_GATEWAY_ADDRESS"),
        ({"gateway_address": "127.0.0.1:8233"}, "DINGDAN_UI_URL", "DINGDAN_GATEWAY_ADDRESS"),
        (
            {"temporal_address": "127.0.0.1:9000", "ui_url": "http://127.0.0.1:9000"},
            "TEMPORAL_ADDRESS",
            "DINGDAN_UI_URL",
        ),
    ],
)
async def test_a_port_that_is_asked_for_twice_is_said_at_once(
    tmp_path: Path, settings: dict[str, str], first: str, second: str
) -> None:
    """Nothing is started and nothing waits for a port that the product itself would take."""
    from worker import work_embedded

    with pytest.raises(Refusal) as refused:
        await work_embedded(Settings(var=tmp_path / "var", **settings), Ending())  # type: ignore[arg-type]
    assert first in refused.value.words.en
    assert second in refused.value.words.en
    assert not (tmp_path / "var").exists()
