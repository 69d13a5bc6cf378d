"""One after-sales case as one durable workflow, from the customer's word to the remedy.

What is durable about it stands in `workflows.durable`, what a case is and does in `workflows.aftersales`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from temporalio import workflow
from temporalio.common import SearchAttributeUpdate, TypedSearchAttributes

with workflow.unsafe.imports_passed_through():
    from models.cases.case import Case
    from models.cases.case_request import CaseStart
    from models.cases.facts import CASE_FACTS
    from models.cases.projection import row_tracker, title_of
    from models.cases.replacement import refund_asked, replacement_of
    from models.cases.terms import CaseEnding, Remedy
    from models.dossier.errands import Errand
    from models.values.vocabulary import Language, Words
    from workflows import aftersales
    from workflows.durable import DurableCase
    from workflows.engine import limits
    from workflows.engine.carried_case import CarriedCase, state_digest
    from workflows.engine.durable_kind import DurableKind
    from workflows.engine.fact_signals import with_a_signal_for_each
    from workflows.engine.operator_page import waiting_for, with_commands
    from workflows.engine.plain_markdown import as_text
    from workflows.engine.search_attributes import changed_values, values_of_case
    from workflows.engine.step_list import holding_up, timer_summary
    from workflows.procedure import proof_of

_HEADING = Words(
    "### 售后单 {number} · 订单 {order} · {stage}", "### Case {number} · order {order} · {stage}"
)


class CarriedAfterSales(CarriedCase[Case]):
    """What a case takes into its next run."""

    case: Case

    @property
    def dossier(self) -> Case:
        """The case."""
        return self.case


class CaseOutcome(BaseModel):
    """How a case ended; the digest covers everything it knew in the end."""

    model_config = ConfigDict(frozen=True)

    number: str
    order: str
    ending: CaseEnding | None
    sequence: int
    head: str
    digest: str


def _details(case: Case, deadline: datetime | None) -> str:
    """The operator's page in Chinese and then in English."""
    steps = holding_up(case) if case.lives else []
    shown = with_commands(case, steps)
    pages = []
    for language in Language:
        heading = _HEADING.in_language(language).format(
            number=case.number, order=case.request.order, stage=case.stage.label(language)
        )
        waits = waiting_for(deadline, shown, len(steps) - len(shown), language) if case.lives else []
        pages.append("\n\n".join([heading, as_text(title_of(case.request, case.goods)), *waits]))
    return "\n\n---\n\n".join(pages)


def _attributes(case: Case, known: TypedSearchAttributes) -> list[SearchAttributeUpdate[Any]]:
    wanted = values_of_case(case, f"case_{case.stage.value}", case.customer.customer_class)
    return changed_values(wanted, known)


def _errand(case: Case) -> Errand | None:
    """R142, R144: what came back is worked out, and an exchange is replaced, by themselves."""
    replacement = replacement_of(case)
    if replacement is not None:
        return Errand(f"replace-{case.replacement_tries}", limits.REPLACEMENT_ACTIVITY, replacement)
    refund = refund_asked(case, is_paid=case.remedy is Remedy.REFUND)
    if refund is not None:
        return Errand(f"count-{case.round}", limits.COUNT_ACTIVITY, refund)
    return None


DURABLE: DurableKind[Case] = DurableKind(
    case=aftersales.CASES,
    rows=row_tracker,
    details=_details,
    timer_summary=timer_summary,
    attributes=_attributes,
    weight=lambda case: 1,
    proof=proof_of,
    record=limits.RECORD_CASE_ACTIVITY,
    errand=_errand,
)
"""What makes an after-sales case a durable case of its own."""


@workflow.defn(name="CaseWorkflow")
@with_a_signal_for_each(CASE_FACTS)
class CaseWorkflow(DurableCase[Case]):
    """One case from its opening to its end. Started with `CaseStart`, in later runs with `CarriedAfterSales`."""

    @workflow.init
    def __init__(self, start: CaseStart | CarriedAfterSales) -> None:
        if not isinstance(start, CarriedAfterSales):
            start = CarriedAfterSales(case=aftersales.begin(start, workflow.now()))
        super().__init__(DURABLE, start)

    @workflow.run
    async def run(self, start: CaseStart | CarriedAfterSales) -> CaseOutcome:
        """Live until the case has ended and everything is recorded; its result says how it ended."""
        await self.live()
        case = self._case
        return CaseOutcome(
            number=case.number,
            order=case.request.order,
            ending=case.ending,
            sequence=case.sequence,
            head=case.head,
            digest=state_digest(case),
        )

    @workflow.query(name="case", description="售后单全貌 · the whole case")
    def show_case(self) -> dict[str, Any]:
        """The case as JSON (`models.cases.case.Case`), without what waits to be recorded."""
        return self._case.model_dump(mode="json", exclude={"unsaved", "unsent"})
