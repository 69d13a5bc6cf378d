"""What was ordered as it stands now: the request that an order began with, and the changes that were taken since (R83)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from models.dossier.journal import EntryKind
from models.forms.cards.order_seen import LineSeen
from models.forms.fact_words import in_words
from models.messages.decision_subjects import Outcome, Subject
from models.tables.registry import table
from models.values.vocabulary import Channel, DeliveryMethod, FreightTerms, PaymentTerms, Term, Words
from models.writing.printed_figures import day, figures, percent, price, quantity

_CHANGED_BY = ("details_completed", "amendment_requested")
_TERMS: dict[str, type[Term]] = {
    "channel": Channel, "delivery_method": DeliveryMethod, "freight_terms": FreightTerms, "payment_terms": PaymentTerms,
}  # fmt: skip
_FIELDS = (
    "contact", "phone", "fax", "address", "consignee", "packing", "label", "special_requirements", "delivery_method",
    "freight_terms", "checkpoints", "wanted_date", "words", "entered_by", "channel",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RequestNow:
    """A request with its changes, and what was looked up about it when it was placed."""

    fields: dict[str, Any]
    signers: tuple[str, ...] = ()
    list_prices: dict[int, Decimal] = field(default_factory=dict)
    product_names: dict[int, str] = field(default_factory=dict)

    @property
    def wanted_date(self) -> date | None:
        """The day that the customer asked for."""
        text = self.fields.get("wanted_date")
        return date.fromisoformat(text) if isinstance(text, str) and text else None

    def as_words(self, order: Mapping[str, Any], lines: Sequence[LineSeen]) -> dict[str, Words]:
        """Every datum by the name that it has on the sheet, as people read it."""
        found = {name: _said(name, self.fields.get(name)) for name in _FIELDS}
        terms = order["terms"] or self.fields.get("payment_terms")
        found["payment_terms"] = _said("payment_terms", terms)
        for line in lines:
            at = f"lines.{line.line}."
            found[f"{at}specification"] = _plain(line.specification)
            found[f"{at}quantity"] = Words(
                f"{quantity(line.quantity)} {line.unit.zh}", f"{quantity(line.quantity)} {line.unit.en}"
            )
            found[f"{at}unit_price"] = _plain(price(line.unit_price) if line.unit_price is not None else "")
            tolerance = line.tolerance_percent
            found[f"{at}tolerance_percent"] = _plain(
                f"±{percent(tolerance)}" if tolerance is not None else ""
            )
        found["total"] = _plain(f"¥{figures(order['total'])}" if order["total"] is not None else "")
        found["promised"], found["ship_date"] = (
            _plain(day(order["promised"])),
            _plain(day(order["ship_date"])),
        )
        return found


def _plain(text: str) -> Words:
    return Words(text, text)


def _said(name: str, value: Any) -> Words:
    if value in (None, "", [], ()):
        return _plain("")
    terms = _TERMS.get(name)
    term = next((each for each in terms if each.value == value), None) if terms is not None else None
    return Words(term.zh, term.en) if term is not None else in_words(value)


def requests_now(connection: Connection, orders: Mapping[str, Mapping[str, Any]]) -> dict[str, RequestNow]:
    """These orders' requests, by number; an order that has none is left out."""
    requests = table("requests")
    start = requests.c.start
    query = select(
        requests.c.number, start["request"].label("request"), start["customer"].label("customer"),
        start["references"].label("references"),
    ).where(requests.c.number.in_(sorted(orders)))  # fmt: skip
    rows = connection.execute(query).mappings().all()
    changes = _changes(connection, [number for number, row in orders.items() if row["request_version"] > 1])
    found = {}
    for row in rows:
        fields = {name: value for name, value in (row["request"] or {}).items() if name != "lines"}
        for change in changes.get(row["number"], ()):
            fields |= {name: value for name, value in change.items() if name not in ("lines", "added_lines")}
        references = row["references"] or []
        found[row["number"]] = RequestNow(
            fields,
            tuple((row["customer"] or {}).get("designated_signers") or ()),
            {
                each["line"]: Decimal(each["list_price"])
                for each in references
                if each.get("list_price") is not None
            },
            {each["line"]: each["product_name"] for each in references if each.get("product_name")},
        )
    return found


def _changes(connection: Connection, numbers: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The changes of each order that were taken, the oldest first; one that production was asked about where it agreed."""
    if not numbers:
        return {}
    journal, decisions = table("journal"), table("decisions")
    asked = select(decisions.c.order_number, decisions.c.asked_at, decisions.c.outcome).where(
        decisions.c.order_number.in_(numbers), decisions.c.subject == Subject.AMENDMENT.value
    )
    open_ones: dict[tuple[str, datetime], str | None] = {
        (row.order_number, row.asked_at): row.outcome for row in connection.execute(asked)
    }
    told = (
        select(journal.c.order_number, journal.c.recorded_at, journal.c.data)
        .where(
            journal.c.order_number.in_(numbers), journal.c.kind == EntryKind.FACT.value,
            journal.c.subject.in_(_CHANGED_BY),
        )
        .order_by(journal.c.order_number, journal.c.sequence)
    )  # fmt: skip
    found: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(told):
        outcome = open_ones.get((row.order_number, row.recorded_at), Outcome.APPROVE.value)
        change = (row.data.get("content") or {}).get("changes")
        if outcome == Outcome.APPROVE.value and isinstance(change, dict):
            found.setdefault(row.order_number, []).append(change)
    return found
