"""Shipping 发货: notice, transport, read back, gone (R61, R62, R64, R70 to R72)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from models.dossier.decisions import void
from models.dossier.exceptions import open_exception
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.handlers.goods.releases import withdraw_fallen
from models.handlers.goods.shipments import check_arrival, check_count
from models.messages import fact_contents, goods_contents
from models.messages.decision_subjects import Subject
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.departure import Departure, ShippingFault, book, departure_of, faults_of, words_of
from models.order.goods import Release, Shipment
from models.order.order import Order
from models.values.calendar import ONE_DAY, business_date
from models.values.editions import Edition
from models.values.errors import Code, Refusal, TooEarly
from models.values.field_words import field_words
from models.values.money import ZERO
from models.values.quantity import NOTHING
from models.values.vocabulary import Collection, DeliveryMethod, Role, Words

FACTS = FactTable()

_HEAR_OF_IT = (
    Role.SERVICE_SUPERVISOR,
    Role.MARKETING_DIRECTOR,
    Role.SALESPERSON,
    Role.MERCHANDISER,
    Role.MATERIAL_CONTROLLER,
    Role.FINANCE,
)
"""Who hears of goods that left as they should not: the owner, those liable, and who would have had to agree."""


def _release(order: Order, number: int | None, envelope: Envelope) -> Release:
    """The release that is meant. Raises TooEarly while none stands, Refusal(contradiction) where it was granted anew since."""
    release = order.find_release(number)
    if release is None:
        raise TooEarly
    _check_said_of_this_release(order, release, envelope)
    return release


def _check_said_of_this_release(order: Order, release: Release, envelope: Envelope) -> None:
    """R61, R70: what was issued, arranged or read back for a release that fell does not count for the next one."""
    if order.withdrawn and envelope.happened_at < release.granted_at:
        raise Refusal(
            Code.CONTRADICTION,
            Words(
                f"此前的放行已收回，请按现行放行 {release.number} 重新办理",
                f"the release before was taken back; do it again for release {release.number}",
            ),
            where="content.release",
            rule="R61",
        )


@FACTS.row(
    fact_contents.DocumentSupplied,
    (Role.SALESPERSON, Role.SERVICE_CLERK),
    Words("单据补交", "document supplied"),
)
def document_supplied(order: Order, envelope: Envelope, content: fact_contents.DocumentSupplied) -> None:
    """R12, R70: an owed paper. The shipping notice is the clerk's, and compared with the sheet once more after finance."""
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
    if envelope.role is not Role.SERVICE_CLERK:
        raise Refusal(
            Code.WRONG_ROLE,
            Words(
                f"发货通知单由客服员开具，不是{envelope.role.zh}",
                f"the shipping notice is issued by the service clerk, not by {envelope.role.en}",
            ),
            where="role",
            rule="R70",
        )
    release = (
        next((r for r in order.releases if r.notice_at is None), None) if content.release is None else None
    )
    if release is not None:
        _check_said_of_this_release(order, release, envelope)
    release = release or _release(order, content.release, envelope)
    _check_destination(order, content)
    named: dict[int, Decimal] = {}
    for item in content.items:
        named[item.line] = named.get(item.line, NOTHING) + item.quantity
    for line, quantity in named.items():
        if release.quantities.get(line) != quantity:
            raise Refusal(
                Code.CONTRADICTION,
                Words("数量与放行不符", "the quantities differ from those released"),
                where="content.items",
                rule="R70",
            )
    release.notice_reference, release.notice_at = content.reference, envelope.happened_at
    order.intend(Paper.DELIVERY_NOTE, release.papers, (Role.SHIPPER,), "R71", release=release.number)


