"""Each figure of the board page against the company's reports, and against a count by hand over generated rows."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text, update

from activities.figures.board_figures import BoardFigures, board_figures
from activities.figures.orders_behind import Wanted, orders_behind
from activities.reports.report_maker import report_of
from activities.reports.statistics import responsible_in, shipped_in
from activities.store.database import reading, writing
from models.figures.ageing import Age, age_of
from models.figures.figure_names import KeyFigure
from models.figures.periods import Days, Span, days_of, weeks_up_to
from models.reports.report import ReportKind, Section
from models.tables.registry import table
from models.values.calendar import at, business_date

TODAY = date(2027, 3, 18)
NOW = at(TODAY, 15, 30)
PHASES = ("confirmation", "production", "clearance", "delivery", "settlement")
CAUSES = ("customer", "deposit", "material")
Row = dict[str, Any]


class Rows:
    """A company's quarter by chance, the same each time; what is put into the order database is kept here to be counted."""

    def __init__(self, count: int = 120) -> None:
        self.chance = random.Random(20270318)
        self.of: dict[str, list[Row]] = {
            name: []
            for name in ("orders", "order_lines", "shipments", "payments", "payment_receipts", "promises",
                         "open_steps", "journal")
        }  # fmt: skip
        for number in range(count):
            self.add(f"2027-{number:04}")

    def moment(self) -> datetime:
        """Any minute of the last hundred days, up to now."""
        return NOW - timedelta(minutes=self.chance.randrange(100 * 24 * 60))

    def amount(self) -> Decimal:
        """Up to a hundred thousand yuan."""
        return Decimal(self.chance.randrange(1, 10_000_000)).scaleb(-2)

    def add(self, number: str) -> None:
        """One order with all that may befall it."""
        chance, placed = self.chance, self.moment()
        ended, total = chance.random() < 0.5, self.amount()
        promised = business_date(placed) + timedelta(days=chance.randrange(5, 60))
        salesperson = chance.choice(["li", "bo"])
        self.of["orders"].append(
            {"number": number, "customer": chance.choice(["K1", "K2", "K3"]), "customer_name": "客户",
             "salesperson": salesperson, "placed_at": placed, "sequence": 5, "head": "", "epoch": 0,
             "phase": "ended" if ended else chance.choice(PHASES), "headline": "in_production",
             "ending": "settled" if ended else None, "ended_at": NOW if ended else None, "total": total, "bill": total,
             "open_balance": Decimal(0) if ended else chance.choice([total, Decimal(0), Decimal("-5.00")]),
             "first_promised": chance.choice([promised, None]), "promised": promised}
        )  # fmt: skip
        self.of["order_lines"].append(
            {"order_number": number, "line": 1, "product": "P", "quantity": Decimal(100), "unit": "roll",
             "unit_price": Decimal("12.345"), "amount": total, "passed": Decimal(0), "entered": Decimal(0),
             "shipped": Decimal(0)}
        )  # fmt: skip
        self.shipments(number, placed)
        self.money(number)
        self.of["promises"] += [
            {"order_number": number, "change": change, "cause": chance.choice(CAUSES) if change else "first",
             "promised_from": promised if change else None,
             "promised_to": promised + timedelta(days=chance.randrange(3)),
             "production_due_to": promised, "ship_date_to": promised, "happened_at": placed,
             "recorded_at": self.moment()}
            for change in range(chance.randrange(3))
        ]  # fmt: skip
        self.steps(number, placed, ended=ended)
        self.of["journal"] += [
            {"order_number": number, "epoch": 0, "sequence": sequence, "hash": f"{number}{sequence}",
             "previous": "", "kind": "phase", "subject": chance.choice(["production", "inspection"]),
             "happened_at": placed + timedelta(days=sequence), "recorded_at": NOW, "role": "system", "data": {}}
            for sequence in range(1, chance.randrange(1, 4))
        ]  # fmt: skip

    def shipments(self, number: str, placed: datetime) -> None:
        """None, one or two; some died."""
        self.of["shipments"] += [
            {"order_number": number, "shipment": str(name + 1), "quantities": {"1": "33.3"}, "carrier": "DB",
             "shipped_at": placed + timedelta(days=self.chance.randrange(40)), "collection": "none",
             "to_collect": Decimal(0), "remitted": Decimal(0), "freight_out": Decimal(0), "freight_back": Decimal(0),
             "dead_at": self.moment() if self.chance.random() < 0.1 else None}
            for name in range(self.chance.randrange(3))
        ]  # fmt: skip

    def money(self, number: str) -> None:
        """Payments: real, not yet real, bounced, another order's, and moved from another order."""
        for name in range(self.chance.randrange(4)):
            paid_at, bounced, elsewhere = (
                self.moment(),
                self.chance.random() < 0.2,
                self.chance.random() < 0.2,
            )
            moved_in = self.chance.random() < 0.2
            self.of["payments"].append(
                {"order_number": number, "reference": f"TX-{name}", "amount": self.amount(), "method": "bank",
                 "purpose": "balance", "paid_at": paid_at, "taken_by": "bank",
                 "confirmed": self.chance.random() < 0.8, "cleared": True, "bounced": bounced}
            )  # fmt: skip
            self.of["payment_receipts"].append(
                {"order_number": number, "reference": f"TX-{name}", "paid_at": paid_at, "bounced": bounced,
                 "claim": "" if moved_in else f"bank:tx-{number}-{name}", "corrected": False,
                 "elsewhere": elsewhere, "moved": Decimal(0)}
            )  # fmt: skip

    def steps(self, number: str, placed: datetime, *, ended: bool) -> None:
        """Some done, some open; of an order that has ended none is open."""
        for name in range(self.chance.randrange(5)):
            since = placed + timedelta(hours=self.chance.randrange(200))
            key = "balance" if name == 0 else f"step:{name}"
            done = ended or self.chance.random() < 0.4
            self.of["open_steps"].append(
                {"order_number": number, "key": key, "kind": "balance" if name == 0 else self.chance.choice(["ship", "hand_over"]),
                 "roles": [self.chance.choice(["finance", "shipper"])],
                 "people": self.chance.choice([[], ["zhang"], ["li", "zhang"]]), "rule": "R13", "since": since,
                 "due": since + timedelta(days=1), "blocking": True, "zh": "x", "en": "x", "command": "x",
                 "closed_at": since + timedelta(minutes=self.chance.randrange(9000)) if done else None}
            )  # fmt: skip

    def put(self, engine: Engine) -> None:
        """Into the order database."""
        with writing(engine) as connection:
            for name, rows in self.of.items():
                connection.execute(insert(table(name)), rows)

    def salesperson(self, number: str) -> str:
        return str(self.order(number)["salesperson"])

    def order(self, number: str) -> Row:
        return next(each for each in self.of["orders"] if each["number"] == number)


