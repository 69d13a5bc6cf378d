"""Orders in files: the rows of a table become orders with their lines (R10)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.request.order_request import RequestLine
from models.values.errors import OF_THE_WORLD
from runtime.files.records import Record

LINE_FIELDS = tuple(RequestLine.model_fields)
LISTS = ("checkpoints", "unclear")
TABLES = (".csv", ".xlsx")
WORLD = OF_THE_WORLD
"""Troubles that concern every order, not the row at hand."""


def orders_in(records: Iterable[Record]) -> list[Record]:
    """Records as orders: rows of a table with one customer's request id become one order with several lines.

    Two customers' same id are two orders (R10); a row that leaves the customer out goes on with the order before it.
    """
    orders: dict[tuple[str, str], Record] = {}
    last: dict[str, tuple[str, str]] = {}
    plain: list[Record] = []
    for record in records:
        if record.file.suffix.lower() not in TABLES:
            plain.append(record)
            continue
        values = {
            name: _list(name, value) for name, value in record.values.items() if name not in LINE_FIELDS
        }
        line = {name: value for name, value in record.values.items() if name in LINE_FIELDS}
        request = str(values.get("request_id", record.row))
        named = str(values.get("customer", ""))
        key = (request, named) if named else last.get(request, (request, ""))
        if named and (request, "") in orders:
            orders[key] = orders.pop((request, ""))
        last[request] = key
        known = orders.get(key)
        if known is None:
            line.setdefault("line", 1)
            orders[key] = Record(record.file, record.row, {**values, "lines": [line]}, [record.row])
        else:
            lines = known.values["lines"]
            line.setdefault("line", len(lines) + 1)
            lines.append(line)
            known.rows.append(record.row)
            for name, value in values.items():
                known.values.setdefault(name, value)
    return [*plain, *orders.values()]


def _list(name: str, value: str) -> Any:
    return [part.strip() for part in value.split(";") if part.strip()] if name in LISTS else value
