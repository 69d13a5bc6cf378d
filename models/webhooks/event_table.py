"""From which journal entry, row or paper of an order each event is made: one table. Pure, and never in the way.

The same burst always makes the same events, under the same identities; where a burst comes again, or is done anew in another
epoch, the identity says that the event is there already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.cases.case_request import LETTER
from models.dossier.journal import EntryKind, JournalEntry
from models.dossier.papers_due import Intention, Paper
from models.dossier.records.recording import Burst
from models.messages.decision_subjects import Outcome, Subject
from models.order.kinds.kind import KINDS
from models.webhooks.order_events import VERSION, OrderEvent


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event as a burst says it. `identity` is unique within the order; `content` lacks what any event says of its order."""

    event: OrderEvent
    identity: str
    happened_at: datetime | None
    """None: its burst does not say."""
    content: Mapping[str, Any]
    by_version: bool = False
    """It is told once for each version of the request: the identity lacks it."""
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class FromEntry:
    """Made from a journal entry of this kind (and one of these subjects, where there are some)."""

    event: OrderEvent
    kind: EntryKind
    subjects: frozenset[str] = frozenset()
    of_cases: bool = False
    wanted: Callable[[JournalEntry], bool] = lambda _entry: True
    content: Callable[[JournalEntry], Mapping[str, Any]] = lambda _entry: {}
    key: Callable[[JournalEntry], str] = lambda entry: str(entry.sequence)
    by_version: bool = False


@dataclass(frozen=True, slots=True)
class FromRow:
    """Made from a row that was written, once the column `when` is filled (a truth is true)."""

    event: OrderEvent
    table: str
    key: tuple[str, ...]
    """Columns of its key, or of the row, that tell it from others."""
    taken: Mapping[str, str] = field(default_factory=dict)
    """Field of the content -> column."""
    when: str = ""
    unless: str = ""
    at: str = ""
    """The column that says when; empty: when it was recorded."""
    wanted: Callable[[Mapping[str, Any]], bool] = lambda _values: True
    content: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda _values: {}


@dataclass(frozen=True, slots=True)
class FromPaper:
    """Made where this paper becomes due."""

    event: OrderEvent
    paper: Paper
    content: Mapping[str, Any]


def _part(entry: JournalEntry, name: str) -> Mapping[str, Any]:
    """A part of an entry's data; empty where it has none."""
    found = entry.data.get(name)
    return found if isinstance(found, dict) else {}


def _placed(entry: JournalEntry) -> Mapping[str, Any]:
    return {"placed_at": entry.happened_at.isoformat()}


def _ended(entry: JournalEntry) -> Mapping[str, Any]:
    return {"ending": entry.subject, "bill": entry.data.get("bill"), "paid": entry.data.get("paid")}


def _released(entry: JournalEntry) -> Mapping[str, Any]:
    goods = [part.partition(":") for part in str(entry.data.get("goods", "")).split(",") if part]
    return {
        "release": entry.subject.partition(":")[2],
        "quantities": {line: quantity for line, _, quantity in goods},
    }


def _invoiced(entry: JournalEntry) -> Mapping[str, Any]:
    data = entry.data
    return {"invoice": entry.subject, "amount": data.get("amount"), "reverses": data.get("reverses") or ""}


def _gives_back(entry: JournalEntry) -> bool:
    """Whether money goes back by what finance decided of it."""
    detail = _part(entry, "detail")
    subject = entry.subject.partition(":")[0]
    if subject == Subject.OVERPAYMENT.value:
        return entry.data.get("outcome") == Outcome.REFUND.value
    return subject == Subject.DEPOSIT_SETTLEMENT.value and str(detail.get("refunded", "0")).strip("0.") != ""


def _given_back(entry: JournalEntry) -> Mapping[str, Any]:
    detail = _part(entry, "detail")
    amount = str(detail.get("refunded", "0"))
    return {"amount": amount if amount.strip("0.") else None, "reference": detail.get("reference") or ""}


def _provider_paid(entry: JournalEntry) -> bool:
    return bool(_part(entry, "content").get("paid"))


