"""From stock 现货 (D9, D19): nothing is made; what is there is reserved, confirmed, picked and shipped."""

from __future__ import annotations

from models.values.vocabulary import PhaseName
from workflows.phases.confirmation import CONFIRMATION_FROM_STOCK
from workflows.phases.goods.delivery import DELIVERY
from workflows.phases.goods.picking import PICKING
from workflows.phases.goods.shipping import SHIPPING
from workflows.phases.intake import INTAKE
from workflows.phases.money.clearance import CLEARANCE
from workflows.phases.money.settlement import SETTLEMENT
from workflows.phases.phase import Phase
from workflows.phases.verification import VERIFICATION_FROM_STOCK

FROM_STOCK: dict[PhaseName, Phase] = {
    PhaseName.INTAKE: INTAKE,
    PhaseName.VERIFICATION: VERIFICATION_FROM_STOCK,
    PhaseName.CONFIRMATION: CONFIRMATION_FROM_STOCK,
    PhaseName.CLEARANCE: CLEARANCE,
    PhaseName.PICKING: PICKING,
    PhaseName.SHIPPING: SHIPPING,
    PhaseName.DELIVERY: DELIVERY,
    PhaseName.SETTLEMENT: SETTLEMENT,
}
"""What each phase does; which phases follow which is the order's kind (`models.order.kinds.kind`)."""
