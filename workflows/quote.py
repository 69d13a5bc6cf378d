"""One quote as one durable workflow, from the enquiry to its order or its end.

What is durable about it stands in `workflows.durable`, what a quote is and does in `workflows.quoting`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from temporalio import workflow
from temporalio.common import SearchAttributeUpdate, TypedSearchAttributes

with workflow.unsafe.imports_passed_through():
    from models.dossier.errands import Errand
    from models.quotes.facts import QUOTE_FACTS
    from models.quotes.projection import row_tracker, title_of
    from models.quotes.quote import Quote, QuoteEnding
    from models.quotes.quote_request import QuoteStart
    from models.quotes.quoted_order import QuotedOrder, order_of
    from models.values.vocabulary import Language, Words
    from workflows import quoting
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

_HEADING = Words("### 报价 {number} · {stage}", "### Quote {number} · {stage}")


class CarriedQuote(CarriedCase[Quote]):
    """What a quote takes into its next run."""

    quote: Quote

    @property
    def dossier(self) -> Quote:
        """The quote."""
        return self.quote


class QuoteOutcome(BaseModel):
    """How a quote ended; the digest covers everything it knew in the end."""

    model_config = ConfigDict(frozen=True)

    number: str
    ending: QuoteEnding | None
    order: str
    sequence: int
    head: str
    digest: str


def _details(quote: Quote, deadline: datetime | None) -> str:
    """The operator's page in Chinese and then in English."""
    steps = holding_up(quote) if quote.lives else []
    shown = with_commands(quote, steps)
    pages = []
    for language in Language:
        heading = _HEADING.in_language(language).format(
            number=quote.number, stage=quote.stage.label(language)
        )
        waits = waiting_for(deadline, shown, len(steps) - len(shown), language) if quote.lives else []
        pages.append("\n\n".join([heading, as_text(title_of(quote)), *waits]))
    return "\n\n---\n\n".join(pages)


def _attributes(quote: Quote, known: TypedSearchAttributes) -> list[SearchAttributeUpdate[Any]]:
    wanted = values_of_case(quote, f"quote_{quote.stage.value}", quote.customer.customer_class)
    return changed_values(wanted, known)


def _errand(quote: Quote) -> Errand | None:
    """R104: the accepted quote becomes an order by itself."""
    if quote.accepted is None or quote.order or quote.order_trouble is not None:
        return None
    request = order_of(quote)
    if request is None:
        return None
    argument = QuotedOrder(quote=quote.number, request=request)
    return Errand(f"order-{quote.order_tries}", limits.ORDER_ACTIVITY, argument)


DURABLE: DurableKind[Quote] = DurableKind(
    case=quoting.QUOTES,
    rows=row_tracker,
    details=_details,
    timer_summary=timer_summary,
    attributes=_attributes,
    weight=lambda quote: len(quote.request.lines),
    proof=proof_of,
    record=limits.RECORD_CASE_ACTIVITY,
    errand=_errand,
)
"""What makes a quote a durable case of its own."""


@workflow.defn(name="QuoteWorkflow")
@with_a_signal_for_each(QUOTE_FACTS)
class QuoteWorkflow(DurableCase[Quote]):
    """One quote from its enquiry to its end. Started with `QuoteStart`, in later runs with `CarriedQuote`."""

    @workflow.init
    def __init__(self, start: QuoteStart | CarriedQuote) -> None:
        if not isinstance(start, CarriedQuote):
            start = CarriedQuote(quote=quoting.begin(start, workflow.now()))
        super().__init__(DURABLE, start)

    @workflow.run
    async def run(self, start: QuoteStart | CarriedQuote) -> QuoteOutcome:
        """Live until the quote has ended and everything is recorded; its result says how it ended."""
        await self.live()
        quote = self._case
        return QuoteOutcome(
            number=quote.number,
            ending=quote.ending,
            order=quote.order,
            sequence=quote.sequence,
            head=quote.head,
            digest=state_digest(quote),
        )

    @workflow.query(name="quote", description="报价全貌 · the whole quote")
    def show_quote(self) -> dict[str, Any]:
        """The quote as JSON (`models.quotes.quote.Quote`), without what waits to be recorded."""
        return self._case.model_dump(mode="json", exclude={"unsaved", "unsent"})
