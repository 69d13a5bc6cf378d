"""The quote proper: a dossier with an enquiry, cost sheets, and the versions that were offered for it (R29, R102 to R105)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from pydantic import BaseModel

from models.dossier.dossier import Dossier
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Subject
from models.quotes.contents import CompetitionNoted
from models.quotes.costing import CostSheet, margin_of
from models.quotes.offer import Offer, OfferedPrice
from models.quotes.quotation_paper import quotation
from models.quotes.quote_request import QuoteRequest
from models.request.order_start import CustomerFile, PriceReference
from models.values.calendar import hours_of
from models.values.quantity import Measured
from models.values.vocabulary import Role, Term


class QuoteStage(Term):
    """Where a quote stands, as people read it."""

    ENQUIRY = "enquiry", "待报价", "to be quoted"
    IN_APPROVAL = "in_approval", "报价审批中", "in approval"
    TO_SEND = "to_send", "待发出", "to be sent"
    OFFERED = "offered", "已报价", "offered"
    COUNTERED = "countered", "客户还价", "counter-offered"
    EXPIRED = "expired", "已过期", "expired"
    LATE = "late", "逾期接受待定", "accepted late"
    ACCEPTED = "accepted", "已接受", "accepted"
    ORDERED = "ordered", "已转订单", "became an order"
    REFUSED = "refused", "客户谢绝", "declined"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
    CLOSED = "closed", "过期关闭", "expired and closed"


class QuoteEnding(Term):
    """How a quote ends."""

    ORDERED = "ordered", "已转订单", "became an order"
    REFUSED = "refused", "客户谢绝", "declined"
    EXPIRED = "expired", "过期关闭", "expired and closed"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


_STAGE_OF_ENDING = {
    QuoteEnding.ORDERED: QuoteStage.ORDERED,
    QuoteEnding.REFUSED: QuoteStage.REFUSED,
    QuoteEnding.EXPIRED: QuoteStage.CLOSED,
    QuoteEnding.WITHDRAWN: QuoteStage.WITHDRAWN,
}


class Chosen(BaseModel):
    """Of one line the quantity that the customer takes."""

    line: int
    quantity: Measured


class Acceptance(BaseModel):
    """The customer's yes to one version."""

    version: int
    chosen: tuple[Chosen, ...]
    by: str
    role: Role
    at: datetime
    signed_by: str = ""
    document: str = ""
    late: bool = False
    """It happened after the offer had expired, and was honoured (R104)."""


class OrderTrouble(BaseModel):
    """Why no order could be made of it."""

    code: str
    zh: str
    en: str


