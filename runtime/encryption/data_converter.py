"""The data converter of an installation: pydantic's, and encryption where it has keys."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticPayloadConverter, pydantic_data_converter
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    EncodingPayloadConverter,
)

from runtime.encryption.payload_codec import PayloadEncryption, UnknownPayloadKey, key_of
from runtime.encryption.payload_keys import PayloadKey, read_payload_keys, read_payload_keys_file
from runtime.settings import Settings
from workflows.engine.message_bytes import ENCRYPTED


class _Closed(EncodingPayloadConverter):
    """What is encrypted, where there are no keys at all."""

    @property
    def encoding(self) -> str:
        """As `PayloadEncryption` writes it."""
        return ENCRYPTED.decode()

    def to_payload(self, value: Any) -> Payload | None:
        """It makes none."""
        return None

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> NoReturn:
        """Raises UnknownPayloadKey, which names the key that is missing."""
        raise UnknownPayloadKey(key_of(payload) or "")


_CLOSED = _Closed()
_PARTS = {**PydanticPayloadConverter().converters, _CLOSED.encoding.encode(): _CLOSED}
"""What converts, one of each for the whole process: none of them keeps anything of whom it converts for."""


class PlainPayloadConverter(PydanticPayloadConverter):
    """Pydantic's, which says in words what it meets when something is encrypted."""

    def __init__(self) -> None:
        """The SDK makes one for each activation of each case, so its parts are made once."""
        self.converters = _PARTS


PLAIN = replace(pydantic_data_converter, payload_converter_class=PlainPayloadConverter)
"""Of an installation without keys."""


def payload_keys_of(settings: Settings) -> tuple[PayloadKey, ...]:
    """The keys of this installation, the newest first; none where nothing is encrypted.

    Raises Refusal(malformed, malformed_file).
    """
    if settings.payload_keys is not None:
        return read_payload_keys(settings.payload_keys.get_secret_value())
    if settings.payload_keys_file is not None:
        return read_payload_keys_file(settings.payload_keys_file)
    return ()


def data_converter_of(settings: Settings) -> DataConverter:
    """With keys all payloads and the words of failures are encrypted. Raises Refusal for keys that cannot be used."""
    keys = payload_keys_of(settings)
    if not keys:
        return PLAIN
    return replace(
        PLAIN,
        payload_codec=PayloadEncryption(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
