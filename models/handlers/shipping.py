"""Shipping, delivery, the dead order and its recall: what shipper, carrier and customer report (R64, R70 to R78)."""

from __future__ import annotations

from decimal import Decimal

from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages import fact_contents
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import Envelope
from models.order.goods import Release, Shipment
from models.order.incidents import Trouble
from models.order.ledger import Payment
from models.order.order import Order
from models.values.errors import Code, Refusal, TooEarly
from models.values.money import ZERO
from models.values.quantity import NOTHING
from models.values.vocabulary import Collection, PaymentMethod, PaymentPurpose, Role, Words


def _release(order: Order, number: int | None) -> Release:
    release = order.find_release(number)
    if release is None:
        raise TooEarly
    return release


def document_supplied(order: Order, envelope: Envelope, content: fact_contents.DocumentSupplied) -> None:
    """R12, R70: an owed paper. The shipping notice is compared with the order once more, after finance."""
    if content.document is fact_contents.OwedPaper.WRITTEN_ORDER:
        order.written_order = content.reference
        return
    if content.document is fact_contents.OwedPaper.CONFIRMATION_SHEET:
        raise Refusal(
            Code.CONTRADICTION,
            Words(
                "签回的确认书请用 confirmation_returned",
                "a signed sheet is reported as confirmation_returned",
            ),
            where="content.document",
            rule="R31",
        )
    release = (
        next((r for r in order.releases if r.notice_at is None), None) if content.release is None else None
    )
    release = release or _release(order, content.release)
    for field in ("address", "consignee", "contact"):
        given, known = getattr(content, field), getattr(order.request, field)
        if given and given != known:
            raise Refusal(
                Code.CONTRADICTION,
                Words(f"{field} 与订单不符:{known}", f"{field} differs from the order's: {known}"),
                where=f"content.{field}",
                rule="R70",
            )
    for item in content.items:
        if release.quantities.get(item.line) != item.quantity:
            raise Refusal(
                Code.CONTRADICTION,
                Words("数量与放行不符", "the quantities differ from those released"),
                where="content.items",
                rule="R70",
            )
    release.notice_reference, release.notice_at = content.reference, envelope.happened_at
    order.intend(Paper.DELIVERY_NOTE, str(release.number), (Role.SHIPPER,), "R71", release=release.number)


def transport_arranged(order: Order, envelope: Envelope, content: fact_contents.TransportArranged) -> None:
    """R64; where the carrier collects, only the company's designated freight agents (R62)."""
    release = _release(order, content.release)
    agents = order.policy.balance.designated_freight_agents
    if release.collection is Collection.CARRIER and content.carrier not in agents:
        raise Refusal(
            Code.CONTRADICTION,
            Words(
                f"代收货款须用指定货代:{'、'.join(agents)}",
                f"to collect money only a designated agent: {', '.join(agents)}",
            ),
            where="content.carrier",
            rule="R62",
        )
    release.carrier, release.method, release.planned_for = (
        content.carrier,
        content.method.value,
        content.planned_for,
    )


def shipping_read_back(order: Order, envelope: Envelope, content: fact_contents.ShippingReadBack) -> None:
    """R71: the shipper repeats the instructions."""
    release = _release(order, content.release)
    if not release.may_leave:
        raise TooEarly
    release.read_back_by = envelope.by


