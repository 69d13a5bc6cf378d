"""The order: everything it knows of itself, how it writes its journal, and the figures derived from it.

Plain data. Facts change it in `models.intake` … `models.after`, phases look at it in `workflows`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from models.dossier.decision_record import Asked, key_of
from models.dossier.journal import FIRST_LINK, EntryKind, JournalEntry
from models.dossier.open_steps import OpenStep
from models.dossier.papers_due import Intention, Paper, StaffId, as_journaled, as_said
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import Envelope
from models.messages.fact_contents import FIRST_LOT
from models.order.goods import Lot, Release, Shipment
from models.order.headline import headline_of
from models.order.incidents import Amendment, Cancellation, Hold, Inspection, Instruction, Trouble
from models.order.ledger import Ledger
from models.order.paper_contents import content_of
from models.order.promise import Promise
from models.order.sheet import Sheet
from models.policy import Policy
from models.request.order_request import OrderRequest
from models.request.order_start import CustomerFile, PriceReference, StaffAssignment
from models.values.calendar import Calendar, business_date
from models.values.money import ZERO, line_amount, share_of
from models.values.quantity import NOTHING
from models.values.vocabulary import (
    CustomerClass,
    Ending,
    Headline,
    PaymentTerms,
    PhaseName,
    Role,
    SmallOrderWay,
)


class Order(BaseModel):
    """One customer order. All instants UTC, all dates business dates (+08:00)."""

    number: str
    placed_at: datetime
    request: OrderRequest
    request_version: int = 1
    customer: CustomerFile
    references: tuple[PriceReference, ...] = ()
    staff: StaffAssignment
    policy: Policy
    edition: int
    calendar: Calendar

    clock: datetime
    """The latest moment the order was told about: 'it is now …'."""
    phase: PhaseName = PhaseName.INTAKE
    ending: Ending | None = None
    ended_at: datetime | None = None
    pending_ending: Ending | None = None
    """The order is to end this way once money received is settled (R84)."""

    asked: dict[str, Asked] = {}
    voided: list[Asked] = []
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
    shipments: list[Shipment] = []
    steps: dict[str, OpenStep] = {}
    troubles: dict[str, Trouble] = {}
    checkpoints_seen: set[int] = set()
    holds: list[Hold] = []
    amendment: Amendment | None = None
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
    last_movement: datetime
    overrides: list[tuple[str, str]] = []

    seen: dict[str, str] = {}
    early: list[Envelope] = []
    intended: set[str] = set()
    sequence: int = 0
    head: str = FIRST_LINK
    unsaved: list[JournalEntry] = []
    unsent: list[Intention] = []

    # --- writing the journal -------------------------------------------------------------------------------------

    def note(
        self,
        kind: EntryKind,
        subject: str,
        *,
        at: datetime | None = None,
        by: str = "",
        role: Role = Role.SYSTEM,
        rule: str = "",
        **data: Any,
    ) -> JournalEntry:
        """Write one journal entry, next in number and chained to the one before."""
        entry = JournalEntry.linked(
            self.sequence + 1, self.head, kind, subject, at or self.clock, self.clock, by, role, rule, data
        )
        self.sequence, self.head = entry.sequence, entry.hash
        self.unsaved.append(entry)
        return entry

    def intend(self, paper: Paper, identity: str, to: tuple[Role, ...], rule: str, **values: object) -> None:
        """A paper or notice is due; the same identity is due only once."""
        own, identity = identity, f"{paper.value}:{identity}"
        if identity in self.intended:
            return
        self.intended.add(identity)
        words, said = as_journaled(paper, values), as_said(paper, values)
        entry = self.note(
            EntryKind.INTENTION, identity, rule=rule, to=[role.value for role in to], zh=words.zh, en=words.en
        )
        self.unsent.append(
            Intention(
                identity=identity,
                paper=paper,
                to=to,
                zh=said.zh,
                en=said.en,
                rule=rule,
                created_at=self.clock,
                sequence=entry.sequence,
                content=content_of(self, paper, own),
                named=tuple(value for value in values.values() if isinstance(value, StaffId)),
            )
        )

    @property
    def headline(self) -> Headline:
        """The one status people read (DOMAIN §4), derived from what the order waits for."""
        return headline_of(self)

    # --- who and when --------------------------------------------------------------------------------------------

    @property
    def lives(self) -> bool:
        """Whether anything can still happen to it."""
        return self.ending is None

    @property
    def customer_class(self) -> CustomerClass:
        """The customer's class; the file gives C where the company gave none."""
        return self.customer.customer_class

    @property
    def is_class_a(self) -> bool:
        """Class A is not held up by sheet or deposit (R32)."""
        return self.customer_class is CustomerClass.A

    def today(self) -> date:
        """The business date of the clock."""
        return business_date(self.clock)

    @property
    def hold(self) -> Hold | None:
        """The hold that is in force."""
        return self.holds[-1] if self.holds and self.holds[-1].released_at is None else None

    def held_days(self) -> set[date]:
        """Business days that fell into a hold: the day of the release, but not the day it began, counts."""
        days: set[date] = set()
        for hold in self.holds:
            first, last = business_date(hold.placed_at), business_date(hold.released_at or self.clock)
            days |= {first + timedelta(days=n) for n in range(1, (last - first).days + 1)}
        return days

    # --- decisions -----------------------------------------------------------------------------------------------

    def decision(self, subject: Subject, line: int | None = None) -> Asked | None:
        """What was asked about a subject, answered or not."""
        return self.asked.get(key_of(subject, line))

    def outcome(self, subject: Subject, line: int | None = None) -> Outcome | None:
        """How a subject was decided; None while it is open or was never asked."""
        asked = self.decision(subject, line)
        return asked.outcome if asked else None

    # --- sheet and money -----------------------------------------------------------------------------------------

    @property
    def sheet(self) -> Sheet | None:
        """The version in force."""
        return self.sheets[-1] if self.sheets and self.sheets[-1].voided_at is None else None

    @property
    def total(self) -> Decimal:
        """The order total as ordered, tax included."""
        return self.request.total

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
        """The payment terms in force: those of the request, or of a small order's way (R38)."""
        return PaymentTerms(self.small_way.value) if self.small_way else self.request.payment_terms

    @property
    def deposit_due(self) -> Decimal:
        """What must be paid before production: the whole, a share, or nothing, by terms (R33, R38)."""
        if self.terms is PaymentTerms.PREPAID:
            return self.total
        if self.terms is not PaymentTerms.DEPOSIT:
            return ZERO
        contract = self.customer.contract
        percent = self.request.deposit_percent
        if percent is None and contract is not None:
            percent = contract.deposit_percent
        if percent is None:
            percent = self.policy.payment.deposit_percent
        return share_of(self.total, percent / 100)

    def lots_of(self, line: int) -> list[Lot]:
        """The lots of one line."""
        return [lot for lot in self.lots.values() if lot.line == line]

    def lot(self, line: int, name: str = FIRST_LOT) -> Lot | None:
        """One lot, if it was ever heard of."""
        return self.lots.get(f"{line}/{name}")

    def passed(self, line: int) -> Decimal:
        """What passed inspection of a line."""
        return sum((lot.passed for lot in self.lots_of(line)), NOTHING)

    def entered(self, line: int) -> Decimal:
        """What of a line is or was in the warehouse."""
        return sum((lot.entered for lot in self.lots_of(line)), NOTHING)

    def billed_quantity(self, line: int) -> Decimal:
        """What of a line is billed: what passed and entered, the surplus not where it is returned (R45)."""
        quantity = self.entered(line) - self.returned(line)
        if line in self.billed_as_ordered:
            ordered = self.request.line_numbered(line)
            return min(quantity, ordered.quantity) if ordered else quantity
        return quantity

    @property
    def bill(self) -> Decimal:
        """The bill so far, from the quantities that passed, rounded per line (R45)."""
        return sum(
            (
                line_amount(self.billed_quantity(line.line), line.unit_price or ZERO)
                for line in self.request.lines
            ),
            ZERO,
        )

    @property
    def was_inspected(self) -> bool:
        """Whether any goods entered the warehouse: from then on the bill counts, not the order total."""
        return any(lot.entered > 0 for lot in self.lots.values())

    @property
    def open_balance(self) -> Decimal:
        """Bill (before goods: order total) less what was paid; negative when too much was paid.

        An order that ended without delivery claims nothing more: its money was settled before it ended (R84).
        """
        if self.ending not in (None, Ending.SETTLED):
            return ZERO
        return (self.bill if self.was_inspected else self.total) - self.ledger.paid

    # --- goods ---------------------------------------------------------------------------------------------------

    @property
    def production_began(self) -> bool:
        """Production signed for an instruction or reported goods: from then on R83 and R84 need consent."""
        return bool(self.lots) or self.production_began_at is not None

    def released(self, line: int) -> Decimal:
        """What of a line was released for shipment."""
        return sum((release.quantities.get(line, NOTHING) for release in self.releases), NOTHING)

    def left_unreleased(self, line: int) -> Decimal:
        """What of a line left without any release (R61): there is nothing more to release of it."""
        unreleased = (shipment for shipment in self.shipments if shipment.release is None)
        return sum((shipment.quantities.get(line, NOTHING) for shipment in unreleased), NOTHING)

    def shipped(self, line: int) -> Decimal:
        """What of a line left."""
        return sum((shipment.quantities.get(line, NOTHING) for shipment in self.shipments), NOTHING)

    def returned(self, line: int) -> Decimal:
        """What of a line came back from a recall (R76)."""
        return sum((shipment.returned.get(line, NOTHING) for shipment in self.shipments), NOTHING)

    def find_shipment(self, name: str) -> Shipment | None:
        """One shipment."""
        return next((shipment for shipment in self.shipments if shipment.shipment == name), None)

    def find_release(self, number: int | None) -> Release | None:
        """One release; without a number the first one that is not wholly shipped."""
        if number is None:
            return next((release for release in self.releases if release.outstanding), None)
        return next((release for release in self.releases if release.number == number), None)

    @property
    def goods_out(self) -> bool:
        """Whether any goods left the factory."""
        return bool(self.shipments)

    @property
    def unresolved(self) -> list[Trouble]:
        """Exceptions without a resolution."""
        return [trouble for trouble in self.troubles.values() if trouble.resolved_at is None]
