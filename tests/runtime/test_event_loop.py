"""The loop of programs that work without end: the quickest there is, and as `asyncio.run` for whoever presses Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys

import pytest

from runtime import event_loop
from runtime.settings import ROOT


async def module_of_loop() -> str:
    """Who made the loop."""
    return type(asyncio.get_running_loop()).__module__.partition(".")[0]


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop is not made for it")
def test_it_is_uvloop() -> None:
    """The worker's figures rest on it."""
    assert event_loop.run(module_of_loop()) == "uvloop"


def test_without_it_python_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs work where nobody made it."""
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert event_loop.run(module_of_loop()) == "asyncio"


def test_an_error_comes_out() -> None:
    """As of `asyncio.run`."""

    async def fails() -> None:
        raise LookupError("here")

    with pytest.raises(LookupError, match="here"):
        event_loop.run(fails())


def test_an_interrupt_lets_the_program_end_what_it_began() -> None:
    """Ctrl-C cancels the program, and whoever started it hears KeyboardInterrupt."""
    program = (
        "import asyncio, signal\n"
        "from runtime import event_loop\n"
        # who starts something behind a shell has it ignore this signal
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "async def program():\n"
        "    print('begun', flush=True)\n"
        "    try:\n"
        "        await asyncio.Event().wait()\n"
        "    finally:\n"
        "        print('tidied', flush=True)\n"
        "try:\n"
        "    event_loop.run(program())\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "begun\n"
        started.send_signal(signal.SIGINT)
        assert started.stdout.read().split() == ["tidied", "interrupted"]
        assert started.wait(30) == 0
