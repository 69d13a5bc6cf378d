"""Steps of docs/operations.md that no other test takes: a poisoned fact, a clock that jumped, an expired certificate."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from temporalio.client import Client, WorkflowHandle

from activities.orders.requests import has_begun
from activities.store.database import engine_at
from models.facts.fact_kinds import FACT_KINDS
from models.order.order import Order
from runtime.connection import connect
from runtime.failures import ServerUnavailable
from runtime.server.embedded_server import EmbeddedServer, temporal_binary
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.commands.conftest import Desk
from tests.commands.test_operator import placed
from tests.models.life import Life
from tests.runtime.watching import until

CONTACT = ("contact_logged", "--by", "chen", "--set", "channel=phone")


@pytest.fixture(scope="module")
async def temporal_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedServer]:
    """A server of its own, which marks a failing workflow at its first failed task."""
    at_once = {"system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": "1"}
    folder = tmp_path_factory.mktemp("handbook")
    async with EmbeddedServer(folder, persistent=False, headless=True, dynamic_config=at_once) as server:
        yield server


@pytest.fixture(scope="module")
async def temporal_client(temporal_server: EmbeddedServer) -> Client:
    return await connect(temporal_server.settings(Settings()))


@contextmanager
def a_program_that_fails_on(words: str) -> Iterator[None]:
    """As long as it lasts, a contact with these words is a fault of the program."""
    known = FACT_KINDS["contact_logged"]

    def poisoned(order: Order, envelope: object, content: object) -> None:
        if getattr(content, "words", "") == words:
            raise RuntimeError("a fault of the program")
        known.handler(order, envelope, content)  # type: ignore[arg-type]

    FACT_KINDS["contact_logged"] = replace(known, handler=poisoned)
    try:
        yield
    finally:
        FACT_KINDS["contact_logged"] = known


async def stuck(desk: Desk, kind: str, wanted: list[str]) -> None:
    """The list becomes this."""

    def so(found: dict[str, Any]) -> bool:
        return [each["number"] for each in found["orders"]] == wanted

    await desk.read_when(so, f"{kind} is {wanted}", "list", "--stuck", kind)


@pytest.mark.endurance
async def test_a_poisoned_fact_is_found_and_goes_with_the_fault_or_is_left_out(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.delivery.telling.PATIENCE_SECONDS", 1.0)
    with a_program_that_fails_on("poison"):
        async with build_worker(temporal_client, settings):
            number = await placed(desk, settings, temporal_client, tmp_path)
            await until(lambda: has_begun(engine_at(settings.database_url), number))
            handle = temporal_client.get_workflow_handle(f"order-{number}")
            assert (await desk.run("tell", number, *CONTACT, "--set", "words=before", "--id", "c/1"))[0] == 0
            code, out, _ = await desk.run("tell", number, *CONTACT, "--set", "words=poison", "--id", "c/2")
            assert code == 0, out  # told, and not answered: it is kept
            await stuck(desk, "task_failing", [number])
    # the fault is mended, the worker is another one: it goes on by itself
    async with build_worker(temporal_client, settings):
        order = Order.model_validate(await handle.query("order"))
        assert "c/2" in str(order.seen)
        await stuck(desk, "task_failing", [])
        await handle.terminate()


async def tasks_of(handle: WorkflowHandle[Any, Any]) -> list[int]:
    """The events by which its tasks were completed."""
    return [
        event.event_id
        async for event in handle.fetch_history_events()
        if event.HasField("workflow_task_completed_event_attributes")
    ]


async def test_a_reset_leaves_out_what_came_after(
    desk: Desk, settings: Settings, temporal_client: Client, tmp_path: Path
) -> None:
    async with build_worker(temporal_client, settings):
        number = await placed(desk, settings, temporal_client, tmp_path)
        await until(lambda: has_begun(engine_at(settings.database_url), number))
        handle = temporal_client.get_workflow_handle(f"order-{number}")
        assert (await desk.run("tell", number, *CONTACT, "--set", "words=before", "--id", "c/1"))[0] == 0
        before = await tasks_of(handle)
        assert (await desk.run("tell", number, *CONTACT, "--set", "words=never", "--id", "c/2"))[0] == 0
        took_it = (await tasks_of(handle))[len(before)]
        reset = [
            str(temporal_binary()), "workflow", "reset", "--address", str(settings.temporal_address), "-w", f"order-{number}",
            "-e", str(took_it), "--reapply-exclude", "All", "--reason", "a fact that must not count",
        ]  # fmt: skip
        said = await asyncio.to_thread(subprocess.run, reset, capture_output=True, text=True, check=False)
        assert said.returncode == 0, said.stderr
        order = Order.model_validate(await handle.query("order"))
        assert "c/1" in str(order.seen)
        assert "c/2" not in str(order.seen)
        assert (await desk.run("tell", number, *CONTACT, "--set", "words=after", "--id", "c/3"))[0] == 0

        def repaired(view: dict[str, Any]) -> bool:
            return "repaired" in {each["kind"] for each in view["journal"]}

        await desk.read_when(repaired, "told at once, recorded anew a moment later", "show", number)
        await handle.terminate()


def test_a_clock_that_jumped_ahead_and_back_stops_nothing() -> None:
    life = Life().verified().sheet_out()
    real = life.now
    life.later(days=30)
    slipped = life.promised
    overdue = {step.key for step in life.order.steps.values() if step.overdue_at is not None}
    assert overdue
    life.now = real + timedelta(hours=1)
    assert life.tell("contact_logged", channel="phone", words="时钟已拨回").status.value == "accepted"
    assert life.order.clock > life.now
    assert life.promised == slipped
    key = sorted(overdue & set(life.order.steps))[0]
    due = (life.order.clock + timedelta(days=2)).isoformat()
    life.does("extension_given", step=key, due=due, reason="服务器时钟跳了")
    assert life.order.steps[key].overdue_at is None


@pytest.fixture
async def expired(tmp_path: Path) -> AsyncIterator[tuple[str, Path]]:
    """A server on this machine whose certificate ran out yesterday: its address, and the authority that signed it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now - timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    public, private = tmp_path / "certificate.pem", tmp_path / "key.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", public


async def test_an_expired_certificate_is_said(
    expired: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, authority = expired
    monkeypatch.setenv("TEMPORAL_TLS", "true")
    monkeypatch.setenv("TEMPORAL_TLS_SERVER_CA_CERT_PATH", str(authority))
    with pytest.raises(ServerUnavailable) as refused:
        await connect(Settings(temporal_address=address))
    assert refused.value.words.en.endswith("the certificate has expired")
