"""Whether a message is signed by whoever it says has said it; one that is not becomes a step of the desk (`models.messages.signatures`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from activities.access.api_keys import caller_of
from activities.facts.desk_steps import open_step
from models.dossier.records.recording import Claim
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION, Envelope, read_envelope
from models.messages.signatures import HOUSE, is_signed, signer_of
from models.reports.desk_steps import DeskStepKind, desk_step
from models.tables.registry import table
from models.values.errors import Refusal
from models.values.vocabulary import Role

HouseKey = Callable[[], bytes]
_MOST_OPEN = 20
"""So many such steps of one order stand open; whoever floods an order fills no inbox, its journal names every message."""
_SHOWN = 300


def unproven(
    connection: Connection, order: str, asked: Sequence[Claim], house_key: HouseKey | None
) -> list[str]:
    """The keys of those whose signature is not good; each is somebody's step now."""
    bad = [
        claim for claim in asked if not _is_proven(connection, order, json.loads(claim.message), house_key)
    ]
    for claim in bad:
        _ask_whose(connection, order, claim)
    return [claim.key for claim in bad]


def _is_proven(connection: Connection, order: str, message: Any, house_key: HouseKey | None) -> bool:
    if not isinstance(message, dict):
        return False
    signer = signer_of(message)
    if signer == HOUSE:
        return house_key is not None and is_signed(message, order, house_key())
    keys = table("api_keys")
    row = connection.execute(select(keys).where(keys.c.key_id == signer)).mappings().one_or_none()
    if row is None or not is_signed(message, order, bytes.fromhex(row["secret_hash"])):
        return False
    try:
        caller = caller_of(connection, row, datetime.now(UTC))
        envelope = read_envelope(message)
        caller.role_for(envelope.kind, envelope.role, _subject_of(envelope))
        # a key sees no more by a signature than by the door
        requests = table("requests")
        customer = connection.scalar(select(requests.c.customer).where(requests.c.number == order))
        caller.require_sight(order, customer or "", "")
    except Refusal:
        return False
    return envelope.by == caller.author


def _subject_of(envelope: Envelope) -> Subject | None:
    if envelope.kind != DECISION:
        return None
    given = envelope.content.get("subject")
    return next((subject for subject in Subject if subject.value == given), None)


def _ask_whose(connection: Connection, order: str, claim: Claim) -> None:
    steps = table("desk_steps")
    of_order = (steps.c.kind == DeskStepKind.UNSIGNED_FACT.value) & (steps.c.order_number == order)
    count = select(func.count()).where(of_order, steps.c.closed_at.is_(None))
    if (connection.scalar(count) or 0) >= _MOST_OPEN:
        return
    step = desk_step(
        DeskStepKind.UNSIGNED_FACT,
        f"{order}/{claim.key}",
        datetime.now(UTC),
        rule="R47",
        order=order,
        roles=(Role.OPERATOR, Role.ADMINISTRATOR, Role.FINANCE),
        given=order,
        said=claim.message[:_SHOWN],
    )
    open_step(connection, step)
