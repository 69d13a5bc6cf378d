"""Signed sheets that come back as pictures: recognised, kept, and reported to their orders (R31)."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activities.scans.scan_folder import DIGEST_SIGNS
from models.facts.fact_envelope import fact_envelope
from models.reports.desk_steps import DeskStep, DeskStepKind, desk_step
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.signs import shown
from runtime.delivery.telling import Told, tell_order
from runtime.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client

    from activities.scans.scan_reader import ScannedPage

SCANNER = "scanner"
"""Who says it: always the same, so that the same scan from two places is one fact."""
_OF_THE_FILE = {Code.MALFORMED_FILE, Code.UNKNOWN_ORDER}
_STILL_SECONDS = 2.0
"""A file that has not changed for so long is complete: a fax gateway has finished writing it."""
_UNREAD = Words(
    "认不出是哪张订单，文件已保留，请人工辨认",
    "nobody can tell which order this is; the file is kept, please look at it",
)
_ANOTHERS = Words(
    "从一张订单的客户页面传来，却是另一张订单的确认书；文件已保留，请人工辨认",
    "it came by the customer's page of one order and is the sheet of another; it is kept, please look at it",
)
_MOST_SHEETS_BY_LINK = 3
_FROM_DOOR = re.compile(r"door-(\d{8}-\d{4,6})-")
_log = logging.getLogger("dingdan.scans")


@dataclass(frozen=True, slots=True)
class Scanned:
    """What became of one page, or of a file that could not be opened."""

    file: Path
    page: int
    order: str = ""
    version: int = 0
    refusal: Refusal | None = None
    stored: bool = False

    @property
    def words(self) -> Words:
        """What a clerk reads."""
        if self.refusal is not None:
            return self.refusal.words
        if self.stored:
            return Words("已存入，尚无答复", "stored, not yet answered")
        return Words("已收到，待客服核对签字", "received; a clerk looks at the signature")

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        problem = self.refusal.as_json() if self.refusal is not None else None
        return {
            "file": str(self.file),
            "page": self.page,
            "order": self.order or None,
            "version": self.version or None,
            "problem": problem,
        }


async def take_scan(client: Client, settings: Settings, file: Path) -> list[Scanned]:
    """Recognise every page of a file and tell the orders; a page nobody can read opens a clerk's step.

    Doing it again changes nothing. Raises Refusal where server, database or disk cannot be used: nothing is lost then,
    the file is still where it was.
    """
    from activities.scans.scan_reader import digest_of_file, read_file

    try:
        digest = await asyncio.to_thread(digest_of_file, file)
        pages = await asyncio.to_thread(lambda: list(read_file(file)))
    except Refusal as refusal:
        return [Scanned(file, 0, refusal=refusal)]
    came = await asyncio.to_thread(
        _put_aside, settings, file, digest, read=all(page.is_read for page in pages)
    )
    taken: list[Scanned] = []
    for sheet in _sheets(file, pages):
        first = await _take_sheet(client, settings, file, came, digest, sheet[0])
        taken += [replace(first, page=page.page) for page in sheet]
    return sorted(taken, key=lambda each: each.page)


def _sheets(file: Path, pages: list[ScannedPage]) -> Iterable[list[ScannedPage]]:
    """The pages of each sheet, however many of one file they are; a page nobody can read is by itself.

    What was put on a customer's page is the sheet of that order. Everything else in such a file is one question: neither
    a clerk's inbox nor an order's journal is filled by it.
    """
    sheets: dict[tuple[str, int, str, int], list[ScannedPage]] = {}
    own = _order_of_door(file.name)
    for page in pages:
        sheet = (page.order, page.version, page.content_hash, 0 if page.is_read else page.page)
        if own and (page.order != own or (sheet not in sheets and len(sheets) > _MOST_SHEETS_BY_LINK)):
            sheet = ("", 0, "", 0)
        sheets.setdefault(sheet, []).append(page)
    return sheets.values()


async def _take_sheet(
    client: Client, settings: Settings, file: Path, came: datetime, digest: str, page: ScannedPage
) -> Scanned:
    """Report one sheet by its first page: the same file again is the same fact."""
    document = f"{digest[:DIGEST_SIGNS]}/{page.page}"
    if page.sheet > 1:  # it lies beside another one on its page, which may be of the same order
        document += f"/{page.sheet}"
    if not page.is_read:
        await asyncio.to_thread(_ask_which, settings, document, file.name, page.page)
        return Scanned(file, page.page, refusal=Refusal(Code.MALFORMED_FILE, _UNREAD, where=file.name))
    if page.order != (_order_of_door(file.name) or page.order):
        # whoever has one order's link says nothing to another one, and is not told whether there is one
        await asyncio.to_thread(_ask_which, settings, document, file.name, page.page)
        return Scanned(file, page.page, refusal=Refusal(Code.MALFORMED_FILE, _ANOTHERS, where=file.name))
    try:
        told = await report_sheet(
            client, settings, page.order, page.version, page.content_hash, document, came
        )
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        if refusal.code is Code.UNKNOWN_ORDER:
            await asyncio.to_thread(_ask_which, settings, document, file.name, page.page)
        return Scanned(file, page.page, page.order, page.version, refusal)
    return Scanned(file, page.page, page.order, page.version, told.refusal, told.stored)


async def report_sheet(
    client: Client,
    settings: Settings,
    order: str,
    version: int,
    content_hash: str,
    document: str,
    came: datetime,
    by: str = SCANNER,
) -> Told:
    """Tell an order that its sheet came back as this page; a clerk then looks at the signature."""
    content: dict[str, Any] = {"version": version, "document": document}
    if content_hash:
        content["content_hash"] = content_hash
    envelope = fact_envelope(
        f"scan/{document}" if by == SCANNER else f"scan/{document}/v{version}",
        "sheet_scanned",
        content,
        by=by,
        role=Role.SYSTEM if by == SCANNER else Role.SERVICE_CLERK,
        happened_at=came,
    )
    return await tell_order(client, settings, order, envelope)


def name_at_door(order: str, once: str, ending: str) -> str:
    """What a file is called that a customer put on the page of this order."""
    return f"door-{order}-{once}{ending}"


def _order_of_door(name: str) -> str:
    """The order on whose page the file was put; empty where it came another way."""
    found = _FROM_DOOR.match(name)
    return found[1] if found is not None else ""


def _ask_which(settings: Settings, document: str, name: str, page: int) -> None:
    step = desk_step(
        DeskStepKind.UNREAD_SCAN,
        document,
        datetime.now(UTC),
        rule="R31",
        document=document,
        file=shown(name),
        page=str(page),
    )
    _open(settings, step)


def _open(settings: Settings, step: DeskStep) -> None:
    from activities.facts.desk_steps import open_step
    from activities.store.database import engine_at, writing

    with writing(engine_at(settings.database_url)) as connection:
        open_step(connection, step)


def _put_aside(settings: Settings, file: Path, digest: str, *, read: bool) -> datetime:
    """A copy under its digest, for the clerk to look at; when it came: the same scan again is the same fact."""
    folder = settings.scans / ("read" if read else "unread")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{digest[:DIGEST_SIGNS]}{file.suffix.lower()}"
    if not target.exists():
        shutil.copy2(file, target)
    return datetime.fromtimestamp(int(target.stat().st_mtime), UTC)


# --- the watched folder ------------------------------------------------------------------------------------------


def arrived(settings: Settings) -> list[Path]:
    """Files in the watched folder that are complete, the oldest first."""
    folder = settings.scans / "in"
    folder.mkdir(parents=True, exist_ok=True)
    return [file for _, file in sorted(_complete(folder))]


def _complete(folder: Path) -> Iterator[tuple[float, Path]]:
    for file in folder.iterdir():
        try:
            changed = file.stat().st_mtime
        except FileNotFoundError:
            continue  # whoever put it there has taken it back
        if file.is_file() and not file.name.startswith(".") and time.time() - changed >= _STILL_SECONDS:
            yield changed, file


async def take_arrived(settings: Settings) -> int:
    """Take every file of the watched folder; how many. One that cannot be taken stays there and a clerk is asked about it.

    Raises Refusal where the world cannot: what is left stays there.
    """
    from runtime.connection import connect

    files = await asyncio.to_thread(arrived, settings)
    if not files:
        return 0
    client = await connect(settings)
    return sum([await _take_or_ask(client, settings, file) for file in files])


async def _take_or_ask(client: Client, settings: Settings, file: Path) -> int:
    from activities.store.faults import named_faults

    try:
        with named_faults(file.name):
            pages = await take_scan(client, settings, file)
            for page in pages:
                if page.refusal is not None:
                    _log.warning("%s %s: %s", file.name, page.page, page.refusal.words.zh)
                if page.page == 0:
                    await asyncio.to_thread(_set_aside, settings, file, page.words)
            await asyncio.to_thread(file.unlink, missing_ok=True)
    except FileNotFoundError:
        return 0  # taken back, or taken by another process
    except (PermissionError, IsADirectoryError) as closed:
        words = Words(f"文件不能读（{closed.strerror}）", f"the file cannot be read ({closed.strerror})")
        await asyncio.to_thread(_ask_about_file, settings, file, words)
        return 0
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        # it may be read again by a mended program: until then it lies where no machine looks
        await asyncio.to_thread(_set_aside, settings, file, refusal.words)
        await asyncio.to_thread(file.unlink, missing_ok=True)
    return 1


def _ask_about_file(settings: Settings, file: Path, reason: Words) -> None:
    """A file that nobody may read cannot even be kept: it stays, and is asked about once."""
    _open(settings, _unread_file(f"name/{file.name}", file.name, f"../in/{file.name}", reason))


def _set_aside(settings: Settings, file: Path, reason: Words) -> None:
    """A file that is no picture at all is kept as it is, and somebody is asked about it.

    It is kept under its digest: gateways give every fax the same name.
    """
    folder = settings.scans / "unread"
    folder.mkdir(parents=True, exist_ok=True)
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()[:DIGEST_SIGNS]
    kept = f"{digest}{file.suffix.lower()}"
    shutil.copy2(file, folder / kept)
    _open(settings, _unread_file(f"file/{digest}", file.name, kept, reason))


def _unread_file(document: str, name: str, kept: str, reason: Words) -> DeskStep:
    return desk_step(
        DeskStepKind.UNREAD_FILE,
        shown(document),
        datetime.now(UTC),
        rule="R31",
        document=shown(document),
        file=shown(name),
        kept=shown(kept),
        reason_zh=reason.zh,
        reason_en=reason.en,
    )
