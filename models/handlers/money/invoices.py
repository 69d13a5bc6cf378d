"""Invoices of an order: asked for, issued, taken back by red letter, and what after-sales cases credit (R162 to R164)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.invoices.contents import CreditNoted, InvoiceIssued, InvoiceRequested, InvoiceReversed
from models.invoices.invoice_book import Invoice, number_key, number_used
from models.invoices.terms import InvoiceKind
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.money.bill import stays_paid
from models.order.money.bill_account import billed_by_line, credit_after_sales, tax_percent
from models.order.order import Order
from models.values.calendar import business_date
from models.values.content import Content
from models.values.errors import AlreadyKnown, Code, Refusal, TooEarly
from models.values.vocabulary import Role, Words

FACTS = FactTable()
ASK = (Role.CUSTOMER, Role.SALESPERSON, Role.SERVICE_CLERK, Role.FINANCE)
ISSUE = (Role.FINANCE, Role.SYSTEM)
TOLD = (Role.CUSTOMER, Role.SALESPERSON)
_NOT_HAD = Words(
    "售后减账多于账单或已付款", "more would be credited than is billed, or paid back than was paid"
)


@FACTS.row(InvoiceRequested, ASK, Words("申请开票", "invoice asked for"))
def invoice_requested(order: Order, envelope: Envelope, content: InvoiceRequested) -> None:
    """R162: at most what is billed and on no invoice; before the first bill it waits."""
    billed = billed_by_line(order)
    if not billed and order.pending_ending is None:
        raise TooEarly
    request = order.invoices.request(
        content, billed, by=envelope.by, at=envelope.happened_at, fact_id=envelope.fact_id
    )
    order.intend(
        Paper.INVOICE_ASKED,
        str(request.number),
        (Role.FINANCE,),
        "R162",
        title=request.title,
        kind=_words(request.kind),
    )


@FACTS.row(InvoiceIssued, ISSUE, Words("开具发票", "invoice issued"))
def invoice_issued(order: Order, envelope: Envelope, content: InvoiceIssued) -> None:
    """R162: under a number that no other invoice of the house has; it never changes."""
    _require_own(order, content.invoice, "content.invoice")
    invoice = order.invoices.issue(
        content,
        billed_by_line(order),
        tax_percent(order),
        by=envelope.by,
        at=envelope.happened_at,
        today=order.today(),
        fact_id=envelope.fact_id,
    )
    _journal(order, invoice, "R162")
    order.intend(
        Paper.INVOICE_ISSUED,
        invoice.number,
        TOLD,
        "R162",
        number=invoice.number,
        amount=invoice.amount,
        tax=invoice.tax,
    )


@FACTS.row(InvoiceReversed, ISSUE, Words("红字发票", "red-letter invoice"))
def invoice_reversed(order: Order, envelope: Envelope, content: InvoiceReversed) -> None:
    """R163: what an invoice says stays; a red letter takes back at most what remains of it."""
    _require_own(order, content.red_letter, "content.red_letter")
    red = order.invoices.reverse(
        content,
        billed_by_line(order),
        by=envelope.by,
        at=envelope.happened_at,
        today=order.today(),
        fact_id=envelope.fact_id,
    )
    _journal(order, red, "R163")
    order.intend(
        Paper.RED_LETTER,
        red.number,
        TOLD,
        "R163",
        number=red.number,
        invoice=red.reverses,
        amount=red.amount,
        reason=red.reason,
    )


@FACTS.row(CreditNoted, (Role.SYSTEM,), Words("售后减账", "credit note of a case"))
def credit_noted(order: Order, envelope: Envelope, content: CreditNoted) -> None:
    """R142, R164: what an after-sales case took off the bill while the order goes on."""
    if any(note.number == content.credit_note for note in order.account.credit_notes):
        raise AlreadyKnown
    received = any(shipment.delivered_at is not None for shipment in order.shipments)
    if not received or content.value > order.bill or content.paid_back > stays_paid(order):
        raise Refusal(Code.CONTRADICTION, _NOT_HAD, where="content.value", rule="R142")
    credit_after_sales(
        order,
        case=content.case,
        number=content.credit_note,
        line=content.line,
        value=content.value,
        paid_back=content.paid_back,
    )


def settle_requests(order: Order) -> None:
    """R162: where the bill fell so far that nothing is left of a request, it waits no longer."""
    if not order.invoices.waiting:
        return
    for request in order.invoices.drop_what_is_not_billed(billed_by_line(order), order.clock):
        order.note(EntryKind.VOIDED, f"invoice_request:{request.number}", rule="R162")


def number_to_claim(order: Order, envelope: Envelope, content: Content, now: datetime) -> str | None:
    """The number of an invoice that must be this order's before the fact is taken now (R162); None where none is asked.

    Whoever would be refused anyhow asks for none.
    """
    if not order.lives or envelope.fact_id in order.seen:
        return None
    book = order.invoices.model_copy(deep=True)
    # The order's clock may not have been told yet what time it is.
    billed, today = billed_by_line(order), business_date(max(order.clock, now))
    try:
        if isinstance(content, InvoiceIssued):
            book.issue(content, billed, tax_percent(order), by="", at=order.clock, today=today)
            return number_key(content.invoice)
        if isinstance(content, InvoiceReversed):
            book.reverse(content, billed, by="", at=order.clock, today=today)
            return number_key(content.red_letter)
    except Refusal:
        return None
    return None


def _require_own(order: Order, number: str, where: str) -> None:
    if number_key(number) in order.ledger.claimed_elsewhere:
        raise number_used(number, where)


def _journal(order: Order, invoice: Invoice, rule: str) -> None:
    takes_back: dict[str, Any] = {"reverses": invoice.reverses} if invoice.reverses else {}
    order.note(
        EntryKind.INVOICED,
        invoice.number,
        rule=rule,
        amount=str(invoice.amount),
        net=str(invoice.net),
        tax=str(invoice.tax),
        lines=[line.model_dump(mode="json") for line in invoice.lines],
        **takes_back,
    )


def _words(kind: InvoiceKind) -> Words:
    return Words(kind.zh, kind.en)
