"""The production shape on this machine: PostgreSQL, the Temporal server on a file, two workers, press and door, each a process."""

from __future__ import annotations

import base64
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from runtime.server.embedded_server import temporal_binary
from runtime.server.ports import free_port
from runtime.settings import ROOT, Settings
from tests.postgres import ThrowawayPostgres

PATIENCE_SECONDS = 240
"""After so long a machine is not slow but stuck."""
SECONDS_AN_ORDER = 4
"""What a command that looks at all of them may take for each, on a busy machine."""
_MOUNT, _UNMOUNT = "/bin/mount", "/bin/umount"
_PROVIDER = "provider"
DISK_BYTES, OF_AN_ORDER = 24 * 1024 * 1024, 768 * 1024
"""Room for papers and logs, and what each order adds: a disk that can be filled without harm to this machine."""


class Stuck(AssertionError):
    """Something that must happen did not happen in time."""


def at_rest(what: str, work_left: Callable[[], tuple[int, ...]], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until nothing is left and the last look found the same; the last figure is one that only grows.

    Raises Stuck where nothing moves any more although something is left: a long run may take its time.
    """
    before, moved = work_left(), time.monotonic()
    while True:
        time.sleep(0.25)
        now = work_left()
        if now == before and not any(now[:-1]):
            return
        if now != before:
            moved = time.monotonic()
        elif time.monotonic() > moved + seconds:
            raise Stuck(f"nothing moved for {seconds:.0f} s: {what}, left {now[:-1]}")
        before = now


def eventually(what: str, done: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until it is so. Raises Stuck."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            raise Stuck(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.25)


class Estate:
    """All processes of one installation, in a folder of its own, to be killed, paused and started again."""

    def __init__(self, folder: Path, postgres: ThrowawayPostgres, orders: int = 0) -> None:
        """`orders`: how many are to be lived, for their papers need room."""
        self.folder, self.postgres, self.orders = folder, postgres, orders
        postgres.keep_what_was_committed()
        self.database = postgres.create_database()
        self.port, door, provider = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{door}"
        self.provider_url = f"http://127.0.0.1:{provider}"
        self.var = folder / "var"
        self.disk = self._small_disk(DISK_BYTES + orders * OF_AN_ORDER)
        self.environment = {
            **os.environ,
            "DINGDAN_VAR": str(self.var),
            "DINGDAN_DATABASE_URL": postgres.url(self.database),
            "DINGDAN_EXAMPLE_COMPANY": "no",
            "DINGDAN_LANGUAGE": "en",
            "DINGDAN_LINK_SECRET": secrets.token_urlsafe(48),
            "DINGDAN_REQUESTS_A_MINUTE": "100000",
            "TEMPORAL_ADDRESS": f"127.0.0.1:{self.port}",
            "DINGDAN_GATEWAY_ADDRESS": f"127.0.0.1:{door}",
            "DINGDAN_SHOP_PROVIDER": "test",
            "DINGDAN_SHOP_TEST_ADDRESS": f"127.0.0.1:{provider}",
            "DINGDAN_SHOP_TEST_KEY": base64.b64encode(secrets.token_bytes(48)).decode(),
        }
        (folder / _PROVIDER).mkdir()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.programs: dict[str, list[str | Path]] = {
            "server": [
                temporal_binary(), "server", "start-dev", "--ip", "127.0.0.1", "--port", str(self.port), "--headless",
                "--db-filename", folder / "temporal.db", "--log-level", "error",
                "--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=normal",
                "--dynamic-config-value", "history.maxInFlightUpdatePayloads=2000000",
            ],
            "worker-1": [sys.executable, ROOT / "worker.py"],
            "worker-2": [sys.executable, ROOT / "worker.py"],
            "press": [sys.executable, ROOT / "worker.py", "--documents"],
            "gateway": [sys.executable, "-m", "gateway"],
            _PROVIDER: [sys.executable, "-m", "rehearsal.payment_provider"],
        }  # fmt: skip

    def _small_disk(self, size: int) -> bool:
        """Whether `var` is a disk of its own; only root can make one."""
        self.var.mkdir(parents=True)
        made = subprocess.run(
            [_MOUNT, "-t", "tmpfs", "-o", f"size={size},mode=700", "dingdan", self.var],
            check=False,
            capture_output=True,
        )
        return made.returncode == 0

    def settings(self) -> Settings:
        """The settings of its processes, for who looks at its stores."""
        return Settings(
            var=self.var,
            database_url=self.environment["DINGDAN_DATABASE_URL"],
            temporal_address=self.environment["TEMPORAL_ADDRESS"],
        )

    # --- processes -------------------------------------------------------------------------------------------------

    def start(self, *names: str) -> None:
        """Start these, or all that do not run."""
        for name in names or self.programs:
            running = self.processes.get(name)
            if running is not None and running.poll() is None:
                continue
            with (self.folder / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    self.programs[name],
                    # the payment provider is another house: our disk is not its disk
                    env=self.environment
                    | ({"DINGDAN_VAR": str(self.folder / name)} if name == _PROVIDER else {}),
                    cwd=ROOT,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            if name == "server":
                eventually("the server answers", self._server_answers)

    def set_up(self) -> None:
        """Schema, search attributes and schedules, as `starter.py setup` makes them. Raises Stuck with what it said."""
        code, said = self.run("setup")
        if code:
            raise Stuck(said)

    def _server_answers(self) -> bool:
        told = subprocess.run(
            [temporal_binary(), "operator", "cluster", "health", "--address", f"127.0.0.1:{self.port}"],
            check=False,
            capture_output=True,
        )
        return told.returncode == 0

    def door_answers(self) -> bool:
        """Whether the door says that it is there."""
        try:
            return httpx.get(f"{self.url}/health", timeout=5, trust_env=False).status_code < 500
        except httpx.HTTPError:
            return False

    def kill(self, name: str) -> None:
        """End one at once."""
        process = self.processes[name]
        process.kill()
        process.wait()

    def pause(self, name: str, seconds: float) -> None:
        """One stands still for a while."""
        process = self.processes[name]
        process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        process.send_signal(signal.SIGCONT)

    def fill_disk(self, seconds: float) -> bool:
        """No room is left for papers for a while; False where it has no disk of its own."""
        if not self.disk:
            return False
        ballast = self.var / "ballast"
        # Unbuffered: what is left in a buffer would be written once more when it is closed, and fail there.
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 65_536)
            except OSError:
                pass
        time.sleep(seconds)
        ballast.unlink()
        return True

    def run(self, *arguments: str) -> tuple[int, str]:
        """One command of `starter.py`; its exit code and what it said."""
        done = subprocess.run(
            [sys.executable, ROOT / "starter.py", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS + self.orders * SECONDS_AN_ORDER,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def stop(self) -> dict[str, int]:
        """Tell all to stop, as an operator does; their exit codes. What does not end is killed."""
        for name in reversed(list(self.processes)):
            if self.processes[name].poll() is None:
                self.processes[name].send_signal(signal.SIGCONT)
                self.processes[name].terminate()
        codes = {}
        for name, process in self.processes.items():
            try:
                codes[name] = process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                codes[name] = process.wait()
        if self.disk:
            subprocess.run([_UNMOUNT, "--lazy", self.var], check=False, capture_output=True)
        return codes
