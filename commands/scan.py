"""`scan`: signed sheets that came back as pictures are recognised and reported to their orders (R31)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from commands.session import FilesArgument, JsonOption, Session, session, with_client
from commands.telling import Told, tell_order
from models.envelope import Envelope
from models.errors import Code, Refusal
from models.vocabulary import Role, Words

if TYPE_CHECKING:
    from temporalio.client import Client

    from activities.scanning import ScannedPage

_DIGEST_SIGNS = 16
SCANNER = "scanner"
"""Who says it: always the same, so that the same scan from two places is one fact."""
_UNREAD = Words(
    "认不出是哪张订单,文件已保留,请人工辨认",
    "nobody can tell which order this is; the file is kept, please look at it",
)


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
            return Words("已存入,尚无答复", "stored, not yet answered")
        return Words("已收到,待客服核对签字", "received; a clerk looks at the signature")

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


def scan(
    files: FilesArgument,
    as_json: JsonOption = False,
) -> None:
    """识别传回的确认书(PDF、TIFF、PNG、JPEG,可多页) · recognise signed sheets that came back as pictures.

    starter.py scan fax-0105.tif | starter.py scan inbox/*.pdf

    按页上的二维码认出订单和版本;签字由客服核对后报 confirmation_returned。同一文件送两次只算一次;认不出的保留在 var/scans/unread/。
    """
    from activities.scanning import digest_of_file, read_file

    current = session(as_json=as_json)
    results: list[Scanned] = []

    async def work(client: Client) -> None:
        for file in files:
            try:
                digest = digest_of_file(file)
                pages = list(read_file(file))
            except Refusal as refusal:
                results.append(Scanned(file, 0, refusal=refusal))
                continue
            came = _keep(current, file, digest, read=all(page.is_read for page in pages))
            results.extend([await _tell(client, current, file, came, digest, page) for page in pages])

    with_client(current, work)
    _report(current, results, as_json=as_json)
    wrong = next((each.refusal for each in results if each.refusal is not None), None)
    if wrong is not None:
        raise typer.Exit(wrong.exit_code)


async def _tell(
    client: Client, current: Session, file: Path, came: datetime, digest: str, page: ScannedPage
) -> Scanned:
    if not page.is_read:
        return Scanned(file, page.page, refusal=Refusal(Code.MALFORMED_FILE, _UNREAD, where=file.name))
    document = f"{digest[:_DIGEST_SIGNS]}/{page.page}"
    envelope = Envelope(
        fact_id=f"scan/{document}",
        kind="sheet_scanned",
        by=SCANNER,
        role=Role.SYSTEM,
        happened_at=came,
        content={"version": page.version, "content_hash": page.content_hash, "document": document},
    )
    try:
        told: Told = await tell_order(client, current.settings, page.order, envelope)
    except Refusal as refusal:
        return Scanned(file, page.page, page.order, page.version, refusal)
    return Scanned(file, page.page, page.order, page.version, told.refusal, told.stored)


def _keep(current: Session, file: Path, digest: str, *, read: bool) -> datetime:
    """A copy under its digest, for the clerk to look at; when it came: the same scan again is the same fact."""
    folder = current.settings.var / "scans" / ("read" if read else "unread")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{digest[:_DIGEST_SIGNS]}{file.suffix.lower()}"
    if not target.exists():
        shutil.copy2(file, target)
    return datetime.fromtimestamp(int(target.stat().st_mtime), UTC)


def _report(current: Session, results: list[Scanned], *, as_json: bool) -> None:
    if as_json:
        current.speech.data([each.as_json() for each in results])
        return
    current.speech.table(
        (Words("文件", "file"), Words("页", "page"), Words("订单", "order"), Words("版本", "version"),
         Words("结果", "result")),
        [(each.file.name, each.page or "", each.order, each.version or "", each.words) for each in results],
    )  # fmt: skip
