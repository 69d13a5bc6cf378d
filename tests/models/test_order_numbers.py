"""Which orders a text names: read however it is written, and never guessed (R53)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.facts.order_numbers import order_numbers_in
from models.facts.webhook_events import understand
from tests.models.test_webhooks import PAYMENT, SIGNED, table_of

ONE = "20270105-0001"


@pytest.mark.parametrize(
    "text",
    [
        ONE, f"货款 订单{ONE} 红枫", f"No.{ONE}", "２０２７０１０５－０００１", "20270105–0001", "20270105—0001", "20270105−0001",
        "20270105 0001", "20270105 - 0001", "20270105_0001", "20270105/0001", "20270105.0001", "20270105-\n0001",
        f"{ONE}-v1", f"{ONE}/v2", f"{ONE} {ONE}", f"{ONE}, 20270105－0001", f"{ONE},1500.00元", f"{ONE} 1500元",
    ],
)  # fmt: skip
def test_one_number_however_it_is_written(text: str) -> None:
    assert order_numbers_in(text) == (ONE,)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"{ONE} 20270105-0002", (ONE, "20270105-0002")),
        (f"{ONE}和20270106-0003", (ONE, "20270106-0003")),
        (f"{ONE}/0002", (ONE, "20270105-0002")),
        (f"{ONE}、0002、0003", (ONE, "20270105-0002", "20270105-0003")),
        (f"{ONE}至0003", (ONE, "20270105-0003")),
        (f"{ONE}-20270106-0002", (ONE, "20270106-0002")),
    ],
)
def test_a_text_that_names_several(text: str, named: tuple[str, ...]) -> None:
    assert order_numbers_in(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "", "货款", "120270105-0001", "20270105-00011234", "202701050001", "99990105-0001", "20271305-0001", "20270132-0001",
        "20270105-001", "20270105 1500元", "20270105/1500", "帐号 1234567820270105-0001",
    ],
)  # fmt: skip
def test_digits_of_something_else_are_no_number(text: str) -> None:
    assert order_numbers_in(text) == ()


@given(st.text(), st.sampled_from("-－–—_"), st.text())
def test_a_number_within_any_text_is_found_and_nothing_longer_is(before: str, dash: str, after: str) -> None:
    found = order_numbers_in(f"{before}|20270105{dash}0001|{after}")
    assert ONE in found
    assert ONE not in order_numbers_in(f"7720270105{dash}0001")
    assert ONE not in order_numbers_in(f"20270105{dash}000177")


def test_a_payment_whose_text_names_two_orders_is_for_neither() -> None:
    data = {**PAYMENT["data"], "remittance_text": f"{ONE}/0002"}
    meant = understand(table_of("bank"), {**PAYMENT, "data": data}, SIGNED)
    assert meant.several == (ONE, "20270105-0002")
    assert meant.order == f"{ONE} 20270105-0002"
    data = {**PAYMENT["data"], "remittance_text": "货款20270105—0001"}
    one = understand(table_of("bank"), {**PAYMENT, "data": data}, SIGNED)
    assert (one.order, one.several) == (ONE, ())
