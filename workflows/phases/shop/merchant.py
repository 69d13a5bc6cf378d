"""The merchant accepts a paid order or refuses it; then its goods are released, picked and sent (R63, R124, R125)."""

from __future__ import annotations

from models.dossier.decisions import ask
from models.dossier.open_steps import Need
from models.dossier.step_kinds import StepKind
from models.handlers.goods.releases import grant
from models.messages.decision_subjects import Outcome, Subject
from models.order.kinds.shop import is_covered
from models.order.order import Order
from models.values.money import ZERO
from models.values.vocabulary import Collection, Role
from workflows.phases.goods import picking
from workflows.phases.goods.stock import settle_stock, stock_needs
from workflows.phases.money.clearance import ready_goods
from workflows.phases.phase import Ahead, Needs, Phase, decision_needed

GROUND = "paid"
"""The ground of the release of goods that were paid before the merchant accepted the order."""


def settle(order: Order) -> None:
    """R124: the merchant is asked, once it is paid."""
    settle_stock(order)
    if is_covered(order):
        ask(order, Subject.MERCHANT_ACCEPTANCE, {"total": order.total})


def needs(order: Order) -> Needs:
    """The merchant's word; the money again, where it fell."""
    yield from stock_needs(order)
    if not is_covered(order):
        yield Need(
            "prepayment",
            StepKind.PREPAYMENT,
            (Role.CUSTOMER, Role.SALESPERSON),
            "R123",
            hours=order.policy.limits.deposit_hours,
            values={"amount": str(max(order.open_balance, ZERO))},
        )
    yield from decision_needed(order, Subject.MERCHANT_ACCEPTANCE, hours=order.policy.shop.accept_hours)


def settle_picking(order: Order) -> None:
    """What is there, paid and accepted may leave; nobody else releases it."""
    picking.settle(order)
    goods = ready_goods(order)
    if goods and is_covered(order):
        grant(order, goods, GROUND, Collection.NONE, "")


ACCEPTANCE_BY_MERCHANT = Phase(
    settle,
    needs,
    ahead=(
        Ahead(
            Subject.MERCHANT_ACCEPTANCE,
            lambda order: order.outcome(Subject.MERCHANT_ACCEPTANCE) is not Outcome.ACCEPT,
        ),
    ),
)
PICKING_OF_SHOP = Phase(settle_picking, picking.needs, ahead=picking.PICKING.ahead)
