"""The list of orders: found by any part of a text, whoever wrote it; filtered, counted and added up; nothing scanned whole."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, delete, event, func, select, update

from activities.listing import exported
from activities.listing.exported import as_csv, as_workbook
from activities.listing.found import board_of, count_orders, every_order, find_orders, found_and_counted
from activities.listing.kept_views import MOST_VIEWS, drop_view, keep_view, rename_view, views_of
from activities.listing.order_words import gather_words, note_all
from activities.listing.urging import urge
from activities.listing.wanted import Wanted, wanted_of
from activities.orders.views.order_views import show_order
from activities.store import imports
from activities.store.database import engine_at, reading, upgrade, writing
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE
from models.values.errors import Code, Refusal
from models.values.vocabulary import Language, Role, Unit
from tests.activities.conftest import NOW
from tests.activities.test_lists import asked, orders_and_steps
from tests.benchmark.pages.bare_tables import copy_into
from tests.benchmark.pages.filling import fill as fill_much
from tests.postgres import ThrowawayPostgres

ORDERS, STEPS = orders_and_steps(60, seed=11)
CHANCE = random.Random(5)
for _order in ORDERS:
    _order |= {
        "phase": CHANCE.choice(("", "intake", "production", "clearance", "of_tomorrow")),
        "paid": Decimal(CHANCE.randint(0, 3)),
        "customer_order_number": None if CHANCE.random() < 0.3 else f" PO_{CHANCE.randint(1, 9)}% ",
    }
    if _order["ending"]:
        _order |= {"ending": CHANCE.choice(("settled", "dead")), "phase": "ended"}
LIVING = {order["number"] for order in ORDERS if order["ending"] is None}
OPEN = [step for step in STEPS if step["closed_at"] is None and step["order_number"] in LIVING]
FIRST, SECOND = sorted(order["number"] for order in ORDERS)[:2]


def new_url(kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if kind == "postgresql":
        server: ThrowawayPostgres = request.getfixturevalue("postgres")
        return server.url(server.create_database())
    return f"sqlite:///{tmp_path_factory.mktemp('listing') / 'orders.db'}"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def listed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Orders with every value now and then missing, with their lines, shipments and payments."""
    url = new_url(request.param, request, tmp_path_factory)
    upgrade(url)
    engine = engine_at(url)
    with writing(engine) as connection:
        connection.execute(table("orders").insert(), ORDERS)
        connection.execute(table("open_steps").insert(), STEPS)
    add_line(engine, FIRST, product="NCR-1", specification="80mm×50 防水")
    add_shipment(engine, FIRST, "SF 00812 345")
    add_payment(engine, SECOND, "YH%_'\\8")
    imports.import_customers(engine, [imports.CustomerRow(customer="c-2", name="深圳红枫纸业")])
    imports.import_prices(
        engine,
        [imports.PriceRow(product="NCR-1", name="无碳复写纸", unit=Unit.ROLL, unit_price=Decimal(1), valid_from=date(2026, 1, 1))],
    )  # fmt: skip
    yield engine
    engine.dispose()


def add_line(engine: Engine, number: str, **values: Any) -> None:
    nothing = dict.fromkeys(("quantity", "amount", "passed", "entered", "shipped"), Decimal(0))
    row = {"order_number": number, "line": 1, "unit": "roll", **nothing, **values}
    with writing(engine) as connection:
        connection.execute(table("order_lines").insert().values(row))


def add_shipment(engine: Engine, number: str, tracking: str) -> None:
    money = dict.fromkeys(("to_collect", "remitted", "freight_out", "freight_back"), Decimal(0))
    row = {"order_number": number, "shipment": tracking, "quantities": {}, "carrier": "德邦", "tracking_number": tracking,
           "shipped_at": NOW, "collection": "none", **money}  # fmt: skip
    with writing(engine) as connection:
        connection.execute(table("shipments").insert().values(row))


def add_payment(engine: Engine, number: str, reference: str) -> None:
    row = {"order_number": number, "reference": reference, "amount": Decimal(1), "method": "bank", "purpose": "balance",
           "paid_at": NOW, "taken_by": "", "confirmed": True, "cleared": True, "bounced": False}  # fmt: skip
    with writing(engine) as connection:
        connection.execute(table("payments").insert().values(row))


def numbers(engine: Engine, text: str, **more: Any) -> set[str]:
    return {order.number for order in find_orders(engine, Wanted(text=text, most=200, **more)).orders}


