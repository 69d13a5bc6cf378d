"""An order as rows of the order database. Sequence, head and epoch of the order belong to the recorder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from operator import attrgetter
from typing import Any

from pydantic import BaseModel

from models.dossier.decision_record import Asked
from models.dossier.open_steps import OpenStep
from models.dossier.records.changed_rows import STEPS, RowTracker, Watched
from models.dossier.records.recording import Row
from models.dossier.step_kinds import StepKind
from models.dossier.step_moves import says_more
from models.invoices.invoice_book import Invoice
from models.order.duties import barred_from, keeps_apart
from models.order.goods import Release
from models.order.money.bill_account import CreditNote, billed_lines, tax_percent
from models.order.money.exposure import bound_credit, due_since
from models.order.money.ledger import Payment
from models.order.order import Order
from models.order.own_work import APART
from models.request.order_request import RequestLine
from models.values.fingerprint import lasting
from models.values.vocabulary import Role

# Columns are named: a field that is added to a model has no column before a migration gives it one.
_LINE = ("product", "specification", "quantity", "unit", "unit_price", "amount", "tolerance_percent")
_STEP = ("kind", "roles", "people", "rule", "since", "due", "blocking", "overdue_at", "escalated_at")
_DECISION = ("subject", "line", "asked_at", "outcome", "decided_at", "voided_at", "answers")
_PROMISE = (
    "cause",
    "promised_from",
    "promised_to",
    "production_due_from",
    "production_due_to",
    "ship_date_to",
    "happened_at",
    "recorded_at",
    "by",
    "reason",
)
_PAYMENT = ("amount", "method", "purpose", "paid_at", "taken_by", "confirmed", "cleared", "bounced")
_RECEIPT = (
    "paid_at",
    "bounced",
    "corrected",
    "elsewhere",
    "reason",
    "moved",
    "asked",
    "asked_transfer",
    "asked_by",
    "asked_at",
)
_TRANSFER = ("way", "reference", "amount", "method", "paid_at", "to", "wrong_order", "reason", "by", "at")
_INVOICE_REQUEST = ("title", "tax_number", "kind", "amount", "by", "at", "fact_id", "invoice", "withdrawn_at")
_INVOICE = (
    "request",
    "title",
    "tax_number",
    "kind",
    "amount",
    "net",
    "tax",
    "issued_on",
    "by",
    "at",
    "fact_id",
    "document",
    "reverses",
    "reason",
)
_CREDIT_NOTE = ("ground", "amount", "bill_before", "bill_after", "at", "paid_back")
_BILLED = ("quantity", "unit_price", "amount")
_LOT = (
    "made",
    "passed",
    "rework",
    "scrapped",
    "entered",
    "scrap_in_production",
    "place",
    "produced_on",
    "produced_by",
    "inspected_by",
)
_INSPECTION = (
    "line",
    "lot",
    "shipment",
    "passed",
    "to_rework",
    "scrapped",
    "inspected_by",
    "checked_with",
    "at",
    "recorded_at",
    "reasons",
)
_RELEASE = (
    "quantities",
    "shipped",
    "ground",
    "balance",
    "paid",
    "collection",
    "granted_at",
    "granted_by",
    "notice_reference",
    "notice_at",
    "emergency_by",
    "bill",
    "withdrawn_at",
    "withdrawal",
)
_SHIPMENT = (
    "release",
    "quantities",
    "carrier",
    "tracking_number",
    "shipped_at",
    "shipped_by",
    "expected_arrival",
    "collection",
    "to_collect",
    "remitted",
    "arrived_at",
    "delivered_at",
    "signed_by",
    "dead_at",
    "returned_at",
    "freight_out",
    "freight_back",
)


def row_tracker(order: Order) -> RowTracker:
    """A tracker of the order's rows, which has sent nothing yet."""
    return RowTracker(order.number, lambda: watched_rows(order))


def rows_of(order: Order) -> list[Row]:
    """Every row of the order as it is now."""
    return [each.row for each in row_tracker(order).changed({}, order.clock)]


