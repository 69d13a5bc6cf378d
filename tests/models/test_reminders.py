"""Reminders of unpaid balances: the ladder, one letter a customer, pauses (R51, R54)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.messages.envelope import read_content
from models.reports.balance_reminder import LADDER, OpenBalance, ReminderPolicy, is_due, letters
from models.values.errors import Refusal
from models.values.vocabulary import Role

NOTICE = date(2027, 3, 1)
POLICY = ReminderPolicy()
DAYS = [level.day for level in LADDER]


def balance(order: str = "1", **changes: Any) -> OpenBalance:
    """A balance whose notice went out on the first of March."""
    values: dict[str, Any] = {
        "order": order,
        "customer": "K-1",
        "customer_name": "红枫",
        "salesperson": "li",
        "amount": "100.00",
        "since": NOTICE,
    }
    return OpenBalance.model_validate({**values, **changes})


def after(days: int) -> date:
    return NOTICE + timedelta(days=days)


def test_the_ladder_is_climbed_step_by_step() -> None:
    """R51"""
    assert [is_due(balance(), after(n), POLICY) for n in (0, 2, 3, 9)] == [False, False, True, True]
    once = balance(sent=1, sent_on=after(3))
    assert [is_due(once, after(n), POLICY) for n in (3, 6, 7)] == [False, False, True]


def test_the_last_level_is_repeated_until_it_is_paid() -> None:
    """R51: the same words again after so many days; a pause holds these as well."""
    thrice = balance(sent=3, sent_on=after(14))
    assert [is_due(thrice, after(n), POLICY) for n in (15, 20, 21, 90)] == [False, False, True, True]
    (letter,) = letters([thrice], after(21), POLICY)
    assert (letter.level, letter.content()["urgency"]) == (LADDER[-1], "3")
    assert not is_due(balance(sent=4, sent_on=after(21), paused_until=after(30)), after(28), POLICY)
    assert not is_due(balance(sent=4, sent_on=after(21), amount="0.00"), after(28), POLICY)
    own = ReminderPolicy(repeat_days=3)
    assert [is_due(balance(sent=9, sent_on=after(30)), after(n), own) for n in (32, 33)] == [False, True]
    assert not is_due(thrice, after(90), ReminderPolicy(repeat_days=0))


def test_after_a_long_silence_only_the_next_level_goes_out() -> None:
    late = letters([balance()], after(60), POLICY)
    assert [letter.level for letter in late] == [LADDER[0]]
    assert not is_due(balance(sent=1, sent_on=after(60)), after(60), POLICY)
    assert is_due(balance(sent=1, sent_on=after(60)), after(61), POLICY)


def test_an_exemption_or_a_promise_pauses_up_to_its_day() -> None:
    paused = balance(paused_until=after(5))
    assert [is_due(paused, after(n), POLICY) for n in (4, 5, 6)] == [False, False, True]


def test_what_is_paid_is_not_reminded_of() -> None:
    assert not is_due(balance(amount="0.00"), after(9), POLICY)
    assert letters([balance(amount="-5.00")], after(9), POLICY) == []


def test_one_letter_a_customer_lists_all_it_owes_and_speaks_at_the_highest_level() -> None:
    owed = [
        balance("1", sent=1, sent_on=after(3)),
        balance("2", since=after(6), amount="50.00"),
        balance("3", since=after(1), promise_broken=True),
        balance("9", customer="K-2", customer_name="青山", since=after(6)),
    ]
    found = letters(owed, after(7), POLICY)
    assert [(each.customer, each.level, each.due) for each in found] == [("K-1", LADDER[1], ["1", "3"])]
    assert found[0].total == Decimal("250.00")
    assert [each.order for each in found[0].balances] == ["1", "3", "2"]
    content = found[0].content()
    assert (content["total"]["capitals"], content["urgency"]) == ("贰佰伍拾元整", "2")
    assert [each["broken"] for each in content["balances"]] == [False, True, False]
    assert found[0].words.en == "second reminder: 红枫 owes 3 orders, CNY 250.00"


def test_each_level_tells_at_least_as_many() -> None:
    told = [set(level.told) for level in LADDER]
    assert all(earlier < later for earlier, later in pairwise(told))
    assert all(Role.CUSTOMER in each for each in told)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_no_level_goes_out_twice_or_before_its_day(gaps: list[int]) -> None:
    owed, today, sent = balance(), NOTICE, []
    for gap in gaps:
        today += timedelta(days=gap)
        if letters([owed], today, POLICY):
            owed = owed.model_copy(update={"sent": owed.sent + 1, "sent_on": today})
            sent.append((today - NOTICE).days)
    assert all(day >= least for day, least in zip(sent, DAYS, strict=False))
    assert len(sent) == len(set(sent))
    repeated = sent[len(DAYS) - 1 :]
    assert all(later - earlier >= POLICY.repeat_days for earlier, later in pairwise(repeated))


@pytest.mark.parametrize(
    "levels",
    [[], [{"day": 7}], [{"day": 7, "zh": "催", "en": "x", "told": ["boss"]}], [{"day": 3, "zh": "催", "en": "x", "told": []}],
     [{"day": 7, "zh": "一", "en": "1", "told": ["customer"]}, {"day": 3, "zh": "二", "en": "2", "told": ["customer"]}]],
)  # fmt: skip
def test_a_ladder_that_is_none_is_refused(levels: list[Any]) -> None:
    with pytest.raises(Refusal) as refused:
        read_content(ReminderPolicy, {"levels": levels}, inside="policy.toml.reminders")
    assert refused.value.where.startswith("policy.toml.reminders")


def test_the_company_words_its_own_ladder() -> None:
    own = {"levels": [{"day": 1, "zh": "温馨提示", "en": "a friendly word", "told": ["customer"]}]}
    policy = read_content(ReminderPolicy, own)
    (letter,) = letters([balance()], after(1), policy)
    assert letter.words.zh.startswith("温馨提示")
    assert not is_due(balance(sent=1, sent_on=after(1)), after(7), policy)
