"""What the shop keeps of its orders: SQLite, so that nothing is forgotten when it is started again."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TABLES = """
create table if not exists orders (
    own_id text primary key, number text not null default '', status text not null default 'sending',
    tracking text not null default '', promised text not null default '', paid text not null default '',
    cursor integer not null default 0
);
create table if not exists events (
    id text primary key, cursor integer not null, type text not null, own_id text not null, said text not null
);
"""


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """One of the shop's orders, as far as the order desk has told."""

    own_id: str
    number: str
    status: str
    tracking: str
    promised: str
    paid: str


class ShopBook:
    """The shop's own book of orders and of the events that it has heard."""

    def __init__(self, file: Path | str) -> None:
        self._file = str(file)
        with closing(self._open()) as book:
            book.executescript(_TABLES)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=10)

    def begin(self, own_id: str) -> None:
        """An order is about to be placed; known ones stay as they are."""
        with closing(self._open()) as book, book:
            book.execute("insert or ignore into orders (own_id) values (?)", (own_id,))

    def placed(self, own_id: str, number: str) -> None:
        """The order desk has given it a number."""
        with closing(self._open()) as book, book:
            book.execute(
                "update orders set number = ?, status = case status when 'sending' then 'placed' else status end"
                " where own_id = ?",
                (number, own_id),
            )

    def hear(self, event: dict[str, Any]) -> bool:
        """Keep an event and what it says; False where it is known. One that is older than what is known changes nothing."""
        said, kind, cursor = event["data"], str(event["type"]), int(event["cursor"])
        own_id = str(said["request_id"])
        with closing(self._open()) as book, book:
            new = book.execute(
                "insert or ignore into events values (?, ?, ?, ?, ?)",
                (event["id"], cursor, kind, own_id, json.dumps(event, ensure_ascii=False)),
            ).rowcount
            if not new:
                return False
            book.execute(
                "insert or ignore into orders (own_id, number) values (?, ?)", (own_id, said["order"])
            )
            told = {"number": said["order"], **_told_by(kind, said)}
            names = ", ".join(f"{name} = ?" for name in told)  # column names of our own, never of the event
            book.execute(
                f"update orders set {names}, cursor = ? where own_id = ? and cursor < ?",  # noqa: S608
                (*told.values(), cursor, own_id, cursor),
            )
        return True

    @property
    def cursor(self) -> int:
        """Up to which event the shop has heard."""
        with closing(self._open()) as book:
            return int(book.execute("select coalesce(max(cursor), 0) from events").fetchone()[0])

    def orders(self) -> list[ShopOrder]:
        """All orders, the newest last."""
        with closing(self._open()) as book:
            rows = book.execute(
                "select own_id, number, status, tracking, promised, paid from orders order by rowid"
            ).fetchall()
        return [ShopOrder(*row) for row in rows]

    def events_of(self, own_id: str) -> list[str]:
        """What was heard of an order, in its order."""
        with closing(self._open()) as book:
            rows = book.execute(
                "select type from events where own_id = ? order by cursor", (own_id,)
            ).fetchall()
        return [str(row[0]) for row in rows]


def _told_by(kind: str, said: dict[str, Any]) -> dict[str, str]:
    told = {"status": str(said.get("status") or "placed")}
    if kind == "order.shipped":
        told["tracking"] = f"{said['carrier']} {said.get('tracking_number') or ''}".strip()
    if kind == "order.promise_changed":
        told["promised"] = str(said["after"])
    if kind == "order.payment_booked":
        told["paid"] = str(said["amount"])
    return told
