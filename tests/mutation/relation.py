"""Which tests are related to a line: those that ran it, found once by coverage and kept in var/mutants.

A test of the room itself goes before one that merely passes through it. A line that only runs at import (a table)
is related to every test that uses its module.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from coverage import CoverageData
from pydantic import BaseModel, Field

from tests.mutation.sampling import PLACES, ROOT

NEAREST: dict[str, tuple[str, ...]] = {
    "models": ("tests/models", "tests/papers", "tests/rehearsal/test_stories_on_the_model.py"),
    "workflows": ("tests/models", "tests/rehearsal/test_stories_on_the_model.py", "tests/workflows"),
    "activities": ("tests/activities",),
    "gateway": ("tests/gateway",),
}
"""By room the tests that are asked first."""
TESTS = (
    "tests/models",
    "tests/papers",
    "tests/rehearsal",
    "tests/workflows",
    "tests/activities",
    "tests/gateway",
)
"""Everything that is asked at all. Recordings are not: recorded anew they would bless any fault."""
LEFT_OUT = ("not slow", "not postgresql and not RandomLives and not in_little_time")
"""By mark and by name: a fault that only these notice is noticed late, by another database, by chance or by the clock."""


class Covered(BaseModel):
    """What the tests of one file ran: by module and line the tests, and how long each test took, in seconds."""

    digest: str
    lines: dict[str, dict[int, list[str]]] = {}
    seconds: dict[str, float] = {}


class Relation(BaseModel):
    """All of it, by test file."""

    product: str = ""
    files: dict[str, Covered] = {}
    root: Path = Field(default=ROOT, exclude=True)
    texts: dict[str, str] = Field(default={}, exclude=True)
    """What the test files say, to see which modules they name."""

    def tests_for(self, path: str, line: int) -> list[str]:
        """The related tests, the quick ones first; none when no test runs the line.

        What runs at import is everybody's: a test may look at a table without running a line of its module. Then those
        go first whose file names the module.
        """
        room = path.split("/", 1)[0]
        # What a table of the database is, only a database notices.
        nearest = NEAREST["activities" if room == "models" and "table" in path else room]
        running = self._running(path, line)
        if "" in running:
            running = {test: took for each in self.files.values() for test, took in each.seconds.items()}
        running.pop("", None)
        module = path.removesuffix(".py").replace("/", ".")
        naming = {file for file, text in self.texts.items() if module in text}
        near = {
            test: took
            for test, took in running.items()
            if test.startswith(nearest) or test.split("::", 1)[0] in naming
        } or running
        return sorted(near, key=lambda test: (test.split("::", 1)[0] not in naming, near[test], test))

    def _running(self, path: str, line: int) -> dict[str, float]:
        found = {}
        for covered in self.files.values():
            lines = covered.lines.get(path, {})
            for test in itertools.chain.from_iterable(
                lines.get(at, []) for at in statement_at(self.root / path, line)
            ):
                found[test] = covered.seconds.get(test, 0)
        return found


def statement_at(file: Path, line: int) -> range:
    """The lines of the statement on a line, without its body: where it goes over several, not each of them is run."""
    found = range(line, line + 1)
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            body = getattr(node, "body", [])
            end = body[0].lineno if body else (node.end_lineno or node.lineno) + 1
            if line < max(end, node.lineno + 1):
                found = range(node.lineno, max(end, node.lineno + 1))
    return found


@functools.cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def files_of(tests: Iterable[str] = TESTS, root: Path = ROOT) -> list[str]:
    """The files of these folders and files."""
    found = []
    for each in tests:
        place = root / each
        files = [place] if place.is_file() else sorted(place.rglob("test_*.py"))
        found += [file.relative_to(root).as_posix() for file in files]
    return found


def relation(folder: Path, tests: Sequence[str] = TESTS, root: Path = ROOT) -> Relation:
    """What is known, after the tests that changed (or all, when the product changed) ran once under coverage."""
    file = folder / "relation.json"
    known = Relation.model_validate_json(file.read_text()) if file.exists() else Relation()
    product = _digest(_product(root))
    if known.product != product:
        known = Relation(product=product)
    wanted = files_of(tests, root)
    stale = [
        each
        for each in wanted
        if each not in known.files or known.files[each].digest != _digest([root / each])
    ]
    for _, together in itertools.groupby(stale, key=lambda each: each.rsplit("/", 1)[0]):
        known.files |= _cover(folder, list(together), root)
        file.write_text(known.model_dump_json())
    texts = {each: (root / each).read_text(encoding="utf-8") for each in wanted}
    return Relation(
        product=product, files={each: known.files[each] for each in wanted}, root=root, texts=texts
    )


def _product(root: Path) -> list[Path]:
    """What tests run, and what they share."""
    rooms = (*PLACES, "rehearsal", "runtime", "stories", "tests")
    files = (file for room in rooms for file in (root / room).rglob("*") if file.suffix in (".py", ".yaml"))
    return sorted(
        file for file in files if not file.name.startswith("test_") and file.parent.name != "mutation"
    )


def _digest(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _cover(folder: Path, files: list[str], root: Path) -> dict[str, Covered]:
    data, took = folder / "coverage", folder / "seconds.json"
    data.unlink(missing_ok=True)
    settings = folder / "coveragerc"
    settings.write_text(f"[run]\nsource = {','.join(PLACES)}\ndata_file = {data}\n")
    command = [
        sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "timing",
        "--cov", f"--cov-config={settings}", "--cov-context=test", "--cov-report=", "-m", LEFT_OUT[0], "-k", LEFT_OUT[1],
        "--hypothesis-seed=0", "--reruns", "1", *files,
    ]  # fmt: skip
    environment = {**os.environ, "MUTANTS_SECONDS": str(took), "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(command, cwd=root, env=environment, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode not in (0, 5):
        raise SystemExit(f"the tests fail without any fault in the code:\n{done.stdout[-4000:]}")
    seconds: dict[str, float] = json.loads(took.read_text()) if took.exists() else {}
    found = {file: Covered(digest=_digest([root / file])) for file in files}
    for test, each in seconds.items():
        found[test.split("::", 1)[0]].seconds[test] = each
    if data.exists():
        _read(data, root, found)
    return found


def _read(data: Path, root: Path, found: dict[str, Covered]) -> None:
    covered = CoverageData(basename=str(data))
    covered.read()
    for measured in sorted(covered.measured_files()):
        path = Path(measured).relative_to(root).as_posix()
        for line, contexts in covered.contexts_by_lineno(measured).items():
            for context in contexts:
                test = context.rpartition("|")[0]  # a test may have the sign in its own name
                for file in [test.split("::", 1)[0]] if test else found:
                    if file in found:
                        tests = found[file].lines.setdefault(path, {}).setdefault(line, [])
                        if test not in tests:
                            tests.append(test)
