"""Very many orders: lives that were really lived, written by the recorder's own code under other numbers, days and names.

The journal and the request, which nothing but an order's own page reads, stand for the open orders and every
hundredth of the others; with all of them the rest of the database would be as it is.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import Engine

from activities.listing.order_words import gather_words
from activities.orders.recording.recorder import journal_row
from activities.store import imports
from activities.store.database import writing
from activities.store.upsert import TableRow, as_columns, upsert_all
from models.order.projection import rows_of
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import CustomerClass, Role, Unit
from tests.models.life import MONDAY, SIGNER, Life, start

CUSTOMERS, PRODUCTS, SALESPEOPLE = 2000, 200, 20
_AT_ONCE = 500
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
    """A life as rows with plain values, by table; and its journal and start."""

    rows: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any]], ...]
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
    rows = tuple(
        (each.table, dict(each.key), as_columns(table(each.table), each.values))
        for each in sorted(rows_of(life.order), key=lambda row: row.table != "orders")
    )
    entries = tuple(journal_row(_NUMBER, 0, entry) for entry in life.order.unsaved)
    return Pattern(rows, entries, start(MONDAY).model_dump(mode="json"))


def fill(
    engine: Engine, now: datetime, count_open: int, count_closed: int, customers: int = CUSTOMERS
) -> None:
    """A company, and so many open and closed orders; the same ones each time."""
    company(engine, customers)
    standing, ended = patterns()
    days = sorted(
        (now - timedelta(days=1 + place % _DAYS_CLOSED), place < count_open, place)
        for place in range(count_open + count_closed)
    )
    chance = random.Random(11)
    orders = _orders(days, standing, ended, now, chance, customers)
    while batch := list(islice(orders, _AT_ONCE)):
        _record(engine, batch)
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
class _Made:
    rows: list[TableRow]
    journal: list[dict[str, Any]]
    request: dict[str, Any] | None


def _orders(
    days: Sequence[tuple[datetime, bool, int]], standing: Sequence[Pattern], ended: Sequence[Pattern], now: datetime,
    chance: random.Random, customers: int,
) -> Iterator[_Made]:  # fmt: skip
    placed_on: dict[date, int] = {}
    for moment, is_open, place in days:
        placed = now - timedelta(days=place % _DAYS_OPEN, hours=place % 7) if is_open else moment
        day = placed.astimezone(BUSINESS_ZONE).date()
        placed_on[day] = placed_on.get(day, 0) + 1
        number = f"{day:%Y%m%d}-{placed_on[day]:04}"
        pattern = standing[place % len(standing)] if is_open else ended[place % len(ended)]
        customer = chance.randrange(customers)
        yield _made(
            pattern, number, placed - MONDAY, place, customer, told=is_open or place % _JOURNALED == 0
        )


def _made(pattern: Pattern, number: str, later: timedelta, place: int, customer: int, *, told: bool) -> _Made:
    own = {
        ("orders", "customer"): f"K{customer:04}",
        ("orders", "customer_name"): customer_name(customer),
        ("orders", "salesperson"): f"salesperson-{customer % SALESPEOPLE}",
        ("orders", "request_id"): f"bench/{place}",
        ("orders", "customer_order_number"): f"PO-{place % 97}-{place:06}",
        ("order_lines", "product"): f"TP-{place % PRODUCTS:03}",
        ("shipments", "tracking_number"): f"SF{place * 7_919_337 % 10**12:012}",
    }
    rows = []
    for name, key, values in pattern.rows:
        moved = {
            column: own.get((name, column), _moved(value, later, number)) for column, value in values.items()
        }
        if name == "orders":
            moved |= {column: value for (of, column), value in own.items() if of == name}
            moved |= {"sequence": len(pattern.entries), "head": f"{place:064x}"}
        renamed = {column: _moved(value, later, number) for column, value in key.items()}
        if name in ("payments", "payment_receipts"):
            renamed["reference"] = f"YH{place * 9_176_543 % 10**12:012}{key['reference']}"
        rows.append(TableRow(table(name), renamed, moved))
    journal = [
        {**entry, "order_number": number, "happened_at": entry["happened_at"] + later, "recorded_at": entry["recorded_at"] + later}
        for entry in (pattern.entries if told else ())
    ]  # fmt: skip
    return _Made(rows, journal, _request(pattern, number, customer, place) if told else None)


def _moved(value: Any, later: timedelta, number: str) -> Any:
    if isinstance(value, datetime):
        return value + later
    if isinstance(value, date):
        return value + timedelta(days=later.days)
    return value.replace(_NUMBER, number) if isinstance(value, str) else value


def _request(pattern: Pattern, number: str, customer: int, place: int) -> dict[str, Any]:
    began = pattern.start
    request = {
        **began["request"], "request_id": f"bench/{place}", "customer": f"K{customer:04}", "contact": f"王{_KINDS[place % 10][0]}芳",
        "phone": f"1380{place:07}",
    }  # fmt: skip
    file = {**began["customer"], "customer": f"K{customer:04}", "name": customer_name(customer)}
    whole = {**began, "number": number, "request": request, "customer": file}
    return {
        "request_id": f"bench/{place}", "customer": f"K{customer:04}", "space": "", "content_hash": f"{place:064x}",
        "number": number, "placed_at": MONDAY, "start": whole,
    }  # fmt: skip


def _record(engine: Engine, batch: Sequence[_Made]) -> None:
    """As the recorder writes: rows by `upsert_all`, entries as rows of the journal; many orders in one transaction."""
    rows = [row for each in batch for row in each.rows]
    rows.sort(key=lambda row: (row.table.name != "orders", row.table.name, tuple(row.values)))
    with writing(engine) as connection:
        upsert_all(connection, rows)
        journal = [entry for each in batch for entry in each.journal]
        if journal:
            connection.execute(table("journal").insert(), journal)
        requests = [each.request for each in batch if each.request is not None]
        if requests:
            connection.execute(table("requests").insert(), requests)
