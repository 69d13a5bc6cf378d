"""The rows of an order, or of another case, as its workflow has them, beside those of the order database; and writing them back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, Engine, and_, delete, update

from activities.audit.audited_kinds import ORDER, kind_of
from activities.audit.beside_rows import Expected, changed_values, differences_beside, write_beside
from activities.audit.readable_rows import ReadRow
from activities.audit.stored_orders import StoredOrder, key_columns
from activities.orders.recording.receipts import settle_receipts
from activities.orders.recording.recorder import has_the_order_at
from activities.store.database import writing
from activities.store.upsert import TableRow, as_column, as_columns, upsert_all
from models.dossier.dossier import Dossier
from models.dossier.records.changed_rows import Changed
from models.dossier.records.recording import Burst
from models.reports.store_audit import Difference, Finding
from models.tables.registry import table

_RECEIPTS = "payment_receipts"
"""Of a plain payment the recorder writes this row by itself; every payment has one."""
_COSTS = "cost_rows"
"""Of a quote: a sheet that was told anew leaves the rows of the one before."""


def expected_rows(order: Dossier) -> list[Expected]:
    """Every row of the order as it is now."""
    kind = kind_of(order.number)
    return [_expected(each, kind.shelf.heads) for each in kind.rows(order).changed({}, order.clock)]


def _expected(changed: Changed, heads: str) -> Expected:
    row = changed.row
    rows = table(row.table)
    key = (
        tuple(as_column(rows.c[name], row.key[name]) for name in key_columns(row.table))
        if row.table != heads
        else ()
    )
    return Expected(changed.identity, row.table, key, as_columns(rows, row.values), changed.digest)


def differences_of_rows(stored: StoredOrder, order: Dossier, sent: Mapping[str, str]) -> Iterator[Finding]:
    """What is missing, was changed or is too many. `sent`: the digests of the rows as the workflow last sent them.

    A row that has changed since and waits for the next burst is no difference.
    """
    expected = expected_rows(order)
    for each in expected:
        if each.identity not in sent:
            continue
        is_head = each.table == stored.kind.shelf.heads
        found = stored.row if is_head else stored.rows[each.table].get(each.key)
        if found is None:
            yield Finding(
                order=stored.number,
                difference=Difference.ROW_MISSING,
                where=each.identity,
                workflow=each.digest,
            )
        elif sent[each.identity] == each.digest:
            yield from changed_values(stored.number, each, found)
        if each.table == "payments" and each.key not in stored.rows[_RECEIPTS]:
            where = "|".join((_RECEIPTS, *(str(part) for part in each.key)))
            yield Finding(
                order=stored.number, difference=Difference.ROW_MISSING, where=where, workflow=each.digest
            )
    yield from _too_many(stored, expected)
    yield from differences_beside(stored, order)


def _too_many(stored: StoredOrder, expected: list[Expected]) -> Iterator[Finding]:
    known = {(each.table, each.key) for each in expected}
    for name, rows in stored.rows.items():
        for key, row in rows.items():
            is_done = name == stored.kind.steps and row["closed_at"] is not None
            stays = is_done or name == _RECEIPTS or (name == _COSTS and not _is_in_force(row, expected))
            if (name, key) not in known and not stays:
                where = "|".join((name, *(str(part) for part in key)))
                yield Finding(
                    order=stored.number, difference=Difference.ROW_TOO_MANY, where=where, database=where
                )


def _is_in_force(row: ReadRow, expected: list[Expected]) -> bool:
    """Whether a row of a cost sheet is of one in force, or of one newer than all: rows of older sheets stay where they are."""
    sheets = {each.key[:3] for each in expected if each.table == _COSTS}
    newest = max((sheet for sheet, _, _ in sheets), default=0)
    return (row["sheet"], row["line"], row["for_quantity"]) in sheets or row["sheet"] > newest


def write_rows(engine: Engine, stored: StoredOrder, order: Dossier) -> bool:
    """Write every row as the order has it, and take away what is too many; False where the database has moved on since.

    The same rows as the order itself would send: a receipt that it holds is entered with them.
    """
    kind = stored.kind
    changed = kind.rows(order).changed({}, order.clock)
    extra = list(_too_many(stored, [_expected(each, kind.shelf.heads) for each in changed]))
    with writing(engine) as connection:
        if not has_the_order_at(connection, stored.number, order.sequence, order.head, kind.shelf):
            return False
        for each in extra:
            _take_away(stored, each, connection)
        upsert_all(
            connection, (TableRow(table(each.row.table), each.row.key, each.row.values) for each in changed)
        )
        if kind is ORDER:
            burst = Burst(
                order=order.number, epoch=0, after_sequence=order.sequence, after_hash=order.head, entries=[],
                rows=[each.row for each in changed], intentions=[],
            )  # fmt: skip
            settle_receipts(connection, burst)
        write_beside(connection, stored, order)
        return True


def _take_away(stored: StoredOrder, finding: Finding, connection: Connection) -> None:
    name = finding.where.partition("|")[0]
    rows, keys = table(name), key_columns(name)
    for key in stored.rows[name]:
        if "|".join((name, *(str(part) for part in key))) != finding.where:
            continue
        this = and_(
            stored.kind.shelf.of(name) == stored.number,
            *(rows.c[column] == part for column, part in zip(keys, key, strict=True)),
        )
        if name == stored.kind.steps:
            connection.execute(update(rows).where(this).values(closed_at=rows.c.since))
        else:
            connection.execute(delete(rows).where(this))
