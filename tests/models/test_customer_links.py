"""R31, R85: until when a link opens its order; and the rules of one-time codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.customer_links import CustomerLink, LinkedOrder, LinkPurpose, why_closed
from models.signing_codes import MOST_TRIES, VALID_FOR, code_from, is_open, masked

MADE = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SIGN = CustomerLink(
    link_hash="ab" * 32, order_number="20270301-0001", purpose=LinkPurpose.SIGN, sheet_version=1, made_at=MADE,
    expires_at=MADE + 30 * DAY,
)  # fmt: skip
ORDER = SIGN.model_copy(update={"purpose": LinkPurpose.ORDER, "sheet_version": None})
ALIVE = LinkedOrder(is_known=True, sheet_version=1)


def closed(link: CustomerLink, order: LinkedOrder, days: int) -> str:
    found = why_closed(link, order, MADE + days * DAY, 14)
    return found.zh if found is not None else ""


def test_a_link_to_sign_ends_with_its_day_the_order_or_its_version() -> None:
    assert closed(SIGN, ALIVE, 29) == ""
    assert "过期" in closed(SIGN, ALIVE, 30)
    assert "第 1 版" in closed(SIGN, ALIVE.model_copy(update={"sheet_version": 2}), 1)
    assert "第 1 版" in closed(SIGN, ALIVE.model_copy(update={"sheet_version": None}), 1)
    assert "终结" in closed(SIGN, ALIVE.model_copy(update={"ended_at": MADE + DAY}), 1)


def test_a_link_to_see_an_order_lives_as_long_and_some_days_more() -> None:
    assert closed(ORDER, ALIVE, 300) == ""
    assert closed(ORDER, ALIVE.model_copy(update={"sheet_version": 7}), 1) == ""
    ended = ALIVE.model_copy(update={"ended_at": MADE + 10 * DAY})
    assert closed(ORDER, ended, 23) == ""
    assert "终结" in closed(ORDER, ended, 24)
    assert "过期" in closed(ORDER, LinkedOrder(), 30)


@pytest.mark.parametrize("link", [SIGN, ORDER])
def test_a_revoked_link_is_closed_whatever_else(link: CustomerLink) -> None:
    assert "撤销" in closed(link.model_copy(update={"revoked_at": MADE}), ALIVE, 0)


def test_a_link_is_named_by_a_part_of_its_hash() -> None:
    assert SIGN.name == "ab" * 8


def test_a_code_has_six_digits() -> None:
    assert [code_from(each) for each in (7, 123456, 10**6 + 1, 2**200)] == [
        "000007", "123456", "000001", f"{2**200 % 10**6:06d}",
    ]  # fmt: skip


def test_a_code_is_good_for_ten_minutes_five_tries_and_once() -> None:
    until = MADE + VALID_FOR
    assert timedelta(minutes=10) == VALID_FOR
    assert is_open(until, 0, None, MADE)
    assert is_open(until, MOST_TRIES - 1, None, until - timedelta(seconds=1))
    assert not is_open(until, 0, None, until)
    assert not is_open(until, 5, None, MADE)
    assert not is_open(until, 0, MADE, MADE)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("wangfang@example.com", "wa…@example.com"), ("w@example.com", "w…@example.com"), ("13812345678", "13…78"),
        ("1234", "…"), ("", "…"),
    ],
)  # fmt: skip
def test_an_address_is_known_again_by_its_owner_alone(address: str, shown: str) -> None:
    assert masked(address) == shown
