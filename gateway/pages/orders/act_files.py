"""A paper or photo that goes with an act: read from the form, kept by its digest, named at the entry of the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath

from fastapi import Request

from activities.access.logins import Session
from activities.desk.act_files import ActFile
from activities.documents.document_store import DocumentStore
from activities.scans.scan_folder import LARGEST_BYTES, MEDIA_TYPES
from gateway.api.bodies import read_body
from gateway.context import Door, in_database
from gateway.security.staff_sessions import read_form, require_own
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.signs import first_forbidden

FILE = "paper"
"""The field of a form that a file comes in."""
MOST_FILES = 5
_MOST_FIELDS = 400
_AROUND = 80_000
_MULTIPART = "multipart/form-data"
_LONGEST_NAME = 120
_NO_SUCH_FILE = Words(
    "附件须为 PDF、PNG、JPEG、TIFF、HEIC、AVIF 或 WebP：{name}",
    "attach a PDF, PNG, JPEG, TIFF, HEIC, AVIF or WebP: {name}",
)
_NOT_THAT = Words(
    "{name} 的内容不是它名称所说的文件", "what is in {name} is not the kind of file that its name says"
)
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF",), ".png": (b"\x89PNG",), ".jpg": (b"\xff\xd8",), ".jpeg": (b"\xff\xd8",),
    ".tif": (b"II", b"MM"), ".tiff": (b"II", b"MM"), ".webp": (b"RIFF",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file as it came."""

    name: str
    ending: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ActForm:
    """A form with its files."""

    values: dict[str, str]
    files: tuple[Uploaded, ...] = ()
    problem: Refusal | None = None
    """What is wrong with a file: said on the form, with everything that was typed."""


async def act_form(request: Request, session: Session) -> ActForm:
    """The form of an act, with or without files. Raises Refusal(wrong_role) for one from elsewhere, and as `read_form`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _MULTIPART:
        values = await read_form(request, _MOST_FIELDS, by_field=True)
        require_own(values, session)
        return ActForm(values)
    raw = await read_body(request, LARGEST_BYTES + _AROUND)
    request._body = raw  # noqa: SLF001 - the parser below reads what was measured here
    async with request.form(max_files=MOST_FILES, max_fields=_MOST_FIELDS) as form:
        values = {
            name: value.replace("\r\n", "\n") for name, value in form.multi_items() if isinstance(value, str)
        }
        require_own(values, session)
        wrong = next((name for name, value in values.items() if "\0" in value), None)
        if wrong is not None:
            raise Refusal(
                Code.MALFORMED,
                Words("此栏有非法字符", "this field holds a sign that no text has"),
                where=wrong[:100],
            )
        files = [
            Uploaded(
                _name(file.filename or ""), PurePath(file.filename or "").suffix.lower(), await file.read()
            )
            for name, file in form.multi_items()
            if name == FILE and not isinstance(file, str) and (file.filename or file.size)
        ]
    given = tuple(each for each in files if each.content)
    try:
        for each in given:
            _require_ours(each)
    except Refusal as refusal:
        return ActForm(values, problem=refusal)
    return ActForm(values, given)


def _name(given: str) -> str:
    """What its owner calls it, without folders and signs that nobody sees."""
    name = PurePath(given.replace("\\", "/")).name
    while (odd := first_forbidden(name, lines=False)) is not None:
        name = name.replace(odd[1], "")
    return name[-_LONGEST_NAME:] or "-"


def _require_ours(file: Uploaded) -> None:
    """Raises Refusal(malformed_file) for a file that no browser shows, or that is another than its name says."""
    if file.ending not in MEDIA_TYPES:
        raise Refusal(Code.MALFORMED_FILE, _NO_SUCH_FILE.filled(name=file.name), where=FILE)
    begins = _BEGINNINGS.get(file.ending)
    if begins is not None and not file.content.startswith(begins):
        raise Refusal(Code.MALFORMED_FILE, _NOT_THAT.filled(name=file.name), where=FILE)


async def keep_files(
    door: Door, files: Sequence[Uploaded], order: str, fact_id: str, by: str
) -> list[ActFile]:
    """Keep the files of an act; they are noted once it is known which act it is. Raises Refusal(disk_full, not_set_up)."""
    store, now, kept = DocumentStore(door.settings.documents), datetime.now(UTC), []
    for each in files:
        document = await in_database(store.keep, each.content, each.ending)
        kept.append(
            ActFile(
                order_number=order, fact_id=fact_id, document=document, ending=each.ending, name=each.name,
                size=len(each.content), given_by=by, given_at=now,
            )
        )  # fmt: skip
    return kept
