"""The confirmation sheets as they were printed for the customer, datum by datum (R30, R70)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from activities.store.database import reading
from models.dossier.papers_due import Paper
from models.order.sheet import CHECKED_FIELDS
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


@dataclass(frozen=True, slots=True)
class SheetToCheck:
    """The printed sheet as somebody checks it item by item (R170). `document`: the printed PDF; empty: not printed yet."""

    version: int
    document: str
    fields: dict[str, Words]
    """Every field that is ticked, by name, as it reads on the paper."""
    lines: dict[int, Words]
    """Every line, by number."""


def sheet_to_check(engine: Engine, number: str) -> SheetToCheck | None:
    """The newest sheet of an order; None where it has none."""
    outbox = table("outbox")
    query = (
        select(outbox.c.content, outbox.c.document)
        .where(
            outbox.c.order_number == number, outbox.c.paper == Paper.SHEET.value, outbox.c.content.is_not(None)
        )
        .order_by(outbox.c.created_at.desc())
    )  # fmt: skip
    with reading(engine) as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    content: Mapping[str, Any] = row.content
    return SheetToCheck(
        version=int(content["version"]),
        document=row.document or "",
        fields={
            name: _said(content.get(name), money=name in ("total", "deposit"))
            for name in CHECKED_FIELDS
            if name in content  # of a service some are not printed (R87)
        },
        lines={int(line["line"]): _line_said(line) for line in content.get("lines") or ()},
    )


def _line_said(line: Mapping[str, Any]) -> Words:
    """One line of goods in one sentence, as it stands on the paper."""
    unit = _said(line.get("unit"))
    zh = [line.get("product"), line.get("specification"), f"{_said(line.get('quantity')).zh} {unit.zh}"]
    en = [line.get("product"), line.get("specification"), f"{_said(line.get('quantity')).en} {unit.en}"]
    more = [_said(line.get(name)) for name in ("unit_price", "amount", "tolerance")]
    return Words(
        " · ".join(str(each) for each in (*zh, *(each.zh for each in more)) if each),
        " · ".join(str(each) for each in (*en, *(each.en for each in more)) if each),
    )