@pytest.fixture
def rows(engine: Engine) -> Rows:
    generated = Rows()
    generated.put(engine)
    return generated


def within(days: Days, moment: datetime | None) -> bool:
    return moment is not None and days.first <= business_date(moment) <= days.last


@pytest.fixture(params=["", "li"])
def salesperson(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_figure_is_what_a_person_counts(engine: Engine, rows: Rows, salesperson: str) -> None:
    """New, confirmed, shipped, collected, in danger, overdue, owed, punctual, slipped, waited: counted once more by hand."""
    shown = board_figures(engine, NOW, salesperson)
    mine = [each for each in rows.of["orders"] if salesperson in ("", each["salesperson"])]
    numbers = {each["number"] for each in mine}
    of = {name: [row for row in many if row.get("order_number") in numbers] for name, many in rows.of.items()}
    for flow in shown.flows:
        for span, figure in ((flow.span, flow.now), (flow.before_span, flow.before)):
            days = days_of(span, TODAY)
            found = by_hand(flow.figure, days, mine, of)
            assert (figure.count, figure.amount) == (len(found), sum(found, Decimal(0))), (flow.figure, span)
    assert_of_now(shown, mine, of)
    first = weeks_up_to(TODAY)[0].first
    for week in shown.weeks:
        left = [each for each in of["shipments"] if within(week.days, each["shipped_at"])]
        kept = [on_time(rows, each, "promised") for each in left]
        assert (week.shipments, week.current) == (len(left), sum(kept))
        assert week.first == sum(on_time(rows, each, "first_promised") for each in left)
    moved = [
        each
        for each in of["promises"]
        if each["promised_from"] not in (None, each["promised_to"])
        and business_date(each["recorded_at"]) >= first
    ]
    assert {each.cause: (each.moves, each.days) for each in shown.slips} == {
        cause: (
            sum(each["cause"] == cause for each in moved),
            sum(
                (each["promised_to"] - each["promised_from"]).days for each in moved if each["cause"] == cause
            ),
        )
        for cause in {each["cause"] for each in moved}
    }


def by_hand(figure: KeyFigure, days: Days, orders: list[Row], of: dict[str, list[Row]]) -> list[Decimal]:
    """The amounts of what falls into these days."""
    if figure is KeyFigure.NEW:
        return [each["total"] for each in orders if within(days, each["placed_at"])]
    if figure is KeyFigure.CONFIRMED:
        found = []
        for order in orders:
            entered = [each["happened_at"] for each in of["journal"]
                       if each["order_number"] == order["number"] and each["subject"] == "production"]  # fmt: skip
            if entered and within(days, min(entered)):
                found.append(order["total"])
        return found
    if figure is KeyFigure.SHIPPED:
        # 33.3 at 12.345 are 411.0885; both shipments together 822.177: to the fen 411.09 and 411.09, as the bill is 822.18
        return [Decimal("411.09") for each in of["shipments"] if within(days, each["shipped_at"])]
    receipts = {(each["order_number"], each["reference"]): each for each in of["payment_receipts"]}
    return [
        each["amount"]
        for each in of["payments"]
        if each["confirmed"] and not each["bounced"] and within(days, each["paid_at"])
        and not receipts[each["order_number"], each["reference"]]["elsewhere"]
        and receipts[each["order_number"], each["reference"]]["claim"]
    ]  # fmt: skip


def assert_of_now(shown: BoardFigures, orders: list[Row], of: dict[str, list[Row]]) -> None:
    """Danger, overdue, balances, dead orders, waits, top customers."""
    living = {each["number"]: each for each in orders if each["ending"] is None}
    near = [
        each["promised"] for each in living.values()
        if each["phase"] in ("confirmation", "production", "inspection") and each["promised"] <= TODAY + timedelta(days=2)
    ]  # fmt: skip
    assert shown.danger == [(day, near.count(day)) for day in sorted(set(near))]
    late = [
        (each["roles"][0], (each["people"] or [""])[0])
        for each in of["open_steps"]
        if each["closed_at"] is None and each["order_number"] in living and each["due"] < at(TODAY, 0)
    ]
    assert {(each.role, each.person): each.steps for each in shown.overdue} == {
        key: late.count(key) for key in late
    }
    asked = {each["order_number"]: business_date(each["since"]) for each in of["open_steps"]
             if each["key"] == "balance" and each["closed_at"] is None}  # fmt: skip
    for age in Age:
        owed = [each["open_balance"] for each in living.values()
                if each["open_balance"] > 0 and age_of(asked.get(each["number"]), TODAY) is age]  # fmt: skip
        assert shown.balances.amounts[age] == sum(owed, Decimal(0)), age
    month = days_of(Span.MONTH, TODAY)
    assert shown.dead[0][1].count == sum(within(month, each["dead_at"]) for each in of["shipments"])
    for wait in shown.waits:
        took = [(each["closed_at"] - each["since"]).total_seconds() for each in of["open_steps"]
                if each["kind"] == wait.kind and each["closed_at"] and NOW - timedelta(days=7) <= each["closed_at"] < NOW]  # fmt: skip
        assert wait.done == len(took)
        assert abs(float(wait.median_hours) - median(took) / 3600) <= 0.05
    quarter = days_of(Span.QUARTER, TODAY)
    bought = {
        customer: sum((each["total"] for each in orders
                       if each["customer"] == customer and within(quarter, each["placed_at"])), Decimal(0))
        for customer in ("K1", "K2", "K3")
    }  # fmt: skip
    assert [(each.customer, each.amount) for each in shown.top] == sorted(
        bought.items(), key=lambda each: -each[1]
    )


def on_time(rows: Rows, shipment: Row, promise: str) -> bool:
    promised = rows.order(shipment["order_number"])[promise]
    return promised is not None and business_date(shipment["shipped_at"]) <= promised


def _rows(section: Section) -> list[list[Any]]:
    return section.rows


def test_the_figures_are_those_of_the_company_s_reports(engine: Engine, rows: Rows) -> None:
    """R73, R34, R13, R86: the same week by the statistics, the same day by the watch list, the same quarter by the
    responsibility report."""
    shown = board_figures(engine, NOW)
    week, quarter = days_of(Span.BEFORE_WEEK, TODAY), days_of(Span.QUARTER, TODAY)
    with reading(engine) as connection:
        people, shipped = (_rows(each) for each in shipped_in(connection, week.window))
        moves = next(_rows(each) for each in responsible_in(connection, quarter.window) if each.rule == "R34")
    flow = shown.flow(KeyFigure.SHIPPED, Span.WEEK)
    assert flow.before.count == len(shipped) == sum(row[2] for row in people)
    assert flow.before.amount == sum((row[3] for row in people), Decimal(0))
    kept = shown.weeks[-2]
    assert kept.first == sum(int(row[4].split("/")[0]) for row in people)
    assert kept.current == sum(int(row[5].split("/")[0]) for row in people)
    watched = {each.en: each for each in report_of(engine, ReportKind.WATCH_LIST, TODAY).sections}
    assert sum(count for _, count in shown.danger) == len(watched["promises in danger"].entries)
    assert sum(each.steps for each in shown.overdue) == len(watched["overdue steps"].entries)
    assert sum(each.moves for each in shown.slips) == len(moves)
    assert sum(each.days for each in shown.slips) == sum(row[5] for row in moves)


def test_behind_each_figure_stands_the_list_that_it_counts(engine: Engine, rows: Rows) -> None:
    shown = board_figures(engine, NOW)
    for flow in shown.flows:
        for span, figure in ((flow.span, flow.now), (flow.before_span, flow.before)):
            behind = orders_behind(engine, Wanted(flow.figure, span), NOW)
            assert behind.counted.count == figure.count
            assert behind.total == len({each.number for each in behind.orders}) <= figure.count
    for day, count in shown.danger:
        assert orders_behind(engine, Wanted(KeyFigure.DANGER, day=day), NOW).total == count
    for each in shown.overdue:
        wanted = Wanted(KeyFigure.OVERDUE, role=each.role, person=each.person)
        assert orders_behind(engine, wanted, NOW).counted.count == each.steps
    for slip in shown.slips:
        wanted = Wanted(KeyFigure.SLIPS, Span.QUARTER, cause=slip.cause)
        assert orders_behind(engine, wanted, NOW).counted.count == slip.moves
    for week in shown.weeks:
        late = orders_behind(
            engine, Wanted(KeyFigure.LATE, week=week.days.first, promise="first_promised"), NOW
        )
        assert late.counted.count == week.shipments - week.first
    for wait in shown.waits:
        assert orders_behind(engine, Wanted(KeyFigure.WAITS, step=wait.kind), NOW).counted.count == wait.open
    for age in Age:
        owed = orders_behind(engine, Wanted(KeyFigure.BALANCES, age=age.value), NOW)
        assert owed.counted.amount == shown.balances.amounts[age]


def test_an_order_that_moved_on_is_worked_out_anew(engine: Engine, rows: Rows) -> None:
    """What is kept of an order counts only while the order stands where it stood (R45)."""
    before = board_figures(engine, NOW).flow(KeyFigure.SHIPPED, Span.MONTH).now
    lines, orders = table("order_lines"), table("orders")
    with writing(engine) as connection:
        connection.execute(update(lines).values(unit_price=Decimal("1.00")))
    assert board_figures(engine, NOW).flow(KeyFigure.SHIPPED, Span.MONTH).now == before
    with writing(engine) as connection:
        connection.execute(update(orders).values(sequence=6))
    after = board_figures(engine, NOW).flow(KeyFigure.SHIPPED, Span.MONTH).now
    assert (after.count, after.amount) == (before.count, before.count * Decimal("33.30"))


def test_nothing_is_nothing(engine: Engine) -> None:
    shown = board_figures(engine, NOW)
    assert not any(flow.now.count or flow.before.count for flow in shown.flows)
    assert (shown.danger, shown.overdue, shown.slips, shown.waits, shown.top) == ([], [], [], [], [])
    assert shown.weeks[0].first_share is None


HOT = (
    "select number from orders where placed_at >= '2027-03-01' and placed_at < '2027-03-08'",
    "select order_number from shipments where shipped_at >= '2027-03-01' and shipped_at < '2027-03-08'",
    "select order_number from payments where paid_at >= '2027-03-01' and paid_at < '2027-03-08'",
    "select order_number from journal where kind = 'phase' and subject = 'production' and happened_at > '2027-03-01'",
    "select kind from open_steps where closed_at is not null and closed_at >= '2027-03-01'",
    "select cause from promises where promised_from is not null and recorded_at >= '2027-03-01'",
    "select identity from outbox where paper = 'shipment_notice' and created_at >= '2027-03-01'",
)


def test_no_figure_reads_a_whole_table(engine: Engine) -> None:
    """Along their indexes, however many closed orders there are; asked of SQLite, whose planner needs no rows for that."""
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads a small table as a whole, rightly")
    with reading(engine) as connection:
        for statement in HOT:
            plan = " ".join(
                str(row[3]) for row in connection.execute(text(f"explain query plan {statement}"))
            )
            assert "SEARCH" in plan, (statement, plan)
            assert "SCAN" not in plan, (statement, plan)
