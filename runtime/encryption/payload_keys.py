"""The keys with which payloads are encrypted 加密密钥: each with an id; the newest encrypts, every one of them opens."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from pathlib import Path

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

BYTES = 32
"""Of a key: AES with 256 bits."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_WRONG = Words("加密密钥 {which} 不能用：{reason}", "payload key {which} cannot be used: {reason}")
_FORM = "ID:KEY — openssl rand -base64 32"
_NO_FILE = Words("读不到密钥文件 {file}：{reason}", "the file of keys {file} cannot be read: {reason}")


@dataclass(frozen=True, slots=True)
class PayloadKey:
    """One key. `secret` is never shown."""

    id: str
    secret: bytes = field(repr=False)


def read_payload_keys(text: str) -> tuple[PayloadKey, ...]:
    """Keys in a text `ID:KEY,ID:KEY`, apart by commas or blanks, KEY in base64; the first one encrypts.

    Raises Refusal(malformed) that names a key by its place or id, and never repeats one.
    """
    keys: list[PayloadKey] = []
    for place, part in enumerate(filter(None, re.split(r"[\s,]+", text)), 1):
        name, colon, encoded = part.partition(":")
        if not colon or not _ID.fullmatch(name):
            raise _wrong(f"#{place}", _FORM)
        try:
            secret = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise _wrong(name, _FORM) from None
        if len(secret) != BYTES:
            raise _wrong(name, f"{len(secret)} bytes ≠ {BYTES}; openssl rand -base64 32")
        if any(name == known.id for known in keys):
            raise _wrong(name, "twice")
        keys.append(PayloadKey(name, secret))
    return tuple(keys)


def read_payload_keys_file(file: Path) -> tuple[PayloadKey, ...]:
    """Keys in a file, one a line; lines that begin with # are remarks.

    Raises Refusal(malformed_file) where it cannot be read or names no key, and as `read_payload_keys`.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        words = _NO_FILE.filled(file=file, reason=type(error).__name__)
        raise Refusal(Code.MALFORMED_FILE, words, where=str(file)) from error
    keys = read_payload_keys("\n".join(line for line in lines if not line.lstrip().startswith("#")))
    if not keys:
        raise Refusal(Code.MALFORMED_FILE, _NO_FILE.filled(file=file, reason=_FORM), where=str(file))
    return keys


def _wrong(which: str, reason: str) -> Refusal:
    return Refusal(Code.MALFORMED, _WRONG.filled(which=which, reason=reason), where="DINGDAN_PAYLOAD_KEYS")
