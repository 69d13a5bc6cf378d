"""Invoices as lists: what waits, what was issued, red letters that are owed, credit notes, and all of one order (R162 to R164)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, func, or_, select, union_all

from activities.cases.received_goods import order_row
from activities.invoices.kept_books import billed_of, book_of
from activities.store.database import reading
from models.access import no_order
from models.documents.credit_note import note_number
from models.dossier.step_kinds import StepKind
from models.invoices.billed import Billed, total
from models.invoices.invoice_book import Invoice, InvoiceBook, InvoiceRequest
from models.invoices.terms import CreditNoteGround, InvoiceKind
from models.reports.desk_steps import DeskStepKind
from models.tables.registry import table
from models.values.money import ZERO

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class WaitingInvoice:
    """An invoice that finance is still to issue, and for how much now."""

    order: str
    customer_name: str
    request: InvoiceRequest
    amount: Decimal
    ended: bool


@dataclass(frozen=True, slots=True)
class OwedRedLetter:
    """What of an invoice is billed no more and is to be taken back."""

    order: str
    customer_name: str
    invoice: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class IssuedInvoice:
    """An invoice, or a red letter, in a list."""

    order: str
    customer_name: str
    number: str
    kind: InvoiceKind
    title: str
    amount: Decimal
    net: Decimal
    tax: Decimal
    at: datetime
    reverses: str
    document: str


@dataclass(frozen=True, slots=True)
class ShownCreditNote:
    """A credit note of an order, or of an after-sales case about it."""

    number: str
    ground: CreditNoteGround
    amount: Decimal
    at: datetime
    case: str


@dataclass(frozen=True, slots=True)
class InvoicesOfOrder:
    """All that concerns the invoices of one order. Amounts CNY with tax."""

    order: str
    customer: str
    customer_name: str
    salesperson: str
    ended: bool
    billed: Decimal
    available: Decimal
    """What may still be asked for."""
    book: InvoiceBook
    asked: Mapping[int, Decimal]
    """By request that waits, what it is for now."""
    owed: Mapping[str, Decimal]
    """By invoice, what is to be taken back."""
    remaining: Mapping[str, Decimal]
    credit_notes: Sequence[ShownCreditNote]

    @property
    def invoices(self) -> Sequence[Invoice]:
        """Invoices and red letters, the newest first."""
        return self.book.invoices[::-1]


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """The desk of invoices."""

    waiting: Sequence[WaitingInvoice]
    """What was asked for first comes first; at most so many as a list shows."""
    owed: Sequence[OwedRedLetter]
    """Of the orders that owe one longest, so many as a list shows."""
    issued: Sequence[IssuedInvoice]
    waiting_in_all: int
    """How many wait, shown or not."""
    owed_in_all: int
    """How many red letters are owed, shown or not."""


def invoices_of(engine: Engine, order: str) -> InvoicesOfOrder:
    """The invoices of an order. Raises Refusal(unknown_order)."""
    orders = table("orders")
    with reading(engine) as connection:
        row = connection.execute(select(orders).where(orders.c.number == order)).mappings().first()
        if row is None:
            raise no_order(order)
        order_row(connection, order)
        book, billed = book_of(connection, order), billed_of(connection, order)
        asked = {number: total(lines) for number, lines in book.asked(billed).items()}
        left = total(book.available(billed)) - sum(asked.values(), ZERO)
        return InvoicesOfOrder(
            order=order,
            customer=row["customer"] or "",
            customer_name=row["customer_name"] or "",
            salesperson=row["salesperson"] or "",
            ended=row["ended_at"] is not None,
            billed=total(billed),
            available=max(left, ZERO),
            book=book,
            asked=asked,
            owed={name: total(lines) for name, lines in book.beyond_the_bill(billed).items()},
            remaining={
                each.number: total(book.remaining(each.number)) for each in book.invoices if not each.reverses
            },
            credit_notes=_notes_of(connection, order),
        )


def _notes_of(connection: Connection, order: str) -> list[ShownCreditNote]:
    notes, refunds = table("credit_notes"), table("case_refunds")
    rows = connection.execute(select(notes).where(notes.c.order_number == order)).mappings()
    own = {
        row["number"]: ShownCreditNote(
            row["number"], CreditNoteGround(row["ground"]), row["amount"], row["at"], row["case_number"]
        )
        for row in rows
    }
    query = select(refunds).where(refunds.c.order_number == order, refunds.c.credited.is_(True))
    for row in connection.execute(query).mappings():
        number = note_number(row["case_number"], row["round"] + 1)
        note = ShownCreditNote(
            number, CreditNoteGround.AFTER_SALES, row["value"], row["counted_at"], row["case_number"]
        )
        own.setdefault(number, note)
    return sorted(own.values(), key=lambda each: (each.at, each.number))


def find_invoices(
    engine: Engine, text: str = "", *, salesperson: str | None = None, most: int = MOST_SHOWN
) -> InvoicePage:
    """What waits and what is owed, the longest first, and how much there is of it in all; and what was issued last, or is
    found by a text.

    `salesperson`: of their own orders alone. `most` of each are listed: what is done makes room for the next.
    """
    with reading(engine) as connection:
        asked, owing = _waiting(salesperson), _owing(salesperson)
        books = _Books(connection)
        waiting = [books.waiting(row) for row in connection.execute(asked.limit(most)).mappings().all()]
        owed = [
            each
            for row in connection.execute(_by_order(owing).limit(most)).mappings().all()
            for each in books.owed(row)
        ]
        issued = [_issued(row) for row in connection.execute(_listed(text, salesperson, most)).mappings()]
        waiting_in_all, owed_in_all = _count(connection, asked), _count(connection, owing)
    return InvoicePage(waiting, owed, issued, waiting_in_all, max(owed_in_all, len(owed)))


class _Books:
    """The invoices of orders, each order read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._read: dict[str, tuple[InvoiceBook, Billed]] = {}

    def waiting(self, row: RowMapping) -> WaitingInvoice:
        """A request that waits, and for how much."""
        book, billed = self._of(row["order_number"])
        request = next(each for each in book.requests if each.number == row["number"])
        amount = total(book.asked(billed)[request.number])
        ended = row["ended_at"] is not None
        return WaitingInvoice(row["order_number"], row["customer_name"] or "", request, amount, ended)

    def owed(self, row: RowMapping) -> list[OwedRedLetter]:
        """What is to be taken back of an order's invoices."""
        order, name = row["order_number"], row["customer_name"] or ""
        book, billed = self._of(order)
        beyond = book.beyond_the_bill(billed)
        return [OwedRedLetter(order, name, invoice, total(lines)) for invoice, lines in beyond.items()]

    def _of(self, order: str) -> tuple[InvoiceBook, Billed]:
        if order not in self._read:
            self._read[order] = book_of(self._connection, order), billed_of(self._connection, order)
        return self._read[order]


