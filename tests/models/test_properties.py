"""Random lives: facts, decisions and jumps of time thrown at the pure order, and what must hold after each of them.

`LONG_PROPERTIES=1` looks longer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

import hypothesis.strategies as st
from hypothesis import HealthCheck, event, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from temporalio.common import TypedSearchAttributes

from models.decisions.subjects import SUBJECTS
from models.dossier.journal import FIRST_LINK, EntryKind
from models.dossier.open_steps import Need, OpenStep
from models.dossier.step_kinds import AnyStepKind, StepKind
from models.facts.fact_kinds import FACT_KINDS
from models.handlers.money.payments import waits_for_deposit
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.messages.reply import Status
from models.order.money.bill_account import billed_by_line
from models.order.money.surplus import most_of
from models.order.order import Order
from models.order.projection import changed_rows
from models.values.money import ZERO, line_amount
from models.values.vocabulary import CustomerClass, PhaseName, Role
from rehearsal.pure import answer, live_until
from rehearsal.stand_ins.order_books import OrderBooks
from tests.models.life import MONDAY, PEOPLE, SIGNER, Life, line, start
from workflows.engine.operator_page import details
from workflows.engine.search_attributes import changed_attributes
from workflows.engine.step_list import steps_of
from workflows.phases.alongside import ALONGSIDE
from workflows.phases.phase import Phase
from workflows.procedure import begin, needs_of, next_deadline, phases_of, receive
from workflows.upcoming import upcoming

UNTOUCHED = {"unsaved", "unsent", "sequence", "head"}
"""What a refusal may change: the journal, and nothing else."""
AMOUNTS = st.sampled_from(["0.01", "100.00", "500.00", "1500.00", "3500.00", "5000.00"])
QUANTITIES = st.sampled_from(["1", "50", "400", "949.999", "1000", "1200"])
ITEMS: list[list[dict[str, Any]]] = [
    [],
    [],
    [{"line": 1, "quantity": "400"}],
    [{"line": 1, "quantity": "400"}, {"line": 1, "quantity": "600"}],
    [{"line": 1, "quantity": "1000"}, {"line": 2, "quantity": "50"}],
]
NAMES = st.sampled_from(["1", "2"])
VERSIONS = st.integers(1, 3)
SELDOM = [
    "cancellation_requested",
    "hold_placed",
    "amendment_requested",
    "overridden",
    "production_exception",
]
"""What would end or stop most lives before they got anywhere."""
OFTEN = sorted(set(FACT_KINDS) - {DECISION, "adopted", "corrected", *SELDOM})
Choice = TypeVar("Choice")
Choose = Callable[[Sequence[Any]], Any]
DETAILS: dict[str, Any] = {
    "unit_price": "4.80",
    "material_note": "原纸充足",
    "assessment": "老客户",
    "customer_answer": "同意",
}


def free_to_leave(order: Order, raw: dict[str, Any]) -> dict[int, Decimal]:
    """What may leave, by line: released and not taken back when it left, while the order is neither held nor cancelled."""
    left_at = datetime.fromisoformat(raw["happened_at"])
    stood = [each for each in order.withdrawn if each.withdrawn_at and left_at < each.withdrawn_at]
    if order.hold is not None or (order.pending_ending is not None and not stood):
        return {}
    free: dict[int, Decimal] = {}
    for release in (*order.releases, *stood):
        for number, quantity in release.outstanding.items():
            free[number] = free.get(number, ZERO) + quantity
    return free


def left_by_right_or_on_record(order: Order, free: dict[int, Decimal]) -> None:
    """R61: nothing left without a release that stood, or there is an exception with an owner, and those liable are named."""
    shipment = order.shipments[-1]
    if all(quantity <= free.get(number, ZERO) for number, quantity in shipment.quantities.items()):
        return
    key = f"shipment-{shipment.shipment}-without-right"
    assert order.troubles[key].owner
    (liability,) = [e for e in order.unsaved if e.kind is EntryKind.LIABILITY and e.subject == key]
    assert liability.data["faults"]
    assert all(liability.data["liable"].values())


def dump(order: Order, *, without: set[str]) -> dict[str, Any]:
    """The state, to be compared."""
    return order.model_dump(exclude=without)


class RandomLife(RuleBasedStateMachine):
    """One order that the world treats badly."""

    def __init__(self) -> None:
        super().__init__()
        self.life: Life
        self.heard: list[tuple[Any, Any]] = []
        self.checked = 0
        self.before: PhaseName = PhaseName.INTAKE

    @initialize(
        grade=st.sampled_from(["A", "B", "C"]),
        terms=st.sampled_from(["deposit", "prepaid", "on_account"]),
        quantity=st.sampled_from(["100", "1000"]),
        lines=st.integers(1, 2),
        parts=st.booleans(),
        packing=st.sampled_from(["", "箱"]),
        usual=st.integers(0, 45),
    )
    def placed(
        self, grade: str, terms: str, quantity: str, lines: int, parts: bool, packing: str, usual: int
    ) -> None:
        """An order comes in, and goes its usual way for a while."""
        self.changes: dict[str, Any] = {
            "customer": {"customer_class": grade},
            "payment_terms": terms,
            "lines": [line(number, quantity=quantity) for number in range(1, lines + 1)],
            "partial_delivery": parts,
            "packing": packing,
        }
        self.life = Life(**self.changes)
        for _ in range(usual):
            blocking = [step for step in self.life.order.steps.values() if step.blocking]
            if not blocking:
                return
            kind, content, role = done(self.life.order, blocking[0], first)
            self.say(kind, content, role)

    # --- what the world does ---------------------------------------------------------------------------------------

    def say(
        self,
        kind: str,
        content: dict[str, Any],
        role: Role,
        person: str = "",
        ago: int = 0,
        seen: dict[str, Any] | None = None,
    ) -> Status:
        """Tell it, and see that a refusal changes nothing but the journal."""
        life = self.life
        raw = {
            **({"seen": seen} if seen is not None else {}),
            "fact_id": f"random/{len(self.heard)}",
            "kind": kind,
            "by": person or PEOPLE.get(role.value, SIGNER),
            "role": role.value,
            "happened_at": (life.now - timedelta(hours=ago)).isoformat(),
            "content": content,
        }
        return self.hear(raw)

    def hear(self, raw: dict[str, Any]) -> Status:
        """One envelope."""
        order = self.life.order
        self.before = order.phase
        state = dump(order, without=UNTOUCHED)
        sequence, shipments, version = order.sequence, len(order.shipments), order.version
        might_leave, due = free_to_leave(order, raw), order.promise.production_due
        reply = receive(order, raw, self.life.now)
        if reply.status is Status.ACCEPTED and "seen" in raw:
            assert raw["seen"]["version"] == version
        if due is not None and not may_give_days_back(raw):
            assert order.promise.production_due is not None
            assert order.promise.production_due >= due
        self.heard.append((self.life.now, raw))
        if raw["kind"] == "shipped" and len(order.shipments) == shipments + 1:
            left_by_right_or_on_record(order, might_leave)
        if reply.status is Status.REFUSED:
            assert dump(order, without=UNTOUCHED) == state
            assert order.unsaved[-1].kind is EntryKind.REFUSED
        if reply.status is Status.KNOWN:
            assert order.sequence == sequence
        answer(order, self.life.books)
        return reply.status

    @precondition(lambda self: self.life.order.steps)
    @rule(data=st.data(), ago=st.sampled_from([0, 0, 0, 5, 60]), page=st.booleans())
    def somebody_does_what_is_waited_for(self, data: st.DataObject, ago: int, page: bool) -> None:
        """The usual case, so that lives get far: from a page, which shows a version, or not."""
        for _ in range(data.draw(st.integers(1, 8))):
            steps = list(self.life.order.steps.values())
            if not steps:
                return
            choose = chooser(data)
            kind, content, role = done(self.life.order, choose(steps), choose)
            seen = {"version": self.life.order.version} if page else None
            self.say(kind, content, role, ago=ago, seen=seen)
            ago = 0

    @rule(kind=st.sampled_from(OFTEN * 4 + SELDOM), data=st.data())
    def anything_is_said(self, kind: str, data: st.DataObject) -> None:
        """Early, late, contradictory."""
        content = random_content(kind, data)
        self.say(
            kind,
            content,
            data.draw(st.sampled_from(FACT_KINDS[kind].roles)),
            ago=data.draw(st.integers(0, 80)),
        )

    @rule(subject=st.sampled_from(list(Subject)), data=st.data())
    def anything_is_decided(self, subject: Subject, data: st.DataObject) -> None:
        """By whoever."""
        role = data.draw(st.sampled_from([*SUBJECTS[subject].roles, Role.SALESPERSON]))
        content = decision(self.life.order, subject, data.draw(st.integers(1, 2)), chooser(data))
        seen = data.draw(st.sampled_from([None, {"version": 1}, {"version": 2}]))
        person = data.draw(st.sampled_from(["", "somebody", "service_clerk-1"]))
        self.say(DECISION, content, role, person=person, seen=seen)

    @precondition(lambda self: self.heard)
    @rule(data=st.data(), other=st.booleans())
    def it_is_said_again(self, data: st.DataObject, other: bool) -> None:
        """The same envelope, or the same id with other words."""
        _, raw = data.draw(st.sampled_from(self.heard))
        self.hear({**raw, "by": "somebody-else"} if other else raw)

    @rule(hours=st.sampled_from([1, 8, 24, 24, 72, 24 * 8, 24 * 20]))
    def time_passes(self, hours: int) -> None:
        """A jump of any length."""
        self.before = self.life.order.phase
        self.life.later(hours=hours)

    @rule()
    def it_is_carried_over(self) -> None:
        """Written down and read again, as between two runs: the same order."""
        order = self.life.order
        order.unheard.clear()  # of which nobody heard: the recorder's, gone with the burst before
        again = Order.model_validate_json(order.model_dump_json())
        assert again == order
        self.life.order = again

    # --- what must hold --------------------------------------------------------------------------------------------

    @invariant()
    def the_journal_has_no_gap_and_is_chained(self) -> None:
        """Numbers count up by one, and each entry names the hash of the one before."""
        journal = self.life.order.unsaved
        for place in range(self.checked, len(journal)):
            assert journal[place].sequence == place + 1
            assert journal[place].previous == (journal[place - 1].hash if place else FIRST_LINK)
        self.checked = len(journal)
        assert self.life.order.sequence == len(journal)

    @invariant()
    def money_adds_up(self) -> None:
        """R53: what came in is in the bill, open, given back, credited or kept."""
        order, ledger = self.life.order, self.life.order.ledger
        counted = sum((p.amount for p in ledger.payments if p.confirmed and not p.bounced), ZERO)
        assert ledger.paid == counted - ledger.refunded - ledger.credited
        owed = order.bill if order.was_inspected or order.rest_is_cancelled else order.total
        if order.lives:
            stays = ledger.paid - order.account.paid_back
            assert order.open_balance == owed + order.cancellation_cost - stays
        elif order.ending is not None and order.ending.value == "settled":
            assert order.open_balance == 0
            back = ledger.refunded + order.account.paid_back
            assert counted - back - ledger.kept - ledger.credited == order.bill
        else:
            assert ledger.paid == ledger.kept

    @invariant()
    def bills_less_credit_notes_are_the_bill(self) -> None:
        """R164: each rise was billed, each fall has a credit note of its own number."""
        order, account = self.life.order, self.life.order.account
        if not account.is_made or order.hold is not None:
            return
        assert account.billed - account.credited == order.bill
        numbers = [note.number for note in account.credit_notes]
        assert len(numbers) == len(set(numbers))
        for note in account.credit_notes:
            assert note.amount > 0
            assert not note.lines or note.amount == sum(each.amount for each in note.lines)

    @invariant()
    def no_more_stands_on_invoices_than_is_billed(self) -> None:
        """R162, R163: at the end, and never more is asked for than is billed; each number once."""
        order, book = self.life.order, self.life.order.invoices
        numbers = [each.number for each in book.invoices]
        assert len(numbers) == len(set(numbers))
        for each in book.invoices:
            assert each.net + each.tax == each.amount
            assert all(amount >= 0 for amount in book.remaining(each.number).values())
        if not order.lives:
            assert not book.waiting
            assert not book.beyond_the_bill(billed_by_line(order))

    @invariant()
    def goods_come_from_somewhere(self) -> None:
        """No more is judged than was made, entered than passed, shipped than entered."""
        order = self.life.order
        for lot in order.lots.values():
            assert lot.passed + lot.scrapped + lot.rework <= lot.made
            assert lot.entered <= lot.passed
        for each in order.request.lines:
            assert order.shipped(each.line) <= order.entered(each.line)
            assert order.released(each.line) + order.left_unreleased(each.line) <= order.entered(each.line)

    @invariant()
    def every_piece_that_left_is_somewhere(self) -> None:
        """R74, R76: with the customer, on its way, back, or given up: each once."""
        for shipment in self.life.order.shipments:
            for number, sent in shipment.quantities.items():
                parts = (
                    shipment.taken(number),
                    shipment.rest(number),
                    shipment.returned.get(number, ZERO),
                    shipment.written_off.get(number, ZERO),
                )
                assert min(parts) >= 0
                assert sum(parts) == sent
                assert shipment.billed(number) <= sent

    @invariant()
    def billed_is_what_the_customer_has(self) -> None:
        """R45, R76: at the end nobody pays for what was not had, and nobody has what is not paid."""
        order = self.life.order
        if order.lives or order.ending is None:
            return
        bill = ZERO
        for each in order.request.lines:
            has = sum((s.taken(each.line) - s.spoiled.get(each.line, ZERO) for s in order.shipments), ZERO)
            if (most := most_of(order, each.line)) is not None:
                has = min(has, most)
            bill += line_amount(has, each.unit_price or ZERO)
        assert order.bill == bill - order.account.taken_off

    @invariant()
    def nothing_about_goods_is_settled_in_silence(self) -> None:
        """R74, R76: an order does not end while somebody has still to say what becomes of its goods."""
        order = self.life.order
        if not order.lives and order.ending is not None and order.shipments:
            assert not [key for key in order.goods_troubles if order.troubles[key].resolved_at is None]

    @invariant()
    def nothing_ships_without_release_or_somebody_is_liable(self) -> None:
        """R61, R70"""
        order = self.life.order
        liable = {entry.subject for entry in order.unsaved if entry.kind is EntryKind.LIABILITY}
        for shipment in order.shipments:
            key = f"shipment-{shipment.shipment}-without-right"
            release = order.find_release(shipment.release) if shipment.release is not None else None
            assert key in liable or (release is not None and release.may_leave)

    @invariant()
    def what_is_released_rests_on_what_is_owed(self) -> None:
        """R52, R61: while goods are here no more is open than their release was granted on; none is released twice."""
        order = self.life.order
        for release in order.releases:
            assert all(release.shipped.get(line, 0) <= most for line, most in release.quantities.items())
            if release.outstanding and release.ground != "contract" and order.hold is None and order.lives:
                assert order.open_balance <= release.balance
        assert not (
            order.pending_ending and order.hold is None and any(r.outstanding for r in order.releases)
        )

    @invariant()
    def carriers_demand_no_more_than_is_owed(self) -> None:
        """R62"""
        order = self.life.order
        on_the_way = sum((each.still_to_collect for each in order.shipments if each.under_way), ZERO)
        assert all(each.to_collect >= 0 for each in order.shipments)
        if order.lives and order.hold is None and order.pending_ending is None:
            assert on_the_way <= max(order.open_balance, ZERO)

    @invariant()
    def nothing_is_produced_before_its_gate(self) -> None:
        """R32, R33, R36, R37"""
        order = self.life.order
        if order.lots:
            assert order.instruction is not None
            assert any(e.kind is EntryKind.FACT and e.subject == "production_signed" for e in order.unsaved)
        entered = self.before in order.kind.sequence and order.phase in order.kind.side_by_side
        if entered and order.customer_class is not CustomerClass.A:
            assert order.sheet is not None
            assert order.sheet.is_clean
            assert not waits_for_deposit(order)
            assert order.outcome(Subject.THREE_PARTY) is not None
        self.before = order.phase

    @invariant()
    def no_promise_moves_without_a_cause(self) -> None:
        """R24, R34, R42"""
        promise = self.life.order.promise
        if not promise.history:
            assert promise.promised is None
            return
        assert promise.promised == promise.history[-1].promised_to
        assert promise.production_due == promise.history[-1].production_due_to
        for earlier, later in zip(promise.history, promise.history[1:], strict=False):
            assert later.promised_from == earlier.promised_to
            assert later.cause.value != "first"

    @invariant()
    def whoever_decided_saw_the_version_in_force(self) -> None:
        """R83, by the journal: no decision is later than another and saw less, nor more than there is."""
        order = self.life.order
        decided = [
            e.data["seen"]["version"]
            for e in order.unsaved
            if e.kind is EntryKind.DECIDED and "seen" in e.data
        ]
        assert decided == sorted(decided)
        assert all(1 <= version <= order.version for version in decided)
        made = [each.version for each in order.versions]
        assert made == sorted(set(made))

    @invariant()
    def whoever_waits_has_an_open_step_and_time_goes_on(self) -> None:
        """A phase cannot wait without opening a step."""
        order = self.life.order
        if not order.lives:
            assert order.steps == {}
            assert next_deadline(order) is None
            return
        assert order.steps
        deadline = next_deadline(order)
        assert deadline is None or deadline > order.clock

    @invariant()
    def asking_does_not_act(self) -> None:
        """Whoever asks what an order needs, what comes next or how it looks leaves it as it is, however often."""
        order = self.life.order
        before = dump(order, without=set())
        answers = [question(order) for question in questions(order)]
        assert [question(order) for question in questions(order)] == answers
        assert dump(order, without=set()) == before

    def teardown(self) -> None:
        """Heard again from the start, the same comes of it (replay)."""
        if not hasattr(self, "life"):
            return
        order, now = self.life.order, self.life.now
        again, books = begin(start(MONDAY, **self.changes), MONDAY), OrderBooks()
        answer(again, books)
        for moment, raw in self.heard:
            live_until(again, moment, books)
            receive(again, raw, moment)
            answer(again, books)
        live_until(again, now, books)
        receive(again, None, now)
        receive(order, None, now)
        assert dump(again, without={"unsaved", "unsent", "head"}) == dump(
            order, without={"unsaved", "unsent", "head"}
        )
        event(f"phase {order.phase.value}")
        event(f"ending {order.ending.value if order.ending else None}")
        event(f"shipments {len(order.shipments)}, dead {any(s.dead_at for s in order.shipments)}")


EARLIER_THAN_KNOWN = {
    "confirmation_returned",
    "sheet_received",
    "payment_received",
    "payment_bounced",
    "cash_cleared",
}


def may_give_days_back(raw: dict[str, Any]) -> bool:
    """R34: a report that something was there earlier, a decision, or a change that drops the latest line; nothing else."""
    kind, content = raw.get("kind"), raw.get("content", {})
    return kind in {DECISION, *EARLIER_THAN_KNOWN} or bool(content.get("changes", {}).get("dropped_lines"))


# --- what is asked of an order -----------------------------------------------------------------------------------------


def _needs(phase: Phase, order: Order) -> list[Need]:
    return list(phase.needs(order))


def questions(order: Order) -> Iterator[Callable[[Order], Any]]:
    """Everything that may be asked at any time: each phase's needs, also those it is not in, and all that is shown."""
    for phase in (ALONGSIDE, *phases_of(order).values()):
        yield partial(_needs, phase)
    yield needs_of
    yield upcoming
    yield next_deadline
    yield lambda asked: details(asked, next_deadline(asked))
    yield steps_of
    yield lambda asked: changed_attributes(asked, TypedSearchAttributes.empty)
    yield lambda asked: changed_rows(asked, {})
    yield lambda asked: asked.headline


