"""A quote's life in a test: ask for it, let time pass, tell it facts and decisions, look at it. No engine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from models.dossier.journal import EntryKind, JournalEntry
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.messages.reply import Reply, Status
from models.quotes.offer import Offer
from models.quotes.quote import Quote
from models.quotes.quote_request import QuoteStart
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Role
from workflows import case
from workflows.quoting import QUOTES, advance, begin, receive

MONDAY = datetime(2027, 3, 1, 9, 0, tzinfo=BUSINESS_ZONE)
PEOPLE = {role.value: f"{role.value}-1" for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM)}
ENQUIRY: dict[str, Any] = {
    "request_id": "mail/1",
    "channel": "email",
    "customer": "K-1",
    "contact": "王芳",
    "phone": "0755-5550102",
    "address": "深圳市宝安区新安路 12 号",
    "consignee": "王芳",
    "lines": [
        {"line": 1, "product": "TP-80", "specification": "80mm×80m", "unit": "roll", "quantities": ["10000"]}
    ],
    "payment_terms": "deposit",
    "deposit_percent": "30",
    "packing": "50 卷一箱",
    "delivery_method": "freight",
    "freight_terms": "seller_pays",
    "entered_by": "salesperson-1",
}
ROWS: list[dict[str, Any]] = [
    {"kind": "material", "what": "原纸", "quantity": "3605", "measure": "kg", "rate": "6.80", "basis": "purchase",
     "purchased_on": "2027-02-20"},
    {"kind": "process", "what": "分切", "quantity": "14", "measure": "h", "rate": "180.00", "basis": "standard"},
    {"kind": "labour", "what": "人工", "quantity": "28", "measure": "h", "rate": "32.00", "basis": "standard"},
    {"kind": "other", "what": "纸箱", "quantity": "200", "measure": "个", "rate": "2.35", "basis": "estimate"},
]  # fmt: skip
"""28,400.00 in all."""


def sheet(line: int = 1, quantity: str = "10000", rows: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A cost sheet; without rows the one of the procedures' example."""
    return {"line": line, "quantity": quantity, "rows": rows or ROWS}


def costing(cost: str) -> list[dict[str, Any]]:
    """One row that comes to this."""
    return [{"kind": "material", "what": "原纸", "quantity": "1", "rate": cost, "basis": "standard"}]


def start(placed: datetime = MONDAY, **changes: Any) -> QuoteStart:
    """What a quote begins with: a class B customer who asks for 10,000 rolls."""
    known = {"customer": "K-1", "name": "红枫包装", "customer_class": "B", "verified_by": "service_clerk-1"}
    return QuoteStart.model_validate(
        {
            "number": "Q20270301-0001",
            "placed_at": placed,
            "customer": {**known, **changes.pop("customer", {})},
            "staff": {"people": PEOPLE, "superiors": {"salesperson-1": "sales_supervisor-1"}},
            "policy": changes.pop("policy", {}),
            "references": changes.pop("references", ()),
            "request": {**ENQUIRY, **changes},
        }
    )


class QuoteLife:
    """One quote and its clock. `tell` and `decide` speak at the present moment unless told otherwise."""

    def __init__(self, placed: datetime = MONDAY, **changes: Any) -> None:
        self.now = placed
        self.quote: Quote = begin(start(placed, **changes), placed)
        self.said = 0

    def until(self, moment: datetime) -> Self:
        """It becomes that moment; the quote is woken at each of its deadlines."""
        while (deadline := case.next_deadline(QUOTES, self.quote)) is not None and deadline <= moment:
            advance(self.quote, deadline)
        advance(self.quote, moment)
        self.now = moment
        return self

    def later(self, days: float = 0, hours: float = 0) -> Self:
        """So much time passes."""
        return self.until(self.now + timedelta(days=days, hours=hours))

    def hear(
        self,
        kind: str,
        role: Role,
        content: dict[str, Any],
        *,
        by: str = "",
        happened: datetime | None = None,
        fact_id: str = "",
    ) -> Reply:
        """Say something and hear the answer."""
        self.said += 1
        author = by or ("customer:K-1" if role is Role.CUSTOMER else f"{role.value}-1")
        envelope = {
            "fact_id": fact_id or f"test/{self.said}",
            "kind": kind,
            "by": author if role is not Role.SYSTEM else "temporal",
            "role": role.value,
            "happened_at": (happened or self.now).isoformat(),
            "content": content,
        }
        return receive(self.quote, envelope, self.now)

    def tell(self, kind: str, role: Role = Role.SALESPERSON, /, **content: Any) -> Self:
        """Say something that is taken."""
        reply = self.hear(kind, role, content)
        assert reply.status is Status.ACCEPTED, reply
        return self

    def decide(
        self, outcome: str, role: Role, subject: Subject = Subject.QUOTE_APPROVAL, **said: Any
    ) -> Reply:
        """Give a decision in writing."""
        by = said.pop("by", "")
        content = {"subject": subject.value, "outcome": outcome, "note_reference": "N-1", **said}
        return self.hear(DECISION, role, content, by=by)

    # --- usual moves -------------------------------------------------------------------------------------------

    def cost(self, *sheets: dict[str, Any]) -> Self:
        """The costs are told."""
        return self.tell("cost_sheet_made", Role.FINANCE, sheets=list(sheets) or [sheet()])

    def offer(self, unit_price: str | None = None, **content: Any) -> Self:
        """An offer for the one line; without a price the proposed one."""
        price = {"line": 1, "quantity": "10000", **({"unit_price": unit_price} if unit_price else {})}
        return self.tell("offer_made", prices=[price], **content)

    def send(self) -> Self:
        """The newest version goes out."""
        return self.tell("offer_sent", version=self.quote.last_version)

    def accept(
        self, version: int | None = None, *, happened: datetime | None = None, **content: Any
    ) -> Reply:
        """The customer takes a version on the own page."""
        offer = self.version(version or self.quote.last_version)
        said = {"version": offer.version, "digest": offer.digest, **content}
        return self.hear("offer_accepted", Role.CUSTOMER, said, happened=happened)

    # --- looks -------------------------------------------------------------------------------------------------

    def version(self, number: int) -> Offer:
        """This version."""
        offer = self.quote.offer_numbered(number)
        assert offer is not None
        return offer

    @property
    def waits_for(self) -> list[str]:
        """The keys of the open steps."""
        return sorted(self.quote.steps)

    def entries(self, kind: EntryKind) -> list[JournalEntry]:
        """The journal entries of a kind."""
        return [entry for entry in self.quote.unsaved if entry.kind is kind]

    @property
    def papers(self) -> list[str]:
        """The identities of all papers that became due."""
        return [intention.identity for intention in self.quote.unsent]
