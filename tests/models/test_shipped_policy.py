"""The shipped `policy.toml` against the company's procedures: every figure written here by hand, with its rule.

The first table holds what the procedures say, the second what they leave open and we chose.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.messages.decision_subjects import Subject
from models.policy import Policy
from models.reports.balance_reminder import ReminderPolicy
from models.values.vocabulary import CustomerClass
from tests.models.life import Life, line

FILE = Path(__file__).resolve().parents[2] / "policy.toml"

OF_THE_PROCEDURES: dict[str, Any] = {
    "small_order.limit": "500.00",  # R38, D13 3: 针对500元以下订单
    "small_order.prepaid_ships_within_days": 3,  # R38, D13 3.1: 控制在三天内发货
    "balance.director_above": "500.00",  # R61, D13 3.3: 余款超过500元之订单必须经总监审批方能出货
    "dead_order.days": 15,  # R76, D13 3.2: 订单到货15天仍不提货将视为“死单”
    "ship_window.days": 10,  # R25, D13 1: 控制为7~10天
    "schedule.finish_days": 1,  # R150, D20.7: rewinding and inspection come before the goods are finished
    "three_party.classes": ["B", "C"],  # R37, D13: 三方确认; class A goes to production at once (R32)
    "sheet_route": "clerk_faxes",  # R30, D20 step 8: 传真给客户确认
    "slip.deposit_slips": True,  # R34, D20 step 9(3): 次日下单后延一日 speaks of when production is instructed
    "approval.classes": ["A", "B", "C"],  # R28, D1 2.2: every order goes to the supervisor
    "contract.required": "quoted",  # R107, D6 三: of orders that were quoted, or are on account
    "contract.reminder_days": 30,  # R107
    "approval.contract_deviation": True,  # R28, R15
    "approval.tell_departments": True,  # R28
    "approvals": [  # R106: D1 2.2 and D6 三、2; the procedures name no amounts
        {"what": "order", "levels": [["sales_supervisor"]]},
        {"what": "contract", "levels": [["legal", "finance"]]},
    ],
}

OURS: dict[str, Any] = {
    "signed_facts": False,
    "version": "seed",
    "slip.days": "calendar",
    "slip.end_of_day_minutes": 24 * 60,
    "ship_window.count": "calendar",
    "balance.designated_freight_agents": ["德邦物流", "顺丰快运"],
    "dead_order.guaranteed_only": False,
    "dead_order.reminder_days": [7, 12, 14],
    "hanging.days": 15,
    "schedule.booking_days": 5,  # R151
    "schedule.shift_hours": 8,  # R150
    "webhooks.pauses_seconds": [5, 30, 120, 600, 1800, 3600, 7200, 14400, 21600],
    "webhooks.pause_after_hours": 72,
    "webhooks.give_up_after_hours": 120,
    "webhooks.keep_days": 90,
    "payment.deposit_percent": "30",
    "payment.balance_due_days": 7,
    "payment.account_days": 30,
    "payment.tolerance_percent": "0",
    "payment.question_above_factor": "2",
    "credit.assessment_days": 365,
    "credit.overdue_days": 30,
    "contract.terms": [],
    "contract.customers": [],
    "contract.valid_days": 180,
    "contract.open_days": 60,
    "contract.draft_hours": 48,
    "contract.signing_hours": 72,
    "invoice.tax_percent": "13",  # R162: the tax law
    "invoice.services_percent": "6",
    "archive.days": 30,  # R165
    "personal_data.keep_years": 10,  # money papers
    "limits.details_hours": 24,
    "limits.price_hours": 24,
    "limits.technical_hours": 24,
    "limits.production_date_hours": 24,
    "limits.approval_hours": 24,
    "limits.sheet_hours": 8,
    "limits.signature_hours": 24,
    "limits.deposit_hours": 72,
    "limits.decision_hours": 24,
    "limits.hand_over_hours": 24,
    "limits.inspection_hours": 24,
    "limits.owed_paper_hours": 72,
    "limits.emergency_hours": 4,
    "limits.escalate_after_hours": 24,
    "dating.back_days": 31,
    "dating.ahead_minutes": 10,
    "reminders.repeat_days": 7,
    "limits.question_hours": 24,
    "limits.entry_hours": 24,
    "sheet.second_person": False,
    "completion.days": 7,
    "completion.signed_receipt": True,
    "sample.free_pieces": 3,  # R130
    "sample.trial_days": 15,  # R130
    "sample.reminder_days": 3,  # R130
    "sample.rounds": 3,  # R130
    "sample.credit_days": 90,  # R130
    "service.report_days": 7,  # R87
    "service.acceptance_days": 7,  # R87
    "shipment_check.days": 3,
    "daily_report.due_minutes": 18 * 60,
    "quote.margin": "20",  # R105
    "quote.floor": "10",  # R105
    "quote.tax": "13",  # R105
    "quote.decimals": 4,  # R105
    "quote.valid_days": 15,  # R103
    "quote.reminder_days": 3,  # R103
    "quote.answer_hours": 24,  # R104
    "quote.late_days": 30,  # R104
    "afterwards.acknowledge_hours": 24,  # R143
    "afterwards.decide_days": 3,  # R143
    "afterwards.send_days": 15,  # R143
    "afterwards.reminder_days": 3,  # R143
    "afterwards.receive_days": 7,  # R143
    "afterwards.inspect_days": 2,  # R143
    "afterwards.remedy_days": 7,  # R143
    "afterwards.agree_days": 7,  # R143
    "afterwards.no_reason_days": 7,  # R142
    "afterwards.defect_days": 30,  # R142
    "afterwards.supervisor_limit": "500.00",  # R143
    "afterwards.rating_days": 30,  # R141
    "afterwards.low_rating": 2,  # R141
    "sheet.from_stock": False,
    "stock.hold_hours": 24,
    "stock.choice_hours": 48,
    "stock.ship_days": 2,
    "stock.late_days": 7,
    "picking.second_person": False,
    "shop.review": "automatic",  # R39
    "shop.pay_hours": 24,  # R39
    "shop.late_hours": 24,  # R39
    "shop.review_hours": 2,  # R125
    "shop.accept_hours": 24,  # R124
    "shop.ship_hours": 48,  # R125
    "shop.choice_hours": 24,  # R112
    "shop.delay_told_percent": "75",  # R125
    "shop.provider_confirms": True,  # R123
    "shop.delivery.courier_fee": "12.00",  # R65
    "shop.delivery.courier_weight": "5",  # R65
    "shop.delivery.courier_step_fee": "2.00",  # R65
    "shop.delivery.courier_step": "1",  # R65
    "shop.delivery.free_from": "299.00",  # R65
}


def shipped() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def settings(values: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from settings(value, f"{before}{name}.")
        else:
            yield before + name, value


def test_the_shipped_figures_are_those_of_the_procedures() -> None:
    found = dict(settings(shipped()))
    ladder = found.pop("reminders.levels")
    assert found == OF_THE_PROCEDURES | OURS
    assert [(level["day"], level["told"]) for level in ladder] == [
        (3, ["customer", "salesperson"]),
        (7, ["customer", "salesperson", "finance"]),
        (14, ["customer", "salesperson", "finance", "sales_supervisor"]),
    ]


def test_an_installation_without_a_file_has_the_same() -> None:
    written = shipped()
    reminders = written.pop("reminders")
    assert Policy.model_validate(written) == Policy()
    assert ReminderPolicy.model_validate(reminders) == ReminderPolicy()
    assert set(Policy.model_fields) == set(written)


def of_the_shipped_policy(**changes: Any) -> Life:
    policy = shipped()
    del policy["reminders"]
    return Life(policy=policy, **changes)


def small(price: str) -> Life:
    """An order of one roll at this price."""
    return of_the_shipped_policy(lines=[line(1, quantity="1", unit_price=price)]).verified()


@pytest.mark.parametrize(("price", "asked"), [("500.00", True), ("500.01", False), ("499.99", True)])
def test_five_hundred_yuan_are_a_small_order(price: str, *, asked: bool) -> None:
    """R38: “以下” includes the figure itself."""
    assert ("decision:small_order" in small(price).waiting) == asked


@pytest.mark.parametrize(("finish", "asked"), [(10, False), (11, True)])
def test_ten_days_to_the_shipment(finish: int, *, asked: bool) -> None:
    """R25: beyond them the sales supervisor must agree."""
    life = of_the_shipped_policy().verified(finish=finish)
    assert ("decision:ship_date" in life.waiting) == asked


def test_a_sheet_that_is_out_moves_the_promise_one_day_a_day() -> None:
    """R34: nothing on the day itself, then a day for each day."""
    life = of_the_shipped_policy().verified(finish=5).sheet_out()
    first = life.day(5)
    assert life.order.promise.promised == first
    for days in (1, 2, 3):
        life.until(life.placed.replace(hour=0, minute=1) + timedelta(days=days))
        assert life.order.promise.promised == first + timedelta(days=days)


def test_the_deposit_is_thirty_percent_where_nobody_names_one() -> None:
    """R33"""
    assert of_the_shipped_policy(deposit_percent=None).order.deposit_due == Decimal("1500.00")


def test_goods_are_dead_after_fifteen_days() -> None:
    """R76: at the end of the 15th day after the arrival, and not a minute before."""
    life = of_the_shipped_policy().in_warehouse()
    life.paid("3500.00").decide(Subject.FINANCE_RELEASE, "release").sent().does("arrived", shipment="1")
    arrived: datetime = life.now
    last = arrived.replace(hour=23, minute=59) + timedelta(days=15)
    assert life.until(last).order.shipments[0].dead_at is None
    assert life.until(last + timedelta(minutes=2)).order.shipments[0].dead_at is not None


def test_three_parties_for_all_but_class_a() -> None:
    """R37"""
    for each in CustomerClass:
        life = of_the_shipped_policy(customer={"customer_class": each.value}).verified().sheet_out().signed()
        life.paid("1500.00")
        assert ("decision:three_party" in life.waiting) == (each is not CustomerClass.A), each
