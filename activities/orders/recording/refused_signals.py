"""What an order refused of which nobody was answered: money, goods, signatures and what nobody could read are somebody's step.

Whoever sends a signal hears nothing, and who was told that a fact is kept hears nothing when it is refused in the end. So
the burst that brings the refusal opens a step, once for each fact; the same fact told rightly closes it, and so does
another telling of the same receipt, waybill or document.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Exists, Select, bindparam, exists, func, or_, select

from activities.facts.asked_facts import name_in, said_of, said_of_text, words_of
from activities.facts.desk_steps import close_step, open_step
from models.dossier.journal import EntryKind, JournalEntry
from models.dossier.records.recording import Burst, Unheard
from models.facts.fact_kinds import FACT_KINDS
from models.facts.whose_step import asked_about, is_somebodys
from models.messages.authors import known_as
from models.reports.desk_steps import MOST_SHOWN, RECEIVED, DeskStep, DeskStepKind, desk_step, step_key
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE, business_date
from models.values.errors import Code
from models.values.vocabulary import Role

MOST_A_DAY = 20
"""So many steps may one order's refusals open in a day; then one step says that there are more (our choice)."""
_EVERYBODY = (Role.FINANCE, Role.SERVICE_CLERK, Role.MATERIAL_CONTROLLER)
_SAID_OTHERWISE = frozenset({Code.FACT_CONFLICT.value, Code.CONTRADICTION.value})
"""What says another thing than the order knows is settled by a person alone."""
_MENDED = (DeskStepKind.REFUSED_SIGNAL, DeskStepKind.REFUSED_FACT, DeskStepKind.UNKNOWN_RECEIPT)
_ENTRY = "entry"
_NOTHING = "-"


def settle_refused(connection: Connection, burst: Burst) -> None:
    """Open the steps that a burst's refusals ask for, and close those that its facts mend, in the order of its entries."""
    unheard = {each.sequence: each for each in burst.unheard}
    if not unheard and not may_mend(burst):
        return
    waiting = _waiting(connection, burst.order)
    for entry in burst.entries:
        if entry.sequence in unheard:
            step = _step_of(connection, burst.order, entry, unheard[entry.sequence])
            if step is not None and step.key not in waiting and not _was_told(connection, step):
                step = _within_the_day(connection, step, entry.recorded_at)
                open_step(connection, step)
                waiting[step.key] = step.about
        elif _may_mend(entry):
            for key in [key for key, about in waiting.items() if _mends(entry, burst.order, key, about)]:
                close_step(connection, key, entry.recorded_at, by=entry.by, resolution=f"#{entry.sequence}")
                del waiting[key]


# --- what opens -------------------------------------------------------------------------------------------------------


def _step_of(connection: Connection, order: str, entry: JournalEntry, unheard: Unheard) -> DeskStep | None:
    """None where what was refused is nobody's: it was read, and is about neither money nor goods nor a signature."""
    kind = unheard.kind or _NOTHING
    if unheard.fact_id and not is_somebodys(kind):
        return None
    received = str(entry.data.get("received", ""))
    content = _content_in(received)
    known = known_as(unheard.by, unheard.fact_id) if unheard.fact_id else _digest(received)
    # What was kept for the order and then told it by signal can be told once more.
    kept = _was_kept(connection, order, unheard.fact_id)
    what, said = words_of(kind), said_of(kind, content)
    if content is None:
        said = said_of_text(received)
    return desk_step(
        DeskStepKind.REFUSED_FACT if kept else DeskStepKind.REFUSED_SIGNAL,
        f"{known}/{order}",
        entry.recorded_at,
        rule="R47",
        order=order,
        roles=asked_about([kind]),
        given=order,
        fact_id=unheard.fact_id or _NOTHING,
        what_zh=what.zh,
        what_en=what.en,
        said_zh=said.zh,
        said_en=said.en,
        code=str(entry.data.get("code", "")),
        reason_zh=str(entry.data.get("zh", "")),
        reason_en=str(entry.data.get("en", "")),
        by=unheard.by,
        fact=kind,
        named=name_in(content or {}),
        **{_ENTRY: entry.hash, RECEIVED: received[:MOST_SHOWN]},
    )


