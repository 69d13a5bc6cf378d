"""An order in which no two values are alike: a paper that prints one in place of another cannot look right."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Subject
from models.order.money.bill_account import settle_bill
from models.order.order import Order
from models.order.paper_contents import content_of as printed_of
from models.values.vocabulary import Role
from tests.models.life import MONDAY, Life, line

Content = dict[str, Any]
LINES = [
    line(1),
    line(
        2, product="NCR-3", specification="241×280 三联", quantity="260.5", unit="carton", unit_price="12.34",
        tolerance_percent="3",
    ),
]  # fmt: skip
REQUEST: dict[str, Any] = {
    "lines": LINES,
    "channel": "wechat",
    "contact": "孙前任",
    "consignee": "郑收货",
    "phone": "0755-5550102",
    "fax": "0755-5550999",
    "address": "深圳市宝安区新安路 12 号",
    "wanted_date": "2027-03-20",
    "packing": "50 卷一箱",
    "label": "贴红枫标",
    "special_requirements": "不得有接头",
    "checkpoints": ["首件颜色", "分切"],
    "words": "要一千卷收银纸",
    "entered_by": "clerk-ding",
    "partial_delivery": True,
    "customer": {"designated_signers": ["王芳", "冯签字"]},
}


@cache
def unlike() -> Life:
    """Ordered 1000 and 260.5, passed 980 and 255.25, shipped 400 and 100.5; every date, name and amount another.

    Monday: placed, dated, promised later, the sheet amended once and signed. Wednesday and Thursday: made. Friday:
    released, the carrier collects, a part leaves. The Wednesday after it arrives, and nobody comes.
    """
    life = Life(**REQUEST)
    life.later(hours=1)
    for number, day, finish in ((1, 1, 4), (2, 2, 5)):
        life.decide(Subject.TECHNICAL, "producible", line=number, material_note="原纸充足")
        life.decide(
            Subject.PRODUCTION_DATE, "dated", line=number, production_date=life.day(day).isoformat(),
            quantity=LINES[number - 1]["quantity"], finished_date=life.day(finish).isoformat(),
        )  # fmt: skip
    life.later(hours=1)
    life.decide(Subject.LATER_PROMISE, "confirm", promised="2027-03-08", ship_date="2027-03-10")
    life.decide(Subject.APPROVAL, "approve").sheet_out().later(hours=1)
    life.does("amendment_requested", changes={"contact": "周联系"}, reason="换人")
    life.later(hours=1).sheet_out(2).later(hours=1)
    life.signed(2).paid("2600.00").decide(Subject.THREE_PARTY, "confirm")
    life.later(hours=1).does("production_signed", version=2, clerk="service_clerk-1")
    life.until(MONDAY + timedelta(days=2, hours=5)).made("985", line=1, lot="L-7")
    life.later(days=1).made("257", line=2, lot="L-8").later(hours=1)
    for number, lot, passed, scrapped, place in (
        (1, "L-7", "980", "5", "A-3"),
        (2, "L-8", "255.25", "1.75", "B-9"),
    ):
        life.does(
            "inspection_reported", line=number, lot=lot, passed=passed, scrapped=scrapped, checked_with="service_clerk-1"
        )  # fmt: skip
        life.does("warehouse_entered", line=number, lot=lot, quantity=passed, place=place)
    life.later(days=1).decide(Subject.BALANCE_RELEASE, "carrier_collects")
    life.decide(Subject.FINANCE_RELEASE, "release")
    life.does("document_supplied", role=Role.SERVICE_CLERK, **life.notice("FH-31"))
    life.does("transport_arranged", carrier="德邦物流", method="freight").does("shipping_read_back").later(
        hours=2
    )
    items = [{"line": 1, "quantity": "400"}, {"line": 2, "quantity": "100.5"}]
    life.does(
        "shipped", shipment="7", carrier="德邦物流", tracking_number="DB-446688", items=items,
        expected_arrival="2027-03-09",
    )  # fmt: skip
    life.until(MONDAY + timedelta(days=9)).does("arrived", shipment="7", place="深圳货站")
    return life.later(days=17)


def order() -> Order:
    """That order."""
    return unlike().order


@cache
def less_billed() -> Order:
    """The same order after its prices fell to 4.75 and 11.11: 980 × 0.25 and 255.25 × 1.23 less, rounded by line."""
    cheaper = order().model_copy(deep=True)
    prices = {1: Decimal("4.75"), 2: Decimal("11.11")}
    lines = tuple(each.model_copy(update={"unit_price": prices[each.line]}) for each in cheaper.request.lines)
    cheaper.request = cheaper.request.model_copy(update={"lines": lines})
    settle_bill(cheaper)
    return cheaper


def content_of(paper: Paper) -> Content:
    """What is to be printed, of the newest paper of this kind; as if the goods were picked from stock where they are."""
    if paper is Paper.PICKING_LIST:
        return printed_of(order(), paper, "1") or {}
    if paper is Paper.CREDIT_NOTE:
        cheaper = less_billed()
        return printed_of(cheaper, paper, cheaper.account.credit_notes[-1].number) or {}
    return [each.content for each in order().unsent if each.paper is paper and each.content is not None][-1]
