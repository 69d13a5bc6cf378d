"""Statements that are made once: the rows are those of `connection.execute`, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, Insert, select, text, update
from sqlalchemy.exc import IntegrityError

from activities.store.database import reading, writing
from activities.store.kept_statements import send, send_all
from activities.store.upsert import TableRow, insert_in, upsert_all
from models.dossier.journal import FIRST_LINK
from models.tables.registry import table

NOON = datetime(2027, 1, 5, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
AWKWARD = "50 % of :this, %(that)s, “引号” \"'\\ 𠮷 {brace} \t\n"


@pytest.fixture(autouse=True)
def numbered(engine: Engine) -> None:
    """An order, because rows of an order need one."""
    with writing(engine) as connection:
        connection.execute(
            table("orders").insert().values(number="20270105-0001", sequence=0, head=FIRST_LINK, epoch=0)
        )


def outbox(number: int, **given: Any) -> dict[str, Any]:
    return {
        "order_number": "20270105-0001",
        "identity": f"paper-{number}",
        "paper": "shipment_notice",
        "roles": ["customer", AWKWARD],
        "zh": AWKWARD,
        "en": "",
        "rule": "-",
        "created_at": NOON,
        "content": {"said": AWKWARD, "lines": [1, None, True]},
        **given,
    }


def line(number: int, price: str, **given: Any) -> dict[str, Any]:
    return {
        "order_number": "20270105-0001",
        "line": number,
        "product": "R-57",
        "specification": AWKWARD,
        "quantity": Decimal("12345.678"),
        "unit": "roll",
        "unit_price": Decimal(price),
        "amount": Decimal("9999999999.99"),
        "passed": Decimal("0"),
        "entered": Decimal("0.001"),
        "shipped": Decimal("0"),
        **given,
    }


def inserted(engine: Engine, name: str) -> Insert:
    statement = insert_in(engine.dialect.name, table(name))
    return statement.on_conflict_do_nothing()


def rows_of(engine: Engine, name: str) -> list[dict[str, Any]]:
    found = table(name)
    with reading(engine) as connection:
        rows = connection.execute(select(found).order_by(*found.primary_key.columns)).mappings().all()
    return [dict(row) for row in rows]


def written_both_ways(engine: Engine, name: str, rows: list[dict[str, Any]]) -> tuple[Any, Any]:
    """The table's rows after `connection.execute`, and after `send_all`; and the columns in which nothing stands."""
    told = []
    for kept in (False, True):
        statement = inserted(engine, name)
        with writing(engine) as connection:
            if kept:
                send_all(connection, statement, rows)
            else:
                connection.execute(statement, rows)
        missing = ", ".join(
            f'sum(case when "{column.name}" is null then 1 else 0 end)' for column in table(name).columns
        )
        with reading(engine) as connection:
            empty = connection.execute(text(f"select {missing} from {name}")).one()
        told.append((rows_of(engine, name), tuple(empty)))
        with writing(engine) as connection:
            connection.execute(table(name).delete())
    return told[0], told[1]


@pytest.mark.parametrize("count", [1, 2, 40])
def test_rows_are_the_same_whatever_they_hold(engine: Engine, count: int) -> None:
    papers = [outbox(at, problem=None if at % 2 else AWKWARD) for at in range(count)]
    plain, kept = written_both_ways(engine, "outbox", papers)
    assert kept == plain
    assert len(kept[0]) == count
    assert kept[0][0]["created_at"] == datetime(2027, 1, 5, 4, 0, 0, 123456, tzinfo=UTC)
    assert kept[0][0]["zh"] == AWKWARD


@pytest.mark.parametrize("empty", [None, {}, {"nothing": None}])
def test_nothing_stays_apart_from_a_document_that_says_nothing(engine: Engine, empty: Any) -> None:
    plain, kept = written_both_ways(engine, "outbox", [outbox(1, content=empty), outbox(2)])
    assert kept == plain
    told = [
        {"order_number": "20270105-0001", "key": f"c:{at}", "book": "stock", "asked": "a digest",
         "content": empty, "answered_at": NOON}
        for at in (1, 2)
    ]  # fmt: skip
    if empty is not None:
        plain, kept = written_both_ways(engine, "shared_answers", told)
        assert kept == plain


def test_prices_are_exact(engine: Engine) -> None:
    lines = [line(1, "0.0385"), line(2, "99999.999999"), line(3, "0.000001"), line(4, "5")]
    plain, kept = written_both_ways(engine, "order_lines", lines)
    assert kept == plain
    assert [row["unit_price"] for row in kept[0]] == [Decimal(each["unit_price"]) for each in lines]
    assert {row["quantity"] for row in kept[0]} == {Decimal("12345.678")}


def test_a_figure_that_cannot_be_kept_is_refused_in_any_row(engine: Engine) -> None:
    finer = line(2, "0.0000001")
    for rows in ([finer], [line(1, "1"), finer]):
        with pytest.raises(ValueError, match="decimals"), writing(engine) as connection:
            send_all(connection, inserted(engine, "order_lines"), rows)
    assert rows_of(engine, "order_lines") == []


def test_what_is_there_stays_as_it_is(engine: Engine) -> None:
    with writing(engine) as connection:
        send(connection, inserted(engine, "outbox"), outbox(1, zh="first"))
        send_all(connection, inserted(engine, "outbox"), [outbox(1, zh="second"), outbox(2, zh="second")])
    assert [row["zh"] for row in rows_of(engine, "outbox")] == ["first", "second"]


def test_a_row_given_twice_has_what_it_was_given_last(engine: Engine) -> None:
    key = {"order_number": "20270105-0001", "identity": "paper-1"}
    given = {name: value for name, value in outbox(1).items() if name not in key}
    with writing(engine) as connection:
        upsert_all(
            connection, [TableRow(table("outbox"), key, {**given, "zh": word}) for word in ("一", "二", "三")]
        )
    assert [row["zh"] for row in rows_of(engine, "outbox")] == ["三"]


def test_a_broken_constraint_is_called_as_ever(engine: Engine) -> None:
    plain = table("outbox").insert()
    for rows in ([outbox(1)], [outbox(1), outbox(2)]):
        with writing(engine) as connection:
            send_all(connection, plain, rows)
        with pytest.raises(IntegrityError), writing(engine) as connection:
            send_all(connection, plain, rows)
        with writing(engine) as connection:
            connection.execute(table("outbox").delete())


def test_an_update_says_how_many_it_found(engine: Engine) -> None:
    papers = table("outbox")
    marked = update(papers).where(papers.c.identity == "paper-1").values(problem="lost")
    with writing(engine) as connection:
        send(connection, inserted(engine, "outbox"), outbox(1))
        assert send(connection, marked, {}).rowcount == 1
        assert (
            send(connection, update(papers).where(papers.c.identity == "none").values(zh="x"), {}).rowcount
            == 0
        )
    assert [row["problem"] for row in rows_of(engine, "outbox")] == ["lost"]
