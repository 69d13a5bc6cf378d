"""Shipments on their way: which one is meant, and whether it will be in time (R72)."""

from __future__ import annotations

from models.dossier.exceptions import open_exception, own_key
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.envelope import Envelope
from models.order.goods import Shipment
from models.order.order import Order
from models.values.errors import Code, Refusal, TooEarly
from models.values.vocabulary import (
    Role,
    Words,
)


def check_arrival(order: Order, envelope: Envelope, shipment: Shipment) -> None:
    """R72: an expected arrival after the day that the sheet names is an exception, told at once."""
    wanted, expected = order.request.wanted_date, shipment.expected_arrival
    key = own_key(order, f"late-{shipment.shipment}:{expected}", "R72")
    if wanted is None or expected is None or expected <= wanted or key in order.troubles:
        return
    late = Words(
        "预计 {expected} 到货,晚于要货日期 {wanted}", "expected on {expected}, wanted by {wanted}"
    ).filled(expected=expected, wanted=wanted)
    open_exception(
        order,
        key,
        f"{late.zh} · {late.en}",
        order.staff.person(Role.SERVICE_CLERK),
        "R72",
        envelope.happened_at,
        cause="carrier",
    )
    order.note(EntryKind.EXCEPTION, key, rule="R72", expected=str(expected), wanted=str(wanted))
    order.intend(
        Paper.EXCEPTION, key, (Role.CUSTOMER, Role.SALESPERSON, Role.SERVICE_CLERK), "R72", reason=late
    )


def known_shipment(order: Order, name: str, rule: str) -> Shipment:
    """The shipment of this name. Raises TooEarly while it may still be sent, Refusal(contradiction) where none can be."""
    shipment = order.find_shipment(name)
    if shipment is None:
        if order.releases:
            raise TooEarly
        raise Refusal(
            Code.CONTRADICTION,
            Words(f"从未发出过货物 {name}", f"shipment {name} was never sent"),
            where="content.shipment",
            rule=rule,
        )
    return shipment
