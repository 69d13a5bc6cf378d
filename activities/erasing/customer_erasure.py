"""A customer's data erased after the legal time: what would go, and that it goes in one transaction; the chains stay."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, func, select

from activities.audit.journal_chain import chain_of
from activities.audit.stored_orders import stored_order
from activities.documents.document_store import DocumentStore
from activities.erasing.customer_rows import files_of, gone, keep_chains, orders_of, scans_of, take_names
from activities.listing.order_words import gather_words
from activities.scans.scan_folder import remove_scan
from activities.store.database import reading, writing
from models.company.erasing import ErasurePlan, erasable_from
from models.dossier.journal import FIRST_LINK
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.money import as_text
from models.values.vocabulary import Words

_SHOWN = 5
_SCAN = "scan "
"""What a file is called here that is no document but a scan, before its digest."""
_NOBODY = Words("没有客户 {customer}", "there is no customer {customer}")
_OPEN = Words(
    "客户 {customer} 还有未终结的：{numbers}；终结后才能清除",
    "{customer} has what has not ended: {numbers}; it is erased once all has",
)
_TOO_EARLY = Words(
    "最后一笔在 {last}，资料须保留 {years} 年（policy.toml personal_data.keep_years），{day} 起才能清除",
    "the last of it was on {last} and is kept {years} years (personal_data.keep_years in policy.toml); it may be erased "
    "from {day}",
)
_MONEY = Words(
    "客户 {customer} 还有未结的钱：{what}；结清后才能清除",
    "money of {customer} is not settled: {what}; it is erased once it is",
)
_BROKEN = Words(
    "订单 {number} 的日志不完整；先 `starter.py audit --repair`，清除后就再也补不回来了",
    "the journal of order {number} is not whole; run `starter.py audit --repair` first, after an erasure it never can be",
)


def plan_of(engine: Engine, customer: str, years: int) -> ErasurePlan:
    """What an erasure would take away; it changes nothing.

    Raises Refusal: unknown_customer, and those of the database.
    """
    with reading(engine) as connection:
        return _plan(connection, customer, years)


class CustomerFiles(NamedTuple):
    """Where files of customers lie: the store of documents, and the folder of scans."""

    documents: DocumentStore
    scans: Path

    def remove(self, name: str) -> None:
        """Take one away for good; one that is gone is well. Raises Refusal(not_set_up)."""
        if name.startswith(_SCAN):
            remove_scan(self.scans, name.removeprefix(_SCAN))
        else:
            self.documents.remove(name)


def _files(connection: Connection, customer: str) -> list[str]:
    """What `CustomerFiles` is to remove."""
    return [*files_of(connection, customer), *(_SCAN + each for each in scans_of(connection, customer))]


def erase(
    engine: Engine, files: CustomerFiles, customer: str, years: int, by: str, now: datetime
) -> ErasurePlan:
    """Erase it all in one transaction, then the files; files that a broken-off erasure left are removed by the next one.

    Raises Refusal: unknown_customer; contradiction where something is open, unsettled or not whole; too_late, with the day
    from which it may be, inside the time; not_set_up, where a file cannot be removed: the same command goes on.
    """
    for number in _whole_first(engine, customer):
        chain = chain_of(stored_order(engine, number))
        if not chain.is_whole:
            raise Refusal(Code.CONTRADICTION, _BROKEN.filled(number=number), where=number)
    with writing(engine) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "pragma secure_delete = on"
            )  # what goes is overwritten, not only forgotten
        plan = _plan(connection, customer, years)
        _require_erasable(connection, plan, years, business_date(now))
        going = _files(connection, customer)
        keep_chains(connection, customer)
        for rows, are_theirs in gone(customer):
            connection.execute(rows.delete().where(are_theirs))
        take_names(connection, customer)
        entered = {"customer": customer, "at": now, "by": by, "rows": plan.rows, "files": going}
        connection.execute(table("erasures").insert().values(entered))
    gather_words(engine)
    finish(engine, files)
    return plan.model_copy(update={"done": True})


def finish(engine: Engine, files: CustomerFiles) -> int:
    """Remove the files that erasures left, also of one that was broken off; how many. Raises Refusal(not_set_up)."""
    erasures = table("erasures")
    removed = 0
    with reading(engine) as connection:
        left = connection.execute(select(erasures.c.number, erasures.c.files)).all()
    for number, names in left:
        for name in names:
            files.remove(name)
            removed += 1
        if names:
            with writing(engine) as connection:
                connection.execute(erasures.update().where(erasures.c.number == number).values(files=[]))
    return removed


def is_erased(connection: Connection, number: str) -> bool:
    """Whether the journal of this order went with its customer's data."""
    left = table("erased_journal")
    return (
        connection.scalar(select(left.c.sequence).where(left.c.order_number == number).limit(1)) is not None
    )


def chain_after_erasure(engine: Engine, number: str) -> bool | None:
    """Whether the chain that an erasure left is whole; None for an order whose data were never erased."""
    with reading(engine) as connection:
        erased = is_erased(connection, number)
    return erased_chain_is_whole(engine, number) if erased else None


