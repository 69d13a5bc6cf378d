"""What cards tell of orders and their customers, read for all cards of a page at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, and_, func, select

from activities.desk.requests_now import requests_now
from activities.desk.sheets_printed import sheets_printed
from activities.scheduling.outlooks import outlooks_of
from activities.store.database import reading
from activities.store.staff_names import staff_names
from models.dossier.step_kinds import StepKind
from models.forms.cards import facts_of_orders as of
from models.forms.cards import facts_of_schedule as schedule
from models.forms.cards.card import Asked
from models.forms.cards.make_card import row_of
from models.forms.cards.order_seen import (
    InspectionSeen,
    LineSeen,
    LotSeen,
    OrderSeen,
    PastOrder,
    PaymentSeen,
    ReleaseSeen,
    ShipmentSeen,
    Trade,
    WeekLoad,
)
from models.policy import SchedulePolicy
from models.tables.registry import table
from models.values.calendar import ONE_DAY, business_date
from models.values.money import ZERO
from models.values.vocabulary import (
    Collection,
    Ending,
    Headline,
    PaymentMethod,
    PaymentTerms,
    Term,
    Unit,
    Words,
)

_MOST_OF_ONE_CUSTOMER = 12
"""So many of a customer's orders and trades are looked through for the few that a card shows."""
_MONEY_STEPS = (StepKind.DEPOSIT, StepKind.PREPAYMENT, StepKind.BALANCE, StepKind.ACCOUNT_BALANCE)
_TERMS: dict[str, Term] = {
    each.value: each
    for terms in (Collection, Ending, Headline, PaymentMethod, PaymentTerms, Unit)
    for each in terms
}
_ONE_DAY = SchedulePolicy()
_NO_STATE = Words("受理中", "being taken in")


def _words(value: str | None) -> Words:
    term = _TERMS.get(value or "")
    return Words(term.zh, term.en) if term is not None else Words(value or "", value or "")


def orders_seen(
    engine: Engine,
    asked: Mapping[str, Sequence[Asked]],
    now: datetime,
    schedule_policy: SchedulePolicy = _ONE_DAY,
) -> dict[str, OrderSeen]:
    """These orders as their cards tell of them; `asked` names what is asked of each. One that is not known is left out."""
    numbers = sorted(asked)
    with reading(engine) as connection:
        return _Read(connection, numbers, asked, now, schedule_policy).all()


