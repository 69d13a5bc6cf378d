"""The pictures of docs/pictures made anew: pages of the table as they look today, and papers as they are printed today.

`make pictures`. What is shown is the house of `tests.pages.stage`, so that the same program gives the same pictures.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image
from sqlalchemy import Engine

from activities.documents.document_store import PDF, DocumentStore
from activities.documents.printed_papers import documents_of
from activities.documents.typesetting import Typesetter
from activities.reports.report_files import picture_content
from activities.reports.report_maker import report_of
from activities.store.database import engine_at
from models.dossier.papers_due import Paper
from models.reports.report import ReportKind
from models.values.calendar import business_date
from models.values.vocabulary import Language
from runtime.settings import ROOT
from tests.pages.looking import CHROMIUM, DESKTOP, PHONE, Looker, browsing
from tests.pages.page_table import PAGES
from tests.pages.stage import NOW, House, opened

FOLDER = ROOT / "docs" / "pictures"
SIZES = {"desktop": DESKTOP, "phone": PHONE}
PAPERS = {Paper.SHEET: ("confirmation-sheet", "late"), Paper.BALANCE: ("balance-notice", "open_balance")}
"""Paper -> the name of its picture, and the order whose paper it is."""
STATISTICS = "weekly-statistics"
_COLOURS = 64
_SCALE = 1.2


def names() -> set[str]:
    """The files that are made."""
    pages = {f"{page.name}-{how}.png" for page in PAGES for how in page.pictured}
    return pages | {f"{name}.png" for name, _ in PAPERS.values()} | {f"{STATISTICS}.png"}


def _keep(name: str, picture: Image.Image) -> None:
    """Few colours are enough for pages and papers, and keep the files small."""
    small = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    small.save(FOLDER / f"{name}.png", optimize=True)


async def _of_pages(house: House) -> None:
    async with browsing() as browser:
        for size, measure in SIZES.items():
            for language in Language:
                looker = Looker(browser, house, measure, language.value)
                for page in PAGES:
                    if f"{size}-{language.value}" in page.pictured:
                        shown = await looker.look(page)
                        taken = await shown.screenshot(animations="disabled", caret="hide")
                        _keep(f"{page.name}-{size}-{language.value}", Image.open(io.BytesIO(taken)))
                await looker.leave()


def _first_page(pdf: bytes) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        picture: Image.Image = document[0].render(scale=_SCALE).to_pil()
        return picture


def _of_papers(house: House, engine: Engine) -> None:
    store = DocumentStore(house.settings.documents)
    for paper, (name, order) in PAPERS.items():
        printed = [each for each in documents_of(engine, house.numbers[order]) if each.paper == paper.value]
        _keep(name, _first_page(store.read(f"{printed[-1].document}{PDF}")))
    report = report_of(engine, ReportKind.WEEKLY_STATISTICS, business_date(NOW))
    press = Typesetter(house.settings.templates, Language.ZH)
    _keep(STATISTICS, _first_page(press.set(Paper.STATISTICS, picture_content(report, Language.ZH))))


async def make() -> None:
    """Make all of them."""
    with tempfile.TemporaryDirectory(prefix="dingdan-pictures-") as folder:
        async with opened(Path(folder)) as house:
            await _of_pages(house)
            await asyncio.to_thread(_of_papers, house, engine_at(house.settings.database_url))


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit("pictures need Debian's chromium and fonts-noto-cjk")
    asyncio.run(make())
