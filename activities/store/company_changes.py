"""The change history of the company's records: one table for customers, prices, staff, calendar and lines; rows are only added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Table, and_, or_, select

from activities.store.database import reading
from activities.store.faults import each_read
from activities.store.upsert import as_columns
from models.company.record_changes import ChangeWay, RecordChange, RecordKind, differences
from models.tables.registry import table
from models.values.money import as_text, as_unit_price

TABLES: dict[RecordKind, tuple[str, tuple[str, ...]]] = {
    RecordKind.CUSTOMER: ("customers", ("customer",)),
    RecordKind.PRICE: ("prices", ("product", "valid_from")),
    RecordKind.PERSON: ("staff", ("person",)),
    RecordKind.CALENDAR_DAY: ("calendar_days", ("day",)),
    RecordKind.MACHINE_LINE: ("machine_lines", ("line",)),
    RecordKind.PRODUCT: ("products", ("product",)),
    RecordKind.OWN_PRICE: ("own_prices", ("customer", "product")),
}
"""Where the records of each kind are kept, and by which columns."""
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Teller:
    """Who changes a record, when (UTC) and by which way; a person of the staff, or nobody who is known."""

    person: str = ""
    way: ChangeWay = ChangeWay.IMPORT
    at: datetime | None = None

    @property
    def moment(self) -> datetime:
        """When it was changed: now, unless it is said."""
        return self.at if self.at is not None else datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Changed:
    """A record as it was and as it is: `before` None for a new one, `after` the values that were written."""

    kind: RecordKind
    key: Mapping[str, Any]
    before: Mapping[str, Any] | RowMapping | None
    after: Mapping[str, Any]


def subject_of(key: Mapping[str, Any]) -> str:
    """How a record is named in the history: its key, parted by blanks."""
    return " ".join(str(_plain(value)) for value in key.values())


def enter_changes(connection: Connection, changed: Iterable[Changed], teller: Teller) -> None:
    """Write down what differs, within the caller's transaction; what is the same as before leaves no trace."""
    rows = []
    for each in changed:
        where = table(TABLES[each.kind][0])
        before = None if each.before is None else _as_kept(where, each.before)
        fields = differences(before, _as_kept(where, each.after))
        if fields or before is None:
            rows.append(
                {
                    "at": teller.moment, "person": teller.person, "way": teller.way.value, "kind": each.kind.value,
                    "subject": subject_of(each.key), "is_new": before is None,
                    "fields": [field.model_dump(mode="json") for field in fields],
                }
            )  # fmt: skip
    if rows:
        connection.execute(table("company_changes").insert(), rows)


def records_before(
    connection: Connection, kind: RecordKind, keys: Sequence[Mapping[str, Any]]
) -> dict[str, RowMapping]:
    """The records with these keys as they are now, by their subject; those that are not there are left out."""
    name, columns = TABLES[kind]
    where, found = table(name), dict[str, RowMapping]()
    for first in range(0, len(keys), _AT_ONCE):
        some = [
            as_columns(where, {column: key[column] for column in columns})
            for key in keys[first : first + _AT_ONCE]
        ]
        is_one = or_(*(and_(*(where.c[column] == key[column] for column in columns)) for key in some))
        for row in connection.execute(select(where).where(is_one)).mappings():
            found[subject_of({column: row[column] for column in columns})] = row
    return found


def changes_of(engine: Engine, kind: RecordKind, subject: str, most: int = 100) -> list[RecordChange]:
    """The newest changes of a record, the newest first."""
    with reading(engine) as connection:
        return changes_in(connection, kind, subject, most)


def changes_in(
    connection: Connection, kind: RecordKind, subject: str, most: int | None = None
) -> list[RecordChange]:
    """The same within a transaction; `most`: so many at most."""
    changes = table("company_changes")
    query = (
        select(changes)
        .where(changes.c.kind == kind.value, changes.c.subject == subject)
        .order_by(changes.c.number.desc())
        .limit(most)
    )
    return _read(connection.execute(query).mappings().all())


def changes_of_product(engine: Engine, product: str, most: int = 100) -> list[RecordChange]:
    """The newest changes of all prices of a product, the newest first."""
    changes = table("company_changes")
    query = (
        select(changes)
        .where(
            changes.c.kind == RecordKind.PRICE.value,
            changes.c.subject.startswith(f"{product} ", autoescape=True),
        )
        .order_by(changes.c.number.desc())
        .limit(most)
    )
    with reading(engine) as connection:
        found = _read(connection.execute(query).mappings().all())
    # a product's own name may hold a blank
    return [each for each in found if each.subject.rpartition(" ")[0] == product]


def newest_changes(
    engine: Engine, kinds: Sequence[RecordKind], before: int | None = None, most: int = 50
) -> list[RecordChange]:
    """The newest changes of records of these kinds; `before`: only those with a smaller number."""
    changes = table("company_changes")
    query = select(changes).where(changes.c.kind.in_([kind.value for kind in kinds]))
    if before is not None:
        query = query.where(changes.c.number < before)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(changes.c.number.desc()).limit(most)).mappings().all()
    return _read(rows)


def _read(rows: Iterable[RowMapping]) -> list[RecordChange]:
    return each_read(rows, lambda row: RecordChange.model_validate(dict(row)), "a change of a record")


def _as_kept(where: Table, values: Mapping[str, Any] | RowMapping) -> dict[str, Any]:
    """The values as the columns take them, written alike whichever way they came."""
    known = {name: value for name, value in values.items() if name in where.c}
    return {name: _plain(value) for name, value in as_columns(where, known).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return as_text(as_unit_price(value))
    return value.isoformat() if isinstance(value, date) else value
