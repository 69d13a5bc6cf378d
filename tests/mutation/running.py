"""A copy of the tree in which one fault at a time is put, tested and taken back; the checkout is never touched."""

from __future__ import annotations

import compileall
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.mutation import runner
from tests.mutation.runner import SURVIVED, TIMED_OUT, UNDECIDED
from tests.mutation.sampling import ROOT, Mutant

LEFT_BEHIND = (".git", ".venv", "var", "__pycache__", ".hypothesis", "*_cache", ".*_cache", "histories")
LONGEST, GRACE = 90.0, 30.0
"""Seconds that a run may take: three times what its tests took, no longer than that, and a grace for the start."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a fault."""

    mutant: Mutant
    outcome: str
    seconds: float
    tests: int
    diff: str
    killer: str = ""


def prepare(folder: Path, root: Path = ROOT, tests: Sequence[str] = ()) -> Path:
    """A tree to make copies of: everything compiled, tests as pytest wants them; that is done once."""
    tree = folder / "prepared"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(root, tree, ignore=shutil.ignore_patterns(*LEFT_BEHIND), symlinks=True)
    (tree / "var").mkdir()
    compileall.compile_dir(str(tree), quiet=2)
    collect = [sys.executable, "-m", "pytest", "--collect-only", "-qq", "-n", "0", "-m", "not slow", *tests]
    subprocess.run(collect, cwd=tree, stdout=subprocess.DEVNULL, check=True)
    return tree


class Copy:
    """One copy of the tree with a runner of its own."""

    def __init__(
        self,
        folder: Path,
        root: Path = ROOT,
        *,
        prepared: Path | None = None,
        grace: float = GRACE,
        longest: float = LONGEST,
    ) -> None:
        self._tree, self._root, self._grace, self._longest = folder / "tree", root, grace, longest
        self._log = folder / "log"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(prepared or prepare(folder, root), self._tree, symlinks=True, dirs_exist_ok=True)
        # A file and its fault may have one size and one second: what was compiled of it must never be believed.
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        environment.pop("PYTHONPATH", None)
        self._runner = subprocess.Popen(
            [sys.executable, str(Path(runner.__file__))],
            cwd=self._tree,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        """As it is."""
        return self

    def __exit__(self, *_: object) -> None:
        """The runner ends when nobody asks any more."""
        assert self._runner.stdin is not None
        self._runner.stdin.close()
        self._runner.wait()

    def try_out(self, mutant: Mutant, tests: list[str], seconds: float) -> Result:
        """What its related tests say; without any it survives."""
        diff = mutant.diff(self._root)
        if not tests:
            return Result(mutant, SURVIVED, 0, 0, diff)
        file = self._tree / mutant.path
        Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)
        code = mutant.code(self._root)
        assert code is not None
        file.write_text(code, encoding="utf-8")
        try:
            answer = self._ask(tests, min(3 * seconds, self._longest) + self._grace)
        finally:
            file.write_text((self._root / mutant.path).read_text(encoding="utf-8"), encoding="utf-8")
        outcome = answer["outcome"]
        if outcome == TIMED_OUT and 3 * seconds > self._longest:
            outcome = UNDECIDED
        return Result(mutant, outcome, answer["seconds"], len(tests), diff, self._killer())

    def _ask(self, tests: list[str], seconds: float) -> dict[str, Any]:
        assert self._runner.stdin is not None
        assert self._runner.stdout is not None
        asked = {"tests": tests, "seconds": seconds, "log": str(self._log)}
        self._runner.stdin.write(json.dumps(asked) + "\n")
        self._runner.stdin.flush()
        answer: dict[str, Any] = json.loads(self._runner.stdout.readline())
        return answer

    def _killer(self) -> str:
        lines = (
            self._log.read_text(encoding="utf-8", errors="replace").splitlines() if self._log.exists() else []
        )
        return next((line for line in lines if line.startswith(("FAILED ", "ERROR "))), "")[:300]
