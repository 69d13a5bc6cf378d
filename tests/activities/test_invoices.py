"""Invoices in the order database: a number once in the house, and invoices of orders that have ended (R162 to R164)."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from activities.cases.refunds import count_refund
from activities.facts import pending_facts
from activities.facts.desk_steps import open_desk_steps
from activities.invoices.after_the_end import take_after_the_end
from activities.invoices.invoice_lists import find_invoices, invoices_of
from activities.orders.recording.recorder import Recorder
from activities.store.database import reading, writing
from models.cases.replacement import RefundAsked
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst, Claim, Saved
from models.facts.fact_envelope import fact_envelope
from models.messages.decision_subjects import Subject
from models.messages.envelope import Envelope
from models.messages.reply import Reply, Status
from models.order.projection import changed_rows
from models.reports.desk_steps import DeskStepKind
from models.tables.registry import table
from models.values.vocabulary import Role
from tests.models.life import MONDAY, Life, line, start

SHEETS = line(1, quantity="12345", unit="sheet", unit_price="0.0385")
LATER = MONDAY + timedelta(days=20)


class Sheets:
    """12,345 sheets at 0.0385 made, paid and sent, with every change in the order database; ended where it is said."""

    def __init__(self, engine: Engine, number: str, *, ended: bool = True, **also: Any) -> None:
        self.engine, self.number, self.recorder = engine, number, Recorder(engine)
        self.rows: dict[str, str] = {}
        self.after, self.head = 0, FIRST_LINK
        changes: dict[str, Any] = {"lines": [SHEETS], "payment_terms": "prepaid", "number": number, **also}
        begun = start(**changes)
        self.life = life = Life(**changes)
        self.save()
        with writing(engine) as connection:
            connection.execute(
                insert(table("requests")).values(
                    request_id=number, customer="K-1", content_hash="-", number=number, placed_at=MONDAY,
                    start=begun.model_dump(mode="json"),
                )
            )  # fmt: skip
        life.verified().sheet_out().signed()
        life.decide(Subject.SMALL_ORDER, "prepaid", assessment="老客户")
        life.paid("475.28", f"TX-{number}", purpose="whole").decide(Subject.THREE_PARTY, "confirm")
        life.does("production_signed", version=1, clerk="service_clerk-1").made("12345").passed("12345")
        life.decide(Subject.FINANCE_RELEASE, "release").sent().does("arrived", place="深圳")
        if ended:
            life.does("delivery_receipt", signed_by="王芳")
        else:
            life.does("delivery_receipt", role=Role.LOGISTICS, signed_by="王芳")
        self.save()

    def save(self, *claims: Claim) -> Saved:
        order = self.life.order
        rows, self.rows = changed_rows(order, self.rows)
        saved = self.recorder.record(
            Burst(
                order=order.number, epoch=0, after_sequence=self.after, after_hash=self.head,
                entries=list(order.unsaved), rows=rows, intentions=list(order.unsent), claims=list(claims),
            )
        )  # fmt: skip
        self.after, self.head = saved.sequence, saved.hash
        order.unsaved, order.unsent = [], []
        return saved

    def say(self, kind: str, role: Role = Role.FINANCE, fact: str = "", **content: Any) -> Reply:
        """Told after the end."""
        reply = take_after_the_end(self.engine, self.number, said(kind, role, fact, **content), LATER)
        assert reply is not None
        return reply


def said(kind: str, role: Role = Role.FINANCE, fact: str = "", **content: Any) -> Envelope:
    name = fact or f"{kind}/{sorted(content.items())}"
    return fact_envelope(
        f"finance-1/{name}", kind, content, by="finance-1", role=role, happened_at=LATER - timedelta(hours=1)
    )


def asked_for(order: Sheets) -> Reply:
    return order.say("invoice_requested", title="红枫", tax_number="91440300MA5D12345X")


def row_count(engine: Engine, name: str) -> int:
    with reading(engine) as connection:
        return len(connection.execute(select(table(name))).all())


def figures(engine: Engine, order: str) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    book = invoices_of(engine, order).book
    return [(each.number, each.amount, each.net, each.tax) for each in book.invoices]


# --- after the end ---------------------------------------------------------------------------------------------------


@pytest.mark.postgresql
def test_an_order_that_has_ended_is_invoiced_by_the_same_rules(engine: Engine) -> None:
    order = Sheets(engine, "20270301-0001")
    assert order.life.order.ended_at is not None
    assert asked_for(order).status is Status.ACCEPTED
    (step,) = open_desk_steps(engine, Role.FINANCE)
    assert (step.kind, step.about["amount"], step.rule) == (DeskStepKind.INVOICE_ASKED, "475.28", "R162")
    assert "invoice_issued --set request=1" in step.command
    again = asked_for(order)
    assert again.status is Status.KNOWN, "the same fact told twice"
    more = order.say("invoice_requested", fact="more", title="红枫")
    assert (more.status, more.code) == (Status.REFUSED, "above_billed")
    assert order.say("invoice_issued", invoice="F-1", amount="475.28").status is Status.ACCEPTED
    assert open_desk_steps(engine, Role.FINANCE) == []
    found = figures(engine, order.number)
    assert found == [("F-1", Decimal("475.28"), Decimal("420.60"), Decimal("54.68"))]
    with reading(engine) as connection:
        papers = list(connection.scalars(select(table("outbox").c.identity)))
    assert {"invoice_asked:1", "invoice_issued:F-1"} <= set(papers)


@pytest.mark.postgresql
def test_of_an_order_that_goes_on_it_takes_nothing(engine: Engine) -> None:
    order = Sheets(engine, "20270301-0001", ended=False)
    assert take_after_the_end(engine, order.number, said("invoice_issued", invoice="F-1"), LATER) is None
    assert take_after_the_end(engine, order.number, said("cash_cleared", reference="X"), LATER) is None


@pytest.mark.postgresql
def test_goods_that_come_back_after_the_end_are_taken_off_the_invoice(engine: Engine) -> None:
    """2,000 of 12,345 sheets: 77.00, red letter −68.14, −8.86."""
    order = Sheets(engine, "20270301-0001")
    asked_for(order)
    order.say("invoice_issued", invoice="F-1")
    back = RefundAsked(
        case="C20270301-0001-1", round=0, order=order.number, line=1, quantity=Decimal(2000),
        unit_price=Decimal("0.0385"), is_credited=True,
    )  # fmt: skip
    assert count_refund(engine, back, LATER).value == Decimal("77.00")
    (step,) = open_desk_steps(engine, Role.FINANCE)
    assert (step.kind, step.about["amount"], step.about["invoice"]) == (
        DeskStepKind.RED_LETTER_OWED, "77.00", "F-1",
    )  # fmt: skip
    shown = find_invoices(engine)
    assert [(each.invoice, each.amount) for each in shown.owed] == [("F-1", Decimal("77.00"))]
    (note,) = invoices_of(engine, order.number).credit_notes
    assert (note.number, note.amount) == ("CN-C20270301-0001-1-1", Decimal("77.00"))
    too_much = order.say("invoice_reversed", invoice="F-1", red_letter="H-1", reason="退货", amount="475.29")
    assert (too_much.code, too_much.where) == ("above_invoiced", "content.amount")
    order.say("invoice_reversed", invoice="F-1", red_letter="H-1", reason="退货")
    assert figures(engine, order.number)[1] == (
        "H-1", Decimal("-77.00"), Decimal("-68.14"), Decimal("-8.86"),
    )  # fmt: skip
    assert open_desk_steps(engine, Role.FINANCE) == []


@pytest.mark.postgresql
def test_an_order_that_goes_on_hears_of_its_cases_credit(engine: Engine) -> None:
    order = Sheets(engine, "20270301-0001", ended=False)
    back = RefundAsked(
        case="C20270301-0001-1", round=0, order=order.number, line=1, quantity=Decimal(2000),
        unit_price=Decimal("0.0385"), is_credited=True,
    )  # fmt: skip
    count_refund(engine, back, LATER)
    (kept,) = pending_facts.waiting(engine, order=order.number)
    assert (kept.envelope.kind, kept.envelope.content["value"], kept.envelope.content["paid_back"]) == (
        "credit_noted", "77.00", "77.00",
    )  # fmt: skip
    life = order.life.later(days=1)
    life.does("credit_noted", role=Role.SYSTEM, by="system", **kept.envelope.content)
    assert (life.order.bill, life.order.open_balance) == (Decimal("398.28"), Decimal("0.00"))
    order.save()
    assert [note.number for note in invoices_of(engine, order.number).credit_notes] == [
        "CN-C20270301-0001-1-1"
    ], "once, though both the order and the case have it"


def test_a_credit_that_comes_after_the_end_asks_for_its_red_letter(engine: Engine) -> None:
    """R164: the case counted it while the order lived, and the order ended before it heard of it."""
    order = Sheets(engine, "20270301-0001")
    asked_for(order)
    order.say("invoice_issued", invoice="F-1", amount="475.28")
    with writing(engine) as connection:
        connection.execute(
            table("case_refunds").insert().values(
                case_number="C20270301-0001-1", round=0, order_number=order.number, line=1, quantity=Decimal(2000),
                kept_before=Decimal(12345), kept_after=Decimal(10345), value=Decimal("77.00"), payable=Decimal("77.00"),
                counted_at=LATER, credited=True,
            )
        )  # fmt: skip
    reply = order.say(
        "credit_noted", Role.SYSTEM, case="C20270301-0001-1", credit_note="CN-1", line=1, value="77.00", paid_back="77.00"
    )  # fmt: skip
    assert reply.status is Status.KNOWN
    (step,) = open_desk_steps(engine, Role.FINANCE)
    assert (step.kind, step.about["amount"]) == (DeskStepKind.RED_LETTER_OWED, "77.00")


@pytest.mark.postgresql
def test_an_exchange_is_no_credit_note(engine: Engine) -> None:
    order = Sheets(engine, "20270301-0001")
    back = RefundAsked(
        case="C20270301-0001-1", round=0, order=order.number, line=1, quantity=Decimal(2000),
        unit_price=Decimal("0.0385"), is_paid=False,
    )  # fmt: skip
    count_refund(engine, back, LATER)
    assert invoices_of(engine, order.number).billed == Decimal("475.28")


# --- a number once in the house --------------------------------------------------------------------------------------


def at_once(acts: Sequence[Any]) -> list[Any]:
    """All of them at the same moment, each in a thread."""
    gate = Barrier(len(acts))

    def one(act: Any) -> Any:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result() for each in [pool.submit(one, act) for act in acts]]


@pytest.mark.postgresql
def test_of_two_orders_that_use_a_number_at_once_one_has_it(engine: Engine) -> None:
    orders = [Sheets(engine, f"20270301-000{number}", ended=False) for number in (1, 2)]
    answers = at_once(
        [lambda each=each: each.save(Claim(key="invoice:f-1", fact_id="f")).elsewhere for each in orders]
    )
    assert sorted(map(len, answers)) == [0, 1]
    loser = orders[[len(each) for each in answers].index(1)]
    loser.life.order.ledger.claimed_elsewhere.add("invoice:f-1")
    loser.life.does("invoice_requested", title="红枫")
    reply = loser.life.tell("invoice_issued", invoice="Ｆ-1")
    assert (reply.status, reply.code, reply.where) == (
        Status.REFUSED, "invoice_number_used", "content.invoice",
    )  # fmt: skip


@pytest.mark.postgresql
def test_of_two_orders_that_have_ended_one_has_the_number(engine: Engine) -> None:
    orders = [Sheets(engine, f"20270301-000{number}") for number in (1, 2)]
    for each in orders:
        asked_for(each)
    answers = at_once([lambda each=each: each.say("invoice_issued", invoice="F-1") for each in orders])
    assert sorted(each.code for each in answers) == ["", "invoice_number_used"]
    assert row_count(engine, "invoices") == 1
    assert len(find_invoices(engine).waiting) == 1, "the other request still waits, nothing of it was changed"


@pytest.mark.postgresql
def test_of_an_open_order_and_one_that_has_ended_one_has_the_number(engine: Engine) -> None:
    ended, goes_on = Sheets(engine, "20270301-0001"), Sheets(engine, "20270301-0002", ended=False)
    asked_for(ended)
    assert goes_on.save(Claim(key="invoice:f-1", fact_id="f")).elsewhere == []
    assert ended.say("invoice_issued", invoice="F-1").code == "invoice_number_used"
    assert ended.say("invoice_issued", invoice="F-2").status is Status.ACCEPTED
    assert goes_on.save(Claim(key="invoice:f-2", fact_id="g")).elsewhere == ["invoice:f-2"]


@pytest.mark.postgresql
def test_asked_again_it_is_the_same_orders(engine: Engine) -> None:
    order = Sheets(engine, "20270301-0001", ended=False)
    for _ in range(2):
        assert order.save(Claim(key="invoice:f-1", fact_id="f")).elsewhere == []


@pytest.mark.postgresql
def test_a_number_that_was_lost_comes_back_with_the_orders_rows(engine: Engine) -> None:
    order = Sheets(engine, "20270301-0001", ended=False)
    order.life.does("invoice_requested", title="红枫").does("invoice_issued", invoice="F-1")
    order.save()
    with reading(engine) as connection:
        holders = connection.execute(select(table("invoice_numbers"))).mappings().all()
    assert [(each["claim"], each["order_number"]) for each in holders] == [("invoice:f-1", order.number)]
    other = Sheets(engine, "20270301-0002", ended=False)
    assert other.save(Claim(key="invoice:f-1", fact_id="g")).elsewhere == ["invoice:f-1"]
