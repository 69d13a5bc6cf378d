"""Photos and papers that customers and staff hand in for a case: within a limit, kept by their digest (R143)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import NamedTemporaryFile

from fastapi import Request

from activities.scans.scan_folder import MEDIA_TYPES, put_scan
from activities.scans.scan_reader import require_readable
from gateway.api.bodies import read_body
from gateway.context import Door, in_database
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.entry import require_text
from runtime.files.scans import DIGEST_SIGNS
from runtime.paper_photos import MOST_BYTES

MOST_AT_ONCE = 5
_MOST_FIELDS = 40
_FORM_AROUND = 100_000
_NO_SUCH_FILE = Words(
    "请上传 PDF、PNG、JPEG、TIFF、HEIC、AVIF 或 WebP", "upload a PDF, PNG, JPEG, TIFF, HEIC, AVIF or WebP"
)
_TOO_LARGE = Words("照片合计最多 {most} MB", "the photos come to {most} MB at most")


@dataclass(frozen=True, slots=True)
class Photo:
    """One file as it came."""

    ending: str
    content: bytes


async def read_with_photos(request: Request) -> tuple[dict[str, str], list[Photo]]:
    """The fields of a form and the files that came with it.

    Raises TooLarge for more than 20 MB in all, Refusal(malformed_file) for a file that is no picture by its name,
    Refusal(malformed) for a sign that no text has.
    """
    raw = await read_body(request, MOST_BYTES + _FORM_AROUND)
    request._body = raw  # noqa: SLF001 - the parser below reads what was measured here
    fields: dict[str, str] = {}
    photos: list[Photo] = []
    async with request.form(max_files=MOST_AT_ONCE, max_fields=_MOST_FIELDS) as form:
        for name, value in form.multi_items():
            if isinstance(value, str):
                require_text(name, name)
                fields[name] = require_text(value.replace("\r\n", "\n"), name, lines=True)
            elif value.filename:
                ending = PurePath(value.filename).suffix.lower()
                if ending not in MEDIA_TYPES:
                    raise Refusal(Code.MALFORMED_FILE, _NO_SUCH_FILE, where=name)
                photos.append(Photo(ending, await value.read()))
    return fields, photos


async def keep_photos(door: Door, photos: Sequence[Photo]) -> list[str]:
    """Keep photos where staff look at scans; how each is named as evidence. All are looked at before one is kept.

    Raises Refusal(malformed_file) for one that no reader opens, or for too much.
    """
    if sum(len(each.content) for each in photos) > MOST_BYTES:
        words = _TOO_LARGE.filled(most=MOST_BYTES // 1_000_000)
        raise Refusal(Code.MALFORMED_FILE, words, where="photos")
    for photo in photos:
        await in_database(_require_readable, photo)
    kept = []
    for photo in photos:
        digest = hashlib.sha256(photo.content).hexdigest()[:DIGEST_SIGNS]
        await in_database(put_scan, door.settings.scans / "read", f"{digest}{photo.ending}", photo.content)
        kept.append(f"file/{digest}")
    return kept


def _require_readable(photo: Photo) -> None:
    with NamedTemporaryFile(suffix=photo.ending) as file:
        file.write(photo.content)
        file.flush()
        require_readable(Path(file.name))
