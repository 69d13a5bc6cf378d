"""The credit book in the order database: let through and bound in one transaction, on SQLite and on PostgreSQL (R108, R109)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select

from activities.credit.assessing import assess, assessments_of
from activities.facts import pending_facts
from activities.orders.recording.recorder import Recorder
from activities.orders.references import customer_file
from activities.store import imports
from activities.store.company_changes import Teller, changes_of
from activities.store.database import reading
from models.company.record_changes import ChangeWay, RecordKind
from models.credit.assessment import CreditAssessment, CreditStanding
from models.dossier.dossier import Dossier
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst, Saved
from models.messages.decision_subjects import Subject
from models.order.money.exposure import bound_credit
from models.order.projection import changed_rows
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from rehearsal.stand_ins.books_in_memory import BooksInMemory, Tell
from tests.models.life import SIGNER, Life, line, start
from workflows.procedure import begin

CUSTOMER = "K-1"
NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
FINANCE = Teller("finance-1", ChangeWay.PAGE, NOW)


class Unanswered(BooksInMemory):
    """Questions stay open: the order database answers them."""

    def answer(self, dossier: Dossier, tell: Tell) -> None:
        """Not here."""


class Lived:
    """An order on account whose every change goes into the order database, which answers what it asks."""

    def __init__(self, engine: Engine, number: str, price: str = "10.00", **changes: Any) -> None:
        self.recorder = Recorder(engine)
        customer = {
            "customer_class": "A",
            "contract": {"reference": "HT-1", "payment_terms": "on_account"},
            "credit": "limited",
            **changes.pop("customer", {}),
        }
        asked = {"payment_terms": "on_account", "lines": [line(1, unit_price=price)], **changes}
        self.life = Life(books=Unanswered(), customer=customer, **asked)
        started = start(customer=customer, **asked).model_copy(update={"number": number})
        self.life.order = begin(started, self.life.placed)
        self.rows: dict[str, str] = {}
        self.after, self.head = 0, FIRST_LINK
        self.save()

    def burst(self) -> Burst:
        order = self.life.order
        rows, self.rows = changed_rows(order, self.rows)
        return Burst(
            order=order.number, epoch=0, after_sequence=self.after, after_hash=self.head, entries=list(order.unsaved),
            rows=rows, intentions=list(order.unsent), questions=list(order.questions.values()),
        )  # fmt: skip

    def save(self) -> Saved:
        """Record, and hear what the books answer, until nothing is asked any more."""
        saved = self.recorder.record(self.burst())
        self.hear(saved)
        return saved

    def hear(self, saved: Saved) -> None:
        order = self.life.order
        self.after, self.head = saved.sequence, saved.hash
        order.unsaved, order.unsent = [], []
        for answer in saved.answers:
            said = answer.envelope()
            self.life.tell(
                said["kind"], by=said["by"], role=Role.SYSTEM, fact_id=said["fact_id"],
                happened=datetime.fromisoformat(said["happened_at"]), **said["content"],
            )  # fmt: skip
        if saved.answers or order.unsaved:
            self.save()

    def does(self, kind: str, **content: Any) -> None:
        self.life.does(kind, **content)
        self.save()

    def verified(self) -> Lived:
        self.life.verified()
        self.save()
        return self

    @property
    def held(self) -> bool:
        return "decision:credit" in self.life.waiting


@pytest.fixture
def limited(engine: Engine) -> Engine:
    """The customer may owe 10,000.00."""
    row = imports.CustomerRow(customer=CUSTOMER, name="红枫包装", credit_limit=Decimal("10000.00"))
    imports.import_customers(engine, [row], teller=Teller("clerk", at=NOW))
    return engine


def commitments(engine: Engine) -> dict[str, str]:
    rows = table("credit_commitments")
    with reading(engine) as connection:
        return {row.order_number: str(row.amount) for row in connection.execute(select(rows))}


def test_what_is_let_through_is_bound_and_the_next_order_is_held(limited: Engine) -> None:
    """R109: 10,000.00 to use: the first order takes it, the second is held, and goes on when the first is cancelled."""
    first, second = Lived(limited, "N-1").verified(), Lived(limited, "N-2").verified()
    assert (first.held, second.held) == (False, True)
    assert commitments(limited) == {"N-1": "10000.00"}
    first.does("cancellation_requested", reason="不要了")
    second.does("credit_review_requested", role=Role.SALESPERSON)
    assert not second.held
    assert bound_credit(second.life.order) == Decimal("10000.00")


def test_two_orders_at_the_same_instant_cannot_both_use_the_last_yuan(limited: Engine) -> None:
    """R109: 10,000.00 each and 10,000.00 to use: exactly one is held, whichever comes first, on both databases."""
    for round_ in range(4):
        orders = [Lived(limited, f"N-{round_}{n}") for n in range(2)]
        for order in orders:
            order.life.verified()
        gate = threading.Barrier(len(orders))

        def at_once(order: Lived, gate: threading.Barrier = gate) -> Saved:
            burst = order.burst()
            gate.wait()
            return order.recorder.record(burst)

        with ThreadPoolExecutor(len(orders)) as pool:
            saved = list(pool.map(at_once, orders))
        for order, answered in zip(orders, saved, strict=True):
            order.hear(answered)
        assert sorted(order.held for order in orders) == [False, True]
        for order in orders:
            order.does("cancellation_requested", reason="下一轮")


def test_a_burst_delivered_twice_is_answered_alike_and_binds_once(limited: Engine) -> None:
    """R109: after a lost answer the same question has the same answer."""
    first, second = Lived(limited, "N-1"), Lived(limited, "N-2")
    first.life.verified()
    burst = first.burst()
    lost = first.recorder.record(burst)
    second.verified()
    assert second.held
    again = first.recorder.record(burst)
    assert again.answers == lost.answers
    first.hear(again)
    assert not first.held
    assert commitments(limited) == {"N-1": "10000.00"}


def test_an_answer_that_is_not_heard_yet_binds_all_the_same(limited: Engine) -> None:
    """R109: whatever the order's own row says meanwhile."""
    first, second = Lived(limited, "N-1"), Lived(limited, "N-2")
    first.life.verified()
    first.recorder.record(first.burst())  # nobody heard
    assert second.verified().held
    assert second.life.order.credit.verdict is not None
    assert second.life.order.credit.verdict.others == Decimal("10000.00")