def of(condition: Callable[[dict[str, Any]], bool]) -> set[str]:
    return {order["number"] for order in ORDERS if condition(order)}


# --- found by any part of a text -----------------------------------------------------------------------------------


def test_an_order_is_found_by_any_part_of_what_stands_in_it(listed: Engine) -> None:
    for text in (
        "ncr-1",
        "NCR",
        "cr-",
        "80MM",
        "防水",
        "防",
        "无碳",
        "wtfxz",
        "wutan",
        "00812",
        "sf 00812",
        "SF 345",
    ):
        assert FIRST in numbers(listed, text), text
        assert SECOND not in numbers(listed, text) or text in ("00812",), text
    for text in ("YH%_'\\8", "%_'", "'\\8", "yh%"):
        assert numbers(listed, text) == {SECOND}, text
    assert numbers(listed, FIRST[4:11]) == of(lambda each: FIRST[4:11] in each["number"])
    assert numbers(listed, "beta") == of(lambda each: each["customer_name"] == "beta")
    assert numbers(listed, "nothing has this") == set()


def test_signs_mean_themselves_and_blanks_around_are_no_matter(listed: Engine) -> None:
    def has(sign: str) -> set[str]:
        return of(lambda each: sign in (each["customer_order_number"] or "")) | (
            {SECOND} if sign in "%_" else set()
        )

    assert numbers(listed, "%") == has("%")
    assert numbers(listed, "_") == has("_")
    assert numbers(listed, " po_3% ") == of(lambda each: each["customer_order_number"] == " PO_3% ")
    assert numbers(listed, "😀") == set()


def test_a_customer_is_found_by_code_name_initials_and_sounds(listed: Engine) -> None:
    theirs = of(lambda each: each["customer"] == "c-2")
    for text in ("c-2", "C-2", "红枫", "深圳红", "szhfzy", "hfz", "hongfeng", "HONGFENG"):
        assert numbers(listed, text) == theirs, text
    assert numbers(listed, "红枫 beta") == theirs & of(lambda each: each["customer_name"] == "beta")


def test_whoever_is_renamed_is_found_by_the_new_name(listed: Engine) -> None:
    imports.import_customers(listed, [imports.CustomerRow(customer="c-3", name="东莞长安包装")])
    assert numbers(listed, "dgca") == of(lambda each: each["customer"] == "c-3")
    imports.import_customers(listed, [imports.CustomerRow(customer="c-3", name="惠州永盛")])
    assert numbers(listed, "dgca") == set()
    assert numbers(listed, "hzys") == of(lambda each: each["customer"] == "c-3")


def test_whatever_changes_is_found_as_it_is_whoever_wrote_it(listed: Engine) -> None:
    orders, lines, shipments = table("orders"), table("order_lines"), table("shipments")
    number = "20270106-0001"
    with writing(listed) as connection:
        connection.execute(
            orders.insert().values(number=number, customer_name="甲乙丙", customer_order_number="OLD-1")
        )
    add_line(listed, number, product="P-1", specification="白卡")
    add_shipment(listed, number, "TRACK-1")
    assert numbers(listed, "甲乙") == numbers(listed, "old-1") == numbers(listed, "白卡") == {number}
    assert numbers(listed, "track-1") == numbers(listed, "jyb") == {number}
    with writing(listed) as connection:
        connection.execute(
            update(orders).where(orders.c.number == number).values(customer_order_number="NEW-1")
        )
        connection.execute(update(lines).where(lines.c.order_number == number).values(specification="牛皮"))
        connection.execute(
            update(shipments).where(shipments.c.order_number == number).values(tracking_number="T-2")
        )
    assert numbers(listed, "old-1") == numbers(listed, "白卡") == numbers(listed, "track-1") == set()
    assert numbers(listed, "new-1") == numbers(listed, "牛皮") == numbers(listed, "t-2") == {number}
    with writing(listed) as connection:
        for rows in (lines, shipments):
            connection.execute(delete(rows).where(rows.c.order_number == number))
        connection.execute(delete(orders).where(orders.c.number == number))
    assert numbers(listed, "new-1") == set()
    gather_words(listed)
    with reading(listed) as connection:
        words = table("order_words")
        assert connection.scalar(select(words.c.id).where(words.c.number == number)) is None


