"""The keys with which other systems sign their events: a file a sender, one or two lines, the newest first.

While a key is changed both are valid; the sender signs with the new one when it has it, then the old one is retired.
They are kept readable because a signature cannot be checked against a hash; nobody but the owner may read the file.
"""

from __future__ import annotations

import base64
import re
import secrets
from pathlib import Path

from activities.store.private_folder import make_private_folder
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import SHORTEST_SECRET, Settings

PREFIX = "whsec_"
MOST_KEYS = 2
SHORTEST_KEY = 24
"""Bytes: what Standard Webhooks asks of a sender's key at least; ours are longer."""
_SENDER = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_NO_SENDER = Words("没有来源 {sender}。有：{known}", "there is no sender {sender}; there are: {known}")
_ONLY_ONE = Words(
    "{sender} 只有一把密钥，吊销会断开它", "{sender} has only one key; retiring it would cut it off"
)
_TWO = Words(
    "{sender} 已有两把密钥，先用 retire 吊销旧的", "{sender} has two keys already; retire the old one first"
)
_TOO_SHORT = Words(
    "{file} 第{line}行的密钥不足 {least} 字节；用 starter.py webhooks new-key {sender} 生成",
    "the key in line {line} of {file} has less than {least} bytes; starter.py webhooks new-key {sender} makes one",
)
_NOT_A_KEY = Words("{file} 第{line}行不是 whsec_… 密钥", "line {line} of {file} is not a key, whsec_…")


def senders_of(settings: Settings) -> list[str]:
    """The senders that have a table."""
    return sorted(file.stem for file in settings.webhooks.glob("*.toml"))


def table_file(settings: Settings, sender: str) -> Path:
    """The table of a sender. Raises Refusal(unknown_person) for a name that is none."""
    if sender not in senders_of(settings):
        known = ", ".join(senders_of(settings)) or "-"
        raise Refusal(Code.UNKNOWN_PERSON, _NO_SENDER.filled(sender=sender, known=known), where=sender)
    return settings.webhooks / f"{sender}.toml"


def keys_of(settings: Settings, sender: str) -> list[str]:
    """The keys that are valid now, the newest first; none for a sender that has none. Raises Refusal(malformed_file)."""
    file = settings.webhook_keys / sender
    if not _SENDER.fullmatch(sender) or not file.is_file():
        return []
    found = file.read_text().split()
    for number, key in enumerate(found, start=1):
        size = _bytes_of(key)
        if not size:
            raise Refusal(Code.MALFORMED_FILE, _NOT_A_KEY.filled(file=file, line=number), where=str(file))
        if size < SHORTEST_KEY:
            words = _TOO_SHORT.filled(file=file, line=number, least=SHORTEST_KEY, sender=sender)
            raise Refusal(Code.MALFORMED_FILE, words, where=str(file))
    return found[:MOST_KEYS]


def require_webhook_keys(settings: Settings) -> None:
    """Raises Refusal(malformed_file) for a key of any sender that is none, or too short: at start, not at the first event."""
    for sender in senders_of(settings):
        keys_of(settings, sender)


def _bytes_of(key: str) -> int:
    """How long the secret is; nothing for what is no key."""
    try:
        secret = key.removeprefix(PREFIX).rstrip("=")
        decoded = base64.b64decode(secret + "=" * (-len(secret) % 4), validate=True)
    except ValueError:
        return 0
    return len(decoded) if key.startswith(PREFIX) else 0


def new_key(settings: Settings, sender: str) -> str:
    """A new key in front of the one there is. Raises Refusal(unknown_person, request_conflict)."""
    table_file(settings, sender)
    known = keys_of(settings, sender)
    if len(known) >= MOST_KEYS:
        raise Refusal(Code.REQUEST_CONFLICT, _TWO.filled(sender=sender), where=sender)
    made = PREFIX + base64.b64encode(secrets.token_bytes(SHORTEST_SECRET)).decode()
    _write(settings, sender, [made, *known])
    return made


def retire_old_key(settings: Settings, sender: str) -> None:
    """From now on only the newest key counts. Raises Refusal(unknown_person, request_conflict)."""
    table_file(settings, sender)
    known = keys_of(settings, sender)
    if len(known) < MOST_KEYS:
        raise Refusal(Code.REQUEST_CONFLICT, _ONLY_ONE.filled(sender=sender), where=sender)
    _write(settings, sender, known[:1])


def _write(settings: Settings, sender: str, keys: list[str]) -> None:
    folder = settings.webhook_keys
    make_private_folder(folder)
    part = folder / f".{sender}"
    part.touch(mode=0o600)
    part.write_text("\n".join(keys) + "\n")
    part.replace(folder / sender)
