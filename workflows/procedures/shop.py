"""Shop 网店 (D2, D3, D9, D19): reviewed, paid, accepted by the merchant, picked, shipped, received (R39, R122 to R125)."""

from __future__ import annotations

from models.values.vocabulary import PhaseName
from workflows.phases.goods.delivery import DELIVERY
from workflows.phases.goods.shipping import SHIPPING
from workflows.phases.money.settlement import SETTLEMENT
from workflows.phases.phase import Phase
from workflows.phases.shop.merchant import ACCEPTANCE_BY_MERCHANT, PICKING_OF_SHOP
from workflows.phases.shop.payment import PAYMENT
from workflows.phases.shop.review import REVIEW

SHOP: dict[PhaseName, Phase] = {
    PhaseName.INTAKE: REVIEW,
    PhaseName.PAYMENT: PAYMENT,
    PhaseName.MERCHANT_ACCEPTANCE: ACCEPTANCE_BY_MERCHANT,
    PhaseName.PICKING: PICKING_OF_SHOP,
    PhaseName.SHIPPING: SHIPPING,
    PhaseName.DELIVERY: DELIVERY,
    PhaseName.SETTLEMENT: SETTLEMENT,
}
"""What each phase does; which phases follow which is the order's kind (`models.order.kinds.kind`)."""
