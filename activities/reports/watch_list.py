"""What must be looked at today, and what left (R12, R13, R19, R32, R34, R35, R51, R73), from the order database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, select

from activities.reports.shipped_goods import left_within
from activities.store.holidays import calendar_around
from activities.store.staff_names import name_and_id, staff_names
from models.dossier.step_kinds import StepKind
from models.order.kinds.kind import KINDS
from models.reports.report import Cell, Column, Entry, Section, Window
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE, ONE_DAY, end_of
from models.values.vocabulary import Headline, PaymentMethod, Words

_OWED = (StepKind.WRITTEN_ORDER, StepKind.SHEET_OWED, StepKind.NOTICE_OWED)
_SOON = 2 * ONE_DAY
"""A promise is in danger when its day is so near and the goods are not in the warehouse (our choice)."""
_LEFT = [
    Column(zh="订单", en="order"), Column(zh="客户", en="customer"), Column(zh="承运人", en="carrier"),
    Column(zh="运单号", en="tracking number"), Column(zh="预计到货", en="expected"),
]  # fmt: skip
_AHEAD = 60 * ONE_DAY
"""So far ahead holidays count for what is promised today."""


def watch_list(connection: Connection, day: date) -> Iterator[Section]:
    """The watch list of a business day."""
    steps, orders, payments = table("open_steps"), table("orders"), table("payments")
    open_ones = (
        select(orders.c.number, orders.c.customer_name, steps.c.zh, steps.c.en, steps.c.due)
        .join(steps, steps.c.order_number == orders.c.number)
        .where(steps.c.closed_at.is_(None), orders.c.ending.is_(None))
        .order_by(steps.c.due, orders.c.number)
    )
    yield _section(
        connection,
        Words("超期事项", "overdue steps"),
        "R13",
        open_ones.where(is_overdue(day)),
        Words("{zh}，应于 {due}", "{en}, due {due}"),
    )
    yield _section(
        connection,
        Words("欠交单据", "owed papers"),
        "R12",
        open_ones.where(steps.c.kind.in_([kind.value for kind in _OWED])),
        Words("{zh}", "{en}"),
    )
    yield _section(
        connection,
        Words("未清现金", "uncleared cash"),
        "R35",
        select(orders.c.number, orders.c.customer_name, payments.c.amount, payments.c.taken_by)
        .join(payments, payments.c.order_number == orders.c.number)
        .where(
            payments.c.method == PaymentMethod.CASH.value,
            payments.c.cleared.is_(False),
            payments.c.bounced.is_(False),
            orders.c.ending.is_(None),
        )
        .order_by(orders.c.number),
        Words("¥{amount}，{taken_by} 收", "CNY {amount}, taken by {taken_by}"),
        staff_names(connection),
    )
    hanging = select(orders.c.number, orders.c.customer_name, orders.c.placed_at).where(
        orders.c.headline == Headline.HANGING.value, orders.c.ending.is_(None)
    )
    yield _section(
        connection,
        Words("悬单", "hanging orders"),
        "R19",
        hanging.order_by(orders.c.placed_at),
        Words("下单于 {placed_at}", "placed {placed_at}"),
    )
    yield _section(
        connection,
        Words("交期告急", "promises in danger"),
        "R34",
        select(orders.c.number, orders.c.customer_name, orders.c.promised)
        .where(in_danger(day))
        .order_by(orders.c.promised, orders.c.number),
        Words("预交日 {promised}", "promised {promised}"),
    )
    yield from _at_the_desk(connection, day)


def is_overdue(day: date) -> ColumnElement[bool]:
    """Open steps (`open_steps` joined with `orders`) whose limit was over before this day began (R13)."""
    return and_(
        table("open_steps").c.closed_at.is_(None),
        table("orders").c.ending.is_(None),
        table("open_steps").c.due < end_of(day - ONE_DAY),
    )


def in_danger(day: date) -> ColumnElement[bool]:
    """Orders whose promised day is near, or over, and whose goods are not in the warehouse (R34)."""
    orders = table("orders")
    return and_(
        orders.c.phase.in_(_before_the_warehouse()),
        orders.c.promised <= day + _SOON,
        orders.c.ending.is_(None),
    )


def _before_the_warehouse() -> list[str]:
    """The phases, of whatever kind of order, in which goods that are promised are not in the warehouse."""
    return sorted({phase.value for kind in KINDS.values() for phase in kind.before_the_warehouse})


def _at_the_desk(connection: Connection, day: date) -> Iterable[Section]:
    orders, pauses, desk = table("orders"), table("reminder_pauses"), table("desk_steps")
    promised = (
        select(orders.c.number, orders.c.customer_name, orders.c.open_balance, pauses.c.until)
        .join(pauses, pauses.c.subject.in_((orders.c.number, orders.c.customer)))
        .where(
            pauses.c.promised,
            pauses.c.until < day,
            orders.c.ending.is_(None),
            orders.c.number.in_(
                select(table("open_steps").c.order_number).where(
                    table("open_steps").c.key.in_(("balance", "account_balance")),
                    table("open_steps").c.closed_at.is_(None),
                )
            ),
        )
        .order_by(pauses.c.until, orders.c.number)
    )
    yield _section(
        connection,
        Words("承诺未付", "promises to pay that were not kept"),
        "R51",
        promised,
        Words("承诺 {until} 付款，尚欠 ¥{open_balance}", "promised for {until}, CNY {open_balance} open"),
    )
    waiting = connection.execute(
        select(desk).where(desk.c.closed_at.is_(None)).order_by(desk.c.due, desk.c.key)
    ).mappings()
    yield Section(
        zh="订单部待办",
        en="steps of the desk",
        rule="R47",
        entries=[
            Entry(order=row["order_number"], customer="", zh=row["zh"], en=row["en"]) for row in waiting
        ],
    )
    known = calendar_around(connection, day).years
    unknown = sorted({(day + ahead).year for ahead in (0 * ONE_DAY, _AHEAD)} - set(known))
    if unknown:
        years = ", ".join(str(year) for year in unknown)
        yield Section(
            zh="假日表",
            en="holidays",
            rule="R13",
            entries=[
                Entry(
                    order="",
                    customer="",
                    zh=f"没有 {years} 年的假日表，按周一至周五上班处理；请导入（starter.py import calendar FILE）",
                    en=f"nobody knows the holidays of {years}, plain week days are taken; import them "
                    "(starter.py import calendar FILE)",
                )
            ],
        )


def left_in(connection: Connection, window: Window) -> Iterator[Section]:
    """What was shipped in this time, with its tracking number (R73)."""
    orders, shipments = table("orders"), table("shipments")
    query = select(
        orders.c.number,
        orders.c.customer_name,
        shipments.c.carrier,
        shipments.c.tracking_number,
        shipments.c.expected_arrival,
    ).join(shipments, shipments.c.order_number == orders.c.number)
    yield _section(
        connection,
        Words("当日发货", "shipped today"),
        "R73",
        left_within(query, window).order_by(orders.c.number, shipments.c.shipment),
        Words(
            "{carrier} {tracking_number}，预计 {expected_arrival}",
            "{carrier} {tracking_number}, expected {expected_arrival}",
        ),
        columns=_LEFT,
    )


def _section(
    connection: Connection,
    title: Words,
    rule: str,
    query: Select[Any],
    said: Words,
    staff: Mapping[str, str] | None = None,
    columns: Sequence[Column] = (),
) -> Section:
    entries = []
    for row in connection.execute(query).mappings():
        values = {name: _cell(value) for name, value in row.items()}
        if staff is not None:
            values["taken_by"] = name_and_id(staff, row["taken_by"])
        words = said.filled(**values)
        cells: list[Cell] = [row[name] for name in row] if columns else []
        entries.append(
            Entry(order=row["number"], customer=row["customer_name"], zh=words.zh, en=words.en, cells=cells)
        )
    return Section(zh=title.zh, en=title.en, rule=rule, columns=list(columns), entries=entries)


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M")
    return "-" if value is None else value
