"""Shipping 发货 (D20 steps 14–16): notice, transport, read back, gone (R62, R64, R65, R70 to R72)."""

from __future__ import annotations

from datetime import datetime

from models.dossier.open_steps import Need
from models.dossier.step_kinds import StepKind
from models.handlers.dangers import prepaid_limit
from models.messages.goods_contents import DESTINATION
from models.order.goods import Release
from models.order.order import Order
from models.values.calendar import end_of
from models.values.vocabulary import Collection, DeliveryMethod, Role
from workflows.phases.phase import Ahead, Needs, Phase
from workflows.phases.shop.delays import ship_due


def settle(order: Order) -> None:
    """Nothing happens by itself: goods leave when somebody reports it."""


def needs(order: Order) -> Needs:
    """What is still needed before every released lot has left."""
    hours = order.policy.limits.hand_over_hours
    for release in order.releases:
        number = str(release.number)
        values = {"release": number}
        checked = values | {name: getattr(order.request, name) for name in DESTINATION}
        if not release.outstanding:
            continue
        if not release.may_leave:
            yield Need(
                f"shipping_notice:{number}",
                StepKind.SHIPPING_NOTICE,
                (Role.SERVICE_CLERK,),
                "R70",
                hours=hours,
                values=checked,
            )
        if release.collection is Collection.CARRIER and not order.agent_explained:
            yield Need("explain_agent", StepKind.EXPLAIN_AGENT, (Role.SALESPERSON,), "R62", hours=hours)
        arranged = bool(release.carrier) or order.request.delivery_method is DeliveryMethod.PICK_UP
        if not arranged:
            yield Need(
                f"transport:{number}",
                StepKind.TRANSPORT,
                (Role.MATERIAL_CONTROLLER,),
                "R64",
                hours=hours,
                values=values,
            )
        picked = release.picked_at is not None or not order.kind.from_stock
        if release.may_leave and arranged and (picked or not release.read_back_by):
            yield _ready_to_leave(order, release, values)


def _ready_to_leave(order: Order, release: Release, values: dict[str, str]) -> Need:
    if not release.read_back_by:
        return Need(
            f"read_instructions_back:{release.number}",
            StepKind.READ_INSTRUCTIONS_BACK,
            (Role.SHIPPER,),
            "R71",
            hours=order.policy.limits.hand_over_hours,
            values=values,
        )
    return Need(
        f"ship:{release.number}", StepKind.SHIP, (Role.SHIPPER,), "R72", due=ship_by(order), values=values
    )


def ship_by(order: Order) -> datetime:
    """Until when the goods are to leave: the agreed ship date, three days after a small order was prepaid (R38a), or the limit
    of the shop (R125)."""
    if order.kind.sold_online and (due := ship_due(order)) is not None:
        return due
    return end_of(prepaid_limit(order) or order.promise.ship_date or order.today())


def _is_to_leave(order: Order) -> bool:
    return not order.shipments or any(release.outstanding for release in order.releases)


SHIPPING = Phase(
    settle,
    needs,
    ahead=(
        Ahead(StepKind.SHIPPING_NOTICE, _is_to_leave),
        Ahead(
            StepKind.TRANSPORT,
            lambda order: _is_to_leave(order) and order.request.delivery_method is not DeliveryMethod.PICK_UP,
        ),
        Ahead(StepKind.SHIP, _is_to_leave),
    ),
)
