"""Very many orders: lives that were really lived, written by the recorder's own code under other numbers, days and names.

The journal and the request, which nothing but an order's own page reads, stand for the open orders and every
hundredth of the others; with all of them the rest of the database would be as it is.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import Engine, Table

from activities.listing.order_words import gather_words
from activities.orders.recording.recorder import journal_row
from activities.store import imports
from activities.store.upsert import as_columns
from models.order.projection import rows_of
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import CustomerClass, Role, Unit
from tests.benchmark.pages.bare_tables import without_indices
from tests.models.life import MONDAY, SIGNER, Life, start

CUSTOMERS, PRODUCTS, SALESPEOPLE = 2000, 200, 20
_AT_ONCE = 2000
_JOURNALED = 100
_NUMBER = "20270301-0001"
_DAYS_OPEN, _DAYS_CLOSED = 30, 700
_PLACES = ("深圳", "东莞", "重庆", "惠州", "厦门", "杭州", "苏州", "成都", "佛山", "青岛")
_KINDS = ("红枫", "长安", "宏达", "永盛", "华美", "新华", "金桥", "远东", "同心", "大光")
_GOODS = ("热敏纸", "收银纸", "标签纸", "复写纸", "防伪纸", "离型纸", "牛皮纸", "白卡纸")


def customer_name(place: int) -> str:
    """The name of a customer; most are called paper or packaging works of somewhere."""
    kind = _KINDS[place // len(_PLACES) % len(_KINDS)]
    return f"{_PLACES[place % len(_PLACES)]}{kind}{place // 100}{'纸业' if place % 2 else '包装'}有限公司"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A life as rows with plain values, by table, in the order in which they may be written; and its journal and start."""

    rows: tuple[tuple[str, Mapping[str, Any]], ...]
    entries: tuple[dict[str, Any], ...]
    start: dict[str, Any]


def patterns() -> tuple[list[Pattern], list[Pattern]]:
    """Lives that stand somewhere, and lives that have ended."""
    standing = [
        Life(), Life().verified(), Life().verified().sheet_out(), Life().confirmed(), Life().in_production(),
        Life().in_production().made(), Life().in_warehouse(), Life().in_warehouse().paid("3500.00"), Life().shipped(),
        Life().arrived(),
    ]  # fmt: skip
    ended = [
        Life().arrived().does("delivery_receipt", signed_by=SIGNER),
        Life().shipped().does("delivery_receipt", signed_by=SIGNER),
    ]
    return [_pattern(each) for each in standing], [_pattern(each) for each in ended]


def _pattern(life: Life) -> Pattern:
    """As the recorder writes it: the last of what each row was given."""
    rows: dict[tuple[str, tuple[Any, ...]], dict[str, Any]] = {}
    for each in sorted(rows_of(life.order), key=lambda row: row.table != "orders"):
        of = table(each.table)
        key = as_columns(of, each.key)
        row = rows.setdefault((each.table, tuple(key.values())), key)
        row |= as_columns(of, each.values)
    for (name, _), row in rows.items():
        if name == "orders":
            row |= {"sequence": len(life.order.unsaved), "head": ""}
        _fill_up(table(name), row)
    entries = tuple(journal_row(_NUMBER, 0, entry) for entry in life.order.unsaved)
    started = start(MONDAY).model_dump(mode="json")
    return Pattern(tuple((name, row) for (name, _), row in rows.items()), entries, started)


def _fill_up(of: Table, row: dict[str, Any]) -> None:
    """What the tables give to columns of which nothing is said."""
    for column in of.columns:
        given: Any = column.default
        if column.name not in row and given is not None:
            row[column.name] = given.arg(None) if given.is_callable else given.arg


def fill(
    engine: Engine, now: datetime, count_open: int, count_closed: int, customers: int = CUSTOMERS
) -> None:
    """A company, and so many open and closed orders, into an empty SQLite; the same ones each time."""
    company(engine, customers)
    standing, ended = patterns()
    days = sorted(
        (now - timedelta(days=1 + place % _DAYS_CLOSED), place < count_open, place)
        for place in range(count_open + count_closed)
    )
    orders = _orders(days, standing, ended, now, random.Random(11), customers)
    with without_indices(engine) as connection:
        writer = _Writer(engine)
        while batch := list(islice(orders, _AT_ONCE)):
            for name, columns, rows in writer.rows_of(batch):
                named = ", ".join(f'"{column}"' for column in columns)
                marks = ", ".join("?" * len(columns))
                statement = f"insert into {name} ({named}) values ({marks})"
                connection.executemany(statement, rows)
        connection.execute("insert into order_words_due (number) select number from orders order by number")
    gather_words(engine)


def company(engine: Engine, customers: int) -> None:
    """Its customers, prices and staff."""
    imports.import_customers(
        engine,
        [
            imports.CustomerRow(
                customer=f"K{place:04}", name=customer_name(place), customer_class=CustomerClass.B,
                salesperson=f"salesperson-{place % SALESPEOPLE}",
            )
            for place in range(customers)
        ],
    )  # fmt: skip
    imports.import_prices(
        engine,
        [
            imports.PriceRow(
                product=f"TP-{place:03}", name=f"{_GOODS[place % len(_GOODS)]}{place}", specification="80mm×80m",
                unit=Unit.ROLL, unit_price=Decimal(5), valid_from=date(2020, 1, 1),
            )
            for place in range(PRODUCTS)
        ],
    )  # fmt: skip
    roles = [(f"salesperson-{place}", Role.SALESPERSON) for place in range(SALESPEOPLE)]
    roles += [
        (f"{role.value}-1", role)
        for role in Role
        if role not in (Role.CUSTOMER, Role.SYSTEM, Role.SALESPERSON)
    ]
    imports.import_staff(
        engine, [imports.StaffRow(person=who, name=who, roles=(role,)) for who, role in roles]
    )


