"""While a wish to cancel waits for its decision the customer is reminded of nothing (R51, R84)."""

from __future__ import annotations

import pytest

from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Subject
from models.values.vocabulary import Role
from tests.models.life import Life


def reminded(life: Life) -> list[str]:
    """Of what the customer was reminded as overdue."""
    return [
        each.identity.split(":")[1]
        for each in life.order.unsent
        if each.paper is Paper.OVERDUE and Role.CUSTOMER in each.to
    ]


@pytest.mark.parametrize("outcome", ["refuse", "approve"])
def test_the_balance_is_not_asked_for_until_the_supervisor_has_decided(outcome: str) -> None:
    """R51: overdue on the eighth day otherwise; refused: the reminder goes out at once."""
    life = Life().in_warehouse()
    assert "balance" in life.waiting
    life.later(days=6).does("cancellation_requested", reason="不要了").later(days=5)
    assert reminded(life) == []
    assert life.order.steps["balance"].overdue_at is None
    assert life.order.steps["decision:cancellation"].overdue_at is not None, "the supervisor is reminded"
    detail = {"cost": "100.00"} if outcome == "approve" else {}
    life.decide(Subject.CANCELLATION, outcome, **detail).later(hours=1)
    assert reminded(life) == (["balance"] if outcome == "refuse" else [])


def test_an_escalation_rests_as_well() -> None:
    """R13: overdue before the wish came; the superior hears of it when the wish was refused."""
    life = Life().in_warehouse().later(days=8)
    assert reminded(life) == ["balance"]
    assert life.order.steps["balance"].escalated_at is None
    life.does("cancellation_requested", reason="不要了").later(days=3)
    assert life.order.steps["balance"].escalated_at is None
    life.decide(Subject.CANCELLATION, "refuse")
    assert life.order.steps["balance"].escalated_at == life.now
    assert len(life.entries(EntryKind.ESCALATED, "balance")) == 1


def test_no_balance_notice_is_written_while_a_wish_to_cancel_waits() -> None:
    """R51: made and passed meanwhile; it is asked for once the wish was refused."""
    life = Life().in_production().does("cancellation_requested", reason="不要了").made().passed()
    assert life.papers("balance_notice") == []
    life.decide(Subject.CANCELLATION, "refuse")
    assert life.papers("balance_notice") == ["balance notice: CNY 3500.00 is due"]


def test_the_clock_of_a_resting_step_wakes_nobody() -> None:
    """Its limit has passed, and the order is not woken for it again and again."""
    life = Life().in_warehouse().does("cancellation_requested", reason="不要了")
    before = len(life.later(days=60).order.unsaved)
    assert len(life.later(days=60).order.unsaved) == before


def test_the_companys_own_steps_go_on() -> None:
    """R13: what the house must do is watched as ever."""
    life = Life().in_production().does("cancellation_requested", reason="不要了").later(days=9)
    assert {entry.subject for entry in life.entries(EntryKind.OVERDUE)} >= {"decision:cancellation"}


def test_sheet_and_deposit_are_not_asked_for_while_a_wish_to_cancel_waits() -> None:
    """R32, R33: a new version of the sheet is out after production began, and the deposit has bounced."""
    life = Life().in_production()
    life.does("amendment_requested", reason="换包装", changes={"packing": "20 卷一箱"})
    life.decide(Subject.AMENDMENT, "approve").decide(
        Subject.PRODUCTION_DATE,
        "dated",
        line=1,
        production_date=life.day(1).isoformat(),
        quantity="1000",
        finished_date=life.day(5).isoformat(),
    )
    life.does("payment_bounced", reference=life.order.ledger.payments[0].reference)
    life.does("sheet_sent", version=2)
    assert {"sheet_back:2", "deposit"} <= life.waiting
    life.does("cancellation_requested", reason="不要了").later(days=9)
    assert reminded(life) == []
    life.decide(Subject.CANCELLATION, "refuse")
    assert sorted(reminded(life)) == ["deposit", "sheet_back", "sheet_legible"]
