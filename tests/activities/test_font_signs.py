"""The signs that papers can show: known when they are entered, and without reading the font for ordinary texts."""

from __future__ import annotations

import re
from typing import Any

import pytest

from activities.documents import font_signs
from activities.documents.font_signs import (
    SURELY,
    missing_signs,
    require_printable,
    require_printable_fact,
)
from activities.store.imports import CustomerRow, PriceRow
from models.facts.fact_envelope import fact_envelope
from models.request.order_request import OrderRequest
from models.values.errors import Refusal
from models.values.vocabulary import Role
from tests.models.life import MONDAY, line, request


def test_what_is_known_by_heart_is_in_the_font() -> None:
    known = re.compile(f"[{SURELY}]")
    signs = {sign for sign in range(0x20, 0x10000) if known.fullmatch(chr(sign))}
    assert signs <= font_signs.font_signs()
    assert len(signs) > 27_000


def test_an_ordinary_text_reads_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> frozenset[int]:
        raise AssertionError("the font was read")

    monkeypatch.setattr(font_signs, "font_signs", read)
    assert missing_signs("深圳市宝安区 12 号,80mm×80m 55g;《好》") == ""


@pytest.mark.parametrize(
    ("text", "signs"), [("印刷😀", "😀(U+1F600)"), ("𠮷野①℃㎡Ⅰ", ""), ("ก", "ก(U+0E01)"), ("한글", "")]
)
def test_the_signs_that_are_missing_are_named(text: str, signs: str) -> None:
    assert missing_signs(text) == signs


def test_every_printed_field_of_an_order_is_looked_at_and_the_memo_is_not() -> None:
    require_printable(OrderRequest.model_validate(request(words="好的😀")))
    for field in ("contact", "address", "packing", "label", "special_requirements", "consignee"):
        with pytest.raises(Refusal) as refused:
            require_printable(OrderRequest.model_validate(request(**{field: "箱😀"})))
        assert refused.value.where == field
        assert "U+1F600" in refused.value.words.zh
    with pytest.raises(Refusal) as refused:
        require_printable(OrderRequest.model_validate(request(lines=[line(1), line(2, specification="ก")])))
    assert refused.value.where == "lines.1.specification"


@pytest.mark.parametrize(
    ("kind", "content", "role", "where"),
    [
        (
            "amendment_requested",
            {"reason": "改", "changes": {"packing": "😀"}},
            Role.SALESPERSON,
            "content.changes.packing",
        ),
        ("shipped", {"carrier": "德邦😀"}, Role.SHIPPER, "content.carrier"),
        ("warehouse_entered", {"quantity": "1", "place": "A😀"}, Role.WAREHOUSE, "content.place"),
        (
            "decision",
            {
                "subject": "price",
                "outcome": "settled",
                "line": 1,
                "detail": {"unit_price": "5", "specification": "😀"},
            },
            Role.SERVICE_SUPERVISOR,
            "content.detail.specification",
        ),
    ],
)
def test_what_is_told_and_printed_is_looked_at(
    kind: str, content: dict[str, Any], role: Role, where: str
) -> None:
    with pytest.raises(Refusal) as refused:
        require_printable_fact(fact_envelope("f/1", kind, content, by="li", role=role, happened_at=MONDAY))
    assert refused.value.where == where


def test_what_is_only_said_may_have_any_sign() -> None:
    said = {"channel": "phone", "words": "好的😀"}
    require_printable_fact(
        fact_envelope("f/1", "contact_logged", said, by="li", role=Role.SALESPERSON, happened_at=MONDAY)
    )


def test_customers_and_products() -> None:
    with pytest.raises(Refusal) as refused:
        require_printable(CustomerRow(customer="K", name="某某印刷😀"))
    assert refused.value.where == "name"
    with pytest.raises(Refusal) as refused:
        require_printable(CustomerRow(customer="K", name="红枫", designated_signers=("王芳", "李😀")))
    assert refused.value.where == "designated_signers.1"
    price = {"product": "P", "unit": "roll", "unit_price": "5", "valid_from": "2026-01-01"}
    with pytest.raises(Refusal) as refused:
        require_printable(PriceRow.model_validate({**price, "specification": "80😀"}))
    assert refused.value.where == "specification"
