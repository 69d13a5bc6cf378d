"""Shipping 发货: notice, transport, read back, gone (R61, R62, R64, R70 to R72)."""

from __future__ import annotations

from decimal import Decimal

from models.dossier.exceptions import open_exception
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.handlers.shipments import check_arrival
from models.messages import fact_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.goods import Release, Shipment
from models.order.order import Order
from models.values.errors import Code, Refusal, TooEarly
from models.values.field_words import field_words
from models.values.money import ZERO
from models.values.quantity import NOTHING
from models.values.vocabulary import Collection, Role, Words

FACTS = FactTable()


def _release(order: Order, number: int | None) -> Release:
    release = order.find_release(number)
    if release is None:
        raise TooEarly
    return release


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
                f"发货通知单由客服员开具,不是{envelope.role.zh}",
                f"the shipping notice is issued by the service clerk, not by {envelope.role.en}",
            ),
            where="role",
            rule="R70",
        )
    release = (
        next((r for r in order.releases if r.notice_at is None), None) if content.release is None else None
    )
    release = release or _release(order, content.release)
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
    order.intend(Paper.DELIVERY_NOTE, str(release.number), (Role.SHIPPER,), "R71", release=release.number)


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
                    f"{words.zh}与确认书不符,确认书上是:{known or '(空)'}",
                    f"{words.en} differs from the sheet, which has: {known or '(nothing)'}",
                ),
                where=f"content.{field}",
                rule="R70",
            )
        raise Refusal(
            Code.MISSING_FIELD,
            Words(
                f"发货通知单须写明{words.zh},确认书上是:{known}",
                f"a shipping notice names the {words.en}; the sheet has: {known}",
            ),
            where=f"content.{field}",
            rule="R70",
        )


@FACTS.row(
    fact_contents.TransportArranged, (Role.MATERIAL_CONTROLLER,), Words("安排运输", "transport arranged")
)
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


@FACTS.row(
    fact_contents.ShippingReadBack, (Role.SHIPPER,), Words("发货员复述", "shipping instructions read back")
)
def shipping_read_back(order: Order, envelope: Envelope, content: fact_contents.ShippingReadBack) -> None:
    """R71: the shipper repeats the instructions."""
    release = _release(order, content.release)
    if not release.may_leave:
        raise TooEarly
    release.read_back_by = envelope.by


@FACTS.row(fact_contents.Shipped, (Role.SHIPPER, Role.LOGISTICS), Words("已发货", "shipped"))
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
    check_arrival(order, envelope, shipment)
    order.intend(
        Paper.SHIPMENT,
        content.shipment,
        (Role.CUSTOMER, Role.SALESPERSON),
        "R72",
        carrier=content.carrier,
        tracking=content.tracking_number or "-",
        arrival=content.expected_arrival or "-",
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
    open_exception(
        order,
        key,
        words,
        order.staff.person(Role.SERVICE_SUPERVISOR),
        "R61" if shipment.release is None else "R70",
        envelope.happened_at,
    )
    order.note(EntryKind.EXCEPTION, key, by=envelope.by, role=envelope.role, rule="R61", words=words)
    order.note(EntryKind.LIABILITY, key, rule="R61", liable=liable, open_balance=str(order.open_balance))
