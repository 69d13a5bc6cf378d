"""An approval is told to the departments, and the order reads as approved until its sheet is sent (R28, D1.2.2, D18.2.5)."""

from __future__ import annotations

import pytest

from models.messages.decision_subjects import Subject
from models.values.vocabulary import Headline
from tests.models.life import Life


def test_every_department_hears_once_and_again_of_another_version() -> None:
    life = Life().verified()
    assert life.papers("order_approved") == [
        "the order is approved, CNY 5000.00 in all: each department sees to its own steps"
    ]
    told = next(each for each in life.order.unsent if each.paper.value == "order_approved")
    assert {"production", "purchasing", "warehouse", "finance", "merchandiser"} <= {
        role.value for role in told.to
    }
    life.does(
        "amendment_requested",
        changes={"lines": [{"line": 1, "unit_price": "5.00", "quantity": "1100"}]},
        reason="加量",
    )
    life.verified()
    assert len(life.papers("order_approved")) == 2


@pytest.mark.parametrize(
    ("edition", "policy", "told"), [(6, {}, 1), (5, {}, 0), (6, {"approval": {"tell_departments": False}}, 0)]
)
def test_the_word_is_a_switch_and_of_this_edition(edition: int, policy: dict[str, object], told: int) -> None:
    assert len(Life(edition=edition, policy=policy).verified().papers("order_approved")) == told


def test_approved_stands_on_it_until_the_sheet_goes_out() -> None:
    life = Life().verified()
    assert life.order.headline is Headline.APPROVED
    life.sheet_out()
    assert life.order.headline is Headline.AWAITING_CONFIRMATION
    assert Life(edition=5).verified().order.headline is Headline.AWAITING_CONFIRMATION


def test_what_nobody_had_to_approve_is_not_called_approved() -> None:
    life = Life(policy={"approval": {"classes": []}})
    life.decide(Subject.TECHNICAL, "producible", line=1, material_note="原纸充足")
    life.decide(
        Subject.PRODUCTION_DATE, "dated", line=1, production_date="2027-03-02", quantity="1000", finished_date="2027-03-06",
    )  # fmt: skip
    assert life.order.headline is Headline.AWAITING_CONFIRMATION
    assert life.papers("order_approved") == []