class Quote(Dossier):
    """One quote. All instants UTC."""

    commands: ClassVar[str] = "quote "

    request: QuoteRequest
    customer: CustomerFile
    references: tuple[PriceReference, ...] = ()
    costs: dict[str, CostSheet] = {}
    """The cost sheets in force, by line and quantity."""
    cost_sheets: int = 0
    """How often costs were told."""
    cost_numbers: dict[str, int] = {}
    """With which of those a cost sheet in force came."""
    costed_by: dict[str, str] = {}
    """Who told the cost of which line and quantity."""
    offers: list[Offer] = []
    answer_due: datetime | None = None
    """Until when the customer is owed an answer (R104); None while the customer is owed none."""
    late: Acceptance | None = None
    """An acceptance that came after the validity: the sales supervisor honours or requotes (R104)."""
    accepted: Acceptance | None = None
    competition: list[CompetitionNoted] = []
    """What competitors ask, as it was heard (R105); no price follows from it by itself."""
    order: str = ""
    """The number of the order that it became."""
    order_trouble: OrderTrouble | None = None
    order_tries: int = 0
    pending_ending: QuoteEnding | None = None
    ending: QuoteEnding | None = None

    def content_of(self, paper: Paper, identity: str) -> dict[str, Any] | None:
        """The quotation 报价单 is printed; everything else is a notice."""
        if paper is not Paper.QUOTATION:
            return None
        offer = self.offer_numbered(int(identity))
        return quotation(self.number, self.request, self.customer, offer) if offer is not None else None

    # --- versions ------------------------------------------------------------------------------------------------

    @property
    def last_version(self) -> int:
        """The number of the newest version; 0 while there is none."""
        return self.offers[-1].version if self.offers else 0

    def offer_numbered(self, version: int) -> Offer | None:
        """This version."""
        return next((offer for offer in self.offers if offer.version == version), None)

    @property
    def draft(self) -> Offer | None:
        """The offer that is made and not sent yet."""
        last = self.offers[-1] if self.offers else None
        return last if last is not None and _is_draft(last) else None

    @property
    def standing(self) -> Offer | None:
        """The offer that the customer has and no newer version took the place of, also when it has expired."""
        return next(
            (
                each
                for each in reversed(self.offers)
                if each.sent_at is not None and not each.by_customer and each.superseded_at is None
            ),
            None,
        )

    @property
    def counter(self) -> Offer | None:
        """The customer's counter-offer that is not answered yet."""
        return next(
            (each for each in reversed(self.offers) if each.by_customer and each.superseded_at is None), None
        )

    def owe_an_answer(self) -> None:
        """From now on the customer waits for an answer (R104)."""
        self.answer_due = self.clock + hours_of(self.policy.quote.answer_hours)

    # --- money ---------------------------------------------------------------------------------------------------

    def sheet_for(self, line: int, quantity: Decimal) -> CostSheet | None:
        """The cost sheet in force of this quantity of this line."""
        return self.costs.get(cost_key(line, quantity))

    def margin_of_price(self, price: OfferedPrice) -> Fraction | None:
        """What a price leaves, in per cent of the net price (R105); None where its cost is not known."""
        if price.cost is None:
            return None
        return margin_of(price.unit_price, price.quantity, price.cost, self.policy.quote.tax)

    def margin_of_offer(self, offer: Offer) -> Fraction | None:
        """The least that any of its prices leaves: the customer may take that one."""
        shares = [share for price in offer.prices if (share := self.margin_of_price(price)) is not None]
        return min(shares, default=None)

    def discount_of(self, offer: Offer) -> Fraction | None:
        """The most that any price is below the list, in per cent; None where nothing is on the list (R106)."""
        listed = {each.line: each.list_price for each in self.references if each.list_price}
        off = [
            (1 - Fraction(price.unit_price) / Fraction(price_on_list)) * 100
            for price in offer.prices
            if (price_on_list := listed.get(price.line))
        ]
        return max(off, default=None)

    # --- where it stands -----------------------------------------------------------------------------------------

    @property
    def closes_at(self) -> datetime | None:
        """When an expired quote that nobody does anything about ends by itself; None while it does not (R104)."""
        offer = self.standing
        waits = offer is None or not offer.expired or self.draft or self.counter or self.late or self.accepted
        if waits or offer is None or offer.valid_until is None or self.answer_due is not None:
            return None
        return offer.valid_until + timedelta(days=self.policy.quote.late_days)

    @property
    def stage(self) -> QuoteStage:
        """Where it stands, as people read it."""
        if self.ending is not None:
            return _STAGE_OF_ENDING[self.ending]
        if self.accepted is not None:
            return QuoteStage.ACCEPTED
        if self.late is not None:
            return QuoteStage.LATE
        if self.draft is not None:
            return QuoteStage.IN_APPROVAL if self.waits_for_approval else QuoteStage.TO_SEND
        if self.counter is not None:
            return QuoteStage.COUNTERED
        if self.standing is not None:
            return QuoteStage.EXPIRED if self.standing.expired else QuoteStage.OFFERED
        return QuoteStage.ENQUIRY

    @property
    def waits_for_approval(self) -> bool:
        """Whether an approval of the draft is asked and not given."""
        asked = self.decision(Subject.QUOTE_APPROVAL)
        return asked is not None and asked.outcome is None


def _is_draft(offer: Offer) -> bool:
    return not (offer.by_customer or offer.sent_at or offer.sent_back or offer.superseded_at)


def cost_key(line: int, quantity: Decimal) -> str:
    """Under which key a cost sheet is kept."""
    return f"{line}:{quantity:f}"
