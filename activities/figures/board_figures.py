"""All figures of the board page at one moment (R85, R86)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine

from activities.figures import punctuality, standing, taken_in
from activities.store.database import reading, writing
from activities.store.upsert import TableRow, upsert_all
from models.figures.ageing import Aged, aged
from models.figures.figure_names import Counted, KeyFigure
from models.figures.periods import COMPARED, Days, Span, days_of, weeks_up_to
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Refusal

WAITED = timedelta(days=7)
"""Steps that were done so lately tell where orders wait."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One figure of a time beside that of the whole time before."""

    figure: KeyFigure
    span: Span
    now: Counted
    before_span: Span
    before: Counted


@dataclass(frozen=True, slots=True)
class BoardFigures:
    """What the board page shows. `at` is the moment of all of it."""

    at: datetime
    flows: list[Flow]
    danger: list[tuple[date, int]]
    overdue: list[standing.Overdue]
    balances: Aged
    debtors: list[Aged]
    weeks: list[punctuality.Kept]
    slips: list[punctuality.Slip]
    waits: list[punctuality.Wait]
    recalled: Counted
    dead: list[tuple[Span, Counted]]
    top: list[standing.Buyer]

    def flow(self, figure: KeyFigure, span: Span) -> Flow:
        """One of the flows."""
        return next(each for each in self.flows if (each.figure, each.span) == (figure, span))


def board_figures(engine: Engine, now: datetime, salesperson: str = "") -> BoardFigures:
    """Everything at this moment, of one salesperson's orders or of all. Raises the refusals of `database.reading`."""
    today = business_date(now)
    keep_amounts(engine, today)
    quarter = days_of(Span.QUARTER, today).window
    with reading(engine) as connection:
        everything, customers = aged(standing.balances_now(connection, salesperson), today)
        return BoardFigures(
            at=now,
            flows=[
                Flow(
                    figure,
                    span,
                    flow_of(connection, figure, days_of(span, today), salesperson),
                    before,
                    flow_of(connection, figure, days_of(before, today), salesperson),
                )
                for figure in (KeyFigure.NEW, KeyFigure.CONFIRMED, KeyFigure.SHIPPED, KeyFigure.COLLECTED)
                for span, before in COMPARED
            ],
            danger=standing.danger_by_day(connection, today, salesperson),
            overdue=standing.overdue_by_role(connection, today, salesperson),
            balances=everything,
            debtors=customers,
            weeks=punctuality.kept_in(connection, weeks_up_to(today), salesperson),
            slips=punctuality.slips_by_cause(connection, quarter, salesperson),
            waits=punctuality.waits_by_step(connection, now - WAITED, now, salesperson),
            recalled=taken_in.counted(connection, standing.recalled_now(salesperson)),
            dead=[
                (
                    span,
                    taken_in.counted(connection, standing.dead_in(days_of(span, today).window, salesperson)),
                )
                for span in (Span.MONTH, Span.BEFORE_MONTH, Span.QUARTER)
            ],
            top=standing.top_customers(connection, quarter, salesperson),
        )


def flow_of(connection: Connection, figure: KeyFigure, days: Days, salesperson: str = "") -> Counted:
    """New, confirmed, shipped or collected in some days."""
    window = days.window
    if figure is KeyFigure.SHIPPED:
        return taken_in.shipped(connection, window, salesperson)
    ask = {
        KeyFigure.NEW: taken_in.new_orders,
        KeyFigure.CONFIRMED: taken_in.confirmed_orders,
        KeyFigure.COLLECTED: taken_in.money_in,
    }[figure]
    return taken_in.counted(connection, ask(window, salesperson))


def keep_amounts(engine: Engine, today: date) -> None:
    """Keep what is not kept yet of the amounts of this month's shipments and the last's: each is worked out once.

    A database that cannot be written to now costs time and no figure.
    """
    days = Days(
        min(days_of(span, today).first for _, span in COMPARED),
        max(days_of(span, today).last for span, _ in COMPARED),
    )
    with reading(engine) as connection:
        rows = taken_in.amounts_to_keep(connection, days.window)
    if not rows:
        return
    kept = table("shipped_amounts")
    with suppress(Refusal), writing(engine) as connection:
        upsert_all(
            connection,
            [
                TableRow(
                    kept,
                    {name: row[name] for name in ("order_number", "shipment")},
                    {name: row[name] for name in ("epoch", "sequence", "amount")},
                )
                for row in rows
            ],
        )
