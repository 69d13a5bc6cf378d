"""What each fact carries. Names are those on the wire; who may say them stands in `models.facts.fact_kinds`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from models.credit.assessment import CreditAssessment
from models.messages.link_signature import LinkSignature
from models.policy import Policy
from models.request.order_request import RequestChange
from models.request.order_start import CustomerFile, PriceReference
from models.values.calendar import Calendar
from models.values.content import (
    Content,
    Instant,
    Line,
    Name,
    NonNegativeMoney,
    Paragraph,
    PositiveMoney,
    Reference,
    Text,
)
from models.values.quantity import LARGEST, NOTHING, PositiveQuantity, Quantity
from models.values.vocabulary import (
    Channel,
    DeliveryMethod,
    ExceptionCause,
    PaymentMethod,
    PaymentPurpose,
    PhaseName,
    Role,
    SecondTelling,
    Term,
)
from models.values.words import InvalidValue

FIRST_LOT = "1"


class OwedPaper(Term):
    """Papers that can be owed and handed in later."""

    WRITTEN_ORDER = "written_order", "手工订单", "written order"
    CONFIRMATION_SHEET = "confirmation_sheet", "客户订单确认书", "confirmation sheet"
    SHIPPING_NOTICE = "shipping_notice", "发货通知单", "shipping notice"


class Topic(Term):
    """What a logged contact settled, where that matters to the order."""

    READ_BACK = "read_back", "复述确认", "order read back"
    FREIGHT_AGENT = "freight_agent", "说明指定货代", "designated freight agent explained"
    OTHER = "other", "其他", "other"
    QUESTION = "question", "客户提问", "a question of the customer"


class Condition(Term):
    """How goods are found on the way or on arrival."""

    GOOD = "good", "完好", "good"
    DELAYED = "delayed", "延误", "delayed"
    DAMAGED = "damaged", "破损", "damaged"
    LOST = "lost", "丢失", "lost"
    REFUSED = "refused", "拒收", "refused at the door"
    SHORT = "short", "短少", "pieces missing"


class GoodsOutcome(Term):
    """What becomes of goods that did not reach the customer as they left (R74, R76)."""

    RESHIP = "reship", "补发", "sent again"
    CREDIT = "credit", "减款", "taken off the bill"
    ACCEPT = "accept", "照收", "accepted as it is"
    END = "end", "终止", "the order ends with what the customer has"
    WRITE_OFF = "write_off", "核销", "written off as lost"


class Item(Content):
    """A quantity of one line."""

    line: int
    quantity: PositiveQuantity


def _added_up(items: tuple[Item, ...]) -> tuple[Item, ...]:
    totals: dict[int, Decimal] = {}
    for item in items:
        totals[item.line] = totals.get(item.line, NOTHING) + item.quantity
    if len(totals) == len(items):
        return items
    for line, total in totals.items():
        if total > LARGEST:
            raise InvalidValue(
                f"第 {line} 行数量合计超过 {LARGEST}",
                f"the quantities of line {line} add up to more than {LARGEST}",
            )
    return tuple(Item(line=line, quantity=total) for line, total in totals.items())


Items = Annotated[tuple[Item, ...], AfterValidator(_added_up)]
"""Quantities by line, each line once: one that is named twice, as on two pallets, adds up."""


class DetailsCompleted(Content):
    """The answer to a question about missing or unclear fields (R12)."""

    changes: RequestChange = RequestChange()
    clarified: tuple[Name, ...] = ()


DESTINATION = ("address", "consignee", "contact")
"""What a shipping notice names beside the goods (R70)."""


class DocumentSupplied(Content):
    """A paper handed in: the written order (R12), the sheet (R32), the shipping notice (R70).

    The shipping notice names address, consignee and contact, which are compared with the sheet once more after finance;
    quantities that are not given are those of the release.
    """

    document: OwedPaper
    reference: Reference
    release: int | None = None
    address: Paragraph = ""
    consignee: Line = ""
    contact: Line = ""
    items: Items = ()


class NamesStaff(Content):
    """What names a person of the staff."""

    on_staff: bool = False
    """Filled in where it comes in, for who is on the company's list today and was not when the order began."""