# --- what the world says ---------------------------------------------------------------------------------------------


def first(options: Sequence[Choice]) -> Choice:
    """The usual one."""
    return options[0]


def chooser(data: st.DataObject) -> Callable[[Sequence[Any]], Any]:
    """Any of them, the first more often."""

    def choose(options: Sequence[Any]) -> Any:
        return data.draw(st.sampled_from([*[options[0]] * 3, *options]))

    return choose


def refund_of(order: Order, surplus: Decimal) -> str:
    """What is usually paid back: what was asked about, or all that was paid too much."""
    asked = order.decision(Subject.DEPOSIT_SETTLEMENT)
    return asked.about_words.get("refund", str(surplus)) if asked is not None else str(surplus)


def decision(order: Order, subject: Subject, number: int, choose: Choose) -> dict[str, Any]:
    """An answer with a detail that mostly fits."""
    rule_ = SUBJECTS[subject]
    outcome = choose(rule_.outcomes)
    today, fields = order.today(), rule_.detail_for(outcome).model_fields
    paid = order.ledger.paid
    known: dict[str, Any] = {
        **DETAILS,
        "production_date": today.isoformat(),
        "finished_date": (today + timedelta(days=choose(range(3, 15)))).isoformat(),
        "promised": (today + timedelta(days=choose(range(20)))).isoformat(),
        "quantity": str(max(each.quantity for each in order.request.lines)),
        "refunded": refund_of(order, max(paid - order.ledger.kept - order.bill, ZERO)),
        "kept": str(order.cancellation_cost),
        "cost": choose(["0.00", "100.00"]),
        "collection": choose(["on_credit", "carrier_collects"]),
    }
    content: dict[str, Any] = {
        "subject": subject.value,
        "outcome": outcome.value,
        "note_reference": "N-1",
        "detail": {name: value for name, value in known.items() if name in fields},
    }
    return content | ({"line": number} if rule_.per_line else {})


