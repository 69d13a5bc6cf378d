"""Photos and papers that customers and staff hand in for a case: within a limit, kept by their digest (R143)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from fastapi import Request

from activities.scans.scan_folder import DIGEST_SIGNS, MEDIA_TYPES, put_scan
from activities.scans.scan_reader import require_readable
from gateway.api.bodies import read_body
from gateway.context import Door, in_database
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.entry import require_text
from runtime.paper_photos import MOST_BYTES

MOST_AT_ONCE = 5
_MOST_FILES = 100
"""More than this no form is read for; up to it the answer says how many there may be."""
_MOST_FIELDS = 40
_FORM_AROUND = 100_000
_NO_SUCH_FILE = Words(
    "{file} 不是照片；请上传 PDF、PNG、JPEG、TIFF、HEIC、AVIF 或 WebP",
    "{file} is no photo; upload a PDF, PNG, JPEG, TIFF, HEIC, AVIF or WebP",
)
_TOO_MANY = Words(
    "一次最多 {most} 张照片，现有 {count} 张", "{most} photos at once at most; these are {count}"
)
_TOO_LARGE = Words("照片合计最多 {most} MB", "the photos come to {most} MB at most")


@dataclass(frozen=True, slots=True)
class Photo:
    """One file as it came, by the name that it had with who sent it."""

    name: str
    content: bytes

    @property
    def ending(self) -> str:
        """What kind of file it says it is."""
        return PurePath(self.name).suffix.lower()


async def read_with_photos(request: Request) -> tuple[dict[str, str], list[Photo]]:
    """The fields of a form and the files that came with it.

    Raises TooLarge for more than 20 MB in all, Refusal(malformed) for a sign that no text has. What the files are
    `keep_photos` says: by then who typed the fields loses none of them.
    """
    raw = await read_body(request, MOST_BYTES + _FORM_AROUND)
    request._body = raw  # noqa: SLF001 - the parser below reads what was measured here
    fields: dict[str, str] = {}
    photos: list[Photo] = []
    async with request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS) as form:
        for name, value in form.multi_items():
            if isinstance(value, str):
                require_text(name, name)
                fields[name] = require_text(value.replace("\r\n", "\n"), name, lines=True)
            elif value.filename:
                photos.append(Photo(require_text(PurePath(value.filename).name, name), await value.read()))
    return fields, photos


async def keep_photos(door: Door, photos: Sequence[Photo]) -> list[str]:
    """Keep photos where staff look at scans; how each is named as evidence. All are looked at before one is kept.

    Raises Refusal(malformed_file) that names the file for one that is no picture or that no reader opens, or for too many
    or too much.
    """
    if len(photos) > MOST_AT_ONCE:
        words = _TOO_MANY.filled(most=MOST_AT_ONCE, count=len(photos))
        raise Refusal(Code.MALFORMED_FILE, words, where="photos")
    if sum(len(each.content) for each in photos) > MOST_BYTES:
        words = _TOO_LARGE.filled(most=MOST_BYTES // 1_000_000)
        raise Refusal(Code.MALFORMED_FILE, words, where="photos")
    for photo in photos:
        if photo.ending not in MEDIA_TYPES:
            raise Refusal(Code.MALFORMED_FILE, _NO_SUCH_FILE.filled(file=photo.name[-60:]), where="photos")
        await in_database(_require_readable, photo)
    kept = []
    for photo in photos:
        digest = hashlib.sha256(photo.content).hexdigest()[:DIGEST_SIGNS]
        await in_database(put_scan, door.settings.scans / "read", f"{digest}{photo.ending}", photo.content)
        kept.append(f"file/{digest}")
    return kept


def _require_readable(photo: Photo) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, f"{PurePath(photo.name).stem[:50]}{photo.ending}")
        file.write_bytes(photo.content)
        require_readable(file)