class ContactLogged(NamesStaff):
    """A contact with the customer (R18)."""

    channel: Channel
    """Kept only: how the customer was spoken to stands in the journal (R18)."""
    words: Text
    """What was said; of a question it stands in the step that asks for the answer (R18, R140)."""
    topic: Topic = Topic.OTHER
    owner: Line = ""
    """Who is to answer a question (staff id); empty: the order's clerk (R140)."""
    answers: int | None = Field(default=None, ge=1)
    """Which question this contact answered, by the number under which it is kept (R140)."""


class SheetChecked(Content):
    """The printed sheet was looked at item by item before it is stamped and sent (R170).

    Every field of `models.order.sheet.CHECKED_FIELDS` and every line is ticked, or what differs is named: a field, or
    `lines.2.quantity`; then it is asked for anew, and a new version is made.
    """

    version: int
    fields: tuple[Name, ...] = ()
    lines: tuple[int, ...] = ()
    differing: tuple[Name, ...] = ()
    words: Text = ""
    """Kept only: what differs, for who reads the journal (R170)."""


class Reassigned(NamesStaff):
    """Somebody else is in charge of the order in a role (R133)."""

    role: Role
    person: Name
    reason: Text


class SheetSent(Content):
    """The confirmation sheet went out (R30)."""

    version: int
    channel: Channel = Channel.FAX
    """Kept only: by which way the sheet went stands in the journal (R30)."""


class SheetReceived(Content):
    """The customer has the sheet, legible or not (R30)."""

    version: int
    legible: bool = True


class ConfirmationReturned(Content):
    """The sheet came back (R31). `signed_by` is empty when nobody signed.

    `document` is the picture or the number of the paper; a salesperson's return counts at once only with it.
    """

    version: int
    signed_by: Line = ""
    legible: bool = True
    requirements_clear: bool = True
    remarks: Text = ""
    """Kept only: a person's note; faults are told by the fields above (R31)."""
    document: Line = ""
    link_signature: LinkSignature | None = None
    """What proves a signature that was given on the customer's page."""


class SheetScanned(Content):
    """A sheet came back as a picture and was recognised by its code; a clerk looks at the signature (R31)."""

    version: int
    content_hash: Annotated[str, Field(max_length=64)] = ""
    document: Reference


class PaymentReceived(Content):
    """Money came in (R53). `reference` is the bank's or the receipt's own; the same one is the same money.

    `receipt_part` names what of a receipt of the house finance gave this order (R160); the order database tells it.
    """

    amount: PositiveMoney
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "CNY"
    method: PaymentMethod = PaymentMethod.BANK
    purpose: PaymentPurpose = PaymentPurpose.BALANCE
    reference: Reference
    paid_at: Instant | None = None
    receipt_part: Line = ""


class PaymentBounced(Content):
    """A payment that had been counted bounced, or its money was taken back; named by its reference.

    `amount` is what went back, where that is said: it is all of it, for a part is put right by `payment_corrected`.
    `receipt_part`: the receipt of the house bounced of which this order has that part (R160).
    """

    reference: Reference
    reason: Text = ""
    amount: PositiveMoney | None = None
    receipt_part: Line = ""


class PaymentCorrected(Content):
    """A payment was told wrong: it is reversed under its voucher and told anew; nothing is deleted (R53)."""

    reference: Reference
    reason: Text


class SecondTellingSettled(Content):
    """Finance says what a payment is whose reference counts for another order already (R53).

    `amount` is what of it belongs here (split), `right_reference` the true one of another transfer; without it the note
    says why the same text is another transfer all the same.
    """

    reference: Reference
    outcome: SecondTelling
    amount: PositiveMoney | None = None
    right_reference: Reference | None = None
    note: Text = ""

    @model_validator(mode="after")
    def _says_enough(self) -> SecondTellingSettled:
        if self.outcome is SecondTelling.SPLIT and self.amount is None:
            raise InvalidValue(
                "拆分须写明转到本单的金额 amount", "a split names the amount that belongs here"
            )
        another = self.outcome is SecondTelling.OTHER_TRANSFER
        if another and not self.right_reference and not self.note:
            raise InvalidValue(
                "另一笔款须给出正确的凭证 right_reference，或用 note 说明",
                "another transfer has its right_reference, or a note that says why",
            )
        return self


class MoneyTransferredOut(Content):
    """Finance moves money of this order to another one (R53): a surplus, or what was told to the wrong order.

    Without `amount` all of the payment that is here. `to` is empty where the other order asked for it.
    """

    reference: Reference
    to: Line = ""
    amount: PositiveMoney | None = None
    wrong_order: bool = False
    reason: Text
    transfer: Line = ""