def done(order: Order, step: OpenStep, choose: Choose) -> tuple[str, dict[str, Any], Role]:
    """What does what the step waits for."""
    values, role = step.values, step.roles[0]
    if step.kind is StepKind.DECISION:
        subject = Subject(values["subject"].split()[0])
        number = int(values["subject"].split()[-1]) if "--line" in values["subject"] else 1
        return DECISION, decision(order, subject, number, choose), role
    version = order.sheets[-1].version if order.sheets else 1
    shipment = values.get("shipment", "1")
    lot: dict[str, Any] = {"line": int(values.get("line", "1")), "lot": values.get("lot", "1")}
    clerk = "service_clerk-1"
    money = {"amount": values.get("amount", "1.00"), "reference": f"TX-{order.sequence}"}
    quantity = values.get("quantity", "1")
    destination = {field: getattr(order.request, field) for field in ("address", "consignee", "contact")}
    notice = {"document": "shipping_notice", "reference": "FH", **destination}
    table: dict[AnyStepKind, tuple[str, dict[str, Any], Role]] = {
        StepKind.DETAILS: ("details_completed", {"changes": {"packing": "箱"}}, Role.SALESPERSON),
        StepKind.REWORK_ORDER: ("details_completed", {}, Role.SALESPERSON),
        StepKind.SEND_SHEET: ("sheet_sent", {"version": version}, Role.SERVICE_CLERK),
        StepKind.SHEET_LEGIBLE: ("sheet_received", {"version": version}, Role.CUSTOMER),
        StepKind.SHEET_BACK: (
            "confirmation_returned",
            {"version": version, "signed_by": SIGNER},
            Role.CUSTOMER,
        ),
        StepKind.SHEET_OWED: (
            "confirmation_returned",
            {"version": version, "signed_by": SIGNER},
            Role.CUSTOMER,
        ),
        StepKind.HAND_OVER: ("production_signed", {"version": version, "clerk": clerk}, Role.PRODUCTION),
        StepKind.PRODUCE: (
            "production_reported",
            {**lot, "made": quantity, "finished": True},
            Role.PRODUCTION,
        ),
        StepKind.RECHECK_PROMISE: ("production_reported", {"line": lot["line"]}, Role.PRODUCTION),
        StepKind.INSPECT: (
            "inspection_reported",
            {**lot, "passed": quantity, "checked_with": clerk},
            Role.QUALITY,
        ),
        StepKind.ENTER_WAREHOUSE: ("warehouse_entered", {**lot, "quantity": quantity}, Role.WAREHOUSE),
        StepKind.ISSUE_INVOICE: ("invoice_issued", {"invoice": f"F-{order.sequence}"}, Role.FINANCE),
        StepKind.RED_LETTER: (
            "invoice_reversed",
            {
                "invoice": values.get("invoice", "-"),
                "amount": values.get("amount", "1.00"),
                "red_letter": f"H-{order.sequence}",
                "reason": "-",
            },
            Role.FINANCE,
        ),
        StepKind.CLEAR_CASH: ("cash_cleared", {"reference": values.get("reference", "-")}, Role.FINANCE),
        StepKind.CONFIRM_PAYMENT: (
            "payment_bounced",
            {"reference": values.get("reference", "-")},
            Role.FINANCE,
        ),
        StepKind.EXPLAIN_AGENT: (
            "contact_logged",
            {"channel": "phone", "words": "-", "topic": "freight_agent"},
            role,
        ),
        StepKind.SHIPPING_NOTICE: ("document_supplied", notice, Role.SERVICE_CLERK),
        StepKind.NOTICE_OWED: ("document_supplied", notice, Role.SERVICE_CLERK),
        StepKind.TRANSPORT: ("transport_arranged", {"carrier": "德邦物流", "method": "freight"}, role),
        StepKind.READ_INSTRUCTIONS_BACK: ("shipping_read_back", {}, role),
        StepKind.SHIP: ("shipped", {"shipment": f"S{order.sequence}", "carrier": "德邦物流"}, role),
        StepKind.ARRIVAL: ("arrived", {"shipment": shipment}, Role.LOGISTICS),
        StepKind.FOLLOW_SHIPMENT: ("transit_reported", {"shipment": shipment}, Role.LOGISTICS),
        StepKind.NOTICE_LEGIBLE: ("shipment_notice_received", {"shipment": shipment}, Role.CUSTOMER),
        StepKind.COLLECT_GOODS: (
            "delivery_receipt",
            {"shipment": shipment, "signed_by": SIGNER},
            Role.CUSTOMER,
        ),
        StepKind.RECALL: (
            "goods_returned",
            {"shipment": shipment, "freight_out": "1.00", "freight_back": "1.00"},
            Role.WAREHOUSE,
        ),
        StepKind.INSPECT_RETURN: (
            "inspection_reported",
            {"shipment": shipment, "passed": "1", "checked_with": clerk},
            Role.QUALITY,
        ),
        StepKind.REMITTANCE: ("collection_remitted", {"shipment": shipment, **money}, Role.FINANCE),
        StepKind.EXCEPTION: (
            "exception_resolved",
            {"exception": values.get("exception", "-"), "resolution": "-"},
            Role.SERVICE_CLERK,
        ),
        StepKind.GOODS_EXCEPTION: (
            "exception_resolved",
            {
                "exception": values.get("exception", "-"),
                "outcome": choose(["reship", "credit", "accept", "end"]),
                "items": [{"line": 1, "quantity": choose(["1", "50", "400"])}]
                if choose([True, False])
                else [],
                "resolution": "-",
            },
            Role.SERVICE_SUPERVISOR,
        ),
        StepKind.MISSING_GOODS: (
            "exception_resolved",
            {"exception": values.get("exception", "-"), "outcome": "write_off", "resolution": "-"},
            Role.SERVICE_SUPERVISOR,
        ),
        StepKind.RESUME: ("hold_released", {}, Role.SERVICE_SUPERVISOR),
    }
    paying = {StepKind.DEPOSIT, StepKind.PREPAYMENT, StepKind.BALANCE, StepKind.ACCOUNT_BALANCE}
    if step.kind in paying:
        return "payment_received", money, Role.FINANCE
    kind, content, sayer = table.get(
        step.kind, ("contact_logged", {"channel": "phone", "words": "-"}, Role.SERVICE_CLERK)
    )
    if sayer not in FACT_KINDS[kind].roles:
        sayer = FACT_KINDS[kind].roles[0]
    return kind, content, sayer


