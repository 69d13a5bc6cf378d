"""Absences in the order database: told, ended, and who acts meanwhile (R13)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from activities.store.absences import absence_of, absences_of, end_absence, keep_absence, read_stand_ins
from activities.store.imports import StaffRow, import_staff
from models.absences import Absence
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from tests.activities.conftest import NOW

TODAY = date(2027, 1, 5)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def staff(company: Engine) -> Engine:
    import_staff(
        company,
        [StaffRow(person="s-1", name="李", roles=(Role.SALESPERSON,), superior="s-9", deputy="s-7")],
    )
    return company


def test_an_absence_is_told_counts_and_ends(staff: Engine) -> None:
    number = keep_absence(staff, Absence(person="s-1", first_day=TODAY, last_day=TOMORROW), "s-9", NOW)
    assert read_stand_ins(staff, NOW).acting_for("s-1") == "s-7"
    assert read_stand_ins(staff, NOW + timedelta(days=2)).acting_for("s-1") == "s-1"
    assert [each.number for each in absences_of(staff, until_now=NOW)] == [number]
    ended = end_absence(staff, number, "s-1", NOW)
    assert (ended.ended_by, ended.ended_at) == ("s-1", NOW)
    assert read_stand_ins(staff, NOW).acting_for("s-1") == "s-1"
    assert end_absence(staff, number, "s-9", NOW + timedelta(hours=1)) == ended == absence_of(staff, number)
    assert absences_of(staff, until_now=NOW) == []
    assert absences_of(staff, "s-1") == [ended]


def test_without_deputy_it_falls_to_the_superior(company: Engine) -> None:
    keep_absence(company, Absence(person="s-7", first_day=TODAY), "s-7", NOW)
    assert read_stand_ins(company, NOW + timedelta(days=400)).acting_for("s-7") == "s-9"


def test_an_open_absence_meets_every_later_one_and_another_may_follow_a_closed_one(staff: Engine) -> None:
    keep_absence(staff, Absence(person="s-1", first_day=TODAY, last_day=TODAY), "s-1", NOW)
    keep_absence(staff, Absence(person="s-1", first_day=TOMORROW), "s-1", NOW)
    with pytest.raises(Refusal, match="already"):
        keep_absence(staff, Absence(person="s-1", first_day=date(2027, 6, 1)), "s-1", NOW)


def test_what_makes_no_sense_is_refused(staff: Engine) -> None:
    past = (date(2026, 1, 1), date(2026, 1, 9))
    for absence, code, where in (
        (Absence(person="nobody", first_day=TODAY), Code.UNKNOWN_PERSON, "person"),
        (Absence(person="s-1", first_day=TODAY, deputy="nobody"), Code.UNKNOWN_PERSON, "deputy"),
        (Absence(person="s-1", first_day=TODAY, deputy="s-1"), Code.CONTRADICTION, "deputy"),
        (Absence(person="s-1", first_day=TOMORROW, last_day=TODAY), Code.CONTRADICTION, "last_day"),
        (Absence(person="s-1", first_day=past[0], last_day=past[1]), Code.CONTRADICTION, "last_day"),
    ):
        with pytest.raises(Refusal) as refused:
            keep_absence(staff, absence, "s-9", NOW)
        assert (refused.value.code, refused.value.where) == (code, where)
    assert absences_of(staff) == []


def test_there_is_no_such_absence(staff: Engine) -> None:
    with pytest.raises(Refusal) as refused:
        end_absence(staff, 7, "s-9", NOW)
    assert refused.value.code is Code.UNKNOWN_PERSON
