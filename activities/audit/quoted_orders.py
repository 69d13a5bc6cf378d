"""The register of which quote became which order, beside what quotes and orders say of it; the audit puts it right (R47, R104)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError

from activities.audit.one_state import reading_one_state
from activities.store.database import writing
from activities.store.upsert import insert_into
from models.quotes.becoming import Became, Naming, stands, wanted
from models.reports.store_audit import Difference
from models.tables.registry import table


class WrongQuotedOrder(NamedTuple):
    """A row of the register that is another than it should be: which order it has, and which one it should."""

    quote: str
    difference: Difference
    has: str = ""
    says: str = ""
    is_known: bool = True
    """Whether both sides can be read; what nobody knows anything of is taken away by nobody."""


def wrong_quoted_orders(engine: Engine) -> list[WrongQuotedOrder]:
    """Every row that is missing, another, or too many, in one state of quotes, orders and register."""
    with reading_one_state(engine) as connection:
        return _wrong(connection)


def write_quoted_orders(
    engine: Engine, wrong: Sequence[WrongQuotedOrder], now: datetime
) -> list[WrongQuotedOrder]:
    """Write what quotes and orders say, where that is still so; those that are left: an order belongs to one quote at most."""
    for each in wrong:
        try:
            with writing(engine) as connection:
                if each in _wrong(connection):
                    _write(connection, each, now)
        except IntegrityError:
            continue
    left = {each.quote for each in wrong_quoted_orders(engine)}
    return [each for each in wrong if each.quote in left]


def _write(connection: Connection, wrong: WrongQuotedOrder, now: datetime) -> None:
    made = table("quoted_orders")
    this = (made.c.quote_number == wrong.quote) & (made.c.order_number == wrong.has)
    if wrong.difference is Difference.ROW_MISSING:
        values = {"quote_number": wrong.quote, "order_number": wrong.says, "made_at": now}
        connection.execute(insert_into(connection, made).values(values).on_conflict_do_nothing())
    elif wrong.difference is Difference.ROW_CHANGED:
        connection.execute(update(made).where(this).values(order_number=wrong.says))
    elif wrong.is_known:
        connection.execute(delete(made).where(this))


def _wrong(connection: Connection) -> list[WrongQuotedOrder]:
    found = {
        each.quote: each
        for each in (*_of_orders(connection), *_of_the_register(connection), *_of_quotes(connection))
    }
    return [found[quote] for quote in sorted(found)]


def _of_quotes(connection: Connection) -> Iterator[WrongQuotedOrder]:
    """What quotes say that they became."""
    made, quotes = table("quoted_orders"), table("quotes")
    query = (
        select(quotes.c.case_number, quotes.c.order_number, made.c.order_number.label("has"))
        .outerjoin(made, made.c.quote_number == quotes.c.case_number)
        .where(
            quotes.c.order_number.is_not(None),
            or_(made.c.order_number.is_(None), made.c.order_number != quotes.c.order_number),
            _is_not_erased(quotes.c.order_number),
        )
    )
    for row in connection.execute(query):
        kind = Difference.ROW_MISSING if row.has is None else Difference.ROW_CHANGED
        yield WrongQuotedOrder(row.case_number, kind, row.has or "", row.order_number)


def _of_the_register(connection: Connection) -> Iterator[WrongQuotedOrder]:
    """Rows of quotes that do not say themselves what they became: the order must say it."""
    made, quotes, cases = table("quoted_orders"), table("quotes"), table("cases")
    requests = table("requests")
    query = (
        select(
            made.c.quote_number,
            made.c.order_number,
            cases.c.number.label("known_quote"),
            cases.c.ended_at.is_(None).label("quote_lives"),
            *_labelled(_said(connection)),
        )
        .outerjoin(quotes, quotes.c.case_number == made.c.quote_number)
        .outerjoin(cases, cases.c.number == made.c.quote_number)
        .outerjoin(requests, requests.c.number == made.c.order_number)
        .where(quotes.c.order_number.is_(None), _is_not_erased(made.c.order_number))
    )
    for row in connection.execute(query):
        naming = _naming(row) if row.said_customer is not None else None
        lives = row.known_quote is not None and bool(row.quote_lives)
        if not stands(Became(row.quote_number, row.order_number, lives, naming)):
            is_known = row.known_quote is not None and naming is not None
            yield WrongQuotedOrder(
                row.quote_number, Difference.ROW_TOO_MANY, row.order_number, is_known=is_known
            )


def _of_orders(connection: Connection) -> Iterator[WrongQuotedOrder]:
    """Open orders that come from a quote, or wait for one that lives, and stand in no row."""
    made, orders, requests, cases = table("quoted_orders"), table("orders"), table("requests"), table("cases")
    said = _said(connection)
    awaited = (cases.c.number == said["awaited"]) & cases.c.ended_at.is_(None)
    query = (
        select(orders.c.number, cases.c.number.label("living"), *_labelled(said))
        .join(requests, requests.c.number == orders.c.number)
        .outerjoin(made, made.c.order_number == orders.c.number)
        .outerjoin(cases, awaited)
        .where(
            orders.c.ending.is_(None),
            made.c.order_number.is_(None),
            said["quote"].is_not(None) | said["awaited"].is_not(None),
        )
    )
    for row in connection.execute(query):
        named = wanted(_naming(row), awaited_lives=row.living is not None)
        if named:
            yield WrongQuotedOrder(named, Difference.ROW_MISSING, says=row.number)


def _said(connection: Connection) -> dict[str, ColumnElement[Any]]:
    """What the request that an order began with says of quotes; nothing where a hand made it one that nobody can read."""
    start = table("requests").c.start
    can_be_read = func.json_valid(start) == 1 if connection.dialect.name == "sqlite" else true()

    def text(*path: str) -> ColumnElement[Any]:
        return case((can_be_read, start["request", *path].as_string()), else_=None)

    return {
        "customer": text("customer"),
        "quote": text("quote", "number"),
        "waits": text("awaits_quote"),
        "awaited": text("awaits_quote", "quote"),
    }


def _labelled(said: dict[str, ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    return [text.label(f"said_{name}") for name, text in said.items()]


def _naming(row: Any) -> Naming:
    return Naming(row.said_quote or "", row.said_waits is not None, row.said_awaited or "")


def _is_not_erased(order: ColumnElement[Any]) -> ColumnElement[bool]:
    """The register keeps its rows when a customer's data are erased; what they rest on is gone then."""
    gone = table("erased_journal")
    return ~exists().where(gone.c.order_number == order)
