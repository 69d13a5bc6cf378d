"""Events of other systems, each taken once: its id, and what it means, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import IntegrityError

from activities.access.acts import Act, enter_act
from activities.facts import pending_facts
from activities.facts.desk_steps import open_step
from activities.store.database import reading, writing
from models.facts.fact_kinds import FACT_KINDS
from models.facts.webhook_events import FindBy, Understood
from models.messages.authors import key_author
from models.messages.envelope import Envelope
from models.reports.desk_steps import DeskStepKind, desk_step
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Term, Words

_REPLAYED = Words(
    "这条消息已收过({message}),重放不予接受", "this message was taken before ({message}); a replay is refused"
)
_OTHER_CONTENT = Words(
    "编号 {message} 已用于别的内容", "the id {message} was used for another content before"
)


class Taken(Term):
    """What became of an event."""

    TOLD = "stored", "已存入,随即转给订单", "stored; the order hears of it at once"
    UNPLACED = (
        "unplaced",
        "没有这张订单;已保存,由客服查明",
        "there is no such order; kept, a clerk finds out which is meant",
    )
    UNREAD = "unread", "看不懂;已保存,由客服查看", "not understood; kept, a clerk looks at it"
    IGNORED = "ignored", "与订单无关", "nothing to do with orders"
    SCAN = "scan", "扫描件已收下,随即识别", "the scan is kept and will be recognised"
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
            return taken
    except IntegrityError as twice:
        # the same message came twice at the same moment, and the other one was taken
        raise _refused(_REPLAYED, message, Code.REPLAYED) from twice


def _known(connection: Connection, message: Message) -> bool:
    webhooks = table("webhooks")
    query = select(webhooks).where(
        webhooks.c.sender == message.sender, webhooks.c.message_id == message.message_id
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return False
    if row["digest"] != message.digest:
        raise _refused(_OTHER_CONTENT, message, Code.REQUEST_CONFLICT)
    if message.signed_at <= row["signed_at"]:
        raise _refused(_REPLAYED, message, Code.REPLAYED)
    return True


def _refused(words: Words, message: Message, code: Code) -> Refusal:
    return Refusal(code, words.filled(message=message.message_id), where="webhook-id")


def _enter(connection: Connection, message: Message, meant: Understood | Refusal) -> tuple[Taken, str]:
    if isinstance(meant, Refusal):
        _ask(connection, message, meant)
        return Taken.UNREAD, ""
    if meant.scan:
        return Taken.SCAN, ""
    if meant.envelope is None:
        return Taken.IGNORED, ""
    order, envelope = _order_of(connection, meant.order, meant.rule.find_by, meant.envelope)
    state = pending_facts.InboxState.WAITING if order else pending_facts.InboxState.UNPLACED
    pending_facts.enter(
        connection, order or meant.order or "-", envelope, message.received_at, message.address, state
    )
    return (Taken.TOLD, order) if order else (Taken.UNPLACED, "")


def _order_of(connection: Connection, said: str, find_by: FindBy, envelope: Envelope) -> tuple[str, Envelope]:
    """The order that is meant, empty where there is none; a tracking number also names the shipment."""
    if find_by is FindBy.NUMBER:
        requests = table("requests")
        found = connection.scalar(select(requests.c.number).where(requests.c.number == said))
        return found or "", envelope
    shipments = table("shipments")
    query = (
        select(shipments.c.order_number, shipments.c.shipment)
        .where(shipments.c.tracking_number == said, shipments.c.tracking_number != "")
        .order_by(shipments.c.shipped_at.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return "", envelope
    content = dict(envelope.content)
    if "shipment" in FACT_KINDS[envelope.kind].content.model_fields:
        content["shipment"] = row["shipment"]
    return row["order_number"], envelope.model_copy(update={"content": content})


def _ask(connection: Connection, message: Message, refusal: Refusal) -> None:
    step = desk_step(
        DeskStepKind.UNREAD_EVENT,
        f"{message.sender}/{message.message_id}",
        message.received_at,
        rule="R47",
        sender=message.sender,
        message=message.message_id,
        reason_zh=refusal.words.zh,
        reason_en=refusal.words.en,
    )
    open_step(connection, step)


def _keep_message(connection: Connection, message: Message, taken: Taken, order: str) -> None:
    row = {
        "sender": message.sender,
        "message_id": message.message_id,
        "digest": message.digest,
        "signed_at": message.signed_at,
        "received_at": message.received_at,
        "taken": taken.value,
        # what became a fact is kept as that
        "body": message.body if taken is Taken.UNREAD else None,
    }
    connection.execute(table("webhooks").insert().values(row))
    act = Act(
        at=message.received_at, person=key_author(message.sender), role=Role.SYSTEM.value, address=message.address,
        act=f"webhook {message.message_id}", order_number=order, outcome=taken.value,
    )  # fmt: skip
    enter_act(connection, act)


def body_of(engine: Engine, sender: str, message_id: str) -> dict[str, Any] | None:
    """An event that nobody understood, as it came."""
    webhooks = table("webhooks")
    query = select(webhooks.c.body).where(webhooks.c.sender == sender, webhooks.c.message_id == message_id)
    with reading(engine) as connection:
        found: dict[str, Any] | None = connection.scalar(query)
    return found
