"""What each fact carries. Names are those on the wire; who may say them stands in `models.facts.fact_kinds`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models.messages.goods_contents import GoodsOutcome, Item, Items
from models.messages.link_signature import LinkSignature
from models.messages.staff_named import NamesStaff
from models.policy import Policy
from models.request.order_request import RequestChange
from models.request.order_start import CustomerFile, PriceReference
from models.values.calendar import Calendar
from models.values.content import (
    Content,
    Instant,
    Line,
    Name,
    Paragraph,
    Reference,
    Text,
)
from models.values.vocabulary import (
    Channel,
    PhaseName,
    Role,
    Term,
)


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


class DetailsCompleted(Content):
    """The answer to a question about missing or unclear fields (R12)."""

    changes: RequestChange = RequestChange()
    clarified: tuple[Name, ...] = ()


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


class ExtensionGiven(Content):
    """More time for an open step; the customer is told (R13)."""

    step: Reference
    due: Instant
    reason: Text


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
