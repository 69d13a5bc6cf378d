"""Documents by content: the same bytes are kept once, under their SHA-256 (DESIGN §4)."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from pathlib import Path

from models.errors import Code, Refusal
from models.vocabulary import Words

_NOT_KEPT = Words("文件存不进 {folder}:{reason}", "The document cannot be kept in {folder}: {reason}")


class DocumentStore:
    """A folder of documents. A document once kept is never changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path:
        """Where the document with this SHA-256 is kept."""
        return self._folder / digest[:2] / f"{digest}.pdf"

    def keep(self, content: bytes) -> str:
        """Keep a document; its SHA-256. Raises Refusal(disk_full, not_set_up)."""
        digest = hashlib.sha256(content).hexdigest()
        target = self.path(digest)
        part = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        try:
            if target.exists():
                return digest
            target.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.replace(target)
        except OSError as error:
            code = Code.DISK_FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else Code.NOT_SET_UP
            words = _NOT_KEPT.filled(folder=self._folder, reason=error.strerror)
            raise Refusal(code, words, where=str(self._folder)) from error
        return digest