def changed_rows(order: Order, known: dict[str, str]) -> tuple[list[Row], dict[str, str]]:
    """The rows whose content is not the one in `known` (identity -> short digest), and the new `known`."""
    tracker, now = row_tracker(order), dict(known)
    changed = tracker.changed(known, order.clock)
    tracker.sent(changed, now)
    return [each.row for each in changed], now


def watched_rows(order: Order) -> Iterator[Watched]:
    """Every row of the order, not yet written out."""
    head = _head(order)
    yield Watched("orders", (), tuple(head.values()), lambda: head)
    for line in order.request.lines:
        yield _line(order, line)
    for line in order.dropped_lines.values():
        yield _line(order, line, dropped=True)
    for key, step in order.steps.items():
        yield _step(order, key, step)
    for asked in (*order.voided, *order.asked.values()):
        yield _decision(asked)
    for change in order.promise.history:
        yield _of("promises", change, _PROMISE, ("change", change.number))
    for payment in order.ledger.payments:
        yield _of("payments", payment, _PAYMENT, ("reference", payment.voucher))
        if not payment.is_plain:
            yield _receipt(order, payment)
    for transfer in order.ledger.transfers:
        yield _of("transfers", transfer, _TRANSFER, ("transfer", transfer.transfer))
    for role, since in order.reassigned.items():
        given = {"person": order.staff.person(role), "assigned_at": since}
        yield Watched(
            "order_assignments", (("role", role.value),), tuple(given.values()), partial(dict, given)
        )
    yield from _goods(order)
    yield from _papers_of_account(order)


def _papers_of_account(order: Order) -> Iterator[Watched]:
    for request in order.invoices.requests:
        yield _of("invoice_requests", request, _INVOICE_REQUEST, ("number", request.number))
    for place, invoice in enumerate(order.invoices.invoices, start=1):
        yield _invoice(invoice, place)
    for note in order.account.credit_notes:
        yield _credit_note(note)
    percent = tax_percent(order)
    for line, billed in billed_lines(order).items():
        yield Watched(
            "billed_lines",
            (("line", line),),
            (billed, percent),
            partial(lambda each: {**_taken(each, _BILLED)(), "percent": percent}, billed),
        )


def _invoice(invoice: Invoice, place: int) -> Watched:
    return Watched(
        "invoices",
        (("number", invoice.number),),
        (place, invoice),
        lambda: {
            **_taken(invoice, _INVOICE)(),
            "place": place,
            "lines": [lasting(line) for line in invoice.lines],
        },
    )


def _credit_note(note: CreditNote) -> Watched:
    return Watched(
        "credit_notes",
        (("number", note.number),),
        (note.amount,),
        lambda: {
            **_taken(note, _CREDIT_NOTE)(),
            "lines": [lasting(each) for each in note.lines],
            "case_number": note.case,
        },
    )


def _goods(order: Order) -> Iterator[Watched]:
    for lot in order.lots.values():
        yield _of("lots", lot, _LOT, ("line", lot.line), ("lot", lot.lot))
    for inspection in order.inspections:
        yield _of("inspections", inspection, _INSPECTION, ("inspection", inspection.number))
    standing = {release.number: release for release in order.releases}
    # A number is given again: its row tells of the last release that had it, taken back or not.
    for release in ({old.number: old for old in order.withdrawn} | standing).values():
        yield _release(order, release)
    for shipment in order.shipments:
        yield _of("shipments", shipment, _SHIPMENT, ("shipment", shipment.shipment))


def _release(order: Order, release: Release) -> Watched:
    version = release.version or order.request_version
    return Watched(
        "releases",
        (("release", release.number),),
        (*(_kept(getattr(release, name)) for name in _RELEASE), version),
        lambda: {**_taken(release, _RELEASE)(), "version": version},
    )


def _of(table: str, source: BaseModel, names: tuple[str, ...], *key: tuple[str, str | int]) -> Watched:
    """A row that is nothing but fields of a part of the order."""
    return Watched(table, key, tuple(map(_kept, _reader(names)(source))), _taken(source, names))