def _answered(entry: JournalEntry) -> Mapping[str, Any]:
    return {"amount": None, "reference": _part(entry, "content").get("reference") or ""}


def _key_of_answer(entry: JournalEntry) -> str:
    return f"answer:{(entry.data.get('content') or {}).get('key') or entry.sequence}"


def _decided(values: Mapping[str, Any]) -> Mapping[str, Any]:
    refused = bool(values.get("refusal"))
    return {"remedy": None if refused else values.get("remedy"), "granted": not refused}


def _case_closed(entry: JournalEntry) -> Mapping[str, Any]:
    return {"ending": entry.subject}


_BEFORE_WORK = frozenset(phase for kind in KINDS.values() for phase in kind.sequence)
WORK_BEGINS = frozenset(
    phase.value for kind in KINDS.values() for phase in kind.side_by_side if phase not in _BEFORE_WORK
)
"""Phases that follow the confirmation in one kind of order or another: the first of them that a version enters confirms it."""
MAKING = frozenset(kind.made_in.value for kind in KINDS.values() if kind.made_in is not None)
_SHIPMENT = {"shipment": "shipment", "tracking_number": "tracking_number"}

FROM_ENTRIES: tuple[FromEntry, ...] = (
    FromEntry(OrderEvent.PLACED, EntryKind.PLACED, frozenset({"order"}), content=_placed, key=lambda _entry: ""),
    FromEntry(
        OrderEvent.CONFIRMED, EntryKind.PHASE, WORK_BEGINS, key=lambda _entry: "", by_version=True
    ),
    FromEntry(OrderEvent.IN_PRODUCTION, EntryKind.PHASE, MAKING),
    FromEntry(OrderEvent.RELEASED, EntryKind.RELEASED, content=_released),
    FromEntry(OrderEvent.INVOICED, EntryKind.INVOICED, content=_invoiced, key=lambda entry: entry.subject),
    FromEntry(OrderEvent.REFUNDED, EntryKind.DECIDED, wanted=_gives_back, content=_given_back),
    FromEntry(
        OrderEvent.REFUNDED, EntryKind.FACT, frozenset({"refund_answered"}), wanted=_provider_paid,
        content=_answered, key=_key_of_answer,
    ),
    FromEntry(
        OrderEvent.COMPLETED, EntryKind.COMPLETED, content=lambda entry: {"how": str(entry.data.get("how", ""))}
    ),
    FromEntry(OrderEvent.ENDED, EntryKind.ENDED, content=_ended, key=lambda _entry: ""),
    FromEntry(OrderEvent.CASE_CLOSED, EntryKind.ENDED, of_cases=True, content=_case_closed),
)  # fmt: skip
FROM_ROWS: tuple[FromRow, ...] = (
    FromRow(
        OrderEvent.PROMISE_CHANGED, "promises", ("change",),
        {"before": "promised_from", "after": "promised_to", "ship_date": "ship_date_to", "cause": "cause"},
        at="happened_at",
        wanted=lambda values: values.get("promised_from") != values.get("promised_to"),
    ),
    FromRow(
        OrderEvent.PAYMENT_BOOKED, "payments", ("reference",),
        {each: each for each in ("reference", "amount", "method", "purpose", "paid_at")},
        unless="bounced", at="paid_at",
    ),
    FromRow(
        OrderEvent.PAYMENT_BOUNCED, "payments", ("reference",), {"reference": "reference", "amount": "amount"},
        when="bounced",
    ),
    FromRow(
        OrderEvent.SHIPPED, "shipments", ("shipment",),
        {
            each: each
            for each in (
                "shipment", "quantities", "carrier", "tracking_number", "shipped_at", "expected_arrival",
            )
        },
        when="shipped_at", at="shipped_at",
    ),
    FromRow(
        OrderEvent.ARRIVED, "shipments", ("shipment",), {**_SHIPMENT, "at": "arrived_at"}, when="arrived_at",
        at="arrived_at",
    ),
    FromRow(
        OrderEvent.DELIVERED, "shipments", ("shipment",), {**_SHIPMENT, "at": "delivered_at"}, when="delivered_at",
        at="delivered_at",
    ),
    FromRow(
        OrderEvent.RETURNED, "shipments", ("shipment",), {**_SHIPMENT, "at": "returned_at"}, when="returned_at",
        at="returned_at",
    ),
    FromRow(
        OrderEvent.AMENDED, "orders", ("request_version",), {"request_version": "request_version"},
        when="request_version", wanted=lambda values: int(values["request_version"]) > 1,
    ),
    FromRow(OrderEvent.CASE_OPENED, "order_cases", ("case_number",), {"type": "type", "cause": "cause"}),
    FromRow(
        OrderEvent.CASE_DECIDED, "order_cases", ("case_number", "decided_at"), when="decided_at", at="decided_at",
        content=_decided,
    ),
)  # fmt: skip
FROM_PAPERS: tuple[FromPaper, ...] = (
    FromPaper(OrderEvent.CANCELLED, Paper.CANCELLED, {"rest_only": False}),
    FromPaper(OrderEvent.CANCELLED, Paper.REST_CANCELLED, {"rest_only": True}),
)

