"""The same fact about an invoice told again, and another one under its id (R162, R163)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from models.facts.fact_envelope import fact_envelope
from models.invoices.contents import InvoiceIssued, InvoiceRequested, InvoiceReversed
from models.invoices.invoice_book import InvoiceBook
from models.invoices.terms import InvoiceKind
from models.invoices.told_again import was_told
from models.messages.envelope import Envelope
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Role

THIRTEEN = Decimal(13)


def told(
    kind: str, content: Content, *, by: str = "finance-1", fact_id: str = "x", role: Role = Role.FINANCE
) -> tuple[Envelope, Content]:
    envelope = fact_envelope(
        fact_id,
        kind,
        lasting(content),
        by=by,
        role=role,
        happened_at=datetime(2027, 4, 1, tzinfo=UTC),
    )
    return envelope, content


def one_of_each() -> InvoiceBook:
    """A request, its invoice, and the red letter of that."""
    day, at = date(2027, 3, 20), datetime(2027, 3, 20, tzinfo=UTC)
    billed, book = {1: Decimal("475.28")}, InvoiceBook()
    said: dict[str, Any] = {"by": "finance-1", "at": at}
    book.request(InvoiceRequested(title="红枫", amount=Decimal(100)), billed, fact_id="x", **said)
    issued = InvoiceIssued(invoice="F-1", document="D-1")
    book.issue(issued, billed, THIRTEEN, today=day, fact_id="y", **said)
    red = InvoiceReversed(invoice="F-1", red_letter="H-1", reason="错", amount=Decimal(40))
    book.reverse(red, billed, today=day, fact_id="z", **said)
    return book


@pytest.mark.parametrize(
    ("fact_id", "kind", "content"),
    [
        ("x", "invoice_requested", InvoiceRequested(title="红枫", amount=Decimal("100.00"))),
        ("y", "invoice_issued", InvoiceIssued(invoice="F-1", document="D-1")),
        ("y", "invoice_issued", InvoiceIssued(invoice="f-1", request=1, amount=Decimal(100), document="D-1")),
        (
            "z",
            "invoice_reversed",
            InvoiceReversed(invoice="F-1", red_letter="H-1", reason="错", amount=Decimal(40)),
        ),
    ],
)
def test_the_same_fact_in_the_same_words_is_known(fact_id: str, kind: str, content: Content) -> None:
    assert was_told(one_of_each(), *told(kind, content, fact_id=fact_id))


@pytest.mark.parametrize(
    ("fact_id", "kind", "content"),
    [
        ("x", "invoice_requested", InvoiceRequested(title="红枫", amount=Decimal(200))),
        ("x", "invoice_requested", InvoiceRequested(title="红枫")),
        ("x", "invoice_requested", InvoiceRequested(title="红枫二厂", amount=Decimal(100))),
        ("x", "invoice_requested",
         InvoiceRequested(title="红枫", amount=Decimal(100), tax_number="91440300MA5D12345X")),
        ("x", "invoice_requested",
         InvoiceRequested(title="红枫", amount=Decimal(100), invoice_kind=InvoiceKind.SPECIAL)),
        ("x", "invoice_issued", InvoiceIssued(invoice="F-1", document="D-1")),
        ("y", "invoice_issued", InvoiceIssued(invoice="F-2", document="D-1")),
        ("y", "invoice_issued", InvoiceIssued(invoice="F-1", document="D-2")),
        ("y", "invoice_issued", InvoiceIssued(invoice="F-1", document="D-1", amount=Decimal(99))),
        ("y", "invoice_issued", InvoiceIssued(invoice="F-1", document="D-1", request=2)),
        ("y", "invoice_issued", InvoiceIssued(invoice="F-1", document="D-1", issued_on=date(2027, 3, 19))),
        ("y", "invoice_requested", InvoiceRequested(title="红枫", amount=Decimal(100))),
        ("z", "invoice_reversed", InvoiceReversed(invoice="F-1", red_letter="H-2", reason="错")),
        ("z", "invoice_reversed", InvoiceReversed(invoice="F-2", red_letter="H-1", reason="错")),
        ("z", "invoice_reversed", InvoiceReversed(invoice="F-1", red_letter="H-1", reason="少")),
        ("z", "invoice_reversed",
         InvoiceReversed(invoice="F-1", red_letter="H-1", reason="错", amount=Decimal(41))),
    ],
)  # fmt: skip
def test_the_same_id_in_other_words_is_a_conflict(fact_id: str, kind: str, content: Content) -> None:
    with pytest.raises(Refusal) as refusal:
        was_told(one_of_each(), *told(kind, content, fact_id=fact_id))
    assert (refusal.value.code, refusal.value.where) == (Code.FACT_CONFLICT, "fact_id")


def test_another_authors_id_is_another_fact() -> None:
    content = InvoiceRequested(title="红枫", amount=Decimal(200))
    assert not was_told(
        one_of_each(), *told("invoice_requested", content, by="customer:K-1", role=Role.CUSTOMER)
    )
    assert not was_told(one_of_each(), *told("invoice_requested", content, fact_id="new"))
