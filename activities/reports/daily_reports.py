"""The daily production report 生产日报 that is owed while orders are in production: asked for, closed, missed (R171).

One step of the desk a working day, for production, that names the orders. A report of any day closes that day and
those before it; a day whose report had not come in time stays missed, and is counted (R86).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, RowMapping, String, cast, select, update
from temporalio import activity

from activities.facts.desk_steps import close_step, open_step
from activities.notices.outbox import OF_THE_DESK, enter_row
from activities.store.company_files import read_policy
from activities.store.database import reading, writing
from activities.store.holidays import calendar_around
from activities.store.upsert import insert_into
from models.dossier.journal import EntryKind, JournalEntry
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.reports.desk_steps import DeskStepKind, desk_step, step_key
from models.reports.production_duty import DutyDone, DutyRun
from models.reports.report import Window
from models.tables.registry import table
from models.values.calendar import ONE_DAY, at, business_date
from models.values.vocabulary import Role, Words

RULE = "R171"
REPORTED = "production_reported"
_MOST_NAMED = 20
"""So many orders stand in the words of a step; the page names them all."""


class OwedReport(BaseModel):
    """One day's report. Times UTC. `late`: it came after its time, or has not come and its time is over."""

    day: date
    due: datetime
    orders: list[str]
    people: list[str]
    reported_at: datetime | None
    reported_by: str
    missed_at: datetime | None


class ProductionDuty(BaseModel):
    """One line of an order that is being made: what production reports about. Quantities in the line's unit."""

    order_number: str
    customer_name: str
    line: int
    product: str
    specification: str
    quantity: str
    unit: str
    promised: date | None


class DailyReports:
    """Asks for the reports of one database."""

    def __init__(self, engine: Engine, policy: Path) -> None:
        """`policy`: the file that says until when a day's report is due."""
        self._engine, self._policy = engine, policy

    @activity.defn(name="watch_reports", no_thread_cancel_exception=True)
    def watch_reports(self, run: DutyRun) -> DutyDone:
        """Ask for the day's report where one is owed, and note the days that went without; done again it changes nothing.

        Raises Refusal where database or policy file cannot be used.
        """
        minutes = read_policy(self._policy).daily_report.due_minutes
        with writing(self._engine) as connection:
            missed = note_missed(connection, run.now)
            asked = ask_for(connection, run.day, run.now, minutes)
        return DutyDone(day=run.day, asked=asked, missed=missed)


def in_production(connection: Connection) -> list[str]:
    """The orders that are being made now, by number; orders to try with are nobody's duty."""
    steps, orders, tried = table("open_steps"), table("orders"), table("sandbox_orders")
    query = (
        select(orders.c.number)
        .distinct()
        .join(steps, steps.c.order_number == orders.c.number)
        .where(
            steps.c.kind == StepKind.PRODUCE.value,
            steps.c.closed_at.is_(None),
            orders.c.ending.is_(None),
            orders.c.number.not_in(select(tried.c.number)),
        )
        .order_by(orders.c.number)
    )
    return list(connection.scalars(query))


