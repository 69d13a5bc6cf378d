"""The envelope of a fact on its way to an order, checked once before it is sent: by door, pages, command line, web hook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.dossier.receive import check
from models.facts.fact_kinds import FACT_KINDS
from models.messages.envelope import Envelope, envelope_json
from models.messages.fact_kind import FactKind
from models.messages.seen import Seen
from models.values.vocabulary import Role
from models.writing.written_numbers import Manner


def fact_envelope(
    fact_id: str,
    kind: str,
    content: Mapping[str, Any],
    *,
    by: str,
    role: Role,
    happened_at: datetime | str,
    seen: Seen | None = None,
    manner: Manner = Manner.SENT,
    kinds: Mapping[str, FactKind] = FACT_KINDS,
) -> Envelope:
    """The envelope in plain writing, if an order would read it; a slip of the pen is told before anything is sent.

    `happened_at` is the real time, with its offset; `seen` is what was before who says it; `manner` is how it comes in: what
    a person typed, what a program sent, or what the house itself says of what it was told before. Raises Refusal:
    malformed, unknown_field, missing_field, unknown_fact, wrong_role, and what is wrong with the content. What the order
    knows better it says itself. `kinds`: what the case takes, where it is no order (`models.facts.known_facts`).
    """
    raw = envelope_json(fact_id, kind, content, by=by, role=role, happened_at=happened_at, seen=seen)
    return check(kinds, raw, manner).envelope
