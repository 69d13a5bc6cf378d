"""What an invoice provider is asked for, and what it answers (R162). Pure: a provider is a program outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from models.invoices.invoice_book import InvoiceBook
from models.invoices.terms import InvoiceKind
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.vocabulary import Words

_NO_REQUEST = Words("没有待开的发票申请", "no request for an invoice waits")


@dataclass(frozen=True, slots=True)
class AskedInvoice:
    """An invoice as a provider is asked to issue it: the same order and request is the same invoice."""

    order: str
    request: int
    title: str
    tax_number: str
    kind: InvoiceKind
    amount: Decimal
    """With tax, in CNY."""


@dataclass(frozen=True, slots=True)
class ProvidedInvoice:
    """What a provider issued: its number, and the electronic invoice by its reference."""

    number: str
    document: str


class InvoiceProvider(Protocol):
    """Whoever issues electronic invoices for the house. Asked twice for the same it answers the same."""

    def issue(self, asked: AskedInvoice) -> ProvidedInvoice:
        """Issue it. Raises Refusal (server_unavailable, disk_full) where it cannot be had now."""
        ...


def asked_of(order: str, book: InvoiceBook, asked: Mapping[int, Decimal], request: str) -> AskedInvoice:
    """What is asked for by this request, or by the first that waits. Raises Refusal(not_asked)."""
    waiting = [each for each in book.waiting if not request or str(each.number) == request]
    if not waiting:
        raise Refusal(Code.NOT_ASKED, _NO_REQUEST, where="request", rule="R162")
    first = waiting[0]
    return AskedInvoice(
        order=order,
        request=first.number,
        title=first.title,
        tax_number=first.tax_number,
        kind=first.kind,
        amount=asked.get(first.number, ZERO),
    )
