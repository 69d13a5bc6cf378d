"""Whether something about invoices was told before, under the same id of a fact and in the same words (R162, R163)."""

from __future__ import annotations

from models.invoices.contents import InvoiceIssued, InvoiceRequested, InvoiceReversed
from models.invoices.invoice_book import Invoice, InvoiceBook, InvoiceRequest
from models.messages.authors import known_as
from models.messages.envelope import Envelope
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.receipts import folded
from models.values.vocabulary import Words

_OTHER_WORDS = Words("编号 {fact_id} 已用于另一内容", "fact id {fact_id} was used with other content")


def was_told(book: InvoiceBook, envelope: Envelope, content: Content) -> bool:
    """Whether the book has this very fact. What is kept of it counts, not when it was said to have happened.

    Raises Refusal(fact_conflict) where the author's id stands for something else.
    """
    own = envelope.known_as()
    entered: list[InvoiceRequest | Invoice] = [*book.requests, *book.invoices]
    kept = [each for each in entered if each.fact_id and known_as(each.by, each.fact_id) == own]
    if not kept:
        return False
    if any(each.by == envelope.by and _says(each, content) for each in kept):
        return True
    words = _OTHER_WORDS.filled(fact_id=envelope.fact_id)
    raise Refusal(Code.FACT_CONFLICT, words, where="fact_id")


def _says(kept: InvoiceRequest | Invoice, content: Content) -> bool:
    """Whether what is kept came from this; what the content leaves open was filled in when it was taken."""
    if isinstance(kept, InvoiceRequest):
        return isinstance(content, InvoiceRequested) and (
            (kept.title, kept.tax_number, kept.kind, kept.amount)
            == (content.title, content.tax_number, content.invoice_kind, content.amount)
        )
    if isinstance(content, InvoiceIssued):
        same = not kept.reverses and _is_same(kept.number, content.invoice)
        same = same and content.request in (None, kept.request) and content.amount in (None, kept.amount)
    elif isinstance(content, InvoiceReversed):
        same = _is_same(kept.number, content.red_letter) and _is_same(kept.reverses, content.invoice)
        same = same and content.amount in (None, -kept.amount) and content.reason == kept.reason
    else:
        return False
    return same and content.issued_on in (None, kept.issued_on) and content.document == kept.document


def _is_same(number: str, other: str) -> bool:
    return folded(number) == folded(other)
