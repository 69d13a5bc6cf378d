"""The confirmation sheets as they were printed for the customer, datum by datum (R30, R70)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from models.dossier.papers_due import Paper
from models.tables.registry import table
from models.values.vocabulary import Words

_FIELDS = (
    "address", "consignee", "contact", "phone", "fax", "payment_terms", "delivery_method", "freight_terms", "packing",
    "label", "special_requirements", "checkpoints", "wanted_date", "total", "promised", "ship_date",
)  # fmt: skip
_OF_A_LINE = ("specification", "quantity", "unit_price", "tolerance")
_NAMES = {"tolerance": "tolerance_percent"}


def sheets_printed(connection: Connection, numbers: Sequence[str]) -> dict[str, dict[str, Words]]:
    """The newest sheet of each order, by the names of its data; an order without one is left out."""
    if not numbers:
        return {}
    outbox = table("outbox")
    query = (
        select(outbox.c.order_number, outbox.c.content)
        .where(
            outbox.c.order_number.in_(numbers), outbox.c.paper == Paper.SHEET.value, outbox.c.content.is_not(None)
        )
        .order_by(outbox.c.created_at)
    )  # fmt: skip
    return {row.order_number: data_of(row.content) for row in connection.execute(query)}


def data_of(content: Mapping[str, Any]) -> dict[str, Words]:
    """The data of one printed sheet by name, as people read them."""
    found = {name: _said(content.get(name), money=name == "total") for name in _FIELDS}
    for line in content.get("lines") or ():
        unit = _said(line.get("unit"))
        for name in _OF_A_LINE:
            value = _said(line.get(name))
            if name == "quantity":
                value = Words(f"{value.zh} {unit.zh}", f"{value.en} {unit.en}")
            found[f"lines.{line['line']}.{_NAMES.get(name, name)}"] = value
    return found


def _said(value: Any, *, money: bool = False) -> Words:
    """A datum of a printed paper: a text, a text in both languages, an amount with its capitals, or several texts."""
    if isinstance(value, Mapping):
        if "figures" in value:
            text = f"¥{value['figures']}" if money else str(value["figures"])
            return Words(text, text)
        return Words(str(value.get("zh", "")), str(value.get("en", "")))
    if isinstance(value, list | tuple):
        text = ";".join(str(each) for each in value)
        return Words(text, "; ".join(str(each) for each in value))
    text = "" if value is None else str(value)
    return Words(text, text)