@cache
def _reader(names: tuple[str, ...]) -> Callable[[BaseModel], tuple[Any, ...]]:
    """What reads these fields at once, in this order."""
    return attrgetter(*names)


def _taken(source: BaseModel, names: tuple[str, ...]) -> Callable[[], dict[str, Any]]:
    return lambda: {name: getattr(source, name) for name in names}


def _kept(value: Any) -> Any:
    # What is changed in place is copied, or it would seem never to change.
    kind = type(value)
    if kind is list:
        return tuple(value)
    return dict(value) if kind is dict else value


def _head(order: Order) -> dict[str, Any]:
    return {
        "request_id": order.request.request_id,
        "request_version": order.version,
        "placed_at": order.placed_at,
        "customer": order.customer.customer,
        "customer_name": order.customer.name,
        "customer_class": order.customer_class,
        "salesperson": order.staff.person(Role.SALESPERSON),
        "phase": order.phase,
        "headline": order.headline,
        "ending": order.ending,
        "ended_at": order.ended_at,
        "completed_at": order.completed_at,
        "terms": order.terms,
        "total": order.total,
        "bill": order.bill,
        "paid": order.ledger.paid,
        "open_balance": order.open_balance,
        "deposit_due": order.deposit_due,
        "first_promised": order.promise.first_promised,
        "promised": order.promise.promised,
        # Nothing of a service is made on machine lines, and nothing ships (R87).
        "production_due": None if order.kind.gives_service else order.promise.production_due,
        "ship_date": None if order.kind.gives_service else order.promise.ship_date,
        "sheet_version": order.sheet.version if order.sheet else None,
        "policy_version": order.policy.version,
        "edition": order.edition,
        "exposure": bound_credit(order),
        "exposure_due": due_since(order),
        "credit_heard": order.credit.heard,
        "credited": order.ledger.credited,
        **({"customer_order_number": own} if (own := order.request.customer_order_number) else {}),
    }


def _line(order: Order, line: RequestLine, *, dropped: bool = False) -> Watched:
    passed, entered, shipped = order.passed(line.line), order.entered(line.line), order.shipped(line.line)
    return Watched(
        "order_lines",
        (("line", line.line),),
        (line, passed, entered, shipped, dropped),
        lambda: {
            **_taken(line, _LINE)(),
            "passed": passed,
            "entered": entered,
            "shipped": shipped,
            # said of those alone, so that every other row stays as it was sent
            **({"dropped": True} if dropped else {}),
        },
    )


def _step(order: Order, key: str, step: OpenStep) -> Watched:
    barred = _barred(order, step)
    return Watched(
        STEPS,
        (("key", key),),
        (*_reader(_STEP)(step), step.values, barred),
        lambda: {
            **_taken(step, _STEP)(),
            # said only of what the separation of duties is about, so that every other row stays as it was sent
            **({"barred": barred} if barred is not None else {}),
            "zh": step.words.zh,
            "en": step.words.en,
            "command": (command := (move := step.move).command(order.number)),
            "closed_at": None,
            **says_more(move, command),
        },
    )


def _barred(order: Order, step: OpenStep) -> tuple[str, ...] | None:
    """Who may not decide what is asked, because of the other half of a duty (R133); None where no duties are apart."""
    if step.kind is not StepKind.DECISION:
        return None
    subject = APART.get(step.values.get("subject", "").partition(" ")[0])
    if subject is None or not keeps_apart(order, subject):
        return None
    return barred_from(order, subject)


def _receipt(order: Order, payment: Payment) -> Watched:
    claim = payment.claim(order.number)
    return Watched(
        "payment_receipts",
        (("reference", payment.voucher),),
        (*(getattr(payment, name) for name in _RECEIPT), claim),
        lambda: {**_taken(payment, _RECEIPT)(), "claim": claim},
    )


def _decision(asked: Asked) -> Watched:
    return Watched(
        "decisions",
        (("key", asked.key), ("version", asked.version)),
        (asked.asked_at, asked.outcome, asked.decided_at, asked.voided_at, len(asked.answers)),
        lambda: {**_taken(asked, _DECISION)(), "about": asked.about_words},
    )
