"""The order database: one engine per address, SQLite or PostgreSQL, and what its failures are called.

SQLite keeps a write-ahead log, waits for a busy writer, and takes the write lock when a writer begins. The writers of
one process take turns before that.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from activities.store.private_folder import make_private_file
from activities.store.sqlite_writers import Turns, begin_to_write
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
BUSY_SECONDS = 5
"""How long a SQLite writer waits for another one, and how long a PostgreSQL server may take to answer."""
_TURNS: WeakKeyDictionary[Engine, Turns] = WeakKeyDictionary()
"""The turns of each database that lets one write at a time."""
_CONNECTIONS = 10
_IDLE_SECONDS = 5
"""After so long without use a connection may be gone without anybody having noticed."""
_USED = "used"
_SETUP_LOCK = 20_270_105
"""PostgreSQL's advisory lock under which one process at a time migrates."""

_AWAY = Words(
    "订单数据库 {database} 现在不能用。已保存的数据没有丢失；请检查数据库是否运行以及 DINGDAN_DATABASE_URL，然后重试。原因：{reason}",
    "The order database {database} cannot be used now. Nothing that was saved is lost: check that it runs and "
    "DINGDAN_DATABASE_URL, then try again. Reason: {reason}",
)
_FULL = Words(
    "存放订单数据库 {database} 的磁盘已满。已保存的数据没有丢失；请清理磁盘后重试。",
    "The disk of the order database {database} is full. Nothing that was saved is lost: make room and try again.",
)
_NOT_SET_UP = Words(
    "订单数据库 {database} 尚未建立或版本过旧。请先运行 `starter.py setup`。",
    "The order database {database} is not set up, or is older than this program. Run `starter.py setup` first.",
)


@lru_cache(maxsize=32)
def engine_at(url: str) -> Engine:
    """The engine of an address, one per process. Nothing is connected yet.

    Raises Refusal(database_unavailable) for an address that cannot be read or a folder that cannot be made.
    """
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            if address.database:
                make_private_file(Path(address.database))
            engine = create_engine(
                address,
                connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
                pool_size=_CONNECTIONS,
                hide_parameters=True,
            )
            _as_wal(engine)
            return engine
        engine = create_engine(
            address,
            connect_args={"connect_timeout": BUSY_SECONDS},
            pool_size=_CONNECTIONS,
            hide_parameters=True,  # what customers said stands in no error and so in no log
            pool_timeout=BUSY_SECONDS,
        )
        _asked_after_idling(engine)
        return engine
    except (ArgumentError, OSError) as error:
        raise _refused(Code.DATABASE_UNAVAILABLE, _AWAY, url, str(error)) from error