def test_money_makes_room_as_it_comes_and_takes_it_back_when_it_bounces(limited: Engine) -> None:
    """R109: the commitment moves with the order's money."""
    first = Lived(limited, "N-1").verified()
    first.does("payment_received", role=Role.FINANCE, amount="4000.00", reference="T-1")
    second = Lived(limited, "N-2", price="4.00").verified()
    assert not second.held
    first.does("payment_bounced", role=Role.FINANCE, reference="T-1")
    assert first.held
    assert first.life.order.credit.verdict is not None
    assert first.life.order.credit.verdict.others == Decimal("4000.00")
    first.life.decide(Subject.CREDIT, "free", reason="旺季")
    first.save()
    assert not first.held


def test_goods_that_were_delivered_count_until_they_are_paid(limited: Engine) -> None:
    """R109: delivered 6,000.00 and not paid: 4,000.00 pass, a fen more is held."""
    first = Lived(limited, "N-1", price="6.00").verified()
    first.life.sheet_out().does("production_signed", version=1, clerk="service_clerk-1").made().passed()
    first.save()
    first.life.sent().does("arrived", shipment="1").does("delivery_receipt", shipment="1", signed_by=SIGNER)
    first.save()
    assert not Lived(limited, "N-2", price="4.00").verified().held
    third = Lived(limited, "N-3", lines=[line(1, quantity="1", unit_price="0.01")]).verified()
    assert third.held


def test_finance_assesses_on_the_page_and_open_orders_look_again(limited: Engine) -> None:
    """R108: the new limit stands in the history with who gave it; an order that was held hears of it by itself."""
    Lived(limited, "N-1").verified()
    held = Lived(limited, "N-2").verified()
    told = assess(limited, CUSTOMER, CreditAssessment(limit=Decimal("20000.00"), reason="年审"), FINANCE)
    assert told == 2
    waiting = [each for each in pending_facts.waiting(limited) if each.order_number == "N-2"]
    assert [each.envelope.kind for each in waiting] == ["credit_review_requested"]
    said = waiting[0].envelope
    held.does(said.kind, role=said.role, by=said.by, fact_id=said.fact_id, **said.content)
    assert not held.held
    known = assessments_of(limited, CUSTOMER)
    assert [(str(each.credit_limit), each.assessed_by, each.reason) for each in known] == [
        ("20000.00", "finance-1", "年审"),
        ("10000.00", "clerk", ""),
    ]
    changed = changes_of(limited, RecordKind.CUSTOMER, CUSTOMER)[0]
    assert [(each.field, each.before, each.after) for each in changed.fields] == [
        ("credit_limit", "10000.00", "20000.00")
    ]


