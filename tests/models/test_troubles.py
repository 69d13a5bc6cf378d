"""Each exception that the order opens by itself: its rule, its owner, its words (R42, R46, R47, R61, R72, R74), by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.dossier.exceptions import stores_diverged
from models.dossier.incidents import Trouble
from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Role
from tests.models.life import MONDAY, Life, heard


def objected() -> Life:
    """Finance says no (R37)."""
    life = Life().verified().sheet_out()
    heard(life.answer(Subject.THREE_PARTY, "object", role=Role.FINANCE))
    return life


def without_notice() -> Life:
    """Released, and gone without the paper (R70)."""
    life = Life().in_warehouse().paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")
    return life.does("shipped", carrier="德邦物流")


def repaired() -> Life:
    """The database held another history."""
    life = Life()
    stores_diverged(life.order, 2, 7, "abc")
    return life


CASES: list[tuple[str, Callable[[], Life], str, str, str, bool]] = [
    (
        "P",
        lambda: Life().in_production().does("production_exception", exception="P", reason="停电", line=1),
        "R42",
        "service_supervisor-1",
        "停电",
        True,
    ),
    (
        "checkpoint-2",
        lambda: Life(checkpoints=["首件", "张力"]).does("checkpoint_reported", checkpoint=2, fine=False),
        "R46",
        "service_clerk-1",
        "张力",
        False,
    ),
    (
        "checkpoint-1",
        lambda: Life(checkpoints=["首件"]).does(
            "checkpoint_reported", checkpoint=1, fine=False, words="偏色"
        ),
        "R46",
        "service_clerk-1",
        "偏色",
        False,
    ),
    (
        "E",
        lambda: Life().does("exception_reported", exception="E", words="传真机坏了", owner="li"),
        "R47",
        "li",
        "传真机坏了",
        False,
    ),
    ("objection-1", objected, "R37", "salesperson-1", "有异议 · objected", False),
    (
        "shipment-1-without-right",
        lambda: Life().in_warehouse().does("shipped", carrier="德邦物流"),
        "R61",
        "service_supervisor-1",
        "未经放行发货 · shipped without release",
        False,
    ),
    (
        "shipment-1-without-right",
        without_notice,
        "R70",
        "service_supervisor-1",
        "无发货通知单发货 · shipped without notice",
        False,
    ),
    (
        "transit-1",
        lambda: Life().shipped().does("transit_reported", condition="damaged"),
        "R74",
        "service_clerk-1",
        "破损 · damaged",
        False,
    ),
    (
        "late-1:2027-03-12",
        lambda: (
            Life(wanted_date="2027-03-10").shipped().does("transit_reported", expected_arrival="2027-03-12")
        ),
        "R72",
        "service_clerk-1",
        "预计 2027-03-12 到货,晚于要货日期 2027-03-10 · expected on 2027-03-12, wanted by 2027-03-10",
        False,
    ),
    (
        "stores-diverged-2",
        repaired,
        "R47",
        "service_supervisor-1",
        "订单库与流程的记录不一致,已按流程重写,请核对 · database and workflow held different histories; compare them",
        False,
    ),
]


@pytest.mark.parametrize(("key", "life", "rule", "owner", "words", "plan"), CASES)
def test_an_exception_has_its_rule_its_owner_and_its_words(
    key: str, life: Callable[[], Life], rule: str, owner: str, words: str, plan: bool
) -> None:
    trouble: Trouble = life().order.troubles[key]
    assert (trouble.key, trouble.rule, trouble.owner, trouble.words) == (key, rule, owner, words)
    assert trouble.needs_plan is plan
    assert trouble.reported_at.astimezone(BUSINESS_ZONE) == MONDAY
    assert trouble.resolved_at is None


def test_goods_that_left_without_right_are_on_record_with_those_liable() -> None:
    """R61: and with what was open at that moment."""
    life = Life().in_warehouse().does("shipped", carrier="德邦物流")
    (exception,) = life.entries(EntryKind.EXCEPTION)
    assert (exception.subject, exception.rule) == ("shipment-1-without-right", "R61")
    assert (exception.by, exception.role) == ("shipper-1", Role.SHIPPER)
    (liability,) = life.entries(EntryKind.LIABILITY)
    assert (liability.subject, liability.rule) == ("shipment-1-without-right", "R61")
    assert liability.data["open_balance"] == "3500.00"


def test_an_arrival_that_is_too_late_is_on_record_with_both_days() -> None:
    """R72"""
    life = Life(wanted_date="2027-03-10").shipped().does("transit_reported", expected_arrival="2027-03-12")
    (entry,) = life.entries(EntryKind.EXCEPTION)
    assert (entry.subject, entry.rule) == ("late-1:2027-03-12", "R72")
    assert entry.data == {"expected": "2027-03-12", "wanted": "2027-03-10"}
    (notice,) = [each for each in life.order.unsent if each.paper.value == "exception_notice"]
    assert [role.value for role in notice.to] == ["customer", "salesperson", "service_clerk"]


def test_a_repair_is_on_record_with_what_the_database_had() -> None:
    (entry,) = repaired().entries(EntryKind.REPAIRED)
    assert (entry.subject, entry.rule) == ("epoch:2", "R47")
    assert entry.data == {"epoch": 2, "database_sequence": 7, "database_hash": "abc"}
