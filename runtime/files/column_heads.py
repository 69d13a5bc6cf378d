"""The columns of a table by the names of our fields, whatever the table calls them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from models.writing.column_names import TableKind, in_fields
from runtime.files.records import Record

TABLES = (".csv", ".xlsx")


def in_our_columns(records: Iterable[Record], table: TableKind) -> list[Record]:
    """The same records, those of tables with our fields' names. Raises Refusal for a head that is not clear."""
    return [
        replace(record, values=in_fields(record.values, table))
        if record.file.suffix.lower() in TABLES and isinstance(record.values, dict)
        else record
        for record in records
    ]
