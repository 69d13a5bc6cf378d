"""An act at the pages: a filled-in form becomes a fact or a decision of the person who is logged in."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from activities.desk.act_files import ActFile, note_files
from activities.orders.views.order_views import OrderView, StepView, journal_of
from gateway.api.telling import Said, say
from gateway.context import Door, in_database
from gateway.pages.orders.act_files import Uploaded, keep_files
from gateway.pages.orders.holding import AT_ONCE, hold_act
from gateway.pages.rendering import label, plain
from gateway.pages.sandbox.order_time import time_of_order
from models.access import Caller
from models.decisions.subjects import SUBJECTS
from models.dossier.journal import EntryKind, JournalEntry
from models.dossier.step_moves import Move, move_in
from models.facts.fact_envelope import fact_envelope
from models.facts.fact_kinds import FACT_KINDS
from models.forms.answers import (
    NOTE,
    require_answers,
    require_outcome,
    require_people,
    system_numbers,
    with_answers,
    with_people,
)
from models.forms.form_fields import StaffMember
from models.forms.own_parts import own_part
from models.forms.shown import carried_in
from models.forms.step_form import UNSPOKEN, Choice, Form, Known, content_of, form_of, form_of_fact
from models.forms.whole_answers import answered_whole
from models.messages.authors import author_words
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import DECISION, read_content
from models.messages.seen import Seen
from models.values.calendar import BUSINESS_ZONE
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.entry import plain_of
from models.writing.written_dates import plain_moment
from models.writing.written_numbers import Manner

_NO_FORM = Words("表单无效", "this form is not valid")
_NO_TIME = Words("{text} 不是时间", "{text} is no time")
_FIRST = Words(
    "{by}（{role}）已于 {at} 先作出决定：{outcome}。您的答复没有记入。",
    "{by} ({role}) was first and decided at {at}: {outcome}. Your answer was not taken.",
)
PAPER = "document"
NAMES_PAPER = frozenset({"confirmation_returned", "arrived", "delivery_receipt"})
"""Facts whose content names the paper that proves them."""
_LOOKS = 4
_PAUSE_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in, with what it says."""

    form: Form
    values: Mapping[str, str]
    content: dict[str, Any] = field(default_factory=dict)
    seen: Seen | None = None
    """What the page showed on which it was filled in."""
    still_asked: bool = True
    """Whether the order still waits for it, or it may be said at any time."""
    step: StepView | None = None
    """The open step that it answers, if any does."""
    problem: Refusal | None = None
    """What is wrong with the button that was to say all of it."""


def known_of(view: OrderView, named: str = "", staff: Sequence[StaffMember] = ()) -> Known:
    """What a form may know of the order: its lines with the values of today, and its open steps."""
    now = {}
    for line in view.lines:
        for name in ("product", "specification", "unit", "unit_price", "tolerance_percent"):
            value = getattr(line, name)
            now[f"lines.{line.line}.{name}"] = "" if value is None else str(value)
        now[f"lines.{line.line}.quantity"] = plain(line.quantity)
    steps = tuple(Choice(step.key, step.zh, step.en) for step in view.order.steps)
    gone = tuple(line.line for line in view.dropped_lines)
    return Known(tuple(line.line for line in view.lines) or (1,), now, steps, named, gone, staff)


def completed(form: Form, move: Move | None, staff: Sequence[StaffMember]) -> Form:
    """The form as people fill it in: its questions begin empty, and people are chosen."""
    named = frozenset(path for path, _ in move.says) if move is not None else frozenset()
    return with_people(with_answers(form, named), staff)


SAYS = "says"
"""Under this name a form carries what it is made of, so that nothing is taken apart when it comes back."""


def _move_in(values: Mapping[str, str]) -> Move | None:
    """What was sent with the form; of a page of before there is the command alone. Raises Refusal(malformed)."""
    if not values.get(SAYS):
        return move_in(values.get("command", ""))
    try:
        return Move.model_validate_json(values[SAYS])
    except ValueError:
        raise Refusal(Code.MALFORMED, _NO_FORM, where=SAYS) from None


