"""A process that runs tests in the tree it stands in, again and again, each time in a child of its own.

It reads one JSON object a line (`tests`, `seconds`, `log`) and answers each with one. The libraries are imported once
and shared by all children; the product and its tests are imported by the child, from this tree. Started as a file,
never as a module: nothing of the product may be imported before the child has been made.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import sys
import time
from pathlib import Path

LIBRARIES = (
    "pytest", "_pytest.assertion.rewrite", "hypothesis", "_hypothesis_pytestplugin", "pytest_asyncio", "pytest_timeout",
    "pytest_cov.plugin", "xdist.plugin", "anyio.pytest_plugin", "pydantic", "pydantic_settings", "sqlmodel", "psycopg",
    "alembic.command", "temporalio.client", "temporalio.worker", "temporalio.testing", "temporalio.contrib.pydantic",
    "fastapi", "httpx", "uvicorn", "yaml", "psutil", "aiosmtpd.controller", "standardwebhooks", "pwdlib",
)  # fmt: skip
NEVER_RAN = 70
KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"
UNDECIDED = "undecided"
"""Its tests were not through when the longest time was over: no answer, and no notice."""


def child(asked: dict[str, object]) -> None:
    """Run the tests and end with pytest's own exit code."""
    os.setsid()
    log = os.open(str(asked["log"]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    import pytest

    # Imported already, so never rewritten for better messages: nobody reads them here.
    warnings = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:schemathesis"]
    arguments = ["-x", "-q", "-n", "0", "--hypothesis-seed=0", "--tb=short", "--no-header", *warnings]
    tests = asked["tests"]
    assert isinstance(tests, list)
    code = pytest.main([*arguments, *tests])
    os._exit(int(code))


def wait(pid: int, seconds: float) -> int | None:
    """Its exit code; None when it was not done in time and had to be ended."""
    descriptor = os.pidfd_open(pid)
    ready, _, _ = select.select([descriptor], [], [], seconds)
    os.close(descriptor)
    if not ready:
        _end(pid)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) if ready else None


def _end(pid: int) -> None:
    import psutil

    for process in psutil.Process(pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    os.killpg(pid, signal.SIGKILL)


def main() -> None:
    """Answer until nobody asks any more."""
    sys.path[0] = str(Path.cwd())
    for library in LIBRARIES:
        importlib.import_module(library)
    for line in sys.stdin:
        asked = json.loads(line)
        began = time.monotonic()
        pid = os.fork()
        if pid == 0:
            try:
                child(asked)
            finally:
                os._exit(NEVER_RAN)
        code = wait(pid, asked["seconds"])
        if code == NEVER_RAN:
            raise RuntimeError(f"the tests never ran: {asked['log']}")
        # 0: all passed; 5: nothing was collected, which is no answer either
        outcome = TIMED_OUT if code is None else SURVIVED if code in (0, 5) else KILLED
        print(json.dumps({"outcome": outcome, "seconds": round(time.monotonic() - began, 1)}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
