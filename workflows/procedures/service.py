"""Service 服务 (D17): no goods; its dates are named, it is confirmed, given, reported, accepted and settled."""

from __future__ import annotations

from models.values.vocabulary import PhaseName
from workflows.phases.confirmation import CONFIRMATION
from workflows.phases.intake import INTAKE
from workflows.phases.money.settlement import SETTLEMENT
from workflows.phases.phase import Phase
from workflows.phases.service import ACCEPTANCE, SERVICE, VERIFICATION_OF_SERVICE

SERVICES: dict[PhaseName, Phase] = {
    PhaseName.INTAKE: INTAKE,
    PhaseName.VERIFICATION: VERIFICATION_OF_SERVICE,
    PhaseName.CONFIRMATION: CONFIRMATION,
    PhaseName.SERVICE: SERVICE,
    PhaseName.ACCEPTANCE: ACCEPTANCE,
    PhaseName.SETTLEMENT: SETTLEMENT,
}
"""What each phase does; which phases follow which is the order's kind (`models.order.kinds.kind`)."""
