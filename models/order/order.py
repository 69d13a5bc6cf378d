"""The order: everything it knows of itself, and the figures derived from it.

Plain data. Facts change it in `models.handlers`, decisions in `models.decisions`; phases look at it in `workflows`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from models.dossier.dossier import Dossier
from models.dossier.papers_due import Paper
from models.invoices.invoice_book import InvoiceBook
from models.messages.decision_subjects import Subject
from models.messages.goods_contents import FIRST_LOT
from models.messages.seen import Seen
from models.order.goods import GoodsTrouble, Lot, Release, Shipment
from models.order.headline import headline_of
from models.order.incidents import (
    Amendment,
    Cancellation,
    Danger,
    Inspection,
    Instruction,
    OpenCase,
    Question,
)
from models.order.kinds.contract import SignedContract
from models.order.kinds.kind import KINDS, OrderKind
from models.order.kinds.sample import OrderSample, fee_of
from models.order.kinds.service import OrderService
from models.order.kinds.shop import OrderShop, shop_total
from models.order.kinds.stock import OrderStock
from models.order.money.bill import bill_of, billed_quantity, open_balance_of
from models.order.money.bill_account import BillAccount
from models.order.money.credit import CreditRecord
from models.order.money.ledger import Ledger
from models.order.money.surplus import found_surplus
from models.order.paper_contents import content_of
from models.order.promise import Promise
from models.order.seen import require_in_force
from models.order.sheet import Sheet
from models.quotes.order_news import EndedQuote
from models.request.order_request import OrderRequest, RequestLine
from models.request.order_start import CustomerFile, PriceReference
from models.request.request_versions import FieldChange, RequestVersion, differences, fields_of
from models.stock.stock_words import BatchPayment
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.money import ZERO, Money, share_of
from models.values.quantity import NOTHING, Measured
from models.values.vocabulary import (
    CustomerClass,
    Ending,
    Headline,
    PaymentTerms,
    PhaseName,
    Role,
    SmallOrderWay,
    Words,
)


@dataclass(frozen=True, slots=True)
class RequestIndex:
    """A request by line, and its total: worked out once for each version of the request."""

    request: OrderRequest
    total: Decimal
    lines: dict[int, RequestLine]
    references: dict[int, PriceReference]

    @staticmethod
    def of(request: OrderRequest, references: tuple[PriceReference, ...]) -> RequestIndex:
        """The index of this request."""
        return RequestIndex(
            request,
            request.total,
            {line.line: line for line in request.lines},
            {reference.line: reference for reference in reversed(references)},
        )


class Order(Dossier):
    """One customer order: a dossier with what was asked for, promised, paid, made and sent."""

    told_by_the_journal: ClassVar[tuple[str, ...]] = ("versions",)

    request: OrderRequest
    request_version: int = 1
    customer: CustomerFile
    references: tuple[PriceReference, ...] = ()

    phase: PhaseName = PhaseName.INTAKE
    ending: Ending | None = None
    pending_ending: Ending | None = None
    """The order is to end this way once money received is settled (R84)."""

    sheets: list[Sheet] = []
    promise: Promise = Promise()
    ledger: Ledger = Ledger()
    instruction: Instruction | None = None
    production_began_at: datetime | None = None
    """When production first signed; a later version of the instruction does not undo it (R83, R84)."""
    lots: dict[str, Lot] = {}
    finished_lines: set[int] = set()
    accepted_short: set[int] = set()
    billed_as_ordered: set[int] = set()
    inspections: list[Inspection] = []
    releases: list[Release] = []
    withdrawn: list[Release] = []
    """Releases as they were when they were taken back, the oldest first. What had left under one stays in `releases`."""
    shipments: list[Shipment] = []
    goods_troubles: dict[str, GoodsTrouble] = {}
    """What exceptions about goods on their way say, by the exception's key (R74, R76)."""
    replaced: dict[int, Measured] = {}
    """What is made a second time, by line, because it did not reach the customer well (R74)."""
    restocked: dict[int, Measured] = {}
    """What came back good and is to be sent again, by line (R74)."""
    found: dict[int, Measured] = {}
    """What of the replaced is there after all, by line: it went out once, and need not go out a second time (R45, R74)."""
    checkpoints_seen: set[int] = set()
    amendment: Amendment | None = None
    changed_by: list[str] = []
    """Who asked for the changes that the order has, each once (R106)."""
    cancellation: Cancellation | None = None
    read_back: bool = False
    written_order: str = ""
    sent_back_reason: str = ""
    recheck_lines: set[int] = set()
    agent_explained: bool = False
    promise_basis: str = ""
    """Which of production's answers the promise rests on."""
    receipt_confirmed: bool = False
    hanging_since: datetime | None = None
    expected_finish: dict[int, date] = {}
    """When production last expected to finish a line (R41)."""
    dangers: dict[int, Danger] = {}
    """Lines whose promise does not hold; 0 is a small prepaid order's own limit (R38a, R42)."""
    versions: list[RequestVersion] = []
    """The versions of the request after the first, each with what became another by it: told by the journal as well."""
    customer_questions: dict[int, Question] = {}
    """What the customer asked and somebody is to answer, by number, the first is 1 (R140)."""
    reassigned: dict[Role, datetime] = {}
    """In which roles somebody else is in charge than when it was placed, and since when (R133)."""
    cases: dict[str, OpenCase] = {}
    """After-sales cases about it, by number: an open one stops the clock of completion (R81)."""
    completed_at: datetime | None = None
    """When every shipment was received and that was confirmed, or time had passed (R81)."""
    stock: OrderStock = OrderStock()
    """What it has reserved, where it is an order from stock (R110)."""
    sample_credit: Money = ZERO
    """The fee of the sample that it is made by, credited once, in CNY (R130)."""
    sample: OrderSample = OrderSample()
    """What became of it so far, where it is a sample (R130)."""
    service: OrderService = OrderService()
    """How far it is, where it is a service (R87)."""
    shop: OrderShop = OrderShop()
    """How it stands with payment and merchant, where it is an order of the shop (R39, R123 to R125)."""
    credit: CreditRecord = CreditRecord()
    """What stands between it and its customer's credit (R108, R109)."""
    dropped_lines: dict[int, RequestLine] = {}
    """Lines that an amendment took out; their numbers are never used again (R83)."""
    signed_contract: SignedContract | None = None
    """The contract of this order that is in force (R107)."""
    materials: dict[int, int] = {}
    """By line the technical note whose short raw material purchasing has ordered, by its version (R113)."""
    ended_quote: EndedQuote | None = None
    """The quote that it waited for in vain (R104); None once it waits for another one, or for none."""
    account: BillAccount = BillAccount()
    """What was billed, and the credit notes by which it became less (R164)."""
    invoices: InvoiceBook = InvoiceBook()
    """Invoices that were asked for and issued, and red letters (R162, R163)."""

    def content_of(self, paper: Paper, identity: str) -> dict[str, Any] | None:
        """What is to be printed on a paper of this order; None where it is a notice and no paper."""
        return content_of(self, paper, identity)

    def require_seen(self, seen: Seen) -> None:
        """Raises Refusal(stale_version) where version or figures are others than somebody saw (R83)."""
        require_in_force(self, seen)

    def require_fits(self, kind: str) -> None:
        """Raises Refusal(contradiction) for a fact about goods that an order of this kind never has."""
        if kind in self.kind.never_told:
            raise Refusal(
                Code.CONTRADICTION,
                Words(
                    "{kind}订单没有这件事", "nothing of the kind belongs to an order of this kind: {kind_en}"
                ).filled(kind=self.request.fulfilment.zh, kind_en=self.request.fulfilment.en),
                where="kind",
            )

    # --- what it is ----------------------------------------------------------------------------------------------

    @property
    def kind(self) -> OrderKind:
        """The phases that an order of this fulfilment goes through, and what hangs on them."""
        return KINDS[self.request.fulfilment]

    def moved_on(self) -> None:
        """Somebody did something about it, now: it no longer hangs (R19)."""
        super().moved_on()
        self.hanging_since = None

    @property
    def headline(self) -> Headline:
        """The one status people read, derived from what the order waits for."""
        return headline_of(self)

    # --- who and when --------------------------------------------------------------------------------------------

    @property
    def customer_class(self) -> CustomerClass:
        """The customer's class; the file gives C where the company gave none."""
        return self.customer.customer_class

    @property
    def is_class_a(self) -> bool:
        """Class A is not held up by sheet or deposit (R32)."""
        return self.customer_class is CustomerClass.A

    # --- sheet and money -----------------------------------------------------------------------------------------

    @property
    def signs_sheet(self) -> bool:
        """Whether the sheet must come back signed; an order from stock is confirmed by mail, page, or its own word (R101)."""
        return not self.kind.from_stock or self.policy.sheet.from_stock

    @property
    def instructed_version(self) -> int:
        """The version by which goods are made: of the newest sheet; of a sample, which has none, its round (R40, R130)."""
        return self.sheets[-1].version if self.sheets else self.sample.round if self.kind.tries_samples else 0

    @property
    def sheet(self) -> Sheet | None:
        """The sheet version in force; None where there is none, or an amendment voided the last one."""
        return self.sheets[-1] if self.sheets and self.sheets[-1].voided_at is None else None

    def take_version(self, request: OrderRequest) -> None:
        """The request becomes another: a new version, which remembers what changed."""
        changes = differences(fields_of(self.request), fields_of(request))
        self.request = request
        self.remember(changes)

    def remember(self, changes: list[FieldChange]) -> None:
        """What was seen before is another version now."""
        self.versions.append(RequestVersion(version=self.version + 1, changes=changes))

    @property
    def version(self) -> int:
        """The version of the order that people see: 1 as it was placed, one more with each change (R83)."""
        return 1 + len(self.versions)

    @property
    def _request_index(self) -> RequestIndex:
        # Kept beside the fields, made anew when the request is another.
        known: RequestIndex | None = self.__dict__.get("request_index")
        if known is None or known.request is not self.request:
            known = self.__dict__["request_index"] = RequestIndex.of(self.request, self.references)
        return known

    @property
    def total(self) -> Decimal:
        """The order total as ordered, tax included; of a sample its fee (R130), of the shop with the delivery fee (R65)."""
        kind = self.kind
        if kind.tries_samples:
            return fee_of(self)
        if kind.sold_online:
            return shop_total(self)
        return self._request_index.total

    def line_numbered(self, number: int) -> RequestLine | None:
        """The line with this number."""
        return self._request_index.lines.get(number)

    def reference_of(self, number: int) -> PriceReference | None:
        """What a line is compared with: the price list in force and the past trade (R20)."""
        return self._request_index.references.get(number)

    @property
    def awaits_cancellation(self) -> bool:
        """Whether a wish to cancel waits for its decision: until then the customer is asked for nothing (R51, R84)."""
        return self.cancellation is not None and not self.cancellation.granted

    @property
    def is_small(self) -> bool:
        """500 yuan or less, the limit included, by the total at the last confirmed version (R38)."""
        return self.total <= self.policy.small_order.limit

    @property
    def small_way(self) -> SmallOrderWay | None:
        """The way the salesperson chose for a small order (R38)."""
        outcome = self.outcome(Subject.SMALL_ORDER)
        return SmallOrderWay(outcome.value) if outcome is not None and self.is_small else None

    @property
    def terms(self) -> PaymentTerms | None:
        """The payment terms in force: those of the request, or of a small order's way (R38).

        Guaranteed is a way of small orders only: until a larger one has other terms its deposit is due as usual.
        Of a pre-sale the batch says whether a deposit or the whole is paid first (R114).
        """
        if self.kind.sold_online:
            return PaymentTerms.PREPAID
        payment, asked = self.stock.payment, self.request.payment_terms
        if asked is PaymentTerms.GUARANTEED and self.guaranteed_beyond:
            return PaymentTerms.DEPOSIT
        if payment is not None and asked is not PaymentTerms.ON_ACCOUNT:
            whole = payment is BatchPayment.WHOLE or asked is PaymentTerms.PREPAID
            return PaymentTerms.PREPAID if whole else PaymentTerms.DEPOSIT
        way = self.small_way
        return PaymentTerms(way.value) if way else asked

    @property
    def guaranteed_beyond(self) -> bool:
        """Whether a guarantee is asked for an order that is not small; its terms are asked for then (R38)."""
        return (
            not self.kind.sold_online
            and self.request.payment_terms is PaymentTerms.GUARANTEED
            and not self.is_small
        )

    @property
    def deposit_due(self) -> Decimal:
        """What must be paid before production: the whole, a share, or nothing, by terms (R33, R38), less a sample's fee (R130)."""
        if self.kind.tries_samples:
            return ZERO  # its fee is due when it was tried (R130)
        terms = self.terms
        if terms is PaymentTerms.PREPAID:
            return self.total - self.sample_credit
        if terms is not PaymentTerms.DEPOSIT:
            return ZERO
        return max(share_of(self.total, self._percent / 100) - self.sample_credit, ZERO)

    @property
    def deposit_percent(self) -> Decimal | None:
        """The deposit as a share of the total, in per cent: the order's own, the frame contract's, the policy's; None: none."""
        return self._percent if self.terms is PaymentTerms.DEPOSIT else None

    @property
    def _percent(self) -> Decimal:
        percent = self.request.deposit_percent
        if percent is None and self.customer.contract is not None:
            contract = self.customer.contract_on(business_date(self.placed_at))
            percent = contract.deposit_percent if contract is not None else None
        return self.policy.payment.deposit_percent if percent is None else percent

    def lots_of(self, line: int) -> list[Lot]:
        """The lots of one line."""
        return self._lots_by_line.get(line, [])

    @property
    def _lots_by_line(self) -> dict[int, list[Lot]]:
        # Kept beside the fields: two hundred lines look for their lots in every round.
        known: tuple[int, dict[int, list[Lot]]] | None = self.__dict__.get("lots_by_line")
        if known is None or known[0] != len(self.lots):
            by_line: dict[int, list[Lot]] = {}
            for lot in self.lots.values():
                by_line.setdefault(lot.line, []).append(lot)
            known = self.__dict__["lots_by_line"] = (len(self.lots), by_line)
        return known[1]

    def lot(self, line: int, name: str = FIRST_LOT) -> Lot | None:
        """The lot of this line by its name; None where nothing was ever reported of it."""
        return self.lots.get(f"{line}/{name}")

    def tolerance_of(self, line: RequestLine) -> Decimal:
        """By how many per cent a line may differ: its own tolerance, or the policy's (R45)."""
        own = line.tolerance_percent
        return own if own is not None else self.policy.payment.tolerance_percent

    def passed(self, line: int) -> Decimal:
        """How much of a line passed inspection so far, in the line's unit."""
        return sum((lot.passed for lot in self.lots_of(line)), NOTHING)

    def entered(self, line: int) -> Decimal:
        """How much of a line entered the warehouse so far, in the line's unit, also what has left it again, or left without.

        What came back good and is to be sent again entered it a second time (R74).
        """
        restocked = self.restocked.get(line, NOTHING)
        return sum((lot.entered + lot.left_early for lot in self.lots_of(line)), restocked)

    def here(self, line: int) -> Decimal:
        """What was made of a line, was not scrapped and has not left: no more than this can leave, inspected or not."""
        restocked = self.restocked.get(line, NOTHING)
        return sum((lot.made - lot.scrapped for lot in self.lots_of(line)), restocked) - self.shipped(line)

    def billed_quantity(self, line: int) -> Decimal:
        """What of a line is billed (`models.order.money.bill`), in the line's unit (R45, R76)."""
        return billed_quantity(self, line)

    @property
    def bill(self) -> Decimal:
        """The bill so far, from the quantities that passed and are the customer's, rounded per line (R45)."""
        return bill_of(self)

    @property
    def was_inspected(self) -> bool:
        """Whether any goods entered the warehouse, or left without: from then on the bill counts, not the order total."""
        return any(
            lot.entered + lot.left_early > 0
            for lot in self.lots.values()
            if lot.line not in self.dropped_lines
        )

    @property
    def open_balance(self) -> Decimal:
        """Bill (before goods: order total) less what was paid; negative when too much was paid (R53, R84)."""
        return open_balance_of(self)

    @property
    def rest_is_cancelled(self) -> bool:
        """A part was shipped and the rest will not be: nothing is made or sent any more (R84)."""
        return (
            self.cancellation is not None and self.cancellation.granted and self.cancellation.after_shipment
        )

    @property
    def nothing_more_leaves(self) -> bool:
        """Whether what is still here will not be sent: cancelled, or about to end, or ended without delivery (R84)."""
        ends = self.pending_ending is not None or self.ending not in (None, Ending.SETTLED)
        return ends or self.rest_is_cancelled

    @property
    def cancellation_cost(self) -> Decimal:
        """What the customer pays for the cancelled rest, beside the bill, in CNY (R84)."""
        return Decimal(self.cancellation.cost) if self.cancellation and self.rest_is_cancelled else ZERO

    # --- goods ---------------------------------------------------------------------------------------------------

    @property
    def production_began(self) -> bool:
        """Production signed for an instruction or reported goods: from then on R83 and R84 need consent.

        Of goods from stock nothing is made: there it is when they were picked; of a service when any of it was reported.
        """
        if self.kind.gives_service:
            return bool(self.service.reports)
        if self.kind.from_stock:
            return self.goods_out or any(release.picked_at is not None for release in self.releases)
        return bool(self.lots) or self.production_began_at is not None

    def released(self, line: int) -> Decimal:
        """How much of a line was released for shipment so far, in the line's unit."""
        return sum((release.quantities.get(line, NOTHING) for release in self.releases), NOTHING)

    def sent_again(self, line: int) -> Decimal:
        """How much of a line is to go out a second time, made anew or come back good, in the line's unit (R74)."""
        return self.made_again(line) + self.restocked.get(line, NOTHING)

    def made_again(self, line: int) -> Decimal:
        """How much of a line is made a second time: not what was there after all when it was to be made anew (R74)."""
        return self.replaced.get(line, NOTHING) - self.found.get(line, NOTHING)

    def left_unreleased(self, line: int) -> Decimal:
        """What of a line left without a release that stands (R61): there is nothing more to release of it."""
        under_one = sum(
            (
                min(release.shipped.get(line, NOTHING), release.quantities.get(line, NOTHING))
                for release in self.releases
            ),
            NOTHING,
        )
        return self.shipped(line) - under_one

    def shipped(self, line: int) -> Decimal:
        """How much of a line left the factory so far, in the line's unit."""
        return sum((shipment.quantities.get(line, NOTHING) for shipment in self.shipments), NOTHING)

    def returned(self, line: int) -> Decimal:
        """How much of a line came back from a recall, in the line's unit (R76)."""
        return sum((shipment.returned.get(line, NOTHING) for shipment in self.shipments), NOTHING)

    def find_shipment(self, name: str) -> Shipment | None:
        """The shipment of this name; None where there is none."""
        return next((shipment for shipment in self.shipments if shipment.shipment == name), None)

    def find_release(self, number: int | None) -> Release | None:
        """One release; without a number the first one that is not wholly shipped."""
        if number is None:
            return next((release for release in self.releases if release.outstanding), None)
        return next((release for release in self.releases if release.number == number), None)

    @property
    def to_be_remitted(self) -> Decimal:
        """What carriers were told to demand and have not handed over (R62)."""
        return sum((shipment.still_to_collect for shipment in self.shipments), ZERO)

    @property
    def goods_out(self) -> bool:
        """Whether any goods left the factory."""
        return bool(self.shipments)

    @property
    def everything_left(self) -> bool:
        """Whether all goods left the factory, or a service was accepted: nothing is to be made, sent or done any more."""
        if self.kind.gives_service:
            return self.service.accepted_at is not None
        return self.goods_out and not any(self._remains_here(line.line) for line in self.request.lines)

    def _remains_here(self, line: int) -> bool:
        unfinished = line not in self.finished_lines
        in_hand = any(lot.uninspected > 0 or lot.not_entered > 0 for lot in self.lots_of(line))
        return unfinished or in_hand or self.entered(line) - found_surplus(self, line) > self.shipped(line)
