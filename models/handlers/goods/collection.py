"""What carriers collect 代收货款: together never more than is owed (R62)."""

from __future__ import annotations

from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.order.order import Order
from models.values.money import ZERO
from models.values.vocabulary import Role

_ARE_TOLD = (Role.LOGISTICS, Role.MATERIAL_CONTROLLER, Role.SALESPERSON, Role.FINANCE, Role.CUSTOMER)


def lower_demands(order: Order) -> None:
    """Where less is owed than carriers are to demand, those on their way demand less, the last one first (R62).

    Money came directly, a payment was found, a bill is smaller now. What a carrier has delivered it has collected: that is
    followed until it is remitted, and what was paid twice is settled (R53). A demand is never raised again.
    """
    demanded = order.to_be_remitted
    if not demanded:  # of most orders no carrier demands anything, and this is asked in every round
        return
    too_much = demanded - max(order.open_balance, ZERO)
    for shipment in reversed(order.shipments):
        if too_much <= 0:
            return
        if not shipment.under_way or shipment.still_to_collect <= 0:
            continue
        before, less = shipment.to_collect, min(too_much, shipment.still_to_collect)
        shipment.to_collect -= less
        too_much -= less
        order.note(
            EntryKind.VOIDED,
            f"collection:{shipment.shipment}",
            rule="R62",
            before=str(before),
            after=str(shipment.to_collect),
        )
        order.intend(
            Paper.COLLECTION_LOWERED,
            f"{shipment.shipment}:{order.sequence}",
            _ARE_TOLD,
            "R62",
            shipment=shipment.shipment,
            before=before,
            after=shipment.to_collect,
        )
