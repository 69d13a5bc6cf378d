"""Sample 样品 (D12, R22): looked into, made, inspected, sent, tried, and settled."""

from __future__ import annotations

from models.values.vocabulary import PhaseName
from workflows.phases.goods.delivery import DELIVERY
from workflows.phases.goods.inspection import INSPECTION
from workflows.phases.intake import INTAKE
from workflows.phases.money.settlement import SETTLEMENT
from workflows.phases.phase import Phase
from workflows.phases.production import PRODUCTION
from workflows.phases.samples import SHIPPING_OF_SAMPLES, TECHNICAL, TRIAL

SAMPLES: dict[PhaseName, Phase] = {
    PhaseName.INTAKE: INTAKE,
    PhaseName.TECHNICAL: TECHNICAL,
    PhaseName.PRODUCTION: PRODUCTION,
    PhaseName.INSPECTION: INSPECTION,
    PhaseName.SHIPPING: SHIPPING_OF_SAMPLES,
    PhaseName.DELIVERY: DELIVERY,
    PhaseName.TRIAL: TRIAL,
    PhaseName.SETTLEMENT: SETTLEMENT,
}
"""What each phase does; which phases follow which is the order's kind (`models.order.kinds.kind`)."""