def random_content(kind: str, data: st.DataObject) -> dict[str, Any]:
    """Something of the right form, often of the wrong time."""
    draw = data.draw
    pool: dict[str, Any] = {
        "version": draw(VERSIONS),
        "legible": draw(st.booleans()),
        "signed_by": draw(st.sampled_from([SIGNER, "路人"])),
        "amount": draw(AMOUNTS),
        "reference": draw(st.sampled_from(["TX-1", "TX-2", "TX-3"])),
        "method": draw(st.sampled_from(["bank", "cash"])) if kind == "payment_received" else "freight",
        "clerk": "service_clerk-1",
        "checked_with": "service_clerk-1",
        "line": draw(st.integers(1, 2)),
        "lot": draw(NAMES),
        "shipment": draw(NAMES),
        "made": draw(QUANTITIES),
        "passed": draw(QUANTITIES),
        "to_rework": draw(st.sampled_from(["0", "15"])),
        "scrapped": draw(st.sampled_from(["0", "5"])),
        "quantity": draw(QUANTITIES),
        "items": draw(st.sampled_from(ITEMS)),
        "release": draw(st.sampled_from([None, None, 1, 2])),
        "finished": draw(st.booleans()),
        "carrier": "德邦物流",
        "channel": "phone",
        "words": "-",
        "reason": "-",
        "exception": draw(NAMES),
        "owner": "somebody",
        "resolution": "-",
        "checkpoint": 1,
        "document": draw(st.sampled_from(["written_order", "shipping_notice"])),
        "title": "红枫",
        "invoice": draw(st.sampled_from(["F-1", "F-2"])),
        "red_letter": draw(st.sampled_from(["H-1", "H-2"])),
        "case": "C1",
        "credit_note": draw(st.sampled_from(["CN-1", "CN-2"])),
        "value": draw(st.sampled_from(["0.01", "77.00"])),
        "paid_back": draw(st.sampled_from(["0.00", "0.01"])),
        "freight_out": "1.00",
        "freight_back": "1.00",
        "step": "details",
        "due": "2027-12-01T00:00:00Z",
        "rule": "R28",
        "person": "somebody",
        "condition": draw(st.sampled_from(["good", "good", "good", "damaged", "refused", "lost", "short"])),
        "outcome": draw(st.sampled_from([None, None, "reship", "credit", "accept", "end", "write_off"])),
        "changes": draw(
            st.sampled_from(
                [
                    {"packing": "袋"},
                    {"address": "别处"},
                    {"lines": [{"line": 1, "quantity": "200"}]},
                    {"payment_terms": "prepaid"},
                    {"added_lines": [{**line(1), "line": None, "quantity": "50"}]},
                    {"dropped_lines": [2]},
                ]
            )
        ),
        "calendar": {"holidays": ["2027-03-08"], "years": [2027]},
    }
    fields = FACT_KINDS[kind].content.model_fields
    return {name: value for name, value in pool.items() if name in fields}


LONG = bool(os.environ.get("LONG_PROPERTIES"))
TestRandomLives = RandomLife.TestCase
TestRandomLives.settings = settings(
    max_examples=600 if LONG else 100,
    stateful_step_count=60 if LONG else 30,
    derandomize=not LONG,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
