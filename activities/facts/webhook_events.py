"""Events of other systems, each taken once: its id, and what it means, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select
from sqlalchemy.exc import IntegrityError

from activities.access.acts import Act, enter_act
from activities.facts import pending_facts
from activities.facts.asked_facts import asked_which, said_of, said_of_text, why_of
from activities.facts.desk_steps import close_step, open_step, was_asked
from activities.facts.event_places import RECEIPT, place_of
from activities.store.database import reading, writing
from models.facts.webhook_events import Understood
from models.facts.whose_step import asked_about
from models.messages.authors import key_author
from models.reports.desk_steps import MOST_SHOWN, DeskStep, DeskStepKind, desk_step, step_key
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Term, Words
from models.writing.printed_figures import moment

_REPLAYED = Words(
    "这条消息已收过（{message}），重放不予接受",
    "this message was taken before ({message}); a replay is refused",
)
_OTHER_CONTENT = Words(
    "编号 {message} 已用于别的内容", "the id {message} was used for another content before"
)


class Taken(Term):
    """What became of an event."""

    TOLD = "stored", "已存入，随即转给订单", "stored; the order hears of it at once"
    UNPLACED = (
        "unplaced",
        "没有这张订单；已保存，由客服查明",
        "there is no such order; kept, a clerk finds out which is meant",
    )
    UNREAD = "unread", "看不懂；已保存，由客服查看", "not understood; kept, a clerk looks at it"
    IGNORED = "ignored", "与订单无关", "nothing to do with orders"
    SCAN = "scan", "扫描件已收下，随即识别", "the scan is kept and will be recognised"
    KNOWN = "known", "已收过", "taken before"


@dataclass(frozen=True, slots=True)
class Message:
    """An event as it came: signed by its sender at `signed_at` (UTC). `digest` is of the signed bytes."""

    sender: str
    message_id: str
    signed_at: datetime
    received_at: datetime
    digest: str
    address: str
    body: dict[str, Any]
    text: str = ""
    """The body as it was signed."""
    facts: frozenset[str] = frozenset()
    """What it may be: the facts of its kind of event, or any that its sender tells."""


def take(engine: Engine, message: Message, meant: Understood | Refusal) -> Taken:
    """Take an event once. The sender's own repetition, signed later, is known; a replay of the same signature is not.

    Raises Refusal (replayed, request_conflict, and those of `database.writing`); then nothing was kept.
    """
    try:
        with writing(engine) as connection:
            if _known(connection, message):
                return Taken.KNOWN
            taken, order = _enter(connection, message, meant)
            _keep_message(connection, message, taken, order)
            _was_taken_after_all(connection, message, taken)
            return taken
    except IntegrityError as twice:
        # the same message came twice at the same moment, and the other one was taken
        raise _refused(_REPLAYED, message, Code.REPLAYED) from twice


def _was_taken_after_all(connection: Connection, message: Message, taken: Taken) -> None:
    """The sender came again with what had been refused: nobody need look at that any more."""
    subject = f"{message.sender}/{message.message_id}"
    refused = [step_key(DeskStepKind.OUT_OF_TIME, f"{subject}/{message.digest[:12]}")]
    if taken is not Taken.UNREAD:
        refused.append(step_key(DeskStepKind.UNREAD_EVENT, subject))
    for key in refused:
        close_step(connection, key, message.received_at, by=key_author(message.sender), resolution="taken")


def _known(connection: Connection, message: Message) -> bool:
    row = _row_of(connection, message)
    if row is None:
        return False
    if row["digest"] != message.digest:
        raise _refused(_OTHER_CONTENT, message, Code.REQUEST_CONFLICT)
    if message.signed_at <= row["signed_at"]:
        raise _refused(_REPLAYED, message, Code.REPLAYED)
    return True


def _row_of(connection: Connection, message: Message) -> RowMapping | None:
    webhooks = table("webhooks")
    of_it = (webhooks.c.sender == message.sender) & (webhooks.c.message_id == message.message_id)
    return connection.execute(select(webhooks).where(of_it)).mappings().one_or_none()


def _refused(words: Words, message: Message, code: Code) -> Refusal:
    return Refusal(code, words.filled(message=message.message_id), where="webhook-id")


def _enter(connection: Connection, message: Message, meant: Understood | Refusal) -> tuple[Taken, str]:
    if isinstance(meant, Refusal):
        open_step(connection, _unread(message, meant))
        return Taken.UNREAD, ""
    if meant.scan:
        return Taken.SCAN, ""
    if meant.envelope is None:
        return Taken.IGNORED, ""
    place = place_of(connection, meant, meant.envelope)
    state = pending_facts.InboxState.WAITING if place.order else pending_facts.InboxState.UNPLACED
    order, event, now = (
        place.order or meant.order or "-",
        f"{message.sender}/{message.message_id}",
        message.received_at,
    )
    pending_facts.enter(connection, order, place.envelope, now, message.address, state, event)
    if not place.order:
        more = {"shipments": place.shipments} if place.shipments else {}
        open_step(connection, asked_which(place.kind, place.envelope, order, now, event, **more))
        return Taken.UNPLACED, ""
    if place.envelope.kind == RECEIPT:
        reference = str(place.envelope.content.get("reference", ""))
        pending_facts.place_returns(connection, place.envelope.by, reference, place.order, now)
    return Taken.TOLD, place.order


# --- what is refused -------------------------------------------------------------------------------------------------


def tell_of_refused(engine: Engine, message: Message, meant: Understood | Refusal, refusal: Refusal) -> None:
    """An authentic event that was answered with an error: its sender may come again with it, or never will, so somebody looks.

    A replay of what was taken is nobody's. Each content is asked about once, also after its step was settled.
    """
    with writing(engine) as connection:
        row = _row_of(connection, message)
        if row is not None and row["digest"] != message.digest:
            step = _about_event(DeskStepKind.CHANGED_EVENT, message, meant)
        elif row is not None:
            return
        elif refusal.code is Code.NOT_SIGNED_IN:
            step = _about_event(DeskStepKind.OUT_OF_TIME, message, meant, signed_at=moment(message.signed_at))
        else:
            step = _unread(message, refusal)
        if not was_asked(connection, step.key):
            open_step(connection, step)


def _unread(message: Message, refusal: Refusal) -> DeskStep:
    return desk_step(
        DeskStepKind.UNREAD_EVENT,
        f"{message.sender}/{message.message_id}",
        message.received_at,
        rule="R47",
        roles=asked_about(message.facts),
        sender=message.sender,
        message=message.message_id,
        received=_shown(message),
        **why_of(refusal),
    )


def _about_event(kind: DeskStepKind, message: Message, meant: Understood | Refusal, **more: str) -> DeskStep:
    envelope = None if isinstance(meant, Refusal) else meant.envelope
    shown = _shown(message)
    said = said_of_text(shown) if envelope is None else said_of(envelope.kind, envelope.content)
    order = "" if isinstance(meant, Refusal) else " ".join(meant.several or (meant.order,))
    return desk_step(
        kind,
        f"{message.sender}/{message.message_id}/{message.digest[:12]}",
        message.received_at,
        rule="R47",
        order=order,
        roles=asked_about(message.facts),
        sender=message.sender,
        message=message.message_id,
        said_zh=said.zh,
        said_en=said.en,
        received=shown,
        **more,
    )


def _shown(message: Message) -> str:
    return message.text[:MOST_SHOWN].replace("\x00", "�")


def _keep_message(connection: Connection, message: Message, taken: Taken, order: str) -> None:
    row = {
        "sender": message.sender,
        "message_id": message.message_id,
        "digest": message.digest,
        "signed_at": message.signed_at,
        "received_at": message.received_at,
        "taken": taken.value,
        # a scan is kept as that, and what says nothing to us is not kept
        "body": None if taken in (Taken.SCAN, Taken.IGNORED) else message.body,
    }
    connection.execute(table("webhooks").insert().values(row))
    act = Act(
        at=message.received_at, person=key_author(message.sender), role=Role.SYSTEM.value, address=message.address,
        act=f"webhook {message.message_id}", order_number=order, outcome=taken.value,
    )  # fmt: skip
    enter_act(connection, act)


def body_of(engine: Engine, sender: str, message_id: str) -> dict[str, Any] | None:
    """An event as it came, where it was about an order or nobody understood it."""
    webhooks = table("webhooks")
    query = select(webhooks.c.body).where(webhooks.c.sender == sender, webhooks.c.message_id == message_id)
    with reading(engine) as connection:
        found: dict[str, Any] | None = connection.scalar(query)
    return found
