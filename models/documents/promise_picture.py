"""The history of a promise as a picture: when it was said, which day was promised, and what moved it (R24, R34).

Geometry only; a page draws it. Days lie on the x-axis, the promised date climbs on the y-axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.values.vocabulary import PromiseCause

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 96, 18, 36
_MOST_MARKS = 7
COLOURS: dict[PromiseCause, str] = {
    PromiseCause.FIRST: "#14624b",
    PromiseCause.LATER_AGREED: "#3b6fb5",
    PromiseCause.CUSTOMER: "#c2521c",
    PromiseCause.DEPOSIT: "#a3851b",
    PromiseCause.CORRECTION: "#5d6b76",
    PromiseCause.AMENDMENT: "#7a4fa3",
    PromiseCause.MATERIAL: "#8a5a2b",
    PromiseCause.PRODUCTION: "#a32a1e",
    PromiseCause.QUALITY: "#b23a78",
    PromiseCause.CARRIER: "#1d7f8c",
    PromiseCause.HOLD: "#1d2730",
    PromiseCause.STOCK: "#4d7c2f",
}


@dataclass(frozen=True, slots=True)
class Move:
    """The promise as it was from this day on, and why."""

    day: date
    promised: date
    cause: PromiseCause


@dataclass(frozen=True, slots=True)
class Mark:
    """A day that is marked on an axis of the picture, and where it stands."""

    at: float
    day: date


@dataclass(frozen=True, slots=True)
class Point:
    """A move of the promise in the picture. `days` is by how many it moved."""

    x: float
    y: float
    days: int
    colour: str
    move: Move


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: the step line, its points, the days on both axes, the causes that occur."""

    line: str
    points: tuple[Point, ...]
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]
    end: float
    causes: tuple[tuple[PromiseCause, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    floor: float = HEIGHT - BOTTOM
    left: float = LEFT
    right: float = WIDTH - RIGHT

    @property
    def first(self) -> Point:
        """The first promise."""
        return self.points[0]

    @property
    def current(self) -> Point:
        """The promise as it stands."""
        return self.points[-1]


def picture_of(moves: Sequence[Move], today: date) -> Picture | None:
    """The picture of these moves, as known on this day; None where nothing was promised yet."""
    if not moves:
        return None
    last = max(today, moves[-1].day, moves[0].day + timedelta(days=1))
    days = _Scale(moves[0].day, last, LEFT, WIDTH - RIGHT)
    dates = [move.promised for move in moves]
    heights = _Scale(min(dates), max(dates), HEIGHT - BOTTOM - 26, TOP + 10)
    points: list[Point] = []
    for number, move in enumerate(moves):
        moved = (move.promised - moves[number - 1].promised).days if number else 0
        points.append(Point(days.at(move.day), heights.at(move.promised), moved, COLOURS[move.cause], move))
    line = f"M{points[0].x:g} {points[0].y:g}" + "".join(f"H{each.x:g}V{each.y:g}" for each in points[1:])
    end = days.at(last)
    causes = dict.fromkeys(move.cause for move in moves)
    return Picture(
        line=f"{line}H{end:g}",
        points=tuple(points),
        across=days.marks(),
        up=tuple(Mark(heights.at(each), each) for each in _apart(sorted(set(dates)), heights)),
        end=end,
        causes=tuple((cause, COLOURS[cause]) for cause in causes),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days from the first to the last, laid from one place to another."""

    first: date
    last: date
    start: float
    stop: float

    def at(self, day: date) -> float:
        span = (self.last - self.first).days
        if span == 0:
            return round(self.start if self.start < self.stop else (self.start + self.stop) / 2, 1)
        return round(self.start + (self.stop - self.start) * (day - self.first).days / span, 1)

    def marks(self) -> tuple[Mark, ...]:
        """Few enough days that their names do not touch; the first is always one."""
        span = (self.last - self.first).days
        step = max(1, -(-span // _MOST_MARKS))
        days = [self.first + timedelta(days=number) for number in range(0, span + 1, step)]
        return tuple(Mark(self.at(day), day) for day in days)


def _apart(days: list[date], scale: _Scale, least: float = 16) -> list[date]:
    """Days whose names do not touch, the last one always among them."""
    kept: list[date] = []
    for day in reversed(days):
        if not kept or abs(scale.at(kept[-1]) - scale.at(day)) >= least:
            kept.append(day)
    return kept[::-1]