def test_contact_and_phone_are_those_of_the_request_and_of_its_changes(listed: Engine) -> None:
    request = {"request_id": "r", "customer": "c-1", "space": "", "content_hash": "", "number": FIRST, "placed_at": NOW,
               "start": {"request": {"contact": "王小芳", "phone": "0755-8800 1234"}}}  # fmt: skip
    entry = {"order_number": FIRST, "epoch": 0, "sequence": 1, "hash": "h", "previous": "", "kind": "fact",
             "subject": "amendment_requested", "happened_at": NOW, "recorded_at": NOW, "role": "customer",
             "data": {"content": {"changes": {"phone": "139-1111"}}}}  # fmt: skip
    with writing(listed) as connection:
        connection.execute(table("requests").insert().values(request))
        connection.execute(table("journal").insert().values(entry))
    for text in ("小芳", "wxf", "0755-8800", "07558800", "1391111"):
        assert FIRST in numbers(listed, text), text


def test_all_texts_gathered_anew_find_the_same(listed: Engine) -> None:
    before = {text: numbers(listed, text) for text in ("红枫", "2", "po_", "beta", "%")}
    note_all(listed)
    assert gather_words(listed) >= len(ORDERS)
    assert gather_words(listed) == 0
    assert {text: numbers(listed, text) for text in before} == before


