"""Days, moments, yes and no as people write them, by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values.words import InvalidValue
from models.values.written_dates import plain_day, plain_moment, plain_yes_or_no
from models.values.written_numbers import Manner

TYPED, SENT = Manner.TYPED, Manner.SENT


@pytest.mark.parametrize(
    "written",
    ["2026-01-05", "2026/1/5", "2026/01/05", "2026.1.5", "2026年1月5日", "2026年1月5号", "2026年01月05日", "20260105", "2026-1-5",
     "２０２６／１／５", "2026/1/5 00:00:00", "2026-01-05 0:00:00", "46027", "46027.0", " 2026/1/5 "],
)  # fmt: skip
def test_a_person_writes_a_day_in_many_ways(written: str) -> None:
    assert plain_day(written, TYPED).strip() == "2026-01-05"


@pytest.mark.parametrize(
    "written", ["1798761600", "46027.5", "0", "12345678901", "1e9", "99999999", "300", "-46027"]
)
@pytest.mark.parametrize("manner", [TYPED, SENT])
def test_a_number_is_no_day(written: str, manner: Manner) -> None:
    with pytest.raises(InvalidValue) as refused:
        plain_day(written, manner)
    assert "no date" in refused.value.words.en


def test_a_serial_number_is_a_day_in_a_table_alone() -> None:
    assert plain_day("46027", TYPED) == "2026-01-05"
    with pytest.raises(InvalidValue):
        plain_day("46027", SENT)


@pytest.mark.parametrize("written", ["5/1/2026", "05-01-2026", "1.5.26"])
def test_a_day_that_can_be_read_in_two_ways_is_not_guessed(written: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        plain_day(written, TYPED)
    assert "two ways" in refused.value.words.en


@pytest.mark.parametrize("written", ["2026/2/30", "2026年13月1日", "20260231"])
def test_a_day_that_there_is_not_is_told(written: str) -> None:
    with pytest.raises(InvalidValue):
        plain_day(written, TYPED)


@given(st.dates(date(2000, 1, 1), date(2173, 1, 1)))
def test_every_day_is_the_same_however_it_is_written(day: date) -> None:
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)
    for written in (
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        str(serial),
    ):
        assert plain_day(written, TYPED) == day.isoformat()


def test_moments() -> None:
    assert plain_moment("2026/1/5 9:30", TYPED) == "2026-01-05T09:30"
    assert plain_moment("2026年1月5日 09:30:15", TYPED) == "2026-01-05T09:30:15"
    assert plain_moment("2026-01-05T09:30:00+08:00", TYPED) == "2026-01-05T09:30:00+08:00"
    assert plain_moment("2026-01-05T09:30:00+08:00", SENT) == "2026-01-05T09:30:00+08:00"
    for manner in (TYPED, SENT):
        with pytest.raises(InvalidValue):
            plain_moment("1798761600", manner)


def test_yes_and_no() -> None:
    assert [plain_yes_or_no(each, TYPED) for each in ("是", "有", "否", "无", "true", "也许")] == [
        True, True, False, False, "true", "也许",
    ]  # fmt: skip
    assert plain_yes_or_no("是", SENT) == "是"
