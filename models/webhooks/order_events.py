"""What may be told of an order to another system, and exactly what each event says. A closed set, with versions.

Nothing in an event is personal: no name, telephone number, address or free text; numbers, days, amounts and terms alone.
Money and quantities are strings, instants ISO 8601 in UTC, days ISO 8601.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from models.values.vocabulary import Headline, Term

VERSION = 1
"""Of all contents here. A field is only ever added; one that would change or go is a new version beside the old one."""
ALL_EVENTS = "*"


class OrderEvent(Term):
    """What happened to an order, in the order of its life. The value is what other systems know it by, and never changes."""

    PLACED = "order.placed", "已下单", "placed"
    AMENDED = "order.amended", "订单变更", "amended"
    CONFIRMED = "order.confirmed", "已确认", "confirmed"
    PROMISE_CHANGED = "order.promise_changed", "预交日变动", "promise changed"
    PAYMENT_BOOKED = "order.payment_booked", "款项入账", "payment booked"
    PAYMENT_BOUNCED = "order.payment_bounced", "款项退回", "payment bounced"
    IN_PRODUCTION = "order.in_production", "投入生产", "in production"
    RELEASED = "order.released", "放行发货", "released for shipment"
    SHIPPED = "order.shipped", "已发货", "shipped"
    ARRIVED = "order.arrived", "已到货", "arrived"
    DELIVERED = "order.delivered", "已签收", "delivered"
    RETURNED = "order.returned", "货物退回", "goods returned"
    INVOICED = "order.invoiced", "已开票", "invoiced"
    CANCELLED = "order.cancelled", "已取消", "cancelled"
    REFUNDED = "order.refunded", "退款", "money goes back"
    COMPLETED = "order.completed", "已完成", "completed"
    ENDED = "order.ended", "已终结", "ended"
    CASE_OPENED = "case.opened", "售后受理", "after-sales case opened"
    CASE_DECIDED = "case.decided", "售后已决定", "after-sales case decided"
    CASE_CLOSED = "case.closed", "售后结案", "after-sales case closed"


class EventContent(BaseModel):
    """What any event says of its order."""

    model_config = ConfigDict(frozen=True)

    order: str = Field(description="order number 订单号")
    request_id: str = Field(description="the id under which the order was placed: the shop's own")
    customer: str = Field(description="customer code 客户编号")
    customer_order_number: str = Field(
        default="", description="the customer's own order number, where one was given"
    )
    status: Headline | None = Field(
        default=None,
        description="the status that people read, right after what happened; null: not known yet",
    )


class Placed(EventContent):
    """The order was taken in."""

    placed_at: datetime


class Amended(EventContent):
    """The order was changed (R83); what it is now is asked for with `GET /v1/orders/{order}`."""

    request_version: int


class Confirmed(EventContent):
    """This version of the order is confirmed, and work on it begins."""

    request_version: int


class PromiseChanged(EventContent):
    """The promised day is another than before, or is promised for the first time (R34)."""

    before: date | None = None
    after: date
    ship_date: date
    cause: str


class PaymentBooked(EventContent):
    """Money for the order came in (R53)."""

    reference: str
    amount: Decimal
    method: str
    purpose: str
    paid_at: datetime


class PaymentBounced(EventContent):
    """Money that was booked is not there (R53)."""

    reference: str
    amount: Decimal


class InProduction(EventContent):
    """The goods are being made."""


class Released(EventContent):
    """Goods may leave (R52): quantities by line."""

    release: str
    quantities: dict[str, Decimal]


class Shipped(EventContent):
    """Goods left (R70)."""

    shipment: str
    quantities: dict[str, Decimal]
    carrier: str
    tracking_number: str = Field(default="", description="waybill; empty where the carrier has given none")
    shipped_at: datetime
    expected_arrival: date | None = None


class ShipmentMoved(EventContent):
    """A shipment arrived, was signed for, or came back (R74, R75)."""

    shipment: str
    tracking_number: str = ""
    at: datetime


class Invoiced(EventContent):
    """An invoice was issued, or taken back by red letter (R162, R163)."""

    invoice: str
    amount: Decimal
    reverses: str = ""


class Cancelled(EventContent):
    """The order is cancelled; with `rest_only` what has left goes on (R84)."""

    rest_only: bool


class Refunded(EventContent):
    """Money goes back to who paid it: as finance decided, or as the payment provider answered."""

    amount: Decimal | None = Field(default=None, description="CNY; null where the answer alone is known")
    reference: str = ""


class Completed(EventContent):
    """The customer has everything, and that is confirmed, signed for, or time has passed (R81)."""

    how: str


class Ended(EventContent):
    """Nothing more happens to the order."""

    ending: str
    bill: Decimal | None = None
    paid: Decimal | None = None


class CaseOpened(EventContent):
    """An after-sales case about the order was opened (R143)."""

    case: str
    type: str
    cause: str


class CaseDecided(EventContent):
    """What becomes of the case: the remedy that was granted, or nothing where it was refused."""

    case: str
    remedy: str | None = None
    granted: bool


class CaseClosed(EventContent):
    """The case is over."""

    case: str
    ending: str


CONTENTS: Mapping[OrderEvent, type[EventContent]] = {
    OrderEvent.PLACED: Placed,
    OrderEvent.AMENDED: Amended,
    OrderEvent.CONFIRMED: Confirmed,
    OrderEvent.PROMISE_CHANGED: PromiseChanged,
    OrderEvent.PAYMENT_BOOKED: PaymentBooked,
    OrderEvent.PAYMENT_BOUNCED: PaymentBounced,
    OrderEvent.IN_PRODUCTION: InProduction,
    OrderEvent.RELEASED: Released,
    OrderEvent.SHIPPED: Shipped,
    OrderEvent.ARRIVED: ShipmentMoved,
    OrderEvent.DELIVERED: ShipmentMoved,
    OrderEvent.RETURNED: ShipmentMoved,
    OrderEvent.INVOICED: Invoiced,
    OrderEvent.CANCELLED: Cancelled,
    OrderEvent.REFUNDED: Refunded,
    OrderEvent.COMPLETED: Completed,
    OrderEvent.ENDED: Ended,
    OrderEvent.CASE_OPENED: CaseOpened,
    OrderEvent.CASE_DECIDED: CaseDecided,
    OrderEvent.CASE_CLOSED: CaseClosed,
}


def message_id(order: str, identity: str) -> str:
    """The id under which an event is sent, each time the same: its receiver knows by it what it has already."""
    return f"evt_{hashlib.sha256(f'{order} {identity}'.encode()).hexdigest()[:32]}"


def message(
    order: str, identity: str, event: str, version: int, cursor: int, happened_at: datetime, data: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    """An event as it is sent and listed."""
    return {
        "id": message_id(order, identity),
        "type": event,
        "version": version,
        "cursor": cursor,
        "timestamp": happened_at.isoformat(),
        "data": dict(data),
    }


def schema_of(event: OrderEvent) -> dict[str, Any]:
    """The JSON Schema of an event as it is sent."""
    content = CONTENTS[event].model_json_schema(mode="serialization")
    definitions = content.pop("$defs", {})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": event.value,
        "description": f"{event.zh} · {event.en}",
        "type": "object",
        "required": ["id", "type", "version", "cursor", "timestamp", "data"],
        "properties": {
            "id": {"type": "string", "description": "the same each time this event is sent"},
            "type": {"const": event.value},
            "version": {"const": VERSION},
            "cursor": {"type": "integer", "description": "where it stands among all events; only ever grows"},
            "timestamp": {"type": "string", "format": "date-time", "description": "when it happened"},
            "data": content,
        },
        **({"$defs": definitions} if definitions else {}),
    }
