"""Signed facts: an order that asks for it takes only what bears the signature of its sender's key, or of the house.

Whoever reaches a Temporal server without access control can tell any order anything under any name. A signature says by
which key something was said. It stands in the envelope as `signature`: the id of the key, a colon, and the HMAC-SHA256 in
hexadecimal of the statement: the envelope as it is sent, without `signature` and with `order`, as JSON in UTF-8 with
sorted keys and no blanks. So what was signed for one order, or with one content, is nothing for another.

The key of a service is the SHA-256 of its secret, as bytes; the doors, jobs and commands of the house sign with a key of
the installation, under the id `house`, and may speak for everybody whom they let in. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.values.errors import Code, Refusal
from models.values.fingerprint import canonical
from models.values.vocabulary import Words

HOUSE = "house"
"""The id under which the programs of the house sign."""
_SIGNATURE = "signature"
_SEPARATOR = ":"
_PURPOSE = b"dingdan signed facts"
_LONGEST_SHOWN = 2000
_UNSIGNED = Words(
    "此订单只采纳已签名的事实；这一条没有签名，或签名不对。已转为待办，请核实来源",
    "this order takes signed facts only, and this one is not signed, or not rightly; it became a step, find out whose it is",
)


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Something said whose signature is not good: nothing that it says of itself is believed."""

    raw: object

    def refusal(self) -> Refusal:
        """Why it is not taken."""
        return Refusal(Code.UNSIGNED, _UNSIGNED, where=_SIGNATURE)


def house_key(secret: str) -> bytes:
    """The key of the house, made of the installation's secret, which other things are signed with as well."""
    return hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256)


def signed(message: Mapping[str, Any], order: str, key_id: str, key: bytes) -> dict[str, Any]:
    """The message with its signature; one that it bore before is replaced."""
    return {**_unsigned(message), _SIGNATURE: f"{key_id}{_SEPARATOR}{_code(message, order, key)}"}


def signer_of(message: Mapping[str, Any]) -> str:
    """The id of the key by which the message says that it is signed; empty where it says none."""
    signature = message.get(_SIGNATURE)
    return signature.partition(_SEPARATOR)[0] if isinstance(signature, str) else ""


def is_signed(message: Mapping[str, Any], order: str, key: bytes) -> bool:
    """Whether the signature is the one that this key makes of the message for this order."""
    signature = message.get(_SIGNATURE)
    given = signature.partition(_SEPARATOR)[2] if isinstance(signature, str) else ""
    return hmac.compare_digest(given.encode(), _code(message, order, key).encode())


def as_asked(raw: object) -> str:
    """What was said, as a text from which it can be read again; a long one is no envelope, and is cut."""
    try:
        text = canonical(raw)
    except (TypeError, ValueError, RecursionError):
        text = canonical(ascii(raw)[:_LONGEST_SHOWN])
    return text


def _code(message: Mapping[str, Any], order: str, key: bytes) -> str:
    statement = canonical({**_unsigned(message), "order": order})
    return hmac.new(key, statement.encode(), hashlib.sha256).hexdigest()


def _unsigned(message: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != _SIGNATURE}
