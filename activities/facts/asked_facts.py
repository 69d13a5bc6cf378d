"""Steps about facts that count for nothing yet: each names the fact, why, and what was said, down to its amount (R47)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from activities.store.faults import named_faults
from models.facts.known_facts import KNOWN_FACTS
from models.facts.whose_step import asked_about
from models.forms.sentences.fact_sentences import said_with_labels
from models.messages.envelope import Envelope
from models.reports.desk_steps import MOST_SHOWN, RECEIVED, DeskStep, DeskStepKind, desk_step
from models.values.errors import Refusal
from models.values.fingerprint import canonical, lasting
from models.values.receipts import folded
from models.values.vocabulary import Words

_LONGEST = 300
_NAMES = ("reference", "tracking_number", "document")
NOTHING_SAID = Words("内容未能读出", "what it says cannot be read")


def words_of(kind: str) -> Words:
    """What people call a kind of fact; one that nobody knows as it is written."""
    known = KNOWN_FACTS.get(kind)
    return Words(known.words.zh, known.words.en) if known else Words(kind, kind)


def said_of(kind: str, content: Any) -> Words:
    """What was said, short enough for a card."""
    try:
        with named_faults(f"the content of {kind}"):
            said = said_with_labels(kind, content) if isinstance(content, dict) and content else NOTHING_SAID
    except Refusal:
        said = NOTHING_SAID
    return Words(said.zh[:_LONGEST], said.en[:_LONGEST])


def said_of_text(text: str) -> Words:
    """What was said and nobody could take apart, as it came."""
    shown = text[:_LONGEST]
    return Words(shown, shown) if shown else NOTHING_SAID


def name_in(content: Mapping[str, Any]) -> str:
    """What names the same money, goods or paper in the content of a fact; empty where nothing does."""
    return next((folded(str(content[name])) for name in _NAMES if content.get(name)), "")


def event_named(event: str | None) -> dict[str, str]:
    """By which message of which sender a fact came, for its step; nothing where it came otherwise."""
    sender, slash, message = (event or "").partition("/")
    return {"sender": sender, "message": message} if slash else {}


def about_fact(envelope: Envelope, given: str, event: str | None) -> dict[str, str]:
    """What a step says of a fact: which it is, what it says, and all of it as it came."""
    what, said = words_of(envelope.kind), said_of(envelope.kind, envelope.content)
    return {
        "given": given,
        "fact_id": envelope.fact_id,
        "digest": envelope.digest(),
        "what_zh": what.zh,
        "what_en": what.en,
        "said_zh": said.zh,
        "said_en": said.en,
        "fact": envelope.kind,
        "named": name_in(envelope.content),
        RECEIVED: canonical(lasting(envelope))[:MOST_SHOWN],
        **event_named(event),
    }


def asked_which(
    kind: DeskStepKind, envelope: Envelope, given: str, now: datetime, event: str | None, **more: str
) -> DeskStep:
    """Which order, or which shipment, is it for?"""
    return desk_step(
        kind,
        f"{envelope.known_as()}/{given}",
        now,
        rule="R47",
        order=given,
        roles=asked_about([envelope.kind]),
        **about_fact(envelope, given, event),
        **more,
    )


def asked_why(
    kind: DeskStepKind,
    envelope: Envelope,
    order: str,
    refusal: Refusal | None,
    now: datetime,
    event: str | None,
) -> DeskStep:
    """It was answered with success, and counts for nothing."""
    why = {} if refusal is None else why_of(refusal)
    return desk_step(
        kind,
        f"{envelope.known_as()}/{order}",
        now,
        rule="R47",
        order=order,
        roles=asked_about([envelope.kind]),
        **about_fact(envelope, order, event),
        **why,
    )


def why_of(refusal: Refusal) -> dict[str, str]:
    """Why it was refused, for its step."""
    return {"code": refusal.code.value, "reason_zh": refusal.words.zh, "reason_en": refusal.words.en}
