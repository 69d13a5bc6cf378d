"""Records of the company as pages keep them: by who has seen what there was, with every change written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, RowMapping, and_, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from activities.store.company_changes import TABLES, Changed, Teller, changes_in, enter_changes, subject_of
from activities.store.database import reading, writing
from activities.store.staff_names import staff_names
from activities.store.upsert import as_columns
from models.company.record_changes import RecordKind, require_seen
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_THERE = Words("{kind} {subject} 已经存在；请打开那一条", "{kind} {subject} is there already; open it")
_GONE = Words("没有{kind} {subject}", "there is no {kind} {subject}")
_CODES = {
    RecordKind.CUSTOMER: Code.UNKNOWN_CUSTOMER,
    RecordKind.PRICE: Code.UNKNOWN_PRODUCT,
    RecordKind.PERSON: Code.UNKNOWN_PERSON,
    RecordKind.CALENDAR_DAY: Code.UNKNOWN_PLACE,
    RecordKind.MACHINE_LINE: Code.UNKNOWN_PLACE,
    RecordKind.PRODUCT: Code.UNKNOWN_PRODUCT,
    RecordKind.OWN_PRICE: Code.UNKNOWN_PRODUCT,
}
Also = Callable[[Connection, RowMapping | None], Iterable[Changed]]
"""What else is looked at and changed in the same transaction, given the record as it is; refuses by raising."""


class Record(NamedTuple):
    """A record as it is, and the number of its last change: who saves it names that number."""

    values: dict[str, Any]
    seen: int


def record_of(engine: Engine, kind: RecordKind, key: Mapping[str, Any]) -> Record:
    """A record by its key. Raises Refusal(unknown_…) where there is none."""
    with reading(engine) as connection:
        row = _row(connection, kind, key)
        if row is None:
            raise _unknown(kind, key)
        changes = table("company_changes")
        query = select(func.max(changes.c.number)).where(
            changes.c.kind == kind.value, changes.c.subject == subject_of(key)
        )
        return Record(dict(row), connection.scalar(query) or 0)


def keep_new(
    engine: Engine, kind: RecordKind, key: Mapping[str, Any], values: Mapping[str, Any], teller: Teller, also: Also | None = None
) -> None:  # fmt: skip
    """Enter a record that was not there. Raises Refusal(request_conflict) for one that was, and what `also` raises."""
    where = table(TABLES[kind][0])
    try:
        with writing(engine) as connection:
            if _row(connection, kind, key) is not None:
                raise _named(Code.REQUEST_CONFLICT, _THERE, kind, key)
            others = list(also(connection, None)) if also is not None else []
            _write_others(connection, others)
            connection.execute(where.insert().values(as_columns(where, {**key, **values})))
            enter_changes(connection, [*others, Changed(kind, key, None, values)], teller)
    except IntegrityError:
        with reading(engine) as connection:
            known = _row(connection, kind, key)
        if known is None:
            raise
        # somebody else entered the same at this very moment
        raise _named(Code.REQUEST_CONFLICT, _THERE, kind, key) from None


def keep_changed(
    engine: Engine,
    kind: RecordKind,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    seen: int,
    teller: Teller,
    words_of: Mapping[str, Words],
    also: Also | None = None,
) -> None:
    """Give these fields of a record new values; others stay.

    Raises Refusal(stale_version) where the record was changed since `seen`, naming who did and what is another now;
    unknown_… for one that is not there; and what `also` raises. Nothing is changed then.
    """
    where = table(TABLES[kind][0])
    with writing(engine) as connection:
        row = _row(connection, kind, key, to_write=True)
        if row is None:
            raise _unknown(kind, key)
        known = changes_in(connection, kind, subject_of(key))
        require_seen(seen, known, staff_names(connection), words_of)
        others = list(also(connection, row)) if also is not None else []
        _write_others(connection, others)
        given = as_columns(where, values)
        connection.execute(update(where).where(_is_it(kind, key)).values(given))
        enter_changes(connection, [*others, Changed(kind, key, row, values)], teller)


def drop(
    engine: Engine,
    kind: RecordKind,
    key: Mapping[str, Any],
    seen: int,
    teller: Teller,
    words_of: Mapping[str, Words],
) -> None:
    """Take a record out; the history keeps what it said. Raises Refusal(stale_version, unknown_…) as `keep_changed`."""
    where = table(TABLES[kind][0])
    with writing(engine) as connection:
        row = _row(connection, kind, key, to_write=True)
        if row is None:
            raise _unknown(kind, key)
        known = changes_in(connection, kind, subject_of(key))
        require_seen(seen, known, staff_names(connection), words_of)
        connection.execute(delete(where).where(_is_it(kind, key)))
        nothing = {name: None for name in row if name not in key}
        enter_changes(connection, [Changed(kind, key, row, nothing)], teller)


def _write_others(connection: Connection, others: Iterable[Changed]) -> None:
    for each in others:
        where = table(TABLES[each.kind][0])
        is_it = _is_it(each.kind, each.key)
        connection.execute(update(where).where(is_it).values(as_columns(where, each.after)))


def _row(
    connection: Connection, kind: RecordKind, key: Mapping[str, Any], *, to_write: bool = False
) -> RowMapping | None:
    query = select(table(TABLES[kind][0])).where(_is_it(kind, key))
    # of two who save at once the second sees what the first did
    query = query.with_for_update() if to_write else query
    return connection.execute(query).mappings().one_or_none()


def _is_it(kind: RecordKind, key: Mapping[str, Any]) -> Any:
    where = table(TABLES[kind][0])
    return and_(*(where.c[name] == value for name, value in as_columns(where, key).items()))


def _unknown(kind: RecordKind, key: Mapping[str, Any]) -> Refusal:
    return _named(_CODES[kind], _GONE, kind, key)


def _named(code: Code, words: Words, kind: RecordKind, key: Mapping[str, Any]) -> Refusal:
    subject = subject_of(key)
    return Refusal(code, words.filled(kind=kind, subject=subject[:100]), where=next(iter(key)))