def test_a_text_that_very_many_have_is_found_and_not_miscounted(
    listed: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [order.number for order in find_orders(listed, Wanted(text="2027", most=200)).orders]
    exact = count_orders(listed, Wanted(text="2027", open_only=True))
    for place in ("activities.listing.text_hits.BOUND", "activities.listing.found.BOUND"):
        monkeypatch.setattr(place, 10)
    cursor, found = "", list[str]()
    while True:
        page, counted = found_and_counted(listed, Wanted(text="2027", most=7, cursor=cursor))
        found += [order.number for order in page.orders]
        assert (counted.more, counted.count) == (True, 10)
        if not (cursor := page.next):
            break
    assert found == whole
    few = count_orders(listed, Wanted(text="2027", customer="c-2", status="dead"))
    assert (few.more, few.count) == (
        False,
        len(of(lambda each: each["customer"] == "c-2" and each["ending"] == "dead")),
    )
    assert exact.count == len(LIVING)


# --- filtered, counted and added up ----------------------------------------------------------------------------------


def due_before(role: str = "", person: str = "", before: datetime | None = None) -> set[str]:
    return {
        step["order_number"] for step in OPEN
        if (not role or role in asked(step)) and (not person or person in step["people"])
        and (before is None or step["due"] < before)
    }  # fmt: skip


def day_of(moment: datetime | None) -> Any:
    return moment.astimezone(BUSINESS_ZONE).date() if moment is not None else None


DAY, PROMISE = NOW.astimezone(BUSINESS_ZONE).date(), date(2027, 3, 2)
CASES: list[tuple[dict[str, str], Callable[[dict[str, Any]], bool]]] = [
    ({}, lambda each: True),
    ({"open": "yes"}, lambda each: each["ending"] is None),
    ({"open": "no"}, lambda each: each["ending"] is not None),
    ({"status": "in_production"}, lambda each: not each["ending"] and each["headline"] == "in_production"),
    ({"status": "settled"}, lambda each: each["ending"] == "settled"),
    ({"phase": "production"}, lambda each: each["phase"] == "production"),
    ({"phase": "intake"}, lambda each: each["phase"] in ("", "intake", "of_tomorrow")),
    ({"salesperson": "李明"}, lambda each: each["salesperson"] == "李明"),
    ({"customer": "c-1"}, lambda each: each["customer"] == "c-1"),
    ({"product": "NCR-1"}, lambda each: each["number"] == FIRST),
    ({"unpaid": "yes"}, lambda each: each["open_balance"] is not None and each["open_balance"] > 0),
    ({"amount_from": "2", "amount_to": "３"}, lambda each: each["total"] is not None and 2 <= each["total"] <= 3),
    ({"placed_from": DAY.isoformat()}, lambda each: each["placed_at"] is not None and day_of(each["placed_at"]) >= DAY),
    ({"placed_to": f"{DAY:%Y/%m/%d}"}, lambda each: each["placed_at"] is not None and day_of(each["placed_at"]) <= DAY),
    ({"ended_from": DAY.isoformat(), "ended_to": DAY.isoformat()}, lambda each: day_of(each["ended_at"]) == DAY),
    ({"promised_from": "2027-03-02", "promised_to": "2027-03-02"}, lambda each: each["promised"] == PROMISE),
    ({"waits_role": "finance"}, lambda each: each["number"] in due_before("finance")),
    ({"waits_person": 'a"b'}, lambda each: each["number"] in due_before(person='a"b')),
    ({"overdue": "yes"}, lambda each: each["number"] in due_before(before=NOW)),
    (
        {"overdue": "yes", "waits_role": "finance"},
        lambda each: each["number"] in due_before("finance", before=NOW),
    ),
    (
        {"q": "beta", "open": "yes", "sort": "-promised"},
        lambda each: each["customer_name"] == "beta" and not each["ending"],
    ),
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(CASES)))
def test_what_is_asked_for_is_found_counted_and_added_up(
    listed: Engine, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, fits = CASES[place]
    for walked in (3000, 0):
        monkeypatch.setattr("activities.listing.found._WALKED_ABOVE", walked)
        wanted, found = wanted_of(values, Wanted(most=4), NOW), list[str]()
        while True:
            page, counted = found_and_counted(listed, wanted)
            found += [order.number for order in page.orders]
            if not page.next:
                break
            wanted = replace(wanted, cursor=page.next)
        theirs = [each for each in ORDERS if fits(each)]
        assert len(found) == len(set(found)), "none twice"
        assert set(found) == {each["number"] for each in theirs}
        assert counted.count == len(theirs)
        assert counted.total == sum((each["total"] or 0 for each in theirs), Decimal(0))
        assert counted.paid == sum((each["paid"] for each in theirs), Decimal(0))
        assert counted.open == sum((max(each["open_balance"] or 0, 0) for each in theirs), Decimal(0))
        assert [row["number"] for row, _ in every_order(listed, replace(wanted, cursor=""), 100)] == found


def test_what_has_waited_for_longer_than_so_many_days(listed: Engine) -> None:
    asked_for = {"waits_role": "finance", "waits_days": "2"}
    two_days = NOW + timedelta(days=2)
    assert find_orders(listed, wanted_of(asked_for, Wanted(most=200), two_days)).orders == []
    later = find_orders(
        listed, wanted_of(asked_for, Wanted(most=200), two_days + timedelta(seconds=1))
    ).orders
    assert {order.number for order in later} == due_before("finance")


def test_a_promise_in_danger_is_what_the_watch_list_says(listed: Engine) -> None:
    day = date(2027, 3, 1)
    moment = datetime(2027, 3, 1, 12, tzinfo=BUSINESS_ZONE)
    found = find_orders(listed, wanted_of({"danger": "yes"}, Wanted(most=200), moment)).orders
    assert {order.number for order in found} == of(
        lambda each: each["phase"] in ("production", "inspection", "confirmation", "verification")
        and each["promised"] is not None and each["promised"] <= day + timedelta(days=2)
    )  # fmt: skip
    assert found


@pytest.mark.parametrize(
    ("name", "value"),
    [("status", "x"), ("phase", "x"), ("waits_role", "x"), ("open", "maybe"), ("overdue", "no"), ("placed_from", "soon"),
     ("ended_to", "5/1/2026"), ("amount_from", "much"), ("amount_to", "NaN"), ("amount_to", "1e99"), ("sort", "x"),
     ("amount_from", "0.001"), ("q", "a\0b"), ("cursor", "\ud800"), ("waits_days", "x"), ("waits_days", "0"),
     ("waits_days", "-1"), ("waits_days", "99999")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_where_it_stands(name: str, value: str) -> None:
    with pytest.raises(Refusal) as refused:
        wanted_of({name: value}, Wanted(), NOW)
    assert (refused.value.code, refused.value.where) == (Code.MALFORMED, name)


def test_what_a_caller_may_not_see_is_neither_found_nor_counted(listed: Engine) -> None:
    for seen, fits in (
        (Wanted(only_of=("li",)), lambda each: each["salesperson"] == "li"),
        (Wanted(customers=("c-1",)), lambda each: each["customer"] == "c-1"),
    ):
        for values in ({}, {"q": "2027"}, {"salesperson": "ali"}, {"customer": "c-2"}):
            wanted = replace(wanted_of(values, seen, NOW), most=200)
            found = {order.number for order in find_orders(listed, wanted).orders}
            assert found <= of(fits), values
            assert count_orders(listed, wanted).count == len(found)
        assert sum(column.count for column in board_of(listed, seen, 3)) == len(
            of(fits) & of(lambda each: not each["ending"])
        )


def test_every_open_order_is_on_the_board_or_counted_in_its_column(listed: Engine) -> None:
    columns = board_of(listed, Wanted(), 3)
    assert sum(column.count for column in columns) == len(LIVING)
    for column in columns:
        whole = find_orders(
            listed, Wanted(phase=column.phase.value, open_only=True, sort="promised", most=200)
        ).orders
        assert [order.number for order in column.orders] == [order.number for order in whole][:3]
        assert column.count == len(whole)


# --- taken away, kept, urged -----------------------------------------------------------------------------------------


def test_a_table_has_all_that_is_found_and_no_formula(
    listed: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = table("orders")
    evil = "=HYPERLINK(1)"
    with writing(listed) as connection:
        connection.execute(update(orders).where(orders.c.number == FIRST).values(customer_name=evil))
    try:
        names = {"li": "李明"}
        sheet = openpyxl.load_workbook(io.BytesIO(as_workbook(listed, Wanted(), Language.ZH, names))).active
        assert sheet is not None
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[0][:4] == ("订单号", "客户单号", "客户编号", "客户")
        assert [row[0] for row in rows[1:]] == sorted((each["number"] for each in ORDERS), reverse=True)
        cells = [cell for row in rows for cell in row if isinstance(cell, str)]
        assert f"'{evil}" in cells
        assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
        total = sum(Decimal(str(row[14] or 0)) for row in rows[1:])
        assert total == count_orders(listed, Wanted()).total
        text = as_csv(listed, Wanted(customer="c-2"), Language.EN, names).decode("utf-8-sig")
        assert text.startswith("order,customer's number,customer,name,")
        assert text.count("\r\n") == 1 + len(of(lambda each: each["customer"] == "c-2"))
    finally:
        was = next(each["customer_name"] for each in ORDERS if each["number"] == FIRST)
        with writing(listed) as connection:
            connection.execute(update(orders).where(orders.c.number == FIRST).values(customer_name=was))
    monkeypatch.setattr(exported, "MOST_EXPORTED", len(ORDERS))
    assert as_csv(listed, Wanted(), Language.ZH, {})
    monkeypatch.setattr(exported, "MOST_EXPORTED", len(ORDERS) - 1)
    for make in (as_csv, as_workbook):
        with pytest.raises(Refusal) as refused:
            make(listed, Wanted(), Language.ZH, {})
        assert refused.value.code is Code.TOO_LARGE


def test_a_view_is_kept_renamed_and_dropped_by_its_person_alone(listed: Engine) -> None:
    assert (
        keep_view(
            listed, "li", "  我的 超期 ", {"overdue": "yes", "sort": "promised", "evil": "x", "q": ""}, NOW
        )
        == "我的 超期"
    )
    keep_view(listed, "li", "另一个", {"open": "yes"}, NOW)
    keep_view(listed, "ali", "另一个", {}, NOW)
    (kept,) = [view for view in views_of(listed, "li") if view.name == "我的 超期"]
    assert kept.asked == {"overdue": "yes", "sort": "promised"}
    for wrong, code in (
        ("", Code.MISSING_FIELD),
        ("长" * 41, Code.TOO_LARGE),
        ("另一个", Code.CONTRADICTION),
    ):
        with pytest.raises(Refusal) as refused:
            rename_view(listed, "li", "我的 超期", wrong)
        assert refused.value.code is code
    rename_view(listed, "li", "我的 超期", "急")
    with pytest.raises(Refusal):
        rename_view(listed, "li", "我的 超期", "没有了")
    drop_view(listed, "li", "另一个")
    drop_view(listed, "li", "另一个")
    assert [view.name for view in views_of(listed, "li")] == ["急"]
    assert [view.name for view in views_of(listed, "ali")] == ["另一个"]
    for number in range(MOST_VIEWS - 1):
        keep_view(listed, "li", f"视图{number}", {}, NOW)
    with pytest.raises(Refusal):
        keep_view(listed, "li", "太多", {}, NOW)
    keep_view(listed, "li", "急", {"open": "no"}, NOW)


def test_what_waits_is_urged_once_an_hour(listed: Engine) -> None:
    number = OPEN[0]["order_number"]
    steps = show_order(listed, number).order.steps
    inside = [step for step in steps if set(step.roles) - {Role.CUSTOMER.value}]
    assert urge(listed, number, steps, "li", NOW) == len(inside) > 0
    assert urge(listed, number, steps, "li", NOW) == 0
    assert urge(listed, number, steps, "li", NOW + timedelta(hours=1)) == len(inside)
    outbox = table("outbox")
    with reading(listed) as connection:
        told = connection.execute(select(outbox).where(outbox.c.order_number == number)).mappings().all()
    assert {row["paper"] for row in told} == {"step_urged"}
    assert all("催办" in row["zh"] and row["roles"] for row in told)


# --- along indices ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def much(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """More orders, as the measurements make them."""
    url = new_url(request.param, request, tmp_path_factory)
    upgrade(url)
    engine = engine_at(url)
    if request.param == "sqlite":
        fill_much(engine, NOW, 60, 240, customers=100)
    else:
        made = engine_at(new_url("sqlite", request, tmp_path_factory))
        upgrade(made.url.render_as_string())
        fill_much(made, NOW, 60, 240, customers=100)
        copy_into(made, engine)
        made.dispose()
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("vacuum analyze")
    yield engine
    engine.dispose()


@contextmanager
def heard(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    asked_for: list[tuple[str, Any]] = []

    def hear(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        asked_for.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", hear)
    yield asked_for
    event.remove(engine, "before_cursor_execute", hear)


HOT = {
    "all": {}, "open": {"open": "yes"}, "ended": {"open": "no", "sort": "-ended_at"}, "settled": {"status": "settled"},
    "status": {"status": "in_production"}, "phase": {"open": "yes", "phase": "clearance"}, "overdue": {"overdue": "yes"},
    "finance": {"waits_role": "finance"}, "person": {"waits_person": "finance-1"}, "danger": {"danger": "yes"},
    "salesperson": {"salesperson": "salesperson-3"}, "customer": {"customer": "K0042"}, "product": {"product": "TP-007"},
    "placed": {"placed_from": "2027-01-01", "placed_to": "2027-01-03"}, "amount": {"amount_from": "1", "amount_to": "9999"},
    "by balance": {"sort": "-open_balance"}, "by name": {"sort": "customer_name"}, "by total": {"sort": "-total"},
    "number": {"q": "-0001"}, "name": {"q": "红枫"}, "initials": {"q": "szhf"}, "one sign": {"q": "红"}, "code": {"q": "tp-007"},
}  # fmt: skip
LARGE = ("orders", "open_steps", "order_lines", "order_words", "journal", "shipments", "payments")


@pytest.mark.parametrize("name", HOT)
def test_no_hot_question_reads_a_table_from_end_to_end(much: Engine, name: str) -> None:
    """On PostgreSQL the planner, which rightly reads a small table whole, is asked whether it has another way."""
    wanted = wanted_of(HOT[name], Wanted(), NOW)
    with heard(much) as questions:
        found_and_counted(much, wanted)
    plans = explained(much, [each for each in questions if each[0].startswith("SELECT")])
    assert plans
    for plan in plans:
        for line in plan.splitlines():
            for large in LARGE:
                whole = f"Seq Scan on {large}" in line or (line == f"SCAN {large}")
                assert not whole, plan


def explained(engine: Engine, questions: list[tuple[str, Any]]) -> list[str]:
    how = "explain query plan" if engine.dialect.name == "sqlite" else "explain"
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("set local enable_seqscan = off")
        return [
            "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{how} {statement}", parameters))
            for statement, parameters in questions
        ]


def test_every_table_that_orders_are_found_by_says_what_changed(much: Engine) -> None:
    """A migration that makes one of these tables anew must make its triggers anew."""
    known = (
        "select name from sqlite_master where type = 'trigger'" if much.dialect.name == "sqlite"
        else "select tgname from pg_trigger where not tgisinternal"
    )  # fmt: skip
    with reading(much) as connection:
        found = set(connection.exec_driver_sql(known).scalars())
        count = connection.scalar(select(func.count()).select_from(table("order_words")))
    tables = ("orders", "requests", "order_lines", "shipments", "payments", "transfers")
    assert {f"{name}_words_{change}" for name in tables for change in ("in", "out", "other")} <= found
    assert {"journal_words_in", "journal_words_out"} <= found
    assert count == 300
