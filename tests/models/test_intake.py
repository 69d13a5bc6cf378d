"""What comes before the sheet: completeness, reality, contract, price, feasibility, dates, approval (R10 to R28)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.values.vocabulary import Ending, Headline, PhaseName, Role
from tests.models.life import MONDAY, Life, line, refused, start
from workflows.procedure import begin

CONTRACT = {
    "reference": "HT-1",
    "payment_terms": "deposit",
    "deposit_percent": "40",
    "delivery_methods": ["freight"],
}


def test_number_and_receipt_are_told_at_once() -> None:
    """R10, R13: and how long the sheet will take."""
    life = Life()
    assert life.papers("receipt") == ["order 20270301-0001 was taken in"]
    assert life.papers("waiting_time") == ["the confirmation sheet takes up to 56 hours"]
    assert life.entries(EntryKind.PLACED)[0].rule == "R10"


@pytest.mark.parametrize(
    ("missing", "asked"),
    [
        ({"consignee": ""}, "consignee"),
        ({"payment_terms": None}, "payment terms"),
        ({"lines": [line(1), line(2, unit_price=None)]}, "line 2: unit price"),
        ({"lines": [line(1, specification="")]}, "line 1: specification"),
        ({"unclear": ["label"]}, "label"),
    ],
)
def test_a_missing_or_unclear_field_opens_a_question(missing: dict[str, Any], asked: str) -> None:
    """R11, R12: item by item against the fields of the sheet; the order waits."""
    life = Life(**missing)
    assert life.waiting == {"details"}
    assert life.order.headline is Headline.INCOMPLETE
    assert life.papers("question") == [f"please complete or clarify: {asked}"]


def test_pick_up_needs_no_address() -> None:
    assert Life(delivery_method="pick_up", address="").order.phase is PhaseName.VERIFICATION


def test_the_answer_lets_the_order_go_on() -> None:
    life = Life(packing="", unclear=["label"])
    life.does("details_completed", changes={"packing": "散装"}, clarified=["label"])
    assert life.order.phase is PhaseName.VERIFICATION
    assert life.order.request.packing == "散装"


def test_details_name_lines_that_exist() -> None:
    refused(Life(packing="").tell("details_completed", changes={"lines": [{"line": 7}]}), "unknown_line")


def test_once_confirmed_a_change_is_an_amendment() -> None:
    """R83"""
    refused(Life().confirmed().tell("details_completed", changes={"packing": "x"}), "too_late")


def test_a_phone_order_is_read_back() -> None:
    """R18"""
    life = Life(channel="phone")
    assert life.waiting == {"read_back"}
    life.does("contact_logged", channel="phone", words="随便聊聊")
    assert life.waiting == {"read_back"}
    life.does("contact_logged", channel="phone", topic="read_back", words="复述无误")
    assert life.order.phase is PhaseName.VERIFICATION
    assert Life(channel="phone", read_back=True).order.phase is PhaseName.VERIFICATION


def test_word_of_mouth_will_do_and_the_written_order_is_owed() -> None:
    """R12"""
    life = Life(channel="salesperson", in_writing=False)
    assert "written_order" in life.waiting
    assert life.order.phase is PhaseName.VERIFICATION
    life.does("document_supplied", role=Role.SALESPERSON, document="written_order", reference="W-1")
    assert "written_order" not in life.waiting


def test_customer_data_are_verified_as_real() -> None:
    """R17: complete is not enough, and who verified is kept."""
    life = Life(customer={"verified_by": ""})
    assert life.waiting == {"decision:customer_data"}
    life.decide(Subject.CUSTOMER_DATA, "not_real")
    assert life.waiting == {"details"}
    life.does("details_completed", changes={"phone": "0755-5550000"})
    assert life.waiting == {"decision:customer_data"}
    life.decide(Subject.CUSTOMER_DATA, "real")
    assert life.order.phase is PhaseName.VERIFICATION
    asked = life.order.decision(Subject.CUSTOMER_DATA)
    assert asked is not None
    assert asked.answers[0].by == "service_clerk-1"


@pytest.mark.parametrize(
    ("customer", "changes", "deviates"),
    [
        ({}, {"payment_terms": "on_account"}, True),
        ({}, {"payment_terms": "prepaid"}, False),
        ({"customer_class": "A"}, {"payment_terms": "on_account"}, False),
        ({"contract": CONTRACT}, {}, True),
        ({"contract": CONTRACT}, {"deposit_percent": "40"}, False),
        ({"contract": CONTRACT}, {"payment_terms": "prepaid"}, False),
        ({"contract": CONTRACT}, {"deposit_percent": "50", "delivery_method": "courier"}, True),
        ({"contract": {**CONTRACT, "payment_terms": "on_account"}}, {"deposit_percent": "40"}, False),
        ({"contract": {**CONTRACT, "payment_terms": "prepaid"}}, {"deposit_percent": "40"}, True),
        ({"contract": {**CONTRACT, "delivery_methods": []}}, {"deposit_percent": "40"}, False),
    ],
)
def test_terms_easier_than_the_contract_need_legal_and_finance(
    customer: dict[str, Any], changes: dict[str, Any], deviates: bool
) -> None:
    """R15, R28"""
    assert ("decision:contract" in Life(customer=customer, **changes).waiting) is deviates


def test_the_contract_is_approved_by_two_persons_or_the_terms_change() -> None:
    """R28"""
    life = Life(payment_terms="on_account")
    refused(life.answer(Subject.CONTRACT, "approve", role=Role.LEGAL, by="service_clerk-1"), "same_person")
    life.decide(Subject.CONTRACT, "approve")
    assert life.order.phase is PhaseName.VERIFICATION
    life = Life(payment_terms="on_account")
    life.answer(Subject.CONTRACT, "refuse", role=Role.FINANCE)
    assert life.waiting == {"details"}
    life.does("details_completed", changes={"payment_terms": "deposit"})
    assert life.order.phase is PhaseName.VERIFICATION


def test_a_price_difference_waits_for_the_right_price() -> None:
    """R20: told to salesperson, supervisor and director; who settled it is kept."""
    life = Life()
    assert "decision:price:1" not in life.waiting
    life = Life(listed={"list_price": "4.80"})
    assert "decision:price:1" in life.waiting
    assert life.papers("price_difference") == ["line 1: price 5.00 differs from 4.80"]
    refused(life.answer(Subject.PRICE, "settled", by="service_clerk-1", unit_price="4.80"), "same_person")
    life.decide(Subject.PRICE, "settled", line=1, unit_price="4.80", specification="80mm×90m")
    assert life.order.request.lines[0].unit_price is not None
    assert str(life.order.request.total) == "4800.00"
    assert life.order.request.lines[0].specification == "80mm×90m"
    assert "decision:price:1" not in life.waiting


@pytest.mark.parametrize(
    ("listed", "differs"),
    [
        ({}, None),
        ({"product": "TP-57"}, "-"),
        ({"list_price": None}, "-"),
        ({"list_price": "5.01"}, "5.01"),
        ({"specification": "57mm×50m"}, "57mm×50m"),
        ({"specification": ""}, None),
        ({"past_price": "4.90", "past_traded_on": "2026-06-01"}, "4.90"),
        ({"past_price": "4.90", "past_traded_on": "2025-06-01"}, None),
        ({"past_price": "5.00", "past_traded_on": "2026-06-01"}, None),
        ({"unit": "piece"}, "5.00"),
    ],
)
def test_number_specification_and_price_are_compared_with_list_and_past_trades(
    listed: dict[str, Any], differs: str | None
) -> None:
    """R20: a trade before the list in force shows the old price, not a mistake."""
    said = Life(listed=listed).papers("price_difference")
    assert said == ([f"line 1: price 5.00 differs from {differs}"] if differs else [])


def test_a_ream_costs_its_sheets() -> None:
    """R20: the list speaks of its own unit."""
    ream = [line(1, unit="ream", unit_price="60.00")]
    assert not Life(lines=ream, listed={"unit": "sheet", "list_price": "0.12"}).papers("price_difference")
    assert Life(lines=ream, listed={"unit": "sheet", "list_price": "0.13"}).papers("price_difference")


def test_technical_answers_in_writing_with_the_material_note() -> None:
    """R21: a spoken answer is refused."""
    life = Life()
    refused(life.answer(Subject.TECHNICAL, "producible", note=None, material_note="足"), "not_in_writing")
    refused(life.answer(Subject.TECHNICAL, "producible"), "not_in_writing")
    life.decide(Subject.TECHNICAL, "producible", material_note="足")
    assert "decision:production_date:1" in life.waiting


@pytest.mark.parametrize(
    ("detail", "code"),
    [
        ({"clauses_confirmed": False}, "contradiction"),
        ({"finished_date": "2027-03-01"}, "contradiction"),
        ({"production_date": "2027-02-01", "finished_date": "2027-02-02"}, "date_in_past"),
        ({"quantity": "999"}, "contradiction"),
    ],
)
def test_production_names_a_date_that_holds(detail: dict[str, Any], code: str) -> None:
    """R23: every clause, the whole quantity, a date to come."""
    life = Life().decide(Subject.TECHNICAL, "producible", material_note="足")
    usual: dict[str, Any] = {
        "production_date": "2027-03-02",
        "quantity": "1000",
        "finished_date": "2027-03-06",
    }
    refused(life.answer(Subject.PRODUCTION_DATE, "dated", **{**usual, **detail}), code)
    refused(life.answer(Subject.PRODUCTION_DATE, "dated", note=None, **usual), "not_in_writing")


def test_goods_that_cannot_be_made_end_with_an_apology() -> None:
    """R22"""
    life = Life().decide(Subject.TECHNICAL, "not_producible", alternatives="三层纸")
    assert life.papers("apology") == ["line 1 cannot be made, with apologies; offered: 三层纸"]
    life.decide(Subject.OLD_RECIPE, "end")
    assert life.order.ending is Ending.NOT_PRODUCIBLE
    silent = Life().decide(Subject.TECHNICAL, "not_producible")
    assert silent.papers("apology")[0].endswith("the sampling process")


def test_a_customer_who_insists_has_the_old_recipe_looked_at_once() -> None:
    """R22: in writing; technical looks once more, and a second no ends the order."""
    life = Life().decide(Subject.TECHNICAL, "not_producible").decide(Subject.OLD_RECIPE, "insist")
    assert "decision:technical:1" in life.waiting
    life.decide(Subject.TECHNICAL, "not_producible")
    assert life.order.ending is Ending.NOT_PRODUCIBLE


def test_an_order_is_accepted_when_validity_and_capacity_are_confirmed() -> None:
    """R16, R85: no sheet before technical, production and supervisor said yes; the status says where it stands."""
    life = Life()
    assert life.order.headline is Headline.IN_REVIEW
    life.decide(Subject.APPROVAL, "approve").decide(Subject.TECHNICAL, "producible", material_note="足")
    assert (life.order.headline, life.order.sheets) == (Headline.APPROVED, [])
    life.decide(
        Subject.PRODUCTION_DATE,
        "dated",
        production_date=life.day(1).isoformat(),
        quantity="1000",
        finished_date=life.day(5).isoformat(),
    )
    assert life.order.headline is Headline.APPROVED
    assert len(life.order.sheets) == 1


def test_the_promise_is_the_latest_lines_date() -> None:
    """R23, R24"""
    life = Life(lines=[line(1), line(2)])
    for number, finish in ((1, 4), (2, 6)):
        life.decide(Subject.TECHNICAL, "producible", line=number, material_note="足")
        life.decide(
            Subject.PRODUCTION_DATE,
            "dated",
            line=number,
            production_date="2027-03-02",
            quantity="1000",
            finished_date=life.day(finish).isoformat(),
        )
    assert life.promised == life.day(6)


def test_a_later_promise_is_agreed_by_clerk_and_salesperson() -> None:
    """R24: production is held to its own date."""
    life = Life()
    refused(life.answer(Subject.LATER_PROMISE, "confirm", promised="2027-03-09"), "not_asked")
    life.verified()
    refused(life.answer(Subject.LATER_PROMISE, "confirm", promised="2027-03-02"), "contradiction")
    refused(
        life.answer(Subject.LATER_PROMISE, "confirm", promised="2027-03-09", ship_date="2027-03-08"),
        "contradiction",
    )
    life.decide(Subject.LATER_PROMISE, "confirm", promised="2027-03-08", ship_date="2027-03-09")
    assert (life.promised, life.order.promise.production_due) == (life.day(7), life.day(5))
    assert life.order.promise.ship_date == life.day(8)
    life.answer(Subject.LATER_PROMISE, "object")
    assert life.promised == life.day(7)


@pytest.mark.parametrize(("finish", "asked"), [(10, False), (11, True)])
def test_a_ship_date_beyond_ten_days_needs_the_supervisor(finish: int, asked: bool) -> None:
    """R25"""
    life = Life()
    life.verified(finish)
    assert ("decision:ship_date" in life.waiting) is asked


def test_a_refused_ship_date_sends_the_order_back_to_production() -> None:
    """R25"""
    life = Life()
    life.verified(12).decide(Subject.SHIP_DATE, "refuse")
    assert "decision:production_date:1" in life.waiting
    life = Life()
    life.verified(12).decide(Subject.SHIP_DATE, "approve")
    assert life.order.phase is PhaseName.CONFIRMATION


def test_the_window_may_count_working_days() -> None:
    """R25: ten working days from a Monday reach to the Monday after next."""
    policy = {"ship_window": {"count": "working"}}
    assert "decision:ship_date" not in Life(policy=policy).verified(14).waiting
    assert "decision:ship_date" in Life(policy=policy).verified(15).waiting


def test_the_supervisor_approves_or_sends_back() -> None:
    """R28: with the reason; another person than who entered the order."""
    life = Life()
    refused(life.answer(Subject.APPROVAL, "approve", by="service_clerk-1"), "same_person")
    life.decide(Subject.APPROVAL, "send_back", words="单位不对")
    assert "rework_order" in life.waiting
    assert life.order.steps["rework_order"].words.en.endswith("单位不对")
    assert life.order.headline is Headline.INCOMPLETE
    life.does("details_completed", changes={"label": "型号"})
    assert {"decision:approval", "decision:technical:1"} <= life.waiting
    life.decide(Subject.APPROVAL, "approve")
    assert life.order.headline is Headline.APPROVED
    unasked = Life(policy={"approval": {"classes": ["A"]}})
    assert "decision:approval" not in unasked.waiting


def test_an_order_without_answer_hangs_until_it_is_decided() -> None:
    """R19"""
    life = Life()
    life.later(days=15)
    assert life.order.headline is Headline.HANGING
    assert life.papers("hanging_notice") == ["hanging order: nothing for 15 days"]
    life.decide(Subject.HANGING, "keep", until=life.day(40).isoformat())
    assert life.order.headline is not Headline.HANGING
    life.until(MONDAY + timedelta(days=55))
    assert life.order.hanging_since is None
    life.later(days=1)
    assert life.order.hanging_since is not None
    life.does("contact_logged", channel="phone", words="还要")
    assert life.order.hanging_since is None
    life.later(days=16).decide(Subject.HANGING, "close")
    assert life.order.ending is Ending.CLOSED_HANGING
    short = Life()
    short.later(days=16).decide(Subject.HANGING, "keep")
    assert short.order.last_movement == short.now


def test_a_passed_limit_is_overdue_and_then_the_superior_is_told() -> None:
    """R13: owner first, then the owner's superior; an extension is told to the customer."""
    life = Life(packing="")
    life.later(hours=24)
    assert life.order.steps["details"].overdue_at == life.now
    assert life.papers("overdue_notice") == ["overdue: complete or clarify: packing"]
    life.later(hours=24)
    assert life.entries(EntryKind.ESCALATED)[0].data["told"] == ["sales_supervisor-1"]
    later = (life.now + timedelta(days=2)).isoformat()
    refused(life.tell("extension_given", step="nothing", due=later, reason="x"), "contradiction")
    refused(
        life.tell("extension_given", step="details", due=life.now.isoformat(), reason="x"), "date_in_past"
    )
    life.does("extension_given", step="details", due=later, reason="等客户")
    assert life.order.steps["details"].overdue_at is None
    assert life.papers("extension_notice")[0].endswith("等客户")
    life.later(days=2)
    assert len(life.entries(EntryKind.OVERDUE)) == 2


