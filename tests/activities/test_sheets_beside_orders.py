"""R70: the sheet as it was printed and the order as it stands read the same where nothing differs, datum by datum."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from activities.desk.requests_now import RequestNow
from activities.desk.sheets_printed import data_of
from models.dossier.papers_due import Paper
from models.forms.cards.make_card import compared_of
from models.forms.cards.order_seen import LineSeen, OrderSeen
from models.order.paper_contents import content_of
from models.values.fingerprint import lasting
from models.values.vocabulary import Words
from tests.models.life import Life, line

FULL = {
    "fax": "0755-1", "label": "客户标签", "special_requirements": "托盘;不超过 1.2 米", "wanted_date": "2027-03-20",
    "checkpoints": ["首件", "装箱"], "delivery_method": "courier", "freight_terms": "buyer_pays",
    "lines": [line(1, unit_price="0.0385", quantity="400000"),
              line(2, product="LB-40", quantity="12.5", unit="sheet", tolerance_percent="2.5")],
}  # fmt: skip


def both_sides(**changes: Any) -> OrderSeen:
    """The sheet of an order, and the order a moment after it was sent."""
    order = Life(**changes).verified().sheet_out().order
    lines = tuple(
        LineSeen(
            each.line, each.product, each.specification, each.quantity, Words(each.unit.zh, each.unit.en), each.unit_price,
            tolerance_percent=each.tolerance_percent,
        )
        for each in order.request.lines
    )  # fmt: skip
    row = {
        "terms": order.terms.value if order.terms is not None else None, "total": order.total,
        "promised": order.promise.promised, "ship_date": order.promise.ship_date,
    }  # fmt: skip
    now = RequestNow(lasting(order.request))
    printed = content_of(order, Paper.SHEET, "1")
    assert printed is not None
    return OrderSeen(
        order.number, order.today(), sheet=data_of(printed), request=now.as_words(row, lines), lines=lines
    )


@pytest.mark.parametrize("changes", [{}, FULL])
def test_what_is_the_same_reads_the_same(changes: dict[str, Any]) -> None:
    seen = both_sides(**changes)
    compared = list(compared_of(seen))
    assert len(compared) >= 20
    assert [(each.words.zh, each.sheet, each.order) for each in compared if each.differs] == []


def test_what_is_another_now_is_marked() -> None:
    seen = both_sides(**FULL)
    lines = (
        LineSeen(1, "TP-80", "别的规格", Decimal(900), Words("卷", "roll"), Decimal("0.04")),
        *seen.lines[1:],
    )
    row = {"terms": "prepaid", "total": Decimal("1.00"), "promised": None, "ship_date": None}
    moved = OrderSeen(seen.number, seen.today, sheet=seen.sheet, request=RequestNow({}).as_words(row, lines))
    different = {each.words.zh for each in compared_of(moved) if each.differs}
    assert {
        "第1行规格",
        "第1行数量",
        "第1行单价",
        "总额",
        "付款方式",
        "收货地址",
        "预交日",
        "特殊要求",
    } <= different
    assert "第2行数量" not in different
