"""The invoice provider of this installation: none, or the one that writes files (R162).

A real one is a class with `issue` and a row in `PROVIDERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from hashlib import sha256

from activities.documents.document_store import DocumentStore
from models.invoices.asked_invoice import AskedInvoice, InvoiceProvider, ProvidedInvoice
from models.values.fingerprint import canonical
from runtime.settings import InvoicesBy, Settings

_FIGURES = 20
_ENDING = ".json"


class FileInvoices:
    """Writes each electronic invoice as a file into the store of documents; its number follows from what is asked."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    def issue(self, asked: AskedInvoice) -> ProvidedInvoice:
        """The same asked again is the same number and file. Raises Refusal (disk_full, not_set_up)."""
        seed = f"{asked.order}/{asked.request}"
        number = str(int(sha256(seed.encode()).hexdigest(), 16))[:_FIGURES]
        said = {name: str(value) for name, value in asdict(asked).items()} | {"invoice": number}
        digest = self._store.keep(canonical(said).encode(), _ENDING)
        return ProvidedInvoice(number=number, document=f"{digest}{_ENDING}")


PROVIDERS: Mapping[InvoicesBy, Callable[[Settings], InvoiceProvider]] = {
    InvoicesBy.FILE: lambda settings: FileInvoices(DocumentStore(settings.documents)),
}


def provider_of(settings: Settings) -> InvoiceProvider | None:
    """Who issues invoices here; None where finance enters their numbers by hand."""
    make = PROVIDERS.get(settings.invoices_by)
    return make(settings) if make is not None else None