def _content_in(received: str) -> Mapping[str, Any] | None:
    """The content of the envelope that was refused; None where it was cut or cannot be read."""
    try:
        raw = json.loads(received, parse_float=str)
    except (ValueError, RecursionError):
        return None
    content = raw.get("content") if isinstance(raw, dict) else None
    return content if isinstance(content, dict) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]


def _was_kept(connection: Connection, order: str, fact_id: str) -> bool:
    inbox = table("inbox")
    of_it = (inbox.c.order_number == order) & (inbox.c.fact_id == fact_id)
    return bool(fact_id) and bool(connection.scalar(select(exists().where(of_it))))


def _was_told(connection: Connection, step: DeskStep) -> bool:
    """Whether this very refusal opened it before: the same burst may come twice, and the step be settled in between."""
    steps = table("desk_steps")
    about = connection.scalar(select(steps.c.about).where(steps.c.key == step.key))
    return about is not None and about.get(_ENTRY) == step.about[_ENTRY]


def _within_the_day(connection: Connection, step: DeskStep, now: datetime) -> DeskStep:
    """The step, or beyond the most of a day the one that says that there are more."""
    steps, day = table("desk_steps"), business_date(now)
    begins = datetime.combine(day, time(), BUSINESS_ZONE).astimezone(UTC)
    of_today = (
        (steps.c.order_number == step.order_number)
        & steps.c.kind.in_([DeskStepKind.REFUSED_SIGNAL.value, DeskStepKind.REFUSED_FACT.value])
        & (steps.c.since >= begins)
    )
    if (connection.scalar(select(func.count()).select_from(steps).where(of_today)) or 0) < MOST_A_DAY:
        return step
    return desk_step(
        DeskStepKind.REFUSED_SIGNALS,
        f"{step.order_number}/{day.isoformat()}",
        now,
        rule="R47",
        order=step.order_number,
        roles=_EVERYBODY,
        given=step.order_number,
        day=day.isoformat(),
        most=str(MOST_A_DAY),
    )


# --- what closes ------------------------------------------------------------------------------------------------------


def may_mend(burst: Burst) -> bool:
    """Whether a fact of the burst is of a kind that closes such steps."""
    return any(_may_mend(entry) for entry in burst.entries)


def waits_for_a_telling(order: ColumnElement[str]) -> Exists:
    """Whether an order has an open step that a good telling closes, for a statement that has the order in hand."""
    steps = table("desk_steps")
    return exists().where(steps.c.order_number == order, *_open_and_mended())


def _open_and_mended() -> tuple[ColumnElement[bool], ...]:
    steps = table("desk_steps")
    return steps.c.closed_at.is_(None), or_(*(steps.c.kind == kind.value for kind in _MENDED))


def _may_mend(entry: JournalEntry) -> bool:
    return entry.kind is EntryKind.FACT and entry.subject in FACT_KINDS and is_somebodys(entry.subject)


def _waiting(connection: Connection, order: str) -> dict[str, Mapping[str, Any]]:
    """The open steps of this order that a good telling closes."""
    return {row.key: row.about for row in connection.execute(_of_this_order(), {"of_order": order})}


@lru_cache(maxsize=1)
def _of_this_order() -> Select[tuple[Any, ...]]:
    # Made once and without a list of values: nearly every burst asks.
    steps = table("desk_steps")
    return select(steps.c.key, steps.c.about).where(
        steps.c.order_number == bindparam("of_order"), *_open_and_mended()
    )


def _mends(entry: JournalEntry, order: str, key: str, about: Mapping[str, Any]) -> bool:
    subject = f"{known_as(entry.by, str(entry.data.get('fact_id', '')))}/{order}"
    if key in {step_key(kind, subject) for kind in _MENDED}:
        return True
    named = name_in(entry.data.get("content") or {})
    same = about.get("fact") == entry.subject and about.get("named") == named
    return bool(named) and same and about.get("code") not in _SAID_OTHERWISE
