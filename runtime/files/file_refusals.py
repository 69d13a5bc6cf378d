"""A file that cannot be read: one refusal that names the file, the reason, and what would be right."""

from __future__ import annotations

from pathlib import Path

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_UNREAD = Words("文件 {path} 读不了：{reason}", "the file {path} cannot be read: {reason}")


def broken_file(path: Path, reason: Words) -> Refusal:
    """A file that cannot be read at all."""
    return Refusal(Code.MALFORMED_FILE, _UNREAD.filled(path=path, reason=reason), where=str(path))
