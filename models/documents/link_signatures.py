"""The signatures that were given by a link, as people look at them: what proves each, and what became of it (R31)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.dossier.journal import EntryKind, JournalEntry
from models.messages.authors import author_words
from models.messages.link_signature import LinkSignature
from models.values.vocabulary import Words

RETURNED = "confirmation_returned"
_WAITS = Words("待客服核对", "a clerk is to look at it")
_PROVED = Words("验证码已核对", "proved by the code")
_LOOKED_AT = Words("客服 {by} 已核对", "looked at by {by}")


@dataclass(frozen=True, slots=True)
class SignatureShown:
    """One signature by a link. `reference` is how the order knows it."""

    version: int
    reference: str
    signature: LinkSignature
    state: Words


def link_signatures(journal: Iterable[JournalEntry]) -> list[SignatureShown]:
    """Every signature by a link that an order has taken, the oldest first."""
    found: dict[str, SignatureShown] = {}
    for entry in journal:
        content = entry.data.get("content")
        if entry.kind is not EntryKind.FACT or entry.subject != RETURNED or not isinstance(content, dict):
            continue
        reference = str(content.get("document", ""))
        if content.get("link_signature"):
            signature = LinkSignature.model_validate(content["link_signature"])
            state = _PROVED if signature.is_proved else _WAITS
            found[reference] = SignatureShown(int(content["version"]), reference, signature, state)
        elif reference in found:
            known = found[reference]
            looked_at = _LOOKED_AT.filled(by=author_words(entry.by))
            found[reference] = SignatureShown(known.version, reference, known.signature, looked_at)
    return list(found.values())
