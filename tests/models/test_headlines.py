"""The one status that people read (R85), where an order stands at each turn of its life, by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.messages.decision_subjects import Subject
from models.values.vocabulary import Role
from tests.models.life import SIGNER, Life, line

RELEASE = Subject.FINANCE_RELEASE


def small(way: str) -> Life:
    """A small order, its way chosen, its sheet signed."""
    life = Life(lines=[line(1, quantity="100")]).verified()
    return life.decide(Subject.SMALL_ORDER, way, assessment="x").sheet_out().signed()


CASES: list[tuple[str, str, str, Callable[[], Life]]] = [
    ("incomplete", "待完善", "intake", lambda: Life(packing="")),
    ("incomplete", "待完善", "intake", lambda: Life(channel="phone")),
    ("in_review", "审核中", "intake", lambda: Life(customer={"verified_by": ""})),
    ("in_review", "审核中", "verification", Life),
    ("incomplete", "待完善", "verification", lambda: Life().decide(Subject.APPROVAL, "send_back", words="x")),
    ("approved", "已审批", "verification", lambda: Life().decide(Subject.APPROVAL, "approve")),
    ("approved", "已审批", "confirmation", lambda: Life().verified()),
    ("awaiting_confirmation", "待确认", "confirmation", lambda: Life().verified().sheet_out()),
    ("awaiting_deposit", "待付定金", "confirmation", lambda: Life().verified().sheet_out().signed()),
    ("awaiting_payment", "待支付", "confirmation", lambda: small("prepaid")),
    ("confirmed", "已确认", "confirmation", lambda: small("guaranteed")),
    ("confirmed", "已确认", "production", lambda: Life().confirmed()),
    ("in_production", "生产中", "production", lambda: Life().in_production()),
    ("in_inspection", "质检中", "inspection", lambda: Life().in_production().made()),
    ("awaiting_balance", "待付余款", "clearance", lambda: Life().in_warehouse()),
    ("in_warehouse", "已入库", "clearance", lambda: Life().in_warehouse().paid("3500.00")),
    (
        "awaiting_shipment",
        "待发货",
        "shipping",
        lambda: Life().in_warehouse().paid("3500.00").decide(RELEASE, "release"),
    ),
    ("shipped", "已发货", "delivery", lambda: Life().shipped()),
    ("arrived", "已到货", "delivery", lambda: Life().arrived()),
    ("being_recalled", "召回中", "delivery", lambda: Life().arrived().later(days=16)),
    (
        "delivered",
        "已交付",
        "settlement",
        lambda: Life().arrived().does("delivery_receipt", signed_by=SIGNER, role=Role.LOGISTICS),
    ),
    (
        "completed",
        "已完成",
        "settlement",
        lambda: Life().arrived().paid("1.00").does("delivery_receipt", signed_by=SIGNER),
    ),
    ("arrived", "已到货", "delivery", lambda: Life().arrived().does("arrived", condition="damaged")),
    (
        "arrived",
        "已到货",
        "delivery",
        lambda: Life().arrived().does("delivery_receipt", signed_by=SIGNER, condition="damaged"),
    ),
    ("shipped", "已发货", "delivery", lambda: Life().shipped().does("transit_reported", condition="lost")),
    ("settled", "已结算", "ended", lambda: Life().arrived().does("delivery_receipt", signed_by=SIGNER)),
    ("hanging", "悬单", "intake", lambda: Life(packing="").later(days=15)),
    ("on_hold", "暂停", "production", lambda: Life().in_production().does("hold_placed", reason="x")),
    ("cancelled", "已取消", "ended", lambda: Life().does("cancellation_requested", reason="x")),
    (
        "cancelled",
        "已取消",
        "ended",
        lambda: Life().decide(Subject.TECHNICAL, "not_producible").decide(Subject.OLD_RECIPE, "end"),
    ),
    ("cancelled", "已取消", "ended", lambda: Life().later(days=15).decide(Subject.HANGING, "close")),
]


@pytest.mark.parametrize(("headline", "zh", "phase", "life"), CASES, ids=[f"{c[0]}-{c[2]}" for c in CASES])
def test_what_stands_on_the_card(headline: str, zh: str, phase: str, life: Callable[[], Life]) -> None:
    order = life().order
    assert (order.headline.value, order.headline.zh, order.phase.value) == (headline, zh, phase)


def test_a_dead_order_says_so() -> None:
    """R76"""
    life = Life().arrived().later(days=16).does("goods_returned", freight_out="1.00", freight_back="1.00")
    assert life.order.headline.value == "being_recalled"
    life.does("inspection_reported", shipment="1", passed="1000", checked_with="service_clerk-1")
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="5000.00")
    assert (life.order.headline.value, life.order.headline.zh) == ("dead", "死单")


def test_any_movement_ends_hanging() -> None:
    """R19: a system's word is no movement, a person's is."""
    life = Life(packing="").later(days=15)
    life.does("payment_received", role=Role.SYSTEM, by="bank", amount="1.00", reference="T")
    assert life.order.headline.value == "hanging"
    life.does("contact_logged", channel="phone", words="x")
    assert life.order.headline.value == "incomplete"
    life.later(days=15)
    assert life.order.headline.value == "hanging"
