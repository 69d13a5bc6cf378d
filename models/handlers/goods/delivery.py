"""Delivery 到货 and recall 召回: what carrier and customer report (R72, R74 to R78, R81)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from models.dossier.exceptions import open_exception
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.handlers.goods.goods_exceptions import (
    found_again,
    goods_found,
    goods_seen,
    report_goods,
    watch_recalled,
)
from models.handlers.goods.replacements import turned_up
from models.handlers.goods.shipments import (
    added_up,
    check_arrival,
    known_shipment,
    recount,
    take,
    take_back,
)
from models.messages import goods_contents
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import Envelope
from models.messages.fact_kind import CARRIER_SIDE, FactTable
from models.messages.goods_contents import Condition
from models.order.goods import Shipment
from models.order.money.bill import open_for_what_left
from models.order.order import Order
from models.values.calendar import business_date
from models.values.editions import Edition
from models.values.errors import AlreadyKnown, Code, Refusal, TooEarly
from models.values.quantity import NOTHING
from models.values.vocabulary import Role, Words

FACTS = FactTable()
COLLECT = Words("提货", "collect")
PAY_AND_COLLECT = Words("付款提货", "pay and collect")
"""What the customer is told to do when goods have arrived: to pay only where something is open (R75)."""


@FACTS.row(
    goods_contents.ShipmentNoticeReceived,
    (Role.CUSTOMER, Role.SERVICE_CLERK),
    Words("客户收到发货告知书", "shipment notice received"),
)
def shipment_notice_received(
    order: Order, envelope: Envelope, content: goods_contents.ShipmentNoticeReceived
) -> None:
    """R72: the customer has the shipment notice; an illegible copy stays owed."""
    known_shipment(order, content.shipment, "R72").notice_received = content.legible


@FACTS.row(goods_contents.TransitReported, CARRIER_SIDE, Words("在途情况", "transit reported"))
def transit_reported(order: Order, envelope: Envelope, content: goods_contents.TransitReported) -> None:
    """R74: delay or damage in transit is told to the customer; what is lost or refused ends by an outcome.

    The clerk follows the shipment and may say how it fares (D20, step 17).
    """
    shipment = known_shipment(order, content.shipment, "R74")
    shipment.followed = True
    shipment.condition = content.condition
    shipment.expected_arrival = content.expected_arrival or shipment.expected_arrival
    check_arrival(order, envelope, shipment)
    astray = content.condition in (Condition.LOST, Condition.REFUSED, Condition.SHORT)
    if not astray:
        goods_seen(order, shipment, envelope.happened_at)
        found_again(order, shipment, envelope.happened_at)
    if content.condition is Condition.GOOD:
        _tell_the_salesperson(order, shipment, envelope.happened_at, content.condition, content.words)
        return
    order.intend(
        Paper.TRANSIT,
        f"{content.shipment}:{order.sequence}",
        (Role.CUSTOMER, Role.SALESPERSON),
        "R74",
        condition=content.condition,
        words=content.words,
    )
    key = f"transit-{content.shipment}"
    words = content.words or f"{content.condition.zh} · {content.condition.en}"
    if astray:
        report_goods(
            order, envelope.happened_at, shipment, content.condition, shipment.out, key=key, words=words
        )
        return
    owner = order.staff.person(Role.SERVICE_CLERK)
    told = open_exception(order, key, words, owner, "R74", envelope.happened_at, cause="carrier")
    order.goods_troubles.pop(told.key, None)  # damage and delay may end in words: the receipt will tell


def _tell_the_salesperson(
    order: Order, shipment: Shipment, at: datetime, condition: Condition, words: str = ""
) -> None:
    """R172: date and condition, as the planned check or the arrival found them; what is not well the transit notice tells."""
    if order.follows(Edition.DAILY_DUTIES):
        order.intend(
            Paper.SHIPMENT_CHECK,
            f"{shipment.shipment}:{order.sequence}",
            (Role.SALESPERSON,),
            "R172",
            shipment=shipment.shipment,
            day=business_date(at),
            condition=condition,
            words=words,
        )


@FACTS.row(goods_contents.Arrived, (*CARRIER_SIDE, Role.CUSTOMER), Words("到货", "arrived"))
def arrived(order: Order, envelope: Envelope, content: goods_contents.Arrived) -> None:
    """R75: the customer is told to collect, and to pay what is open; the 15 days begin (R76).

    Damaged, short, refused or lost: an exception (R74). The clerk, who follows the shipment and learns from the
    carrier when it arrives (D20, steps 17 and 18), names the carrier's paper, for the 15 days count from there.
    """
    shipment = known_shipment(order, content.shipment, "R75")
    _on_paper(envelope, content.document, "R74")
    shipment.condition = content.condition
    shipment.followed = True
    at = envelope.happened_at
    if content.condition is Condition.LOST:
        report_goods(order, at, shipment, content.condition, shipment.out)
        return
    if shipment.arrived_at is None or at < shipment.arrived_at:
        shipment.arrived_at = max(at, shipment.shipped_at)
        shipment.arrival_recorded_at = shipment.arrival_recorded_at or order.clock
    if content.condition is Condition.REFUSED:
        report_goods(order, at, shipment, content.condition, shipment.out)
        return
    goods_seen(order, shipment, at)
    _tell_the_salesperson(order, shipment, at, content.condition)
    if found_again(order, shipment, at):
        return
    if content.condition in (Condition.DAMAGED, Condition.SHORT) and shipment.out:
        report_goods(order, at, shipment, content.condition, shipment.out)
    what = PAY_AND_COLLECT if open_for_what_left(order) > 0 else COLLECT
    order.intend(Paper.ARRIVED, content.shipment, (Role.CUSTOMER, Role.SALESPERSON), "R75", what=what)


@FACTS.row(
    goods_contents.DeliveryReceipt, (*CARRIER_SIDE, Role.CUSTOMER), Words("到货回单", "delivery receipt")
)
def delivery_receipt(order: Order, envelope: Envelope, content: goods_contents.DeliveryReceipt) -> None:
    """R78: delivered, so much as was counted. During a recall what came first decides, and both are kept (R77).

    Damaged goods and fewer pieces than were sent are an exception (R74); pieces that come later add up. The clerk,
    who has the customer sign the receipt (D20, step 18), names the paper.
    """
    shipment = known_shipment(order, content.shipment, "R78")
    _on_paper(envelope, content.document, "R78")
    at, condition = envelope.happened_at, content.condition
    if condition in (Condition.REFUSED, Condition.LOST):
        _not_taken(order, shipment, content, at)
        return
    counted = added_up(content.items)
    if shipment.receipt_by_carrier and not _is_of_the_carrier(order, envelope):
        shipment.receipt_by_carrier = False
    if shipment.delivered_at is None:
        turned_up(order, _came_back_before(shipment, counted, at))
        turned_up(order, take(shipment, counted))
        shipment.arrived_at = shipment.arrived_at or at
        shipment.arrival_recorded_at = shipment.arrival_recorded_at or order.clock
        shipment.delivered_at, shipment.signed_by = at, content.signed_by
        shipment.receipt_by_carrier = _is_of_the_carrier(order, envelope)
    elif counted and _is_more(shipment, counted):
        turned_up(order, take(shipment, counted))
    elif counted and any(quantity < shipment.taken(line) for line, quantity in counted.items()):
        recount(shipment, counted)
    elif condition is not Condition.DAMAGED:
        return
    shipment.condition = condition
    _received(order, shipment, condition, at)
    order.intend(Paper.WARRANTY, content.shipment, (Role.CUSTOMER, Role.SALESPERSON), "R78")


def _is_of_the_carrier(order: Order, envelope: Envelope) -> bool:
    """R81: the carrier says that it was signed for; the customer, or the clerk with the signed paper, shows it."""
    return order.follows(Edition.DAILY_DUTIES) and envelope.role in (Role.LOGISTICS, Role.SYSTEM)


def _is_more(shipment: Shipment, counted: dict[int, Decimal]) -> bool:
    """Whether a later receipt adds to the first: pieces are missing, or were given up and are there after all (R74).

    The same count once more is not more.
    """
    return counted != shipment.received and (bool(shipment.out) or _were_lost(shipment, counted))


def _were_lost(shipment: Shipment, counted: dict[int, Decimal]) -> bool:
    """Whether so many pieces were given up as lost."""
    lost = shipment.written_off
    return bool(counted) and all(amount <= lost.get(line, NOTHING) for line, amount in counted.items())


def _received(order: Order, shipment: Shipment, condition: Condition, at: datetime) -> None:
    """What follows from what was counted: the recall is off, or goes on; pieces are missing, or damaged."""
    if shipment.recalled:
        if not shipment.out and not shipment.returned:
            order.intend(Paper.RECALL_OFF, shipment.shipment, (Role.LOGISTICS, Role.SALESPERSON), "R77")
        watch_recalled(order, shipment, at)
    elif shipment.out:
        report_goods(order, at, shipment, Condition.SHORT, shipment.out)
    if not shipment.out:
        goods_found(order, shipment, at)
    if condition is Condition.DAMAGED:
        has = {line: taken for line in shipment.quantities if (taken := shipment.taken(line)) > 0}
        report_goods(order, at, shipment, condition, has)


def _not_taken(
    order: Order, shipment: Shipment, content: goods_contents.DeliveryReceipt, at: datetime
) -> None:
    """Signed, and not taken: nothing is delivered."""
    if shipment.delivered_at is not None:
        raise Refusal(
            Code.CONTRADICTION,
            Words("客户已先签收", "the customer collected the goods before"),
            where="content.condition",
            rule="R78",
        )
    shipment.condition = content.condition
    if content.condition is Condition.REFUSED:
        shipment.arrived_at = shipment.arrived_at or at
        shipment.arrival_recorded_at = shipment.arrival_recorded_at or order.clock
    report_goods(order, at, shipment, content.condition, shipment.out)


def _came_back_before(shipment: Shipment, counted: dict[int, Decimal], at: datetime) -> dict[int, Decimal]:
    """R77: who signs after everything is back has nothing to sign for; who signed before has the goods.

    What the customer has of what had been made again before it came back (R74).
    """
    if shipment.returned_at is None or shipment.out or _were_lost(shipment, counted):
        return {}
    if at >= shipment.returned_at or shipment.returned_inspected:
        raise Refusal(
            Code.CONTRADICTION,
            Words("货物已召回到厂", "the goods are back at the factory already"),
            where="content.shipment",
            rule="R77",
        )
    late = shipment.late
    if not counted:
        shipment.returned_at, shipment.returned, shipment.late = None, {}, {}
        return late
    found = {line: min(quantity, late.get(line, NOTHING)) for line, quantity in counted.items()}
    for line, quantity in counted.items():
        shipment.returned[line] = max(shipment.returned.get(line, NOTHING) - quantity, NOTHING)
        if line in late:
            late[line] -= found[line]
    return found


def _on_paper(envelope: Envelope, document: str, rule: str) -> None:
    """What the clerk says of the carrier's and the customer's part is told with its paper."""
    if envelope.role is Role.SERVICE_CLERK and not document:
        raise Refusal(
            Code.NOT_IN_WRITING,
            Words(
                "客服员登记须注明单据编号（承运人单据或签回的到货回单）",
                "the clerk names the paper: the carrier's, or the signed receipt",
            ),
            where="content.document",
            rule=rule,
        )


def _is_completed(order: Order, content: goods_contents.ReceiptConfirmed) -> bool:
    return order.completed_at is not None


@FACTS.row(
    goods_contents.ReceiptConfirmed,
    (Role.CUSTOMER, Role.SYSTEM),
    Words("确认收货", "receipt confirmed"),
    already=_is_completed,
)
def receipt_confirmed(order: Order, envelope: Envelope, content: goods_contents.ReceiptConfirmed) -> None:
    """R81: the customer says that all is well: of one shipment, or of all that were delivered so far.

    Once the order is completed it is known already. An order of an earlier edition only keeps it in the journal.
    """
    if order.completed_at is not None:
        raise AlreadyKnown
    named = [known_shipment(order, content.shipment, "R81")] if content.shipment else order.shipments
    delivered = [shipment for shipment in named if shipment.delivered_at is not None]
    if not delivered:
        raise TooEarly
    order.receipt_confirmed = True
    if order.follows(Edition.DAILY_DUTIES):
        for shipment in delivered:
            shipment.confirmed_at = shipment.confirmed_at or envelope.happened_at


@FACTS.row(
    goods_contents.RecallReported,
    (Role.LOGISTICS, Role.WAREHOUSE),
    Words("召回进展", "recall reported"),
)
def recall_reported(order: Order, envelope: Envelope, content: goods_contents.RecallReported) -> None:
    """R76: how the recall goes; kept in the journal."""
    if not known_shipment(order, content.shipment, "R76").recalled:
        raise TooEarly


@FACTS.row(
    goods_contents.GoodsReturned, (Role.LOGISTICS, Role.WAREHOUSE), Words("货物召回到厂", "goods returned")
)
def goods_returned(order: Order, envelope: Envelope, content: goods_contents.GoodsReturned) -> None:
    """R76: back at the factory, freight both ways on the guarantor or the company; R77: unless collected before.

    Goods come back in parts: what is still out has an owner until it is back, collected, or written off (R47).
    """
    shipment = known_shipment(order, content.shipment, "R76")
    at = envelope.happened_at
    collected_first = shipment.delivered_at is not None and shipment.delivered_at <= at
    if collected_first and not shipment.out and not shipment.written_off:
        raise Refusal(
            Code.CONTRADICTION,
            Words("客户已先签收", "the customer collected the goods before"),
            where="content.shipment",
            rule="R77",
        )
    if not shipment.recalled and not shipment.written_off:
        raise TooEarly
    take_back(shipment, added_up(content.items), at, collected_first=collected_first)
    shipment.freight_out += content.freight_out
    shipment.freight_back += content.freight_back
    watch_recalled(order, shipment, at)
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
