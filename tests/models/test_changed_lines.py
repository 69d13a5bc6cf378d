"""R83, lines added and dropped: numbers never used again, a floor at what has left, and who is asked (R84)."""

from __future__ import annotations

from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.order.projection import changed_rows
from models.values.vocabulary import PhaseName, Role
from tests.models.life import Life, heard, line, refused

MORE = {
    "product": "TP-81",
    "specification": "80mm×90m",
    "quantity": "200",
    "unit": "roll",
    "unit_price": "2.50",
}


def amended(life: Life, **changes: Any) -> Life:
    """The change, asked for by the salesperson and accepted."""
    return life.does("amendment_requested", changes=changes, reason="客户要求")


def checked(life: Life, number: int, finish: int, quantity: str = "200") -> Life:
    """Price, recipe and date of one line."""
    if f"decision:price:{number}" in life.waiting:
        life.decide(Subject.PRICE, "settled", line=number, unit_price="2.50")
    life.decide(Subject.TECHNICAL, "producible", line=number, material_note="原纸充足")
    return life.decide(
        Subject.PRODUCTION_DATE, "dated", line=number, production_date=life.day(1).isoformat(), quantity=quantity,
        finished_date=life.day(finish).isoformat(),
    )  # fmt: skip


def part_sent(quantity: str = "400") -> Life:
    """An order of 1,000 rolls, of which some left already."""
    life = Life(partial_delivery=True).in_production().made(quantity, finished=False).passed(quantity)
    life.paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")
    return life.sent()


# --- added -----------------------------------------------------------------------------------------------------------


def test_a_new_line_costs_what_it_costs_and_its_share_of_the_deposit_is_asked_for() -> None:
    """5,000.00 with 1,500.00 deposit, plus 200 × 2.50: 5,500.00, and 150.00 more to be paid before production."""
    life = amended(Life().confirmed(), added_lines=[MORE])
    assert str(life.order.total) == "5500.00"
    checked(life, 2, finish=4).decide(Subject.APPROVAL, "approve").sheet_out(2).signed(2)
    assert str(life.order.deposit_due) == "1650.00"
    assert life.order.steps["deposit"].values == {"amount": "150.00"}
    life.paid("150.00").decide(Subject.THREE_PARTY, "confirm")
    assert life.order.phase is PhaseName.PRODUCTION


def test_a_new_line_is_checked_alone() -> None:
    life = Life(lines=[line(1), line(2)]).confirmed("3000.00")
    amended(life, added_lines=[MORE])
    open_now = {key for key in life.waiting if key.startswith("decision")}
    assert open_now == {"decision:price:3", "decision:technical:3"}
    voided = {entry.subject for entry in life.entries(EntryKind.VOIDED)}
    assert voided == {"approval", "sheet:1", "three_party"}


@pytest.mark.parametrize(("listed", "asked"), [("2.50", False), ("2.60", True)])
def test_a_new_line_is_compared_with_the_price_list_that_was_looked_up_for_it(
    listed: str, asked: bool
) -> None:
    """R20: under whatever number it gets, at once or after production agreed."""
    reference = {
        "line": 1,
        "product": "TP-81",
        "specification": "80mm×90m",
        "unit": "roll",
        "list_price": listed,
    }
    for life in (Life().confirmed(), Life().in_production()):
        life.does("amendment_requested", changes={"added_lines": [MORE]}, reason="x", references=[reference])
        if "decision:amendment" in life.waiting:
            life.decide(Subject.AMENDMENT, "approve")
        assert ("decision:price:2" in life.waiting) is asked
        assert "decision:price:1" not in life.waiting


@pytest.mark.parametrize(("finish", "promised"), [(3, 5), (9, 9)])
def test_the_promise_is_the_later_date(finish: int, promised: int) -> None:
    life = amended(Life().confirmed(), added_lines=[MORE])
    assert checked(life, 2, finish).promised == life.day(promised)


def test_days_that_the_old_line_lost_are_not_given_back_by_a_new_one() -> None:
    """R34"""
    life = Life().verified().sheet_out().later(days=2)
    amended(life, added_lines=[MORE])
    assert checked(life, 2, finish=6).promised == life.day(7)


