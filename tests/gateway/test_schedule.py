"""The plan of the machine lines on pages: the worked example, what would be if, downtimes, rights and bad input (R150 to R153)."""

from __future__ import annotations

import html
import re
import time as clock
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from activities.store import imports
from activities.store.absences import keep_absence
from activities.store.company_changes import newest_changes
from activities.store.database import writing
from models.absences import Absence
from models.company.record_changes import RecordKind
from models.dossier.journal import FIRST_LINK
from models.tables.registry import table
from models.values.vocabulary import Unit
from tests.gateway.test_company_pages import PEOPLE, House

MORNING = datetime(2027, 3, 1, 0, 0, tzinfo=UTC)
"""Monday, 8:00 in business time."""
HOURS = "08:00-12:00 13:00-17:00"
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), HOURS)
L1 = {
    "line": "L1", "name": "一号分切机", "products": ("TP-80",), "rate": "800", "unit": Unit.ROLL, "set_up_hours": "1", **WEEK,
}  # fmt: skip
READERS = {
    "production",
    "material_controller",
    "service_supervisor",
    "sales_supervisor",
    "marketing_director",
}
KEEPERS = {"production", "service_supervisor", "sales_supervisor", "marketing_director"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(f"sqlite:///{tmp_path / 'orders.db'}", tmp_path)
    house.app.state.door.now = lambda: MORNING
    imports.import_machine_lines(house.engine, [imports.MachineLineRow.model_validate(L1)])
    return house


def orders(house: House, rows: Iterable[dict[str, Any]]) -> None:
    """Orders as the recorder would have them, each of one line of TP-80."""
    whole = [
        {"product": "TP-80", "quantity": "5600", "due": date(2027, 3, 5), "promised": None, **row}
        for row in rows
    ]
    with writing(house.engine) as connection:
        connection.execute(
            table("orders").insert(),
            [
                {
                    "number": row["number"], "sequence": 1, "head": FIRST_LINK, "request_id": row["number"], "customer": "K-1",
                    "placed_at": MORNING - timedelta(days=1), "customer_name": "红枫包装", "phase": "production",
                    "production_due": row["due"], "promised": row["promised"],
                }
                for row in whole
            ],
        )  # fmt: skip
        connection.execute(
            table("order_lines").insert(),
            [
                {
                    "order_number": row["number"], "line": 1, "product": row["product"], "specification": "80",
                    "quantity": Decimal(row["quantity"]), "unit": "roll", "unit_price": Decimal("5"), "amount": Decimal("5"),
                    "passed": Decimal(0), "entered": Decimal(0), "shipped": Decimal(0),
                }
                for row in whole
            ],
        )  # fmt: skip


TILL_TUESDAY_NOON = {
    "number": "20270226-0001",
    "quantity": "8800",
    "due": date(2027, 3, 3),
    "promised": date(2027, 3, 3),
}
"""Set-up of an hour and eleven hours of work: Monday and Tuesday morning."""
TEN_THOUSAND = {
    "number": "20270226-0002",
    "quantity": "10000",
    "due": date(2027, 3, 5),
    "promised": date(2027, 3, 4),
}


async def test_the_worked_example_stands_on_the_page(house: House) -> None:
    orders(house, [TILL_TUESDAY_NOON, TEN_THOUSAND, {"number": "20270226-0003", "product": "other"}])
    async with house.as_("is-production") as ma:
        text = await ma.reads("/schedule")
    bars = re.findall(r'<a href="/orders/(\S+)" (?:tabindex="-1")? *class="(bar[^"]*)"', text)
    assert bars == [("20270226-0001", "bar")] * 2 + [("20270226-0002", "bar late")] * 3
    rows = re.findall(r"<tr>(.*?)</tr>", text)
    (mine,) = {row for row in rows if "20270226-0002" in row}
    told = re.sub(r"<[^>]+>", " ", mine)
    for words in ("03-02 13:00 – 03-04 09:30", "03-05 周五", "10,000 卷", "晚"):
        assert words in told
    assert "没有机台能做 other（按卷计）" in text
    assert "⚠" in text, "late is marked by more than colour"


async def test_the_worked_example_stands_on_the_card(house: House) -> None:
    orders(house, [TILL_TUESDAY_NOON, {**TEN_THOUSAND, "due": None, "promised": None}])
    _asked(house, "20270226-0002")
    finished(house, [0] * 16 + [1] * 3 + [4])
    async with house.as_("is-production") as ma:
        text = re.sub(r"<[^>]+>", " ", await ma.reads("/"))
    assert "一号分切机 03-02 13:00 – 03-04 09:30，03-05 周五 成品" in text
    assert "机台排满；前面 1 张订单，排到 03-02 12:00" in text
    assert "03-05 周五 80%，03-08 周一 95%" in text
    async with house.as_("is-production") as ma:
        english = re.sub(r"<[^>]+>", " ", await ma.reads("/?language=en"))
    assert "Fri 03-05 80%, Mon 03-08 95%" in english


def manned(house: House, crew: str, *people: tuple[str, tuple[str, ...]]) -> None:
    """L1 needs this crew, and these people have these trades."""
    imports.import_machine_lines(house.engine, [imports.MachineLineRow.model_validate({**L1, "crew": crew})])
    rows = [imports.StaffRow(person=person, name=person, trades=trades) for person, trades in people]
    imports.import_staff(house.engine, rows)


async def test_the_plan_and_the_card_say_on_which_day_people_are_short(house: House) -> None:
    """R150: the worked example; one operator, who is away on Wednesday."""
    orders(house, [TILL_TUESDAY_NOON, {**TEN_THOUSAND, "due": None, "promised": None}])
    _asked(house, "20270226-0002")
    manned(house, "机长 1、操作工 2", ("w-1", ("机长",)), ("w-2", ("操作工",)), ("w-3", ("操作工", "机长")))
    async with house.as_("is-production") as ma:
        assert "按这张排产表，人手够" in await ma.reads("/schedule")
        assert "前面 1 张订单，排到 03-02 12:00；人手够" in re.sub(r"<[^>]+>", " ", await ma.reads("/"))
    away = Absence(person="w-2", first_day=date(2027, 3, 2), last_day=date(2027, 3, 3))
    keep_absence(house.engine, away, "wu", MORNING)
    async with house.as_("is-production") as ma:
        text = re.sub(r"<[^>]+>", " ", await ma.reads("/schedule"))
        assert "03-02 周二" in text
        assert "操作工 缺 1 人（需 2，在岗 1）" in text
        assert "缺人的日子" in text
        week = await ma.reads("/schedule?week=2027-03-01")
        assert week.count("⚠ 缺人") == 1, "the day is marked on the picture of its week"
        card = re.sub(r"<[^>]+>", " ", await ma.reads("/"))
        short = "操作工 缺 1 人（需 2，在岗 1）"
        assert f"03-02 周二 {short}；03-03 周三 {short}" in card
        assert "03-02 13:00 – 03-04 09:30" in card, "nothing is moved for it: production decides"
        english = re.sub(r"<[^>]+>", " ", await ma.reads("/schedule?language=en"))
        assert "操作工: 1 short (2 needed, 1 there)" in english


async def test_a_line_without_a_crew_asks_for_nobody(house: House) -> None:
    orders(house, [TILL_TUESDAY_NOON])
    async with house.as_("is-production") as ma:
        text = await ma.reads("/schedule")
    assert "人手" not in text


async def test_whom_a_line_needs_and_what_trades_somebody_has_are_kept_on_pages(house: House) -> None:
    async with house.as_("wu") as wu:
        entered = await wu.sends("/company/line/new", **NEW, crew="机长1人，操作工：2人")
        assert entered.headers["location"] == "/company/line?id=L2&said=entered", entered.text
        assert "机长 1、操作工 2" in await wu.reads("/company/line?id=L2")
    assert house.row("machine_lines", line="L2")["crew"] == "机长 1、操作工 2"


async def test_without_lines_the_card_is_as_before_and_a_product_of_no_line_is_said(house: House) -> None:
    orders(house, [{"number": "20270226-0002", "product": "other", "due": None}])
    _asked(house, "20270226-0002")
    async with house.as_("is-production") as ma:
        assert "没有机台能做 other（按卷计）" in await ma.reads("/")
    with writing(house.engine) as connection:
        connection.execute(table("machine_lines").delete())
    async with house.as_("is-production") as ma:
        text = await ma.reads("/")
        assert "没有机台" not in text
        assert "排产建议" not in text
        assert "还没有机台" in await ma.reads("/schedule")


def booked(house: House, number: str, begins: datetime, ends: datetime, state: str = "firm") -> None:
    """Hours of L1 that are an order's."""
    with writing(house.engine) as connection:
        connection.execute(
            table("line_bookings").insert().values(
                order_number=number, line=1, machine_line="L1", begins=begins, ends=ends, state=state, answered_at=MORNING,
                changed_at=MORNING,
            )
        )  # fmt: skip


async def test_hours_that_are_booked_stand_on_the_plan(house: House) -> None:
    orders(house, [TILL_TUESDAY_NOON, {**TEN_THOUSAND, "due": None, "promised": None}])
    booked(house, "20270226-0001", MORNING + timedelta(days=1), MORNING + timedelta(days=2, hours=4))
    booked(house, "20270226-0002", MORNING, MORNING + timedelta(hours=9), "tentative")
    async with house.as_("is-production") as ma:
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", await ma.reads("/schedule")))
    assert "排定的机时 2" in text
    assert "L1 03-01 08:00 03-01 17:00 20270226-0002 第1行 暂排 指令单未下，保留至 03-06 08:00" in text
    assert "20270226-0001 第1行 已排定" in text
    assert "03-02 08:00 – 03-03 12:00" in text, "in its hours, though the line is free before"
    house.app.state.door.now = lambda: MORNING + timedelta(days=6)
    async with house.as_("is-production") as ma:
        assert "20270226-0002" not in await ma.reads("/schedule")


async def test_production_answers_with_the_hours_that_are_proposed(house: House) -> None:
    """Gone meanwhile: refused at its field, nothing kept, and the form holds what is proposed now."""
    orders(house, [TILL_TUESDAY_NOON, {**TEN_THOUSAND, "due": None, "promised": None}])
    _asked(house, "20270226-0002")
    page = "/orders/20270226-0002/steps/decision:production_date:1"
    async with house.as_("is-production") as ma:
        form = await ma.seen(page)
        assert (form["detail.machine_line"], form["detail.hours_from"], form["detail.hours_until"]) == (
            "L1", "2027-03-02T13:00", "2027-03-04T09:30",
        )  # fmt: skip
        orders(house, [{"number": "20270226-0003", "due": None}])
        booked(
            house,
            "20270226-0003",
            datetime(2027, 3, 3, 0, 0, tzinfo=UTC),
            datetime(2027, 3, 3, 9, 0, tzinfo=UTC),
        )
        answer = {
            **form, "outcome": "dated", "detail.production_date": "2027-03-02", "detail.finished_date": "2027-03-05",
            "detail.quantity": "10000", "detail.clauses_confirmed": "true", "happened_at": "2027-03-01T08:00",
        }  # fmt: skip
        gone = await ma.sends("/orders/20270226-0002/act", **answer)
        assert gone.status_code == 409, gone.text
        text = html.unescape(gone.text)
        assert "已排给别的订单" in text
        assert "新建议：机台 L1 2027-03-04 08:00 – 2027-03-05 14:30" in text
        assert 'name="detail.hours_from" value="2027-03-04T08:00"' in text
        assert 'name="detail.finished_date" value="2027-03-05"' in text, "what was typed stays"
        assert "20270226-0003" not in re.sub(r"<[^>]+>", "", text.partition("problem")[2][:400])
    with house.engine.connect() as connection:
        for name in ("inbox", "held_acts"):
            assert connection.execute(table(name).select()).first() is None


async def test_without_lines_nobody_is_asked_for_hours(house: House) -> None:
    orders(house, [{**TEN_THOUSAND, "due": None, "promised": None}])
    _asked(house, "20270226-0002")
    with writing(house.engine) as connection:
        connection.execute(table("machine_lines").delete())
    async with house.as_("is-production") as ma:
        assert "detail.machine_line" not in await ma.reads(
            "/orders/20270226-0002/steps/decision:production_date:1"
        )


def _asked(house: House, number: str) -> None:
    step = {
        "order_number": number, "key": "decision:production_date:1", "kind": "decision", "roles": ["production"], "people": [],
        "rule": "R23", "since": MORNING, "due": MORNING + timedelta(days=1), "blocking": True, "zh": "定交期", "en": "date it",
        "command": f"decide {number} production_date --line 1",
        "says": None,
    }  # fmt: skip
    with writing(house.engine) as connection:
        connection.execute(table("open_steps").insert().values(**step))


def finished(house: House, days_late: list[int]) -> None:
    """Orders of TP-80 that were inspected so many working days after a Monday that was named for them."""
    due = date(2027, 2, 1)
    numbers = [f"20270101-{place:04}" for place in range(len(days_late))]
    orders(house, [{"number": number, "due": due} for number in numbers])
    with writing(house.engine) as connection:
        connection.execute(table("inspections").delete())  # of the order that the house has
        connection.execute(
            table("orders").update().where(table("orders").c.number.in_(numbers)).values(phase="settlement")
        )
        for number, late in zip(numbers, days_late, strict=True):
            connection.execute(
                table("promises").insert().values(
                    order_number=number, change=1, cause="production_dated", promised_to=due, production_due_to=due,
                    ship_date_to=due, happened_at=MORNING, recorded_at=MORNING,
                )
            )  # fmt: skip
            connection.execute(
                table("inspections").insert().values(
                    order_number=number, inspection=1, line=1, lot="1", passed=Decimal(10), to_rework=Decimal(0),
                    scrapped=Decimal(0), inspected_by="x", checked_with="y",
                    at=datetime(2027, 2, 1 + late, 6, 0, tzinfo=UTC), recorded_at=MORNING,
                )
            )  # fmt: skip


DAY = ({"number": "20270226-0001", "due": date(2027, 3, 2), "promised": date(2027, 3, 2)},
       {"number": "20270226-0002", "due": date(2027, 3, 3), "promised": date(2027, 3, 3)},
       {"number": "20270226-0003", "due": date(2027, 3, 4), "promised": date(2027, 3, 9)})  # fmt: skip
STANDS = {"line": "L1", "begins": "2027-03-02T08:00", "ends": "2027-03-02T17:00"}


async def test_a_breakdown_is_looked_at_told_and_taken_back(house: House) -> None:
    orders(house, DAY)
    async with house.as_("is-production") as ma:
        text = await ma.reads(
            "/schedule/if?kind=stands&line=L1&begins=2027-03-02T08:00&ends=2027-03-02T17:00"
        )
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
        assert "会动 2 ，其中危及预交日 1" in said
        assert "20270226-0002 ⚠ 危及预交日 红枫包装" in said
        assert "03-03 周三 → 03-04 周四" in said
        assert "没有停机" in await ma.reads("/schedule"), "nothing was said by looking"
        told = await ma.sends("/schedule/downtime", **STANDS, reason="刀轴")
        assert told.headers["location"] == "/schedule?week=2027-03-02&said=told"
        await ma.sends("/schedule/downtime", **STANDS, reason="刀轴")  # a second tab
        text = await ma.reads("/schedule")
        assert text.count('name="number"') == 1
        assert '推算晚于预交日 <b><a href="#late">⚠ 1</a></b>' in text
        assert "is-production名" in text
        number = re.findall(r'name="number" value="(\d+)"', text)[0]
        assert "刀轴" in await ma.reads("/company/line?id=L1")
        await ma.sends("/schedule/downtime/back", number=number)
        text = await ma.reads("/schedule")
        assert "已撤回" in text
        assert "推算晚于预交日 <b>0</b>" in text
        again = await ma.sends("/schedule/downtime/back", number=number)
        assert (again.status_code, "撤回" in again.text) == (409, True)
        assert (await ma.sends("/schedule/downtime/back", number="x")).status_code == 404


async def test_a_rush_order_shows_where_it_goes_and_whom_it_moves(house: House) -> None:
    orders(house, DAY)
    async with house.as_("is-material_controller") as song:
        text = await song.reads(
            "/schedule/if?kind=rush&product=TP-80&quantity=5,600&unit=roll&day=2027-03-01"
        )
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
        assert "5,600 卷" in said
        assert "03-01 08:00 – 03-01 17:00" in said
        assert "会动 3 ，其中危及预交日 2" in said
        text = await song.reads("/schedule/if?kind=rush&product=x&quantity=1&unit=roll&day=2027-03-01")
        assert "没有机台能做 x" in text
        assert "一单也不动" in text
        assert (await song.sends("/schedule/downtime", **STANDS)).status_code == 403, "production tells it"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/schedule?week=xx", 400, "不是日期"),
        ("/schedule?week=2199-12-31", 200, "排产表"),
        ("/schedule?week=0001-01-01", 400, "不是日期"),
        ("/schedule?week=9999-12-31", 400, "不是日期"),
        ("/schedule/if?week=xx", 400, "停机或急单"),
        ("/schedule/if?kind=stands&line=L1&begins=0001-01-01T00:00&ends=9999-12-31T23:59", 400, "不是时间"),
        ("/schedule/if?kind=stands&line=L1&begins=2027-03-02T08:00&ends=2199-12-31T23:59", 200, "一单也不动"),
        ("/schedule/if?kind=rush&product=TP-80&quantity=999999999&unit=roll&day=2027-03-02", 200, "两年之内"),
        ("/schedule/if", 400, "停机或急单"),
        (
            "/schedule/if?kind=stands&line=L1&begins=2027-03-02T08:00&ends=2027-03-02T07:00",
            400,
            "结束须晚于开始",
        ),
        ("/schedule/if?kind=stands&line=L1&begins=2027-02-01T08:00&ends=2027-02-02T07:00", 422, "已经过去"),
        (
            "/schedule/if?kind=stands&line=%27&begins=2027-03-02T08:00&ends=2027-03-02T09:00",
            404,
            "没有机台 '",
        ),
        ("/schedule/if?kind=stands&line=L1&begins=2027-02-30T08:00&ends=2027-03-02T09:00", 400, "不是时间"),
        ("/schedule/if?kind=stands&line=L1&begins=&ends=2027-03-02T09:00", 422, "请写明时间"),
        ("/schedule/if?kind=stands&begins=2027-03-02T08:00&ends=2027-03-02T09:00", 422, ""),
        ("/schedule/if?kind=rush&product=TP-80&quantity=0&unit=roll&day=2027-03-02", 422, "大于零"),
        ("/schedule/if?kind=rush&product=TP-80&quantity=1.23456&unit=roll&day=2027-03-02", 422, "三位小数"),
        ("/schedule/if?kind=rush&product=TP-80&quantity=1&unit=stone&day=2027-03-02", 422, ""),
        ("/schedule/if?kind=rush&product=TP-80&quantity=1&unit=roll&day=xx", 400, ""),
        ("/company/line?id=%F0%9F%98%80", 404, "没有机台"),
    ],
)
async def test_bad_input_is_said_plainly(house: House, path: str, status: int, words: str) -> None:
    async with house.as_("is-production") as ma:
        answer = await ma.get(path)
    assert (answer.status_code, words in html.unescape(answer.text)) == (status, True), answer.text[:3000]
    assert "Traceback" not in answer.text


