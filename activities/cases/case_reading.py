"""What lists and pages of quotes, after-sales cases and contracts read alike from the order database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping, Select, desc, select

from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

MOST_LISTED = 500


def newest_first(
    query: Select[Any],
    *,
    salesperson: str | None = None,
    customer: str | None = None,
    stage: str | None = None,
    open_only: bool = False,
) -> Select[Any]:
    """Of the cases that the query finds those that are wanted, the newest first, no more than `MOST_LISTED`."""
    cases = table("cases")
    for column, wanted in (
        (cases.c.salesperson, salesperson),
        (cases.c.customer, customer),
        (cases.c.stage, stage),
    ):
        if wanted:
            query = query.where(column == wanted)
    if open_only:
        query = query.where(cases.c.ended_at.is_(None))
    return query.order_by(desc(cases.c.placed_at), desc(cases.c.number)).limit(MOST_LISTED)


def the_one(connection: Connection, query: Select[Any], number: str, missing: Words) -> RowMapping:
    """The case with this number. Raises Refusal(unknown_order) in these words."""
    row = connection.execute(query.where(table("cases").c.number == number)).mappings().first()
    if row is None:
        raise Refusal(Code.UNKNOWN_ORDER, missing.filled(number=number), where=number)
    return row


def rows_of(connection: Connection, name: str, number: str, *order: str) -> list[dict[str, Any]]:
    """Its rows in a table, ordered by these columns."""
    its = table(name)
    query = select(its).where(its.c.case_number == number).order_by(*(its.c[each] for each in order))
    return [dict(each) for each in connection.execute(query).mappings()]


def common_to_all(connection: Connection, number: str) -> dict[str, Any]:
    """What it waits for, what is asked and decided, its journal, and what it began with."""
    requests = table("case_requests")
    steps = rows_of(connection, "case_steps", number, "since", "key")
    return {
        "steps": [each for each in steps if each["closed_at"] is None],
        "decisions": rows_of(connection, "case_decisions", number, "asked_at", "version"),
        "journal": rows_of(connection, "case_journal", number, "epoch", "sequence"),
        "start": connection.scalar(select(requests.c.start).where(requests.c.number == number)) or {},
    }
