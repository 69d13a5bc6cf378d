"""The search for a better turn of a week's goods, by a solver of constraints (CP-SAT of OR-tools) (R150).

All goods without booked hours are looked at together: on which line, after which others. Broken promises count most, then
by how much, then how early everything is made. The same goods give the same answer on every machine: the solver works alone
and is given so much work and not so much time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from models.scheduling.machine_lines import MachineLine, Span
from models.scheduling.plan import Owed, Plan, Turn, in_turn_by_day
from models.scheduling.replanning import MOST_GOODS
from models.values.calendar import ONE_DAY, business_date, end_of

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntervalVar, IntVar, LinearExpr

_WORK = 4.0
"""How long the solver searches, in its own measure, which is no clock."""
_MINUTE = timedelta(minutes=1)
_SPARE_HOURS = 40
"""Beyond the work itself, so that what is booked never leaves too little room."""
_DAYS_BACK = 90


def better_turns(plan: Plan, owed: Sequence[Owed]) -> list[Turn]:
    """The turns of a better plan, for those of the goods that have no booked hours and a line that makes them.

    `plan` is the plain one. None where the solver finds none.
    """
    free = plan.emptied()
    goods = sorted(free.place_booked(owed), key=in_turn_by_day)
    goods = [each for each in goods if _able(plan, each)][:MOST_GOODS]
    if len(goods) < 2:
        return []
    return _Search(plan, free, goods).turns()


def _able(plan: Plan, owed: Owed) -> list[MachineLine]:
    return [line for line in plan.lines if line.makes(owed.job.product, owed.job.unit)]


class _Axis:
    """The working hours of a line laid end to end, in minutes from now."""

    def __init__(self, plan: Plan, line: MachineLine, minutes: int) -> None:
        self.line = line
        self.spans: list[Span] = []
        length = 0
        for span in line.hours_from(plan.now, plan.calendar):
            self.spans.append(span)
            length += span.length // _MINUTE
            if length >= minutes:
                break
        self.length = length
        self._begins = [span.begins for span in self.spans]
        self._before = [0, *accumulate(span.length // _MINUTE for span in self.spans)]

    def at(self, moment: datetime) -> int:
        """How many working minutes lie before a moment."""
        place = bisect_right(self._begins, moment)
        if place == 0:
            return 0
        within = min(moment, self.spans[place - 1].ends) - self.spans[place - 1].begins
        return self._before[place - 1] + within // _MINUTE


@dataclass(frozen=True, slots=True)
class _Choice:
    """One line on which goods may be made."""

    axis: _Axis
    chosen: IntVar
    begins: IntVar
    interval: IntervalVar


class _Search:
    def __init__(self, plan: Plan, free: Plan, goods: Sequence[Owed]) -> None:
        from ortools.sat.python import cp_model  # takes a second, and only who plans a week anew needs it

        self._plan, self._goods, self._solver_of = plan, goods, cp_model
        self._model: CpModel = cp_model.CpModel()
        work = sum(max(_minutes(line, each) for line in _able(plan, each)) for each in goods)
        self._axes = {}
        for line in plan.lines:
            taken = sum(span.length // _MINUTE for span in free.taken[line.line])
            self._axes[line.line] = _Axis(plan, line, work + taken + _SPARE_HOURS * 60)
        self._choices = [self._choices_of(each) for each in goods]
        for name, axis in self._axes.items():
            taken_intervals = [
                self._model.new_fixed_size_interval_var(axis.at(span.begins), size, f"taken {name} {place}")
                for place, span in enumerate(free.taken[name])
                if (size := axis.at(span.ends) - axis.at(span.begins)) > 0
            ]
            mine = [each.interval for choices in self._choices for each in choices if each.axis is axis]
            self._model.add_no_overlap([*taken_intervals, *mine])
        self._want()

    def _choices_of(self, owed: Owed) -> list[_Choice]:
        found = []
        for line in _able(self._plan, owed):
            axis, size = self._axes[line.line], _minutes(line, owed)
            name = f"{owed.key} {line.line}"
            ready = min(axis.at(max(owed.job.ready_at, self._plan.now)), max(axis.length - size, 0))
            chosen = self._model.new_bool_var(name)
            begins = self._model.new_int_var(ready, max(axis.length - size, ready), name)
            interval = self._model.new_optional_fixed_size_interval_var(begins, size, chosen, name)
            found.append(_Choice(axis, chosen, begins, interval))
        self._model.add_exactly_one(each.chosen for each in found)
        return found

    def _want(self) -> None:
        """Broken promises first, then minutes of lateness, then the ends; each weighs more than all that follow it."""
        longest = max(axis.length for axis in self._axes.values())
        most = longest * len(self._goods) + 1
        wanted: list[LinearExpr] = []
        for owed, choices in zip(self._goods, self._choices, strict=True):
            for each in choices:
                size = _minutes(each.axis.line, owed)
                ends = self._model.new_int_var(0, each.axis.length + size, "ends")
                self._model.add(ends == each.begins + size).only_enforce_if(each.chosen)
                self._model.add(ends == 0).only_enforce_if(~each.chosen)
                wanted.append(ends)
                due = self._due(owed, each.axis)
                if due is None:
                    continue
                over = self._model.new_int_var(0, each.axis.length + size, "over")
                late = self._model.new_bool_var("late")
                self._model.add(over >= ends - due)
                self._model.add(over == 0).only_enforce_if(~late)
                wanted += [2 * over, 2 * most * 2 * late]
        self._model.minimize(sum(wanted))

    def _due(self, owed: Owed, axis: _Axis) -> int | None:
        """The last working minute with which the promise is kept; None where nothing is promised."""
        promised = owed.promised or owed.due
        if promised is None:
            return None
        last = self._last_day(promised)
        return axis.at(end_of(last)) if last is not None else 0

    def _last_day(self, promised: date) -> date | None:
        """The last day on which the work may end; None where it is over already."""
        plan, day = self._plan, promised
        for _ in range(_DAYS_BACK):
            if day < business_date(plan.now):
                return None
            if plan.calendar.working_days_after(day, plan.finish_days) <= promised:
                return day
            day -= ONE_DAY
        return None

    def turns(self) -> list[Turn]:
        """As the solver has them; none where it finds nothing."""
        cp_model = self._solver_of
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = _WORK
        if solver.solve(self._model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return []
        placed = [
            (solver.value(each.begins), each.axis.line.line, owed.key)
            for owed, choices in zip(self._goods, self._choices, strict=True)
            for each in choices
            if solver.value(each.chosen)
        ]
        return [Turn(key, line) for _, line, key in sorted(placed)]


def _minutes(line: MachineLine, owed: Owed) -> int:
    return line.time_for(owed.job.quantity, owed.job.unit) // _MINUTE
