"""Picking 拣货 (D8, D9): what was released from stock is picked and checked, and what is short is waited for (R63, R112)."""

from __future__ import annotations

from models.dossier.open_steps import Need
from models.dossier.step_kinds import StepKind
from models.order.order import Order
from models.values.vocabulary import Role
from workflows.phases.goods.stock import goods_awaited, settle_stock, stock_needs
from workflows.phases.phase import Ahead, Needs, Phase


def settle(order: Order) -> None:
    """What became short since is reserved anew, or chosen about."""
    settle_stock(order)


def needs(order: Order) -> Needs:
    """What is still to be picked, or to come."""
    yield from stock_needs(order)
    yield from picking_needed(order)
    yield from goods_awaited(order)


def settle_nothing(order: Order) -> None:
    """Of a pre-sale what is short is chosen about while it is made ready (R114)."""


def picking_needed(order: Order) -> Needs:
    """R63: each release is picked."""
    for release in order.releases:
        if release.outstanding and release.picked_at is None:
            yield Need(
                f"pick:{release.papers}",
                StepKind.PICK,
                (Role.WAREHOUSE,),
                "R63",
                hours=order.policy.limits.hand_over_hours,
                values={"release": str(release.number)},
            )


def _is_to_be_picked(order: Order) -> bool:
    return not order.releases or any(
        release.outstanding and release.picked_at is None for release in order.releases
    )


PICKING = Phase(settle, needs, ahead=(Ahead(StepKind.PICK, _is_to_be_picked),))
PICKING_OF_PRE_SALE = Phase(settle_nothing, picking_needed, ahead=(Ahead(StepKind.PICK, _is_to_be_picked),))
