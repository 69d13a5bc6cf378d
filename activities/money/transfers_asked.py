"""Money that is to go from one order to another is looked at before it is told: the order itself knows no other one (R161)."""

from __future__ import annotations

from sqlalchemy import Engine

from activities.money.receipt_store import receiving_orders
from activities.store.database import reading
from models.money.house_receipt import ReceivingOrder, require_receiving
from models.values.errors import Refusal

WHERE = "content.to"


def require_transferable(engine: Engine, giver: str, to: str, *, wrong_order: bool) -> None:
    """A surplus goes to a living order of the same customer; what was told to the wrong order may be anybody's (R161).

    Raises Refusal (unknown_order, order_ended, other_customer), and those of `reading`. A giver that is not known yet is
    the telling's to judge.
    """
    with reading(engine) as connection:
        known = receiving_orders(connection, [giver, to])
    given_by, receiver = known.get(giver), known.get(to)
    if given_by is None or not to or to == giver:
        return
    customer = receiver.customer if wrong_order and receiver is not None else given_by.customer
    if receiver is not None and not receiver.customer:
        receiver = ReceivingOrder(
            receiver.number, customer, receiver.lives
        )  # numbered, and nothing recorded yet
    try:
        require_receiving(to, receiver, customer, WHERE)
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.words, where=WHERE, rule="R161") from None