def _waiting(salesperson: str | None) -> Select[Any]:
    """Requests that wait, the first that was made first."""
    orders, requests = table("orders"), table("invoice_requests")
    query = select(requests.c.order_number, requests.c.number, orders.c.customer_name, orders.c.ended_at)
    query = query.join(orders, orders.c.number == requests.c.order_number)
    query = query.where(requests.c.invoice == "", requests.c.withdrawn_at.is_(None), *_own(salesperson))
    return query.order_by(requests.c.at, requests.c.order_number, requests.c.number)


def _owing(salesperson: str | None) -> Select[Any]:
    """Open steps about red letters, of orders that go on and of those that have ended."""
    orders, steps, desk = table("orders"), table("open_steps"), table("desk_steps")
    open_of = (
        select(each.c.order_number, each.c.since).where(each.c.kind == kind, each.c.closed_at.is_(None))
        for each, kind in (
            (steps, StepKind.RED_LETTER.value),
            (desk, DeskStepKind.RED_LETTER_OWED.value),
        )
    )
    owing = union_all(*open_of).subquery()
    query = select(owing.c.order_number, owing.c.since, orders.c.customer_name)
    return query.join(orders, orders.c.number == owing.c.order_number).where(*_own(salesperson))


def _by_order(owing: Select[Any]) -> Select[Any]:
    """The orders of these steps, that which owes longest first."""
    steps = owing.subquery()
    query = select(steps.c.order_number, steps.c.customer_name)
    query = query.group_by(steps.c.order_number, steps.c.customer_name)
    return query.order_by(func.min(steps.c.since), steps.c.order_number)


def _count(connection: Connection, query: Select[Any]) -> int:
    counted = select(func.count()).select_from(query.order_by(None).subquery())
    return connection.scalar(counted) or 0


def _listed(text: str, salesperson: str | None, most: int) -> Select[tuple[object, ...]]:
    orders, invoices = table("orders"), table("invoices")
    query = select(invoices, orders.c.customer_name).join(orders, orders.c.number == invoices.c.order_number)
    if text:
        found = [
            column.contains(text, autoescape=True)
            for column in (
                invoices.c.number,
                invoices.c.order_number,
                invoices.c.title,
                invoices.c.tax_number,
                invoices.c.reverses,
                orders.c.customer_name,
            )
        ]
        query = query.where(or_(*found))
    return query.where(*_own(salesperson)).order_by(invoices.c.at.desc(), invoices.c.number).limit(most)


def _own(salesperson: str | None) -> list[ColumnElement[bool]]:
    return [] if salesperson is None else [table("orders").c.salesperson == salesperson]


def _issued(row: RowMapping) -> IssuedInvoice:
    return IssuedInvoice(
        order=row["order_number"],
        customer_name=row["customer_name"] or "",
        number=row["number"],
        kind=InvoiceKind(row["kind"]),
        title=row["title"],
        amount=row["amount"],
        net=row["net"],
        tax=row["tax"],
        at=row["at"],
        reverses=row["reverses"],
        document=row["document"],
    )
