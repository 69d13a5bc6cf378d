"""The contract proper: a dossier about one order, with the versions that were drafted and what was signed (R107).

The frame contract of a customer's file (`models.request.order_start.Contract`) is another thing: a record of the company
that says which payment and delivery terms a customer has (R15). This one is the paper of one order.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from pydantic import BaseModel

from models.contracts.contents import SHORT
from models.contracts.contract_paper import contract_paper
from models.contracts.contract_request import ContractRequest
from models.contracts.terms import ContractEnding, ContractSide, ContractStage, ContractTerms
from models.dossier.dossier import Dossier
from models.dossier.papers_due import Paper
from models.messages.link_signature import LinkSignature
from models.request.order_start import CustomerFile
from models.values.calendar import at, end_of
from models.values.fingerprint import digest_of, lasting
from models.values.vocabulary import Role

_REMINDED_AT = 9


class Signature(BaseModel):
    """One side's signature under one version."""

    side: ContractSide
    signed_by: str
    document: str = ""
    """The signed copy, by its reference."""
    by: str
    """Who told it."""
    role: Role
    at: datetime
    proof: LinkSignature | None = None
    """What proves it, where it was given on the customer's own page (R31)."""


class Signing(BaseModel):
    """Where and when both sides sign."""

    place: str
    at: datetime


class Draft(BaseModel):
    """One version. What it says never changes; a change is another version."""

    version: int
    terms: ContractTerms
    quality: str
    words: str = ""
    valid_until: date
    reason: str = ""
    supplement: bool = False
    """It changes a contract that is in force."""
    drafted_by: str
    drafted_at: datetime
    digest: str = ""
    approved_at: datetime | None = None
    sent_back: str = ""
    """Why an approver sent it back."""
    declined: str | None = None
    """Why the customer does not sign it; None: it did not say so."""
    superseded_at: datetime | None = None
    signing: Signing | None = None
    signatures: list[Signature] = []
    in_force_from: datetime | None = None
    """R107: the later of both signatures."""

    def signature_of(self, side: ContractSide) -> Signature | None:
        """This side's signature; None while it has not signed."""
        return next((each for each in self.signatures if each.side is side), None)

    @property
    def short_digest(self) -> str:
        """As much of the hash as stands on the paper."""
        return self.digest[:SHORT]

    @property
    def is_pending(self) -> bool:
        """Whether it is on its way to being signed."""
        fell = self.sent_back or self.declined is not None or self.superseded_at is not None
        return not fell and self.in_force_from is None

    def says_the_same(self, other: Draft) -> bool:
        """Whether it says what the other says."""
        return _said_by(self) == _said_by(other)


def _said_by(draft: Draft) -> tuple[object, ...]:
    return (draft.terms, draft.quality, draft.words, draft.valid_until)


def digest_of_draft(contract: str, order: str, customer: str, draft: Draft) -> str:
    """The hash of what both sides sign: number, version, goods, prices, quality, dates, clauses."""
    return digest_of(
        {
            "contract": contract,
            "order": order,
            "customer": customer,
            "version": draft.version,
            "terms": lasting(draft.terms),
            "quality": draft.quality,
            "words": draft.words,
            "valid_until": draft.valid_until.isoformat(),
            "reason": draft.reason,
        }
    )


class OrderContract(Dossier):
    """The contract of one order. All instants UTC."""

    commands: ClassVar[str] = "contract "

    request: ContractRequest
    customer: CustomerFile
    drafts: list[Draft] = []
    told: list[str] = []
    """What its order was told, by key."""
    order_ended: bool = False
    """Whether its order has ended, as far as it was heard."""
    reminder_due: bool = False
    """The expiry comes near: whether its order still needs it is being looked at."""
    reminded: str = ""
    """For which last day it was reminded."""
    termination: str = ""
    pending_ending: ContractEnding | None = None
    ending: ContractEnding | None = None

    def content_of(self, paper: Paper, identity: str) -> dict[str, Any] | None:
        """The contract 合同 is printed, with its signatures once it has both; everything else is a notice."""
        if paper not in (Paper.CONTRACT, Paper.CONTRACT_IN_FORCE):
            return None
        draft = self.draft_numbered(int(identity))
        return contract_paper(self, draft) if draft is not None else None

    # --- versions ------------------------------------------------------------------------------------------------

    @property
    def newest(self) -> Draft:
        """The newest version."""
        return self.drafts[-1]

    def draft_numbered(self, version: int) -> Draft | None:
        """This version."""
        return next((draft for draft in self.drafts if draft.version == version), None)

    @property
    def pending(self) -> Draft | None:
        """The version that is on its way to being signed."""
        return self.newest if self.newest.is_pending else None

    @property
    def in_force(self) -> Draft | None:
        """The version that both signed last."""
        return next((draft for draft in reversed(self.drafts) if draft.in_force_from is not None), None)

    @property
    def to_redraft(self) -> bool:
        """Whether the salesperson owes another version: the last one fell, and nothing else is in force.

        A supplement that an approver sent back is owed as well; one that the customer declined leaves all as it was.
        """
        fell = self.newest
        return bool(fell.sent_back) or (fell.declined is not None and self.in_force is None)

    # --- time ----------------------------------------------------------------------------------------------------

    @property
    def expires_at(self) -> datetime | None:
        """The first moment at which the version in force counts no more."""
        return end_of(self.in_force.valid_until) if self.in_force is not None else None

    @property
    def reminder_at(self) -> datetime | None:
        """R107: in the morning so many days before the last one, once; None where it was signed later than that."""
        draft = self.in_force
        if draft is None or draft.in_force_from is None or self.reminded == draft.valid_until.isoformat():
            return None
        moment = at(draft.valid_until - timedelta(days=self.policy.contract.reminder_days), _REMINDED_AT)
        return moment if moment > draft.in_force_from else None

    @property
    def lapses_at(self) -> datetime | None:
        """When a contract that nobody signs ends by itself; None once one version is in force."""
        if self.in_force is not None:
            return None
        return self.newest.drafted_at + timedelta(days=self.policy.contract.open_days)

    # --- where it stands -----------------------------------------------------------------------------------------

    @property
    def waits_for_approval(self) -> bool:
        """Whether an approval of the pending version is asked and not given."""
        draft = self.pending
        return draft is not None and draft.approved_at is None

    @property
    def stage(self) -> ContractStage:
        """Where it stands, as people read it."""
        if self.ending is not None:
            return ContractStage.ENDED
        if self.pending_ending is not None:
            return ContractStage.ENDING
        draft = self.pending
        if self.in_force is not None:
            return ContractStage.CHANGING if draft is not None or self.to_redraft else ContractStage.IN_FORCE
        if draft is None:
            return ContractStage.TO_DRAFT
        if draft.approved_at is None:
            return ContractStage.IN_APPROVAL
        if draft.signatures:
            return ContractStage.PARTLY_SIGNED
        return ContractStage.TO_SIGN if draft.signing is not None else ContractStage.TO_ARRANGE
