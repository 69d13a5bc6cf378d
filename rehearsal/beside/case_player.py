"""Stories of after-sales cases as they are played: what only a case looks at, and what the house works out (R142, R144)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from temporalio import activity

from models.cases.case import Case
from models.cases.replacement import RefundAsked, ReplacementAsked
from models.cases.returns import at_most, refund_of
from models.dossier.errands import ErrandDone
from models.values.money import ZERO
from models.values.quantity import NOTHING
from rehearsal.beside import on_model
from rehearsal.beside.case_story import CaseMove, CaseScript
from rehearsal.beside.kind import Look, Outside, StoryKind
from rehearsal.beside.order_desk import OrderDesk
from rehearsal.beside.played import Played
from workflows import aftersales
from workflows.aftersales_case import DURABLE, CarriedAfterSales
from workflows.engine.limits import COUNT_ACTIVITY, REPLACEMENT_ACTIVITY

PlayedCase = Played[Case, CaseScript]


def _looks(move: CaseMove, case: Case) -> Iterator[Look]:
    expected = move.expected
    if expected is None:
        return
    yield "held", expected.held, case.held
    yield "value", expected.value, case.returned_value
    yield "payable", expected.payable, sum((each.payable for each in case.counted), ZERO)
    yield "difference", expected.difference, case.difference


class OrderOfStory:
    """The order of one case, as far as the case asks about it: what of its line came back, and what money is left."""

    def __init__(self, script: CaseScript) -> None:
        goods, before = script.start.goods, script.story.before
        self._received: Decimal = goods.received if goods is not None else NOTHING
        self._returned, self._money = before.returned, before.money
        self._counted: dict[int, ErrandDone] = {}
        self.desk = OrderDesk(script.begins, script.story.not_made)

    def count(self, asked: RefundAsked) -> ErrandDone:
        """What came back is worth so much, and so much of it can be paid; asked again it says the same (R142)."""
        if asked.round not in self._counted:
            self._counted[asked.round] = self._count(asked)
        return self._counted[asked.round]

    def _count(self, asked: RefundAsked) -> ErrandDone:
        kept, left = self._received - self._returned, self._money if asked.is_paid else ZERO
        if asked.amount is not None:
            after, value, payable = kept, asked.amount, at_most(asked.amount, left)
        else:
            figures = refund_of(asked.unit_price, kept, asked.quantity, left)
            after, value, payable = figures.kept_after, figures.value, figures.payable
        self._returned, self._money = self._received - after, self._money - payable
        said = {
            "kept_before": f"{kept:f}",
            "kept_after": f"{after:f}",
            "value": f"{value:f}",
            "payable": f"{payable:f}",
        }
        return ErrandDone(kind="refund_counted", content=said)


class OrdersOfCases:
    """The orders of cases, where stories are played: what the order database works out is worked out by the same functions."""

    def __init__(self, scripts: Sequence[CaseScript]) -> None:
        self._orders = {each.start.number: OrderOfStory(each) for each in scripts}

    @activity.defn(name=REPLACEMENT_ACTIVITY)
    def order_replacement(self, asked: ReplacementAsked) -> ErrandDone:
        """In place of the activity that begins real orders (R144)."""
        return self._orders[asked.case].desk.make()

    @activity.defn(name=COUNT_ACTIVITY)
    def count_refund(self, asked: RefundAsked) -> ErrandDone:
        """In place of the activity that counts in the order database (R142)."""
        return self._orders[asked.case].count(asked)


def _outside(scripts: Sequence[CaseScript]) -> Outside:
    orders = OrdersOfCases(scripts)
    return {REPLACEMENT_ACTIVITY: orders.order_replacement, COUNT_ACTIVITY: orders.count_refund}


CASES: StoryKind[Case, CaseScript] = StoryKind(
    word="case",
    durable=DURABLE,
    dossier=Case,
    begin=aftersales.begin,
    carried=lambda case, events: CarriedAfterSales(case=case, continue_after_events=events),
    stage=lambda case: case.stage,
    ending=lambda case: case.ending,
    looks=_looks,
    outside=_outside,
)
"""What makes a story of an after-sales case one of its own."""


def play_case(script: CaseScript) -> PlayedCase:
    """The story on the pure model."""
    return on_model.play(CASES, script)
