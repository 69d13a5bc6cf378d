"""An order's life in a test: place it, let time pass, tell it facts and decisions, look at it. No engine."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from models.decisions.subjects import SUBJECTS
from models.dossier.journal import EntryKind, JournalEntry
from models.facts.fact_kinds import FACT_KINDS
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.messages.reply import Reply, Status
from models.order.order import Order
from models.order.sheet import CHECKED_FIELDS
from models.request.order_start import OrderStart
from models.values.calendar import BUSINESS_ZONE
from models.values.editions import NEWEST
from models.values.vocabulary import Role
from rehearsal.pure import answer, live_until
from rehearsal.script import merged
from rehearsal.stand_ins.books_in_memory import BooksInMemory
from rehearsal.stand_ins.order_books import OrderBooks
from workflows.procedure import begin, receive

MONDAY = datetime(2027, 3, 1, 9, 0, tzinfo=BUSINESS_ZONE)
SIGNER = "王芳"
PEOPLE = {role.value: f"{role.value}-1" for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM)}

REQUEST: dict[str, Any] = {
    "request_id": "fax/1",
    "channel": "fax",
    "customer": "K-1",
    "contact": "王芳",
    "phone": "0755-5550102",
    "address": "深圳市宝安区新安路 12 号",
    "consignee": "王芳",
    "lines": [
        {
            "line": 1,
            "product": "TP-80",
            "specification": "80mm×80m",
            "quantity": "1000",
            "unit": "roll",
            "unit_price": "5.00",
            "tolerance_percent": "5",
        }
    ],
    "payment_terms": "deposit",
    "deposit_percent": "30",
    "packing": "50 卷一箱",
    "delivery_method": "freight",
    "freight_terms": "seller_pays",
    "entered_by": "service_clerk-1",
}
_USUALLY = {"delivery_receipt": Role.CUSTOMER}
"""Who says what where a test does not name a role: the customer signs for the goods (R81)."""


def line(number: int, **changes: Any) -> dict[str, Any]:
    """Another line like the first."""
    return {**REQUEST["lines"][0], "line": number, **changes}


def request(**changes: Any) -> dict[str, Any]:
    """The usual request with these fields in place of its own."""
    return {**REQUEST, **changes}


def start(
    placed: datetime = MONDAY,
    *,
    customer: dict[str, Any] | None = None,
    policy: dict[str, Any] | None = None,
    listed: dict[str, Any] | None = None,
    calendar: dict[str, Any] | None = None,
    members: dict[str, list[str]] | None = None,
    edition: int = NEWEST,
    number: str = "20270301-0001",
    **changes: Any,
) -> OrderStart:
    """What an order begins with: a class B customer whose prices are those of the list, but for what `listed` says.

    `members` are all who have a role, where the order is to know them beside those in charge.
    """
    asked = request(**changes)
    known: dict[str, Any] = {
        "customer": "K-1",
        "name": "红枫包装",
        "customer_class": "B",
        "designated_signers": [SIGNER],
        "verified_by": "service_clerk-1",
    }
    prices = [
        {
            "line": each["line"],
            "product": each["product"],
            "specification": each["specification"],
            "unit": each["unit"],
            "list_price": each["unit_price"],
            "list_valid_from": "2026-01-01",
            **(listed or {}),
        }
        for each in asked["lines"]
    ]
    return OrderStart.model_validate(
        {
            "number": number,
            "placed_at": placed,
            "request": asked,
            "customer": merged(known, customer or {}),
            "references": prices,
            "staff": {
                "people": PEOPLE,
                "superiors": {"salesperson-1": "sales_supervisor-1"},
                "members": members or {},
            },
            "policy": policy or {},
            "calendar": calendar or {},
            "edition": edition,
        }
    )


class Life:
    """One order and its clock. `tell` and `decide` speak at the present moment unless told otherwise."""

    def __init__(self, placed: datetime = MONDAY, books: BooksInMemory | None = None, **changes: Any) -> None:
        """`books` are those that it shares with other orders."""
        self.placed = self.now = placed
        self.books = books or OrderBooks()
        self.order: Order = begin(start(placed, **changes), placed)
        self.said = 0
        answer(self.order, self.books)

    # --- time ----------------------------------------------------------------------------------------------------

    def later(self, days: float = 0, hours: float = 0) -> Self:
        """So much time passes, and everything that falls due meanwhile happens."""
        return self.until(self.now + timedelta(days=days, hours=hours))

    def until(self, moment: datetime) -> Self:
        """It becomes that moment."""
        self.now = moment
        live_until(self.order, moment, self.books)
        return self

    def day(self, number: int) -> date:
        """The business date so many days after the order."""
        return self.placed.date() + timedelta(days=number)

    # --- what is said --------------------------------------------------------------------------------------------

    def tell(
        self,
        kind: str,
        *,
        by: str | None = None,
        role: Role | None = None,
        happened: datetime | None = None,
        fact_id: str | None = None,
        seen: dict[str, Any] | None = None,
        **content: Any,
    ) -> Reply:
        """A fact, by the first role that may say it."""
        self.said += 1
        role = role or _USUALLY.get(kind) or FACT_KINDS[kind].roles[0]
        reply = receive(
            self.order,
            {
                "fact_id": fact_id or f"test/{self.said}",
                "kind": kind,
                "by": by or PEOPLE.get(role.value, SIGNER),
                "role": role.value,
                "happened_at": (happened or self.now).isoformat(),
                "content": content,
                **({"seen": seen} if seen is not None else {}),
            },
            self.now,
        )
        answer(self.order, self.books)
        return reply

    def answer(
        self,
        subject: Subject,
        outcome: str,
        *,
        role: Role | None = None,
        by: str | None = None,
        line: int | None = None,
        version: int | None = None,
        note: str | None = "N-1",
        happened: datetime | None = None,
        seen: dict[str, Any] | None = None,
        **detail: Any,
    ) -> Reply:
        """One person's answer to what is decided."""
        said: dict[str, Any] = {
            "subject": subject.value,
            "outcome": outcome,
            "line": line,
            "version": version,
        }
        content = {name: value for name, value in said.items() if value is not None}
        return self.tell(
            DECISION,
            by=by,
            role=role or SUBJECTS[subject].roles[0],
            happened=happened,
            seen=seen,
            **content,
            **({"note_reference": note} if note else {}),
            detail=detail,
        )

    def decide(self, subject: Subject, outcome: str, *, line: int | None = None, **detail: Any) -> Self:
        """Everyone who is asked answers alike, and is heard."""
        rule = SUBJECTS[subject]
        for role in rule.roles if rule.everyone else rule.roles[:1]:
            heard(self.answer(subject, outcome, role=role, line=line, **detail))
        return self

    def does(self, kind: str, **content: Any) -> Self:
        """A fact that must be accepted."""
        heard(self.tell(kind, **content))
        return self

    # --- the usual way -------------------------------------------------------------------------------------------

    def verified(self, finish: int = 5) -> Self:
        """Technical, production and the supervisor say yes; finished `finish` days after the order."""
        for each in self.order.request.lines:
            self.decide(Subject.TECHNICAL, "producible", line=each.line, material_note="原纸充足")
            self.decide(
                Subject.PRODUCTION_DATE,
                "dated",
                line=each.line,
                production_date=self.day(1).isoformat(),
                quantity=str(each.quantity),
                finished_date=self.day(finish).isoformat(),
            )
        return self.decide(Subject.APPROVAL, "approve")

    def sheet_out(self, version: int = 1) -> Self:
        """The sheet is checked, goes out and arrives legible."""
        sheet = self.order.sheet
        if sheet is None or sheet.last_sent_at is None:
            self.checked(version)
        self.does("sheet_sent", version=version)
        return self.does("sheet_received", version=version, role=Role.CUSTOMER)

    def checked(self, version: int = 1) -> Self:
        """Every item of the printed sheet is ticked (R170)."""
        lines = [each.line for each in self.order.request.lines]
        return self.does("sheet_checked", version=version, fields=list(CHECKED_FIELDS), lines=lines)

    def signed(self, version: int = 1) -> Self:
        """It comes back clean."""
        return self.does("confirmation_returned", version=version, signed_by=SIGNER)

    def paid(self, amount: str, reference: str | None = None, **content: Any) -> Self:
        """Finance reports money."""
        content = {"amount": amount, "reference": reference or f"TX-{self.said}", **content}
        return self.does("payment_received", role=Role.FINANCE, **content)

    def confirmed(self, deposit: str = "1500.00") -> Self:
        """Verified, the sheet back, the deposit there, the three parties agreed."""
        self.verified().sheet_out().signed()
        if Decimal(deposit) > 0:
            self.paid(deposit)
        return self.decide(Subject.THREE_PARTY, "confirm")

    def in_production(self, deposit: str = "1500.00") -> Self:
        """Production signed for the instruction."""
        return self.confirmed(deposit).does("production_signed", version=1, clerk="service_clerk-1")

    def made(self, quantity: str = "1000", *, line: int = 1, lot: str = "1", finished: bool = True) -> Self:
        """Production reports goods."""
        return self.does("production_reported", line=line, lot=lot, made=quantity, finished=finished)

    def passed(self, quantity: str = "1000", *, line: int = 1, lot: str = "1", **more: Any) -> Self:
        """Goods pass the joint inspection and enter the warehouse."""
        self.does(
            "inspection_reported", line=line, lot=lot, passed=quantity, checked_with="service_clerk-1", **more
        )
        return self.does("warehouse_entered", line=line, lot=lot, quantity=quantity)

    def in_warehouse(self, quantity: str = "1000", deposit: str = "1500.00") -> Self:
        """Everything made, passed and entered."""
        return self.in_production(deposit).made(quantity).passed(quantity)

    def notice(self, reference: str = "FH-1") -> dict[str, Any]:
        """What a shipping notice says: where the goods go and who takes them, as the order has it."""
        known = self.order.request
        return {
            "document": "shipping_notice",
            "reference": reference,
            "address": known.address,
            "consignee": known.consignee,
            "contact": known.contact,
        }

    def sent(self, shipment: str = "1", carrier: str = "德邦物流", **more: Any) -> Self:
        """Notice, transport, read back, gone."""
        self.does(
            "document_supplied",
            role=Role.SERVICE_CLERK,
            **self.notice(f"FH-{shipment}"),
        )
        self.does("transport_arranged", carrier=carrier, method="freight")
        self.does("shipping_read_back")
        return self.does(
            "shipped", shipment=shipment, carrier=carrier, tracking_number=f"DB-{shipment}", **more
        )

    def shipped(self) -> Self:
        """Paid in full, released, gone."""
        self.in_warehouse().paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")
        return self.sent()

    def arrived(self, shipment: str = "1") -> Self:
        """Shipped and arrived."""
        return self.shipped().does("arrived", shipment=shipment, place="深圳")

    # --- what is seen --------------------------------------------------------------------------------------------

    @property
    def waiting(self) -> set[str]:
        """The keys of the open steps."""
        return set(self.order.steps)

    @property
    def promised(self) -> date | None:
        """The promise as it stands."""
        return self.order.promise.promised

    @property
    def causes(self) -> list[str]:
        """Why the promise is what it is."""
        return [change.cause.value for change in self.order.promise.history]

    def entries(self, kind: EntryKind, subject: str = "") -> list[JournalEntry]:
        """What the journal holds of a kind."""
        return [e for e in self.order.unsaved if e.kind is kind and e.subject.startswith(subject)]

    def papers(self, paper: str) -> list[str]:
        """What of a paper is due, in English."""
        return [each.en for each in self.order.unsent if each.paper.value == paper]


def heard(reply: Reply) -> Reply:
    """The reply, which must not be a refusal."""
    assert reply.status in (Status.ACCEPTED, Status.KEPT_EARLY), f"{reply.code}: {reply.en}"
    return reply


def refused(reply: Reply, code: str) -> Reply:
    """The reply, which must be a refusal with this code."""
    assert (reply.status, reply.code) == (Status.REFUSED, code), f"{reply.status} {reply.code}: {reply.en}"
    return reply
