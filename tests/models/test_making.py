"""Production and joint inspection, by quantity (R40 to R46)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.handlers.production import still_to_make
from models.messages.decision_subjects import Subject
from models.messages.reply import Reply
from models.values.vocabulary import PhaseName
from tests.models.life import Life, line, refused

CLERK = "service_clerk-1"


def inspect(life: Life, **content: Any) -> Reply:
    """A joint inspection by quality and the clerk."""
    return life.tell("inspection_reported", **{"checked_with": CLERK, **content})


def test_the_instruction_is_signed_for_before_anything_is_made() -> None:
    """R40, R36: what is reported earlier is kept until then."""
    life = Life().confirmed()
    assert life.papers("production_instruction") == ["production instruction version 1, due 2027-03-06"]
    assert life.tell("production_reported", made="1000", finished=True).status.value == "kept_early"
    assert life.order.lots == {}
    life.does("production_signed", version=1, clerk=CLERK)
    assert life.order.lots["1/1"].made == 1000
    assert life.order.phase is PhaseName.INSPECTION


def test_the_daily_report_adds_up() -> None:
    """R41"""
    life = Life().in_production().made("300", finished=False)
    assert life.order.steps["produce:1"].words.en == "produce line 1, 700.000 roll to go"
    life.does("production_reported", made="700", scrap="12", by="production-2", finished=True)
    lot = life.order.lots["1/1"]
    assert (lot.made, lot.scrap_in_production) == (1000, 12)
    assert lot.produced_by == ["production-1", "production-2"]
    assert still_to_make(life.order, 1) == 0
    assert still_to_make(life.order, 9) == 0


def test_a_report_that_only_says_finished_makes_no_lot() -> None:
    life = Life().in_production().does("production_reported", finished=True)
    assert life.order.lots == {}
    assert "decision:tolerance:1" in life.waiting


def test_lines_that_do_not_exist_are_refused() -> None:
    life = Life().in_production()
    refused(life.tell("production_reported", line=7, made="1"), "unknown_line")
    refused(life.tell("warehouse_entered", line=7, quantity="1"), "unknown_line")
    refused(inspect(life, line=7, passed="1"), "unknown_line")


def test_one_report_passes_some_sends_some_to_rework_and_scraps_some() -> None:
    """R43: 80 passed, 15 to rework, 5 scrapped; rework is inspected again; the promise is looked at again."""
    life = Life(lines=[line(1, quantity="100")], deposit_percent="30").verified()
    life.decide(Subject.SMALL_ORDER, "deposit", assessment="-").sheet_out().signed().paid("150.00")
    life.decide(Subject.THREE_PARTY, "confirm").does("production_signed", version=1, clerk=CLERK)
    life.made("100")
    life.does(
        "inspection_reported", passed="80", to_rework="15", scrapped="5", checked_with=CLERK, reasons="色差"
    )
    lot = life.order.lots["1/1"]
    assert (lot.passed, lot.rework, lot.scrapped, lot.uninspected) == (80, 15, 5, 15)
    assert {"enter:1/1", "inspect:1/1/1", "recheck:1"} <= life.waiting
    life.does("warehouse_entered", quantity="80")
    life.does("inspection_reported", passed="15", checked_with=CLERK)
    assert "recheck:1" not in life.waiting
    life.does("warehouse_entered", quantity="15", place="A-3")
    assert life.order.passed(1) == 95
    assert lot.place == "A-3"
    assert "decision:tolerance:1" not in life.waiting
    assert str(life.order.bill) == "475.00"
    assert [each.number for each in life.order.inspections] == [1, 2]


@pytest.mark.parametrize(
    ("reports", "rework"),
    [
        ((("900", "100"),), "100"),
        ((("900", "100"), ("60", "40")), "40"),
        ((("900", "100"), ("0", "100")), "100"),
        ((("300", "100"), ("550", "50")), "150"),
        ((("300", "100"), ("600", "0")), "100"),
        ((("300", "100"), ("640", "0")), "60"),
        ((("300", "100"), ("400", "20"), ("150", "50")), "150"),
    ],
)
def test_what_is_in_rework_is_what_went_back_and_was_not_seen_again(
    reports: tuple[tuple[str, str], ...], rework: str
) -> None:
    """R43: goods that nobody looked at come first, then those that come back from rework."""
    life = Life().in_production().made()
    for passed, again in reports:
        life.does("inspection_reported", passed=passed, to_rework=again, checked_with=CLERK)
    lot = life.order.lots["1/1"]
    assert lot.rework == int(rework)
    assert lot.passed == sum(int(passed) for passed, _ in reports)


def test_production_answers_for_the_date_after_rework() -> None:
    """R43: by a report of its own, or by an exception."""
    for fact, content in (
        ("production_reported", {"expected_finish": "2027-03-07"}),
        ("production_exception", {"exception": "P-1", "reason": "返工", "line": 1}),
    ):
        life = Life().in_production().made()
        life.does("inspection_reported", passed="900", to_rework="100", checked_with=CLERK)
        assert "recheck:1" in life.waiting
        life.does(fact, **content)
        assert "recheck:1" not in life.waiting


def test_the_inspection_is_joint_and_nobody_passes_what_they_made() -> None:
    """R43"""
    life = Life().in_production().made()
    refused(inspect(life, passed="1", checked_with="quality-1"), "same_person")
    refused(inspect(life, passed="1", by="production-1"), "same_person")


@pytest.mark.parametrize("wrong", ["labels_good", "packing_good"])
def test_goods_with_bad_labels_or_packing_do_not_pass(wrong: str) -> None:
    """R43, R44"""
    life = Life().in_production().made()
    refused(inspect(life, passed="1", **{wrong: False}), "contradiction")
    life.does("inspection_reported", to_rework="1000", checked_with=CLERK, **{wrong: False})


def test_more_than_was_made_cannot_pass() -> None:
    """Refused when the line is finished, kept while more may come."""
    life = Life().in_production().made("500", finished=False)
    early = life.tell("inspection_reported", passed="600", checked_with=CLERK)
    assert early.status.value == "kept_early"
    life.made("500")
    assert life.order.passed(1) == 600
    refused(inspect(life, passed="401"), "contradiction")
    refused(inspect(life, passed="1", lot="9"), "contradiction")


def test_only_what_passed_enters_the_warehouse() -> None:
    """R43"""
    life = Life().in_production().made()
    assert life.tell("warehouse_entered", quantity="1000").status.value == "kept_early"
    assert life.tell("warehouse_entered", lot="7", quantity="1").status.value == "kept_early"
    life.does("inspection_reported", passed="1000", checked_with=CLERK)
    assert life.order.entered(1) == 1000
    refused(life.tell("warehouse_entered", quantity="1"), "contradiction")


@pytest.mark.parametrize(
    ("passed", "asked"), [("950", False), ("949.999", True), ("1050", False), ("1050.001", True)]
)
def test_outside_the_tolerance_the_customer_is_asked(passed: str, asked: bool) -> None:
    """R45: five per cent either way, both ends within."""
    life = Life().in_warehouse(passed)
    assert ("decision:tolerance:1" in life.waiting) is asked
    assert life.order.bill == Decimal(passed).quantize(Decimal("0.001")) * 5 or asked


def test_without_a_tolerance_the_policys_counts() -> None:
    lines = [line(1, tolerance_percent=None)]
    assert "decision:tolerance:1" in Life(lines=lines).in_warehouse("999").waiting
    policy = {"payment": {"tolerance_percent": "1"}}
    assert "decision:tolerance:1" not in Life(lines=lines, policy=policy).in_warehouse("999").waiting


def test_the_customer_accepts_and_pays_for_what_passed() -> None:
    """R45"""
    life = Life().in_warehouse("800").decide(Subject.TOLERANCE, "accept")
    assert str(life.order.open_balance) == "2500.00"
    assert life.order.phase is PhaseName.CLEARANCE


def test_the_rest_is_made_up() -> None:
    """R45: and looked at again with what was made."""
    life = Life().in_warehouse("800").decide(Subject.TOLERANCE, "make_up")
    assert "produce:1" in life.waiting
    life.made("100", lot="2").passed("100", lot="2")
    assert "decision:tolerance:1" in life.waiting
    life.decide(Subject.TOLERANCE, "make_up").made("100", lot="3").passed("100", lot="3")
    assert str(life.order.bill) == "5000.00"
    assert life.order.phase is PhaseName.CLEARANCE


def test_a_surplus_that_goes_back_is_not_billed() -> None:
    """R45"""
    life = Life().in_warehouse("1200").decide(Subject.TOLERANCE, "return_surplus")
    assert str(life.order.bill) == "5000.00"


def test_checkpoints_of_the_sheet_are_watched() -> None:
    """R46: a problem is reported at once and gets an owner."""
    life = Life(checkpoints=["首件颜色", "复卷张力"]).in_production()
    assert {"checkpoint:1", "checkpoint:2"} <= life.waiting
    refused(life.tell("checkpoint_reported", checkpoint=3), "contradiction")
    life.does("checkpoint_reported", checkpoint=1).does("checkpoint_reported", checkpoint=2, fine=False)
    assert life.order.steps["exception:checkpoint-2"].values["text"] == "复卷张力"
    life.does("exception_resolved", exception="checkpoint-2", resolution="调好")
    assert not {"checkpoint:1", "checkpoint:2", "exception:checkpoint-2"} & life.waiting


def test_lots_go_out_one_by_one_where_the_customer_takes_parts() -> None:
    life = (
        Life(partial_delivery=True)
        .in_production()
        .made("400", lot="1", finished=False)
        .passed("400", lot="1")
    )
    life.paid("500.00").decide(Subject.FINANCE_RELEASE, "release").sent("1")
    assert life.order.phase is PhaseName.PRODUCTION
    life.made("600", lot="2").passed("600", lot="2").paid("3000.00").decide(
        Subject.FINANCE_RELEASE, "release"
    )
    life.sent("2")
    assert [each.quantities[1] for each in life.order.shipments] == [400, 600]
    for name in ("1", "2"):
        life.does("delivery_receipt", shipment=name, signed_by="王芳")
    assert life.order.headline.value == "settled"
    assert life.order.lot(1, "2") is not None