def shipped(order: Order, envelope: Envelope, content: fact_contents.Shipped) -> None:
    """R70, R72: goods left. Without release it is kept as an exception with those liable on record (R61)."""
    if order.find_shipment(content.shipment) is not None:
        raise Refusal(
            Code.CONTRADICTION,
            Words(f"发货单 {content.shipment} 已登记", f"shipment {content.shipment} is already known"),
            where="content.shipment",
            rule="R72",
        )
    release = order.find_release(content.release)
    quantities = _leaving(order, release, content)
    shipment = Shipment(
        shipment=content.shipment,
        release=release.number if release else None,
        quantities=quantities,
        carrier=content.carrier,
        tracking_number=content.tracking_number,
        shipped_at=envelope.happened_at,
        shipped_by=envelope.by,
        expected_arrival=content.expected_arrival,
        check_on=content.check_on or content.expected_arrival,
    )
    order.shipments.append(shipment)
    if release is None or not release.may_leave:
        _left_without_right(order, envelope, shipment)
    if release is not None:
        for line, quantity in quantities.items():
            release.shipped[line] = release.shipped.get(line, NOTHING) + quantity
        shipment.collection = release.collection
        if release.collection is Collection.CARRIER:
            shipment.to_collect = max(order.open_balance, ZERO)
    _check_arrival(order, envelope, shipment)
    order.intend(
        Paper.SHIPMENT,
        content.shipment,
        (Role.CUSTOMER, Role.SALESPERSON),
        "R72",
        carrier=content.carrier,
        tracking=content.tracking_number or "-",
        arrival=content.expected_arrival or "-",
    )


def _check_arrival(order: Order, envelope: Envelope, shipment: Shipment) -> None:
    """R72: an expected arrival after the day that the sheet names is an exception, told at once."""
    wanted, expected = order.request.wanted_date, shipment.expected_arrival
    key = f"late-{shipment.shipment}:{expected}"
    if wanted is None or expected is None or expected <= wanted or key in order.troubles:
        return
    late = Words(
        "预计 {expected} 到货,晚于要货日期 {wanted}", "expected on {expected}, wanted by {wanted}"
    ).filled(expected=expected, wanted=wanted)
    order.troubles[key] = Trouble(
        key=key,
        words=f"{late.zh} · {late.en}",
        owner=order.staff.person(Role.SERVICE_CLERK),
        rule="R72",
        reported_at=envelope.happened_at,
        cause="carrier",
    )
    order.note(EntryKind.EXCEPTION, key, rule="R72", expected=str(expected), wanted=str(wanted))
    order.intend(
        Paper.EXCEPTION, key, (Role.CUSTOMER, Role.SALESPERSON, Role.SERVICE_CLERK), "R72", reason=late
    )


def _leaving(order: Order, release: Release | None, content: fact_contents.Shipped) -> dict[int, Decimal]:
    wanted = {item.line: item.quantity for item in content.items}
    if not wanted and release is not None:
        wanted = release.outstanding
    stock = {line.line: order.entered(line.line) - order.shipped(line.line) for line in order.request.lines}
    if not wanted:
        wanted = {line: quantity for line, quantity in stock.items() if quantity > 0}
    if not wanted or any(quantity > stock.get(line, NOTHING) for line, quantity in wanted.items()):
        if not order.was_inspected:
            raise TooEarly
        raise Refusal(
            Code.CONTRADICTION,
            Words("仓库没有这么多货", "there are not that many goods in the warehouse"),
            where="content.items",
            rule="R70",
        )
    return wanted


def _left_without_right(order: Order, envelope: Envelope, shipment: Shipment) -> None:
    liable = {
        role.value: order.staff.person(role)
        for role in (Role.SALESPERSON, Role.MERCHANDISER, Role.MATERIAL_CONTROLLER)
    }
    key = f"shipment-{shipment.shipment}-without-right"
    words = (
        "未经放行发货 · shipped without release"
        if shipment.release is None
        else "无发货通知单发货 · shipped without notice"
    )
    order.troubles[key] = Trouble(
        key=key,
        words=words,
        owner=order.staff.person(Role.SERVICE_SUPERVISOR),
        rule="R61" if shipment.release is None else "R70",
        reported_at=envelope.happened_at,
    )
    order.note(EntryKind.EXCEPTION, key, by=envelope.by, role=envelope.role, rule="R61", words=words)
    order.note(EntryKind.LIABILITY, key, rule="R61", liable=liable, open_balance=str(order.open_balance))


def _shipment(order: Order, name: str, rule: str) -> Shipment:
    shipment = order.find_shipment(name)
    if shipment is None:
        if order.releases:
            raise TooEarly
        raise Refusal(
            Code.CONTRADICTION,
            Words(f"从未发出过货物 {name}", f"shipment {name} was never sent"),
            where="content.shipment",
            rule=rule,
        )
    return shipment


