"""Invoices of orders that have ended: asked for, issued and taken back by the same rules, on the rows of the order database.

A customer asks for an invoice when all is paid, and goods come back after that. The order's workflow is over by then; so
these facts are taken here, in one transaction in which nobody else decides about the order's cases and invoices. What
was done, by whom and when stands in the rows, which are only added to.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert, select, update

from activities.cases.received_goods import hold_cases_of
from activities.facts.desk_steps import close_step, open_step, restate_step
from activities.invoices.invoice_numbers import is_own_number
from activities.invoices.kept_books import billed_of, book_of, percent_of
from activities.notices.outbox import enter_row
from activities.store.database import writing
from models.dossier.papers_due import Paper, as_said
from models.dossier.receive import check
from models.facts.fact_kinds import FACT_KINDS
from models.handlers.money.invoices import TOLD
from models.invoices.billed import Billed, total
from models.invoices.contents import CreditNoted, InvoiceIssued, InvoiceRequested, InvoiceReversed
from models.invoices.invoice_book import Invoice, InvoiceBook, InvoiceRequest, number_key, number_used
from models.invoices.told_again import was_told
from models.messages.envelope import Envelope
from models.messages.reply import Reply, Status
from models.reports.desk_steps import DeskStep, DeskStepKind, desk_step, step_key
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Role, Words

AFTER_THE_END = frozenset({"invoice_requested", "invoice_issued", "invoice_reversed", "credit_noted"})
"""Facts that are taken of an order that has ended."""
_SYSTEM = "system"
_NOT_BILLED = "账单已减少，无可开票 · less is billed, and nothing is left to be invoiced"
_NOT_OWED = "已无多开 · no more is invoiced than is billed"


def take_after_the_end(engine: Engine, number: str, envelope: Envelope, now: datetime) -> Reply | None:
    """Take a fact about the invoices of an order that has ended; None where it has not, or is another fact.

    What is refused stands in the reply, and nothing was changed. Raises the refusals of `database.writing`.
    """
    if envelope.kind not in AFTER_THE_END:
        return None
    try:
        content = check(FACT_KINDS, lasting(envelope)).content
        with writing(engine) as connection:
            return _take(connection, number, envelope, content, now.astimezone(UTC))
    except Refusal as refusal:
        if refusal.rule in ("R162", "R163") or refusal.code is Code.FACT_CONFLICT:
            return Reply.refused(refusal, envelope.fact_id, 0)
        raise


def _take(
    connection: Connection, number: str, envelope: Envelope, content: Content, now: datetime
) -> Reply | None:
    orders, requests = table("orders"), table("requests")
    hold_cases_of(connection, number)
    query = select(orders.c.ended_at, requests.c.start).join(requests, requests.c.number == orders.c.number)
    row = connection.execute(query.where(orders.c.number == number)).first()
    if row is None or row.ended_at is None:
        return None
    if isinstance(content, CreditNoted):
        # The case counted it while the order still lived; its rows say it, and the invoices are looked at (R164).
        ask_for_red_letters(connection, number, now)
        return Reply(status=Status.KNOWN, fact_id=envelope.fact_id)
    book, billed = book_of(connection, number), billed_of(connection, number)
    if was_told(book, envelope, content):
        return Reply(status=Status.KNOWN, fact_id=envelope.fact_id)
    at, today = min(envelope.happened_at.astimezone(UTC), now), business_date(now)
    if isinstance(content, InvoiceRequested):
        request = book.request(content, billed, by=envelope.by, at=at, fact_id=envelope.fact_id)
        _asked(connection, number, book, request, billed, now)
    elif isinstance(content, InvoiceIssued):
        invoice = book.issue(
            content,
            billed,
            percent_of(row.start),
            by=envelope.by,
            at=at,
            today=today,
            fact_id=envelope.fact_id,
        )
        _issued(connection, number, book, invoice, now)
    elif isinstance(content, InvoiceReversed):
        red = book.reverse(content, billed, by=envelope.by, at=at, today=today, fact_id=envelope.fact_id)
        _taken_back(connection, number, book, red, billed, now)
    _follow(connection, number, book, billed, now)
    return Reply(status=Status.ACCEPTED, fact_id=envelope.fact_id)


def _asked(
    connection: Connection,
    order: str,
    book: InvoiceBook,
    request: InvoiceRequest,
    billed: Billed,
    now: datetime,
) -> None:
    connection.execute(
        insert(table("invoice_requests")).values(
            order_number=order,
            **request.model_dump(exclude={"kind", "amount"}),
            kind=request.kind.value,
            amount=request.amount,
        )
    )
    open_step(connection, _to_issue(order, request, book, billed, now))
    kind = Words(request.kind.zh, request.kind.en)
    _tell(
        connection,
        order,
        Paper.INVOICE_ASKED,
        str(request.number),
        (Role.FINANCE,),
        "R162",
        now,
        title=request.title,
        kind=kind,
    )


def _issued(connection: Connection, order: str, book: InvoiceBook, invoice: Invoice, now: datetime) -> None:
    _enter(connection, order, invoice, len(book.invoices), "content.invoice")
    requests = table("invoice_requests")
    of_it = (requests.c.order_number == order) & (requests.c.number == invoice.request)
    connection.execute(update(requests).where(of_it).values(invoice=invoice.number))
    key = step_key(DeskStepKind.INVOICE_ASKED, f"{order}/{invoice.request}")
    close_step(connection, key, now, by=invoice.by, resolution=invoice.number)
    amounts = {"amount": invoice.amount, "tax": invoice.tax}
    _tell(
        connection,
        order,
        Paper.INVOICE_ISSUED,
        invoice.number,
        TOLD,
        "R162",
        now,
        number=invoice.number,
        **amounts,
    )


def _taken_back(
    connection: Connection, order: str, book: InvoiceBook, red: Invoice, billed: Billed, now: datetime
) -> None:
    _enter(connection, order, red, len(book.invoices), "content.red_letter")
    if red.reverses not in book.beyond_the_bill(billed):
        key = step_key(DeskStepKind.RED_LETTER_OWED, f"{order}/{red.reverses}")
        close_step(connection, key, now, by=red.by, resolution=red.number)
    _tell(
        connection,
        order,
        Paper.RED_LETTER,
        red.number,
        TOLD,
        "R163",
        now,
        number=red.number,
        invoice=red.reverses,
        amount=red.amount,
        reason=red.reason,
    )


def ask_for_red_letters(connection: Connection, order: str, now: datetime) -> None:
    """R163: less is billed of an order that has ended than stands on its invoices: finance is asked for red letters.

    What is billed no more is not to be invoiced either (R162).
    """
    book, billed = book_of(connection, order), billed_of(connection, order)
    for number in book.beyond_the_bill(billed):
        open_step(connection, _to_take_back(order, number, book, billed, now))
    _follow(connection, order, book, billed, now)


def _follow(connection: Connection, order: str, book: InvoiceBook, billed: Billed, now: datetime) -> None:
    """Open steps say what is to be done now; requests of which nothing is billed any more wait no longer (R162)."""
    requests = table("invoice_requests")
    for request in book.drop_what_is_not_billed(billed, now):
        of_it = (requests.c.order_number == order) & (requests.c.number == request.number)
        connection.execute(update(requests).where(of_it).values(withdrawn_at=now))
        key = step_key(DeskStepKind.INVOICE_ASKED, f"{order}/{request.number}")
        close_step(connection, key, now, by=_SYSTEM, resolution=_NOT_BILLED)
    for request in book.waiting:
        restate_step(connection, _to_issue(order, request, book, billed, now))
    owed = book.beyond_the_bill(billed)
    for invoice in book.invoices:
        if invoice.number in owed:
            restate_step(connection, _to_take_back(order, invoice.number, book, billed, now))
        elif not invoice.reverses:
            key = step_key(DeskStepKind.RED_LETTER_OWED, f"{order}/{invoice.number}")
            close_step(connection, key, now, by=_SYSTEM, resolution=_NOT_OWED)


def _to_issue(
    order: str, request: InvoiceRequest, book: InvoiceBook, billed: Billed, now: datetime
) -> DeskStep:
    return desk_step(
        DeskStepKind.INVOICE_ASKED,
        f"{order}/{request.number}",
        now,
        rule="R162",
        order=order,
        roles=(Role.FINANCE,),
        ended=order,
        request=str(request.number),
        title=request.title,
        amount=str(total(book.asked(billed)[request.number])),
    )


def _to_take_back(order: str, invoice: str, book: InvoiceBook, billed: Billed, now: datetime) -> DeskStep:
    return desk_step(
        DeskStepKind.RED_LETTER_OWED,
        f"{order}/{invoice}",
        now,
        rule="R163",
        order=order,
        roles=(Role.FINANCE,),
        ended=order,
        invoice=invoice,
        amount=str(total(book.beyond_the_bill(billed)[invoice])),
    )


def _enter(connection: Connection, order: str, invoice: Invoice, place: int, where: str) -> None:
    """A row of its own, never changed. Raises Refusal(invoice_number_used) where the house has the number."""
    if not is_own_number(connection, order, number_key(invoice.number), invoice.fact_id):
        raise number_used(invoice.number, where)
    connection.execute(
        insert(table("invoices")).values(
            order_number=order,
            place=place,
            amount=invoice.amount,
            net=invoice.net,
            tax=invoice.tax,
            lines=[lasting(line) for line in invoice.lines],
            kind=invoice.kind.value,
            **invoice.model_dump(exclude={"lines", "kind"}),
        )
    )


def _tell(
    connection: Connection,
    order: str,
    paper: Paper,
    identity: str,
    to: tuple[Role, ...],
    rule: str,
    now: datetime,
    **values: object,
) -> None:
    enter_row(
        connection,
        order=order,
        identity=f"{paper.value}:{identity}",
        paper=paper,
        to=to,
        words=as_said(paper, values),
        rule=rule,
        created_at=now,
        content=None,
    )
