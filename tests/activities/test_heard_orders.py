"""What a customer ordered by word is entered within the limit, and entering it is what closes the step (R13, D4.3.3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from activities.desk.heard_orders import note_heard
from activities.facts.desk_steps import open_desk_steps
from activities.orders.requests import open_request
from models.policy import Policy
from models.reports.desk_steps import DeskStepKind
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from tests.activities.conftest import NOW, order_request

POLICY = Policy()
CUSTOMER = order_request().customer


def waiting(engine: Engine) -> list[str]:
    return [
        step.about["words"]
        for step in open_desk_steps(engine, Role.SALESPERSON)
        if step.kind is DeskStepKind.ORDER_HEARD
    ]


def test_it_is_due_a_day_after_it_was_said_and_done_by_the_order(company: Engine) -> None:
    said_at = NOW - timedelta(hours=3)
    step = note_heard(company, CUSTOMER, "再来一千卷", said_at, "s-7", POLICY, NOW)
    assert step.due == said_at + timedelta(hours=24)
    note_heard(company, CUSTOMER, "再来一千卷", said_at, "s-7", POLICY, NOW)
    note_heard(company, CUSTOMER, "另要标签纸", NOW, "s-7", POLICY, NOW)
    assert waiting(company) == ["再来一千卷", "另要标签纸"], "the same word twice is one step"
    open_request(company, order_request(), NOW, POLICY)
    assert waiting(company) == ["另要标签纸"], "the oldest is done by it"
    open_request(company, order_request(), NOW, POLICY)
    assert waiting(company) == ["另要标签纸"], "the same request again is no other order"


@pytest.mark.parametrize(
    ("customer", "words", "late", "code", "where"),
    [
        ("K-none", "再来一千卷", 0, Code.UNKNOWN_CUSTOMER, "customer"),
        (CUSTOMER, "  ", 0, Code.MISSING_FIELD, "words"),
        (CUSTOMER, "字" * 1001, 0, Code.MISSING_FIELD, "words"),
        (CUSTOMER, "再来一千卷", -1, Code.IN_FUTURE, "heard_at"),
    ],
)
def test_what_is_not_noted(
    company: Engine, customer: str, words: str, late: int, code: Code, where: str
) -> None:
    with pytest.raises(Refusal) as caught:
        note_heard(company, customer, words, NOW - timedelta(hours=late), "s-7", POLICY, NOW)
    assert (caught.value.code, caught.value.where) == (code, where)
    assert waiting(company) == []
