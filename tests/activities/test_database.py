"""Setting up, migrations and models, exactness, and a database that is away."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, Inspector, inspect, select, text

from activities.store import database
from activities.store.database import (
    _configuration,
    engine_at,
    is_current,
    reading,
    require_set_up,
    upgrade,
    writing,
)
from activities.store.imports import CustomerRow, PriceRow, import_customers, import_prices
from models.tables.registry import Base, table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Unit
from tests.activities.conftest import NOW

OF_SIGNS = "ix_order_words_grams"


def _is_of_the_tables(thing: object, name: str | None, kind: str, *_: object) -> bool:
    """All but SQLite's index of signs, which is tables to look at, and PostgreSQL's over what a function gives."""
    return not (name or "").startswith(("order_grams", OF_SIGNS))


def test_migrations_make_what_the_tables_say(engine: Engine) -> None:
    with reading(engine) as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": _is_of_the_tables}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_make_the_primary_keys_and_the_conditions_of_indices(engine: Engine) -> None:
    """What the comparison above leaves out."""
    found = inspect(engine)
    for name, rows in Base.metadata.tables.items():
        key = found.get_pk_constraint(name)
        assert key["constrained_columns"] == [column.name for column in rows.primary_key], name
        # SQLite keeps no name for the key of a table whose rows it numbers itself.
        assert key["name"] in (rows.primary_key.name, None), name
        assert _conditions(found, name) == {
            index.name: _plain(index.dialect_options[engine.dialect.name]["where"]) for index in rows.indexes
        }, name


def _conditions(found: Inspector, name: str) -> dict[str | None, str]:
    options = {each["name"]: each.get("dialect_options", {}) for each in found.get_indexes(name)}
    unique = {each["name"] for each in found.get_unique_constraints(name)} | {OF_SIGNS}
    where = f"{found.dialect.name}_where"
    return {index: _plain(option.get(where)) for index, option in options.items() if index not in unique}


def _plain(condition: object) -> str:
    plain = re.sub(r"[()\s]+", " ", str(condition if condition is not None else "")).strip().lower()
    return re.sub(r" ?::text", "", plain)  # PostgreSQL says of what kind a text is


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    """Here the tables are what is looked at: they are made by the migrations."""
    return empty_database_url


def test_setting_up_twice_changes_nothing(database_url: str) -> None:
    engine = engine_at(database_url)
    assert not is_current(engine)
    with pytest.raises(Refusal) as refused:
        require_set_up(engine)
    assert refused.value.code is Code.NOT_SET_UP
    upgrade(database_url)
    upgrade(database_url)
    assert is_current(engine)
    require_set_up(engine)
    engine.dispose()


def test_the_programs_own_versions_are_read_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each order that is placed asks whether the database is set up: reading all migrations took 40 ms of it."""
    require_set_up(engine)
    monkeypatch.setattr(database, "ScriptDirectory", None)
    require_set_up(engine)


def test_a_database_that_became_an_older_one_is_not_set_up_any_more(engine: Engine) -> None:
    """What was found once is looked at again: somebody put a copy of before back while the program runs."""
    require_set_up(engine)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '0001'"))
    with pytest.raises(Refusal) as refusal:
        require_set_up(engine)
    assert refusal.value.code is Code.NOT_SET_UP


def test_a_database_without_tables_is_not_set_up(database_url: str) -> None:
    engine = engine_at(database_url)
    with pytest.raises(Refusal) as refused:
        import_customers(engine, [CustomerRow(customer="c", name="n")])
    assert refused.value.code is Code.NOT_SET_UP
    engine.dispose()


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://nobody@127.0.0.1:1/none", "sqlite:////dev/null/orders.db"]
)
def test_a_database_that_is_away_has_a_code(url: str) -> None:
    with pytest.raises(Refusal) as refused:
        upgrade(url)
    assert refused.value.code is Code.DATABASE_UNAVAILABLE
    assert "Traceback" not in refused.value.words.en


