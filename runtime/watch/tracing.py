"""Traces of this process, where they are switched on (`DINGDAN_TRACES_URL`): nothing is loaded where they are not."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from runtime.settings import Settings
from runtime.watch.readiness import Process

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

    from runtime.watch.traces import Traces

_NAME = "dingdan"


@cache
def _provider(url: str, service: str) -> TracerProvider:
    from runtime.watch.traces import sending_to

    return sending_to(url, service)


def tracer_of(settings: Settings, process: Process) -> Tracer | None:
    """Who begins this process's spans; None where traces are off."""
    if not settings.traces_url:
        return None
    return _provider(settings.traces_url, process.value).get_tracer(_NAME)


def traces_of(settings: Settings, process: Process) -> list[Traces]:
    """What a client of this process is built with, and by it a worker; empty where traces are off."""
    tracer = tracer_of(settings, process)
    if tracer is None:
        return []
    from runtime.watch.traces import Traces

    return [Traces(tracer)]
