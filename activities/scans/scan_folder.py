"""The folders of scans: a file appears in one all at once, so that nobody reads half of it, and is kept there under its digest."""

from __future__ import annotations

from pathlib import Path

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

DIGEST_SIGNS = 16
"""So much of a file's SHA-256 is its name; an order's journal says `DIGEST/PAGE`."""
KEPT_IN = ("read", "unread")
"""What was recognised, and what a clerk is asked about."""
_NOT_REMOVED = Words("扫描件 {name} 不能删除（{reason}）", "the scan {name} cannot be removed ({reason})")
LARGEST_BYTES = 50_000_000
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".avif": "image/avif",
    ".webp": "image/webp",
}
"""What files with sheets are called, and what a browser is told that they are: never what they say themselves."""


def put_scan(folder: Path, name: str, content: bytes) -> None:
    """Put a scan into the folder; the same name again replaces it, and the same pages are known anyway."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}"
    part.write_bytes(content)
    part.replace(folder / name)


def remove_scan(scans: Path, digest: str) -> None:
    """Take a scan away for good, with whatever ending and wherever it lies; one that is gone is well. Raises Refusal(not_set_up)."""
    for folder in KEPT_IN:
        for file in (scans / folder).glob(f"{digest}.*"):
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                words = _NOT_REMOVED.filled(name=file.name, reason=error.strerror or str(error))
                raise Refusal(Code.NOT_SET_UP, words, where=str(file.parent)) from error