def test_a_file_that_is_no_database_has_a_code(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    path.write_text("this is no database, it is a text of some length, long enough to be looked at\n" * 50)
    with pytest.raises(Refusal) as refused:
        upgrade(f"sqlite:///{path}")
    assert refused.value.code is Code.DATABASE_UNAVAILABLE


def _fill(engine: Engine) -> None:
    with writing(engine) as connection:
        pages = connection.exec_driver_sql("pragma page_count").scalar_one()
        connection.exec_driver_sql(f"pragma max_page_count = {pages}")
        for number in range(500):
            connection.execute(table("customers").insert().values(customer=str(number), name="甲" * 900))


def test_a_full_disk_has_a_code(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'orders.db'}"
    upgrade(url)
    engine = engine_at(url)
    with pytest.raises(Refusal) as refused:
        _fill(engine)
    assert refused.value.code is Code.DISK_FULL
    engine.dispose()


@pytest.mark.parametrize(
    "amount", ["0.00", "0.01", "0.10", "9999999999.99", "70.07", "0.0385", "0.000001", "9999999998.123456"]
)
def test_money_and_percentages_are_exact(engine: Engine, amount: str) -> None:
    row = PriceRow(
        product="P",
        unit=Unit.ROLL,
        unit_price=Decimal(amount),
        tolerance_percent=Decimal("0.3333"),
        valid_from=date(2027, 1, 1),
    )
    import_prices(engine, [row])
    prices = table("prices")
    with reading(engine) as connection:
        price, tolerance = connection.execute(select(prices.c.unit_price, prices.c.tolerance_percent)).one()
        whole = connection.execute(text("select unit_price from prices")).scalar_one()
    assert (str(price), tolerance) == (amount, Decimal("0.3333"))
    assert Decimal(whole) == Decimal(amount) * 100, "as fen, as ever"


def test_prices_that_were_whole_fen_stay_as_they_are_when_they_become_finer(database_url: str) -> None:
    """R20: an older program wrote 500 for 5.00; it reads the same, also where a trade and an open price stand beside it."""
    engine = engine_at(database_url)
    configuration = _configuration()
    with writing(engine) as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "0008")
        for statement in (
            "insert into prices (product, valid_from, name, specification, unit, unit_price)"
            " values ('P', '2026-01-01', '', '', 'roll', 500)",
            "insert into orders (number, sequence, head, epoch, request_id, request_version, customer, customer_name,"
            " customer_class, salesperson, phase, headline, policy_version)"
            " values ('1', 0, '', 0, '', 1, '', '', '', '', '', '', '')",
            *(
                "insert into order_lines (order_number, line, product, specification, quantity, unit, unit_price, amount,"
                f" passed, entered, shipped) values ('1', {number}, 'P', '', 1000, 'roll', {price}, 999, 0, 0, 0)"
                for number, price in ((1, 999999999999), (2, "null"))
            ),
        ):
            connection.exec_driver_sql(statement)
    upgrade(database_url)
    with reading(engine) as connection:
        listed = connection.scalar(select(table("prices").c.unit_price))
        traded = connection.scalars(
            select(table("order_lines").c.unit_price).order_by(table("order_lines").c.line)
        )
        assert (str(listed), [str(each) for each in traded]) == ("5.00", ["9999999999.99", "None"])
    with writing(engine) as connection:
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, "0008")
        assert connection.exec_driver_sql("select unit_price from prices").scalar_one() == 500
    engine.dispose()


def test_instants_are_utc_and_have_an_offset(engine: Engine) -> None:
    orders = table("orders")
    with writing(engine) as connection:
        connection.execute(
            orders.insert().values(number="1", placed_at=datetime.fromisoformat("2027-01-05T09:30:00+08:00"))
        )
    with reading(engine) as connection:
        placed = connection.execute(select(orders.c.placed_at)).scalar_one()
    assert placed == NOW
    assert placed.utcoffset() == NOW.utcoffset()


def test_what_was_there_before_ids_had_name_spaces_stays(database_url: str) -> None:
    """A request that was placed may come again from anybody; an answer is the key's that got it."""
    upgrade(database_url)
    engine = engine_at(database_url)
    with writing(engine) as connection:
        _to(connection, "0012")
        connection.execute(
            text(
                "insert into requests (request_id, content_hash, number, customer, placed_at, start)"
                " values ('PO-1', 'h', '20270105-0001', 'K1', :at, '{}')"
            ),
            {"at": NOW},
        )
        connection.execute(
            text(
                "insert into answers (caller, key, digest, status, body, created_at) values ('shop', 'k', 'd', 200, '{}', :at)"
            ),
            {"at": NOW},
        )
    upgrade(database_url)
    with reading(engine) as connection:
        requests, answers = table("requests"), table("answers")
        assert connection.execute(
            select(requests.c.request_id, requests.c.customer, requests.c.space)
        ).all() == [("PO-1", "K1", "*")]
        assert connection.scalars(select(answers.c.caller)).all() == ["key:shop"]


def _to(connection: Connection, revision: str) -> None:
    """Back to an earlier version of the tables."""
    configuration = _configuration()
    configuration.attributes["connection"] = connection
    command.downgrade(configuration, revision)
