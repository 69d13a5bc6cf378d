"""Figures, and the table they are shown in."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tests.benchmark.lives.processes import load


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. `spread` says how far its measurements lay apart; `must` and `aim` are its limits, at most."""

    name: str
    words: str
    value: float
    unit: str = ""
    spread: str = ""
    must: float | None = None
    aim: float | None = None

    @property
    def verdict(self) -> str:
        """How the figure stands to its limits; empty where it has none."""
        if self.must is None:
            return ""
        if self.aim is not None and self.value <= self.aim:
            return "aim"
        return "must" if self.value <= self.must else "above"


def median_figure(
    name: str, words: str, values: Sequence[float], unit: str = "", **limits: float | None
) -> Figure:
    """The median of rounds, with the smallest and the largest of them as its spread."""
    spread = (
        f"{shown(min(values))}–{shown(max(values))}, {len(values)} rounds" if len(values) > 1 else "1 round"
    )
    return Figure(name, words, statistics.median(values), unit, spread, **limits)


def smallest_figure(
    name: str, words: str, values: Sequence[float], unit: str = "", **limits: float | None
) -> Figure:
    """The smallest of several runs in a quiet process: neighbours only ever add. The median is its spread."""
    spread = f"smallest of {len(values)}, median {shown(statistics.median(values))}"
    return Figure(name, words, min(values), unit, spread, **limits)


def shown(value: float) -> str:
    """A number with as many places as say something."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def as_text(figures: Sequence[Figure]) -> str:
    """The table in Markdown, as docs/performance.md has it."""
    head = ["figure", "measured", "spread", "must", "aim", "reached"]
    rows = [
        [
            each.words,
            f"{shown(each.value)} {each.unit}".strip(),
            each.spread,
            "" if each.must is None else shown(each.must),
            "" if each.aim is None else shown(each.aim),
            each.verdict,
        ]
        for each in figures
    ]
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in lines
    )


def say(text: str) -> None:
    """A line for the person who waits."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def tell(title: str, figures: Sequence[Figure]) -> None:
    """A table under its title, with the load that the machine had."""
    say(f"\n{title} (load {load()})\n{as_text(figures)}")


def as_json(figures: Sequence[Figure]) -> str:
    """The same for programs."""
    return json.dumps([asdict(each) for each in figures], ensure_ascii=False)


def from_json(rows: Sequence[dict[str, Any]]) -> list[Figure]:
    """Figures that another process printed."""
    return [Figure(**row) for row in rows]


def alone(
    title: str | None,
    measure: Callable[[argparse.Namespace], Sequence[Figure]],
    *more: tuple[str, dict[str, Any]],
) -> int:
    """The command of one figure: `--quick`, `--json`, and what the figure needs besides."""
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument(
        "--quick", action="store_true", help="as little as possible: only to see that it works"
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    for flag, settings in more:
        parser.add_argument(flag, **settings)
    asked = parser.parse_args()
    figures = measure(asked)
    if asked.json:
        say(as_json(figures))
    else:
        tell((title or "").splitlines()[0], figures)
    return 0
