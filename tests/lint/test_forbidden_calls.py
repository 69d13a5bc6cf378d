"""The lint rule of passed-through modules bites, and does not bite what is meant to be there."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from temporalio.worker.workflow_sandbox import SandboxMatcher, SandboxRestrictions

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".ci" / "forbidden_calls.py"


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("forbidden_calls", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


rule = _loaded()


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nx = datetime.now()",
        "from datetime import datetime as clock\nx = clock.utcnow()",
        "import datetime\nx = datetime.datetime.now(datetime.UTC)",
        "import datetime as d\nx = d.date.today()",
        "from datetime import date\nx = date.today",
        "import time",
        "import time as t",
        "from time import monotonic",
        "import random",
        "def f():\n    import secrets",
        "import uuid\nx = uuid.uuid4()",
        "from uuid import uuid4",
        "import os",
        "from os import environ",
        "import os.path",
        "x = open('file')",
        "from pathlib import Path",
        "import sqlmodel",
        "from sqlmodel import Session",
        "from sqlalchemy.orm import Session",
        "print('x')",
        "from zoneinfo import ZoneInfo",
        "import threading",
        "from concurrent.futures import ThreadPoolExecutor",
        "import concurrent.futures",
        "from urllib import request",
        "import logging",
        "import asyncio\nx = asyncio.as_completed([])",
        "x = hash('a')",
    ],
)
def test_refuses(source: str) -> None:
    assert rule.findings_in(source), source


@pytest.mark.parametrize(
    "source",
    [
        "from temporalio import workflow\nx = workflow.now()\ny = workflow.uuid4()\nz = workflow.random()",
        "from datetime import UTC, date, datetime, timedelta, timezone\nx = datetime(2027, 1, 5, tzinfo=UTC)",
        "from uuid import UUID, uuid5",
        "import hashlib\nx = hashlib.sha256(b'')",
        "import asyncio\nx = asyncio.Lock()",
        "from urllib.parse import quote",
        "def now(order):\n    return order.now",
        "x = step.open(at)\ny = self.hash()",
        "from models.promise import open\nx = open(1)",
        "from .time import x",
        "class A:\n    def __hash__(self):\n        return hash('a')",
    ],
)
def test_leaves_alone(source: str) -> None:
    assert rule.findings_in(source) == []


def sandboxed(matcher: SandboxMatcher, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """What the SDK's sandbox forbids: a module or class, and its member or `*`."""
    for member in matcher.use:
        yield path, member
    for name, inner in matcher.children.items():
        yield from sandboxed(inner, (*path, name))


FORBIDDEN_IN_THE_SANDBOX = sorted(sandboxed(SandboxRestrictions.invalid_module_members_default))


@pytest.mark.parametrize(("path", "member"), FORBIDDEN_IN_THE_SANDBOX)
def test_refuses_what_the_sandbox_would_refuse(path: tuple[str, ...], member: str) -> None:
    """The workflow definitions are passed through it, so that this rule stands alone."""
    if path == ("__builtins__",):
        assert rule.findings_in(f"{member}()")
        return
    used = ".".join(path if member == "*" else (*path, member))
    assert rule.findings_in(f"import {path[0]}\nx = {used}.y"), used


def test_the_sandbox_forbids_what_it_did() -> None:
    """The list above is the SDK's own: were it empty, nothing would be compared."""
    assert len(FORBIDDEN_IN_THE_SANDBOX) > 100


def test_names_each_place_once_and_in_order() -> None:
    findings = rule.findings_in("import os\n\nprint(1)\n")
    assert [finding.line for finding in findings] == [1, 3]


def test_the_program_exits_with_one_and_names_the_place(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "tables").mkdir()
    (folder / "tables" / "orders.py").write_text("import sqlmodel\n")
    (folder / "clean.py").write_text("x = 1\n")
    done = subprocess.run([sys.executable, PROGRAM, folder], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    (folder / "bad.py").write_text("x = 1\nimport time\n")
    done = subprocess.run([sys.executable, PROGRAM, folder], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{folder / 'bad.py'}:2: import of time" in done.stdout


@pytest.mark.parametrize("arguments", [[], ["no-such-folder"]])
def test_a_misspelt_folder_is_not_a_clean_one(arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, PROGRAM, *arguments], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 2
