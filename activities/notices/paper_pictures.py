"""Papers as pictures, for chat groups that show pictures and no files (D13: a picture of the sheet goes to the group)."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pypdfium2

from activities.notices.channels import Attachment

PDF = "application/pdf"
MOST_PAGES = 3
"""Further pages are read where the paper is kept."""
MOST_BYTES = 2 * 1024 * 1024
"""A bot takes no larger picture."""
_DOTS_AN_INCH = (144, 108, 72)
_POINTS_AN_INCH = 72


def pictures_of(attachment: Attachment) -> list[Attachment]:
    """The first pages of a PDF, each as a PNG; nothing for another file, or one that cannot be read as a PDF."""
    if attachment.media_type != PDF:
        return []
    try:
        with pypdfium2.PdfDocument(attachment.content) as document:
            pages = [_drawn(document, page) for page in range(min(len(document), MOST_PAGES))]
    except pypdfium2.PdfiumError:
        return []
    name = attachment.name.removesuffix(".pdf")
    return [
        replace(attachment, name=f"{name}-{number}.png", content=drawn, media_type="image/png")
        for number, drawn in enumerate(pages, 1)
        if drawn is not None
    ]


def _drawn(document: pypdfium2.PdfDocument, page: int) -> bytes | None:
    """As finely as a bot takes it; None for a page that is too large however coarse."""
    for dots in _DOTS_AN_INCH:
        picture = BytesIO()
        document[page].render(scale=dots / _POINTS_AN_INCH, grayscale=True).to_pil().save(
            picture, "PNG", optimize=True
        )
        if picture.tell() <= MOST_BYTES:
            return picture.getvalue()
    return None
