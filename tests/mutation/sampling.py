"""Which faults there can be, and which of them are tried: a sample by seed."""

from __future__ import annotations

import difflib
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tests.mutation.operators import NAMES, is_idle, operator_named

ROOT = Path(__file__).resolve().parents[2]
EVERYTHING = ("",)
PLACES: dict[str, tuple[str, ...]] = {
    "models": EVERYTHING,
    "workflows": EVERYTHING,
    "activities": ("record", "post_office", "remind", "webhook", "api_keys", "login"),
    "gateway": ("rights", "webhook"),
}
"""By room the words in a module's path that bring it in; modules may move within their room."""


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """One fault: which operator does what it does for the so-many-th time in a file, and on which line that is."""

    path: str
    line: int
    operator: str
    occurrence: int

    def code(self, root: Path = ROOT) -> str | None:
        """The file with the fault in it; None where the operator makes no code of it."""
        source = (root / self.path).read_text(encoding="utf-8")
        mutated: str | None = mutate_code(source, operator_named(self.operator), self.occurrence)
        return mutated if mutated != source else None

    def diff(self, root: Path = ROOT) -> str:
        """What it changes, as people read it."""
        source = (root / self.path).read_text(encoding="utf-8")
        lines = difflib.unified_diff(
            source.splitlines(), (self.code(root) or source).splitlines(), self.path, self.path, "", "", 1, ""
        )
        return "\n".join(lines)

    def as_data(self) -> dict[str, str | int]:
        """As it stands in the results."""
        return asdict(self)


def modules(root: Path = ROOT) -> list[str]:
    """Every module of the places. Raises LookupError for a word that no module has any more."""
    found: list[str] = []
    for room, words in PLACES.items():
        inside = sorted(file.relative_to(root).as_posix() for file in (root / room).rglob("*.py"))
        for word in words:
            named = [path for path in inside if word in path]
            if not named:
                raise LookupError(
                    f"no module of {room}/ has {word!r} in its path: put PLACES right in {__name__}"
                )
            found += named
    return sorted(set(found))


def mutants_of(path: str, root: Path = ROOT) -> Iterator[Mutant]:
    """Every fault that the operators can put into a file."""
    tree = get_ast((root / path).read_text(encoding="utf-8"))
    nodes = list(ast_nodes(tree))
    for name in NAMES:
        operator, occurrence = operator_named(name), 0
        for node in nodes:
            for _ in operator.mutation_positions(node):
                if not is_idle(node):
                    yield Mutant(path, node.start_pos[0], name, occurrence)
                occurrence += 1


def sample(count: int, seed: int, paths: Iterable[str], root: Path = ROOT) -> list[Mutant]:
    """So many faults, spread evenly over lines: a line that can go wrong in ten ways counts no more than another."""
    by_line: dict[tuple[str, int], list[Mutant]] = defaultdict(list)
    for path in paths:
        for mutant in mutants_of(path, root):
            by_line[mutant.path, mutant.line].append(mutant)
    chance = random.Random(seed)
    lines = sorted(by_line)
    chance.shuffle(lines)
    chosen: list[Mutant] = []
    for place in lines:
        if len(chosen) == count:
            break
        mutant = chance.choice(sorted(by_line[place]))
        if compiles(mutant, root):
            chosen.append(mutant)
    return chosen


def compiles(mutant: Mutant, root: Path = ROOT) -> bool:
    """Whether it is Python at all; who writes anything else notices without a test."""
    code = mutant.code(root)
    if code is None:
        return False
    try:
        compile(code, mutant.path, "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True
