"""An order as rows of the order database, and which of them changed since they were last sent (DESIGN §3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from models.asked import Asked
from models.envelope import digest_of
from models.order import Order
from models.recording import Row
from models.vocabulary import Role

_SHORT = 12
_STEPS = "open_steps"


def rows_of(order: Order) -> list[Row]:
    """Every row of the order as it is now. Sequence, head and epoch of the order belong to the recorder."""
    return [
        _order_row(order),
        *_line_rows(order),
        *_step_rows(order),
        *(_decision_row(order, asked) for asked in (*order.voided, *order.asked.values())),
        *_promise_rows(order),
        *_goods_rows(order),
    ]


def changed_rows(order: Order, known: dict[str, str]) -> tuple[list[Row], dict[str, str]]:
    """The rows whose content is not the one in `known`, and the new `known`: identity of the row -> short digest.

    A step that is no longer open is closed by a row that carries `closed_at` alone.
    """
    rows: list[Row] = []
    digests: dict[str, str] = {}
    for row in rows_of(order):
        identity = _identity(row)
        digest = digest_of(row.values)[:_SHORT]
        digests[identity] = digest
        if known.get(identity) != digest:
            rows.append(row)
    for identity in known:
        table, _, key = identity.partition("|")
        if table == _STEPS and identity not in digests:
            rows.append(
                Row(
                    table=_STEPS,
                    key={"order_number": order.number, "key": key},
                    values={"closed_at": _plain(order.clock)},
                )
            )
    return rows, digests


def _identity(row: Row) -> str:
    return f"{row.table}|{'|'.join(str(part) for name, part in row.key.items() if name != 'order_number')}"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value


def _row(order: Order, table: str, key: dict[str, str | int], **values: Any) -> Row:
    return Row(table=table, key={"order_number": order.number, **key}, values=_plain(values))


def _taken(source: BaseModel, *names: str) -> dict[str, Any]:
    return {name: getattr(source, name) for name in names}


def _order_row(order: Order) -> Row:
    values = {
        "request_id": order.request.request_id,
        "request_version": order.request_version,
        "placed_at": order.placed_at,
        "customer": order.customer.customer,
        "customer_name": order.customer.name,
        "customer_class": order.customer_class,
        "salesperson": order.staff.person(Role.SALESPERSON),
        "phase": order.phase,
        "headline": order.headline,
        "ending": order.ending,
        "ended_at": order.ended_at,
        "terms": order.terms,
        "total": order.total,
        "bill": order.bill,
        "paid": order.ledger.paid,
        "open_balance": order.open_balance,
        "deposit_due": order.deposit_due,
        "first_promised": order.promise.first_promised,
        "promised": order.promise.promised,
        "production_due": order.promise.production_due,
        "ship_date": order.promise.ship_date,
        "sheet_version": order.sheet.version if order.sheet else None,
        "policy_version": order.policy.version,
        "edition": order.edition,
    }
    return Row(table="orders", key={"number": order.number}, values=_plain(values))


def _line_rows(order: Order) -> Iterator[Row]:
    for line in order.request.lines:
        yield _row(
            order,
            "order_lines",
            {"line": line.line},
            **_taken(line, "product", "specification", "quantity", "unit", "unit_price", "amount"),
            tolerance_percent=line.tolerance_percent,
            passed=order.passed(line.line),
            entered=order.entered(line.line),
            shipped=order.shipped(line.line),
        )


def _step_rows(order: Order) -> Iterator[Row]:
    for key, step in order.steps.items():
        yield _row(
            order,
            _STEPS,
            {"key": key},
            **_taken(step, "kind", "roles", "people", "rule", "since", "due", "blocking"),
            **_taken(step, "overdue_at", "escalated_at"),
            zh=step.words.zh,
            en=step.words.en,
            command=step.command(order.number),
            closed_at=None,
        )


def _decision_row(order: Order, asked: Asked) -> Row:
    return _row(
        order,
        "decisions",
        {"key": asked.key, "version": asked.version},
        **_taken(asked, "subject", "line", "asked_at", "outcome", "decided_at", "voided_at", "answers"),
        about=asked.about_words,
    )


def _promise_rows(order: Order) -> Iterator[Row]:
    for change in order.promise.history:
        yield _row(
            order,
            "promises",
            {"change": change.number},
            **_taken(change, "cause", "promised_from", "promised_to", "production_due_from"),
            **_taken(
                change, "production_due_to", "ship_date_to", "happened_at", "recorded_at", "by", "reason"
            ),
        )
    for payment in order.ledger.payments:
        yield _row(
            order,
            "payments",
            {"reference": payment.reference},
            **_taken(payment, "amount", "method", "purpose", "paid_at", "taken_by"),
            **_taken(payment, "confirmed", "cleared", "bounced"),
        )


def _goods_rows(order: Order) -> Iterator[Row]:
    for lot in order.lots.values():
        yield _row(
            order,
            "lots",
            {"line": lot.line, "lot": lot.lot},
            **_taken(lot, "made", "passed", "rework", "scrapped", "entered", "scrap_in_production"),
            **_taken(lot, "place", "produced_on", "produced_by", "inspected_by"),
        )
    for inspection in order.inspections:
        yield _row(
            order,
            "inspections",
            {"inspection": inspection.number},
            **_taken(
                inspection, "line", "lot", "shipment", "passed", "to_rework", "scrapped", "inspected_by"
            ),
            **_taken(inspection, "checked_with", "at", "recorded_at", "reasons"),
        )
    for release in order.releases:
        yield _row(
            order,
            "releases",
            {"release": release.number},
            **_taken(release, "quantities", "shipped", "ground", "balance", "paid", "collection"),
            **_taken(release, "granted_at", "granted_by", "notice_reference", "notice_at", "emergency_by"),
        )
    for shipment in order.shipments:
        yield _row(
            order,
            "shipments",
            {"shipment": shipment.shipment},
            **_taken(
                shipment, "release", "quantities", "carrier", "tracking_number", "shipped_at", "shipped_by"
            ),
            **_taken(shipment, "expected_arrival", "collection", "to_collect", "remitted", "arrived_at"),
            **_taken(shipment, "delivered_at", "signed_by", "dead_at", "returned_at", "freight_out"),
            freight_back=shipment.freight_back,
        )
