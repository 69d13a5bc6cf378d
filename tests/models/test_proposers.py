"""Whose changes those are that wait together: who is overtaken in everything may agree to them, nobody else (R83, R106)."""

from __future__ import annotations

from typing import Any

import pytest

from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.values.vocabulary import Role
from tests.models.life import Life, line, refused
from tests.models.test_changed_lines import MORE, amended

DROPS: dict[str, Any] = {"dropped_lines": [2]}
FEWER: dict[str, Any] = {"lines": [{"line": 2, "quantity": "800"}]}
DEARER: dict[str, Any] = {"lines": [{"line": 2, "unit_price": "6.00"}]}
ADDS: dict[str, Any] = {"added_lines": [MORE]}
OF_THE_ADDED: dict[str, Any] = {"lines": [{"line": 3, "quantity": "300"}]}
DROPS_THE_ADDED: dict[str, Any] = {"dropped_lines": [3]}
LOOSE: dict[str, Any] = {"packing": "散装"}
BOXED: dict[str, Any] = {"packing": "30 卷一箱"}
LABEL: dict[str, Any] = {"label": "新标签"}
ALL_OF_THE_ADDED: dict[str, Any] = {
    "lines": [
        {
            "line": 3,
            "product": "TP-82",
            "specification": "80mm×70m",
            "quantity": "1",
            "unit": "sheet",
            "unit_price": "99.00",
        }
    ]
}


def asked_in_turn(first: dict[str, Any], *later: dict[str, Any]) -> Life:
    """In production with two lines; production asked for the first change, the merchandiser for the others."""
    life = Life(lines=[line(1), line(2)]).in_production("3000.00")
    life.does("amendment_requested", changes=first, reason="x", by="production-1", role=Role.MERCHANDISER)
    for changes in later:
        amended(life, **changes)
    return life


@pytest.mark.parametrize(
    ("first", "later"),
    [
        pytest.param(DROPS, [FEWER], id="the line stays"),
        pytest.param(DROPS, [LABEL, DEARER], id="the line stays, said last"),
        pytest.param(FEWER, [DROPS], id="the line is dropped"),
        pytest.param(FEWER, [DROPS, DEARER], id="dropped, and back with another field"),
        pytest.param(ADDS, [DROPS_THE_ADDED, LABEL], id="added and dropped"),
        pytest.param(LOOSE, [BOXED], id="another value"),
        pytest.param(DROPS, [DROPS], id="the same line dropped twice"),
        pytest.param(LOOSE, [LOOSE], id="the same value twice"),
        pytest.param(FEWER, [FEWER], id="the same quantity twice"),
    ],
)
def test_who_is_overtaken_in_everything_may_agree(first: dict[str, Any], later: list[dict[str, Any]]) -> None:
    """R83: of what is named twice the later counts, also where it says the same."""
    life = asked_in_turn(first, *later)
    assert life.order.amendment is not None
    assert "production-1" not in life.order.amendment.proposers
    assert life.answer(Subject.AMENDMENT, "approve").status is Status.ACCEPTED
    assert "production-1" not in life.order.changed_by


@pytest.mark.parametrize(
    ("first", "later"),
    [
        pytest.param(DROPS | LABEL, [FEWER], id="the line stays, and the label counts"),
        pytest.param(FEWER, [DEARER], id="another field of the line"),
        pytest.param(ADDS, [OF_THE_ADDED], id="another quantity of the line that was added"),
        pytest.param(ADDS, [LABEL], id="a line added"),
        pytest.param(DROPS, [LABEL], id="a line dropped"),
    ],
)
def test_who_asked_for_anything_that_comes_of_it_does_not_agree(
    first: dict[str, Any], later: list[dict[str, Any]]
) -> None:
    """R83, R106"""
    life = asked_in_turn(first, *later)
    refused(life.answer(Subject.AMENDMENT, "approve"), "same_person")
    assert life.order.amendment is not None
    assert "production-1" in life.order.amendment.proposers


def test_who_only_dropped_what_another_added_asked_for_nothing() -> None:
    """R83: no line came of it, and none is gone; whoever spoke last is heard as a proposer all the same."""
    life = Life(lines=[line(1), line(2)]).in_production("3000.00")
    amended(life, **ADDS)
    life.does(
        "amendment_requested", changes=DROPS_THE_ADDED, reason="x", by="production-1", role=Role.MERCHANDISER
    )
    refused(life.answer(Subject.AMENDMENT, "approve"), "same_person")
    amended(life, **LABEL)
    assert life.answer(Subject.AMENDMENT, "approve").status is Status.ACCEPTED


def test_an_added_line_that_is_another_in_everything_is_still_the_one_that_was_added() -> None:
    """R83: there is a line more, and who asked for it does not agree."""
    refused(asked_in_turn(ADDS, ALL_OF_THE_ADDED).answer(Subject.AMENDMENT, "approve"), "same_person")