@lru_cache(maxsize=32)
def quick_reader(url: str) -> Engine | None:
    """An engine for reads that are done at once or refused at once, so that they may run in an event loop; one connection.

    Only SQLite has it: a file on this machine, where a reader waits for nobody. Measured: without the way into another
    thread and back a fact is through the door 0.7 ms earlier, of 4. None for a database that is reached over a network.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return None
    engine = create_engine(
        address,
        connect_args={"timeout": 0, "check_same_thread": False},
        poolclass=StaticPool,
        hide_parameters=True,
    )
    _as_wal(engine)
    return engine


def _asked_after_idling(engine: Engine) -> None:
    """A connection that idled is asked whether the server is still there, before a transaction rests on it.

    One that was used a moment ago is not: asking costs a recorder an eighth of its statements. Where the server went
    away in that moment, one transaction fails by name and is tried again; all other connections are then made anew.
    """

    @event.listens_for(engine, "checkin")
    def came_back(connection: Any, record: ConnectionPoolEntry) -> None:
        record.info[_USED] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: DBAPIConnection, record: ConnectionPoolEntry, proxy: object) -> None:
        used = record.info.get(_USED)
        if used is None or time.monotonic() - used < _IDLE_SECONDS:
            return
        try:
            there = engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error
        if not there:
            raise InvalidatePoolError


def _as_wal(engine: Engine) -> None:
    _TURNS[engine] = Turns()

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, below
        # A checkpoint writes the pages that many bursts changed once: at 16 MB of log a quarter as often as by default.
        for pragma in (
            "journal_mode=wal",
            "synchronous=normal",
            "foreign_keys=on",
            "wal_autocheckpoint=4000",
        ):
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A reader that becomes a writer halfway cannot wait for another writer: so writers say it first.
        if connection.get_execution_options().get("writes", False):
            begin_to_write(connection, BUSY_SECONDS)
        else:
            connection.exec_driver_sql("begin")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes; all of it or nothing.

    Raises Refusal (`database_unavailable`, `disk_full`, `not_set_up`). Broken constraints come as IntegrityError.
    """
    with (
        named_failures(engine),
        _turn(engine),
        engine.connect() as connection,
        connection.execution_options(writes=True).begin(),
    ):
        yield connection


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """The turn of one writer of this process. Waiting for it takes no connection away from those who read."""
    turns = _TURNS.get(engine)
    if turns is None:
        yield
        return
    if not turns.take(BUSY_SECONDS):
        url = engine.url.render_as_string(hide_password=True)
        raise _refused(
            Code.DATABASE_UNAVAILABLE, _AWAY, url, f"other writers did not end within {BUSY_SECONDS} s"
        )
    try:
        yield
    finally:
        turns.give_back()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that reads: one state of everything. Raises the refusals of `writing`."""
    with named_failures(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def named_failures(engine: Engine) -> Iterator[None]:
    """Failures of the database inside, as refusals with a stable code."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        raise _named(engine, error) or error from error


def _named(engine: Engine, error: DBAPIError | PoolTimeout) -> Refusal | None:
    url = engine.url.render_as_string(hide_password=True)
    cause = getattr(error, "orig", None) or error
    reason = str(cause).strip() or type(cause).__name__
    state = getattr(cause, "sqlstate", None) or ""
    low = reason.lower()
    if "disk is full" in low or state == "53100":
        return _refused(Code.DISK_FULL, _FULL, url, reason)
    if "no such table" in low or "no such column" in low or state in ("42P01", "42703"):
        return _refused(Code.NOT_SET_UP, _NOT_SET_UP, url, reason)
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if isinstance(error, (OperationalError, PoolTimeout)) or lost or "not a database" in low:
        return _refused(Code.DATABASE_UNAVAILABLE, _AWAY, url, reason)
    return None


def _refused(code: Code, words: Words, url: str, reason: str) -> Refusal:
    return Refusal(
        code, words.filled(database=url, reason=reason.splitlines()[0] if reason else ""), where=url
    )


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    configuration.set_main_option("path_separator", "os")
    return configuration


def upgrade(url: str) -> None:
    """Bring the order database to the newest version; a current one stays as it is. Safe to call side by side.

    Raises Refusal (`database_unavailable`, `disk_full`).
    """
    try:
        with writing(engine_at(url)) as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"select pg_advisory_xact_lock({_SETUP_LOCK})")
            configuration = _configuration()
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")
    except OSError as error:
        code, words = (
            (Code.DISK_FULL, _FULL) if error.errno == errno.ENOSPC else (Code.DATABASE_UNAVAILABLE, _AWAY)
        )
        raise _refused(code, words, url, str(error)) from error


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest version. Raises Refusal(database_unavailable)."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return MigrationContext.configure(connection).get_current_revision() == _newest()


@cache
def _newest() -> str | None:
    """The newest version that this program knows; its own files, read once: reading them takes 40 ms."""
    return ScriptDirectory.from_config(_configuration()).get_current_head()


def require_set_up(engine: Engine) -> None:
    """Raises Refusal(not_set_up) where the database has not the newest version."""
    if not is_current(engine):
        raise _refused(Code.NOT_SET_UP, _NOT_SET_UP, engine.url.render_as_string(hide_password=True), "")
