"""What any durable case takes into its next run, and the digest of all that it knows."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from typing import Any, Generic, TypeVar

from pydantic import (
    BaseModel,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from models.dossier.dossier import Dossier
from models.dossier.journal import FIRST_LINK
from models.values.fingerprint import canonical, compact, digest_of, without_later_defaults

D = TypeVar("D", bound=Dossier)

PACKED = "packed"
PACKED_ABOVE = 128_000
"""Bytes of JSON above which what is carried travels compressed: an order of 200 lines and 20 shipments has 700 kB, and
the server takes 2 MB in one payload. Compressed it is a tenth."""
_ON_THE_WAY = ("unsaved", "unsent")
"""What waits to be recorded belongs to the recorder, not to what the case is."""


class CarriedCase(BaseModel, Generic[D]):
    """The argument of every run after the first. Deadlines are absolute in the case, so no run moves them."""

    epoch: int = 0
    """How often the stores had diverged and been repaired."""
    saved_sequence: int = 0
    """The last journal entry that the order database confirmed."""
    saved_hash: str = FIRST_LINK
    known_rows: dict[str, str] = {}
    """The digest of each row as the order database last got it: only changed rows are sent."""
    continue_after_events: int = 0
    """For tests: continue as new after that many history events. Zero leaves it to the server's suggestion."""

    @property
    def dossier(self) -> D:
        """The case that is carried."""
        raise NotImplementedError

    @model_serializer(mode="wrap")
    def _packed(self, plain: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        # Programs one version behind refuse fields that they do not know.
        carried: dict[str, Any] = without_later_defaults(self, plain(self))
        if info.mode != "json":
            return carried
        text = canonical(carried).encode()
        # Small ones stay as they are, to be read in the UI.
        return carried if len(text) <= PACKED_ABOVE else {PACKED: b64encode(zlib.compress(text)).decode()}

    @model_validator(mode="before")
    @classmethod
    def _unpacked(cls, given: Any) -> Any:
        if isinstance(given, dict) and set(given) == {PACKED}:
            return json.loads(zlib.decompress(b64decode(given[PACKED])))
        return given


def state_digest(dossier: Dossier) -> str:
    """One text for one state: sets are sorted, which their own order in memory is not."""
    return digest_of(
        compact(
            dossier.model_copy(update={name: [] for name in (*_ON_THE_WAY, *dossier.told_by_the_journal)})
        )
    )
