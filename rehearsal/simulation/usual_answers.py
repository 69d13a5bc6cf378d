"""What people usually say to what an order waits for: the answer that moves it on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from models.decisions.subjects import SUBJECTS
from models.dossier.open_steps import OpenStep
from models.dossier.step_kinds import StepKind
from models.facts.fact_kinds import FACT_KINDS
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.messages.goods_contents import DESTINATION
from models.order.order import Order
from models.order.sheet import CHECKED_FIELDS
from models.values.money import ZERO
from models.values.vocabulary import Role
from rehearsal.simulation.chances import Chances

PAYING = (StepKind.DEPOSIT, StepKind.PREPAYMENT, StepKind.BALANCE, StepKind.ACCOUNT_BALANCE)


@dataclass(frozen=True, slots=True)
class Answer:
    """One fact or decision, and whose it is to say."""

    kind: str
    content: Mapping[str, Any]
    role: Role


@dataclass(frozen=True, slots=True)
class Asked:
    """An order that waits, the step, and what is drawn for it."""

    order: Order
    step: OpenStep
    chances: Chances
    reference: str
    """What a voucher, tracking number or note is called: no two are alike in a simulation."""

    def value(self, name: str, otherwise: str = "1") -> str:
        """A value of the step."""
        return str(self.step.values.get(name, otherwise))

    @property
    def version(self) -> int:
        """The newest version of the sheet."""
        return self.order.sheets[-1].version if self.order.sheets else 1

    @property
    def clerk(self) -> str:
        """Who of the clerks is in charge."""
        return self.order.staff.people.get(Role.SERVICE_CLERK, "")

    @property
    def signer(self) -> str:
        """Who may sign for the customer."""
        signers = self.order.customer.designated_signers
        return signers[0] if signers else self.order.request.contact


def usual_answer(asked: Asked) -> Answer | None:
    """The usual answer; None where people leave it to time."""
    step = asked.step
    if step.kind is StepKind.DECISION:
        return _decision(asked)
    role = step.roles[0]
    if step.kind in PAYING:
        content = {"amount": asked.value("amount", "0.01"), "reference": asked.reference}
        return Answer("payment_received", content, Role.FINANCE)
    said = _SAID.get(step.kind) if isinstance(step.kind, StepKind) else None
    if said is None:
        return None
    kind, content_of = said
    roles = FACT_KINDS[kind].roles
    return Answer(kind, content_of(asked), role if role in roles else roles[0])


def _decision(asked: Asked) -> Answer:
    words = asked.value("subject").split()
    subject = Subject(words[0])
    rule = SUBJECTS[subject]
    outcome = rule.outcomes[0]
    fields = rule.detail_for(outcome).model_fields
    content: dict[str, Any] = {
        "subject": subject.value,
        "outcome": outcome.value,
        "note_reference": asked.reference,
        "detail": {name: value for name, value in _details(asked).items() if name in fields},
    }
    if rule.per_line:
        content["line"] = int(words[-1]) if "--line" in words else 1
    return Answer(DECISION, content, asked.step.roles[0])


def _details(asked: Asked) -> dict[str, Any]:
    order, chances = asked.order, asked.chances
    today = order.today()
    finished = today + timedelta(days=chances.whole("lead", 4, 9))
    paid_too_much = max(order.ledger.paid - order.ledger.kept - order.bill, ZERO)
    named = order.promise.production_due or finished
    return {
        "unit_price": format(order.request.lines[0].unit_price or ZERO, "f"),
        "material_note": "原纸充足",
        "assessment": "老客户",
        "customer_answer": "同意",
        "production_date": today.isoformat(),
        "finished_date": finished.isoformat(),
        "promised": (named + timedelta(days=chances.whole("grace", 0, 2))).isoformat(),
        "quantity": format(max(each.quantity for each in order.request.lines), "f"),
        "refunded": format(paid_too_much, "f"),
        "kept": format(order.cancellation_cost, "f"),
        "cost": "0.00",
        "collection": "on_credit",
    }


def _version(asked: Asked) -> dict[str, Any]:
    return {"version": asked.version}


def _signed(asked: Asked) -> dict[str, Any]:
    return {"version": asked.version, "signed_by": asked.signer}


def _lot(asked: Asked) -> dict[str, Any]:
    return {"line": int(asked.value("line")), "lot": asked.value("lot")}


def _shipment(asked: Asked) -> dict[str, Any]:
    return {"shipment": asked.value("shipment")}


def _made(asked: Asked) -> dict[str, Any]:
    return {**_lot(asked), "made": asked.value("quantity"), "finished": True}


def _inspected(asked: Asked) -> dict[str, Any]:
    return {**_lot(asked), "passed": asked.value("quantity"), "checked_with": asked.clerk}


def _came_back(asked: Asked) -> dict[str, Any]:
    sent = next((each for each in asked.order.shipments if each.shipment == asked.value("shipment")), None)
    quantity = sum(sent.quantities.values(), ZERO) if sent is not None else ZERO
    return {**_shipment(asked), "passed": format(quantity, "f"), "checked_with": asked.clerk}


def _notice(asked: Asked) -> dict[str, Any]:
    destination = {field: getattr(asked.order.request, field) for field in DESTINATION}
    return {"document": "shipping_notice", "reference": asked.reference, **destination}


def _checked(asked: Asked) -> dict[str, Any]:
    lines = [line.line for line in asked.order.request.lines]
    return {"version": asked.version, "fields": list(CHECKED_FIELDS), "lines": lines}


def _recalled(asked: Asked) -> dict[str, Any]:
    return {**_shipment(asked), "freight_out": "80.00", "freight_back": "80.00"}


def _contact(topic: str) -> Callable[[Asked], dict[str, Any]]:
    return lambda asked: {"channel": "phone", "topic": topic, "words": "-"}


_SAID: dict[StepKind, tuple[str, Callable[[Asked], dict[str, Any]]]] = {
    StepKind.READ_BACK: ("contact_logged", _contact("read_back")),
    StepKind.CHECK_SHEET: ("sheet_checked", _checked),
    StepKind.SEND_SHEET: ("sheet_sent", lambda asked: {**_version(asked), "channel": "fax"}),
    StepKind.SHEET_LEGIBLE: ("sheet_received", _version),
    StepKind.SHEET_BACK: ("confirmation_returned", _signed),
    StepKind.SHEET_OWED: ("confirmation_returned", _signed),
    StepKind.CONFIRM_ORDER: ("confirmation_returned", _signed),
    StepKind.HAND_OVER: ("production_signed", lambda asked: {**_version(asked), "clerk": asked.clerk}),
    StepKind.CONFIRM_HAND_OVER: ("hand_over_confirmed", lambda asked: {**_version(asked), "agrees": True}),
    StepKind.PRODUCE: ("production_reported", _made),
    StepKind.INSPECT: ("inspection_reported", _inspected),
    StepKind.CONFIRM_INSPECTION: (
        "inspection_confirmed",
        lambda asked: {"inspection": int(asked.value("number")), "agrees": True},
    ),
    StepKind.ENTER_WAREHOUSE: (
        "warehouse_entered",
        lambda asked: {**_lot(asked), "quantity": asked.value("quantity")},
    ),
    StepKind.CLEAR_CASH: ("cash_cleared", lambda asked: {"reference": asked.value("reference")}),
    StepKind.SHIPPING_NOTICE: ("document_supplied", _notice),
    StepKind.NOTICE_OWED: ("document_supplied", _notice),
    StepKind.TRANSPORT: ("transport_arranged", lambda asked: {"carrier": "德邦物流", "method": "freight"}),
    StepKind.READ_INSTRUCTIONS_BACK: ("shipping_read_back", lambda asked: {}),
    StepKind.PICK: ("picked", lambda asked: {"release": int(asked.value("release"))}),
    StepKind.SHIP: ("shipped", lambda asked: {"carrier": "德邦物流", "tracking_number": asked.reference}),
    StepKind.NOTICE_LEGIBLE: ("shipment_notice_received", _shipment),
    StepKind.FOLLOW_SHIPMENT: ("transit_reported", _shipment),
    StepKind.ARRIVAL: ("arrived", _shipment),
    StepKind.COLLECT_GOODS: (
        "delivery_receipt",
        lambda asked: {**_shipment(asked), "signed_by": asked.signer},
    ),
    StepKind.COMPLETION: ("receipt_confirmed", lambda asked: {}),
    StepKind.RECALL: ("goods_returned", _recalled),
    StepKind.INSPECT_RETURN: ("inspection_reported", _came_back),
    StepKind.REMITTANCE: (
        "collection_remitted",
        lambda asked: {**_shipment(asked), "amount": asked.value("amount"), "reference": asked.reference},
    ),
    StepKind.EXPLAIN_AGENT: ("contact_logged", _contact("freight_agent")),
    StepKind.EXCEPTION: (
        "exception_resolved",
        lambda asked: {"exception": asked.value("exception"), "resolution": "-"},
    ),
}
