"""The step of the desk that asks for a day's production report (R171)."""

from __future__ import annotations

from datetime import UTC, datetime

from models.reports.desk_steps import DeskStepKind, desk_step, step_key
from models.values.vocabulary import Role

NOW = datetime(2027, 3, 2, 0, tzinfo=UTC)


def test_the_step_names_day_and_orders_and_what_answers_it() -> None:
    step = desk_step(
        DeskStepKind.DAILY_REPORT,
        "2027-03-02",
        NOW,
        rule="R171",
        roles=(Role.PRODUCTION,),
        day="2027-03-02",
        orders="20270301-0001, 20270301-0002",
    )
    assert step.key == step_key(DeskStepKind.DAILY_REPORT, "2027-03-02") == "daily_report:2027-03-02"
    assert step.zh == "2027-03-02 的生产日报，在产订单：20270301-0001, 20270301-0002"
    assert step.command.startswith("starter.py production-report --day 2027-03-02")
    assert step.roles == (Role.PRODUCTION,)
