"""The processes of a measurement: started, read from /proc, and ended; only those that were started here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from runtime.server.embedded_server import EmbeddedServer
from runtime.settings import ROOT, Settings

READY = "ready"
"""What a process says when it may be measured; the product's worker says it in a sentence."""
END_PATIENCE = 15.0
"""Seconds in which a worker that is told to stop must have ended."""


class Started:
    """A process of this measurement. Its CPU is in milliseconds, its memory in KiB."""

    def __init__(self, *program: str, environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, *program],
                env=dict(environment),
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )

    def heard(self, word: str = READY) -> str:
        """The next line with this word in it. Raises RuntimeError where the process ends before it says it."""
        assert self.process.stdout is not None
        for said in self.process.stdout:
            if word in said:
                return said
        raise RuntimeError(f"{self.process.args!r} ended: {self.log.read_text(errors='replace')[-2000:]}")

    def say(self, word: str) -> None:
        """A line on its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def cpu(self) -> float:
        """What it has used so far."""
        return cpu_of(self.process.pid)

    def memory(self) -> float:
        """What it has in memory now."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 1024

    def end(self, patience: float = END_PATIENCE) -> float | None:
        """Tell it to stop; after how many seconds it had ended, or None where it had to be killed."""
        before = time.monotonic()
        ended: float | None = None
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(patience)
            ended = time.monotonic() - before
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        return ended


def cpu_of(pid: int | None, *, with_children: bool = False) -> float:
    """CPU milliseconds of a process so far, user and system; with those of the processes that it started."""
    if pid is None:
        return 0.0
    process = psutil.Process(pid)
    spent = 0.0
    for each in [process, *(process.children(recursive=True) if with_children else [])]:
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system
    return spent * 1000


def environment_for(server: EmbeddedServer, folder: Path, *, database_url: str, queue: str) -> dict[str, str]:
    """The environment of a worker on this server; nothing of the person at the keyboard is in it."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DINGDAN_", "TEMPORAL_"))
    }
    return {
        **kept,
        "DINGDAN_VAR": str(folder),
        "DINGDAN_DATABASE_URL": database_url,
        "DINGDAN_TASK_QUEUE": queue,
        "TEMPORAL_ADDRESS": server.address,
        "TEMPORAL_CONFIG_FILE": os.devnull,
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def product_worker(environment: Mapping[str, str], folder: Path) -> Iterator[Started]:
    """The product's own `worker.py`, ready to work."""
    worker = Started("worker.py", environment=environment, log=folder / "worker.log")
    try:
        worker.heard()
        yield worker
    finally:
        worker.end()


def settings_on(server: EmbeddedServer, folder: Path) -> Settings:
    """Settings of a client of this server."""
    return server.settings(Settings(var=folder))


def in_a_quiet_process(module: str, *arguments: str) -> Any:
    """What the module `module` of this package prints as JSON, run in a process that does nothing else."""
    with subprocess.Popen(
        [sys.executable, "-m", f"tests.benchmark.lives.{module}", "--json", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            said, wrong = process.communicate()
        except KeyboardInterrupt:
            process.wait(END_PATIENCE)  # it has heard the same and ends what it started
            raise
    if process.returncode:
        raise RuntimeError(f"{module}: {wrong[-2000:]}")
    return json.loads(said)


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder that goes when the measurement is done."""
    with tempfile.TemporaryDirectory(prefix="dingdan-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def load() -> str:
    """The load average of the last 1, 5 and 15 minutes."""
    return " ".join(f"{value:.1f}" for value in os.getloadavg())
