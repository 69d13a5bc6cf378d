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
from runtime.settings import Settings

PREFIX = "whsec_"
MOST_KEYS = 2
_SECRET_BYTES = 32
_SENDER = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_NO_SENDER = Words("没有来源 {sender}。有:{known}", "there is no sender {sender}; there are: {known}")
_ONLY_ONE = Words(
    "{sender} 只有一把密钥,吊销会断开它", "{sender} has only one key; retiring it would cut it off"
)
_TWO = Words(
    "{sender} 已有两把密钥,先用 retire 吊销旧的", "{sender} has two keys already; retire the old one first"
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
        if not _is_key(key):
            raise Refusal(Code.MALFORMED_FILE, _NOT_A_KEY.filled(file=file, line=number), where=str(file))
    return found[:MOST_KEYS]


def _is_key(key: str) -> bool:
    try:
        secret = key.removeprefix(PREFIX).rstrip("=")
        return key.startswith(PREFIX) and bool(
            base64.b64decode(secret + "=" * (-len(secret) % 4), validate=True)
        )
    except ValueError:
        return False


def new_key(settings: Settings, sender: str) -> str:
    """A new key in front of the one there is. Raises Refusal(unknown_person, request_conflict)."""
    table_file(settings, sender)
    known = keys_of(settings, sender)
    if len(known) >= MOST_KEYS:
        raise Refusal(Code.REQUEST_CONFLICT, _TWO.filled(sender=sender), where=sender)
    made = PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
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
