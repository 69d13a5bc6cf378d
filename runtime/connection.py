"""The one way to a Temporal server: the SDK's own conventions, our data converter, a readable refusal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from temporalio.client import Client, Interceptor
from temporalio.envconfig import ClientConfigProfile, ClientConnectConfig
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import RPCError

from models.values.errors import Code, Refusal
from runtime.encryption.data_converter import data_converter_of
from runtime.failures import BAD_SETTING, ServerUnavailable
from runtime.server.ports import LOOPBACK, free_port
from runtime.settings import Settings

DEFAULT_ADDRESS = "127.0.0.1:7233"
DEFAULT_NAMESPACE = "default"
UI_PORT_ABOVE = 1000
"""The development server serves its UI that far above its own port."""

_PATIENCE_SECONDS = 10
"""A name or network that does not answer is told to the person instead of being waited for."""


class Target(NamedTuple):
    """Address (`host:port`) and namespace of a Temporal server."""

    address: str
    namespace: str


def _profile(settings: Settings) -> ClientConnectConfig:
    if settings.own_server:
        return {}
    try:
        return ClientConfigProfile.load().to_client_connect_config()
    except (RuntimeError, ValueError, OSError) as error:
        words = BAD_SETTING.filled(variable="TEMPORAL_*", value="…", reason=error)
        raise Refusal(Code.MALFORMED, words, where="TEMPORAL_*") from error


def target(settings: Settings) -> Target:
    """The server and namespace that these settings and the SDK's profile name."""
    profile = _profile(settings)
    return Target(
        settings.temporal_address or profile.get("target_host") or DEFAULT_ADDRESS,
        settings.namespace or profile.get("namespace") or DEFAULT_NAMESPACE,
    )


def split_address(address: str) -> tuple[str, int]:
    """Host and port of an address such as `127.0.0.1:7233`. Raises Refusal(malformed) where there is no port."""
    try:
        parts = urlsplit(f"//{address}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port:
        words = BAD_SETTING.filled(variable="TEMPORAL_ADDRESS", value=address, reason="HOST:PORT")
        raise Refusal(Code.MALFORMED, words, where="TEMPORAL_ADDRESS")
    return host, port


def ui_address(settings: Settings) -> str:
    """Where people open the Temporal UI, without a final slash."""
    if settings.ui_url:
        return settings.ui_url
    host, port = split_address(target(settings).address)
    return f"http://{host}:{port + UI_PORT_ABOVE}"


def ui_namespace_address(settings: Settings) -> str:
    """The page of the namespace in the UI, to which `/workflows…` is added for links."""
    return f"{ui_address(settings)}/namespaces/{quote(target(settings).namespace, safe='')}"


_measured_at: list[str] = []
"""Where this process's engine tells its figures, once it was asked to."""


def measure_engine() -> None:
    """Have the SDK's engine tell its figures at a port of this machine that nobody else needs know. To be called before the
    first connection; afterwards it changes nothing."""
    if not _measured_at and not _runtime.cache_info().currsize:
        _measured_at.append(f"{LOOPBACK}:{free_port()}")


def engine_metrics_address() -> str:
    """Host and port where the engine tells its figures; empty where it has not begun, or was not asked to."""
    return _measured_at[0] if _measured_at and _runtime.cache_info().currsize else ""


@cache
def _runtime() -> Runtime:
    """The SDK's engine, one per process. Its log goes to Python's: by itself it would write on standard output."""
    log = LoggingConfig(
        filter=TelemetryFilter(core_level="WARN", other_level="ERROR"),
        forwarding=LogForwardingConfig(logger=logging.getLogger("temporalio.core")),
    )
    metrics = PrometheusConfig(bind_address=_measured_at[0]) if _measured_at else None
    return Runtime(telemetry=TelemetryConfig(logging=log, metrics=metrics))


async def connect(settings: Settings, *, interceptors: Sequence[Interceptor] = ()) -> Client:
    """A client with the data converter of this installation.

    Raises ServerUnavailable if nothing answers there, Refusal(malformed) if the address, the profile or the payload keys
    are unusable.
    """
    address, namespace = target(settings)
    split_address(address)
    converter = data_converter_of(settings)
    profile = _profile(settings)
    profile["target_host"] = address
    profile["namespace"] = namespace
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):  # wait_for may swallow a cancellation
            return await Client.connect(
                **profile,
                data_converter=converter,
                interceptors=interceptors,
                runtime=_runtime(),
            )
    except TimeoutError as error:
        reason = f"{_PATIENCE_SECONDS} s"
        raise ServerUnavailable(address, namespace, reason) from error
    except (RuntimeError, RPCError, OSError) as error:
        raise ServerUnavailable(address, namespace, _shortened(error)) from error


def _shortened(error: BaseException) -> str:
    """The end of the SDK's nested transport errors says what happened; the rest is wrapping."""
    text = str(error)
    for known, plain in (
        ("ConnectionRefused", "connection refused"),
        ("dns error", "unknown host name"),
        ("TimedOut", "timed out"),
        ("InvalidCertificate(Expired", "the certificate has expired"),
    ):
        if known in text:
            return plain
    return text.splitlines()[0][:200] if text else type(error).__name__
