"""Reports from the order database (DOMAIN §7): what must be looked at today, and what left today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, Select, select
from temporalio import activity

from activities.database import reading
from activities.holidays import calendar_around
from models.calendar import BUSINESS_ZONE, ONE_DAY, end_of
from models.reports import Entry, Report, ReportKind, Section
from models.steps import StepKind
from models.tables import table
from models.vocabulary import Headline, Language, PaymentMethod, PhaseName, Words

_OWED = (StepKind.WRITTEN_ORDER, StepKind.SHEET_OWED, StepKind.NOTICE_OWED)
_BEFORE_THE_WAREHOUSE = (PhaseName.CONFIRMATION, PhaseName.PRODUCTION, PhaseName.INSPECTION)
_SOON = 2 * ONE_DAY
"""A promise is in danger when its day is so near and the goods are not in the warehouse (our choice)."""


class ReportRun(BaseModel):
    """Which report is to be written; without a day the one for which the schedule meant it."""

    kind: ReportKind
    day: date | None = None


class Written(BaseModel):
    """What became of a report."""

    day: date
    lines: int = 0
    file: str = ""
    is_holiday: bool = False


class Reporting:
    """Writes reports of one database into a folder."""

    def __init__(self, engine: Engine, folder: Path, language: Language) -> None:
        self._engine = engine
        self._folder = folder
        self._language = language

    @activity.defn(name="write_report", no_thread_cancel_exception=True)
    def write_report(self, asked: ReportRun) -> Written:
        """Write the report of a business day; writing it again replaces it. Nothing is written on holidays."""
        if asked.day is None:
            raise ValueError("a report is of a day")
        with reading(self._engine) as connection:
            if not calendar_around(connection, asked.day).is_working_day(asked.day):
                return Written(day=asked.day, is_holiday=True)
        report = report_of(self._engine, asked.kind, asked.day)
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{asked.kind.value}-{asked.day.isoformat()}.txt"
        target.write_text(report.text(self._language), encoding="utf-8")
        return Written(day=asked.day, lines=report.count, file=target.name)


def report_of(engine: Engine, kind: ReportKind, day: date) -> Report:
    """The report as of the end of that day's watch, from what is in the order database."""
    with reading(engine) as connection:
        sections = _watch(connection, day) if kind is ReportKind.WATCH_LIST else _left(connection, day)
        return Report(kind=kind, day=day, sections=list(sections))


def _watch(connection: Connection, day: date) -> Iterable[Section]:
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
        open_ones.where(steps.c.due < end_of(day - ONE_DAY)),
        Words("{zh},应于 {due}", "{en}, due {due}"),
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
        Words("¥{amount},{taken_by} 收", "CNY {amount}, taken by {taken_by}"),
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
        .where(
            orders.c.phase.in_([phase.value for phase in _BEFORE_THE_WAREHOUSE]),
            orders.c.promised <= day + _SOON,
            orders.c.ending.is_(None),
        )
        .order_by(orders.c.promised, orders.c.number),
        Words("预交日 {promised}", "promised {promised}"),
    )


def _left(connection: Connection, day: date) -> Iterable[Section]:
    orders, shipments = table("orders"), table("shipments")
    yield _section(
        connection,
        Words("当日发货", "shipped today"),
        "R73",
        select(
            orders.c.number,
            orders.c.customer_name,
            shipments.c.carrier,
            shipments.c.tracking_number,
            shipments.c.expected_arrival,
        )
        .join(shipments, shipments.c.order_number == orders.c.number)
        .where(shipments.c.shipped_at >= end_of(day - ONE_DAY), shipments.c.shipped_at < end_of(day))
        .order_by(orders.c.number),
        Words(
            "{carrier} {tracking_number},预计 {expected_arrival}",
            "{carrier} {tracking_number}, expected {expected_arrival}",
        ),
    )


def _section(connection: Connection, title: Words, rule: str, query: Select[Any], said: Words) -> Section:
    entries = []
    for row in connection.execute(query).mappings():
        values = {name: _shown(value) for name, value in row.items()}
        words = said.filled(**values)
        entries.append(Entry(order=row["number"], customer=row["customer_name"], zh=words.zh, en=words.en))
    return Section(zh=title.zh, en=title.en, rule=rule, entries=entries)


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M")
    return "-" if value is None else value