@dataclass(frozen=True, slots=True)
class _Another:
    """An order that lives as a pattern does: when, for whom, under which number."""

    pattern: Pattern
    number: str
    later: timedelta
    place: int
    customer: int
    told: bool

    def own(self) -> dict[tuple[str, str], Any]:
        """What it has of its own, by table and column."""
        place, customer = self.place, self.customer
        return {
            ("orders", "customer"): f"K{customer:04}",
            ("orders", "customer_name"): customer_name(customer),
            ("orders", "salesperson"): f"salesperson-{customer % SALESPEOPLE}",
            ("orders", "request_id"): f"bench/{place}",
            ("orders", "customer_order_number"): f"PO-{place % 97}-{place:06}",
            ("orders", "sequence"): len(self.pattern.entries),
            ("orders", "head"): f"{place:064x}",
            ("order_lines", "product"): f"TP-{place % PRODUCTS:03}",
            ("shipments", "tracking_number"): f"SF{place * 7_919_337 % 10**12:012}",
        }

    def voucher(self, reference: str) -> str:
        """A reference that no other order has."""
        return f"YH{self.place * 9_176_543 % 10**12:012}{reference}"


def _orders(
    days: Sequence[tuple[datetime, bool, int]], standing: Sequence[Pattern], ended: Sequence[Pattern], now: datetime,
    chance: random.Random, customers: int,
) -> Iterator[_Another]:  # fmt: skip
    placed_on: dict[date, int] = {}
    for moment, is_open, place in days:
        placed = now - timedelta(days=place % _DAYS_OPEN, hours=place % 7) if is_open else moment
        day = placed.astimezone(BUSINESS_ZONE).date()
        placed_on[day] = placed_on.get(day, 0) + 1
        number = f"{day:%Y%m%d}-{placed_on[day]:04}"
        pattern = standing[place % len(standing)] if is_open else ended[place % len(ended)]
        customer = chance.randrange(customers)
        told = is_open or place % _JOURNALED == 0
        yield _Another(pattern, number, placed - MONDAY, place, customer, told)


class _Writer:
    """Orders as rows of the driver. What a column keeps is made by the column's own type, once for what many rows share."""

    def __init__(self, engine: Engine) -> None:
        self._dialect = engine.dialect
        self._binds: dict[str, dict[str, Callable[[Any], Any]]] = {}

    def rows_of(self, batch: Sequence[_Another]) -> Iterator[tuple[str, tuple[str, ...], list[list[Any]]]]:
        """Table, columns and rows; orders before what belongs to them."""
        found: dict[tuple[str, tuple[str, ...]], list[list[Any]]] = defaultdict(list)
        for each in batch:
            own, kept = each.own(), dict[tuple[int, Any], Any]()
            for name, row in each.pattern.rows:
                found[name, tuple(row)].append(self._moved(each, name, row, own, kept))
            if each.told:
                for entry in each.pattern.entries:
                    found["journal", tuple(entry)].append(self._moved(each, "journal", entry, own, kept))
                request = _request(each)
                binds = self._of("requests")
                found["requests", tuple(request)].append(
                    [binds[column](value) for column, value in request.items()]
                )
        for (name, columns), rows in sorted(found.items(), key=lambda item: item[0][0] != "orders"):
            yield name, columns, rows

    def _moved(
        self, order: _Another, name: str, row: Mapping[str, Any], own: Mapping[tuple[str, str], Any],
        kept: dict[tuple[int, Any], Any],
    ) -> list[Any]:  # fmt: skip
        made, binds = [], self._of(name)
        for column, value in row.items():
            bind = binds[column]
            if (name, column) in own:
                made.append(bind(own[name, column]))
            elif isinstance(value, date):  # moments too
                known = kept.get((id(bind), value))
                if known is None:
                    moved = value + (
                        order.later if isinstance(value, datetime) else timedelta(days=order.later.days)
                    )
                    known = kept[id(bind), value] = bind(moved)
                made.append(known)
            elif isinstance(value, str):
                told = value.replace(_NUMBER, order.number)
                is_voucher = column == "reference" and name in ("payments", "payment_receipts")
                made.append(bind(order.voucher(told) if is_voucher else told))
            else:
                made.append(bind(value))
        return made

    def _of(self, name: str) -> dict[str, Callable[[Any], Any]]:
        if name not in self._binds:
            self._binds[name] = _binds(table(name), self._dialect)
        return self._binds[name]


def _binds(of: Table, dialect: Any) -> dict[str, Callable[[Any], Any]]:
    found: dict[str, Callable[[Any], Any]] = {}
    for column in of.columns:
        made = column.type.dialect_impl(dialect).bind_processor(dialect)
        found[column.name] = made if made is not None else _as_it_is
    return found


def _as_it_is(value: Any) -> Any:
    return value


def _request(order: _Another) -> dict[str, Any]:
    began, place, customer = order.pattern.start, order.place, order.customer
    request = {
        **began["request"], "request_id": f"bench/{place}", "customer": f"K{customer:04}", "contact": f"王{_KINDS[place % 10][0]}芳",
        "phone": f"1380{place:07}",
    }  # fmt: skip
    file = {**began["customer"], "customer": f"K{customer:04}", "name": customer_name(customer)}
    whole = {**began, "number": order.number, "request": request, "customer": file}
    return {
        "request_id": f"bench/{place}", "customer": f"K{customer:04}", "space": "", "content_hash": f"{place:064x}",
        "number": order.number, "placed_at": MONDAY + order.later, "start": whole,
    }  # fmt: skip
