"""What an order refused of which nobody was answered is somebody's step, once for each fact, until it is told rightly (R47)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from activities.facts import pending_facts
from activities.facts.desk_steps import close_step, open_desk_steps
from activities.orders.recording.recorder import Recorder
from activities.orders.recording.refused_signals import MOST_A_DAY
from activities.store.database import reading, writing
from models.dossier.journal import FIRST_LINK
from models.dossier.receive import note_unheard
from models.dossier.records.recording import Burst
from models.messages.envelope import read_envelope
from models.messages.reply import Status
from models.order.projection import changed_rows
from models.reports.desk_steps import RECEIVED, DeskStep, DeskStepKind
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from tests.models.life import Life
from workflows.procedure import receive


class Signalled:
    """An order that is told by signals, and recorded as its workflow does it."""

    def __init__(self, engine: Engine, number: str = "20270301-0001") -> None:
        self.engine, self.recorder = engine, Recorder(engine)
        self.life = Life().verified().sheet_out().signed()
        self.life.order.number = number
        self.rows: dict[str, str] = {}
        self.after, self.head = 0, FIRST_LINK
        self.sent = Burst(
            order=number, epoch=0, after_sequence=0, after_hash="", entries=[], rows=[], intentions=[]
        )
        self.save()

    def hears(self, kind: str, content: Any, fact_id: str = "bank/1", under: str = "", **more: Any) -> Status:
        said = {"fact_id": fact_id, "kind": kind, "by": "bank", "role": "system", "content": content}
        said |= {"happened_at": self.life.now.isoformat(), **more}
        return self.hears_raw(said, under or kind)

    def hears_raw(self, raw: object, under: str) -> Status:
        order = self.life.order
        reply = receive(order, raw, self.life.now)
        note_unheard(order, reply, raw, under)
        self.save()
        return reply.status

    def save(self) -> None:
        order = self.life.order
        rows, self.rows = changed_rows(order, self.rows)
        self.sent = Burst(
            order=order.number, epoch=0, after_sequence=self.after, after_hash=self.head, entries=list(order.unsaved),
            rows=rows, intentions=list(order.unsent), unheard=list(order.unheard),
        )  # fmt: skip
        saved = self.recorder.record(self.sent)
        self.after, self.head = saved.sequence, saved.hash
        order.unsaved, order.unsent = [], []
        order.unheard.clear()

    @property
    def steps(self) -> list[DeskStep]:
        return open_desk_steps(self.engine)


@pytest.fixture
def order(engine: Engine) -> Signalled:
    return Signalled(engine)


PAYMENT: dict[str, Any] = {"amount": "1500.00", "reference": "TX-7"}


def test_an_amount_as_a_number_is_finances_step_until_it_is_told_rightly(order: Signalled) -> None:
    """R53: a client in another language sends `amount: 12.5`."""
    assert order.hears("payment_received", {"amount": 12.5, "reference": "TX-7"}) is Status.REFUSED
    (step,) = order.steps
    assert (step.kind, step.roles) == (DeskStepKind.REFUSED_SIGNAL, (Role.FINANCE, Role.SERVICE_CLERK))
    for part in ("12.5", "TX-7", "收到款项", "bank/1", "20270301-0001"):
        assert part in step.zh, part
    assert '"amount":12.5' in step.about[RECEIVED]
    assert step.about["code"] == Code.BAD_MONEY.value
    order.recorder.record(order.sent)
    assert len(order.steps) == 1
    assert order.hears("payment_received", PAYMENT) is Status.ACCEPTED
    assert order.steps == []


def test_another_telling_of_the_same_receipt_closes_it_and_of_another_one_does_not(order: Signalled) -> None:
    order.hears("payment_received", {"amount": 12.5, "reference": "TX-7"})
    order.hears("payment_received", {"amount": "12.50", "reference": "TX-8"}, fact_id="bank/2")
    assert len(order.steps) == 1
    finance = {"by": "finance-1", "role": "finance"}
    order.hears("payment_received", {"amount": "12.50", "reference": "tx-7 "}, fact_id="desk/9", **finance)
    assert order.steps == []


def test_what_says_another_thing_than_the_order_knows_is_closed_by_a_person_alone(order: Signalled) -> None:
    order.hears("payment_received", PAYMENT)
    assert order.hears("payment_received", {**PAYMENT, "amount": "9.00"}) is Status.REFUSED
    (step,) = order.steps
    assert step.about["code"] == Code.FACT_CONFLICT.value
    order.hears("payment_received", PAYMENT, fact_id="desk/1", by="finance-1", role="finance")
    assert [each.key for each in order.steps] == [step.key]


def test_what_was_known_already_is_no_step(order: Signalled) -> None:
    order.hears("payment_received", PAYMENT)
    assert order.hears("payment_received", PAYMENT) is Status.KNOWN
    assert order.steps == []


@pytest.mark.parametrize(
    ("kind", "content", "roles"),
    [
        ("payment_received", {**PAYMENT, "currency": "USD"}, (Role.FINANCE, Role.SERVICE_CLERK)),
        ("arrived", {"shipment": "7"}, (Role.SERVICE_CLERK, Role.MATERIAL_CONTROLLER)),
        ("shipped", {"carrier": "x"}, (Role.SERVICE_CLERK, Role.MATERIAL_CONTROLLER)),
        ("confirmation_returned", {"version": "x"}, (Role.SERVICE_CLERK,)),
        ("payment_recieved", PAYMENT, (Role.FINANCE, Role.SERVICE_CLERK)),
    ],
)
def test_money_goods_and_signatures_are_each_somebodys(
    order: Signalled, kind: str, content: dict[str, Any], roles: tuple[Role, ...]
) -> None:
    if order.hears(kind, content) is Status.REFUSED:
        (step,) = order.steps
        assert step.roles == roles
        assert step.order_number == order.life.order.number
    else:
        assert (kind, order.steps) == ("arrived", [])  # kept early


def test_other_words_stay_in_the_journal_alone(order: Signalled) -> None:
    assert order.hears("contact_logged", {"channel": "pigeon", "words": "x"}) is Status.REFUSED
    assert order.steps == []


@pytest.mark.parametrize(
    "raw", ["signal 'payment_received': unreadable: b'\\xff'", "no argument, or more than one", None, [1]]
)
@pytest.mark.parametrize("under", ["payment_received", "contact_logged", "anything"])
def test_what_nobody_could_read_is_a_step_under_the_name_by_which_it_came(
    order: Signalled, raw: object, under: str
) -> None:
    order.hears_raw(raw, under)
    order.hears_raw(raw, under)
    (step,) = order.steps
    assert step.about["fact"] == under
    assert str(raw)[:20] in step.about[RECEIVED].replace("null", "None")


def test_what_is_kept_early_and_refused_in_the_end_is_a_step_too(order: Signalled) -> None:
    """Who told it heard that it was kept, also by an update."""
    life = order.life
    said: dict[str, Any] = {"reference": "TX-7", "amount": "100.00"}
    assert (
        life.tell("payment_bounced", role=Role.SYSTEM, by="bank", fact_id="b/1", **said).status
        is Status.KEPT_EARLY
    )
    order.save()
    assert order.steps == []
    life.tell("payment_received", role=Role.SYSTEM, by="bank", fact_id="b/2", **PAYMENT)
    order.save()
    (step,) = order.steps
    assert (step.about["fact_id"], step.about["code"]) == ("b/1", Code.CONTRADICTION.value)


def test_an_update_that_is_refused_is_answered_and_is_no_step(order: Signalled) -> None:
    reply = order.life.tell("payment_received", role=Role.SYSTEM, by="bank", **PAYMENT, currency="USD")
    assert reply.status is Status.REFUSED
    order.save()
    assert order.steps == []


def test_what_was_forwarded_is_not_asked_about_twice(order: Signalled, engine: Engine) -> None:
    said = {
        "fact_id": "bank/1", "kind": "payment_received", "by": "bank", "role": "system", "schema_version": 1,
        "happened_at": order.life.now.isoformat(), "content": {**PAYMENT, "currency": "USD"},
    }  # fmt: skip
    number, now = order.life.order.number, order.life.now
    pending_facts.keep(engine, number, read_envelope(said), now)
    order.hears_raw(said, "payment_received")
    (step,) = order.steps
    assert step.kind is DeskStepKind.REFUSED_FACT  # it can be told once more
    (kept,) = pending_facts.waiting(engine)
    refusal = Refusal(Code.WRONG_CURRENCY, Words("只收人民币", "CNY only"))
    pending_facts.set_aside(engine, kept, refusal, now, told=True)
    assert [each.key for each in order.steps] == [step.key]


def test_a_step_that_was_settled_does_not_come_back_with_the_same_burst(
    order: Signalled, engine: Engine
) -> None:
    order.hears("payment_received", {"amount": 12.5, "reference": "TX-7"})
    with writing(engine) as connection:
        assert close_step(
            connection, order.steps[0].key, order.life.now, by="qian", resolution="told the bank"
        )
    order.recorder.record(order.sent)
    assert order.steps == []
    order.hears("payment_received", {"amount": 12.5, "reference": "TX-7"})
    assert len(order.steps) == 1


def test_a_flood_fills_no_inbox(order: Signalled, engine: Engine) -> None:
    for number in range(MOST_A_DAY + 15):
        order.hears("payment_received", {"amount": 1.5, "reference": "x"}, fact_id=f"flood/{number}")
    kinds = [step.kind for step in order.steps]
    assert kinds.count(DeskStepKind.REFUSED_SIGNAL) == MOST_A_DAY
    assert kinds.count(DeskStepKind.REFUSED_SIGNALS) == 1
    assert len(kinds) == MOST_A_DAY + 1
    order.life.later(days=1)
    order.hears("payment_received", {"amount": 1.5, "reference": "x"}, fact_id="flood/next-day")
    assert [step.kind for step in order.steps].count(DeskStepKind.REFUSED_SIGNAL) == MOST_A_DAY + 1
    with reading(engine) as connection:
        counted = connection.scalar(select(func.count()).select_from(table("desk_steps")))
    assert counted == MOST_A_DAY + 2