class MoneyTransferredIn(Content):
    """Money came from another order (R53); told by the order database when the other one has given it."""

    reference: Reference
    amount: PositiveMoney
    method: PaymentMethod
    paid_at: Instant
    wrong_order: bool = False
    reason: Text = ""
    transfer: Reference


class CashCleared(Content):
    """The salesperson's cash has been cleared with finance (R35)."""

    reference: Reference


class ProductionSigned(NamesStaff):
    """The production supervisor signed for the instruction that the clerk signed (R40)."""

    version: int
    clerk: Name


class ProductionReported(Content):
    """A line of the daily production report (R41): what was made since the last one, by lot."""

    line: int = 1
    lot: Reference = FIRST_LOT
    made: Quantity = NOTHING
    scrap: Quantity = NOTHING
    expected_finish: date | None = None
    finished: bool = False


class ProductionException(Content):
    """A production or technical exception (R42)."""

    exception: Reference
    cause: ExceptionCause = ExceptionCause.PRODUCTION
    reason: Text
    line: int | None = None
    expected_finish: date | None = None


class ExceptionReported(NamesStaff):
    """Any exception at any step (R47); it gets an owner."""

    exception: Reference
    step: PhaseName | None = None
    """Kept only: where it happened, for who reads the journal; nothing depends on it (R47)."""
    words: Text
    owner: Name


class ExceptionResolved(Content):
    """How an exception was resolved (R47).

    One about goods that arrived damaged or short, were refused or lost names its outcome (R74); `items` are the
    pieces that it is about, where that is not all of them.
    """

    exception: Reference
    resolution: Text
    outcome: GoodsOutcome | None = None
    items: tuple[Item, ...] = ()


class CheckpointReported(Content):
    """The service assistant looked at a checkpoint that the sheet names (R46); 1 is the first."""

    checkpoint: int = Field(ge=1)
    fine: bool = True
    words: Text = ""


class ExtensionGiven(Content):
    """More time for an open step; the customer is told (R13)."""

    step: Reference
    due: Instant
    reason: Text


class InspectionReported(NamesStaff):
    """Joint inspection by quality with the clerk (R43), by quantity, of one lot or of goods that came back (R76)."""

    line: int = 1
    lot: Reference = FIRST_LOT
    shipment: Reference | None = None
    passed: Quantity = NOTHING
    to_rework: Quantity = NOTHING
    scrapped: Quantity = NOTHING
    labels_good: bool = True
    packing_good: bool = True
    checked_with: Name
    reasons: Text = ""

    @model_validator(mode="after")
    def _says_something(self) -> InspectionReported:
        if self.passed + self.to_rework + self.scrapped == 0:
            raise InvalidValue(
                "检验须写明数量：合格 passed、返工 to_rework 或报废 scrapped",
                "an inspection names a quantity: passed, to_rework or scrapped",
            )
        return self


class WarehouseEntered(Content):
    """Passed goods entered the warehouse (R43)."""

    line: int = 1
    lot: Reference = FIRST_LOT
    quantity: PositiveQuantity
    place: Line = ""


class InspectionConfirmed(Content):
    """The clerk who is named in a joint inspection says whether it was so (R43); none named: the first that is owed."""

    inspection: int | None = Field(default=None, ge=1)
    agrees: bool = True
    words: Text = ""


class HandOverConfirmed(Content):
    """The clerk who is named in the hand-over of an instruction says whether it was so (R40)."""

    version: int = Field(ge=1)
    agrees: bool = True
    words: Text = ""


class TransportArranged(Content):
    """Carrier, method and time for a release (R64)."""

    release: int | None = None
    carrier: Name
    method: DeliveryMethod
    planned_for: date | None = None


class ShippingReadBack(Content):
    """The shipper read the instructions back (R71)."""

    release: int | None = None


class Shipped(Content):
    """Goods left (R70–R72). Without `items` everything of the release went."""

    shipment: Reference = "1"
    release: int | None = None
    carrier: Name
    tracking_number: Line = ""
    items: Items = ()
    expected_arrival: date | None = None
    check_on: date | None = None
    carrier_counted: Items = ()
    """What the carrier counted when it took the goods, where it was written down (R63)."""


class ShipmentNoticeReceived(Content):
    """The customer has the shipment notice 发货告知书 (R72)."""

    shipment: Reference = "1"
    legible: bool = True