async def test_a_downtime_that_is_none_is_not_kept(house: House) -> None:
    async with house.as_("is-production") as ma:
        for wrong, status in (
            ({"ends": "2027-03-02T08:00"}, 400), ({"line": "L9"}, 404), ({"begins": "x"}, 400),
            ({"ends": "2027-02-28T08:00", "begins": "2027-02-27"}, 422),
        ):  # fmt: skip
            answer = await ma.sends("/schedule/downtime", **{**STANDS, **wrong})
            assert answer.status_code == status, wrong
        assert "没有停机" in await ma.reads("/schedule")


async def test_who_sees_the_plan_and_who_keeps_lines(house: House) -> None:
    for role in PEOPLE:
        async with house.as_(f"is-{role}") as who:
            assert (await who.get("/schedule")).status_code == (200 if role in READERS else 403), role
            assert ('href="/schedule"' in (await who.get("/company")).text) == (role in READERS), role
            assert (await who.get("/company/lines")).status_code == 200, role
            assert (await who.get("/company/line?id=L1")).status_code == 200, role
            assert (await who.get("/company/line/new")).status_code == (200 if role in KEEPERS else 403), role
            assert (await who.get("/company/line/edit?id=L1")).status_code == (
                200 if role in KEEPERS else 403
            ), role
            told = await who.sends("/schedule/downtime", **STANDS)
            assert told.status_code == (303 if role == "production" else 403), role


