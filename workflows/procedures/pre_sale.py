"""Pre-sale 预售 (D19): sold from a batch before it is there; when it is ready and paid it is picked and shipped (R114)."""

from __future__ import annotations

from models.values.vocabulary import PhaseName
from workflows.phases.confirmation import CONFIRMATION_FROM_STOCK
from workflows.phases.goods.delivery import DELIVERY
from workflows.phases.goods.picking import PICKING_OF_PRE_SALE
from workflows.phases.goods.readiness import READINESS
from workflows.phases.goods.shipping import SHIPPING
from workflows.phases.intake import INTAKE
from workflows.phases.money.clearance import CLEARANCE
from workflows.phases.money.settlement import SETTLEMENT
from workflows.phases.phase import Phase
from workflows.phases.verification import VERIFICATION_FROM_STOCK

PRE_SALE: dict[PhaseName, Phase] = {
    PhaseName.INTAKE: INTAKE,
    PhaseName.VERIFICATION: VERIFICATION_FROM_STOCK,
    PhaseName.CONFIRMATION: CONFIRMATION_FROM_STOCK,
    PhaseName.READINESS: READINESS,
    PhaseName.CLEARANCE: CLEARANCE,
    PhaseName.PICKING: PICKING_OF_PRE_SALE,
    PhaseName.SHIPPING: SHIPPING,
    PhaseName.DELIVERY: DELIVERY,
    PhaseName.SETTLEMENT: SETTLEMENT,
}
"""What each phase does; which phases follow which is the order's kind (`models.order.kinds.kind`)."""
