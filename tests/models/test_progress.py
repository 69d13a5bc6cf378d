"""What production expects against what was promised (R41)."""

from __future__ import annotations

from datetime import date

from models.documents.production_progress import expected_finishes, progress
from tests.models.life import Life, line


def test_the_newest_word_of_production_counts_until_the_line_is_finished() -> None:
    life = Life(lines=[line(1), line(2)]).in_production("3000.00")
    assert progress(life.order.unsaved, life.promised) == []
    life.does("production_reported", line=1, made="100", expected_finish="2027-03-05")
    life.does("production_reported", line=2, made="100", expected_finish="2027-03-08")
    assert life.promised == date(2027, 3, 6)
    assert [words.en for words in progress(life.order.unsaved, life.promised)] == [
        "line 1: production expects to finish on 2027-03-05, by the promised 2027-03-06",
        "line 2: production expects to finish on 2027-03-08, 2 days after the promised 2027-03-06",
    ]
    life.does("production_exception", exception="x", reason="机器故障", line=1, expected_finish="2027-03-09")
    life.does("production_reported", line=2, made="10")
    assert expected_finishes(life.order.unsaved) == {1: date(2027, 3, 9), 2: date(2027, 3, 8)}
    life.does("production_reported", line=2, made="890", finished=True, expected_finish="2027-03-08")
    assert expected_finishes(life.order.unsaved) == {1: date(2027, 3, 9)}
    told = progress(life.order.unsaved, None)
    assert [words.zh for words in told] == ["第1行：生产部预计 2027-03-09 完工"]


def test_what_came_too_early_does_not_count() -> None:
    life = Life()
    life.does("production_reported", line=1, made="100", expected_finish="2027-03-05")
    assert expected_finishes(life.order.unsaved) == {}
