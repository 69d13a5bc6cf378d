"""Printed papers of several orders joined to one file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pypdfium2

from activities.documents.document_store import PDF, DocumentStore
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_NONE = Words("所选订单没有可打印的文书", "the chosen orders have no papers that are printed")
_BROKEN = Words("文书 {document} 读不出来", "paper {document} cannot be read")


def joined(folder: Path | str, documents: Sequence[str]) -> bytes:
    """One file of all pages. `documents` are SHA-256 of papers. Raises Refusal: unknown_order (none), and what the store says."""
    if not documents:
        raise Refusal(Code.UNKNOWN_ORDER, _NONE)
    store, whole = DocumentStore(folder), pypdfium2.PdfDocument.new()
    for document in documents:
        try:
            one = pypdfium2.PdfDocument(store.read(document + PDF))
        except pypdfium2.PdfiumError as error:
            raise Refusal(Code.MALFORMED, _BROKEN.filled(document=document[:16]), where=document) from error
        whole.import_pages(one)
        one.close()
    out = io.BytesIO()
    whole.save(out)
    whole.close()
    return out.getvalue()