def answered(view: OrderView, values: Mapping[str, str]) -> StepView | None:
    """The open step that the form answers: by its key, and on a page of before by its command."""
    key, command = values.get("step", ""), values.get("command", "")
    named = (each for each in view.order.steps if (each.key == key if key else each.command == command))
    return next(named, None)


def _still_asks(step: StepView | None, form: Form, known: Known) -> bool:
    """Whether the step still asks for this very thing: what identifies it is not another since the page was made."""
    if step is None:
        return False
    parts = (own_part(step.kind, role, step.move, step.key) for role in step.roles)
    return any(_identity(form) == _identity(form_of(move, known)) for move in (step.move, *parts))


def _identity(form: Form | None) -> tuple[str, str, str, dict[str, str]] | None:
    return None if form is None else (form.kind, form.subject, form.line, dict(form.given))


def filled_in(view: OrderView, values: Mapping[str, str], staff: Sequence[StaffMember] = ()) -> Filled:
    """The form that was sent, with its content. Raises Refusal(malformed) where it is none of ours."""
    move, kind = _move_in(values), values.get("kind", "")
    step = answered(view, values)
    carried = carried_in(values.get("seen", ""))
    known = known_of(view, step.zh if step is not None else "", staff)
    form: Form | None = None
    if move is not None:
        form = form_of(move, known)
    elif kind in FACT_KINDS and kind not in UNSPOKEN and not values.get("command"):
        form = form_of_fact(kind, known)
    if form is None:
        raise Refusal(Code.MALFORMED, _NO_FORM)
    form = completed(form, move, staff)
    form = replace(form, carried=view.shown.carried_by(form, step.key if step is not None else ""))
    problem: Refusal | None = None
    try:
        values = answered_whole(form, values)
    except Refusal as refusal:
        problem = refusal
    numbers = system_numbers(form, values, view.order.number, values.get("once", "") or uuid.uuid4().hex)
    given = {**values, **numbers}
    content = content_of(form, given)
    if form.kind == DECISION:
        content |= {
            "subject": form.subject,
            "outcome": values.get("outcome", ""),
            "note_reference": given[NOTE].strip(),
            "line": int(form.line) if form.line else None,
            "version": carried.asked if carried is not None else None,
        }
        content = {name: value for name, value in content.items() if value is not None}
    elif carried is not None and carried.release is not None and "release" in _fields_of(form):
        content.setdefault("release", carried.release)
    seen = carried.seen if carried is not None else None
    # in plain writing as far as it can be read; the rest is refused when it is told
    content, _ = plain_of(FACT_KINDS[form.kind].content, content, Manner.TYPED)
    asked = _still_asks(step, form, known) or move is None or _voluntary(form)
    return Filled(form, values, content, seen, asked, step, problem)


def _fields_of(form: Form) -> Container[str]:
    return FACT_KINDS[form.kind].content.model_fields


def _voluntary(form: Form) -> bool:
    subject = _subject_of(form)
    return subject is not None and SUBJECTS[subject].voluntary


def fact_id_of(caller: Caller, values: Mapping[str, str]) -> str:
    """The id of the fact that a form becomes: the same form sent twice is one fact."""
    return caller.fact_id(f"door/{values.get('once') or uuid.uuid4()}")


def require_answered(filled: Filled, staff: Sequence[StaffMember]) -> None:
    """Raises Refusal for a decision without an outcome, a question without an answer, and a person who is none of the staff."""
    if filled.problem is not None:
        raise filled.problem
    outcome = require_outcome(filled.form, filled.values.get("outcome", ""))
    require_answers(filled.form, filled.values, outcome)
    require_people(filled.form, filled.values, staff)


