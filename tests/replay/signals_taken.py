"""Which kinds of facts a recorded case took from a signal that has the name of its kind."""

from __future__ import annotations

from models.dossier.journal import EntryKind
from tests.replay.corpus import Recorded, Recording
from tests.replay.events import Signal, signals


def envelope_in(each: Signal) -> dict[str, object]:
    """What is said in a signal; empty where it holds no envelope."""
    try:
        content = each.content
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def kind_said(each: Signal) -> object:
    """The kind that the envelope names."""
    return envelope_in(each).get("kind")


def kinds_taken(recorded: Recorded, recording: Recording) -> set[str]:
    """The kinds of facts that stand in the journal and came by a signal of their own name."""
    facts = {
        entry.data.get("fact_id"): entry.subject
        for entry in recording.journal
        if entry.kind is EntryKind.FACT
    }
    return {
        said.name
        for said in signals(recording)
        if said.name in recorded.signals
        and len(said.arguments) == 1
        and kind_said(said) == said.name
        and facts.get(said.content.get("fact_id")) == said.name
    }
