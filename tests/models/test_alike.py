"""What reads the same in two messages is one object, and nobody is mistaken for another."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from models.policy import Policy
from models.staff import StaffAssignment
from models.values import content
from models.values.calendar import Calendar
from models.values.content import Alike


class Pace(Alike):
    """As much as is needed here."""

    days: int = 1
    name: str = ""


def test_what_reads_the_same_is_one_object() -> None:
    first = Pace.model_validate_json('{"days": 2, "name": "快"}')
    assert Pace.model_validate_json('{"name": "快", "days": 2}') is first
    assert first == Pace(days=2, name="快")


@pytest.mark.parametrize("other", ['{"days": 3, "name": "快"}', '{"name": "快"}', "{}"])
def test_what_reads_otherwise_is_another(other: str) -> None:
    first = Pace.model_validate_json('{"days": 2, "name": "快"}')
    assert Pace.model_validate_json(other) != first


def test_another_kind_that_reads_the_same_is_another() -> None:
    assert type(StaffAssignment.model_validate_json("{}")) is StaffAssignment
    assert type(Calendar.model_validate_json("{}")) is Calendar


def test_what_is_refused_once_is_refused_again() -> None:
    for _ in range(2):
        with pytest.raises(ValidationError, match="days"):
            Pace.model_validate_json('{"days": "many"}')
        with pytest.raises(ValidationError, match="extra"):
            Pace.model_validate_json('{"pace": 1}')


def test_it_forgets_before_it_grows_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MOST_ALIKE", 3)
    monkeypatch.setattr(content, "_alike", {})
    read = [Pace.model_validate_json(f'{{"days": {days}}}').days for days in range(10)]
    assert (read, len(content._alike)) == (list(range(10)), 1)


def test_what_is_made_by_hand_is_not_kept() -> None:
    assert Policy() is not Policy()
    assert Policy.model_validate({"version": "x"}) is not Policy.model_validate({"version": "x"})


def test_an_order_that_is_read_again_has_its_policy() -> None:
    policy = Policy(version="summer")
    assert Policy.model_validate_json(policy.model_dump_json()) == policy
