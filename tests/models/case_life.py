"""A case's life in a test: open it, let time pass, tell it facts and decisions, look at it. No engine."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from models.cases.case import Case
from models.cases.case_request import CaseStart
from models.cases.replacement import refund_asked
from models.cases.returns import at_most, refund_of
from models.cases.terms import Remedy
from models.dossier.journal import EntryKind, JournalEntry
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.messages.reply import Reply, Status
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Role
from workflows import case as cases
from workflows.aftersales import CASES, advance, begin, receive

MONDAY = datetime(2027, 3, 1, 9, 0, tzinfo=BUSINESS_ZONE)
PEOPLE = {role.value: f"{role.value}-1" for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM)}
REQUEST: dict[str, Any] = {
    "request_id": "page/1",
    "order": "20270201-0001",
    "customer": "K-1",
    "type": "return",
    "cause": "defect",
    "line": 1,
    "quantity": "65",
    "words": "纸张受潮",
    "entered_by": "customer:K-1",
    "entered_role": "customer",
}
GOODS: dict[str, Any] = {
    "line": 1,
    "product": "ST-1",
    "specification": "A4 70g",
    "unit": "sheet",
    "unit_price": "0.0385",
    "received": "130",
    "received_at": "2027-02-22T10:00:00+08:00",
}


def start(placed: datetime = MONDAY, **changes: Any) -> CaseStart:
    """What a case begins with: a class B customer sends 65 of 130 sheets back."""
    goods = changes.pop("goods", {})
    edition = {"edition": changes.pop("edition")} if "edition" in changes else {}
    members = changes.pop("members", {})
    return CaseStart.model_validate(
        {
            "number": "C20270201-0001-1",
            "placed_at": placed,
            "customer": {"customer": "K-1", "name": "红枫包装", "customer_class": "B", "verified_by": "c"},
            "goods": {**GOODS, **goods} if goods is not None else None,
            "staff": {
                "people": PEOPLE,
                "superiors": {"service_clerk-1": "service_supervisor-1"},
                "members": members,
            },
            **edition,
            "policy": changes.pop("policy", {}),
            "request": {**REQUEST, **changes},
        }
    )


class CaseLife:
    """One case and its clock. `tell` and `decide` speak at the present moment."""

    def __init__(self, placed: datetime = MONDAY, **changes: Any) -> None:
        self.now = placed
        self.case: Case = begin(start(placed, **changes), placed)
        self.said = 0

    def until(self, moment: datetime) -> Self:
        """It becomes that moment; the case is woken at each of its deadlines."""
        while (deadline := cases.next_deadline(CASES, self.case)) is not None and deadline <= moment:
            advance(self.case, deadline)
        advance(self.case, moment)
        self.now = moment
        return self

    def later(self, days: float = 0, hours: float = 0) -> Self:
        """So much time passes."""
        return self.until(self.now + timedelta(days=days, hours=hours))

    def hear(
        self, kind: str, role: Role, content: dict[str, Any], *, by: str = "", fact_id: str = ""
    ) -> Reply:
        """Say something and hear the answer."""
        self.said += 1
        author = by or ("customer:K-1" if role is Role.CUSTOMER else f"{role.value}-1")
        envelope = {
            "fact_id": fact_id or f"test/{self.said}",
            "kind": kind,
            "by": author if role is not Role.SYSTEM else "temporal",
            "role": role.value,
            "happened_at": self.now.isoformat(),
            "content": content,
        }
        return receive(self.case, envelope, self.now)

    def tell(self, kind: str, role: Role = Role.SERVICE_CLERK, /, **content: Any) -> Self:
        """Say something that is taken."""
        reply = self.hear(kind, role, content)
        assert reply.status is Status.ACCEPTED, reply
        return self

    def decide(
        self,
        outcome: str,
        role: Role = Role.SERVICE_SUPERVISOR,
        subject: Subject = Subject.CASE_DECISION,
        *,
        by: str = "",
        **detail: Any,
    ) -> Reply:
        """Give a decision in writing."""
        content = {"subject": subject.value, "outcome": outcome, "note_reference": "N-1", "detail": detail}
        return self.hear(DECISION, role, content, by=by)

    # --- usual moves -------------------------------------------------------------------------------------------

    def assessed(self, **content: Any) -> Self:
        """Taken up by the clerk and looked into."""
        return self.tell("case_acknowledged").tell("case_assessed", words="照片属实", **content)

    def granted(self, remedy: str = "refund", role: Role = Role.SERVICE_SUPERVISOR, **detail: Any) -> Self:
        """Assessed, then granted."""
        self.assessed()
        reply = self.decide("approve", role, remedy=remedy, **detail)
        assert reply.status is Status.ACCEPTED, reply
        return self

    def back(self, quantity: str = "65", passed: str | None = None, failed: str = "0") -> Self:
        """The goods are sent, received, inspected."""
        self.tell("goods_sent", Role.CUSTOMER, carrier="顺丰", tracking_number="SF1")
        self.tell("goods_received", Role.WAREHOUSE, quantity=quantity)
        return self.tell("case_inspected", Role.QUALITY, passed=passed or quantity, failed=failed)

    def counts(self, kept_before: str = "130", money: str = "999999.00") -> Self:
        """What the order database works out, as it does it."""
        asked = refund_asked(self.case, is_paid=self.case.remedy is Remedy.REFUND)
        assert asked is not None
        if asked.amount is not None:
            kept = after = Decimal(kept_before)
            value = asked.amount
            payable = at_most(value, Decimal(money))
        else:
            figures = refund_of(asked.unit_price, Decimal(kept_before), asked.quantity, Decimal(money))
            kept, after, value, payable = (
                figures.kept_before,
                figures.kept_after,
                figures.value,
                figures.payable,
            )
        said = {
            "kept_before": f"{kept:f}",
            "kept_after": f"{after:f}",
            "value": f"{value:f}",
            "payable": f"{payable:f}",
        }
        return self.tell("refund_counted", Role.SYSTEM, **said)

    # --- looks -------------------------------------------------------------------------------------------------

    @property
    def waits_for(self) -> list[str]:
        """The keys of the open steps."""
        return sorted(self.case.steps)

    def entries(self, kind: EntryKind) -> list[JournalEntry]:
        """The journal entries of a kind."""
        return [entry for entry in self.case.unsaved if entry.kind is kind]

    @property
    def papers(self) -> list[str]:
        """The papers that became due."""
        return [intention.paper.value for intention in self.case.unsent]