def test_one_letter_names_all_lines_whose_prices_differ() -> None:
    """R20: of many lines the first twenty are named with their figures, the rest is counted."""
    lines = [line(number, unit_price="5.10") for number in range(1, 24)]
    life = Life(lines=lines, listed={"list_price": "4.80"})
    (letter,) = life.papers("price_difference")
    assert letter.startswith("line 1: price 5.10 differs from 4.80; line 2: price 5.10 differs from 4.80; ")
    assert letter.endswith("; line 20: price 5.10 differs from 4.80; and 3 more lines")
    assert len([key for key in life.waiting if key.startswith("decision:price:")]) == 23
    life.decide(Subject.PRICE, "settled", line=1, unit_price="4.80")
    assert len(life.papers("price_difference")) == 1


def test_only_what_is_asked_anew_is_in_another_letter() -> None:
    """R20, R83: a line that is changed to another wrong price has a letter of its own."""
    life = Life(lines=[line(1, unit_price="5.10"), line(2, unit_price="5.10")], listed={"list_price": "4.80"})
    life.does("amendment_requested", changes={"lines": [{"line": 2, "unit_price": "5.20"}]}, reason="?")
    assert life.papers("price_difference")[1:] == ["line 2: price 5.20 differs from 4.80"]


def test_an_order_of_the_first_edition_has_a_letter_for_each_line() -> None:
    """An open order keeps the rules that it began with."""
    first = start(lines=[line(1), line(2)], listed={"list_price": "4.80"}).model_copy(update={"edition": 1})
    order = begin(first, MONDAY)
    letters = [each.en for each in order.unsent if each.paper.value == "price_difference"]
    assert letters == ["line 1: price 5.00 differs from 4.80", "line 2: price 5.00 differs from 4.80"]