NEW = {
    "line": "L2", "name": "二号分切机", "products": "TP-80\nTP-57", "rate": "500", "unit": "roll", "set_up_hours": "0.5",
    "monday": "8:00～12:00、13:00-24:00",
}  # fmt: skip


async def test_a_line_is_entered_changed_and_its_history_kept(house: House) -> None:
    async with house.as_("wu") as wu:
        entered = await wu.sends("/company/line/new", **NEW)
        assert entered.headers["location"] == "/company/line?id=L2&said=entered", entered.text
        text = await wu.reads("/company/line?id=L2")
        assert "价目表里没有 TP-57" in text
        assert "08:00-12:00 13:00-24:00" in text
        twice = await wu.sends("/company/line/new", **NEW)
        assert (twice.status_code, "已经存在" in twice.text) == (409, True)
        seen = await wu.seen("/company/line/edit?id=L2")
        async with house.as_("is-production") as ma:
            theirs = await ma.seen("/company/line/edit?id=L2")
            assert (await ma.sends("/company/line/edit", **{**theirs, "rate": "600"})).status_code == 303
        stale = await wu.sends("/company/line/edit", **{**seen, "rate": "700"})
        assert stale.status_code == 409
        assert "600" in stale.text
    assert house.row("machine_lines", line="L2")["rate"] == 600
    change = newest_changes(house.engine, [RecordKind.MACHINE_LINE])[0]
    assert [(each.field, each.before, each.after) for each in change.fields] == [("rate", "500.00", "600.00")]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"rate": "0"}, "速度必须大于 0"),
        ({"rate": ""}, "每小时产量"),
        ({"rate": "x"}, "每小时产量"),
        ({"products": ""}, "没有写明能做的产品"),
        ({"monday": ""}, "一周没有一个班次"),
        ({"monday": "13:00-17:00 08:00-12:00"}, "周一的班次"),
        ({"monday": "08:00-12:00 11:00-17:00"}, "周一的班次"),
        ({"monday": "22:00-06:00"}, "周一的班次"),
        ({"monday": "八点到十二点"}, "不是班次"),
        ({"monday": "25:00-26:00"}, "不是班次"),
        ({"set_up_hours": "-1"}, "调机时间"),
        ({"crew": "机长"}, "不是人手"),
        ({"crew": "机长 1、机长 1"}, "同一工种写了两次"),
        ({"unit": "stone"}, "单位"),
    ],
)
async def test_a_line_that_could_make_nothing_is_refused(
    house: House, wrong: dict[str, str], words: str
) -> None:
    async with house.as_("is-production") as ma:
        answer = await ma.sends("/company/line/new", **{**NEW, **wrong})
    assert answer.status_code in (400, 409, 422), answer.status_code
    assert words in html.unescape(answer.text)
    assert "二号分切机" in answer.text, "what was typed is kept"


async def test_a_thousand_open_orders_are_planned_and_shown_in_little_time(house: House) -> None:
    rows = [
        {
            "number": f"20270201-{place:04}", "quantity": str(400 + place * 37 % 4000),
            "due": date(2027, 3, 1) + timedelta(days=place % 28),
        }
        for place in range(1000)
    ]  # fmt: skip
    lines = [imports.MachineLineRow.model_validate({**L1, "line": f"L{place}"}) for place in range(1, 7)]
    imports.import_machine_lines(house.engine, lines)
    orders(house, rows)
    async with house.as_("is-production") as ma:
        assert "待产 <b>1000</b>" in await ma.reads("/schedule")
        spent = []
        for _ in range(3):
            begun = clock.process_time()
            await ma.reads("/schedule")
            spent.append(clock.process_time() - begun)
    assert min(spent) < 0.3, spent
