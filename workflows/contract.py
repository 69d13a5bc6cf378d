"""One contract as one durable workflow, from its first draft to its end.

What is durable about it stands in `workflows.durable`, what a contract is and does in `workflows.contracting`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from temporalio import workflow
from temporalio.common import SearchAttributeUpdate, TypedSearchAttributes

with workflow.unsafe.imports_passed_through():
    from models.contracts.contract import OrderContract
    from models.contracts.contract_request import ContractStart
    from models.contracts.facts import CONTRACT_FACTS
    from models.contracts.order_news import news_of
    from models.contracts.projection import row_tracker, title_of
    from models.contracts.terms import ContractEnding
    from models.dossier.errands import Errand
    from models.values.vocabulary import Language, Words
    from workflows import contracting
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
    "### 合同 {number} · 订单 {order} · {stage}", "### Contract {number} · order {order} · {stage}"
)


class CarriedContract(CarriedCase[OrderContract]):
    """What a contract takes into its next run."""

    contract: OrderContract

    @property
    def dossier(self) -> OrderContract:
        """The contract."""
        return self.contract


class ContractOutcome(BaseModel):
    """How a contract ended; the digest covers everything it knew in the end."""

    model_config = ConfigDict(frozen=True)

    number: str
    order: str
    ending: ContractEnding | None
    sequence: int
    head: str
    digest: str


def _details(contract: OrderContract, deadline: datetime | None) -> str:
    """The operator's page in Chinese and then in English."""
    steps = holding_up(contract) if contract.lives else []
    shown = with_commands(contract, steps)
    pages = []
    for language in Language:
        heading = _HEADING.in_language(language).format(
            number=contract.number, order=contract.request.order, stage=contract.stage.label(language)
        )
        waits = waiting_for(deadline, shown, len(steps) - len(shown), language) if contract.lives else []
        pages.append("\n\n".join([heading, as_text(title_of(contract.request)), *waits]))
    return "\n\n---\n\n".join(pages)


def _attributes(contract: OrderContract, known: TypedSearchAttributes) -> list[SearchAttributeUpdate[Any]]:
    wanted = values_of_case(contract, f"contract_{contract.stage.value}", contract.customer.customer_class)
    return changed_values(wanted, known)


def _errand(contract: OrderContract) -> Errand | None:
    """R107: the order hears by itself how its contract stands."""
    news = news_of(contract)
    return Errand(f"order-{news.key}", limits.ORDER_NEWS_ACTIVITY, news) if news is not None else None


DURABLE: DurableKind[OrderContract] = DurableKind(
    case=contracting.CONTRACTS,
    rows=row_tracker,
    details=_details,
    timer_summary=timer_summary,
    attributes=_attributes,
    weight=lambda contract: len(contract.request.terms.lines),
    proof=proof_of,
    record=limits.RECORD_CASE_ACTIVITY,
    errand=_errand,
)
"""What makes a contract a durable case of its own."""


@workflow.defn(name="ContractWorkflow")
@with_a_signal_for_each(CONTRACT_FACTS)
class ContractWorkflow(DurableCase[OrderContract]):
    """One contract from its first draft to its end. Started with `ContractStart`, in later runs with `CarriedContract`."""

    @workflow.init
    def __init__(self, start: ContractStart | CarriedContract) -> None:
        if not isinstance(start, CarriedContract):
            start = CarriedContract(contract=contracting.begin(start, workflow.now()))
        super().__init__(DURABLE, start)

    @workflow.run
    async def run(self, start: ContractStart | CarriedContract) -> ContractOutcome:
        """Live until the contract has ended and everything is recorded; its result says how it ended."""
        await self.live()
        contract = self._case
        return ContractOutcome(
            number=contract.number,
            order=contract.request.order,
            ending=contract.ending,
            sequence=contract.sequence,
            head=contract.head,
            digest=state_digest(contract),
        )

    @workflow.query(name="contract", description="合同全貌 · the whole contract")
    def show_contract(self) -> dict[str, Any]:
        """The contract as JSON (`models.contracts.contract.OrderContract`), without what waits to be recorded."""
        return self._case.model_dump(mode="json", exclude={"unsaved", "unsent"})
