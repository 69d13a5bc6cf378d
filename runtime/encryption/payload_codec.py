"""Encrypts what goes to the Temporal server, and opens what comes from it.

The form is that of Temporal's own examples, so that its UI and command line know an encrypted payload: encoding
`binary/encrypted`, the id of the key beside it, as data the nonce and what AES-GCM makes of the whole payload. The id is
sealed with it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.encryption.payload_keys import PayloadKey
from workflows.engine.message_bytes import ENCRYPTED, KEY_ID

UNOPENED = b"binary/encrypted-unopened"
"""The encoding of what its own key does not open: nobody can read it, and no later try will."""
_NONCE = 12
_UNKNOWN_KEY = Words(
    "密钥 {key!r} 不在 DINGDAN_PAYLOAD_KEYS 中，加密的内容打不开。请把它加回来（放在后面即可）再重启本进程；"
    "什么都没有丢失，订单的任务会重试",
    "the key {key!r} is not in DINGDAN_PAYLOAD_KEYS, so what it encrypted cannot be opened. Put it back (behind the others "
    "will do) and start this process anew; nothing is lost, the orders' tasks are tried again",
)


class UnknownPayloadKey(Refusal):
    """Something is encrypted with a key that this process does not have. A task that meets it is tried again."""

    def __init__(self, key: str) -> None:
        super().__init__(Code.NOT_SET_UP, _UNKNOWN_KEY.filled(key=key[:60]), where="DINGDAN_PAYLOAD_KEYS")


def key_of(payload: Payload) -> str | None:
    """The id of the key with which it is encrypted; None for what is not."""
    if payload.metadata.get("encoding") != ENCRYPTED:
        return None
    return payload.metadata.get(KEY_ID, b"").decode(errors="replace")


class PayloadEncryption(PayloadCodec):
    """The first key encrypts, every one of them opens; what is not encrypted passes, for orders from before.

    It is blind to where a payload belongs, so that the UI's codec server can open it.
    """

    def __init__(self, keys: Sequence[PayloadKey]) -> None:
        """At least one key, the newest first."""
        self._ciphers = {key.id: AESGCM(key.secret) for key in keys}
        self._newest = keys[0].id

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each of them encrypted with the newest key."""
        return [self._sealed(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each of them opened. Raises UnknownPayloadKey; what was changed or damaged comes as `UNOPENED`."""
        return [self._opened(payload) for payload in payloads]

    def _sealed(self, payload: Payload) -> Payload:
        key, nonce = self._newest.encode(), os.urandom(_NONCE)
        data = self._ciphers[self._newest].encrypt(nonce, payload.SerializeToString(), key)
        return Payload(metadata={"encoding": ENCRYPTED, KEY_ID: key}, data=nonce + data)

    def _opened(self, payload: Payload) -> Payload:
        name = key_of(payload)
        if name is None:
            return payload
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise UnknownPayloadKey(name)
        try:
            plain = cipher.decrypt(payload.data[:_NONCE], payload.data[_NONCE:], name.encode())
            return Payload.FromString(plain)
        except (InvalidTag, ValueError, DecodeError):
            return Payload(metadata={"encoding": UNOPENED}, data=payload.data)
