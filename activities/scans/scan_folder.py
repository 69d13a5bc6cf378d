"""The watched folder: a file appears in it all at once, so that nobody reads half of one."""

from __future__ import annotations

from pathlib import Path

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