async def act(
    door: Door, caller: Caller, number: str, filled: Filled, address: str, files: Sequence[Uploaded] = ()
) -> Said:
    """Tell the order what the form says, or hold it so that it may be taken back; the same form sent twice is one fact.

    Raises Refusal for what the order refuses.
    """
    form, values = filled.form, filled.values
    asked = next((role for role in Role if role.value == values.get("role")), None)
    fact_id = fact_id_of(caller, values)
    kept = await keep_files(door, files, number, fact_id, caller.author)
    envelope = fact_envelope(
        fact_id,
        form.kind,
        _with_paper(filled, kept),
        by=caller.author,
        role=caller.role_for(form.kind, asked, _subject_of(form)),
        happened_at=_happened(values.get("happened_at", ""), await time_of_order(door, number)),
        seen=filled.seen,
        manner=Manner.TYPED,
    )
    content = read_content(FACT_KINDS[form.kind].content, envelope.content, inside="content")
    try:
        if door.settings.undo_seconds and form.kind not in AT_ONCE:
            said = await hold_act(door, caller, number, envelope, values, address)
        else:
            said = await say(door, caller, number, envelope, address)
        await in_database(note_files, door.engine, kept)
        return said
    except Refusal as refusal:
        dumped = content.model_dump(mode="json", exclude_defaults=True)
        if refusal.code is Code.FACT_CONFLICT and await _was_said(
            door, number, caller.author, fact_id, dumped
        ):
            return Said(200, {"status": "known"})
        raise


def _with_paper(filled: Filled, kept: Sequence[ActFile]) -> dict[str, Any]:
    """The content; a fact that names its paper names the one that came with it, where no other was named."""
    content = dict(filled.content)
    if (
        kept
        and PAPER in FACT_KINDS[filled.form.kind].content.model_fields
        and filled.form.kind in NAMES_PAPER
    ):
        content[PAPER] = content.get(PAPER) or f"paper/{kept[0].document[:16]}"
    return content


async def _was_said(door: Door, number: str, by: str, fact_id: str, content: dict[str, Any]) -> bool:
    """Whether they said this very thing a moment ago: a double click differs in its time alone."""
    for _ in range(_LOOKS):
        for entry in await in_database(journal_of, door.engine, number):
            if entry.kind is EntryKind.FACT and entry.by == by and entry.data.get("fact_id") == fact_id:
                return bool(entry.data.get("content") == content)
        await asyncio.sleep(_PAUSE_SECONDS)
    return False


def _subject_of(form: Form) -> Subject | None:
    return next((each for each in Subject if each.value == form.subject), None)


def _happened(text: str, time_of_order: datetime) -> datetime:
    """Business time as filled in; the order's own now where nothing was, or this very minute."""
    now = datetime.now(UTC)
    if not text:
        return time_of_order
    try:
        moment = datetime.fromisoformat(plain_moment(text, Manner.TYPED))
    except ValueError:
        raise Refusal(Code.MALFORMED, _NO_TIME.filled(text=text), where="happened_at") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=BUSINESS_ZONE)
    return time_of_order if abs((now - aware).total_seconds()) < 90 else aware


def who_was_first(journal: list[JournalEntry], content: Mapping[str, Any], role: Role | None) -> Words | None:
    """Who answered before, when and what, where the journal tells; of several answers that of the same role."""
    given = [
        entry
        for entry in journal
        if entry.kind is EntryKind.FACT
        and entry.subject == DECISION
        and _same(entry.data.get("content", {}), content)
    ]
    of_role = [entry for entry in given if role is None or entry.role == role]
    first = next(iter([*of_role[::-1], *given[::-1]]), None)
    if first is None:
        return None
    outcome = label(Outcome, first.data["content"].get("outcome"))
    at = first.happened_at.astimezone(BUSINESS_ZONE).strftime("%m-%d %H:%M")
    return _FIRST.filled(
        by=author_words(first.by), role=label(Role, first.role) or "", at=at, outcome=outcome or ""
    )


def _same(given: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    return given.get("subject") == content.get("subject") and given.get("line") in (None, content.get("line"))
