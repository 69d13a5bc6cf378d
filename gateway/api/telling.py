"""Telling orders through the door: what was answered with success survives everything."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from activities.access.acts import Act, note_act, refused_act
from activities.documents.font_signs import require_printable_fact
from activities.facts import pending_facts
from activities.orders.views.order_views import has_ended, recorded_to
from gateway.context import Door, in_database
from models.access import TOLD, Caller, CallerKind
from models.messages.envelope import Envelope
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.amounts_in_texts import amounts_apart
from runtime.delivery.looked_up import with_looked_up
from runtime.delivery.telling import Told, tell_order


class Wait(StrEnum):
    """What a caller wants to wait for before the answer comes (`?wait=`)."""

    ANSWER = "answer"
    """What the order says."""
    RECORDED = "recorded"
    """Until the order database has it as well; `recorded` in the answer says whether it had, in time."""
    NO = "no"
    """Only that it is stored."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer over HTTP: its status code and its JSON body."""

    status: int
    body: dict[str, Any]


_BETWEEN_LOOKS_SECONDS = 0.02
_MOST_LOOKS = 250
"""Five seconds in all: after that the database is in trouble, and the caller is told so."""
_STORED = Words("已存入，稍后转给订单", "stored; the order hears of it later")
_LOST = Words(
    "已存入；订单的流程不在了，由运维恢复后补报",
    "stored; the order's workflow is gone, and an operator brings it back before it hears of it",
)
_UNPLACED = Words(
    "没有这张订单；已保存，由客服查明", "there is no such order; kept, a clerk finds out which is meant"
)


def in_stead(caller: Caller, envelope: Envelope) -> Envelope:
    """What is said, with the absent colleague for whom it is said (R133): the door knows it, and believes nobody else."""
    if envelope.in_stead_of == caller.acts_for:
        return envelope
    return envelope.model_copy(update={"in_stead_of": caller.acts_for})


async def say(
    door: Door,
    caller: Caller,
    order: str,
    envelope: Envelope,
    address: str,
    wait: Wait = Wait.ANSWER,
    *,
    behind: bool | None = None,
) -> Said:
    """Tell the order; what cannot be told now is kept and told later, in order. `behind`: whether a fact for it waits,
    where the caller has looked.

    Raises Refusal: what the order refuses, and database_unavailable where nothing could be kept either.
    """
    envelope = in_stead(caller, envelope)
    await asyncio.to_thread(require_printable_fact, envelope)
    envelope = await asyncio.to_thread(with_looked_up, door.settings, order, envelope)
    if behind is None:
        behind = await in_database(pending_facts.waits, door.engine, order)
    act = Act(
        at=datetime.now(UTC), person=caller.author, role=envelope.role.value, address=address,
        act=f"{envelope.kind} {envelope.fact_id}", order_number=order, outcome=TOLD,
        acted_for=caller.acts_for,
    )  # fmt: skip
    # kept while it is told: just after, the order itself is writing, and one of both would wait for the other
    noting = asyncio.create_task(in_database(note_act, door.engine, act))
    try:
        said = await _said(door, caller, order, envelope, address, wait, behind=behind)
    except Refusal as refusal:
        number = await noting
        await in_database(refused_act, door.engine, number, refusal.code.value)
        raise
    try:
        await noting
    except Refusal:
        door.unnoted.append(act)  # the order has heard it, so the caller hears that
    return said


async def _said(
    door: Door, caller: Caller, order: str, envelope: Envelope, address: str, wait: Wait, *, behind: bool
) -> Said:
    full = await _has_left_too_much(door, caller)
    if wait is Wait.NO or behind or door.server_is_away:
        return await _kept(door, caller, order, envelope, address, full=full)
    if full and await in_database(has_ended, door.engine, order):
        raise door.quotas.no_room_for_steps()
    try:
        told: Told = await door.on_server(
            lambda client: tell_order(client, door.settings, order, envelope, door.patience_seconds)
        )
    except Refusal as refusal:
        if refusal.code is Code.SERVER_UNAVAILABLE:
            return await _kept(door, caller, order, envelope, address, full=full)
        if refusal.code is Code.UNKNOWN_ORDER and caller.kind is CallerKind.SERVICE:
            return await _unplaced(door, caller, order, envelope, address, full=full)
        raise
    if told.refusal is not None:
        if told.late:
            door.quotas.left_a_step(caller.author)
        raise told.refusal
    return await _heard(door, order, envelope, told, wait)


async def _unplaced(
    door: Door, caller: Caller, order: str, envelope: Envelope, address: str, *, full: bool
) -> Said:
    if full:
        raise door.quotas.no_room_for_steps()
    door.quotas.left_a_step(caller.author)
    await in_database(pending_facts.keep_unplaced, door.engine, order, envelope, datetime.now(UTC), address)
    return Said(202, _body(order, envelope, "unplaced", _UNPLACED))


async def _heard(door: Door, order: str, envelope: Envelope, told: Told, wait: Wait) -> Said:
    if told.reply is None:
        return Said(202, _body(order, envelope, "stored", _LOST if told.lost else _STORED))
    body = {"order": order, **told.reply.model_dump(mode="json")}
    body |= {name: amounts_apart(body[name]) for name in ("zh", "en")}
    if wait is not Wait.RECORDED:
        return Said(200, body)
    recorded = await _recorded(door, order, told.reply.sequence)
    return Said(200 if recorded else 202, {**body, "recorded": recorded})


async def _recorded(door: Door, order: str, sequence: int) -> bool:
    """Whether the order database came to hold this journal entry within the time that a caller waits."""
    for _ in range(_MOST_LOOKS):
        if await in_database(recorded_to, door.engine, order) >= sequence:
            return True
        await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
    return False


async def _has_left_too_much(door: Door, caller: Caller) -> bool:
    """Whether a service has left as many open steps at the desk as it may: then nothing is kept that may become one."""
    if caller.kind is not CallerKind.SERVICE:
        return False
    believed = door.quotas.believed(caller.author)
    if believed is not None:
        return believed
    return await in_database(door.quotas.count, door.engine, caller.author)


async def _kept(
    door: Door, caller: Caller, order: str, envelope: Envelope, address: str, *, full: bool
) -> Said:
    if full:
        raise door.quotas.no_room_for_steps()
    await in_database(pending_facts.keep, door.engine, order, envelope, datetime.now(UTC), address)
    door.forward_now()
    return Said(202, _body(order, envelope, "stored", _STORED))


def _body(order: str, envelope: Envelope, status: str, words: Words) -> dict[str, Any]:
    return {"order": order, "status": status, "fact_id": envelope.fact_id, "zh": words.zh, "en": words.en}
