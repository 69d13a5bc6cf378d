"""An act is held for a moment before it is told, so that whoever said it may take it back.

Not held is what others must hear of at once. An act is first asked of the order, so that what it would refuse is refused
now and not when nobody looks any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from activities.access.acts import Act, note_act
from activities.desk.held_acts import HeldAct, held_now, hold
from activities.documents.font_signs import require_printable_fact
from gateway.api.telling import Said, in_stead
from gateway.context import Door, in_database
from gateway.pages.sandbox.order_time import time_of_order
from models.access import Caller
from models.messages.authors import author_words
from models.messages.envelope import Envelope
from models.messages.reply import Status
from models.values.calendar import BUSINESS_ZONE
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.delivery.asking import would_answer
from runtime.delivery.line_hours import require_hours_free

AT_ONCE = frozenset({"hold_placed", "exception_reported", "production_exception"})
"""What stops or warns others is told at once, and not to be taken back here."""
HELD = "held"
_NOT_KEPT = ("form_token", "sure")
_FIRST = Words(
    "{by} 已于 {at} 先办理这一项，即将生效。您的没有记入。",
    "{by} was first and did this at {at}; it is about to take effect. Yours was not taken.",
)


async def hold_act(
    door: Door, caller: Caller, number: str, envelope: Envelope, values: Mapping[str, str], address: str
) -> Said:
    """Hold what somebody says for as long as they may take it back. Raises Refusal for what the order would refuse."""
    envelope = in_stead(caller, envelope)
    await asyncio.to_thread(require_printable_fact, envelope)
    await asyncio.to_thread(
        require_hours_free, door.settings, number, envelope
    )  # also while the server is away
    step, now = values.get("step", ""), datetime.now(UTC)
    await _require_first(door, caller, number, step)
    refused = await _asked(door, number, envelope, await time_of_order(door, number))
    if refused is not None:
        raise refused
    form = {name: value for name, value in values.items() if name not in _NOT_KEPT}
    due = now + timedelta(seconds=door.settings.undo_seconds)
    act: HeldAct = await in_database(hold, door.engine, number, envelope, form, step, address, now, due)
    noted = Act(
        at=now, person=caller.author, role=envelope.role.value, address=address,
        act=f"{envelope.kind} {envelope.fact_id}", order_number=number, outcome=HELD,
        acted_for=caller.acts_for,
    )  # fmt: skip
    await in_database(note_act, door.engine, noted)
    return Said(202, {"order": number, "status": HELD, "fact_id": envelope.fact_id, "key": act.key})


async def _require_first(door: Door, caller: Caller, number: str, step: str) -> None:
    """Raises Refusal(already_decided) where another has just done the same step."""
    if not step:
        return
    others: list[HeldAct] = await in_database(held_now, door.engine, order=number)
    first = next((each for each in others if each.step == step and each.person != caller.author), None)
    if first is not None:
        at = first.said_at.astimezone(BUSINESS_ZONE).strftime("%m-%d %H:%M")
        name = door.names.by_id.get(first.person)
        by = Words(name, name) if name else author_words(first.person)
        raise Refusal(Code.ALREADY_DECIDED, _FIRST.filled(by=by, at=at), where="step")


async def _asked(door: Door, number: str, envelope: Envelope, now: datetime) -> Refusal | None:
    """What the order would refuse it with; None where it would take it, or nobody can say."""
    try:
        reply = await door.on_server(
            lambda client: would_answer(client, door.settings, number, envelope, now)
        )
    except Refusal as refusal:
        if refusal.code is not Code.SERVER_UNAVAILABLE:
            raise
        return None
    if reply is None or reply.status is not Status.REFUSED:
        return None
    words = Words(reply.zh, reply.en)
    return Refusal(Code(reply.code), words, where=reply.where, rule=reply.rule, changes=reply.changes)
