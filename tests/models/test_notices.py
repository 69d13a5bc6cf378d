"""The table of notices: who hears of what by which way, and when it is tried again (R30, R51, R72, R73)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.dossier.papers_due import Paper
from models.messages.envelope import read_content
from models.reports.desk_steps import DeskStepKind, desk_step
from models.reports.notice_routes import Address, Channel, NoticeTable, Route, next_attempt, routes
from models.values.errors import Refusal
from models.values.vocabulary import Role

NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
TABLE = NoticeTable.model_validate(
    {
        "default": {"customer": ["email", "fax"], "others": ["email"], "legal": []},
        "confirmation_sheet": {"customer": ["fax", "email"], "group": ["wecom", "dingtalk"]},
        "balance_reminder.3": {"customer": ["fax"], "legal": ["email"]},
    }
)
KNOWN = {
    "customer": Address(name="红枫", email="k@example.com", fax="0755-1"),
    "salesperson": Address(name="李明", email="li@example.com"),
}


def routed(paper: Paper, roles: list[str], *channels: Channel, **known: Address) -> list[Route]:
    book = {**KNOWN, **known}
    return list(
        routes(TABLE, paper, roles, dict.fromkeys(channels, True), lambda name: book.get(name, Address()))
    )


def test_the_first_way_that_is_set_up_and_has_an_address_is_taken() -> None:
    both = (Channel.EMAIL, Channel.FAX)
    assert routed(Paper.BALANCE, ["customer"], *both) == [Route("customer", Channel.EMAIL, "k@example.com")]
    assert routed(Paper.SHEET, ["customer"], *both)[0] == Route("customer", Channel.FAX, "0755-1")
    assert routed(Paper.BALANCE, ["customer"], Channel.FAX) == [Route("customer", Channel.FAX, "0755-1")]
    without = Address(name="红枫", email="k@example.com")
    assert routed(Paper.SHEET, ["customer"], *both, customer=without)[0].channel is Channel.EMAIL


def test_a_level_of_reminders_may_go_its_own_way() -> None:
    """R51"""
    assert TABLE.ways(Paper.REMINDER, "customer", "2") == (Channel.EMAIL, Channel.FAX)
    assert TABLE.ways(Paper.REMINDER, "customer", "3") == (Channel.FAX,)
    assert TABLE.heard_by(Paper.REMINDER, ["customer"], "3") == ["customer", "legal"]


def test_without_any_way_set_up_all_are_told_in_one_file() -> None:
    assert routed(Paper.SHEET, ["customer", "salesperson"]) == [
        Route("", Channel.FOLDER, "customer, salesperson, group")
    ]


def test_a_way_without_an_address_is_somebodys_business() -> None:
    assert routed(Paper.BALANCE, ["customer"], Channel.EMAIL, customer=Address(name="红枫")) == [
        Route("customer", Channel.EMAIL, "", lacks_address=True)
    ]


def test_the_group_hears_where_the_table_says_so_and_nobody_where_it_says_nobody() -> None:
    assert routed(Paper.SHEET, [], Channel.DINGTALK) == [
        Route("group", Channel.DINGTALK, "dingtalk"),
        Route("", Channel.FOLDER, "customer"),
    ]
    assert routed(Paper.BALANCE, ["legal"], Channel.EMAIL) == []


def test_a_table_of_nothing_tells_nobody() -> None:
    empty = NoticeTable.model_validate({"balance_notice": {"finance": ["email"]}})
    assert empty.ways(Paper.BALANCE, "customer") == ()
    assert empty.heard_by(Paper.BALANCE, ["customer"]) == ["customer", "finance"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"invoice_x": {"customer": ["email"]}}, "invoice_x"),
        ({"default": {"boss": ["email"]}}, "boss"),
        ({"default": {"customer": ["pigeon"]}}, "default.customer"),
    ],
)
def test_a_name_that_nobody_knows_is_refused(raw: dict[str, object], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_content(NoticeTable, raw, inside="notices.toml")
    assert words in refused.value.words.en + refused.value.where


def test_the_pauses_grow_to_a_quarter_of_an_hour() -> None:
    pauses = [(next_attempt(NOW, n) - NOW) // timedelta(minutes=1) for n in (1, 2, 3, 4, 5, 50)]
    assert pauses == [1, 2, 4, 8, 15, 15]


def test_a_step_of_the_desk_says_what_moves_it_on() -> None:
    step = desk_step(DeskStepKind.UNREAD_SCAN, "ab12/1", NOW, rule="R31", file="fax.tif", page="1")
    assert (step.zh, step.roles) == ("这是哪张订单？fax.tif 第1页认不出来", (Role.SERVICE_CLERK,))
    assert step.due - step.since == timedelta(hours=24)
    assert step.command.startswith("starter.py resolve unread_scan:ab12/1 --order")
