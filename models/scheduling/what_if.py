"""What would be if: a line stands, or a rush order comes in between; which goods move, and whose promise that endangers (R150, R153).

Pure, and nothing is said by asking.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from models.scheduling.machine_lines import MachineLine, Span
from models.scheduling.plan import Moved, Owed, Placed, Plan, moved

RUSH = ("", 0)
"""Under which key a rush order stands in a plan that only supposes it."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What moves; and where the rush order itself would go."""

    moved: Sequence[Moved]
    rush: Placed | None = None

    @property
    def endangered(self) -> list[Moved]:
        """Whose promise only this would break."""
        return [each for each in self.moved if each.endangers]


def if_it_stands(plan: Plan, owed: Sequence[Owed], line: str, span: Span) -> Consequence:
    """A line stands for a while."""
    lines: list[MachineLine] = [
        dataclasses.replace(each, downtimes=(*each.downtimes, span)) if each.line == line else each
        for each in plan.lines
    ]
    other = plan.emptied(lines).place_all(owed)
    return Consequence(moved(plan.placed, other.placed))


def if_it_rushes(plan: Plan, owed: Sequence[Owed], rush: Owed) -> Consequence:
    """A rush order (its key is `RUSH`) goes in between by its day."""
    other = plan.emptied().place_all([*owed, rush])
    return Consequence(moved(plan.placed, other.placed), other.placed[rush.key])
