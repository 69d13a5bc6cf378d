"""What a customer says of the goods on the own page, beyond the name (R74, R78)."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.pages.customers.customer_pages import receipt_in
from models.messages.goods_contents import Condition, DeliveryReceipt
from tests.models.life import SIGNER, Life


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"signed_by": SIGNER, "shipment": "1"}, {}),
        ({"condition": "", "remarks": " ", "received.1": " "}, {}),
        ({"condition": "damaged", "remarks": "进水"}, {"condition": "damaged", "remarks": "进水"}),
        ({"received.1": " 980 ", "received.12": "5"}, {"items": [{"line": 1, "quantity": "980"}, {"line": 12, "quantity": "5"}]}),
        ({"received.x": "1", "received.": "1", "received." + "9" * 5000: "1"}, {}),
    ],
)  # fmt: skip
def test_what_is_left_empty_is_not_said(form: dict[str, str], said: dict[str, Any]) -> None:
    assert receipt_in(form) == said


def test_what_was_filled_in_is_a_receipt_that_the_order_takes() -> None:
    form = {"condition": "good", "received.1": "980"}
    content = {"shipment": "1", "signed_by": SIGNER, **receipt_in(form)}
    assert DeliveryReceipt.model_validate(content).condition is Condition.GOOD
    life = Life().arrived().does("delivery_receipt", **content)
    assert "exception:short-1" in life.waiting