def test_what_a_new_line_lacks_is_asked_for() -> None:
    """R12: without a unit price there is a question, as with a new order."""
    life = amended(Life().confirmed(), added_lines=[{**MORE, "unit_price": None}])
    assert (life.order.phase, "details" in life.waiting) == (PhaseName.INTAKE, True)
    life.does("details_completed", changes={"lines": [{"line": 2, "unit_price": "2.50"}]})
    assert (life.order.phase, str(life.order.total)) == (PhaseName.VERIFICATION, "5500.00")


def test_a_number_is_never_used_again() -> None:
    life = Life(lines=[line(1), line(2)]).confirmed("3000.00")
    amended(life, dropped_lines=[2])
    again = life.tell("amendment_requested", changes={"added_lines": [{**MORE, "line": 2}]}, reason="x")
    assert refused(again, "contradiction").where == "content.changes.added_lines.0.line"
    refused(
        life.tell("amendment_requested", changes={"added_lines": [{**MORE, "line": 1}]}, reason="x"),
        "contradiction",
    )
    amended(life, added_lines=[MORE, MORE])
    assert [each.line for each in life.order.request.lines] == [1, 3, 4]
    rows = {
        row.key.get("line"): row.values
        for row in changed_rows(life.order, {})[0]
        if row.table == "order_lines"
    }
    assert {number: values.get("dropped", False) for number, values in rows.items()} == {
        1: False, 2: True, 3: False, 4: False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"added_lines": [{**MORE, "quantity": "999999999", "unit_price": "9.99"}] * 2}, "bad_money"),
        ({"lines": [{"line": 1, "unit_price": "99999999999.00"}]}, "bad_money"),
        ({"lines": [{"line": 7, "quantity": "1"}]}, "unknown_line"),
        ({"dropped_lines": [7]}, "unknown_line"),
        ({"added_lines": [MORE] * 200}, "too_large"),
    ],
)  # fmt: skip
def test_a_change_that_no_order_could_be_placed_with_is_refused(changes: dict[str, Any], code: str) -> None:
    """R20: a total beyond every amount, lines that there are not: nothing changes."""
    life = Life().confirmed()
    before = life.order.request
    refused(life.tell("amendment_requested", changes=changes, reason="x"), code)
    assert life.order.request == before


# --- dropped ---------------------------------------------------------------------------------------------------------


def test_with_a_line_goes_whatever_was_asked_about_it() -> None:
    life = Life(lines=[line(1), line(2)]).verified().sheet_out()
    amended(life, dropped_lines=[2])
    voided = {entry.subject for entry in life.entries(EntryKind.VOIDED)}
    assert voided == {"approval", "technical:2", "production_date:2", "sheet:1", "three_party"}
    assert str(life.order.total) == "5000.00"
    assert {key for key in life.waiting if key.startswith("decision")} == {"decision:approval"}


def test_to_drop_every_line_is_to_cancel() -> None:
    """R84: refused, with the way to go."""
    life = Life(lines=[line(1), line(2)]).confirmed("3000.00")
    said = refused(
        life.tell("amendment_requested", changes={"dropped_lines": [1, 2]}, reason="x"), "contradiction"
    )
    assert (said.rule, "cancellation_requested" in said.zh) == ("R84", True)
    amended(life, dropped_lines=[1, 2], added_lines=[MORE])
    assert [each.line for each in life.order.request.lines] == [3]


@pytest.mark.parametrize("order", [("production", "sales_supervisor"), ("sales_supervisor", "production")])
def test_for_goods_that_are_made_production_and_supervisor_are_both_asked(order: tuple[str, str]) -> None:
    life = Life(lines=[line(1), line(2)]).in_production("3000.00").made("300", line=2, finished=False)
    amended(life, dropped_lines=[2])
    assert {"decision:amendment", "decision:dropped_goods"} <= life.waiting
    subjects = {"production": Subject.AMENDMENT, "sales_supervisor": Subject.DROPPED_GOODS}
    for number, role in enumerate(order):
        assert (life.order.line_numbered(2) is None) is False, number
        life.decide(subjects[role], "approve")
    assert life.order.line_numbered(2) is None
    assert not {key for key in life.waiting if "2" in key.split(":")[-1]}


