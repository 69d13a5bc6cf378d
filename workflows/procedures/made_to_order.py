"""Made to order 订制生产, as the company tells it (D20)."""

from __future__ import annotations

from models.values.vocabulary import PhaseName
from workflows.phases.confirmation import CONFIRMATION
from workflows.phases.goods.delivery import DELIVERY
from workflows.phases.goods.inspection import INSPECTION
from workflows.phases.goods.shipping import SHIPPING
from workflows.phases.intake import INTAKE
from workflows.phases.money.clearance import CLEARANCE
from workflows.phases.money.settlement import SETTLEMENT
from workflows.phases.phase import Phase
from workflows.phases.production import PRODUCTION
from workflows.phases.verification import VERIFICATION

MADE_TO_ORDER: dict[PhaseName, Phase] = {
    PhaseName.INTAKE: INTAKE,
    PhaseName.VERIFICATION: VERIFICATION,
    PhaseName.CONFIRMATION: CONFIRMATION,
    PhaseName.PRODUCTION: PRODUCTION,
    PhaseName.INSPECTION: INSPECTION,
    PhaseName.CLEARANCE: CLEARANCE,
    PhaseName.SHIPPING: SHIPPING,
    PhaseName.DELIVERY: DELIVERY,
    PhaseName.SETTLEMENT: SETTLEMENT,
}
"""What each phase does; which phases follow which is the order's kind (`models.order.kinds.kind`)."""
