"""Archived orders: made by a job once each, listed, found by search, given out (R165)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, RowMapping, select
from temporalio import activity

from activities.archive.order_file import OrderFile, order_file
from activities.documents.document_store import DocumentStore
from activities.store.database import reading, writing
from activities.store.faults import each_read
from activities.store.upsert import insert_into
from models.policy import ArchivePolicy
from models.reports.archive import ArchivePage, ArchiveProgress, archived_before
from models.tables.registry import table
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words

ORDERS_AT_ONCE = 20
MOST_SHOWN = 200
ZIP = ".zip"
_NOT_ARCHIVED = Words("订单 {number} 没有归档", "order {number} is not archived")
_NOT_ENDED = Words("订单 {number} 尚未终结，不能归档", "order {number} has not ended and is not archived")
_log = logging.getLogger("dingdan.archive")


class ArchivedOrder(BaseModel):
    """An archived order in a list. Times UTC; `file` is its name in the store of documents."""

    order_number: str
    customer: str
    customer_name: str
    ending: str
    ended_at: datetime
    made_at: datetime
    file: str
    sha256: str
    size: int
    names: list[str]


class Archiving:
    """Archives orders of one database into one store of documents."""

    def __init__(self, engine: Engine, store: DocumentStore, policy: Callable[[], ArchivePolicy]) -> None:
        self._engine, self._store, self._policy = engine, store, policy

    @activity.defn(name="archive_page", no_thread_cancel_exception=True)
    def archive_page(self, page: ArchivePage) -> ArchiveProgress:
        """Archive one page of orders, each once; done again it makes nothing anew.

        Raises Refusal where database or store cannot be used: it is tried again.
        """
        return archive_page(self._engine, self._store, page, self._policy().days)


def archive_page(
    engine: Engine, store: DocumentStore, page: ArchivePage, days: int, now: datetime | None = None
) -> ArchiveProgress:
    """As `Archiving.archive_page`. An order that cannot be archived is left for the next night; the others go on."""
    with reading(engine) as connection:
        due = _due(connection, page.day, days, page.after)
    archived = failed = 0
    for number in due:
        try:
            archived += archive_order(engine, store, number, now)
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD:
                raise
            failed += 1
            _log.warning("order %s was not archived: %s", number, refusal.words.en)
    return ArchiveProgress(
        after=due[-1] if len(due) == ORDERS_AT_ONCE else "", archived=archived, failed=failed
    )


def _due(connection: Connection, day: date, days: int, after: str) -> list[str]:
    orders, archives = table("orders"), table("archives")
    query = (
        select(orders.c.number)
        .outerjoin(archives, archives.c.order_number == orders.c.number)
        .where(
            orders.c.ended_at < archived_before(day, days),
            archives.c.order_number.is_(None),
            orders.c.number > after,
        )
        .order_by(orders.c.number)
        .limit(ORDERS_AT_ONCE)
    )
    return list(connection.scalars(query))


def archive_order(engine: Engine, store: DocumentStore, number: str, now: datetime | None = None) -> bool:
    """Archive one order that has ended; False where it is archived already.

    Raises Refusal (order unknown or not ended: `not_asked`), and those of the store and the database.
    """
    orders, archives = table("orders"), table("archives")
    with reading(engine) as connection:
        row = connection.execute(select(orders).where(orders.c.number == number)).mappings().first()
        if row is None or row["ended_at"] is None:
            raise Refusal(Code.NOT_ASKED, _NOT_ENDED.filled(number=number), where=number, rule="R165")
        if connection.scalar(select(archives.c.file).where(archives.c.order_number == number)) is not None:
            return False
        made = order_file(connection, store, number)
        words = _words_of(connection, row)
    digest = store.keep(made.content, ZIP)
    with writing(engine) as connection:
        entered = connection.execute(
            insert_into(connection, archives)
            .values(_row(row, made, digest, words, now or datetime.now(UTC)))
            .on_conflict_do_nothing()
            .returning(archives.c.order_number)
        )
        return entered.first() is not None


def _row(row: RowMapping, made: OrderFile, digest: str, words: str, now: datetime) -> dict[str, Any]:
    return {
        "order_number": row["number"],
        "customer": row["customer"] or "",
        "customer_name": row["customer_name"] or "",
        "ending": row["ending"] or "",
        "ended_at": row["ended_at"],
        "made_at": now,
        "file": digest + ZIP,
        "sha256": digest,
        "size": len(made.content),
        "names": list(made.names),
        "words": words,
    }


def _words_of(connection: Connection, row: RowMapping) -> str:
    """What an archived order is found by."""
    found = [row["number"], row["customer"], row["customer_name"], row["customer_order_number"]]
    for name, columns in (
        ("order_lines", ("product", "specification")),
        ("invoices", ("number", "title", "tax_number")),
        ("payments", ("reference",)),
        ("shipments", ("tracking_number",)),
    ):
        rows = table(name)
        query = select(*(rows.c[column] for column in columns)).where(rows.c.order_number == row["number"])
        found += [value for each in connection.execute(query) for value in each]
    return " ".join(dict.fromkeys(str(value).lower() for value in found if value))


def find_archives(engine: Engine, text: str = "", most: int = MOST_SHOWN) -> list[ArchivedOrder]:
    """Archived orders, the newest first; each word of the text stands somewhere in what they are found by."""
    archives = table("archives")
    words = [archives.c.words.contains(word.lower(), autoescape=True) for word in text.split()]
    query = select(archives).where(*words)
    with reading(engine) as connection:
        rows = connection.execute(
            query.order_by(archives.c.made_at.desc(), archives.c.order_number).limit(most)
        )
        return each_read(
            rows.mappings().all(),
            lambda row: ArchivedOrder.model_validate(dict(row)),
            "an archived order",
        )


def archived_file(engine: Engine, store: DocumentStore, number: str) -> tuple[ArchivedOrder, bytes]:
    """The file of an archived order. Raises Refusal (unknown_order; not_set_up where the file is not there)."""
    archives = table("archives")
    with reading(engine) as connection:
        row = connection.execute(select(archives).where(archives.c.order_number == number)).mappings().first()
    if row is None:
        raise Refusal(Code.UNKNOWN_ORDER, _NOT_ARCHIVED.filled(number=number), where=number, rule="R165")
    found = ArchivedOrder.model_validate(dict(row))
    return found, store.read(found.file)
