"""For which order an event is: by its number, by the shipment that still waits for it, by who has the receipt. Never a guess."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from activities.facts.pending_facts import InboxState
from models.facts.fact_kinds import FACT_KINDS
from models.facts.webhook_events import FindBy, Understood
from models.messages.envelope import Envelope
from models.reports.desk_steps import DeskStepKind
from models.tables.registry import table
from models.values.receipts import folded

RECEIPT = "payment_received"


@dataclass(frozen=True, slots=True)
class Place:
    """The order, empty where a person must say which; then `kind` is what they are asked, and `shipments` from which."""

    envelope: Envelope
    order: str = ""
    kind: DeskStepKind = DeskStepKind.UNPLACED_FACT
    shipments: str = ""


def place_of(connection: Connection, meant: Understood, envelope: Envelope) -> Place:
    """Where the fact of an event belongs."""
    find_by = meant.rule.find_by
    if find_by is FindBy.TRACKING_NUMBER:
        return _by_waybill(connection, meant.order, envelope)
    if find_by is FindBy.RECEIPT:
        holders = _who_has(connection, str(envelope.content.get("reference", "")))
        if len(holders) == 1:
            return Place(envelope, holders[0])
        if holders:
            return Place(envelope, kind=DeskStepKind.SEVERAL_ORDERS)
    if meant.several:
        return Place(envelope, kind=DeskStepKind.SEVERAL_ORDERS)
    requests = table("requests")
    found = connection.scalar(select(requests.c.number).where(requests.c.number == meant.order))
    return Place(envelope, found or "")


# --- shipments -------------------------------------------------------------------------------------------------------


def _by_waybill(connection: Connection, number: str, envelope: Envelope) -> Place:
    """The shipment that is still on its way: two may have one tracking number, after one another or at the same time (R74)."""
    shipments = table("shipments")
    query = (
        select(shipments)
        .where(shipments.c.tracking_number == number, shipments.c.tracking_number != "")
        .order_by(shipments.c.shipped_at.desc(), shipments.c.order_number, shipments.c.shipment)
    )
    rows = connection.execute(query).mappings().all()
    names_it = "shipment" in FACT_KINDS[envelope.kind].content.model_fields
    waiting = [row for row in rows if _waits_for(row, envelope.kind)]
    if len(waiting) > 1:
        named = ", ".join(f"{row['order_number']}/{row['shipment']}" for row in waiting)
        return Place(envelope, kind=DeskStepKind.SEVERAL_SHIPMENTS, shipments=named)
    # Where none waits for it any more it is of the last one: told once more, or it contradicts what that order knows.
    row = next(iter(waiting or rows), None)
    if row is None:
        return Place(envelope)
    content = {**envelope.content, **({"shipment": row["shipment"]} if names_it else {})}
    return Place(envelope.model_copy(update={"content": content}), row["order_number"])


def _waits_for(row: RowMapping, kind: str) -> bool:
    """Whether this may still happen to a shipment: goods that were signed for or came back neither travel nor arrive."""
    if row["delivered_at"] is not None or row["returned_at"] is not None:
        return False
    return row["arrived_at"] is None or kind not in ("transit_reported", "arrived")


# --- receipts --------------------------------------------------------------------------------------------------------


def _who_has(connection: Connection, reference: str) -> list[str]:
    """The orders that have this receipt of the bank: by their claim, or as another transfer of the same text.

    Where none has it: that is about to be told it; else where it fell, to which the same return is known.
    """
    text = folded(reference)
    receipts, told = table("bank_receipts"), table("payment_receipts")
    found = set(connection.scalars(select(receipts.c.order_number).where(receipts.c.claim == f"bank:{text}")))
    own: ColumnElement[bool] = told.c.claim.startswith(f"bank:{text} · ", autoescape=True)
    found |= set(connection.scalars(select(told.c.order_number).where(own, told.c.bounced.is_(False))))
    found = found or _about_to_have(connection, text)
    fell = own | (told.c.claim == f"bank:{text}")
    return sorted(found or set(connection.scalars(select(told.c.order_number).where(fell))))


def _about_to_have(connection: Connection, text: str) -> set[str]:
    inbox = table("inbox")
    waiting = select(inbox.c.order_number, inbox.c.envelope).where(inbox.c.state == InboxState.WAITING.value)
    return {
        row.order_number
        for row in connection.execute(waiting).all()
        if row.envelope.get("kind") == RECEIPT
        and folded(str(row.envelope.get("content", {}).get("reference", ""))) == text
    }
