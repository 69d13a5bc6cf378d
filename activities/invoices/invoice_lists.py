"""Invoices as lists: what waits, what was issued, red letters that are owed, credit notes, and all of one order (R162 to R164)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, or_, select

from activities.cases.received_goods import order_row
from activities.invoices.kept_books import billed_of, book_of
from activities.store.database import reading
from models.access import no_order
from models.documents.credit_note import note_number
from models.invoices.invoice_book import Invoice, InvoiceBook, InvoiceRequest
from models.invoices.terms import CreditNoteGround, InvoiceKind
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
    owed: Sequence[OwedRedLetter]
    issued: Sequence[IssuedInvoice]


def invoices_of(engine: Engine, order: str) -> InvoicesOfOrder:
    """The invoices of an order. Raises Refusal(unknown_order)."""
    orders = table("orders")
    with reading(engine) as connection:
        row = connection.execute(select(orders).where(orders.c.number == order)).mappings().first()
        if row is None:
            raise no_order(order)
        order_row(connection, order)
        book, billed = book_of(connection, order), billed_of(connection, order)
        asked = {number: sum(lines.values(), ZERO) for number, lines in book.asked(billed).items()}
        left = sum(book.available(billed).values(), ZERO) - sum(asked.values(), ZERO)
        return InvoicesOfOrder(
            order=order,
            customer=row["customer"] or "",
            customer_name=row["customer_name"] or "",
            salesperson=row["salesperson"] or "",
            ended=row["ended_at"] is not None,
            billed=sum(billed.values(), ZERO),
            available=max(left, ZERO),
            book=book,
            asked=asked,
            owed={name: sum(lines.values(), ZERO) for name, lines in book.beyond_the_bill(billed).items()},
            remaining={
                each.number: sum(book.remaining(each.number).values(), ZERO)
                for each in book.invoices
                if not each.reverses
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
    """What waits and what is owed, all of it; and what was issued last, or is found by a text.

    `salesperson`: of their own orders alone.
    """
    with reading(engine) as connection:
        concerned = _concerned(connection, salesperson)
        waiting, owed = list[WaitingInvoice](), list[OwedRedLetter]()
        for row in concerned:
            number, name = row["number"], row["customer_name"] or ""
            book, billed = book_of(connection, number), billed_of(connection, number)
            asked = book.asked(billed)
            waiting += [
                WaitingInvoice(
                    number, name, each, sum(asked[each.number].values(), ZERO), row["ended_at"] is not None
                )
                for each in book.waiting
            ]
            owed += [
                OwedRedLetter(number, name, invoice, sum(lines.values(), ZERO))
                for invoice, lines in book.beyond_the_bill(billed).items()
            ]
        issued = [_issued(row) for row in connection.execute(_listed(text, salesperson, most)).mappings()]
    return InvoicePage(sorted(waiting, key=lambda each: each.request.at), owed, issued)


def _concerned(connection: Connection, salesperson: str | None) -> Sequence[RowMapping]:
    """Orders of which a request waits, or that are billed less than stands on their invoices."""
    orders, requests, steps = table("orders"), table("invoice_requests"), table("open_steps")
    desk = table("desk_steps")
    asked = select(requests.c.order_number).where(requests.c.invoice == "", requests.c.withdrawn_at.is_(None))
    owed = select(steps.c.order_number).where(steps.c.kind == "red_letter", steps.c.closed_at.is_(None))
    late = select(desk.c.order_number).where(desk.c.kind == "red_letter_owed", desk.c.closed_at.is_(None))
    query = select(orders.c.number, orders.c.customer_name, orders.c.ended_at).where(
        or_(orders.c.number.in_(asked), orders.c.number.in_(owed), orders.c.number.in_(late)),
        *_own(salesperson),
    )
    return connection.execute(query.order_by(orders.c.number).limit(MOST_SHOWN)).mappings().all()


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