def shipment_notice_received(
    order: Order, envelope: Envelope, content: fact_contents.ShipmentNoticeReceived
) -> None:
    """R72: the customer has the shipment notice; an illegible copy stays owed."""
    _shipment(order, content.shipment, "R72").notice_received = content.legible


def transit_reported(order: Order, envelope: Envelope, content: fact_contents.TransitReported) -> None:
    """R74: delay or damage in transit is told to the customer."""
    shipment = _shipment(order, content.shipment, "R74")
    shipment.followed = True
    shipment.condition = content.condition
    shipment.expected_arrival = content.expected_arrival or shipment.expected_arrival
    _check_arrival(order, envelope, shipment)
    if content.condition is not fact_contents.Condition.GOOD:
        order.intend(
            Paper.TRANSIT,
            f"{content.shipment}:{order.sequence}",
            (Role.CUSTOMER, Role.SALESPERSON),
            "R74",
            condition=content.condition,
            words=content.words,
        )
        key = f"transit-{content.shipment}"
        order.troubles[key] = Trouble(
            key=key,
            words=content.words or f"{content.condition.zh} · {content.condition.en}",
            owner=order.staff.person(Role.SERVICE_CLERK),
            rule="R74",
            reported_at=envelope.happened_at,
            cause="carrier",
        )


def arrived(order: Order, envelope: Envelope, content: fact_contents.Arrived) -> None:
    """R75: the customer is told to pay and collect; the 15 days begin (R76)."""
    shipment = _shipment(order, content.shipment, "R75")
    if shipment.arrived_at is None or envelope.happened_at < shipment.arrived_at:
        shipment.arrived_at = max(envelope.happened_at, shipment.shipped_at)
        shipment.arrival_recorded_at = shipment.arrival_recorded_at or order.clock
    shipment.condition = content.condition
    shipment.followed = True
    order.intend(Paper.ARRIVED, content.shipment, (Role.CUSTOMER, Role.SALESPERSON), "R75")


def delivery_receipt(order: Order, envelope: Envelope, content: fact_contents.DeliveryReceipt) -> None:
    """R78: delivered. During a recall what came first decides, and both are kept (R77)."""
    shipment = _shipment(order, content.shipment, "R78")
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


def receipt_confirmed(order: Order, envelope: Envelope, content: fact_contents.ReceiptConfirmed) -> None:
    """R81: kept; it is not waited for."""
    if not any(shipment.delivered_at for shipment in order.shipments):
        raise TooEarly
    order.receipt_confirmed = True


def recall_reported(order: Order, envelope: Envelope, content: fact_contents.RecallReported) -> None:
    """R76: how the recall goes; kept in the journal."""
    if _shipment(order, content.shipment, "R76").dead_at is None:
        raise TooEarly


def goods_returned(order: Order, envelope: Envelope, content: fact_contents.GoodsReturned) -> None:
    """R76: back at the factory, freight both ways on the guarantor or the company; R77: unless collected before."""
    shipment = _shipment(order, content.shipment, "R76")
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


def collection_remitted(order: Order, envelope: Envelope, content: fact_contents.CollectionRemitted) -> None:
    """R62: finance follows collected money until it is handed over; then it is a payment."""
    shipment = _shipment(order, content.shipment, "R62")
    if shipment.collection is not Collection.CARRIER:
        raise Refusal(
            Code.CONTRADICTION,
            Words("此批货物没有代收货款", "nothing is to be collected for this shipment"),
            where="content.shipment",
            rule="R62",
        )
    if order.ledger.find(content.reference) is not None:
        return
    shipment.remitted += content.amount
    order.ledger.payments.append(
        Payment(
            reference=content.reference,
            amount=content.amount,
            method=PaymentMethod.CARRIER,
            purpose=PaymentPurpose.BALANCE,
            paid_at=envelope.happened_at,
            taken_by=envelope.by,
            confirmed=True,
            fact_id=envelope.fact_id,
        )
    )
