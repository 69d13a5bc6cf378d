"""The order database as the commands use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from models.dossier.journal import JournalEntry
from models.request.order_start import OrderStart
from models.request.start_limits import require_startable
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.quantity import NOTHING
from runtime.databases import engine_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from activities.documents.printed_papers import Entered
    from models.reports.report import ReportKind
    from rehearsal.expectation import DuePaper
    from rehearsal.printed_page import PrintedPage
    from rehearsal.script import Receiving, Script, Stocking
    from rehearsal.stand_ins.receipts_of_stories import Told
    from rehearsal.story import Company
    from runtime.settings import Settings


_STORIES = "stories"
"""By whom the warehouse of a story is worked."""


def import_company(settings: Settings, company: Company) -> None:
    """Enter customers, prices and staff of the stories' company. Doing it again changes nothing."""
    from activities.store import imports

    engine = engine_of(settings)
    fields = set(imports.CustomerRow.model_fields)
    imports.import_customers(
        engine,
        [imports.CustomerRow.model_validate(each.model_dump(include=fields)) for each in company.customers],
    )
    imports.import_prices(
        engine,
        [
            imports.PriceRow.model_validate(
                {**each.model_dump(exclude={"product_name"}), "name": each.product_name}
            )
            for each in company.prices
        ],
    )
    imports.import_staff(
        engine, [imports.StaffRow.model_validate(each.model_dump()) for each in company.staff]
    )


