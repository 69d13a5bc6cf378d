"""Delivery 到货 and recall 召回: what carrier and customer report (R72, R74 to R78, R81)."""

from __future__ import annotations

from models.dossier.exceptions import open_exception
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.handlers.shipments import check_arrival, known_shipment
from models.messages import fact_contents
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import Envelope
from models.messages.fact_kind import CARRIER_SIDE, FactTable
from models.order.order import Order
from models.values.errors import Code, Refusal, TooEarly
from models.values.quantity import NOTHING
from models.values.vocabulary import Role, Words

FACTS = FactTable()


@FACTS.row(
    fact_contents.ShipmentNoticeReceived,
    (Role.CUSTOMER, Role.SERVICE_CLERK),
    Words("客户收到发货告知书", "shipment notice received"),
)
def shipment_notice_received(
    order: Order, envelope: Envelope, content: fact_contents.ShipmentNoticeReceived
) -> None:
    """R72: the customer has the shipment notice; an illegible copy stays owed."""
    known_shipment(order, content.shipment, "R72").notice_received = content.legible


@FACTS.row(fact_contents.TransitReported, CARRIER_SIDE, Words("在途情况", "transit reported"))
def transit_reported(order: Order, envelope: Envelope, content: fact_contents.TransitReported) -> None:
    """R74: delay or damage in transit is told to the customer."""
    shipment = known_shipment(order, content.shipment, "R74")
    shipment.followed = True
    shipment.condition = content.condition
    shipment.expected_arrival = content.expected_arrival or shipment.expected_arrival
    check_arrival(order, envelope, shipment)
    if content.condition is not fact_contents.Condition.GOOD:
        order.intend(
            Paper.TRANSIT,
            f"{content.shipment}:{order.sequence}",
            (Role.CUSTOMER, Role.SALESPERSON),
            "R74",
            condition=content.condition,
            words=content.words,
        )
        open_exception(
            order,
            f"transit-{content.shipment}",
            content.words or f"{content.condition.zh} · {content.condition.en}",
            order.staff.person(Role.SERVICE_CLERK),
            "R74",
            envelope.happened_at,
            cause="carrier",
        )


@FACTS.row(fact_contents.Arrived, (*CARRIER_SIDE, Role.CUSTOMER, Role.WAREHOUSE), Words("到货", "arrived"))
def arrived(order: Order, envelope: Envelope, content: fact_contents.Arrived) -> None:
    """R75: the customer is told to pay and collect; the 15 days begin (R76)."""
    shipment = known_shipment(order, content.shipment, "R75")
    if shipment.arrived_at is None or envelope.happened_at < shipment.arrived_at:
        shipment.arrived_at = max(envelope.happened_at, shipment.shipped_at)
        shipment.arrival_recorded_at = shipment.arrival_recorded_at or order.clock
    shipment.condition = content.condition
    shipment.followed = True
    order.intend(Paper.ARRIVED, content.shipment, (Role.CUSTOMER, Role.SALESPERSON), "R75")


@FACTS.row(
    fact_contents.DeliveryReceipt, (*CARRIER_SIDE, Role.CUSTOMER), Words("到货回单", "delivery receipt")
)
def delivery_receipt(order: Order, envelope: Envelope, content: fact_contents.DeliveryReceipt) -> None:
    """R78: delivered. During a recall what came first decides, and both are kept (R77)."""
    shipment = known_shipment(order, content.shipment, "R78")
    if shipment.delivered_at is not None:
        return
    if shipment.returned_at is not None and envelope.happened_at >= shipment.returned_at:
        raise Refusal(
            Code.CONTRADICTION,
            Words("货物已召回到厂", "the goods are back at the factory already"),
            where="content.shipment",
            rule="R77",
        )
    shipment.arrived_at = shipment.arrived_at or envelope.happened_at
    shipment.arrival_recorded_at = shipment.arrival_recorded_at or order.clock
    shipment.delivered_at, shipment.signed_by = envelope.happened_at, content.signed_by
    shipment.condition = content.condition
    if shipment.dead_at is not None:
        order.intend(Paper.RECALL_OFF, content.shipment, (Role.LOGISTICS, Role.SALESPERSON), "R77")
    order.intend(Paper.WARRANTY, content.shipment, (Role.CUSTOMER, Role.SALESPERSON), "R78")


@FACTS.row(
    fact_contents.ReceiptConfirmed, (Role.CUSTOMER, Role.SYSTEM), Words("确认收货", "receipt confirmed")
)
def receipt_confirmed(order: Order, envelope: Envelope, content: fact_contents.ReceiptConfirmed) -> None:
    """R81: the customer's second confirmation is kept in the journal; no order waits for it."""
    if not any(shipment.delivered_at for shipment in order.shipments):
        raise TooEarly
    order.receipt_confirmed = True


@FACTS.row(
    fact_contents.RecallReported,
    (Role.LOGISTICS, Role.WAREHOUSE, Role.SERVICE_CLERK),
    Words("召回进展", "recall reported"),
)
def recall_reported(order: Order, envelope: Envelope, content: fact_contents.RecallReported) -> None:
    """R76: how the recall goes; kept in the journal."""
    if known_shipment(order, content.shipment, "R76").dead_at is None:
        raise TooEarly


@FACTS.row(
    fact_contents.GoodsReturned, (Role.LOGISTICS, Role.WAREHOUSE), Words("货物召回到厂", "goods returned")
)
def goods_returned(order: Order, envelope: Envelope, content: fact_contents.GoodsReturned) -> None:
    """R76: back at the factory, freight both ways on the guarantor or the company; R77: unless collected before."""
    shipment = known_shipment(order, content.shipment, "R76")
    if shipment.delivered_at is not None and shipment.delivered_at <= envelope.happened_at:
        raise Refusal(
            Code.CONTRADICTION,
            Words("客户已先签收", "the customer collected the goods before"),
            where="content.shipment",
            rule="R77",
        )
    if shipment.dead_at is None:
        raise TooEarly
    back = {item.line: item.quantity for item in content.items} or dict(shipment.quantities)
    if any(quantity > shipment.quantities.get(line, NOTHING) for line, quantity in back.items()):
        raise Refusal(
            Code.CONTRADICTION,
            Words("召回数量多于发货数量", "more came back than was sent"),
            where="content.items",
            rule="R76",
        )
    shipment.returned_at, shipment.returned = envelope.happened_at, back
    shipment.delivered_at = None
    shipment.freight_out, shipment.freight_back = content.freight_out, content.freight_back
    guarantor = guarantor_of(order)
    order.note(
        EntryKind.LIABILITY,
        f"freight:{content.shipment}",
        rule="R76",
        liable=guarantor or "company",
        amount=str(content.freight_out + content.freight_back),
    )


def guarantor_of(order: Order) -> str:
    """The salesperson who guaranteed a small order (R38b); empty: nobody, the company pays."""
    small = order.decision(Subject.SMALL_ORDER)
    return small.answers[-1].by if small is not None and small.outcome is Outcome.GUARANTEED else ""
