"""An order database of an earlier version, with orders open in every phase, is brought to the newest one, and the orders go on.

A handful of earlier versions of the tables are built here, and each that was released: empty by their own migrations, which a
release freezes (`tests/replay/released.py`), then filled with the rows of open orders as far as their columns go. 0.1.0 stands
in the changelog and was given to nobody; its tables are tried all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from psycopg.types.json import Json
from sqlalchemy import Connection, Engine, MetaData, inspect

from activities.orders.recording.recorder import Recorder
from activities.orders.recording.shelf import PROJECTED
from activities.orders.views.order_views import show_order
from activities.store.database import _configuration, engine_at, is_current, reading, upgrade, writing
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.order import Order
from models.order.projection import changed_rows
from models.values.vocabulary import Ending
from tests.changing.test_two_workers import a_whole_life, stands_in
from tests.models.life import start
from tests.postgres import ThrowawayPostgres
from tests.replay.released import releases
from workflows.procedure import begin, receive

PLACED = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
NEWEST = ScriptDirectory.from_config(_configuration()).get_current_head()
RELEASED = sorted({max(each.migrations)[:4] for each in releases().values() if each.migrations} - {NEWEST})
"""The newest migration of each release; today's tables need no upgrade."""
EARLIER = ("0007", "0012", "0019", "0026", "0033", "0041", *RELEASED)
"""Of 0.1.0; before ids had name spaces, people at the desk, quotes, contracts, and the shop; and of each release."""
Row = Mapping[str, Any]
_MADE_BY_ITSELF = ("alembic", "order_grams", "order_words")
"""Tables that a migration or a trigger fills."""


@dataclass
class OpenOrder:
    """An order that stands in a phase, and what is still to be said to it."""

    order: Order
    rest: list[dict[str, Any]]
    epoch_sequence: int = 0
    epoch_hash: str = FIRST_LINK

    def recorded(self, known: Any, recorder: Recorder) -> Any:
        """What happened since goes into the database, as the workflow has it recorded; the rows that it knows now."""
        rows, known = changed_rows(self.order, known)
        burst = Burst(
            order=self.order.number, epoch=0, after_sequence=self.epoch_sequence, after_hash=self.epoch_hash,
            entries=self.order.unsaved, rows=rows, intentions=self.order.unsent,
        )  # fmt: skip
        saved = recorder.record(burst)
        self.epoch_sequence, self.epoch_hash = saved.sequence, saved.hash
        self.order.unsaved.clear()
        self.order.unsent.clear()
        return known


def open_orders() -> list[OpenOrder]:
    """One in each phase."""
    said, found = a_whole_life(PLACED), []
    for place, count in enumerate(stands_in(PLACED, said).values(), start=1):
        order = begin(start(PLACED, number=f"20270301-{place:04}", request_id=f"fax/{place}"), PLACED)
        own = [with_own_reference(envelope, place) for envelope in said]
        for envelope in own[:count]:
            receive(order, envelope, PLACED)
        found.append(OpenOrder(order, own[count:]))
    return found


def with_own_reference(envelope: dict[str, Any], place: int) -> dict[str, Any]:
    """Money of an order has a reference of its own (R53)."""
    content = envelope["content"]
    if "reference" in content:
        content = {**content, "reference": f"{place}/{content['reference']}"}
    return {**envelope, "content": content}


@pytest.fixture
def another(
    empty_database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], str]]:
    """More empty databases of the same kind."""
    made: list[str] = []
    server: ThrowawayPostgres | None = None
    if not empty_database_url.startswith("sqlite"):
        server = request.getfixturevalue("postgres")

    def one() -> str:
        if server is None:
            made.append(f"sqlite:///{tmp_path / f'{len(made)}.db'}")
            return made[-1]
        made.append(server.create_database())
        return server.url(made[-1])

    yield one
    for name in made if server is not None else ():
        assert server is not None
        server.drop_database(name)


def made_at(url: str, revision: str) -> Engine:
    """An empty order database of that version, made by its own migrations."""
    engine, configuration = engine_at(url), _configuration()
    with writing(engine) as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revision)
    return engine


def rows_of(engine: Engine, name: str) -> list[Row]:
    """As the driver gives them: no type of ours reads or writes what is carried over."""
    with reading(engine) as connection:
        return [dict(row._mapping) for row in connection.exec_driver_sql(f"select * from {name}")]


