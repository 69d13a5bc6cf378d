"""A request's trace goes to the row: the burst that records what was told is in the trace of who told it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from models.messages.envelope import read_envelope
from runtime.connection import connect
from runtime.delivery.placing import place_request
from runtime.delivery.telling import tell_order
from runtime.server.embedded_server import EmbeddedServer
from runtime.settings import Settings
from runtime.watch.readiness import Process
from runtime.watch.tracing import tracer_of, traces_of
from runtime.worker.workers import build_worker
from tests.gateway.conftest import ORDER, prepared
from tests.replay.corpus import load, manifest
from tests.replay.living import differences, live_again
from tests.runtime.test_telling import contact
from tests.runtime.watching import until
from workflows.engine.interceptor import CaseInterceptor

__all__ = ["prepared"]
pytest.importorskip("opentelemetry.sdk")


def test_without_an_address_there_are_none() -> None:
    assert traces_of(Settings(), Process.WORKER) == []
    assert tracer_of(Settings(), Process.GATEWAY) is None


def exported() -> tuple[Any, Any]:
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from runtime.watch.traces import provider_of

    kept = InMemorySpanExporter()
    return kept, provider_of("test", SimpleSpanProcessor(kept)).get_tracer("test")


def test_spans_go_to_the_collector_that_is_named() -> None:
    from runtime.watch.traces import sending_to

    received: list[tuple[str, str | None]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, self.headers["Content-Type"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        serving = threading.Thread(target=collector.serve_forever)
        serving.start()
        provider = sending_to(f"http://127.0.0.1:{collector.server_port}/v1/traces", "test")
        with provider.get_tracer("test").start_as_current_span("one"):
            pass
        provider.shutdown()
        collector.shutdown()
        serving.join()
    assert received == [("/v1/traces", "application/x-protobuf")]


async def test_a_request_is_named_by_its_route_alone() -> None:
    from runtime.watch.traces import TracedRequests

    kept, tracer = exported()
    app = FastAPI()

    @app.get("/c/{key}/orders/{number}")
    async def answer(key: str, number: str) -> dict[str, str]:
        return {}

    transport = httpx.ASGITransport(app=TracedRequests(app, tracer))
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        await client.get("/c/s3cret/orders/20270105-0001?phone=0755-5550102")
        await client.get("/nothing/s3cret")
    first, second = kept.get_finished_spans()
    assert (first.name, first.attributes["http.response.status_code"]) == (
        "GET /c/{key}/orders/{number}",
        200,
    )
    assert first.attributes["dingdan.order"] == "20270105-0001"
    assert (second.name, second.attributes["http.response.status_code"]) == ("GET -", 404)
    assert "s3cret" not in first.to_json() + second.to_json()
    assert "5550102" not in first.to_json()


async def test_what_was_told_is_recorded_in_the_trace_of_who_told_it(
    prepared: Settings, temporal_server: EmbeddedServer
) -> None:
    from runtime.watch.traces import Traces

    kept, tracer = exported()
    client = await connect(temporal_server.settings(Settings()), interceptors=[Traces(tracer)])
    async with build_worker(client, prepared):
        number = (await place_request(client, prepared, ORDER)).start.number
        with tracer.start_as_current_span("POST /v1/orders/{number}/facts") as request:
            told = await tell_order(client, prepared, number, read_envelope(contact(1)), patience=30)
            assert told.reply is not None
        handle = client.get_workflow_handle(f"order-{number}")
        wanted = request.get_span_context().trace_id

        def recorded() -> list[Any]:
            return [
                span
                for span in kept.get_finished_spans()
                if span.name == "RunActivity:record" and span.context.trace_id == wanted
            ]

        await until(lambda: bool(recorded()))
        await handle.terminate()
    (row,) = recorded()
    assert row.attributes["dingdan.order"] == number
    parents = {span.context.span_id: span.name for span in kept.get_finished_spans()}
    assert parents[row.parent.span_id] == "StartWorkflowUpdate:tell"
    # nothing that anybody said
    assert all(not span.events for span in kept.get_finished_spans())
    assert "words" not in "".join(span.to_json() for span in kept.get_finished_spans())


@pytest.mark.parametrize("name", ["corrected", "outage-then-the-remote-activity", "signalled-in-bursts"])
async def test_traces_change_nothing_that_a_replay_compares(name: str) -> None:
    """They may be switched on and off while orders are open."""
    from runtime.watch.traces import Traces

    _, tracer = exported()
    recorded, recording = manifest()[name], load(name)
    lived = await live_again(recorded, recording, interceptors=(Traces(tracer), CaseInterceptor()))
    assert list(differences(recorded, recording, lived)) == []