def test_an_assessment_on_an_order_is_the_customers(engine: Engine) -> None:
    """R108: finance gives it on the order that waits for it; the customer's file has it for the next one."""
    row = imports.CustomerRow(customer=CUSTOMER, name="红枫包装", credit=CreditStanding.UNASSESSED)
    imports.import_customers(engine, [row])
    order = Lived(engine, "N-1", customer={"credit": "unassessed"}).verified()
    assert order.life.waiting == {"assess_customer"}
    order.does("credit_assessed", limit="10000.00", reason="查过资信")
    assert not order.held
    with reading(engine) as connection:
        file, _ = customer_file(connection, CUSTOMER)
    assert (file.credit, file.credit_limit) == (CreditStanding.LIMITED, Decimal("10000.00"))
    assert [(each.order_number, each.reason) for each in assessments_of(engine, CUSTOMER)] == [
        ("N-1", "查过资信")
    ]


def test_imported_again_with_the_same_limit_adds_nothing_to_the_history(limited: Engine) -> None:
    """R108: another limit is another assessment; a file that says nothing of it leaves it as it is."""
    row = imports.CustomerRow(customer=CUSTOMER, name="红枫包装", credit_limit=Decimal("10000.00"))
    imports.import_customers(limited, [row])
    imports.import_customers(limited, [imports.CustomerRow(customer=CUSTOMER, name="红枫")])
    assert len(assessments_of(limited, CUSTOMER)) == 1
    imports.import_customers(
        limited, [imports.CustomerRow(customer=CUSTOMER, name="红枫", credit=CreditStanding.PREPAID_ONLY)]
    )
    assert [each.credit_limit for each in assessments_of(limited, CUSTOMER)] == [None, Decimal("10000.00")]


def test_a_file_names_a_limit_with_its_standing_or_is_refused() -> None:
    """R108: `limited` without a limit, and a limit for who is not limited."""
    for wrong in (
        {"credit": "limited"},
        {"credit": "unassessed", "credit_limit": "1.00"},
        {"credit_limit": "-1"},
    ):
        with pytest.raises(ValueError, match=r"credit_limit|negative"):
            imports.CustomerRow.model_validate({"customer": "K", "name": "K", **wrong})


def test_a_customer_whom_nobody_has_is_refused(engine: Engine) -> None:
    """R108"""
    with pytest.raises(Refusal, match="no customer"):
        assess(engine, "K-9", CreditAssessment(limit=Decimal("1.00")), FINANCE)


def test_a_customers_salesperson_does_not_assess_them(engine: Engine) -> None:
    """R106, R108: by the page and the command, and by a file that they hand in; finance does, and a file of nobody's."""
    row = imports.CustomerRow(customer=CUSTOMER, name="红枫包装", salesperson="finance-1")
    imports.import_customers(engine, [row])
    limit = CreditAssessment(limit=Decimal("1.00"))
    with pytest.raises(Refusal) as found:
        assess(engine, CUSTOMER, limit, FINANCE)
    assert (found.value.code, found.value.where, found.value.rule) == (Code.SAME_PERSON, "by", "R108")
    raised = row.model_copy(update={"credit": CreditStanding.LIMITED, "credit_limit": Decimal("1.00")})
    given_away = raised.model_copy(update={"salesperson": ""})
    for each in (raised, given_away):
        refused: list[tuple[int, Refusal]] = []
        assert imports.import_customers(engine, [each], refused, FINANCE) == 0
        assert [(place, refusal.code) for place, refusal in refused] == [(0, Code.SAME_PERSON)]
    assert assessments_of(engine, CUSTOMER) == []
    assert imports.import_customers(engine, [raised]) == 1
    assert assess(engine, CUSTOMER, limit, Teller("finance-2")) == 0
