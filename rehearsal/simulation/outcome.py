"""What a policy came to: how many promises were kept, what slipped and why, what died, what is owed, who had how much to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from models.dossier.journal import EntryKind
from models.reports.responsibility import timed_steps
from models.values.calendar import business_date
from models.values.money import ZERO
from models.values.vocabulary import Ending, PromiseCause, Role
from rehearsal.simulation.lives import Life


@dataclass(slots=True)
class Load:
    """What one role had to do: steps that it was asked for, limits that it missed, and by how many hours in all."""

    steps: int = 0
    missed: int = 0
    hours_late: int = 0


@dataclass(slots=True)
class Kept:
    """Of so many orders whose promised day has come, how many had their goods finished by it."""

    of: int = 0
    kept: int = 0

    def count(self, *, is_kept: bool) -> None:
        """One more order."""
        self.of += 1
        self.kept += is_kept

    @property
    def percent(self) -> Decimal | None:
        """With one decimal; None where nothing was promised."""
        return (Decimal(100 * self.kept) / self.of).quantize(Decimal("0.1")) if self.of else None


@dataclass(slots=True)
class Outcome:
    """All orders of a simulation under one policy."""

    name: str
    orders: int = 0
    alive: int = 0
    endings: Counter[Ending] = field(default_factory=Counter)
    first: Kept = field(default_factory=Kept)
    """Against the day that was promised first."""
    current: Kept = field(default_factory=Kept)
    """Against the day in force when the goods were finished."""
    slips: Counter[PromiseCause] = field(default_factory=Counter)
    """Calendar days by which promises moved later, by cause."""
    slipped: Counter[PromiseCause] = field(default_factory=Counter)
    """Orders whose promise moved later, by cause."""
    paid: Decimal = ZERO
    open_at_end: Decimal = ZERO
    """Owed for goods that left, at the end."""
    owed: list[tuple[date, Decimal]] = field(default_factory=list)
    """Owed for goods that left, in CNY, at the end of each day."""
    load: dict[Role, Load] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    """What people said and the rules refused, by code: none, while they do what is asked."""

    @property
    def most_owed(self) -> Decimal:
        """On the worst day."""
        return max((amount for _, amount in self.owed), default=ZERO)

    @property
    def usually_owed(self) -> Decimal:
        """On an average day, to the fen."""
        amounts = [amount for _, amount in self.owed]
        return (sum(amounts, ZERO) / len(amounts)).quantize(Decimal("0.01")) if amounts else ZERO

    def as_json(self) -> dict[str, Any]:
        """The figures for programs; amounts as text."""
        return {
            "policy": self.name,
            "orders": self.orders,
            "alive": self.alive,
            "endings": {each.value: count for each, count in sorted(self.endings.items())},
            "on_time_first": {"kept": self.first.kept, "of": self.first.of},
            "on_time_current": {"kept": self.current.kept, "of": self.current.of},
            "slips": {
                each.value: {"orders": self.slipped[each], "days": days}
                for each, days in sorted(self.slips.items())
            },
            "paid": f"{self.paid:f}",
            "owed": {
                "average": f"{self.usually_owed:f}",
                "most": f"{self.most_owed:f}",
                "end": f"{self.open_at_end:f}",
            },
            "load": {
                role.value: {"steps": load.steps, "missed": load.missed, "hours_late": load.hours_late}
                for role, load in sorted(self.load.items())
            },
            "refused": dict(sorted(self.refused.items())),
        }


def outcome_of(name: str, lives: Iterable[Life]) -> Outcome:
    """The figures of these lives."""
    found, owing = Outcome(name), list[Life]()
    for life in lives:
        found.orders += 1
        order = life.order
        if order.ending is not None:
            found.endings[order.ending] += 1
        found.alive += order.lives
        _promises(found, life)
        _load(found, life)
        found.paid += order.ledger.paid
        found.refused.update(reply.code for reply in life.refused)
        if life.owed:
            owing.append(life)
            found.open_at_end += life.owed[-1][1]
    found.owed = list(_by_day(owing))
    return found


def finished_on(life: Life) -> date | None:
    """The business day on which the last goods passed inspection before they left; None where they never did."""
    passed = [
        telling.at
        for telling in life.told
        if telling.envelope["kind"] == "inspection_reported" and "lot" in telling.envelope["content"]
    ]
    return business_date(passed[-1]) if passed else None


def _promises(found: Outcome, life: Life) -> None:
    history, finished = life.order.promise.history, finished_on(life)
    moved = Counter[PromiseCause]()
    for change in history:
        if change.days > 0:
            moved[change.cause] += change.days
    found.slips.update(moved)
    found.slipped.update(moved.keys())
    if not history:
        return
    # An order that ended before anything was made broke no promise.
    if finished is None and (
        not life.order.lives or history[-1].promised_to >= business_date(life.order.clock)
    ):
        return
    in_force = [
        each.promised_to
        for each in history
        if finished is None or business_date(each.recorded_at) <= finished
    ]
    found.first.count(is_kept=finished is not None and finished <= history[0].promised_to)
    found.current.count(
        is_kept=finished is not None and finished <= (in_force or [history[0].promised_to])[-1]
    )


def _load(found: Outcome, life: Life) -> None:
    for entry in life.journal:
        if entry.kind is EntryKind.WAITING:
            role = Role((entry.data.get("roles") or [Role.SYSTEM.value])[0])
            found.load.setdefault(role, Load()).steps += 1
    for step in timed_steps(life.order.number, life.journal, life.order.clock):
        if not step.kept:
            load = found.load.setdefault(Role(step.role), Load())
            load.missed += 1
            load.hours_late += round(step.late / timedelta(hours=1))


def _by_day(lives: list[Life]) -> Iterator[tuple[date, Decimal]]:
    changes: list[tuple[datetime, Decimal]] = []
    for life in lives:
        before = ZERO
        for moment, owed in life.owed:
            changes.append((moment, owed - before))
            before = owed
    changes.sort(key=lambda change: change[0])
    if not changes:
        return
    day, last, total, place = business_date(changes[0][0]), business_date(changes[-1][0]), ZERO, 0
    while day <= last:
        while place < len(changes) and business_date(changes[place][0]) <= day:
            total += changes[place][1]
            place += 1
        yield day, total
        day += timedelta(days=1)
