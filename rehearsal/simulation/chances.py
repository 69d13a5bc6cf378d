"""Chance that is named: the same seed and the same name give the same draw, whatever else was drawn before.

So the customer who pays late pays as late under another policy, and only the rules make the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

Option = TypeVar("Option")


@dataclass(frozen=True, slots=True)
class Chances:
    """Draws of one order, or of the whole demand. No cryptography: a simulation must come out alike."""

    seed: str

    def of(self, name: str) -> Chances:
        """The draws of something that belongs to this."""
        return Chances(f"{self.seed}/{name}")

    def share(self, name: str) -> float:
        """Evenly between 0 and 1."""
        return self._random(name).random()

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self._random(name).randint(least, most)

    def usually(self, name: str, least: float, usual: float, most: float) -> float:
        """Between two ends, most often near the usual."""
        return self._random(name).triangular(least, most, usual)

    def one_of(self, name: str, options: Sequence[tuple[Option, int]]) -> Option:
        """One of them, by weights."""
        names, weights = [each for each, _ in options], [weight for _, weight in options]
        return self._random(name).choices(names, weights)[0]

    def _random(self, name: str) -> Random:
        return Random(f"{self.seed}/{name}")  # noqa: S311