@dataclass(slots=True)
class _Read:
    connection: Connection
    numbers: list[str]
    asked: Mapping[str, Sequence[Asked]]
    now: datetime
    schedule: SchedulePolicy
    orders: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def all(self) -> dict[str, OrderSeen]:
        """Each order with everything that its cards show."""
        orders = table("orders")
        rows = self.connection.execute(select(orders).where(orders.c.number.in_(self.numbers))).mappings()
        self.orders = {row["number"]: dict(row) for row in rows}
        if not self.orders:
            return {}
        self.numbers = sorted(self.orders)
        names = staff_names(self.connection)
        started = requests_now(self.connection, self.orders)
        lines = self._lines(started)
        sheets = sheets_printed(
            self.connection, self._with(lambda row: row.compared or _of_a_sheet(row.facts))
        )
        trades = self._trades(self._with(lambda row: row.tells(of.last_trades)), lines)
        past = self._past_orders(self._with(lambda row: row.tells(of.past_orders)))
        late = self._late(self._with(lambda row: row.tells(of.days_late)))
        loads = self._loads(self._with(lambda row: row.tells(of.week_load)))
        dating = self._with(lambda row: row.tells(schedule.proposed))
        outlooks = outlooks_of(
            self.connection,
            {number: started[number].wanted_date if number in started else None for number in dating},
            self.now,
            self.schedule,
        )
        parts = self._parts(lines)
        found = {}
        for number, row in self.orders.items():
            start, days = started.get(number), late.get(row["customer"], (0, 0))
            found[number] = OrderSeen(
                number=number,
                today=business_date(self.now),
                customer_name=row["customer_name"],
                customer_class=row["customer_class"],
                salesperson=row["salesperson"],
                terms=_words(row["terms"]) if row["terms"] else None,
                **{name: row[name] for name in _MONEY_AND_DAYS},
                wanted_date=start.wanted_date if start is not None else None,
                lines=lines.get(number, ()),
                list_prices=start.list_prices if start is not None else {},
                trades=trades.get(number, ()),
                past_orders=past.get(number, ()),
                days_late=days[0],
                late_orders=days[1],
                load=loads.get(number),
                request=start.as_words(row, lines.get(number, ())) if start is not None else {},
                sheet=sheets.get(number, {}),
                signers=start.signers if start is not None else (),
                names=names,
                outlooks=outlooks.get(number, {}),
                **parts.get(number, {}),
            )
        return found

    def _with(self, wants: Any) -> list[str]:
        """The orders of which something is asked whose row wants this."""
        return [
            number
            for number in self.numbers
            if any(wants(row_of(each)) for each in self.asked.get(number, ()))
        ]

    def _rows(self, name: str, order_by: str) -> Sequence[RowMapping]:
        rows = table(name)
        query = select(rows).where(rows.c.order_number.in_(self.numbers)).order_by(rows.c[order_by])
        return self.connection.execute(query).mappings().all()

    def _lines(self, started: Mapping[str, Any]) -> dict[str, tuple[LineSeen, ...]]:
        found: dict[str, tuple[LineSeen, ...]] = {}
        for row in self._rows("order_lines", "line"):
            if row["dropped"]:
                continue
            start = started.get(row["order_number"])
            name = start.product_names.get(row["line"], "") if start is not None else ""
            line = LineSeen(**{each: row[each] for each in _LINE}, unit=_words(row["unit"]), name=name)
            found[row["order_number"]] = (*found.get(row["order_number"], ()), line)
        return found

    # --- the customer --------------------------------------------------------------------------------------------

    def _customers(self, numbers: Sequence[str]) -> list[str]:
        return sorted({self.orders[number]["customer"] for number in numbers})

    def _trades(
        self, numbers: Sequence[str], lines: Mapping[str, tuple[LineSeen, ...]]
    ) -> dict[str, tuple[Trade, ...]]:
        """What the customer bought of the order's products before it was placed, the newest first."""
        if not numbers:
            return {}
        orders, bought = table("orders"), table("order_lines")
        products = {line.product for number in numbers for line in lines.get(number, ())}
        place = func.row_number().over(
            partition_by=(orders.c.customer, bought.c.product), order_by=orders.c.placed_at.desc()
        )
        ranked = (
            select(
                orders.c.number, orders.c.customer, orders.c.placed_at, bought.c.product, bought.c.unit_price,
                bought.c.quantity, bought.c.unit, place.label("place"),
            )
            .join(bought, bought.c.order_number == orders.c.number)
            .where(
                orders.c.customer.in_(self._customers(numbers)), bought.c.product.in_(sorted(products)),
                bought.c.unit_price.is_not(None), bought.c.dropped.is_not(True), orders.c.placed_at.is_not(None),
                orders.c.ending.is_(None) | orders.c.ending.in_((Ending.SETTLED.value,)),
            )
            .subquery()
        )  # fmt: skip
        query = (
            select(ranked).where(ranked.c.place <= _MOST_OF_ONE_CUSTOMER).order_by(ranked.c.placed_at.desc())
        )
        rows = self.connection.execute(query).mappings().all()
        found, of_customer = {}, _by_customer(rows)
        for number in numbers:
            own, mine = self.orders[number], {line.product for line in lines.get(number, ())}
            found[number] = tuple(
                Trade(row["number"], row["product"], business_date(row["placed_at"]), row["unit_price"], row["quantity"],
                      _words(row["unit"]))
                for row in of_customer.get(own["customer"], ())
                if row["product"] in mine and row["number"] != number
                and (own["placed_at"] is None or row["placed_at"] <= own["placed_at"])
            )  # fmt: skip
        return found

    def _past_orders(self, numbers: Sequence[str]) -> dict[str, tuple[PastOrder, ...]]:
        """The customer's other orders, the newest first."""
        if not numbers:
            return {}
        orders = table("orders")
        place = func.row_number().over(partition_by=orders.c.customer, order_by=orders.c.placed_at.desc())
        ranked = (
            select(
                orders.c.number, orders.c.customer, orders.c.placed_at, orders.c.total, orders.c.open_balance,
                orders.c.ending, orders.c.headline, place.label("place"),
            )
            .where(orders.c.customer.in_(self._customers(numbers)), orders.c.placed_at.is_not(None))
            .subquery()
        )  # fmt: skip
        query = (
            select(ranked).where(ranked.c.place <= _MOST_OF_ONE_CUSTOMER).order_by(ranked.c.placed_at.desc())
        )
        of_customer = _by_customer(self.connection.execute(query).mappings())
        return {
            number: tuple(
                PastOrder(row["number"], business_date(row["placed_at"]), row["total"], row["open_balance"],
                          _words(row["ending"] or row["headline"]) if row["ending"] or row["headline"] else _NO_STATE)
                for row in of_customer.get(self.orders[number]["customer"], ())
                if row["number"] != number
            )
            for number in numbers
        }  # fmt: skip

    def _late(self, numbers: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Per customer by how many days the oldest payment is overdue, and in how many orders one is."""
        if not numbers:
            return {}
        orders, steps = table("orders"), table("open_steps")
        query = (
            select(orders.c.customer, func.min(steps.c.due).label("due"), func.count(orders.c.number.distinct()).label("orders"))
            .join(steps, steps.c.order_number == orders.c.number)
            .where(
                orders.c.customer.in_(self._customers(numbers)), orders.c.ending.is_(None), steps.c.closed_at.is_(None),
                steps.c.kind.in_([kind.value for kind in _MONEY_STEPS]), steps.c.due < self.now,
            )
            .group_by(orders.c.customer)
        )  # fmt: skip
        return {
            row["customer"]: (
                max((business_date(self.now) - business_date(row["due"])).days, 1),
                row["orders"],
            )
            for row in self.connection.execute(query).mappings()
        }

    def _loads(self, numbers: Sequence[str]) -> dict[str, WeekLoad]:
        """What else is promised for the week of each order: of its promise, else of the day that was wanted, else of today."""
        by_week: dict[date, list[str]] = {}
        for number in numbers:
            day = self.orders[number]["promised"] or business_date(self.now)
            by_week.setdefault(day - day.weekday() * ONE_DAY, []).append(number)
        found = {}
        for monday, mine in by_week.items():
            promised = _promised_in(monday)
            orders, amounts = self._load(promised)
            own = self._own_load(promised, mine)
            for number in mine:
                others = {
                    unit: amount - own.get(number, {}).get(unit, ZERO) for unit, amount in amounts.items()
                }
                quantities = tuple((_words(unit), others[unit]) for unit in sorted(others) if others[unit])
                found[number] = WeekLoad(monday, orders - (number in own), quantities)
        return found

    def _load(self, promised: ColumnElement[bool]) -> tuple[int, dict[str, Decimal]]:
        """How many orders have such a promise, and their quantities by unit."""
        orders, lines = table("orders"), table("order_lines")
        of_lines = lines.join(orders, lines.c.order_number == orders.c.number)
        whole = func.sum(lines.c.quantity, type_=lines.c.quantity.type).label("quantity")
        counted = select(func.count(orders.c.number.distinct())).select_from(of_lines).where(promised)
        summed = select(lines.c.unit, whole).select_from(of_lines).where(promised).group_by(lines.c.unit)
        amounts: dict[str, Decimal] = {row.unit: row.quantity for row in self.connection.execute(summed)}
        return self.connection.scalar(counted) or 0, amounts

    def _own_load(
        self, promised: ColumnElement[bool], numbers: Sequence[str]
    ) -> dict[str, dict[str, Decimal]]:
        """What of it is each of these orders' own."""
        orders, lines = table("orders"), table("order_lines")
        query = (
            select(orders.c.number, lines.c.unit, lines.c.quantity)
            .join(lines, lines.c.order_number == orders.c.number)
            .where(promised, orders.c.number.in_(numbers))
        )
        found: dict[str, dict[str, Decimal]] = {}
        for number, unit, amount in self.connection.execute(query):
            own = found.setdefault(number, {})
            own[unit] = own.get(unit, ZERO) + amount
        return found

    # --- the order's own parts -----------------------------------------------------------------------------------

    def _parts(self, lines: Mapping[str, tuple[LineSeen, ...]]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {number: {} for number in self.numbers}

        def put(number: str, name: str, part: object) -> None:
            found[number][name] = (*found[number].get(name, ()), part)

        for row in self._rows("lots", "lot"):
            put(row["order_number"], "lots", LotSeen(**{name: row[name] for name in _LOT}))
        for row in self._rows("inspections", "inspection"):
            put(
                row["order_number"],
                "inspections",
                InspectionSeen(**{name: row[name] for name in _INSPECTION}),
            )
        for row in self._rows("releases", "release"):
            if row["withdrawn_at"] is None:
                release = ReleaseSeen(
                    row["release"], _by_line(row["quantities"]), row["balance"], _words(row["collection"]),
                    row["notice_reference"],
                )  # fmt: skip
                put(row["order_number"], "releases", release)
        for row in self._rows("shipments", "shipped_at"):
            told = {name: row[name] for name in _SHIPMENT}
            put(
                row["order_number"], "shipments", ShipmentSeen(quantities=_by_line(row["quantities"]), **told)
            )
        for row in self._rows("payments", "paid_at"):
            payment = PaymentSeen(
                row["reference"], row["amount"], _words(row["method"]), row["paid_at"], row["taken_by"],
                bool(row["confirmed"]) and not row["bounced"],
            )  # fmt: skip
            put(row["order_number"], "payments", payment)
        for row in self._rows("decisions", "version"):
            if row["voided_at"] is None:
                about = {name: str(value) for name, value in (row["about"] or {}).items()}
                found[row["order_number"]].setdefault("asked", {})[row["key"]] = about
        return found


_MONEY_AND_DAYS = (
    "total", "bill", "paid", "open_balance", "deposit_due", "first_promised", "promised", "production_due", "ship_date",
)  # fmt: skip
_LINE = (
    "line", "product", "specification", "quantity", "unit_price", "amount", "tolerance_percent", "passed", "entered",
    "shipped",
)  # fmt: skip
_LOT = ("line", "lot", "made", "passed", "rework", "scrapped", "entered")
_INSPECTION = (
    "inspection", "line", "lot", "passed", "to_rework", "scrapped", "inspected_by", "checked_with", "reasons",
)  # fmt: skip
_SHIPMENT = (
    "shipment", "carrier", "tracking_number", "shipped_at", "expected_arrival", "arrived_at", "to_collect", "remitted",
)  # fmt: skip


def _promised_in(monday: date) -> ColumnElement[bool]:
    """Lines of living orders that are promised for this week."""
    orders, lines = table("orders"), table("order_lines")
    return and_(
        orders.c.promised >= monday, orders.c.promised < monday + timedelta(days=7),
        orders.c.ending.is_(None), lines.c.dropped.is_not(True),
    )  # fmt: skip


def _by_customer(rows: Iterable[RowMapping]) -> dict[str, list[RowMapping]]:
    found: dict[str, list[RowMapping]] = {}
    for row in rows:
        found.setdefault(row["customer"], []).append(row)
    return found


def _by_line(quantities: Mapping[str, str]) -> dict[int, Decimal]:
    return {int(line): Decimal(amount) for line, amount in (quantities or {}).items()}


def _of_a_sheet(facts: Sequence[Any]) -> bool:
    return any(getattr(fact, "__name__", "").startswith("sheet_") for fact in facts)
