"""What an order may come to at most: exact borders, and a refusal that says how large, how large at most, and what is largest."""

from __future__ import annotations

from typing import Any

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter

from models.request.start_limits import MOST_BYTES, require_startable, size_of
from models.values.errors import Code, Refusal
from tests.models.life import line, start


def refused(**changes: Any) -> Refusal:
    with pytest.raises(Refusal) as met:
        require_startable(start(**changes))
    return met.value


async def test_the_size_is_what_goes_to_the_server() -> None:
    begun = start(lines=[line(n, specification="纸" * 50) for n in range(1, 40)])
    payload = (await pydantic_data_converter.encode([begun]))[0]
    assert size_of(begun) == len(payload.data)


def test_the_limit_is_exact() -> None:
    begun = start()
    room = MOST_BYTES - size_of(begun)
    names = [f"{n:06}".ljust(97, "x") for n in range(room // 100)]  # with quotes and comma 100 bytes each
    fits = begun.model_copy(
        update={"request": begun.request.model_copy(update={"checkpoints": tuple(names), "label": ""})}
    )
    missing = MOST_BYTES - size_of(fits)
    full = fits.model_copy(update={"request": fits.request.model_copy(update={"label": "x" * missing})})
    assert size_of(full) == MOST_BYTES == 524_288
    require_startable(full)
    over = fits.model_copy(update={"request": fits.request.model_copy(update={"label": "x" * (missing + 1)})})
    with pytest.raises(Refusal) as met:
        require_startable(over)
    assert (met.value.code, met.value.exit_code, met.value.where) == (Code.TOO_LARGE, 3, "checkpoints")


def test_the_largest_part_is_named_with_its_size() -> None:
    lines = [line(n, specification="纸" * 400) for n in range(1, 201)]
    lines[6] |= {"specification": "纸" * 500}
    met = refused(lines=lines)
    assert met.where == "lines.6.specification"
    assert met.words.en == (
        "the order is too large: 536 KB, at most 512 KB; the largest part is the specification of all lines (236 KB). "
        "Shorten its texts, or make several orders of it"
    )
    assert "各行的规格" in met.words.zh


def test_a_telephone_number_typed_into_the_quantity_is_refused() -> None:
    met = refused(lines=[line(1), line(2, quantity="755550102", unit_price="80.00")])
    assert (met.code, met.where) == (Code.BAD_MONEY, "lines.1.quantity")
    assert "60444008160.00" in met.words.en
    assert "755550102" in met.words.en


@pytest.mark.parametrize(
    ("quantity", "price"), [("999999999.999", "10.01"), ("999999999.999", "9999999999.99")]
)
def test_no_line_comes_to_more_than_an_amount_may_be(quantity: str, price: str) -> None:
    assert refused(lines=[line(1, quantity=quantity, unit_price=price)]).code is Code.BAD_MONEY


def test_an_order_may_come_to_the_largest_amount_and_no_fen_more() -> None:
    largest = {"quantity": "1", "unit_price": "9999999999.99"}
    require_startable(start(lines=[line(1, **largest)]))
    met = refused(lines=[line(1, **largest), line(2, quantity="1", unit_price="0.01")])
    assert (met.code, met.where) == (Code.BAD_MONEY, "lines")
