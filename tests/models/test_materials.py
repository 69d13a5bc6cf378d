"""Raw material that is short for goods made to order is purchasing's, who names the day (R21, R113, D1.2.3)."""

from __future__ import annotations

from models.messages.decision_subjects import Subject
from tests.models.life import Life, line, refused

SHORT = "55g 原纸缺 2 吨"


def short() -> Life:
    return Life().decide(
        Subject.TECHNICAL, "producible", line=1, material_note="原纸不足", material_short=SHORT
    )


def test_purchasing_is_asked_and_nobody_waits_for_it() -> None:
    life = short()
    step = life.order.steps["order_material:1/1"]
    assert ([role.value for role in step.roles], step.blocking, step.rule) == (["purchasing"], False, "R113")
    assert SHORT in step.words.zh
    assert "decision:production_date:1" in life.waiting


def test_the_day_is_told_to_production_and_sales() -> None:
    life = short().does("material_ordered", line=1, expected="2027-03-04", words="供应商周四发")
    assert "order_material:1/1" not in life.waiting
    (notice,) = life.papers("material_expected")
    assert "2027-03-04" in notice
    assert SHORT in notice
    life.does("material_ordered", line=1, expected="2027-03-05")
    assert len(life.papers("material_expected")) == 2, "another day may be told later"


def test_what_is_not_short_is_not_ordered_and_never_for_yesterday() -> None:
    enough = Life().decide(Subject.TECHNICAL, "producible", line=1, material_note="原纸充足")
    assert not [key for key in enough.waiting if key.startswith("order_material")]
    refused(enough.tell("material_ordered", line=1, expected="2027-03-04"), "not_asked")
    refused(short().tell("material_ordered", line=2, expected="2027-03-04"), "not_asked")
    refused(short().tell("material_ordered", line=1, expected="2027-02-28"), "date_in_past")


def test_another_note_asks_anew() -> None:
    life = short().does("material_ordered", line=1, expected="2027-03-04")
    life.does("details_completed", changes={"lines": [{"line": 1, "quantity": "2000"}]})
    life.decide(Subject.TECHNICAL, "producible", line=1, material_note="原纸不足", material_short=SHORT)
    assert "order_material:1/2" in life.waiting


def test_each_line_is_ordered_for_itself() -> None:
    """R113: the day of one line says nothing of the material of another."""
    life = Life(lines=[line(1), line(2)])
    for number in (1, 2):
        life.decide(
            Subject.TECHNICAL, "producible", line=number, material_note="原纸不足", material_short=SHORT
        )
    life.does("material_ordered", line=2, expected="2027-03-04")
    assert {key for key in life.waiting if key.startswith("order_material")} == {"order_material:1/1"}


def test_what_is_made_needs_no_more_material() -> None:
    life = short()
    life.decide(
        Subject.PRODUCTION_DATE, "dated", line=1, production_date="2027-03-02", quantity="1000", finished_date="2027-03-06",
    ).decide(Subject.APPROVAL, "approve")  # fmt: skip
    life.sheet_out().signed().paid("1500.00").decide(Subject.THREE_PARTY, "confirm")
    life.does("production_signed", version=1, clerk="service_clerk-1")
    assert "order_material:1/1" in life.waiting
    life.made()
    assert "order_material:1/1" not in life.waiting