def test_less_than_was_made_is_asked_of_both_and_more_than_was_made_of_production_alone() -> None:
    for quantity, both in (("200", True), ("600", False)):
        life = Life().in_production().made("300", finished=False)
        amended(life, lines=[{"line": 1, "quantity": quantity}])
        assert ("decision:dropped_goods" in life.waiting) is both
        assert "decision:amendment" in life.waiting


@pytest.mark.parametrize("subject", [Subject.AMENDMENT, Subject.DROPPED_GOODS])
def test_one_no_is_enough(subject: Subject) -> None:
    life = Life(lines=[line(1), line(2)]).in_production("3000.00").made("300", line=2, finished=False)
    amended(life, dropped_lines=[2]).decide(subject, "refuse")
    assert life.order.amendment is None
    assert not {"decision:amendment", "decision:dropped_goods"} & life.waiting
    assert life.order.line_numbered(2) is not None


# --- what has left ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "accepted"),
    [
        ({"lines": [{"line": 1, "quantity": "399.999"}]}, False),
        ({"lines": [{"line": 1, "quantity": "400"}]}, True),
        ({"lines": [{"line": 1, "quantity": "1200"}]}, True),
        ({"dropped_lines": [1], "added_lines": [MORE]}, False),
        ({"address": "别处"}, True),
    ],
)
def test_what_has_left_is_the_floor(changes: dict[str, Any], accepted: bool) -> None:
    life = part_sent()
    reply = life.tell("amendment_requested", changes=changes, reason="x")
    if accepted:
        heard(reply)
        assert "decision:amendment" in life.waiting
    else:
        assert refused(reply, "below_shipped").rule == "R83"


def test_what_left_meanwhile_is_the_floor_when_production_agrees() -> None:
    life = Life(partial_delivery=True).in_production().made("400", finished=False).passed("400")
    life.paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")
    amended(life, lines=[{"line": 1, "quantity": "100"}]).sent()
    refused(life.answer(Subject.AMENDMENT, "approve"), "below_shipped")
    life.decide(Subject.AMENDMENT, "refuse")


def test_what_has_left_goes_on_while_the_rest_is_checked_again() -> None:
    """R78, R83: the order is in verification, and the customer signs for the first part."""
    life = amended(part_sent(), address="深圳市宝安区别处 9 号").decide(Subject.AMENDMENT, "approve")
    assert "sheet_back:2" in life.sheet_out(2).waiting
    life.does("arrived", shipment="1")
    assert "collect:1" in life.waiting
    life.does("delivery_receipt", shipment="1", signed_by="王芳", role=Role.CUSTOMER)
    life.signed(2).decide(Subject.THREE_PARTY, "confirm")
    life.does("production_signed", version=2, clerk="service_clerk-1").made("600").passed("600")
    assert life.order.shipments[0].delivered_at is not None


def test_once_everything_left_it_is_too_late() -> None:
    life = Life().shipped()
    reply = refused(life.tell("amendment_requested", changes={"address": "别处"}, reason="x"), "too_late")
    assert reply.zh == "货已全部发出，不能再变更"


# --- limits that a total passes --------------------------------------------------------------------------------------


def test_a_total_that_passes_500_asks_for_the_way_or_no_longer() -> None:
    """R38, R83: 500.00 takes a way; with one line more it is an order like any other, and back."""
    life = Life(lines=[line(1, quantity="100")]).verified()
    life.decide(Subject.SMALL_ORDER, "guaranteed", assessment="老客户").sheet_out()
    assert str(life.order.deposit_due) == "0.00"
    amended(life, lines=[{"line": 1, "unit_price": "5.01"}])
    assert life.order.small_way is None
    life.decide(Subject.PRICE, "settled", unit_price="5.01").decide(Subject.APPROVAL, "approve").sheet_out(2)
    assert (life.order.terms, str(life.order.deposit_due)) == ("deposit", "150.30")
    amended(life, lines=[{"line": 1, "unit_price": "5.00"}]).decide(Subject.APPROVAL, "approve")
    assert "decision:small_order" in life.waiting


def test_more_of_a_finished_line_is_made_when_it_is_ordered() -> None:
    """R41: 1,000 were finished; 1,040 is within 5 %, 1,200 is not."""
    for quantity, again in (("1040", False), ("1200", True)):
        life = Life().in_production().made("1000")
        amended(life, lines=[{"line": 1, "quantity": quantity}]).decide(Subject.AMENDMENT, "approve")
        assert (1 not in life.order.finished_lines) is again


