"""The promise and its history: production_due, promised date and agreed ship date (R23 to R25, R34)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pydantic import BaseModel

from models.values.vocabulary import PromiseCause


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
    a slip back needs no special case.
    """

    base_due: date | None = None
    base_promised: date | None = None
    base_ship: date | None = None
    moved: dict[PromiseCause, int] = {}
    history: list[PromiseChange] = []

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
        """New dates take the place of all earlier ones and of the days they had moved."""
        before = (self.promised, self.production_due)
        self.base_due, self.base_promised, self.base_ship = due, promised, ship
        self.moved = {}
        return self._remember(before, cause, happened_at, recorded_at, by, reason)

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
