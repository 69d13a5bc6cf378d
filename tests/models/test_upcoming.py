"""What comes after what an order waits for now: told from the procedures, at several points of a life."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.messages.decision_subjects import Subject
from models.order.order import Order
from models.values.vocabulary import Fulfilment
from rehearsal.files import read_company, read_story
from rehearsal.pure import play
from rehearsal.script import script_of
from tests.models.life import SIGNER, Life, line
from tests.models.stock_life import StockLife
from workflows import procedure
from workflows.phases.alongside import ALONGSIDE
from workflows.phases.phase import Needs, Phase
from workflows.upcoming import upcoming

STORIES = Path(__file__).resolve().parents[2] / "stories"
TO_THE_CUSTOMER = ["shipping_notice", "transport", "ship", "arrival", "collect_goods"]
MADE_AND_PAID = ["inspect", "enter_warehouse", "balance", "finance_release", *TO_THE_CUSTOMER]
ON_ACCOUNT = {"payment_terms": "on_account", "account_days": 30, "reference": "HT-1"}


def coming(life: Life) -> list[str]:
    """What comes next, by its names on the wire."""
    return [each.what for each in upcoming(life.order)]


def test_a_class_b_order_is_told_its_whole_way_shorter_with_every_step() -> None:
    confirmed = ["sheet_back", "three_party", "hand_over", "produce", *MADE_AND_PAID]
    assert coming(Life()) == [
        "production_date", "check_sheet", "send_sheet", "sheet_back", "deposit", *confirmed[1:],
    ]  # fmt: skip
    assert coming(Life().verified()) == confirmed
    assert coming(Life().verified().sheet_out()) == confirmed[2:]
    assert coming(Life().confirmed()) == ["produce", *MADE_AND_PAID]
    assert coming(Life().in_production()) == MADE_AND_PAID
    assert coming(Life().in_production().made()) == MADE_AND_PAID[1:]
    assert coming(Life().in_warehouse()) == TO_THE_CUSTOMER
    assert coming(Life().shipped()) == ["collect_goods"]
    assert coming(Life().arrived()) == []


def test_what_is_missing_of_an_order_by_phone_comes_before_the_rest() -> None:
    life = Life(packing="", channel="phone")
    assert life.waiting == {"details", "read_back"}
    assert coming(life)[:5] == ["technical", "production_date", "approval", "check_sheet", "send_sheet"]


def test_an_order_from_stock_that_lacks_something_is_told_of_its_price_and_approval() -> None:
    """R20, R28: nobody is asked about the price before the order is whole; where it is the list's nobody will be."""
    assert coming(StockLife(packing=""))[:2] == ["approval", "confirm_order"]
    dearer = StockLife(packing="", listed={"list_price": "4.50"})
    assert coming(dearer)[:3] == ["price", "approval", "confirm_order"]
    dearer.does("details_completed", changes={"packing": "箱"})
    assert (dearer.waiting, coming(dearer)[0]) == ({"decision:price:1"}, "approval")


def test_a_class_a_order_on_account_pays_last_and_nobody_waits_for_its_sheet() -> None:
    life = Life(
        customer={"customer_class": "A", "contract": ON_ACCOUNT},
        payment_terms="on_account",
        deposit_percent=None,
    )
    way = ["hand_over", "produce", "inspect", "enter_warehouse", *TO_THE_CUSTOMER, "account_balance"]
    assert coming(life.verified()) == way
    life.does("sheet_sent", version=1).does("production_signed", version=1, clerk="service_clerk-1")
    assert coming(life) == way[2:]
    life.made().passed()
    assert coming(life) == ["ship", "arrival", "collect_goods", "account_balance"]


def test_a_small_order_chooses_its_way_and_prepaid_has_no_balance() -> None:
    life = Life(lines=[line(1, quantity="100")]).verified()
    assert life.waiting == {"decision:small_order"}
    assert "deposit" in coming(life)
    assert "balance" in coming(life)
    life.decide(Subject.SMALL_ORDER, "prepaid", assessment="老客户")
    assert life.waiting == {"check_sheet:1", "send_sheet:1", "deposit"}
    way = [
        "sheet_back",
        "three_party",
        "hand_over",
        "produce",
        "inspect",
        "enter_warehouse",
        "finance_release",
    ]
    assert coming(life) == [*way, *TO_THE_CUSTOMER]
    # More passed than was ordered: the surplus is to be paid.
    life.sheet_out().signed().paid("500.00").decide(Subject.THREE_PARTY, "confirm")
    life.does("production_signed", version=1, clerk="service_clerk-1")
    assert "balance" not in coming(life)


def test_a_prepaid_order_is_told_the_whole_payment() -> None:
    life = Life(payment_terms="prepaid", deposit_percent=None)
    assert "prepayment" in coming(life)
    assert not {"deposit", "balance"} & set(coming(life))


def test_a_customer_who_picks_up_needs_no_transport() -> None:
    assert "transport" in coming(Life().confirmed())
    assert "transport" not in coming(Life(delivery_method="pick_up", address="").confirmed())


def test_on_hold_it_is_what_comes_when_the_order_goes_on() -> None:
    life = Life().confirmed()
    before = coming(life)
    assert coming(life.does("hold_placed", reason="客户出差")) == before


def test_an_order_that_is_about_to_end_or_has_ended_waits_for_nothing_more() -> None:
    ending = Life().confirmed().does("cancellation_requested", reason="不要了")
    assert ending.waiting == {"decision:deposit_settlement"}
    assert coming(ending) == []
    ended = Life().arrived().does("delivery_receipt", shipment="1", signed_by=SIGNER)
    assert not ended.order.lives
    assert coming(ended) == []


def test_goods_that_are_being_recalled_are_not_foreseen_to_be_collected() -> None:
    life = Life().arrived().later(days=16)
    assert "recall:1" in life.waiting
    assert coming(life) == []


def test_each_is_told_with_its_phase_and_in_both_languages() -> None:
    told = upcoming(Life().in_production().order)
    assert [(each.phase.value, each.words.zh, each.words.en) for each in told[:3]] == [
        ("inspection", "联合检验", "inspection"),
        ("inspection", "入库", "the warehouse"),
        ("clearance", "余款到账", "balance"),
    ]


@pytest.mark.parametrize("story", ["class-b-same-day"])
def test_a_life_costs_few_looks_at_its_phases(story: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """24 facts. Before effects and questions were apart, 324 evaluations acted as they asked; 158 act now."""
    counted: Counter[str] = Counter()

    def counting(phase: Phase) -> Phase:
        def settle(order: Order) -> frozenset[str] | None:
            counted["settle"] += 1
            return phase.settle(order)

        def needs(order: Order) -> Needs:
            counted["needs"] += 1
            return phase.needs(order)

        return replace(phase, settle=settle, needs=needs)

    made = procedure.PROCEDURES[Fulfilment.MAKE_TO_ORDER]
    phases = {name: counting(phase) for name, phase in made.items()}
    monkeypatch.setitem(procedure.PROCEDURES, Fulfilment.MAKE_TO_ORDER, phases)
    monkeypatch.setattr("workflows.procedure.ALONGSIDE", counting(ALONGSIDE))
    script = script_of(
        read_story(STORIES / f"{story}.yaml"), read_company(STORIES), datetime(2026, 12, 1, 1, tzinfo=UTC)
    )
    played = play(script)
    facts = [entry for entry in played.journal if entry.kind == "fact"]
    assert (len(facts), played.differences) == (26, [])
    assert 0 < counted["settle"] <= 185
    assert 0 < counted["needs"] <= 250
