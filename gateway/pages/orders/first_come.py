"""Two people at one thing: the second is told who was first and what they said, whatever kind of act it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from activities.orders.views.order_views import OrderView, StepView
from gateway.pages.rendering import label
from gateway.shown_names import ShownNames
from models.dossier.journal import EntryKind, JournalEntry
from models.facts.fact_kinds import FACT_KINDS
from models.forms.fact_words import said_in_words
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Role, Words

_DONE = Words(
    "{by}（{role}）已于 {at} 先办理：{what}，{said}。您的没有记入。",
    "{by} ({role}) was first at {at}: {what}, {said}. Yours was not taken.",
)


def closed_step(view: OrderView, values: Mapping[str, str]) -> StepView | None:
    """The step that a form answers, where it is done already; None where it is open, or the form answers none."""
    key = values.get("step", "")
    found = next((each for each in view.steps if key and each.key == key), None)
    return found if found is not None and found.closed_at is not None else None


def first_at(view: OrderView, step: StepView, kind: str) -> JournalEntry | None:
    """Who did this step before: the last that said the same kind of thing since it was asked."""
    for entry in reversed(view.journal):
        if entry.recorded_at < step.since:
            break
        if entry.kind is EntryKind.FACT and entry.subject == kind:
            return entry
    return None


def said_before(journal: Iterable[JournalEntry], fact_id: str) -> bool:
    """Whether this very fact is in the journal: a form that is sent twice is one act."""
    return any(entry.kind is EntryKind.FACT and entry.data.get("fact_id") == fact_id for entry in journal)


def first_words(entry: JournalEntry, names: ShownNames) -> Words:
    """Who was first, when, and what they said."""
    content = entry.data.get("content", {})
    at = entry.happened_at.astimezone(BUSINESS_ZONE).strftime("%m-%d %H:%M")
    by, role = names.of(entry.by), label(Role, entry.role) or Words("", "")
    what = FACT_KINDS[entry.subject].words
    return _DONE.filled(by=by, role=role, at=at, what=what, said=said_in_words(entry.subject, content))
