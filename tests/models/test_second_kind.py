"""A second kind of order, in tests only: from stock, without verification, production and inspection.

What the house keeps of an order follows its kind: phases, headlines, where an amendment begins anew, what slips, what
hangs, what customers see. No rule has a list of phases of its own.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from activities.reports import watch_list
from models.dossier.journal import EntryKind
from models.handlers.promise.slip import slips
from models.messages.decision_subjects import Subject
from models.order.goods import Lot
from models.order.headline import headline_of
from models.order.kinds.kind import KINDS, MADE_TO_ORDER, OrderKind
from models.order.order import Order
from models.values.vocabulary import Ending, Fulfilment, Headline, PhaseName, PromiseCause
from tests.models.life import SIGNER, Life, refused
from workflows.phases.confirmation import CONFIRMATION
from workflows.phases.goods.delivery import DELIVERY
from workflows.phases.goods.shipping import SHIPPING
from workflows.phases.intake import INTAKE
from workflows.phases.money.clearance import CLEARANCE
from workflows.phases.money.settlement import SETTLEMENT
from workflows.phases.phase import Phase
from workflows.procedure import PROCEDURES
from workflows.upcoming import upcoming

ROOT = Path(__file__).resolve().parents[2]
FROM_STOCK = OrderKind(
    sequence=(PhaseName.INTAKE, PhaseName.CONFIRMATION),
    side_by_side=(PhaseName.CLEARANCE, PhaseName.SHIPPING, PhaseName.DELIVERY),
    last=PhaseName.SETTLEMENT,
    goes_back_to=PhaseName.INTAKE,
    slips_in=None,
    headlines={
        PhaseName.INTAKE: Headline.INCOMPLETE,
        PhaseName.CONFIRMATION: Headline.IN_WAREHOUSE,
        PhaseName.CLEARANCE: Headline.APPROVED,
        PhaseName.SHIPPING: Headline.AWAITING_SHIPMENT,
        PhaseName.DELIVERY: Headline.SHIPPED,
        PhaseName.SETTLEMENT: Headline.SETTLED,
    },
    before_the_warehouse=(),
    of_the_house=frozenset({PhaseName.CLEARANCE}),
)


def _takes_in(order: Order) -> frozenset[str]:
    """What lies in the warehouse is promised for the next day."""
    answered = INTAKE.settle(order) or frozenset()
    if order.promise.promised is None:
        day = order.today() + timedelta(days=1)
        order.promise.agree(day, day, day, PromiseCause.FIRST, order.clock, order.clock, "")
    return answered


def _picks(order: Order) -> frozenset[str]:
    """What was ordered is taken from the shelf, once."""
    for line in order.request.lines:
        there = line.quantity
        order.lots.setdefault(
            f"{line.line}/shelf",
            Lot(line=line.line, lot="shelf", made=there, passed=there, entered=there),
        )
    return CLEARANCE.settle(order) or frozenset()


STOCK_PHASES: dict[PhaseName, Phase] = {
    PhaseName.INTAKE: Phase(_takes_in, INTAKE.needs, INTAKE.ahead),
    PhaseName.CONFIRMATION: CONFIRMATION,
    PhaseName.CLEARANCE: Phase(_picks, CLEARANCE.needs, CLEARANCE.ahead),
    PhaseName.SHIPPING: SHIPPING,
    PhaseName.DELIVERY: DELIVERY,
    PhaseName.SETTLEMENT: SETTLEMENT,
}


@pytest.fixture
def from_stock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, Fulfilment.MAKE_TO_ORDER, FROM_STOCK)
    monkeypatch.setitem(PROCEDURES, Fulfilment.MAKE_TO_ORDER, STOCK_PHASES)


def to_clearance(life: Life) -> Life:
    """Signed, paid, agreed by three."""
    return life.sheet_out().signed().paid("1500.00").decide(Subject.THREE_PARTY, "confirm")


@pytest.mark.usefixtures("from_stock")
def test_an_order_from_stock_lives_to_its_end_through_its_own_phases() -> None:
    life = to_clearance(Life())
    life.paid("3500.00").decide(Subject.FINANCE_RELEASE, "release").sent()
    life.does("arrived", shipment="1", place="深圳").does("delivery_receipt", shipment="1", signed_by=SIGNER)
    assert life.order.ending is Ending.SETTLED
    phases = [entry.subject for entry in life.entries(EntryKind.PHASE)]
    assert phases == ["confirmation", "clearance", "shipping", "delivery", "settlement"]
    assert life.papers("production_instruction") == []
    asked = {entry.subject for entry in life.entries(EntryKind.ASKED)}
    assert not {"technical:1", "production_date:1", "approval"} & asked


@pytest.mark.usefixtures("from_stock")
def test_an_amendment_goes_back_to_where_the_kind_says_and_details_are_completed_until_then() -> None:
    life = Life().sheet_out()
    assert life.order.phase is PhaseName.CONFIRMATION
    refused(life.tell("details_completed", changes={"packing": "袋"}), "too_late")
    life.does("amendment_requested", changes={"phone": "1", "packing": ""}, reason="客户要求")
    assert life.order.phase is PhaseName.INTAKE
    assert life.waiting == {"details"}
    life.does("details_completed", changes={"packing": "袋"})
    assert life.order.phase is PhaseName.CONFIRMATION
    assert [sheet.version for sheet in life.order.sheets] == [1, 2]
    assert life.waiting == {"check_sheet:2", "send_sheet:2", "deposit"}


@pytest.mark.usefixtures("from_stock")
def test_headlines_come_from_the_kind() -> None:
    life = Life(customer={"customer_class": "A"}, payment_terms="on_account", packing="")
    # In what waits for no step with a headline of its own the kind has the word.
    life.order.steps.clear()
    seen = {}
    for phase in FROM_STOCK.phases:
        life.order.phase = phase
        seen[phase] = headline_of(life.order)
    assert seen == FROM_STOCK.headlines


def test_nothing_slips_where_the_kind_has_no_such_phase(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Life().verified().sheet_out().later(days=3)
    assert made.promised == made.day(5 + 3)
    assert made.causes == ["first", "customer", "customer", "customer"]
    monkeypatch.setitem(KINDS, Fulfilment.MAKE_TO_ORDER, FROM_STOCK)
    monkeypatch.setitem(PROCEDURES, Fulfilment.MAKE_TO_ORDER, STOCK_PHASES)
    shelf = Life().sheet_out().later(days=3)
    assert shelf.promised == shelf.day(1)
    assert not slips(shelf.order)
    slipping = replace(FROM_STOCK, slips_in=PhaseName.CONFIRMATION)
    monkeypatch.setitem(KINDS, Fulfilment.MAKE_TO_ORDER, slipping)
    assert Life().sheet_out().later(days=3).promised == shelf.day(1 + 3)


@pytest.mark.usefixtures("from_stock")
def test_an_order_hangs_in_the_phases_that_its_kind_has_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Life().sheet_out().later(days=31).order.hanging_since is not None
    assert to_clearance(Life()).later(days=31).order.hanging_since is None
    paid_first = replace(
        FROM_STOCK,
        sequence=(*FROM_STOCK.sequence, PhaseName.CLEARANCE),
        side_by_side=FROM_STOCK.side_by_side[1:],
    )
    monkeypatch.setitem(KINDS, Fulfilment.MAKE_TO_ORDER, paid_first)
    assert to_clearance(Life()).later(days=31).order.hanging_since is not None


@pytest.mark.usefixtures("from_stock")
def test_what_comes_next_is_told_of_the_phases_of_the_kind() -> None:
    coming = [(each.phase.value, each.what) for each in upcoming(Life().order)]
    assert coming == [
        ("confirmation", "sheet_back"),
        ("confirmation", "three_party"),
        ("clearance", "balance"),
        ("clearance", "finance_release"),
        ("shipping", "shipping_notice"),
        ("shipping", "transport"),
        ("shipping", "ship"),
        ("delivery", "arrival"),
        ("delivery", "collect_goods"),
    ]


def test_lists_that_people_read_follow_the_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert watch_list._before_the_warehouse() == [
        "confirmation",
        "inspection",
        "production",
        "readiness",
        "service",
    ]
    assert [phase.value for phase in MADE_TO_ORDER.course] == [
        "intake", "verification", "confirmation", "production", "inspection", "clearance", "shipping", "delivery",
        "settlement", "ended",
    ]  # fmt: skip
    assert {phase.value for phase in MADE_TO_ORDER.of_the_house} == {"verification"}
    early = replace(FROM_STOCK, before_the_warehouse=(PhaseName.INTAKE,))
    monkeypatch.setitem(KINDS, Fulfilment.MAKE_TO_ORDER, early)
    monkeypatch.setitem(KINDS, Fulfilment.SERVICE, early)
    monkeypatch.setitem(KINDS, Fulfilment.SAMPLE, early)
    monkeypatch.setitem(KINDS, Fulfilment.PRE_SALE, early)
    assert watch_list._before_the_warehouse() == ["intake"]


AMONG_THE_KINDS = {
    "models/order/kinds/kind.py": "the kinds themselves",
    "workflows/procedures/made_to_order.py": "what the phases of one kind do",
    "workflows/procedures/from_stock.py": "what the phases of another kind do",
    "workflows/procedures/pre_sale.py": "what the phases of a fifth kind do",
    "workflows/procedures/sample.py": "what the phases of a fourth kind do",
    "workflows/procedures/service.py": "what the phases of a third kind do",
    "workflows/procedures/shop.py": "what the phases of a sixth kind do",
}
NAMED_ELSEWHERE = {
    ("models/order/order.py", "INTAKE"): "the value of a field that every order gets anew when it begins",
    (
        "runtime/watch/metrics.py",
        "ENDED",
    ): "what has ended is in no phase: it is not counted among the open ones",
    ("workflows/procedure.py", "ENDED"): "no phase of any kind, but the end of all",
}


def test_no_phase_is_named_outside_the_kinds() -> None:
    found = set()
    for room in ("models", "workflows", "activities", "gateway", "runtime", "commands", "rehearsal"):
        for path in sorted((ROOT / room).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Attribute(value=ast.Name(id="PhaseName"), attr=name):
                        found.add((place, name))
    assert {each for each in found if each[0] not in AMONG_THE_KINDS} == set(NAMED_ELSEWHERE)
