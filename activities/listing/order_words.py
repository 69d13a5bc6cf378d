"""What orders are found by: gathered from their rows whenever one of them has changed.

The database's own triggers note every order whose texts have changed, whoever wrote them (migration `the list of orders`). Whoever
searches gathers first what is noted; the door does so by itself, so that there is little of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, column, delete, insert, select, text, update
from sqlalchemy import table as plain_table

from activities.listing.spelled_names import initials_of, spelling_of
from activities.store.database import reading, writing
from models.tables.registry import table
from models.writing.search_text import grams, searched

_AT_ONCE = 400
_MOST_NAMED = 10_000
"""More rows than these are not named in one statement."""
_LONGEST = 400
"""So much of one text is looked through: nobody looks for what stands further on in a specification of pages."""
_MOST = 20_000
"""Signs of one order that are looked through."""
_GATHERING = 20_270_118
"""PostgreSQL's advisory lock under which one process at a time gathers: an older state must not be written last."""
GRAMS = plain_table("order_grams", column("rowid"), column("grams"))
"""SQLite's index of signs; its rows have the ids of `order_words`."""


def gather_words(engine: Engine, most: int | None = None) -> int:
    """Gather the texts of all orders that are noted, or of so many; how many were."""
    due = table("order_words_due")
    done = 0
    while most is None or done < most:
        with reading(engine) as connection:
            if connection.scalar(select(due.c.id).limit(1)) is None:
                return done
        with writing(engine) as connection:
            done += _gather(connection)
    return done


def note_all(engine: Engine) -> None:
    """Note every order, so that all texts are gathered anew."""
    orders, words = table("orders"), table("order_words")
    due = table("order_words_due")
    with writing(engine) as connection:
        for number in (orders.c.number, words.c.number):
            connection.execute(insert(due).from_select(["number"], select(number).order_by(number)))


def _gather(connection: Connection) -> int:
    due, words = table("order_words_due"), table("order_words")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"select pg_advisory_xact_lock({_GATHERING})")
    first = connection.scalars(select(due.c.number).order_by(due.c.id).limit(_AT_ONCE))
    numbers = sorted(set(first))
    # what is noted after this is gathered the next time: it may be about what is not read here
    noted = connection.scalars(select(due.c.id).where(due.c.number.in_(numbers))).all()
    known = {
        row.number: row for row in connection.execute(select(words).where(words.c.number.in_(numbers))).all()
    }
    now = _texts(connection, numbers)
    index = _index_of(connection)
    for number in numbers:
        before, after = known.get(number), now.get(number)
        if before is not None and after is None:
            connection.execute(delete(words).where(words.c.id == before.id))
            index.drop(before.id, before.words)
        elif before is None and after is not None:
            row = connection.scalar(insert(words).values(number=number, words=after).returning(words.c.id))
            index.add(int(row or 0), after)
        elif before is not None and after is not None and before.words != after:
            connection.execute(update(words).where(words.c.id == before.id).values(words=after))
            index.drop(before.id, before.words)
            index.add(before.id, after)
    index.write()
    for at in range(0, len(noted), _MOST_NAMED):
        connection.execute(delete(due).where(due.c.id.in_(noted[at : at + _MOST_NAMED])))
    return len(numbers)


def _texts(connection: Connection, numbers: Sequence[str]) -> dict[str, str]:
    """The texts of each of these orders that is there."""
    orders, requests = table("orders"), table("requests")
    found: dict[str, list[str]] = {}
    query = select(
        orders.c.number, orders.c.customer, orders.c.customer_name, orders.c.customer_order_number,
        *(requests.c.start[("request", name)].as_string().label(name) for name in ("contact", "phone", "consignee")),
    ).outerjoin(requests, requests.c.number == orders.c.number)  # fmt: skip
    for row in connection.execute(query.where(orders.c.number.in_(numbers))).mappings():
        name, contact = row["customer_name"], row["contact"] or ""
        found[row["number"]] = [
            row["number"], row["customer_order_number"] or "", row["customer"], name, spelling_of(name).whole, initials_of(name),
            contact, initials_of(contact), row["consignee"] or "", *_dialled(row["phone"]),
        ]  # fmt: skip
    for number, texts in _of_rows(connection, list(found)).items():
        found[number] += texts
    return {number: _written(texts) for number, texts in found.items()}


def _of_rows(connection: Connection, numbers: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, columns in (
        ("order_lines", ("product", "specification")),
        ("shipments", ("tracking_number",)),
        ("payments", ("reference",)),
        ("transfers", ("reference",)),
    ):
        rows = table(name)
        query = select(rows.c.order_number, *(rows.c[each] for each in columns))
        for number, *texts in connection.execute(query.where(rows.c.order_number.in_(numbers))):
            found[number] += [each for each in texts if each]
    journal = table("journal")
    amended = select(journal.c.order_number, journal.c.data).where(
        journal.c.order_number.in_(numbers), journal.c.subject == "amendment_requested"
    )
    for number, data in connection.execute(amended):
        found[number] += _changed(data)
    return found


def _changed(data: Any) -> list[str]:
    """Contact and phone as an amendment has them (R83): no row of the order says them."""
    content = data.get("content") if isinstance(data, Mapping) else None
    changes = content.get("changes") if isinstance(content, Mapping) else None
    if not isinstance(changes, Mapping):
        return []
    contact = str(changes.get("contact") or "")
    return [contact, initials_of(contact), *_dialled(changes.get("phone"))]


def _dialled(phone: object) -> list[str]:
    """A phone number as it is written, and its digits alone."""
    written = str(phone or "")
    return [written, "".join(sign for sign in written if sign.isdecimal())]


def _written(texts: Iterable[str]) -> str:
    plain = (searched(text[:_LONGEST]) for text in texts)
    return "\n".join(dict.fromkeys(each for each in plain if each))[:_MOST]


class _NoIndex:
    """PostgreSQL keeps its index by itself."""

    def add(self, row: int, words: str) -> None:
        """Nothing."""

    def drop(self, row: int, words: str) -> None:
        """Nothing."""

    def write(self) -> None:
        """Nothing."""


class _SignIndex(_NoIndex):
    """SQLite's index of signs, which is told what to add, and what to drop."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._added: list[dict[str, Any]] = []
        self._dropped: list[dict[str, Any]] = []

    def add(self, row: int, words: str) -> None:
        self._added.append({"row": row, "grams": tokens(grams(words))})

    def drop(self, row: int, words: str) -> None:
        self._dropped.append({"row": row, "grams": tokens(grams(words))})

    def write(self) -> None:
        if self._dropped:
            statement = "insert into order_grams (order_grams, rowid, grams) values ('delete', :row, :grams)"
            self._connection.execute(text(statement), self._dropped)
        if self._added:
            self._connection.execute(
                text("insert into order_grams (rowid, grams) values (:row, :grams)"), self._added
            )


def _index_of(connection: Connection) -> _NoIndex:
    return _SignIndex(connection) if connection.dialect.name == "sqlite" else _NoIndex()


def tokens(signs: Iterable[str], between: str = " ") -> str:
    """Signs as SQLite's index takes them: plain letters, whatever the signs are."""
    return between.join(sorted("z".join(f"{ord(sign):x}" for sign in each) for each in signs))
