"""One order as one ZIP: order, journal, papers, cases, money. The same rows are the same bytes (R165)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, select

from activities.documents.document_store import PDF, DocumentStore
from models.reports.archive import OF_CASES, OF_MONEY, OF_THE_ORDER
from models.tables.registry import table
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.money import as_text

_FIXED = (2000, 1, 1, 0, 0, 0)
"""The date inside: fixed, so that the same order is the same bytes."""
_SET_UP = Code.NOT_SET_UP


@dataclass(frozen=True, slots=True)
class OrderFile:
    """The bytes of an archived order, and the names of what is in it."""

    content: bytes
    names: Sequence[str]

    @property
    def sha256(self) -> str:
        """By which it is known."""
        return hashlib.sha256(self.content).hexdigest()


def order_file(connection: Connection, store: DocumentStore, order: str) -> OrderFile:
    """The file of an order. A paper that cannot be read is named in `manifest.json` and left out.

    Raises Refusal where the database or the disk cannot be used.
    """
    parts = {"order.json": _written(_rows(connection, OF_THE_ORDER, order))}
    parts["journal.jsonl"] = b"".join(
        _written(row) + b"\n" for row in _of(connection, table("journal"), "order_number", order)
    )
    parts["money.json"] = _written(_rows(connection, OF_MONEY, order))
    parts |= dict(_cases(connection, order))
    missing: list[str] = []
    parts |= dict(_papers(connection, store, order, missing))
    manifest = {
        "order": order,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(parts.items())},
        "missing": missing,
    }
    parts["manifest.json"] = _written(manifest)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(parts.items()):
            archive.writestr(zipfile.ZipInfo(name, _FIXED), content, zipfile.ZIP_DEFLATED)
    return OrderFile(out.getvalue(), sorted(parts))


def _rows(connection: Connection, names: Sequence[str], order: str) -> dict[str, list[dict[str, Any]]]:
    found = {
        name: _of(connection, table(name), "number" if name == "orders" else "order_number", order)
        for name in names
    }
    return {name: rows for name, rows in found.items() if rows}


def _of(connection: Connection, rows: Table, column: str, value: str) -> list[dict[str, Any]]:
    query = select(rows).where(rows.c[column] == value).order_by(*rows.primary_key.columns)
    return [dict(row) for row in connection.execute(query).mappings()]


def _cases(connection: Connection, order: str) -> Iterator[tuple[str, bytes]]:
    """After-sales cases about the order, each with its own journal."""
    cases = table("order_cases")
    query = select(cases.c.case_number).where(cases.c.order_number == order).order_by(cases.c.case_number)
    for number in connection.scalars(query).all():
        found = {
            name: _of(connection, table(name), "number" if name == "cases" else "case_number", number)
            for name in OF_CASES
        }
        yield f"cases/{number}.json", _written(found)


def _papers(
    connection: Connection, store: DocumentStore, order: str, missing: list[str]
) -> Iterator[tuple[str, bytes]]:
    """What was printed for the order and its cases, and the electronic invoices that lie in the store."""
    cases, outbox, invoices = table("order_cases"), table("outbox"), table("invoices")
    of_cases = select(cases.c.case_number).where(cases.c.order_number == order)
    query = (
        select(outbox.c.identity, outbox.c.document)
        .where(
            (outbox.c.order_number == order) | outbox.c.order_number.in_(of_cases),
            outbox.c.document.is_not(None),
        )
        .order_by(outbox.c.order_number, outbox.c.identity)
    )
    wanted = {
        f"papers/{_plain(row.identity)}-{row.document[:8]}{PDF}": f"{row.document}{PDF}"
        for row in connection.execute(query)
    }
    kept = select(invoices.c.document).where(invoices.c.order_number == order, invoices.c.document != "")
    for document in connection.scalars(kept.order_by(invoices.c.place)).all():
        digest, _, ending = document.partition(".")
        if len(digest) == 64 and ending.isalnum():
            wanted[f"invoices/{document}"] = document
    for name, document in wanted.items():
        try:
            yield name, store.read(document)
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD - {_SET_UP}:
                raise
            missing.append(name)


def _plain(identity: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "-" for sign in identity)


def _written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain_value).encode()


def _plain_value(value: object) -> str:
    if isinstance(value, Decimal):
        return as_text(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an archive")
