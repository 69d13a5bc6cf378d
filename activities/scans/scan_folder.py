"""The watched folder: a file appears in it all at once, so that nobody reads half of one."""

from __future__ import annotations

from pathlib import Path


def put_scan(folder: Path, name: str, content: bytes) -> None:
    """Put a scan into the folder; the same name again replaces it, and the same pages are known anyway."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}"
    part.write_bytes(content)
    part.replace(folder / name)
