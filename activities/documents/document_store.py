"""Documents by content: the same bytes are kept once, under their SHA-256, in a folder or on S3."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

PDF = ".pdf"
_PATIENCE = timedelta(seconds=20)
_NOT_KEPT = Words("文件存不进 {place}：{reason}", "The document cannot be kept in {place}: {reason}")
_NOT_READ = Words("文件 {name} 在 {place} 读不到：{reason}", "{name} cannot be read in {place}: {reason}")
_NOT_REMOVED = Words(
    "文件 {name} 删不掉（{place}）：{reason}；同一命令再来一次会接着删",
    "{name} cannot be removed from {place}: {reason}; the same command goes on with it",
)
_FULL = ("no space left", "disk quota")


class DocumentStore:
    """A folder or bucket of documents. A document once kept is never changed; only an erasure removes one."""

    def __init__(self, place: Path | str) -> None:
        """`place` is a folder, or a URL such as `s3://bucket/prefix` (keys, region, endpoint: `AWS_…` as everywhere).

        Raises Refusal(malformed) for a URL that names no store.
        """
        self._place = str(place).rstrip("/")
        self._folder = place if isinstance(place, Path) else None
        self._opened: ObjectStore | None = None

    @property
    def _store(self) -> ObjectStore:
        if self._opened is None:
            if self._folder is not None:
                self._opened = LocalStore(self._folder, mkdir=True)
            else:
                self._opened = from_url(
                    self._place,
                    client_options={"timeout": _PATIENCE, "allow_http": True},
                    retry_config={"max_retries": 2, "retry_timeout": _PATIENCE},
                )
        return self._opened

    def shown(self, name: str) -> str:
        """Where a document (`<SHA-256>.<ending>`) is kept: a path or a URL."""
        return str(self._folder / _key(name)) if self._folder is not None else f"{self._place}/{_key(name)}"

    def keep(self, content: bytes, ending: str = PDF) -> str:
        """Keep a document; its SHA-256. Raises Refusal(disk_full, not_set_up)."""
        digest = hashlib.sha256(content).hexdigest()
        key = _key(digest + ending)
        try:
            if not self._has(key):
                obstore.put(self._store, key, content)
        except (BaseError, OSError) as error:
            reason = _reason(error)
            full = any(words in reason.lower() for words in _FULL)
            words = _NOT_KEPT.filled(place=self._place, reason=reason)
            code = Code.DISK_FULL if full else Code.NOT_SET_UP
            raise Refusal(code, words, where=self._place) from error
        return digest

    def read(self, name: str) -> bytes:
        """A document by its name, `<SHA-256>.<ending>`. Raises Refusal(not_set_up)."""
        try:
            return bytes(obstore.get(self._store, _key(name)).bytes())
        except (BaseError, OSError) as error:
            words = _NOT_READ.filled(name=name, place=self._place, reason=_reason(error))
            raise Refusal(Code.NOT_SET_UP, words, where=self._place) from error

    def remove(self, name: str) -> None:
        """Take a document away for good; one that is gone already is well. Raises Refusal(not_set_up)."""
        try:
            obstore.delete(self._store, _key(name))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            words = _NOT_REMOVED.filled(name=name, place=self._place, reason=_reason(error))
            raise Refusal(Code.NOT_SET_UP, words, where=self._place) from error

    def _has(self, key: str) -> bool:
        try:
            obstore.head(self._store, key)
        except FileNotFoundError:
            return False
        return True


def _key(name: str) -> str:
    return f"{name[:2]}/{name}"


def _reason(error: BaseException) -> str:
    """The library's own sentence without the structure it prints after it."""
    return " ".join(str(error).split("Debug source:")[0].split())[:300]