def _check_destination(order: Order, content: fact_contents.DocumentSupplied) -> None:
    """R70: where the goods go and who takes them is written down once more, as the sheet has it; all of it."""
    for field in ("address", "consignee", "contact"):
        given, known = getattr(content, field), getattr(order.request, field)
        if given == known:
            continue
        words = field_words(field)
        if given:
            raise Refusal(
                Code.CONTRADICTION,
                Words(
                    f"{words.zh}与确认书不符，确认书上是：{known or '(空)'}",
                    f"{words.en} differs from the sheet, which has: {known or '(nothing)'}",
                ),
                where=f"content.{field}",
                rule="R70",
            )
        raise Refusal(
            Code.MISSING_FIELD,
            Words(
                f"发货通知单须写明{words.zh}，确认书上是：{known}",
                f"a shipping notice names the {words.en}; the sheet has: {known}",
            ),
            where=f"content.{field}",
            rule="R70",
        )


@FACTS.row(
    goods_contents.TransportArranged, (Role.MATERIAL_CONTROLLER,), Words("安排运输", "transport arranged")
)
def transport_arranged(order: Order, envelope: Envelope, content: goods_contents.TransportArranged) -> None:
    """R64; where the carrier collects, only the company's designated freight agents (R62)."""
    release = _release(order, content.release, envelope)
    agents = order.policy.balance.designated_freight_agents
    if release.collection is Collection.CARRIER and content.carrier not in agents:
        raise Refusal(
            Code.CONTRADICTION,
            Words(
                f"代收货款须用指定货代：{'、'.join(agents)}",
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


@FACTS.row(
    goods_contents.ShippingReadBack, (Role.SHIPPER,), Words("发货员复述", "shipping instructions read back")
)
def shipping_read_back(order: Order, envelope: Envelope, content: goods_contents.ShippingReadBack) -> None:
    """R71: the shipper repeats the instructions."""
    release = _release(order, content.release, envelope)
    if not release.may_leave:
        raise TooEarly
    release.read_back_by = envelope.by


@FACTS.row(goods_contents.Shipped, (Role.SHIPPER, Role.LOGISTICS), Words("已发货", "shipped"))
def shipped(order: Order, envelope: Envelope, content: goods_contents.Shipped) -> None:
    """R70, R72: goods left. It happened, so it is taken; whatever was wrong is an exception with those liable on record (R61)."""
    if order.find_shipment(content.shipment) is not None:
        raise Refusal(
            Code.CONTRADICTION,
            Words(f"发货单 {content.shipment} 已登记", f"shipment {content.shipment} is already known"),
            where="content.shipment",
            rule="R72",
        )
    quantities = _leaving(order, content)
    # Also on hold, and among facts that had waited, it counts what stands now.
    withdraw_fallen(order)
    departure = departure_of(order, quantities, content.release, content.carrier, envelope.happened_at)
    faults = faults_of(order, departure, content.release)
    shipment = Shipment(
        shipment=content.shipment,
        release=departure.by_release[0][0].number if departure.by_release else None,
        quantities=quantities,
        carrier=content.carrier,
        tracking_number=content.tracking_number,
        shipped_at=envelope.happened_at,
        shipped_by=envelope.by,
        expected_arrival=content.expected_arrival,
        check_on=content.check_on or content.expected_arrival or _planned_check(order, envelope.happened_at),
    )
    book(order, departure)
    demanded = order.to_be_remitted
    order.shipments.append(shipment)
    if order.pending_ending is not None:
        _goes_on(order, shipment)
    if faults:
        _left_wrongly(order, envelope, shipment, departure, faults)
    if departure.by_release:
        shipment.collection = departure.by_release[0][0].collection
    if departure.collects:
        shipment.collection = Collection.CARRIER
        shipment.to_collect = max(order.open_balance - demanded, ZERO)
    check_arrival(order, envelope, shipment)
    check_count(order, envelope, shipment, {item.line: item.quantity for item in content.carrier_counted})
    order.intend(
        Paper.SHIPMENT,
        content.shipment,
        (Role.CUSTOMER, Role.SALESPERSON),
        "R72",
        carrier=content.carrier,
        tracking=content.tracking_number or "-",
        arrival=content.expected_arrival or "-",
    )


def _leaving(order: Order, content: goods_contents.Shipped) -> dict[int, Decimal]:
    """What left. Without items all of the release, or all that is in the warehouse, or all that was made.

    Raises TooEarly while it may still be told that it was made, Refusal(contradiction) for more than there ever was.
    """
    wanted = {item.line: item.quantity for item in content.items}
    lines = sorted({line.line for line in order.request.lines} | {lot.line for lot in order.lots.values()})
    here = {line: order.here(line) for line in lines}
    if not wanted:
        wanted = _everything(order, content.release, here)
    if not wanted or any(quantity > here.get(line, NOTHING) for line, quantity in wanted.items()):
        if not order.was_inspected:
            raise TooEarly
        raise Refusal(
            Code.CONTRADICTION,
            Words("没有这么多货", "there are not that many goods"),
            where="content.items",
            rule="R70",
        )
    return wanted


def _everything(order: Order, number: int | None, here: dict[int, Decimal]) -> dict[int, Decimal]:
    release = order.find_release(number)
    if release is None:
        release = next((old for old in reversed(order.withdrawn) if old.number == number), None)
    if release is not None and release.outstanding:
        return {
            line: min(quantity, here[line])
            for line, quantity in release.outstanding.items()
            if here.get(line, NOTHING) > 0
        }
    stock = {line: order.entered(line) - order.shipped(line) for line in here}
    stock = {line: quantity for line, quantity in stock.items() if quantity > 0}
    return stock or {line: quantity for line, quantity in here.items() if quantity > 0}


def _goes_on(order: Order, shipment: Shipment) -> None:
    """R84: the order was to end without goods, and they left all the same: they go their way to receipt and settlement.

    Nothing more is made; where less was made than ordered, the customer is asked (R45).
    """
    order.pending_ending = None
    order.finished_lines |= {line.line for line in order.request.lines}
    void(order, Subject.DEPOSIT_SETTLEMENT)
    order.note(EntryKind.VOIDED, "ending", rule="R84", shipment=shipment.shipment)


def _planned_check(order: Order, left_at: datetime) -> date | None:
    """R172: on which day goods are followed for which no arrival is expected; what the customer fetches is on no way."""
    if not order.follows(Edition.DAILY_DUTIES) or order.request.delivery_method is DeliveryMethod.PICK_UP:
        return None
    return business_date(left_at) + order.policy.shipment_check.days * ONE_DAY


def _left_wrongly(
    order: Order,
    envelope: Envelope,
    shipment: Shipment,
    departure: Departure,
    faults: list[ShippingFault],
) -> None:
    liable = {
        role.value: order.staff.person(role)
        for role in (Role.SALESPERSON, Role.MERCHANDISER, Role.MATERIAL_CONTROLLER)
    }
    key, gravest = f"shipment-{shipment.shipment}-without-right", faults[0]
    open_exception(
        order,
        key,
        f"{gravest.zh} · {gravest.en}",
        order.staff.person(Role.SERVICE_SUPERVISOR),
        gravest.rule,
        envelope.happened_at,
    )
    reason = words_of(faults, departure)
    order.note(
        EntryKind.EXCEPTION,
        key,
        by=envelope.by,
        role=envelope.role,
        rule=gravest.rule,
        words=f"{gravest.zh} · {gravest.en}",
    )
    order.note(
        EntryKind.LIABILITY,
        key,
        rule="R61",
        liable=liable,
        open_balance=str(order.open_balance),
        faults=[fault.value for fault in faults],
        rules=sorted({fault.rule for fault in faults}),
        beyond={str(line): str(quantity) for line, quantity in departure.beyond.items()},
        zh=reason.zh,
        en=reason.en,
    )
    order.intend(Paper.EXCEPTION, key, _HEAR_OF_IT, gravest.rule, reason=reason)