class TransitReported(Content):
    """How a shipment fares (R74)."""

    shipment: Reference = "1"
    place: Line = ""
    """Kept only: where the goods were seen, for who reads the journal (R74)."""
    condition: Condition = Condition.GOOD
    expected_arrival: date | None = None
    words: Text = ""


class Arrived(Content):
    """Goods are where the customer can collect them; for pick-up: ready and told (R65, R75)."""

    shipment: Reference = "1"
    place: Line = ""
    """Kept only: where the goods are, for who reads the journal (R75)."""
    condition: Condition = Condition.GOOD
    document: Line = ""
    """The carrier's paper that says so; the clerk names it (R74)."""


class DeliveryReceipt(Content):
    """The customer signed the delivery receipt 到货回单 (R78). Without `items` everything that was sent is there."""

    shipment: Reference = "1"
    signed_by: Name
    condition: Condition = Condition.GOOD
    items: tuple[Item, ...] = ()
    """What was received, by line; a line that is named twice adds up."""
    document: Line = ""
    """The signed paper; the clerk, who collects it, names it (R78)."""
    remarks: Text = ""
    """Kept only: the customer's note; the condition has a field of its own (R78)."""


class ReceiptConfirmed(Content):
    """The customer confirms once more that all is well (R81)."""

    shipment: Line = ""
    """Which shipment is confirmed; empty: all that were delivered."""
    words: Text = ""
    """Kept only: the customer's words, for who reads the journal (R81)."""


class AfterSalesTold(Content):
    """Which after-sales case of this order was opened, or has ended (R81, R143)."""

    case: Line


class RecallReported(Content):
    """How the recall of dead goods goes (R76)."""

    shipment: Reference = "1"
    words: Text = ""
    """Kept only: how the recall goes, for who reads the journal (R76)."""


class GoodsReturned(Content):
    """Recalled goods are back, with the freight both ways (R76). Without `items` it is everything that is still out."""

    shipment: Reference = "1"
    items: Items = ()
    freight_out: NonNegativeMoney
    freight_back: NonNegativeMoney


class CollectionRemitted(Content):
    """The carrier handed over what it collected (R62)."""

    shipment: Reference = "1"
    amount: PositiveMoney
    reference: Reference


class HoldPlaced(Content):
    """The company's own steps stop; the customer's clocks run on unless said otherwise."""

    reason: Text
    customer_clocks_stop: bool = False


class HoldReleased(Content):
    """The hold on the order ends."""

    reason: Text = ""
    """Kept only: why it goes on, for who reads the journal."""


class AmendmentRequested(Content):
    """A customer asks for changes of an order that was submitted (R83)."""

    changes: RequestChange
    reason: Text
    references: tuple[PriceReference, ...] = ()
    """What each added line is compared with (R20), in their order; filled in from the price list before it is told."""


class CustomerFileRefreshed(Content):
    """The customer's file as the company keeps it now; what it says is filled in from there before it is told."""

    file: CustomerFile | None = None
    reason: Text = ""
    """Kept only: why it was refreshed, for who reads the journal (R17)."""


class CancellationRequested(Content):
    """A wish to cancel the order (R84); before production it ends at once, later the sales supervisor decides."""

    reason: Text


class CreditAssessed(CreditAssessment):
    """Finance assessed the customer: a limit, or prepaid only (R108)."""


class CreditReviewRequested(Content):
    """The customer's credit is to be looked at once more: money came for another order, the limit is another (R109)."""

    reason: Text = ""
    """Kept only: why it is looked at again, for who reads the journal (R109)."""


class Overridden(NamesStaff):
    """A separation of duties is set aside for one person, openly."""

    rule: Reference
    person: Name
    reason: Text
    """Kept only: why the duty was set aside, for who reads the journal."""


class CalendarRefreshed(Content):
    """A newer list of public holidays and make-up working days, for the whole time that it names."""

    calendar: Calendar


class Adopted(Content):
    """The order moves to another policy or to a newer edition of the rules, told by an operator.

    The policy is named by its version; what it says is filled in from the installation's own files before it is told.
    """

    policy_version: Annotated[str, Field(max_length=120)] = ""
    policy: Policy | None = None
    edition: int | None = Field(default=None, ge=1)
    reason: Text
    """Kept only: why the order moved, for who reads the journal."""
