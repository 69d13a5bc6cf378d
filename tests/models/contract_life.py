"""A contract's life in a test: draft it, let time pass, tell it facts and decisions, look at it. No engine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from models.contracts.contract import OrderContract
from models.contracts.contract_request import ContractStart
from models.contracts.order_news import news_of
from models.dossier.journal import EntryKind, JournalEntry
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.messages.reply import Reply, Status
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Role
from workflows import case
from workflows.contracting import CONTRACTS, advance, begin, receive

MONDAY = datetime(2027, 3, 1, 9, 0, tzinfo=BUSINESS_ZONE)
PEOPLE = {role.value: f"{role.value}-1" for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM)}
TERMS: dict[str, Any] = {
    "lines": [
        {
            "line": 1,
            "product": "TP-80",
            "specification": "80mm×80m 55g",
            "quantity": "10000",
            "unit": "roll",
            "unit_price": "4.0115",
            "tolerance_percent": "5",
        }
    ],
    "delivery_date": "2027-03-15",
    "payment_terms": "deposit",
    "deposit_percent": "30",
    "delivery_method": "freight",
}
REQUEST: dict[str, Any] = {
    "request_id": "page/1",
    "order": "20270301-0001",
    "customer": "K-B1",
    "terms": TERMS,
    "quality": "GB/T 28210-2011 一等品",
    "entered_by": "salesperson-1",
    "entered_role": "salesperson",
}


def terms(**changes: Any) -> dict[str, Any]:
    """The agreed terms, changed here and there; `unit_price` and `quantity` of the only line."""
    line = {**TERMS["lines"][0], **{k: changes.pop(k) for k in ("unit_price", "quantity") if k in changes}}
    return {**TERMS, "lines": [line], **changes}


def start(placed: datetime = MONDAY, **changes: Any) -> ContractStart:
    """What a contract begins with: 10,000 rolls for a class B customer."""
    signers = changes.pop("signers", ["王芳", "刘强"])
    return ContractStart.model_validate(
        {
            "number": "H20270301-0001-1",
            "placed_at": placed,
            "customer": {
                "customer": "K-B1",
                "name": "红枫包装",
                "customer_class": "B",
                "designated_signers": signers,
            },
            "staff": {
                "people": {**PEOPLE, **changes.pop("people", {})},
                "superiors": {"salesperson-1": "sales_supervisor-1"},
            },
            "policy": changes.pop("policy", {}),
            "request": {**REQUEST, **changes},
        }
    )


class ContractLife:
    """One contract and its clock. `tell` and `decide` speak at the present moment; the order hears at once while `order_lives`."""

    def __init__(self, placed: datetime = MONDAY, **changes: Any) -> None:
        self.now = placed
        self.order_lives = True
        self.heard: list[tuple[str, str | None]] = []
        self.contract: OrderContract = begin(start(placed, **changes), placed)
        self.said = 0

    def until(self, moment: datetime) -> Self:
        """It becomes that moment; the contract is woken at each of its deadlines."""
        while (deadline := case.next_deadline(CONTRACTS, self.contract)) is not None and deadline <= moment:
            advance(self.contract, deadline)
            self.now = deadline
            self._tell_order()
        advance(self.contract, moment)
        self.now = moment
        return self

    def later(self, days: float = 0, hours: float = 0) -> Self:
        """So much later."""
        return self.until(self.now + timedelta(days=days, hours=hours))

    def say(
        self, kind: str, role: Role, content: dict[str, Any], by: str = "", at: datetime | None = None
    ) -> Reply:
        """Tell it something."""
        self.said += 1
        raw = {
            "fact_id": f"test/{self.said}",
            "kind": kind,
            "by": by or ("customer:K-B1" if role is Role.CUSTOMER else f"{role.value}-1"),
            "role": role.value,
            "happened_at": (at or self.now).isoformat(),
            "content": content,
        }
        reply = receive(self.contract, raw, self.now)
        self._tell_order()
        return reply

    def tell(
        self, kind: str, role: Role, by: str = "", happened: datetime | None = None, **content: Any
    ) -> Self:
        """Tell it a fact that it takes."""
        reply = self.say(kind, role, content, by, happened)
        assert reply.status is Status.ACCEPTED, reply
        return self

    def decision(self, role: Role, outcome: str, words: str = "", by: str = "") -> Reply:
        """Answer what was asked about the contract."""
        content = {
            "subject": Subject.CONTRACT_APPROVAL.value,
            "outcome": outcome,
            "note_reference": "NOTE-1",
            "detail": {"words": words} if words else {},
        }
        return self.say(DECISION, role, content, by)

    def approved(self) -> Self:
        """Legal and finance approve the version that waits."""
        for role in (Role.LEGAL, Role.FINANCE):
            reply = self.decision(role, "approve")
            assert reply.status is Status.ACCEPTED, reply
        return self

    def arranged(self) -> Self:
        """Place and time of signing, tomorrow."""
        at = (self.now + timedelta(days=1)).isoformat()
        version = self.contract.newest.version
        return self.tell("signing_arranged", Role.SALESPERSON, version=version, place="我司会议室", at=at)

    def sign(self, role: Role, **more: Any) -> Reply:
        """One side signs the newest version."""
        newest = self.contract.newest
        named = {"signed_by": "王芳"} if role is not Role.MARKETING_DIRECTOR else {}
        content = {"version": newest.version, "digest": newest.digest, **named, **more}
        return self.say("contract_signed", role, content)

    def signed(self) -> Self:
        """Both sides sign, the customer an hour later."""
        assert self.sign(Role.MARKETING_DIRECTOR).status is Status.ACCEPTED
        self.later(hours=1)
        assert self.sign(Role.CUSTOMER).status is Status.ACCEPTED
        return self

    def in_force(self) -> Self:
        """Approved, arranged and signed."""
        return self.approved().arranged().signed()

    def entries(self, kind: EntryKind) -> list[JournalEntry]:
        """What stands in the journal of this kind."""
        return [entry for entry in self.contract.unsaved if entry.kind is kind]

    def papers(self) -> set[str]:
        """What became due to be printed or said."""
        return {identity.partition(":")[0] for identity in self.contract.intended}

    def _tell_order(self) -> None:
        while (news := news_of(self.contract)) is not None:
            self.heard.append((news.key, news.kind))
            raw = {
                "fact_id": f"order/{news.key}",
                "kind": "order_told",
                "by": "dingdan",
                "role": "system",
                "happened_at": self.now.isoformat(),
                "content": {"news": news.key, "order_ended": not self.order_lives},
            }
            assert receive(self.contract, raw, self.now).status is Status.ACCEPTED
