"""The faults are put in and noticed: in a tree of three lines, and a few in the product (the long run: `make mutants`)."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from cosmic_ray.mutating import mutate_code

from tests.mutation.__main__ import main, tried
from tests.mutation.equivalents import FILE, reason_for
from tests.mutation.operators import NAMES, OURS, operator_named
from tests.mutation.relation import relation
from tests.mutation.runner import KILLED, SURVIVED, TIMED_OUT, UNDECIDED
from tests.mutation.running import Copy
from tests.mutation.sampling import PLACES, ROOT, Mutant, modules, mutants_of, sample

HEAD = "from __future__ import annotations\n"


def made(operator: str, code: str) -> list[str]:
    """Everything that an operator makes of this code."""
    found: list[str] = []
    while (mutated := mutate_code(code, operator_named(operator), len(found))) is not None:
        found.append(mutated)
    return found


@pytest.mark.parametrize(
    ("operator", "code", "expected"),
    [
        ("ours/DropElement", "x = {A, B}\n", ["x = { B}\n", "x = {A,}\n"]),
        ("ours/DropElement", "f(a, b=1)\n", ["f(a,)\n"]),
        ("ours/DropElement", "x = {1: 2, 3: 4}\n", ["x = { 3: 4}\n", "x = {1: 2,}\n"]),
        ("ours/DropElement", "x = [a for a in b]\n", []),
        ("ours/DropStatement", "f(1)\n", ["pass\n"]),
        ("ours/DropStatement", "a.b = 1\n", ["pass\n"]),
        ("ours/DropStatement", "b = 1\n", []),
        ("ours/OtherMember", "x = Role.A, Role.B\n", ["x = Role.B, Role.B\n", "x = Role.A, Role.A\n"]),
        ("ours/OtherMember", "x = Role.A\n", []),
        ("ours/OtherText", 'x = "R10"\n', ["x = 'R10x'\n"]),
        ("ours/OtherText", 'x = "500.00"\n', ["x = '500.001'\n"]),
        ("ours/OtherText", 'x = "two words", "订单"\n', []),
        ("ours/OtherText", '"""Docstring."""\n', []),
        ("ours/OtherText", 'x = "visit", "来访", "visit"\n', ['x = \'visitx\', "来访", "visit"\n']),
        ("core/ReplaceComparisonOperator_Gt_GtE", "x = a > b\n", ["x = a >= b\n"]),
    ],
)
def test_what_an_operator_makes_of_code(operator: str, code: str, expected: list[str]) -> None:
    assert made(operator, code) == expected


def test_what_never_runs_is_not_mutated(tmp_path: Path) -> None:
    """Types, imports, and the star of a signature."""
    (tmp_path / "a.py").write_text(
        HEAD
        + 'from b import (c, d)\ndef f(x: dict[str, int] | None, *, y: "A" = 1) -> tuple[int, str]: ...\nz: set[A, B] = {1}\n'
    )
    assert {mutant.operator for mutant in mutants_of("a.py", tmp_path)} == {"core/NumberReplacer"}


def tree(folder: Path) -> Path:
    """A product of three lines with a test that looks at half of it."""
    (folder / "models").mkdir()
    (folder / "tests" / "models").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\npythonpath = ["."]\naddopts = "--import-mode=importlib"\n'
    )
    (folder / "models" / "sum.py").write_text(
        "def plus(a, b):\n    while a < 0:\n        a += 1\n    return a + b, 7\n"
    )
    (folder / "models" / "idle.py").write_text("def unused():\n    return 1\n")
    (folder / "tests" / "models" / "test_sum.py").write_text(
        "import pytest\nfrom models.sum import plus\n"
        "@pytest.mark.parametrize('text', ['a|b'])\ndef test_plus(text):\n    assert plus(-1, 2)[0] == 2\n"
    )
    return folder


@pytest.mark.endurance
def test_a_fault_is_noticed_survives_or_never_ends(tmp_path: Path) -> None:
    root = tree(tmp_path)
    before = {file: file.read_text() for file in root.rglob("*.py")}
    mutants = [
        Mutant("models/sum.py", 4, "core/ReplaceBinaryOperator_Add_Sub", 0),
        Mutant("models/sum.py", 4, "core/NumberReplacer", 4),
        Mutant("models/sum.py", 3, "core/NumberReplacer", 3),
        Mutant("models/idle.py", 2, "core/NumberReplacer", 0),
    ]
    known = relation(tmp_path, ["tests/models"], root)
    assert known.tests_for("models/sum.py", 4) == ["tests/models/test_sum.py::test_plus[a|b]"]
    assert known.tests_for("models/idle.py", 2) == []
    with Copy(tmp_path / "copy", root, grace=4) as copy:
        results = list(tried(mutants, known, [copy]))
    assert [each.outcome for each in results] == [KILLED, SURVIVED, TIMED_OUT, SURVIVED]
    assert [each.tests for each in results] == [1, 1, 1, 0]
    assert "test_plus" in results[0].killer
    with Copy(tmp_path / "hurried", root, grace=4, longest=0) as copy:
        (hurried,) = tried([mutants[2]], known, [copy])
    assert hurried.outcome == UNDECIDED  # its tests had not the time that they take
    assert {file: file.read_text() for file in before} == before


@pytest.mark.endurance
def test_a_few_faults_in_the_product_are_noticed(tmp_path: Path) -> None:
    calendar = next(path for path in modules() if path.endswith("/calendar.py"))
    tests = "tests/models/test_calendar.py"
    arguments = ["--count", "4", "--seed", "5", "--at-a-time", "1", "--under", calendar, "--tests", tests]
    assert main([*arguments, "--folder", str(tmp_path), "--at-least", "100"]) == 0
    kept = json.loads((tmp_path / "5.json").read_text())
    assert [each["outcome"] for each in kept["results"]] == [KILLED] * 4


def test_a_seed_chooses_the_same_faults_and_each_line_counts_once() -> None:
    paths = [
        path
        for path in modules()
        if path.startswith("models/") and path.endswith(("calendar.py", "money.py"))
    ]
    chosen = sample(12, 7, paths)
    assert chosen == sample(12, 7, paths)
    assert chosen != sample(12, 8, paths)
    assert len({(mutant.path, mutant.line) for mutant in chosen}) == 12


def test_every_word_of_the_places_still_finds_a_module() -> None:
    assert {path.split("/")[0] for path in modules()} == set(PLACES)
    assert all((ROOT / path).is_file() for path in modules())
    assert set(OURS) < set(NAMES)


def test_every_equivalent_has_its_reason() -> None:
    entries = tomllib.loads(FILE.read_text(encoding="utf-8")).get("equivalent", [])
    assert all(len(each["reason"]) > 20 and each["was"] != each["now"] for each in entries)
    assert all(
        reason_for(f"---\n+++\n-  {each['was']}\n+  {each['now']}")
        for each in entries
        if "\n" not in each["was"]
    )
    assert reason_for("---\n+++\n-a\n+b") == ""