# --- several at once -------------------------------------------------------------------------------------------------


def test_a_second_amendment_joins_the_one_that_waits() -> None:
    """R83: production is asked about both together; what it said to the first alone is stale."""
    life = amended(Life().in_production(), packing="散装")
    amended(life, label="新标签")
    asked = life.order.decision(Subject.AMENDMENT)
    assert asked is not None
    assert asked.version == 2
    assert {"散装", "新标签"} <= set(asked.about_words["changes"].replace("'", '"').split('"'))
    refused(life.answer(Subject.AMENDMENT, "approve", version=1), "stale_version")
    life.decide(Subject.AMENDMENT, "approve")
    assert (life.order.request.packing, life.order.request.label) == ("散装", "新标签")
    assert life.order.request_version == 2


def test_of_a_field_named_twice_the_later_counts_and_the_first_hears_of_it() -> None:
    life = Life(lines=[line(1), line(2)]).in_production("3000.00")
    changes = {"packing": "散装", "lines": [{"line": 2, "quantity": "900", "unit_price": "5.10"}]}
    life.does("amendment_requested", changes=changes, reason="x", role=Role.CUSTOMER)
    assert not life.papers("amendment_overtaken")
    amended(life, lines=[{"line": 2, "quantity": "800"}], label="新标签")
    (told,) = [each for each in life.order.unsent if each.paper.value == "amendment_overtaken"]
    assert told.to == (Role.CUSTOMER,)
    assert "第2行数量" in told.zh
    assert "line 2: quantity" in told.en
    assert "包装" not in told.zh
    life.decide(Subject.AMENDMENT, "approve")
    second = life.order.line_numbered(2)
    assert second is not None
    assert (str(second.quantity), str(second.unit_price)) == ("800.000", "5.10")
    assert (life.order.request.packing, life.order.request.label) == ("散装", "新标签")


def test_who_wanted_a_line_gone_hears_that_it_stays() -> None:
    """R83: a later change of the line brings it back."""
    life = Life(lines=[line(1), line(2)]).in_production("3000.00")
    life.does("amendment_requested", changes={"dropped_lines": [2]}, reason="x", role=Role.CUSTOMER)
    amended(life, lines=[{"line": 1, "quantity": "900"}])
    assert not life.papers("amendment_overtaken"), "another line"
    amended(life, lines=[{"line": 2, "quantity": "800"}])
    (told,) = [each for each in life.order.unsent if each.paper.value == "amendment_overtaken"]
    assert told.to == (Role.CUSTOMER,)
    life.decide(Subject.AMENDMENT, "approve")
    assert {each.line: str(each.quantity) for each in life.order.request.lines} == {
        1: "900.000",
        2: "800.000",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"label": "新标签"},
        {"lines": [{"line": 2, "quantity": "900"}]},
        {"added_lines": [MORE]},
        {"dropped_lines": [2]},
    ],
)
def test_nobody_who_proposed_one_of_them_agrees_to_them(changes: dict[str, Any]) -> None:
    """R83: whatever it was, and whether it was the first or the last one."""
    others: dict[str, Any] = {"packing": "散装"}
    for first in (True, False):
        life = Life(lines=[line(1), line(2)]).in_production("3000.00")
        if not first:
            amended(life, **others)
        life.does(
            "amendment_requested", changes=changes, reason="x", by="production-1", role=Role.MERCHANDISER
        )
        if first:
            amended(life, **others)
        refused(life.answer(Subject.AMENDMENT, "approve"), "same_person")


def test_lines_that_wait_to_be_added_have_numbers_of_their_own() -> None:
    life = amended(Life().in_production(), added_lines=[MORE])
    amended(life, added_lines=[{**MORE, "product": "TP-82"}], lines=[{"line": 2, "quantity": "300"}])
    life.decide(Subject.AMENDMENT, "approve")
    lines = {each.line: (each.product, str(each.quantity)) for each in life.order.request.lines}
    assert lines == {1: ("TP-80", "1000.000"), 2: ("TP-81", "300.000"), 3: ("TP-82", "200.000")}