def erased_chain_is_whole(engine: Engine, number: str) -> bool:
    """Whether the head of an erased order can be reached from its first entry, link by link."""
    orders, left = table("orders"), table("erased_journal")
    with reading(engine) as connection:
        row = connection.execute(
            select(orders.c.sequence, orders.c.head).where(orders.c.number == number)
        ).first()
        links = {
            (found.sequence, found.hash): found.previous
            for found in connection.execute(
                select(left.c.sequence, left.c.hash, left.c.previous).where(left.c.order_number == number)
            )
        }
    if row is None:
        return False
    at, head = row
    while at:
        previous = links.get((at, head))
        if previous is None:
            return False
        at, head = at - 1, previous
    return bool(head == FIRST_LINK)


def _whole_first(engine: Engine, customer: str) -> list[str]:
    orders, journal = table("orders"), table("journal")
    begun = select(orders.c.number).where(orders.c.customer == customer, orders.c.sequence > 0)
    has_one = select(journal.c.order_number).where(journal.c.order_number == orders.c.number).exists()
    with reading(engine) as connection:
        return list(connection.scalars(begun.where(has_one).order_by(orders.c.number)))


def _plan(connection: Connection, customer: str, years: int) -> ErasurePlan:
    customers, orders, cases = table("customers"), table("orders"), table("cases")
    known = connection.scalar(select(customers.c.customer).where(customers.c.customer == customer))
    numbers = connection.scalar(select(func.count()).select_from(orders).where(orders.c.customer == customer))
    if known is None and not numbers:
        words = _NOBODY.filled(customer=customer[:100])
        raise Refusal(Code.UNKNOWN_CUSTOMER, words, where=customer[:100])
    last = _last(connection, customer)
    rows = {
        rows.name: count
        for rows, are_theirs in gone(customer)
        if (count := connection.scalar(select(func.count()).select_from(rows).where(are_theirs)))
    }
    return ErasurePlan(
        customer=customer,
        last=last,
        erasable_from=erasable_from(last, years) if last is not None else None,
        orders=numbers or 0,
        cases=connection.scalar(select(func.count()).select_from(cases).where(cases.c.customer == customer))
        or 0,
        rows=dict(sorted(rows.items())),
        files=len(_files(connection, customer)),
    )


def _last(connection: Connection, customer: str) -> date | None:
    moments: list[Any] = []
    for name, column in (("orders", "ended_at"), ("cases", "ended_at"), ("house_receipts", "at")):
        rows = table(name)
        query = select(func.max(rows.c[column])).where(rows.c.customer == customer)
        moments.append(connection.scalar(query))
    days = [business_date(moment) for moment in moments if moment is not None]
    return max(days, default=None)


def _require_erasable(connection: Connection, plan: ErasurePlan, years: int, today: date) -> None:
    customer = plan.customer
    for name in ("orders", "cases"):
        rows = table(name)
        query = select(rows.c.number).where(rows.c.customer == customer, rows.c.ending.is_(None))
        running = list(connection.scalars(query.order_by(rows.c.number).limit(_SHOWN + 1)))
        if running:
            shown = ", ".join(running[:_SHOWN]) + (" …" if len(running) > _SHOWN else "")
            words = _OPEN.filled(customer=customer, numbers=shown)
            raise Refusal(Code.CONTRADICTION, words, where=running[0])
    unsettled = _unsettled(connection, customer)
    if unsettled:
        raise Refusal(Code.CONTRADICTION, _MONEY.filled(customer=customer, what=unsettled), where=customer)
    if plan.erasable_from is not None and today < plan.erasable_from:
        words = _TOO_EARLY.filled(last=plan.last, years=years, day=plan.erasable_from)
        raise Refusal(Code.TOO_LATE, words, where="personal_data.keep_years")


def _unsettled(connection: Connection, customer: str) -> str:
    """Money that came in and is nobody's yet, or an order that is owed something; empty where all is settled."""
    receipts, orders, inbox = table("house_receipts"), table("orders"), table("inbox")
    rest = receipts.c.amount - receipts.c.given - receipts.c.refunded
    kept = connection.execute(
        select(receipts.c.number, receipts.c.amount).where(
            receipts.c.customer == customer, receipts.c.bounced_at.is_(None), rest != Decimal(0)
        )
    ).first()
    if kept is not None:
        return f"{kept.number} ({as_text(kept.amount)})"
    owed = connection.execute(
        select(orders.c.number, orders.c.open_balance).where(
            orders.c.customer == customer, orders.c.open_balance > Decimal(0)
        )
    ).first()
    if owed is not None:
        return f"{owed.number} ({as_text(owed.open_balance)})"
    waiting = connection.scalar(
        select(inbox.c.order_number).where(
            inbox.c.order_number.in_(orders_of(customer)), inbox.c.told_at.is_(None)
        )
    )
    return str(waiting or "")
