"""Traces from a request to the row: the SDK's interceptor, and the recording of an order's burst in the trace of what was told.

The SDK by itself puts the recording into the trace in which the order began, weeks ago. Here it becomes part of the trace of
the first message that the burst holds; the other messages' traces are linked. Only loaded where traces are on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from starlette.types import ASGIApp, Receive, Scope, Send
from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload
from temporalio.contrib.opentelemetry import TracingInterceptor, TracingWorkflowInboundInterceptor
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    HandleSignalInput,
    HandleUpdateInput,
    StartActivityInput,
    StartLocalActivityInput,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from runtime.delivery.order_handles import number_of
from workflows.engine.limits import RECORD_ACTIVITY, RECORD_CASE_ACTIVITY

_RECORDING = (RECORD_ACTIVITY, RECORD_CASE_ACTIVITY)
_TRACED = "_tracer-data"
"""The header in which the SDK's interceptor carries a trace."""
_LINKED = "dingdan-told-by-"
_MOST_LINKED = 16
ORDER = "dingdan.order"


class Traces(TracingInterceptor):
    """For client and worker of one process."""

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's name
    ) -> type[TracingWorkflowInboundInterceptor]:
        """As the SDK's, which also remembers what was told."""
        super().workflow_interceptor_class(input)
        return _Told

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """As the SDK's; within its span the order is named, and whatever else was told is linked."""
        return super().intercept_activity(_Recorded(next, self))

    def linked(self, headers: Mapping[str, Payload]) -> list[trace.SpanContext]:
        """The traces of what else was told."""
        found = []
        for name, payload in headers.items():
            if name.startswith(_LINKED):
                carrier = self.payload_converter.from_payloads([payload])[0]
                context = self.text_map_propagator.extract(carrier)
                found.append(trace.get_current_span(context).get_span_context())
        return found


class _Told(TracingWorkflowInboundInterceptor):
    """Remembers by which traces the order was told something since its last burst; nothing of it is the workflow's state."""

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        self.told: list[Payload] = []
        super().init(_Recording(outbound, self.told))

    async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002 - the SDK's name
        self._note(input.headers)
        await super().handle_signal(input)

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:  # noqa: A002 - the SDK's name
        self._note(input.headers)
        return await super().handle_update_handler(input)

    def _note(self, headers: Mapping[str, Payload]) -> None:
        carried = headers.get(_TRACED)
        if carried is not None and not workflow.unsafe.is_replaying():
            self.told.append(carried)


class _Recording(WorkflowOutboundInterceptor):
    """The next burst goes in the trace of the first message since the last one. Headers are no part of what a replay compares."""

    def __init__(self, following: WorkflowOutboundInterceptor, told: list[Payload]) -> None:
        super().__init__(following)
        self._told = told
        self._last: list[Payload] = []

    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
        if input.activity in _RECORDING:
            # the remote try of a burst that the local one could not record
            input.headers = _carried(input.headers, self._taken() or self._last)
        return super().start_activity(input)

    def start_local_activity(self, input: StartLocalActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
        if input.activity in _RECORDING:
            input.headers = _carried(input.headers, self._taken())
        return super().start_local_activity(input)

    def _taken(self) -> list[Payload]:
        self._last = self._told.copy()
        self._told.clear()
        return self._last


def _carried(headers: Mapping[str, Payload], told: list[Payload]) -> Mapping[str, Payload]:
    if not told:
        return headers
    others = {f"{_LINKED}{place}": each for place, each in enumerate(told[1 : _MOST_LINKED + 1])}
    return {**headers, **others, _TRACED: told[0]}


class _Recorded(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, traces: Traces) -> None:
        super().__init__(following)
        self._traces = traces

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        span = trace.get_current_span()
        span.set_attribute(ORDER, number_of(activity.info().workflow_id or ""))
        for context in self._traces.linked(input.headers):
            span.add_link(context)
        return await super().execute_activity(input)


class TracedRequests:
    """A span for each request to the door, named by its route: a path may hold a key, and a body is nobody's business."""

    def __init__(self, app: ASGIApp, tracer: trace.Tracer) -> None:
        """`app` is what answers."""
        self._app, self._tracer = app, tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As every ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._tracer.start_as_current_span(
            scope["method"], kind=trace.SpanKind.SERVER, record_exception=False
        ) as span:

            async def noted(message: Any) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            try:
                await self._app(scope, receive, noted)
            finally:
                route = getattr(scope.get("route"), "path", "-")
                span.update_name(f"{scope['method']} {route}")
                span.set_attribute("http.route", route)
                number = (scope.get("path_params") or {}).get("number", "")
                if number:
                    span.set_attribute(ORDER, str(number)[:40])


def provider_of(service: str, *processors: SpanProcessor) -> TracerProvider:
    """Where spans go. Events are left out: the texts of errors may hold what a customer said."""
    provider = TracerProvider(
        resource=Resource.create({"service.name": f"dingdan-{service}"}),
        span_limits=SpanLimits(max_events=0, max_span_attribute_length=200),
    )
    for processor in processors:
        provider.add_span_processor(processor)
    return provider


def sending_to(url: str, service: str) -> TracerProvider:
    """A provider that sends spans by OTLP over HTTP; what cannot be sent is dropped, and holds up nothing."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return provider_of(service, BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
