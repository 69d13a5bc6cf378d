"""Random lives of shop orders: stock is never sold twice, money is on the bill or back, and every order ends (R39, R110, R123, R124)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.messages.decision_subjects import Subject
from models.values.money import ZERO
from models.values.vocabulary import Ending, Role
from tests.models.shop_life import ShopLife
from tests.models.stock_life import stock_of


def act(life: ShopLife, what: str, data: st.DataObject) -> None:
    """Something happens; whether the order takes it is its own affair."""
    HAPPENS[what](life, data)


def pays_a_part(life: ShopLife, data: st.DataObject) -> None:
    amount = data.draw(st.sampled_from(["0.01", "100.00", "175.99", "176.01", "400.00"]))
    money(life, amount, f"P-{life.said}")


def told_again(life: ShopLife, data: st.DataObject) -> None:
    for payment in life.order.ledger.payments[:1]:
        money(life, str(payment.amount), payment.reference.removeprefix("test:"))


def bounces(life: ShopLife, data: st.DataObject) -> None:
    for payment in life.order.ledger.payments[-1:]:
        life.tell("payment_bounced", role=Role.SYSTEM, reference=payment.reference)


def staff_cancels(life: ShopLife, data: st.DataObject) -> None:
    life.tell("cancellation_requested", role=Role.SALESPERSON, reason="来电")
    life.answer(Subject.CANCELLATION, data.draw(st.sampled_from(["approve", "refuse"])))


HAPPENS: dict[str, Callable[[ShopLife, st.DataObject], object]] = {
    "pays": lambda life, data: money(life, "176.00", f"P-{life.said}"),
    "pays_a_part": pays_a_part,
    "told_again": told_again,
    "pays_earlier": lambda life, data: money(
        life, "176.00", f"P-{life.said}", hours=data.draw(st.sampled_from([1, 10, 30]))
    ),
    "bounces": bounces,
    "cancels": lambda life, data: life.tell("cancellation_requested", role=Role.CUSTOMER, reason="不要了"),
    "staff_cancels": staff_cancels,
    "hours": lambda life, data: life.later(hours=data.draw(st.sampled_from([1, 2, 12, 24]))),
    "days": lambda life, data: life.later(days=data.draw(st.sampled_from([2, 8, 20]))),
    "goods_go": lambda life, data: life.comes(f"-{min(Decimal(3), life.stock.items['TP-80'].on_hand)}"),
    "goods_come": lambda life, data: life.comes("5"),
    "held": lambda life, data: life.tell(
        "hold_placed", reason="-", customer_clocks_stop=data.draw(st.booleans())
    ),
    "goes_on": lambda life, data: life.tell("hold_released", reason="-"),
    "accepts": lambda life, data: life.answer(Subject.MERCHANT_ACCEPTANCE, "accept"),
    "refuses": lambda life, data: life.answer(Subject.MERCHANT_ACCEPTANCE, "refuse", words="无货"),
    "reviews": lambda life, data: life.answer(
        Subject.SHOP_REVIEW, data.draw(st.sampled_from(["accept", "refuse"])), **refusal(data)
    ),
    "picks": lambda life, data: life.tell("picked"),
    "sends": lambda life, data: sends(life),
    "delivers": lambda life, data: delivers(life),
    "chooses": lambda life, data: chooses(
        life, data.draw(st.sampled_from(["wait", "split", "cancel"])), data.draw(st.booleans())
    ),
    "settles_refund": lambda life, data: life.answer(
        Subject.FAILED_REFUND, data.draw(st.sampled_from(["refund", "try_again"])), reference="B-1"
    ),
}
ACTS = ("pays", "hours", *HAPPENS)


def refusal(data: st.DataObject) -> dict[str, Any]:
    return {"words": data.draw(st.sampled_from(["", "不符"]))}


def money(life: ShopLife, amount: str, payment: str, hours: int = 0) -> None:
    paid_at = max(life.now - timedelta(hours=hours), life.placed)
    life.tell(
        "payment_received", role=Role.SYSTEM, by="shop", happened=paid_at, amount=amount, method="online",
        purpose="whole", reference=f"test:{payment}", paid_at=paid_at.isoformat(),
    )  # fmt: skip


def sends(life: ShopLife) -> None:
    shipment = f"S{life.said}"
    life.tell("document_supplied", role=Role.SERVICE_CLERK, **life.notice())
    life.tell("transport_arranged", carrier="顺丰", method="courier")
    life.tell("shipping_read_back")
    life.tell("shipped", shipment=shipment, carrier="顺丰", tracking_number=shipment)


def delivers(life: ShopLife) -> None:
    for shipment in life.order.shipments:
        life.tell("arrived", shipment=shipment.shipment)
        life.tell("delivery_receipt", shipment=shipment.shipment, signed_by="王芳")


def chooses(life: ShopLife, outcome: str, part: bool) -> None:
    detail: dict[str, Any] = {"only_what_is_missing": part} if outcome == "cancel" else {}
    if outcome != "cancel":
        detail = {"expected": (life.now + timedelta(days=3)).date().isoformat()}
    life.answer(Subject.SHORTAGE, outcome, **detail)


def holds(life: ShopLife) -> None:
    """What is true at every moment."""
    item, ledger, order = life.stock.items["TP-80"], life.order.ledger, life.order
    assert item.available >= 0
    assert item.reserved >= 0
    assert ledger.received - ledger.refunded - ledger.kept == ledger.paid - ledger.kept
    assert ledger.refunded == sum((each.amount for each in order.shop.refunds if each.reference), ZERO)
    assert order.steps or order.ending is not None


ANSWERS: tuple[tuple[Subject, str, dict[str, Any]], ...] = (
    (Subject.SHOP_REVIEW, "accept", {}),
    (Subject.SHORTAGE, "cancel", {}),
    (Subject.MERCHANT_ACCEPTANCE, "accept", {}),
    (Subject.FAILED_REFUND, "refund", {"reference": "B-9"}),
    (Subject.CANCELLATION, "approve", {}),
    (Subject.CANCELLATION, "refuse", {}),  # where everything has left, nothing is there to be cancelled
    (Subject.HANGING, "close", {}),
)


def brought_to_its_end(life: ShopLife) -> None:
    """Everybody does what is theirs, and time passes."""
    for _ in range(60):
        if life.order.ending is not None:
            return
        if life.order.hold is not None:
            life.tell("hold_released", reason="-")
        if any(key.startswith("await_stock") for key in life.order.steps):
            life.comes("5")
        for owed in [
            step for key, step in life.order.steps.items() if key in ("prepayment", "account_balance")
        ]:
            money(life, owed.values["amount"], f"Q-{life.said}")
        for trouble in life.order.unresolved:
            life.tell(
                "exception_resolved", role=Role.SERVICE_SUPERVISOR, exception=trouble.key, resolution="-"
            )
        for subject, outcome, detail in ANSWERS:
            if f"decision:{subject.value}" in life.order.steps:
                life.answer(subject, outcome, **detail)
        life.tell("picked")
        if any(release.outstanding for release in life.order.releases):
            sends(life)
        delivers(life)
        life.later(days=2)
    raise AssertionError(f"it does not end: {sorted(life.order.steps)} in {life.order.phase}")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
@pytest.mark.timeout(300)
def test_whatever_happens_it_ends_and_its_money_is_where_it_belongs(data: st.DataObject) -> None:
    life = ShopLife(
        stock_of(TP_80=data.draw(st.sampled_from(["10", "10", "2", "1", "0"]))),
        provider={
            "paid_at_the_limit": data.draw(st.booleans()),
            "refuses_refunds": data.draw(st.sampled_from([0, 0, 1, 2])),
        },
        terms={"seen_total": data.draw(st.sampled_from(["176.00", "176.00", "170.00"]))},
        policy={"shop": {"provider_confirms": data.draw(st.sampled_from([True, True, False]))}},
    )
    for what in data.draw(st.lists(st.sampled_from(ACTS), max_size=14)):
        act(life, what, data)
        holds(life)
    for payment in life.order.ledger.unconfirmed:
        life.tell(
            "payment_received", role=Role.FINANCE, amount=str(payment.amount), method="online",
            purpose="whole", reference=payment.reference,
        )  # fmt: skip
    brought_to_its_end(life)
    holds(life)
    order = life.order
    if order.ending is Ending.SETTLED:
        assert order.ledger.paid == order.bill + order.cancellation_cost
    else:
        assert (order.ledger.paid - order.ledger.kept, order.bill) == (ZERO, ZERO)
    reserved = [each for each in life.stock.reservations.values() if each.state.counts and each.quantity > 0]
    assert reserved == []