_ENTRY_RULES: dict[EntryKind, list[FromEntry]] = {}
for _rule in FROM_ENTRIES:
    _ENTRY_RULES.setdefault(_rule.kind, []).append(_rule)
_ROW_RULES: dict[str, list[FromRow]] = {}
for _each in FROM_ROWS:
    _ROW_RULES.setdefault(_each.table, []).append(_each)
_PAPER_RULES = {rule.paper: rule for rule in FROM_PAPERS}
_RANK = {event: place for place, event in enumerate(OrderEvent)}


def events_of(burst: Burst) -> list[NewEvent]:
    """The events that the burst of an order, or of an after-sales case, makes, in the order of an order's life."""
    of_a_case = burst.order.startswith(LETTER)
    if not (of_a_case or burst.order[:1].isdigit()):
        return []
    found = [
        *_of_entries(burst.entries, of_a_case=of_a_case),
        *_of_rows(burst),
        *_of_papers(burst.intentions),
    ]
    return sorted(found, key=lambda each: _RANK[each.event])


def _of_entries(entries: Sequence[JournalEntry], *, of_a_case: bool) -> list[NewEvent]:
    return [
        NewEvent(
            rule.event, _identity(rule.event, rule.key(entry)), entry.happened_at, rule.content(entry), rule.by_version
        )
        for entry in entries
        for rule in _ENTRY_RULES.get(entry.kind, ())
        if rule.of_cases is of_a_case
        and (not rule.subjects or entry.subject in rule.subjects)
        and rule.wanted(entry)
    ]  # fmt: skip


def _of_rows(burst: Burst) -> list[NewEvent]:
    found = []
    for row in burst.rows:
        for rule in _ROW_RULES.get(row.table, ()):
            values = {**row.values, **row.key}
            if _is_meant(rule, values):
                key = ":".join(str(values.get(name, "")) for name in rule.key)
                content = {name: values[column] for name, column in rule.taken.items() if column in values}
                found.append(
                    NewEvent(
                        rule.event, _identity(rule.event, key), _moment(values.get(rule.at), burst),
                        {**content, **rule.content(values)},
                    )
                )  # fmt: skip
    return found


def _is_meant(rule: FromRow, values: Mapping[str, Any]) -> bool:
    if rule.when and not values.get(rule.when):
        return False
    return not (rule.unless and values.get(rule.unless)) and rule.wanted(values)


def _moment(said: Any, burst: Burst) -> datetime | None:
    """When it happened: as the row has it, or when the burst's last entry did."""
    if isinstance(said, str) and said:
        return datetime.fromisoformat(said)
    return burst.entries[-1].happened_at if burst.entries else None


def _of_papers(intentions: Sequence[Intention]) -> list[NewEvent]:
    return [
        NewEvent(
            rule.event, _identity(rule.event, intention.identity), intention.created_at, rule.content
        )
        for intention in intentions
        if (rule := _PAPER_RULES.get(intention.paper)) is not None
    ]  # fmt: skip


def _identity(event: OrderEvent, key: str) -> str:
    return f"{event.value}:{key}" if key else event.value