def carry_over(new: Engine, old: Engine) -> None:
    """The rows of one database into an older version's tables, as far as its columns go."""
    tables = MetaData()
    tables.reflect(new)
    there = inspect(old)
    with writing(old) as connection:
        for each in tables.sorted_tables:
            if not there.has_table(each.name) or each.name.startswith(_MADE_BY_ITSELF):
                continue
            columns = {column["name"]: column for column in there.get_columns(each.name)}
            for row in rows_of(new, each.name):
                kept = {name: value for name, value in row.items() if name in columns}
                must = {
                    name: _something(column["type"].python_type)
                    for name, column in columns.items()
                    if name not in row and not column["nullable"] and column["default"] is None
                }
                _insert(connection, each.name, {**kept, **must})


def _something(kind: type[Any]) -> Any:
    """For a column that is no more: whatever its kind allows."""
    return kind() if kind in (str, int, bool, Decimal, float, dict) else PLACED.isoformat()


def _insert(connection: Connection, name: str, row: Row) -> None:
    on_postgres = connection.dialect.name == "postgresql"
    mark = "%s" if on_postgres else "?"
    values = tuple(
        Json(value) if on_postgres and isinstance(value, dict | list) else value for value in row.values()
    )
    names = ", ".join(f'"{each}"' for each in row)
    connection.exec_driver_sql(
        f"insert into {name} ({names}) values ({', '.join([mark] * len(row))})", values
    )


def projected(engine: Engine, number: str) -> dict[str, list[Row]]:
    """The order's rows in every table that is written from orders."""
    found: dict[str, list[Row]] = {}
    with reading(engine) as connection:
        for name in ("orders", *sorted(PROJECTED)):
            key = "number" if name == "orders" else "order_number"
            rows = connection.exec_driver_sql(f"select * from {name} where {key} = '{number}'").all()
            found[name] = sorted((dict(row._mapping) for row in rows), key=repr)
    return found


@pytest.mark.parametrize(
    "revision", [EARLIER[0], *(pytest.param(each, marks=pytest.mark.endurance) for each in EARLIER[1:])]
)
def test_open_orders_go_on_in_a_database_of_an_earlier_version(
    revision: str, empty_database_url: str, another: Callable[[], str]
) -> None:
    filled, always_new = another(), another()
    upgrade(filled)
    upgrade(always_new)
    old = made_at(empty_database_url, revision)
    orders, as_known = open_orders(), {}
    for each in orders:
        number, unsaved, unsent = each.order.number, [*each.order.unsaved], [*each.order.unsent]
        each.recorded({}, Recorder(engine_at(filled)))
        # Once more, into the database that never was an older one.
        each.order.unsaved[:], each.order.unsent[:] = unsaved, unsent
        each.epoch_sequence, each.epoch_hash = 0, FIRST_LINK
        as_known[number] = each.recorded({}, Recorder(engine_at(always_new)))
    carry_over(engine_at(filled), old)
    columns = {
        name: {c["name"] for c in inspect(old).get_columns(name)} for name in inspect(old).get_table_names()
    }

    upgrade(empty_database_url)
    assert is_current(old)

    assert len({each.order.phase for each in orders}) >= 7
    for each in orders:
        number, before = each.order.number, (each.epoch_sequence, each.epoch_hash)
        for envelope in each.rest:
            receive(each.order, envelope, PLACED)
        assert each.order.ending is Ending.SETTLED
        unsaved, unsent = [*each.order.unsaved], [*each.order.unsent]
        each.recorded(as_known[number], Recorder(old))
        each.order.unsaved[:], each.order.unsent[:] = unsaved, unsent
        each.epoch_sequence, each.epoch_hash = before
        each.recorded(as_known[number], Recorder(engine_at(always_new)))
        here, there = show_order(old, number), show_order(engine_at(always_new), number)
        assert here.journal == there.journal
        assert here.order.ending == there.order.ending == Ending.SETTLED
        assert here.payments == there.payments
        _no_column_of_before_is_lost(
            projected(old, number), projected(engine_at(always_new), number), columns
        )
    for url in (empty_database_url, filled, always_new):
        engine_at(url).dispose()


def _no_column_of_before_is_lost(
    here: dict[str, list[Row]], there: dict[str, list[Row]], columns: Mapping[str, set[str]]
) -> None:
    """What the older tables had a place for is as in a database that never was older.

    What they had none for is written with the row's next change; until then the nightly audit puts it right.
    """
    for name, rows in there.items():
        kept = columns.get(name)
        if kept is None:
            continue
        assert [_only(row, kept) for row in here[name]] == [_only(row, kept) for row in rows], name


def _only(row: Row, columns: set[str]) -> Row:
    return {name: value for name, value in row.items() if name in columns}