class StoryDesk:
    """The order database of a rehearsal: numbers its orders and gives back their journals."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine = engine_of(settings)

    def open(self, script: Script) -> OrderStart:
        """Number the story's order and keep its request."""
        from activities.orders.requests import open_request

        start, _ = open_request(self.engine, script.request, script.start, script.policy)
        # the story's own customer, prices and people: another story's trade or load must not change what this one sees
        own = {"customer": script.customer, "references": script.references, "staff": script.staff}
        also = {"calendar": script.calendar or start.calendar, "sample_credit": script.story.sample_credit}
        told = start.model_copy(update={**own, **also})
        require_startable(told)
        return told

    def journal(self, number: str) -> list[JournalEntry]:
        """The journal as recorded so far."""
        from activities.orders.views.order_views import journal_of

        return journal_of(self.engine, number)

    def papers(self, number: str, *, printed: bool = False) -> list[DuePaper]:
        """The order's papers and notices as the outbox has them; `printed`: what can be printed is, before."""
        from activities.documents.printed_papers import entered
        from rehearsal.expectation import DuePaper
        from runtime.worker.paperwork import build_press

        if printed:
            build_press(self.settings).print_due(number)
        return [
            DuePaper(each.paper, tuple(each.roles), each.rule, f"{each.zh} {each.en}", self._page(each))
            for each in entered(self.engine, number)
        ]

    def _page(self, entered: Entered) -> PrintedPage | None:
        from activities.documents.document_store import PDF, DocumentStore
        from models.dossier.papers_due import Paper
        from rehearsal.printed_page import PrintedPage

        if entered.content is None:
            return None
        store = DocumentStore(self.settings.documents)
        pdf = store.read(f"{entered.document}{PDF}") if entered.document else None
        paper = next(paper for paper in Paper if paper.value == entered.paper)
        return PrintedPage(paper, entered.content, pdf, self.settings.templates)

    def report(self, kind: ReportKind, day: date) -> str:
        """A report as it reads for the day it was due; empty where none was due."""
        from activities.reports.report_maker import report_due

        found = report_due(self.engine, kind, day)
        return found.text(self.settings.language) if found is not None else ""

    def stock(self, script: Script) -> None:
        """So much of each of the story's products can be had, whatever an earlier play left."""
        from activities.stock import stock_lists, warehouse
        from models.stock import desk_acts

        for each in script.story.stock:
            item = stock_lists.stock_item(self.engine, each.product)
            if item is None:
                warehouse.enter_item(self.engine, desk_acts.NewItem(product=each.product, unit=each.unit))
            available = item.available if item is not None else NOTHING
            if each.on_hand != available:
                said = desk_acts.GoodsCorrected(
                    product=each.product, change=each.on_hand - available, reason=script.story.name
                )
                warehouse.correct(self.engine, said, _STORIES, script.start, f"story/{uuid4()}")

        self._offer_batches(script)

    def _offer_batches(self, script: Script) -> None:
        """A batch of its own for each play; what an earlier one left open of the product is completed."""
        from activities.stock import presale, stock_lists, warehouse
        from models.stock import batch_acts, desk_acts
        from rehearsal.stand_ins.batches_of_stories import offered_in

        for each in script.story.batches:
            if stock_lists.stock_item(self.engine, each.product) is None:
                warehouse.enter_item(self.engine, desk_acts.NewItem(product=each.product, unit=each.unit))
            for left in presale.open_batches_of(self.engine, each.product):
                over = batch_acts.BatchCompleted(batch=left.product, sure=True)
                presale.complete_batch(self.engine, over, _STORIES, script.start, f"story/{uuid4()}")
            said = offered_in(script, each, f"{each.product}-{uuid4().hex[:8]}")
            presale.offer_batch(self.engine, said, _STORIES, script.start)

    def _to_batch(self, move: Stocking) -> None:
        from activities.stock import presale
        from models.stock import batch_acts
        from rehearsal.stand_ins.batches_of_stories import acts_of

        do: dict[type, Callable[..., object]] = {
            batch_acts.BatchReceived: presale.receive_batch,
            batch_acts.BatchJudged: presale.inspect_batch,
            batch_acts.BatchDated: presale.date_batch,
            batch_acts.BatchEnlarged: presale.enlarge_batch,
            batch_acts.BatchCompleted: presale.complete_batch,
        }
        batch = presale.newest_batch_of(self.engine, move.stock.product)
        for said in acts_of(move, batch):
            do[type(said)](self.engine, said, _STORIES, move.at, f"story/{uuid4()}")

    def stocked(self, number: str, move: Stocking) -> list[dict[str, Any]]:
        """Let it happen in the warehouse; what this order is to hear, as the forwarder would tell it."""
        from activities.stock import warehouse
        from rehearsal.stand_ins.batches_of_stories import is_of_batch
        from rehearsal.stand_ins.stock_of_stories import act_of

        if is_of_batch(move):
            self._to_batch(move)
            return self._told(number, move)
        act, said = act_of(move)
        do = {"receive": warehouse.receive, "count": warehouse.count, "expect": warehouse.expect}[act]
        do(self.engine, said, _STORIES, move.at, f"story/{uuid4()}")  # type: ignore[operator]
        return self._told(number, move)

    def _told(self, number: str, move: Stocking | Receiving) -> list[dict[str, Any]]:
        from activities.facts import pending_facts

        found = []
        for kept in pending_facts.waiting(self.engine, order=number):
            pending_facts.mark_told(self.engine, kept.number, None, move.at)
            found.append(lasting(kept.envelope))
        return found

    def received(
        self, numbers: Sequence[str], customer: str, move: Receiving
    ) -> tuple[Code | None, list[Told]]:
        """Let finance do something with a receipt; with which code it was refused, and what these orders are to hear."""
        code = self._with_the_receipt(numbers, customer, move)
        return code, [(number, each) for number in numbers for each in self._told(number, move)]

    def _with_the_receipt(self, numbers: Sequence[str], customer: str, move: Receiving) -> Code | None:
        from activities.money import house_receipts
        from activities.money.receipt_lists import find_receipts
        from models.money import receipt_terms as terms
        from rehearsal.stand_ins.receipts_of_stories import parts_of

        said, engine = move.receipt, self.engine
        teller = house_receipts.Teller(_STORIES, move.at, f"story/{uuid4()}")
        reason = terms.ReasonSaid(reason=_STORIES)
        try:
            if said.comes is not None:
                came = terms.ReceiptRecorded(
                    customer=customer, amount=said.comes, reference=said.reference, method=said.method
                )
                house_receipts.record_receipt(engine, came, teller)
                return None
            receipt = find_receipts(engine, said.reference)[0].number
            if said.cleared:
                house_receipts.clear_cheque(engine, receipt, teller)
            elif said.bounced:
                house_receipts.bounce_receipt(engine, receipt, reason, teller)
            elif parts := parts_of(numbers, move):
                house_receipts.allocate(engine, receipt, terms.AllocationAsked(parts=tuple(parts)), teller)
            elif said.moved is not None:
                order = numbers[move.only - 1]
                moved = terms.BalanceMoved(order=order, amount=said.moved, reason=_STORIES)
                house_receipts.move_balance(engine, receipt, moved, teller)
        except Refusal as refusal:
            return Code(refusal.code)
        return None

    def post(self) -> None:
        """Print and send what is due."""
        from runtime.worker.paperwork import build_press
        from runtime.worker.post import post_everything

        build_press(self.settings).print_due()
        post_everything(self.settings)