def ask_for(connection: Connection, day: date, now: datetime, due_minutes: int) -> bool:
    """Open the day's step, and tell production; False on a holiday, where nothing is made, or it was asked before."""
    if not calendar_around(connection, day).is_working_day(day):
        return False
    orders = in_production(connection)
    if not orders:
        return False
    reports, staff = table("daily_reports"), table("staff")
    has_role = cast(staff.c.roles, String).like(f'%"{Role.PRODUCTION.value}"%')
    people = list(connection.scalars(select(staff.c.person).where(has_role).order_by(staff.c.person)))
    due = at(day, due_minutes // 60, due_minutes % 60) if due_minutes < 24 * 60 else at(day + ONE_DAY, 0)
    row = {"day": day, "asked_at": now, "due": due, "orders": orders, "people": people, "reported_by": ""}
    entered = connection.execute(
        insert_into(connection, reports).values(row).on_conflict_do_nothing().returning(reports.c.day)
    ).all()
    if not entered:
        return False
    named = ", ".join(orders[:_MOST_NAMED]) + (" …" if len(orders) > _MOST_NAMED else "")
    about = {"day": day.isoformat(), "orders": named}
    step = desk_step(
        DeskStepKind.DAILY_REPORT, day.isoformat(), now, rule=RULE, roles=(Role.PRODUCTION,), **about
    )
    open_step(connection, step.model_copy(update={"due": due}))
    enter_row(
        connection,
        order=OF_THE_DESK,
        identity=f"{Paper.DAILY_REPORT.value}:{day.isoformat()}",
        paper=Paper.DAILY_REPORT,
        to=(Role.PRODUCTION,),
        words=Words(Paper.DAILY_REPORT.zh, Paper.DAILY_REPORT.en).filled(**about),
        rule=RULE,
        created_at=now,
        content=None,
    )
    return True


def note_missed(connection: Connection, now: datetime) -> list[date]:
    """Mark the days whose time is over without a report; those that were marked now."""
    reports = table("daily_reports")
    over = (reports.c.reported_at.is_(None), reports.c.missed_at.is_(None), reports.c.due <= now)
    marked = update(reports).where(*over).values(missed_at=now).returning(reports.c.day)
    return sorted(connection.scalars(marked))


def close_by_reports(connection: Connection, entries: Iterable[JournalEntry]) -> None:
    """R171: what production reports closes its business day and the days before, in the transaction that records it."""
    told = [each for each in entries if each.kind is EntryKind.FACT and each.subject == REPORTED]
    for entry in told:
        close_days(connection, business_date(entry.happened_at), entry.recorded_at, entry.by)


def close_days(connection: Connection, day: date, now: datetime, by: str) -> list[date]:
    """The report of this day is there: it and those before it are owed no more; the days that were closed now.

    One that comes after its time was missed.
    """
    reports = table("daily_reports")
    open_days = select(reports.c.day, reports.c.due, reports.c.missed_at).where(
        reports.c.day <= day, reports.c.reported_at.is_(None)
    )
    closed = list(connection.execute(open_days))
    for row in closed:
        missed = row.missed_at or (now if now > row.due else None)
        connection.execute(
            update(reports)
            .where(reports.c.day == row.day)
            .values(reported_at=now, reported_by=by, missed_at=missed)
        )
        key = step_key(DeskStepKind.DAILY_REPORT, row.day.isoformat())
        close_step(connection, key, now, by=by, resolution=REPORTED)
    return [row.day for row in closed]


def report_nothing(engine: Engine, day: date, now: datetime, by: str) -> list[date]:
    """Production says that nothing was made up to this day; the days that were closed by it."""
    with writing(engine) as connection:
        return close_days(connection, day, now, by)


def owed_reports(engine: Engine, now: datetime) -> list[OwedReport]:
    """The days whose report is still owed, the oldest first."""
    reports = table("daily_reports")
    query = select(reports).where(reports.c.reported_at.is_(None), reports.c.asked_at <= now)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(reports.c.day)).mappings().all()
    return [OwedReport.model_validate(dict(row)) for row in rows]


def missed_in(connection: Connection, window: Window) -> list[OwedReport]:
    """The days of a period whose report came late or not at all (R86), by day."""
    reports = table("daily_reports")
    query = select(reports).where(reports.c.due >= window.since, reports.c.due < window.until)
    found = [_owed(row) for row in connection.execute(query.order_by(reports.c.day)).mappings()]
    return [each for each in found if each.missed_at is not None or each.reported_at is None]


def _owed(row: RowMapping) -> OwedReport:
    return OwedReport.model_validate(dict(row))


def being_made(engine: Engine) -> list[ProductionDuty]:
    """Every line that is being made, by order and line: what a day's report is about."""
    orders, lines, steps = table("orders"), table("order_lines"), table("open_steps")
    with reading(engine) as connection:
        numbers = in_production(connection)
        open_lines = {
            (row.order_number, row.key)
            for row in connection.execute(
                select(steps.c.order_number, steps.c.key).where(
                    steps.c.order_number.in_(numbers),
                    steps.c.kind == StepKind.PRODUCE.value,
                    steps.c.closed_at.is_(None),
                )
            )
        }
        query = (
            select(lines, orders.c.customer_name, orders.c.promised)
            .join(orders, orders.c.number == lines.c.order_number)
            .where(lines.c.order_number.in_(numbers))
            .order_by(orders.c.promised, lines.c.order_number, lines.c.line)
        )
        rows = connection.execute(query).mappings().all()
    return [
        ProductionDuty(
            order_number=row["order_number"],
            customer_name=row["customer_name"],
            line=row["line"],
            product=row["product"],
            specification=row["specification"],
            quantity=format(row["quantity"], "f"),
            unit=row["unit"],
            promised=row["promised"],
        )
        for row in rows
        if (row["order_number"], f"produce:{row['line']}") in open_lines
    ]
