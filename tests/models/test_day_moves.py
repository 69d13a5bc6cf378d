"""How a day of an order may honestly become another (R23 to R25, R42, R83)."""

from __future__ import annotations

from datetime import date

import pytest

from models.forms.day_of_order import DayKind, Days, MoveWay, moving
from models.messages.decision_subjects import Subject
from models.values.vocabulary import Role

TODAY = date(2027, 1, 5)
DAYS = Days(promised=date(2027, 1, 12), due=date(2027, 1, 10), ship=date(2027, 1, 13))


@pytest.mark.parametrize(
    ("kind", "to", "way", "promised", "ship"),
    [
        (DayKind.PROMISED, "2027-01-12", MoveWay.NONE, None, None),
        (DayKind.PROMISED, "2027-01-14", MoveWay.LATER_PROMISE, "2027-01-14", "2027-01-14"),
        (DayKind.PROMISED, "2027-01-11", MoveWay.LATER_PROMISE, "2027-01-11", "2027-01-13"),
        (DayKind.PROMISED, "2027-01-10", MoveWay.LATER_PROMISE, "2027-01-10", "2027-01-13"),
        (DayKind.PROMISED, "2027-01-09", MoveWay.DATED_ANEW, None, None),
        (DayKind.PROMISED, "2027-01-04", MoveWay.REFUSED, None, None),
        (DayKind.PLANNED, "2027-01-20", MoveWay.LATER_PROMISE, "2027-01-12", "2027-01-20"),
        (DayKind.PLANNED, "2027-01-12", MoveWay.LATER_PROMISE, "2027-01-12", "2027-01-12"),
        (DayKind.PLANNED, "2027-01-11", MoveWay.REFUSED, None, None),
        (DayKind.DUE, "2027-01-11", MoveWay.EXCEPTION, None, None),
        (DayKind.DUE, "2027-01-08", MoveWay.DATED_ANEW, None, None),
        (DayKind.DUE, "2027-01-10", MoveWay.NONE, None, None),
    ],
)
def test_by_which_act_a_day_becomes_another(
    kind: DayKind, to: str, way: MoveWay, promised: str | None, ship: str | None
) -> None:
    found = moving(kind, date.fromisoformat(to), DAYS, TODAY)
    assert found.way is way
    assert (found.promised, found.ship) == tuple(
        date.fromisoformat(day) if day else None for day in (promised, ship)
    )
    assert (found.subject is Subject.LATER_PROMISE) == (way is MoveWay.LATER_PROMISE)


def test_customer_and_salesperson_hear_of_every_move_and_production_answers_for_its_own() -> None:
    later = moving(DayKind.PROMISED, date(2027, 1, 14), DAYS, TODAY)
    assert set(later.acts) == {Role.SERVICE_CLERK, Role.SALESPERSON}
    assert set(later.told) == {Role.CUSTOMER, Role.SALESPERSON}
    late = moving(DayKind.DUE, date(2027, 1, 11), DAYS, TODAY)
    assert late.acts == (Role.PRODUCTION,)
    assert Role.CUSTOMER in late.told


def test_an_order_that_production_has_not_dated_is_not_moved() -> None:
    assert moving(DayKind.PROMISED, date(2027, 1, 14), Days(None, None, None), TODAY).way is MoveWay.REFUSED
