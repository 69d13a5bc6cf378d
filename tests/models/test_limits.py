"""How long, how large and how far: what still passes and what is refused, to the last sign (by hand)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from models.messages.envelope import read_content, read_envelope
from models.request.order_request import OrderRequest
from models.values.content import Content, Instant, Name, NonNegativeMoney, PositiveMoney, Reference, Text
from models.values.errors import EXIT_CODES, Code, Refusal
from models.values.money import Money
from models.values.percent import Percent
from models.values.quantity import PositiveQuantity, Quantity
from tests.models.life import line, request


class Form(Content):
    """One field of each kind."""

    text: Text = ""
    name: Name = "x"
    reference: Reference = "x"
    money: Money = Decimal("0.00")
    open: NonNegativeMoney = Decimal("0.00")
    paid: PositiveMoney = Decimal("1.00")
    there: Quantity = Decimal("0.000")
    asked: PositiveQuantity = Decimal("1.000")
    share: Percent = Decimal(0)
    moment: Instant | None = None


PASS: list[tuple[str, Any]] = [
    ("text", "x" * 4000),
    ("name", "x" * 120),
    ("reference", "x" * 200),
    ("money", "-9999999999.99"),
    ("money", "9999999999.99"),
    ("open", "0.00"),
    ("paid", "0.01"),
    ("there", "0"),
    ("there", "999999999.999"),
    ("asked", "0.001"),
    ("share", "0"),
    ("share", "100"),
    ("text", "a\nb\tc"),
    ("moment", "2000-01-01T00:00:00+08:00"),
    ("moment", "2199-12-31T00:00:00+08:00"),
]
REFUSED: list[tuple[str, Any]] = [
    ("text", "x" * 4001),
    ("name", "x" * 121),
    ("name", ""),
    ("reference", "x" * 201),
    ("reference", ""),
    ("money", "10000000000.00"),
    ("money", "-10000000000.00"),
    ("money", "0.001"),
    ("open", "-0.01"),
    ("paid", "0.00"),
    ("there", "-0.001"),
    ("there", "1000000000"),
    ("there", "0.0001"),
    ("asked", "0"),
    ("share", "-0.1"),
    ("share", "100.1"),
    ("text", "a\x1fb"),
    ("text", "a\x0bb"),
    ("moment", "1999-12-31T00:00:00+08:00"),
    ("moment", "2200-01-01T00:00:00+08:00"),
    ("moment", "2027-01-01T00:00:00"),
]


@pytest.mark.parametrize(("field", "value"), PASS)
def test_the_last_that_passes(field: str, value: Any) -> None:
    assert isinstance(read_content(Form, {field: value}), BaseModel)


@pytest.mark.parametrize(("field", "value"), REFUSED)
def test_the_first_that_does_not(field: str, value: Any) -> None:
    with pytest.raises(Refusal) as refused:
        read_content(Form, {field: value})
    assert refused.value.where == field


def test_blanks_around_a_text_are_dropped_and_nothing_changes_later() -> None:
    form = read_content(Form, {"text": "  订单 "})
    assert form.text == "订单"
    with pytest.raises(ValueError, match="frozen"):
        form.text = "x"  # type: ignore[misc]


@pytest.mark.parametrize(("count", "passes"), [(200, True), (201, False)])
def test_an_order_has_two_hundred_lines_at_most(count: int, passes: bool) -> None:
    asked = request(lines=[line(number) for number in range(1, count + 1)])
    if passes:
        assert len(read_content(OrderRequest, asked).lines) == 200
    else:
        with pytest.raises(Refusal):
            read_content(OrderRequest, asked)


@pytest.mark.parametrize(("number", "passes"), [(0, False), (1, True), (999, True), (1000, False)])
def test_lines_are_numbered_from_1_to_999(number: int, passes: bool) -> None:
    asked = request(lines=[line(number)])
    if passes:
        assert read_content(OrderRequest, asked).lines[0].line == number
    else:
        with pytest.raises(Refusal):
            read_content(OrderRequest, asked)


@pytest.mark.parametrize(("length", "passes"), [(63_991, True), (63_992, False)])
def test_the_content_of_a_fact_has_64_000_signs_at_most(length: int, passes: bool) -> None:
    """The one name and its signs, {"ab":""}, are nine."""
    raw: dict[str, Any] = {
        "fact_id": "a/1",
        "kind": "x",
        "by": "x",
        "role": "legal",
        "happened_at": "2027-03-01T09:00:00+08:00",
        "content": {"ab": "x" * length},
    }
    if passes:
        assert read_envelope(raw).schema_version == 1
    else:
        with pytest.raises(Refusal) as refused:
            read_envelope(raw)
        assert (refused.value.code, refused.value.where) == (Code.MALFORMED, "content")


CODES: dict[int, str] = {
    1: "story_differs",
    3: (
        "malformed malformed_file unknown_field missing_field unknown_fact unknown_subject unknown_outcome"
        " unknown_channel unknown_class wrong_unit bad_quantity bad_money bad_tax_number date_in_past too_far_back in_future"
        " not_offered too_large server_refuses"
    ),
    4: (
        "unknown_order unknown_product unknown_customer unknown_person unknown_line unknown_shipment unknown_place"
        " unknown_policy unknown_edition"
    ),
    5: "request_conflict fact_conflict order_ended replayed",
    6: "wrong_role same_person not_signed_in too_many_requests unsigned",
    7: "stale_version not_asked already_decided not_in_writing contradiction wrong_currency too_late money_bound questioned below_shipped"
    " more_than_received not_returnable no_capacity invoice_number_used above_billed above_invoiced"
    " receipt_known above_receipt named_twice other_customer not_cleared capacity_taken provider_refuses"
    " price_changed not_enough_stock",
    8: "server_unavailable provider_unavailable",
    9: "database_unavailable",
    10: "not_set_up",
    11: "disk_full",
    70: "fault",
}
"""What the command line ends with: 3 form, 4 unknown, 5 conflict, 6 rights, 7 contradicts, 8 to 11 the world."""
EVERY_CODE = (
    f"{CODES[3].removesuffix(' server_refuses')} {CODES[4]} {CODES[5]} not_signed_in too_many_requests unsigned wrong_role same_person"
    " stale_version not_asked"
    " already_decided not_in_writing contradiction wrong_currency too_late money_bound questioned below_shipped"
    " more_than_received not_returnable no_capacity invoice_number_used above_billed above_invoiced"
    " receipt_known above_receipt named_twice other_customer not_cleared capacity_taken price_changed not_enough_stock server_unavailable"
    " server_refuses provider_unavailable provider_refuses database_unavailable not_set_up disk_full story_differs fault"
)


def test_codes_that_programs_rely_on() -> None:
    """They are only ever added to; the command line ends with the number of their group."""
    assert [code.value for code in Code] == EVERY_CODE.split()
    assert set(CODES) == set(EXIT_CODES.values())
    for number, codes in CODES.items():
        assert {code.value for code, exit_code in EXIT_CODES.items() if exit_code == number} == set(
            codes.split()
        )
