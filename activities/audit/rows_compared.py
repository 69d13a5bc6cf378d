"""The rows of an order as its workflow has them, beside those of the order database; and writing them back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, RowMapping, and_, delete, update

from activities.audit.stored_orders import Key, StoredOrder, key_columns
from activities.orders.recording.receipts import settle_receipts
from activities.orders.recording.recorder import has_the_order_at
from activities.store.database import writing
from activities.store.upsert import TableRow, as_column, as_columns, upsert_all
from models.dossier.records.changed_rows import STEPS, Changed
from models.dossier.records.recording import Burst
from models.order.order import Order
from models.order.projection import row_tracker
from models.reports.store_audit import Difference, Finding
from models.tables.registry import table

_RECEIPTS = "payment_receipts"
"""Of a plain payment the recorder writes this row by itself; every payment has one."""
_SHOWN = 80


class Expected(NamedTuple):
    """A row as the workflow has it."""

    identity: str
    table: str
    key: Key
    values: Mapping[str, Any]
    digest: str


def expected_rows(order: Order) -> list[Expected]:
    """Every row of the order as it is now."""
    return [_expected(each) for each in row_tracker(order).changed({}, order.clock)]


def _expected(changed: Changed) -> Expected:
    row = changed.row
    rows = table(row.table)
    key = (
        tuple(as_column(rows.c[name], row.key[name]) for name in key_columns(row.table))
        if row.table != "orders"
        else ()
    )
    return Expected(changed.identity, row.table, key, as_columns(rows, row.values), changed.digest)


def differences_of_rows(stored: StoredOrder, order: Order, sent: Mapping[str, str]) -> Iterator[Finding]:
    """What is missing, was changed or is too many. `sent`: the digests of the rows as the workflow last sent them.

    A row that has changed since and waits for the next burst is no difference.
    """
    expected = expected_rows(order)
    for each in expected:
        if each.identity not in sent:
            continue
        found = stored.row if each.table == "orders" else stored.rows[each.table].get(each.key)
        if found is None:
            yield Finding(
                order=stored.number,
                difference=Difference.ROW_MISSING,
                where=each.identity,
                workflow=each.digest,
            )
        elif sent[each.identity] == each.digest:
            yield from _changed(stored.number, each, found)
        if each.table == "payments" and each.key not in stored.rows[_RECEIPTS]:
            where = "|".join((_RECEIPTS, *(str(part) for part in each.key)))
            yield Finding(
                order=stored.number, difference=Difference.ROW_MISSING, where=where, workflow=each.digest
            )
    yield from _too_many(stored, expected)


def _changed(number: str, expected: Expected, found: RowMapping) -> Iterator[Finding]:
    other = [name for name, value in expected.values.items() if not _same(found[name], value)]
    if other:
        yield Finding(
            order=number,
            difference=Difference.ROW_CHANGED,
            where=f"{expected.identity}: {', '.join(other)}",
            database=", ".join(str(found[name]) for name in other)[:_SHOWN],
            workflow=", ".join(str(expected.values[name]) for name in other)[:_SHOWN],
        )


def _same(found: object, expected: object) -> bool:
    if isinstance(found, (list, tuple)) and isinstance(expected, (list, tuple)):
        return list(found) == list(expected)
    return found == expected


def _too_many(stored: StoredOrder, expected: list[Expected]) -> Iterator[Finding]:
    known = {(each.table, each.key) for each in expected}
    for name, rows in stored.rows.items():
        for key, row in rows.items():
            is_done = name == STEPS and row["closed_at"] is not None
            if (name, key) not in known and not is_done and name != _RECEIPTS:
                where = "|".join((name, *(str(part) for part in key)))
                yield Finding(
                    order=stored.number, difference=Difference.ROW_TOO_MANY, where=where, database=where
                )


def write_rows(engine: Engine, stored: StoredOrder, order: Order) -> bool:
    """Write every row as the order has it, and take away what is too many; False where the database has moved on since.

    The same rows as the order itself would send: a receipt that it holds is entered with them.
    """
    expected = row_tracker(order).changed({}, order.clock)
    extra = list(_too_many(stored, [_expected(each) for each in expected]))
    with writing(engine) as connection:
        if not has_the_order_at(connection, stored.number, order.sequence, order.head):
            return False
        for each in extra:
            _take_away(stored, each, connection)
        upsert_all(
            connection, (TableRow(table(each.row.table), each.row.key, each.row.values) for each in expected)
        )
        burst = Burst(
            order=order.number, epoch=0, after_sequence=order.sequence, after_hash=order.head, entries=[],
            rows=[each.row for each in expected], intentions=[],
        )  # fmt: skip
        settle_receipts(connection, burst)
        return True


def _take_away(stored: StoredOrder, finding: Finding, connection: Connection) -> None:
    name = finding.where.partition("|")[0]
    rows, keys = table(name), key_columns(name)
    for key in stored.rows[name]:
        if "|".join((name, *(str(part) for part in key))) != finding.where:
            continue
        this = and_(
            rows.c.order_number == stored.number,
            *(rows.c[column] == part for column, part in zip(keys, key, strict=True)),
        )
        if name == STEPS:
            connection.execute(update(rows).where(this).values(closed_at=rows.c.since))
        else:
            connection.execute(delete(rows).where(this))
