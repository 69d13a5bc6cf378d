"""The after-sales case proper: a dossier about an order, from the customer's word to the remedy (R143)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import BaseModel

from models.cases.case_request import CaseGoods, CaseRequest
from models.cases.credit_note import case_credit_note
from models.cases.returns import needs_admission
from models.cases.terms import GOODS_COME_BACK, OF_GOODS, OF_MONEY, CaseEnding, CaseStage, CaseType, Remedy
from models.dossier.dossier import Dossier
from models.dossier.papers_due import Paper
from models.request.order_start import CustomerFile
from models.values.calendar import business_date, end_of
from models.values.money import ZERO, Amount, line_amount
from models.values.quantity import NOTHING, Measured
from models.values.vocabulary import Role


class Evidence(BaseModel):
    """A photo or a paper, by its reference."""

    document: str
    words: str = ""
    by: str
    role: Role
    at: datetime


class Assessment(BaseModel):
    """What the evidence shows."""

    by: str
    at: datetime
    words: str
    remedy: Remedy | None = None
    amount: Amount | None = None


class Granted(BaseModel):
    """What was granted, by whom."""

    remedy: Remedy
    our_fault: bool = False
    goods_back: bool = False
    amount: Amount | None = None
    by: str
    at: datetime


class Inspected(BaseModel):
    """What of the goods that came back passed."""

    passed: Measured
    failed: Measured
    by: str
    at: datetime


class Counted(BaseModel):
    """What the order database worked out (R142)."""

    round: int
    kept_before: Measured
    kept_after: Measured
    value: Amount
    payable: Amount


class ReplacementTrouble(BaseModel):
    """Why no replacement could be entered."""

    code: str
    zh: str
    en: str


class Case(Dossier):
    """One after-sales case. All instants UTC."""

    commands: ClassVar[str] = "case "

    request: CaseRequest
    customer: CustomerFile
    goods: CaseGoods | None = None
    evidence: list[Evidence] = []
    acknowledged_at: datetime | None = None
    assessment: Assessment | None = None
    assessors: list[str] = []
    """Who looked into it, also those whose assessment another one replaced; from edition 11 (R143)."""
    admitted: bool = False
    """Whether a defect that was told late was let in by the supervisor (R142)."""
    grant: Granted | None = None
    refusal: str = ""
    """Why nothing was granted; the customer read it."""
    decided_at: datetime | None = None
    sent_at: datetime | None = None
    reminded: bool = False
    """Whether the customer was reminded of goods that were not sent yet."""
    never_sent: bool = False
    """The goods did not come in their time, and the replacement had left already."""
    came_back: Measured | None = None
    received_at: datetime | None = None
    inspected: Inspected | None = None
    counted: list[Counted] = []
    round: int = 0
    """0 for the first remedy, 1 for that after the customer objected."""
    replacement: str = ""
    """The number of the replacement order (R144)."""
    replaced: Measured = NOTHING
    """How much was ordered as replacement."""
    replacement_trouble: ReplacementTrouble | None = None
    replacement_tries: int = 0
    remedied_at: datetime | None = None
    remedied_by: str = ""
    paid_reference: str = ""
    objection: str = ""
    objected_at: datetime | None = None
    pending_ending: CaseEnding | None = None
    ending: CaseEnding | None = None

    def content_of(self, paper: Paper, identity: str) -> dict[str, Any] | None:
        """The credit note 贷项通知单 is printed (R164); everything else is a notice."""
        return case_credit_note(self) if paper is Paper.CREDIT_NOTE else None

    # --- who -----------------------------------------------------------------------------------------------------

    @property
    def owner(self) -> str:
        """Whose case it is; never who decides it (R143)."""
        return self.staff.person(Role.SERVICE_CLERK)

    # --- figures -------------------------------------------------------------------------------------------------

    @property
    def asked_quantity(self) -> Decimal:
        """How much the customer complains about; zero where no goods are named."""
        return self.request.quantity or NOTHING

    @property
    def at_stake(self) -> Decimal:
        """What it may cost us, by which it is known who decides: the goods at their price, or what was proposed."""
        price = self.goods.unit_price if self.goods is not None else ZERO
        proposed = self.assessment.amount if self.assessment is not None else None
        return max(line_amount(self.asked_quantity, price), proposed or ZERO)

    @property
    def held(self) -> Decimal:
        """How much of what the customer received is this case's alone: no other case may have it (R142).

        Goods that were not sent, were withdrawn, did not pass or were repaired are the customer's to bring back again.
        """
        if self.request.type not in GOODS_COME_BACK:
            return NOTHING
        if self.inspected is not None:
            kept = self.grant is not None and self.grant.remedy is not Remedy.REPAIR
            return self.inspected.passed if kept or self.lives else NOTHING
        if not self.lives:
            return NOTHING
        return min(self.asked_quantity, self.came_back) if self.came_back is not None else self.asked_quantity

    @property
    def count(self) -> Counted | None:
        """What was counted for the remedy that is on now."""
        return next((each for each in self.counted if each.round == self.round), None)

    @property
    def returned_value(self) -> Decimal:
        """What the goods that came back and passed were worth, in all rounds."""
        return sum((each.value for each in self.counted), ZERO)

    @property
    def difference(self) -> Decimal:
        """R144: what the replacement costs more than the goods that came back were worth; less than nothing is refunded."""
        price = self.goods.unit_price if self.goods is not None else ZERO
        return line_amount(self.replaced, price) - self.returned_value

    # --- what follows from the grant -----------------------------------------------------------------------------

    @property
    def waits_for_goods(self) -> bool:
        """Whether the goods are to come back and did not yet."""
        return (
            self.grant is not None
            and self.grant.goods_back
            and self.came_back is None
            and not self.never_sent
        )

    @property
    def waits_for_inspection(self) -> bool:
        """Whether goods came back and quality has not decided."""
        return self.came_back is not None and self.inspected is None

    @property
    def remedy(self) -> Remedy | None:
        """What is to be done now: what was granted, or an answer where nothing that came back passed."""
        grant = self.grant
        if grant is None:
            return None
        nothing_passed = grant.goods_back and self.inspected is not None and not self.inspected.passed
        # What was shipped on our fault before the goods came stays shipped: finance settles it.
        return (
            Remedy.ANSWER
            if nothing_passed and not self.replacement and grant.amount is None
            else grant.remedy
        )

    @property
    def is_exchange(self) -> bool:
        """Whether the product enters a replacement order by itself (R144)."""
        grant = self.grant
        return self.request.type is CaseType.EXCHANGE and grant is not None and grant.remedy is Remedy.RESHIP

    @property
    def goods_to_count(self) -> Decimal:
        """How much came back, passed, and was not counted in an earlier round."""
        passed = self.inspected.passed if self.inspected is not None else NOTHING
        counted = sum((each.kept_before - each.kept_after for each in self.counted), NOTHING)
        return passed - counted

    @property
    def is_to_count(self) -> bool:
        """Whether the order database has to work out what it is worth now (R142)."""
        grant = self.grant
        if grant is None or self.count is not None or self.waits_for_goods or self.waits_for_inspection:
            return False
        if self.remedy in OF_MONEY:
            return grant.amount is not None or self.goods_to_count > 0
        return self.is_exchange and self.goods_to_count > 0

    @property
    def is_to_replace(self) -> bool:
        """R144: on our fault at once, else after the goods passed."""
        grant = self.grant
        if grant is None or not self.is_exchange or self.replacement or self.replacement_trouble is not None:
            return False
        return grant.our_fault or (self.inspected is not None and self.inspected.passed > 0)

    @property
    def to_replace(self) -> Decimal:
        """How much is ordered as replacement: what passed, or on our fault before it came back all that was asked."""
        return self.inspected.passed if self.inspected is not None else self.asked_quantity

    # --- limits --------------------------------------------------------------------------------------------------

    def working_days(self, begun: datetime, days: int) -> datetime:
        """The end of the so-many-th working day after this moment."""
        return end_of(self.calendar.working_days_after(business_date(begun), days))

    @property
    def decide_by(self) -> datetime:
        """R143: three working days after it was opened, or after the customer objected."""
        return self.working_days(self.objected_at or self.placed_at, self.policy.afterwards.decide_days)

    @property
    def send_by(self) -> datetime | None:
        """Until when the goods are to be on their way; None while they are not waited for (R143)."""
        if not self.waits_for_goods or self.sent_at is not None or self.grant is None:
            return None
        return self.grant.at + timedelta(days=self.policy.afterwards.send_days)

    @property
    def remedy_due(self) -> datetime:
        """R143: seven days after the inspection, or after the decision where nothing comes back."""
        since = self.inspected.at if self.inspected is not None else self.decided_at or self.placed_at
        if self.grant is not None:
            since = max(since, self.grant.at)
        return since + timedelta(days=self.policy.afterwards.remedy_days)

    @property
    def agree_by(self) -> datetime | None:
        """Until when the customer may object; silence agrees (R143). None while nothing is to be answered."""
        if self.remedied_at is None or self.round > 0 or self.objected_at is not None:
            return None
        return self.remedied_at + timedelta(days=self.policy.afterwards.agree_days)

    # --- where it stands -----------------------------------------------------------------------------------------

    @property
    def is_late_defect(self) -> bool:
        """Whether it needs the supervisor's admission (R142)."""
        return self.request.cause in OF_GOODS and needs_admission(
            self.goods, self.policy.afterwards, self.placed_at
        )

    @property
    def waits_for_review(self) -> bool:
        """Whether the customer objected and the supervisor has not decided anew."""
        return self.objected_at is not None and self.round == 0 and self.pending_ending is None

    @property
    def stage(self) -> CaseStage:
        """Where it stands, as people read it."""
        if self.ending is not None:
            return CaseStage.CLOSED
        if self.waits_for_review:
            return CaseStage.OBJECTED
        if self.remedied_at is not None:
            return CaseStage.REMEDIED
        if self.decided_at is None:
            if self.acknowledged_at is None:
                return CaseStage.OPENED
            return CaseStage.ASSESSED if self.assessment is not None else CaseStage.ACKNOWLEDGED
        if self.waits_for_goods:
            return CaseStage.GOODS_SENT if self.sent_at is not None else CaseStage.GOODS_AWAITED
        return CaseStage.GOODS_RECEIVED if self.waits_for_inspection else CaseStage.TO_REMEDY
