"""One order as one durable workflow, from its first call to its end.

What is durable about it stands in `workflows.durable`, what an order is and does in `workflows.procedure`.
"""

from __future__ import annotations

from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.facts.fact_kinds import FACT_KINDS
    from models.order.order import Order
    from models.order.projection import row_tracker
    from models.request.order_start import OrderStart
    from workflows import procedure
    from workflows.durable import DurableCase
    from workflows.engine.burst_recorder import STORES_DIVERGED
    from workflows.engine.carried import Carried, Outcome, outcome_of
    from workflows.engine.durable_kind import DurableKind
    from workflows.engine.fact_signals import with_a_signal_for_each
    from workflows.engine.operator_page import details
    from workflows.engine.search_attributes import changed_attributes
    from workflows.engine.step_list import timer_summary
    from workflows.phases.shop.errands import errand_of
    from workflows.upcoming import upcoming

__all__ = ["STORES_DIVERGED", "Carried", "OrderWorkflow", "Outcome"]

DURABLE: DurableKind[Order] = DurableKind(
    case=procedure.ORDERS,
    rows=row_tracker,
    details=details,
    timer_summary=timer_summary,
    attributes=changed_attributes,
    weight=lambda order: len(order.request.lines),
    proof=procedure.proof_of,
    claim=procedure.claim_of,
    claimed=procedure.claimed,
    errand=errand_of,
)
"""What makes an order a durable case of its own."""


@workflow.defn(name="OrderWorkflow")
@with_a_signal_for_each(FACT_KINDS)
class OrderWorkflow(DurableCase[Order]):
    """One customer order from its number to its end. Started with `OrderStart`, in later runs with `Carried`."""

    @workflow.init
    def __init__(self, start: OrderStart | Carried) -> None:
        if not isinstance(start, Carried):
            start = Carried(order=procedure.begin(start, workflow.now()))
        super().__init__(DURABLE, start)

    @workflow.run
    async def run(self, start: OrderStart | Carried) -> Outcome:
        """Live until the order has ended and everything is recorded; its result says how it ended."""
        await self.live()
        return outcome_of(self._case)

    @workflow.query(name="order", description="订单全貌 · the whole order")
    def show_order(self) -> dict[str, Any]:
        """The order as JSON (`models.order.order.Order`), without what waits to be recorded."""
        return self._case.model_dump(mode="json", exclude={"unsaved", "unsent"})

    @workflow.query(name="next", description="之后的步骤 · what comes next")
    def show_next(self) -> list[dict[str, str]]:
        """What comes after the open steps, as far as it can be foreseen."""
        return [
            {"phase": each.phase.value, "step": each.what, "zh": each.words.zh, "en": each.words.en}
            for each in upcoming(self._case)
        ]
