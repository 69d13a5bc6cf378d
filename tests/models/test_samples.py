"""Samples (R130): looked into, made, sent without a deposit, tried in rounds, approved, given up, or closed by silence."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.forms.order_form import filled_as, filled_by_sample
from models.messages.decision_subjects import Outcome, Subject
from models.order.kinds.kind import KINDS
from models.values.calendar import end_of
from models.values.vocabulary import Ending, Fulfilment, Headline, PhaseName, Role
from tests.models.life import SIGNER, Life, line, refused, start
from workflows.procedure import begin


class Sample(Life):
    """So many rolls of a sample, without price where they are free."""

    def __init__(self, quantity: str = "3", **changes: Any) -> None:
        asked: dict[str, Any] = {
            "fulfilment": "sample",
            "lines": [line(1, quantity=quantity, unit_price=None if Decimal(quantity) <= 3 else "30.00")],
            "payment_terms": None,
            "deposit_percent": None,
            "packing": "",
        }
        super().__init__(**{"listed": {"list_price": "30.00"}, **asked, **changes})
        self.pieces = quantity

    def dated(self) -> Sample:
        """Technical and production say yes."""
        self.decide(Subject.TECHNICAL, "producible", line=1, material_note="有存")
        day = self.now.date().isoformat()
        self.decide(
            Subject.PRODUCTION_DATE,
            "dated",
            line=1,
            production_date=day,
            quantity=self.pieces,
            finished_date=day,
        )
        return self

    def received(self, number: int = 1) -> Sample:
        """Made, inspected, sent and received, in round `number`."""
        self.does("production_signed", version=number, clerk="service_clerk-1")
        self.made(self.pieces, lot=str(number)).passed(self.pieces, lot=str(number))
        self.sent(str(number)).does("arrived", shipment=str(number), place="深圳")
        self.does("delivery_receipt", shipment=str(number), signed_by=SIGNER)
        return self


def test_a_free_sample_lives_to_its_approval() -> None:
    life = Sample()
    assert (life.order.phase, life.waiting) == (PhaseName.TECHNICAL, {"decision:technical:1"})
    life.dated()
    assert life.waiting == {"hand_over:1"}
    life.received()
    assert (life.order.phase, life.order.headline) == (PhaseName.TRIAL, Headline.ON_TRIAL)
    assert "decision:trial" in life.waiting
    life.decide(Subject.TRIAL, "approve")
    assert (life.order.ending, life.order.sample.result) == (Ending.SETTLED, Outcome.APPROVE)
    assert (life.order.bill, life.order.total) == (Decimal("0.00"), Decimal("0.00"))
    asked = {entry.subject.partition(":")[0] for entry in life.entries(EntryKind.ASKED)}
    assert asked == {"technical", "production_date", "trial"}


@pytest.mark.parametrize(
    ("pieces", "fee"), [("1", "0.00"), ("3", "0.00"), ("3.001", "90.03"), ("4", "120.00")]
)
def test_up_to_three_pieces_are_free_and_more_have_a_fee(pieces: str, fee: str) -> None:
    life = Sample(pieces)
    assert (life.order.total, life.order.deposit_due) == (Decimal(fee), Decimal("0.00"))


def test_what_is_free_needs_no_price_and_what_has_a_fee_does() -> None:
    assert "details" not in Sample().waiting
    assert "details" in Sample("4", lines=[line(1, quantity="4", unit_price=None)]).waiting


def test_no_deposit_is_asked_whatever_the_terms_are_and_the_fee_is_due_afterwards() -> None:
    """R33, R37, R38, R61 do not apply."""
    life = Sample("4", payment_terms="deposit", deposit_percent="30").dated().received()
    assert (life.order.bill, life.order.open_balance) == (Decimal("120.00"), Decimal("120.00"))
    life.decide(Subject.TRIAL, "refuse")
    assert life.waiting == {"account_balance"}
    assert life.paid("120.00").order.ending is Ending.SETTLED


def test_a_change_makes_another_round_for_no_more_money() -> None:
    life = Sample("4").dated().received()
    refused(life.answer(Subject.TRIAL, "change"), "missing_field")
    life.decide(Subject.TRIAL, "change", words="再厚一点")
    assert (life.order.phase, life.order.sample.round) == (PhaseName.TECHNICAL, 2)
    assert "decision:technical:1" in life.waiting
    assert life.papers("sample_round") == ["samples, round 2: 再厚一点"]
    life.later(days=1).dated().received(2)
    assert life.order.headline is Headline.ON_TRIAL
    assert life.order.decision(Subject.TRIAL).version == 2  # type: ignore[union-attr]
    assert (life.order.bill, life.order.open_balance) == (Decimal("120.00"), Decimal("120.00"))


def test_after_three_rounds_the_supervisor_decides() -> None:
    life = Sample().dated().received()
    for number in (2, 3):
        life.decide(Subject.TRIAL, "change", words="再改")
        life.dated().received(number)
    life.decide(Subject.TRIAL, "change", words="再改")
    assert "decision:another_round" in life.waiting
    assert life.order.sample.round == 3
    life.later(days=30)  # silence is no answer here
    assert life.order.lives
    refused(life.answer(Subject.ANOTHER_ROUND, "approve", role=Role.SALESPERSON), "wrong_role")
    life.decide(Subject.ANOTHER_ROUND, "approve").dated().received(4)
    life.decide(Subject.TRIAL, "change", words="再改").decide(Subject.ANOTHER_ROUND, "refuse")
    assert (life.order.ending, life.order.sample.result) == (Ending.SETTLED, Outcome.END)


def test_silence_is_reminded_of_and_closes_the_trial_at_the_end_of_day_fifteen() -> None:
    life = Sample().dated().received()
    over = end_of((life.now + timedelta(days=15)).date())
    assert life.order.steps["decision:trial"].due == over
    life.until(over - timedelta(days=3, seconds=1))
    assert not life.papers("trial_reminder")
    life.until(over - timedelta(days=3))
    assert len(life.papers("trial_reminder")) == 1
    life.until(over - timedelta(seconds=1))
    assert life.order.lives
    life.until(over)
    assert (life.order.ending, life.order.sample.result) == (Ending.SETTLED, None)
    assert not life.entries(EntryKind.OVERDUE, "decision:trial")


def test_a_receipt_that_is_told_late_leaves_the_whole_time_of_trial() -> None:
    life = Sample().dated()
    life.does("production_signed", version=1, clerk="service_clerk-1")
    life.made("3", lot="1").passed("3", lot="1").sent("1")
    arrived = life.now
    life.later(days=17)
    life.does("delivery_receipt", shipment="1", signed_by=SIGNER, happened=arrived + timedelta(hours=1))
    assert life.order.sample.tried_at is None
    assert len(life.papers("trial_begins")) == 1
    assert life.order.steps["decision:trial"].due == end_of((life.now + timedelta(days=15)).date())


def test_days_on_hold_are_no_days_of_trial() -> None:
    life = Sample().dated().received()
    received = life.now
    life.does("hold_placed", reason="客户停工").later(days=4).does("hold_released", reason="复工")
    assert life.order.steps["decision:trial"].due == end_of((received + timedelta(days=15 + 4)).date())


def test_a_sample_that_nobody_collects_is_a_dead_order() -> None:
    """R76: nothing was received, so nothing is tried."""
    life = Sample().dated()
    life.does("production_signed", version=1, clerk="service_clerk-1").made("3").passed("3")
    life.sent().does("arrived", shipment="1", place="深圳").later(days=17)
    assert "decision:trial" not in life.waiting
    assert life.order.shipments[0].recalled


def test_what_cannot_be_made_ends_it_and_cancelling_is_free_before_anything_is_made() -> None:
    """R22, R84"""
    life = (
        Sample().decide(Subject.TECHNICAL, "not_producible", line=1).decide(Subject.OLD_RECIPE, "end", line=1)
    )
    assert life.order.ending is Ending.NOT_PRODUCIBLE
    early = Sample().dated().does("cancellation_requested", role=Role.CUSTOMER, reason="不要了")
    assert early.order.ending is Ending.CANCELLED


def test_every_phase_of_the_kind_has_its_place() -> None:
    kind = KINDS[Fulfilment.SAMPLE]
    assert set(kind.headlines) == set(kind.phases)


def test_the_fee_of_a_sample_is_credited_to_the_order_of_it() -> None:
    """R130: 120.00 against 5,000.00: a deposit of 1,500.00, and 1,380.00 is asked."""
    begun = start(sample="20270201-0001").model_copy(update={"sample_credit": Decimal("120.00")})
    life = Life()
    life.order = begin(begun, life.placed)
    assert (life.order.total, life.order.deposit_due) == (Decimal("5000.00"), Decimal("1380.00"))
    assert life.order.open_balance == Decimal("4880.00")
    life.confirmed("1380.00").does("production_signed", version=1, clerk="service_clerk-1").made().passed()
    assert (life.order.bill, life.order.open_balance) == (Decimal("5000.00"), Decimal("3500.00"))
    life.paid("3500.00").decide(Subject.FINANCE_RELEASE, "release").sent().does(
        "arrived", shipment="1", place="深圳"
    )
    life.does("delivery_receipt", shipment="1", signed_by=SIGNER)
    assert (life.order.ending, life.order.open_balance) == (Ending.SETTLED, Decimal("0.00"))


def test_a_prepaid_order_asks_for_the_whole_less_the_fee() -> None:
    begun = start(sample="20270201-0001", payment_terms="prepaid").model_copy(
        update={"sample_credit": Decimal("120.00")}
    )
    assert begin(begun, begun.placed_at).deposit_due == Decimal("4880.00")


def test_the_form_of_an_order_by_a_sample_has_its_number_and_no_quantity() -> None:
    filled = filled_by_sample(filled_as(Sample().order.request), "20270301-0001")
    assert filled["sample"] == "20270301-0001"
    assert filled["lines.0.product"] == "TP-80"
    assert not {"fulfilment", "lines.0.quantity", "lines.0.unit_price"} & set(filled)
