"""What customers upload: a file and the fields beside it, within the limits of their link."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import NamedTemporaryFile

from fastapi import Request

from activities.access.customer_links import take_upload
from activities.scans.scan_folder import DIGEST_SIGNS, LARGEST_BYTES, MEDIA_TYPES, put_scan
from activities.scans.scan_reader import require_readable
from gateway.api.bodies import read_body
from gateway.context import in_database
from gateway.pages.customers.customer_visit import Visit
from gateway.security.customer_links import quota_of
from models.customer_links import LinkUse
from models.values.calendar import business_date, end_of
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.entry import require_text
from models.writing.printed_figures import moment

_MOST_FIELDS = 1200
"""A receipt has a field a line, and an order five hundred lines."""
_UPLOADS = Words(
    "此链接今天的上传已达上限（{count} 个文件或 {size} MB），{when} 后再传",
    "what may be uploaded by this link today is used up ({count} files or {size} MB); try again after {when}",
)
_NO_SUCH_FILE = Words(
    "请上传 PDF、PNG、JPEG、TIFF、HEIC、AVIF 或 WebP", "upload a PDF, PNG, JPEG, TIFF, HEIC, AVIF or WebP"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came: the ending of its name, and what is in it."""

    ending: str
    content: bytes


async def read_upload(request: Request) -> tuple[dict[str, str], Upload | None]:
    """The fields of a form and the file that came with it, if one did.

    Raises Refusal(malformed_file) for a file that is no picture by its name, Refusal(malformed) for a sign that no text has.
    """
    raw = await read_body(request, LARGEST_BYTES)
    request._body = raw  # noqa: SLF001 - the parser below reads what was measured here
    fields: dict[str, str] = {}
    upload = None
    async with request.form(max_files=1, max_fields=_MOST_FIELDS) as form:
        for name, value in form.items():
            if isinstance(value, str):
                require_text(name, name)
                fields[name] = require_text(value.replace("\r\n", "\n"), name, lines=True)
            elif value.filename:
                ending = PurePath(value.filename).suffix.lower()
                if ending not in MEDIA_TYPES:
                    raise Refusal(Code.MALFORMED_FILE, _NO_SUCH_FILE)
                upload = Upload(ending, await value.read())
    return fields, upload


def required(upload: Upload | None) -> Upload:
    """The file. Raises Refusal(malformed_file) where none came."""
    if upload is None:
        raise Refusal(Code.MALFORMED_FILE, _NO_SUCH_FILE)
    return upload


async def count_upload(visit: Visit, upload: Upload) -> str:
    """Count it against the day of the link; its digest. Raises Refusal(too_many_requests)."""
    settings, quota = visit.door.settings, quota_of(visit.door.settings)
    if not await in_database(
        take_upload, visit.door.engine, visit.link, len(upload.content), quota, visit.now
    ):
        words = _UPLOADS.filled(
            count=quota.uploads,
            size=settings.link_megabytes_a_day,
            when=moment(end_of(business_date(visit.now))),
        )
        raise Refusal(Code.TOO_MANY_REQUESTS, words)
    digest = hashlib.sha256(upload.content).hexdigest()[:DIGEST_SIGNS]
    await visit.note(LinkUse.UPLOADED, digest)
    return digest


async def keep_photo(visit: Visit, upload: Upload) -> str:
    """Keep a photo where staff look at scans; how it is named as a document.

    Raises Refusal(malformed_file) for one that no reader opens, and as `count_upload`.
    """
    await in_database(_require_readable, upload)
    digest = await count_upload(visit, upload)
    await in_database(
        put_scan, visit.door.settings.scans / "read", f"{digest}{upload.ending}", upload.content
    )
    return f"file/{digest}"


def _require_readable(upload: Upload) -> None:
    with NamedTemporaryFile(suffix=upload.ending) as file:
        file.write(upload.content)
        file.flush()
        require_readable(Path(file.name))
