"""The promise and its history: production_due, promised date and agreed ship date (R23 to R25, R34)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pydantic import BaseModel

from models.values.vocabulary import PromiseCause

DATED_ANEW = (PromiseCause.FIRST, PromiseCause.AMENDMENT)
"""Causes by which production names a date: what moves its dates by any other is lost (R34)."""
COUNTED_ANEW = (PromiseCause.CUSTOMER, PromiseCause.DEPOSIT)
"""Causes whose days are counted anew at each look, from what sheets and payments say (R34)."""


class PromiseChange(BaseModel):
    """One move of the promise: from, to, why and through whom. Times UTC, dates business dates."""

    number: int
    cause: PromiseCause
    promised_from: date | None
    promised_to: date
    production_due_from: date | None
    production_due_to: date
    ship_date_to: date
    happened_at: datetime
    recorded_at: datetime
    by: str = ""
    reason: str = ""

    @property
    def days(self) -> int:
        """By how many days the promise moved; zero for the first one."""
        return (self.promised_to - self.promised_from).days if self.promised_from else 0


class Promise(BaseModel):
    """Production is held to `production_due`, the customer's order to `promised` (R24): two dates, both kept.

    The dates in force are those agreed (`base_…`) moved by the days of each cause; so a late report that takes
    a slip back needs no special case. Lost days belong to the promise and not to a version of the sheet (R34): what
    was lost before the dates were agreed is in those dates, and stays known, line by line, for dates that production
    named earlier and still keeps to.
    """

    base_due: date | None = None
    base_promised: date | None = None
    base_ship: date | None = None
    moved: dict[PromiseCause, int] = {}
    history: list[PromiseChange] = []
    in_base: dict[PromiseCause, int] = {}
    """Days of each cause that were lost before the dates were last agreed: they move these no more."""
    dated_after: dict[str, int] = {}
    """How many days were lost already when production named a date, by its answer; none where it is not named."""

    @property
    def days_moved(self) -> int:
        """The days of all causes since the dates were last agreed."""
        return sum(self.moved.values())

    def _moved(self, base: date | None) -> date | None:
        return base + timedelta(days=self.days_moved) if base else None

    @property
    def production_due(self) -> date | None:
        """The date production named, as it stands now (R23)."""
        return self._moved(self.base_due)

    @property
    def promised(self) -> date | None:
        """The day the goods are to be finished, as the customer knows it (R24)."""
        return self._moved(self.base_promised)

    @property
    def ship_date(self) -> date | None:
        """The ship date agreed with the customer (R25)."""
        return self._moved(self.base_ship)

    @property
    def days_lost(self) -> int:
        """All days by which production's dates ever moved without being named anew."""
        moves = (change for change in self.history if change.cause not in DATED_ANEW)
        return sum(
            (move.production_due_to - (move.production_due_from or move.production_due_to)).days
            for move in moves
        )

    @property
    def was_set_apart(self) -> bool:
        """Whether promise or ship date were agreed later than production's date (R24, R25)."""
        return self.base_due != self.base_promised or self.base_promised != self.base_ship

    @property
    def first_promised(self) -> date | None:
        """The first promise ever given; on-time is measured against it and against the current one."""
        return self.history[0].promised_to if self.history else None

    def agree(
        self,
        due: date,
        promised: date,
        ship: date,
        cause: PromiseCause,
        happened_at: datetime,
        recorded_at: datetime,
        by: str,
        reason: str = "",
    ) -> PromiseChange:
        """New dates take the place of all earlier ones and of the days they had moved.

        Where production did not name `due` (`DATED_ANEW`), the dates that it named before move along with it.
        """
        before = (self.promised, self.production_due)
        for lost_by in COUNTED_ANEW:
            if days := self.moved.get(lost_by, 0):
                self.in_base[lost_by] = self.in_base.get(lost_by, 0) + days
        self.base_due, self.base_promised, self.base_ship = due, promised, ship
        self.moved = {}
        return self._remember(before, cause, happened_at, recorded_at, by, reason)

    def date_named(self, answer: str) -> None:
        """Production named a date by this answer: what was lost before does not move it."""
        if self.days_lost and answer not in self.dated_after:
            self.dated_after[answer] = self.days_lost

    def lost_since(self, answer: str) -> int:
        """The days by which a date moved since production named it by this answer."""
        return self.days_lost - self.dated_after.get(answer, 0)

    def since_agreed(self, cause: PromiseCause, days_in_all: int) -> int:
        """How far a cause moves the dates in force, of all days that were ever lost by it.

        Days that a late report takes back are lost no more, so they can be lost again.
        """
        if days_in_all < self.in_base.get(cause, 0):
            self.in_base[cause] = days_in_all
        return days_in_all - self.in_base.get(cause, 0)

    def move(
        self,
        cause: PromiseCause,
        days: int,
        happened_at: datetime,
        recorded_at: datetime,
        by: str,
        reason: str = "",
    ) -> PromiseChange | None:
        """Set how many days this cause has moved the promise; a smaller number than before is a correction."""
        known = self.moved.get(cause, 0)
        if self.base_promised is None or days == known:
            return None
        before = (self.promised, self.production_due)
        self.moved[cause] = days
        shown = PromiseCause.CORRECTION if days < known else cause
        return self._remember(before, shown, happened_at, recorded_at, by, reason)

    def _remember(
        self,
        before: tuple[date | None, date | None],
        cause: PromiseCause,
        happened_at: datetime,
        recorded_at: datetime,
        by: str,
        reason: str,
    ) -> PromiseChange:
        promised, due, ship = self.promised, self.production_due, self.ship_date
        if promised is None or due is None or ship is None:
            raise ValueError("a promise has all three dates or none")
        change = PromiseChange(
            number=len(self.history) + 1,
            cause=cause,
            promised_from=before[0],
            promised_to=promised,
            production_due_from=before[1],
            production_due_to=due,
            ship_date_to=ship,
            happened_at=happened_at,
            recorded_at=recorded_at,
            by=by,
            reason=reason,
        )
        self.history.append(change)
        return change
