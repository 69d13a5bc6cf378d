"""What stands on a printed paper: its text, read from the page that the press makes and not from what it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from models.dossier.papers_due import Intention, Paper
from models.values.vocabulary import Language
from runtime.settings import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from activities.documents.typesetting import Typesetter
    from rehearsal.story import Company

_HYPHEN_AT_THE_END = "\x02"
"""As PDFium tells a hyphen that stands at the end of a line."""
TEMPLATES = ROOT / "templates" / "documents"


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A printed paper. `pdf` is the file where the press has made it; else it is set by the same templates."""

    paper: Paper
    content: dict[str, Any]
    pdf: bytes | None = None
    templates: Path = TEMPLATES

    @staticmethod
    def of_intention(intention: Intention, company: Company) -> PrintedPage | None:
        """The paper that an order intends, with the names of the company's staff and products; None for a notice."""
        from activities.store.product_names import with_product_names
        from activities.store.staff_names import with_names

        content = with_product_names(with_names(intention.content, company.names), company.product_names)
        return None if content is None else PrintedPage(intention.paper, content)

    def says(self, words: Sequence[str]) -> bool:
        """Whether all of this stands on it, in one of the languages. A label and its value beside it are one text.

        Blanks and breaks of lines do not count. Raises Refusal where it cannot be printed.
        """
        return any(all(squeezed(each) in text for each in words) for text in self._texts())

    def _texts(self) -> Iterator[str]:
        if self.pdf is not None:
            yield text_of(self.pdf)
        for language in Language:
            yield text_of(_typesetter(self.templates, language).set(self.paper, self.content))


def text_of(pdf: bytes) -> str:
    """Everything that stands on the pages of a file, line by line and without blanks."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return squeezed("".join(page.get_textpage().get_text_bounded() for page in document))


def squeezed(text: str) -> str:
    """Without blanks, breaks of lines, and the signs that only say where a line may be broken."""
    return re.sub(r"[\s\u200b]+", "", text.replace(_HYPHEN_AT_THE_END, "-"))


@cache
def _typesetter(templates: Path, language: Language) -> Typesetter:
    from activities.documents.typesetting import Typesetter

    return Typesetter(templates, language)
