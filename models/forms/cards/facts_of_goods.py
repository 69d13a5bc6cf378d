"""Facts of goods, payments and questions that cards show: what was made, passed, released, sent, told."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from models.forms.cards.card import Asked, CardFact
from models.forms.cards.figures_said import counted, day, listed, moment, money, money_text, plain
from models.forms.cards.order_seen import InspectionSeen, OrderSeen, PaymentSeen, ReleaseSeen, ShipmentSeen
from models.values.field_words import field_words, has_words
from models.values.money import ZERO
from models.values.vocabulary import Words


def _of_line(order: OrderSeen, asked: Asked, name: str) -> list[Words]:
    """One figure of the lots that it is about, with the unit of their line."""
    line, lot = asked.about_line, asked.says.get("lot")
    found = []
    for each in order.lots:
        if (line is None or each.line == line) and (lot is None or each.lot == lot):
            of = order.line_numbered(each.line)
            amount = counted(getattr(each, name), of.unit if of is not None else None)
            found.append(Words(f"批次 {each.lot}：{amount.zh}", f"lot {each.lot}: {amount.en}"))
    return found


def made(order: OrderSeen, asked: Asked) -> CardFact:
    """What was made so far, lot by lot."""
    found = _of_line(order, asked, "made")
    return CardFact(Words("已完成", "made"), listed(found) if found else Words("还没有", "nothing yet"))


def passed(order: OrderSeen, asked: Asked) -> CardFact:
    """What passed so far, lot by lot."""
    found = _of_line(order, asked, "passed")
    return CardFact(Words("已合格", "passed"), listed(found) if found else Words("还没有", "nothing yet"))


def entered(order: OrderSeen, asked: Asked) -> CardFact:
    """What is in the warehouse so far, lot by lot."""
    found = _of_line(order, asked, "entered")
    return CardFact(
        Words("已入库", "in the warehouse"), listed(found) if found else Words("还没有", "nothing yet")
    )


def spoiled(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What was sent back to be mended or was scrapped; left out where nothing was."""
    line = asked.about_line
    lots = [each for each in order.lots if line is None or each.line == line]
    rework, scrapped = sum((each.rework for each in lots), ZERO), sum((each.scrapped for each in lots), ZERO)
    if not rework and not scrapped:
        return None
    value = Words(
        f"返工 {counted(rework, None).zh}，报废 {counted(scrapped, None).zh}",
        f"{counted(rework, None).en} to rework, {counted(scrapped, None).en} scrapped",
    )
    return CardFact(Words("不合格", "faulty"), value, marked=True)


def ordered(order: OrderSeen, asked: Asked) -> CardFact | None:
    """How much of the line was ordered, with what it may differ by (R45)."""
    line = order.line_numbered(asked.about_line)
    if line is None:
        return None
    amount, may = counted(line.quantity, line.unit), line.tolerance_percent
    if may is None:
        return CardFact(Words("订购", "ordered"), amount)
    value = Words(f"{amount.zh} ±{may.normalize():f}%", f"{amount.en} ±{may.normalize():f}%")
    return CardFact(Words("订购", "ordered"), value)


def passed_against_ordered(order: OrderSeen, asked: Asked) -> CardFact | None:
    """By how much what passed differs from what was ordered (R45)."""
    line = order.line_numbered(asked.about_line)
    if line is None:
        return None
    apart = counted(line.passed - line.quantity, line.unit)
    value = Words(
        f"{counted(line.passed, line.unit).zh}，相差 {apart.zh}",
        f"{counted(line.passed, line.unit).en}, {apart.en} apart",
    )
    return CardFact(Words("合格", "passed"), value, marked=line.passed != line.quantity)


# --- inspections -------------------------------------------------------------------------------------------------


def _inspection(order: OrderSeen, asked: Asked) -> InspectionSeen | None:
    number = asked.number("inspection")
    return next((each for each in order.inspections if each.inspection == number), None)


def inspected(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What quality reported of the joint inspection."""
    found = _inspection(order, asked)
    if found is None:
        return None
    line = order.line_numbered(found.line)
    unit = line.unit if line is not None else None
    good, again, gone = (counted(each, unit) for each in (found.passed, found.to_rework, found.scrapped))
    value = Words(
        f"合格 {good.zh}，返工 {again.zh}，报废 {gone.zh}",
        f"{good.en} passed, {again.en} to rework, {gone.en} scrapped",
    )
    faulty = bool(found.to_rework or found.scrapped)
    return CardFact(Words("质检报告", "reported by quality"), value, marked=faulty)


def inspected_by(order: OrderSeen, asked: Asked) -> CardFact | None:
    """Who reported it, and with whom."""
    found = _inspection(order, asked)
    if found is None:
        return None
    quality, clerk = order.name_of(found.inspected_by), order.name_of(found.checked_with)
    return CardFact(Words("会检", "inspected by"), Words(f"{quality} 与 {clerk}", f"{quality} with {clerk}"))


def inspection_reasons(order: OrderSeen, asked: Asked) -> CardFact | None:
    """Why something did not pass."""
    found = _inspection(order, asked)
    if found is None or not found.reasons:
        return None
    return CardFact(Words("原因说明", "reasons"), plain(found.reasons))


# --- releases and shipments --------------------------------------------------------------------------------------


def by_line(order: OrderSeen, quantities: Mapping[int, Decimal]) -> Words:
    """Quantities by line with their goods, as people read them."""
    told = []
    for number in sorted(quantities):
        line = order.line_numbered(number)
        amount = counted(quantities[number], line.unit if line is not None else None)
        name = (line.name or line.product) if line is not None else f"{number}"
        told.append(Words(f"{name} {amount.zh}", f"{name} {amount.en}"))
    return listed(told)


def release_of(order: OrderSeen, asked: Asked) -> ReleaseSeen | None:
    """The release that it is about."""
    number = asked.release
    if number is None and order.releases:
        return order.releases[-1]
    return next((each for each in order.releases if each.release == number), None)


def released(order: OrderSeen, asked: Asked) -> CardFact | None:
    """The goods that were released."""
    found = release_of(order, asked)
    return (
        CardFact(Words("放行", "released"), by_line(order, found.quantities)) if found is not None else None
    )


def collected_by_carrier(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What becomes of what was open when it was released (R62)."""
    found = release_of(order, asked)
    if found is None or found.balance <= ZERO:
        return None
    value = Words(
        f"{money_text(found.balance)} {found.collection.zh}",
        f"{money_text(found.balance)} {found.collection.en}",
    )
    return CardFact(Words("放行时未付", "unpaid when released"), value, marked=True)


def in_the_warehouse(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What lies here and has not left, line by line."""
    rest = {each.line: left for each in order.lines if (left := each.entered - each.shipped) > 0}
    if not rest:
        return CardFact(Words("在库待发", "in the warehouse"), Words("没有", "nothing"))
    return CardFact(Words("在库待发", "in the warehouse"), by_line(order, rest))


def notice_number(order: OrderSeen, asked: Asked) -> CardFact | None:
    """The number of the shipping notice."""
    found = release_of(order, asked)
    if found is None or not found.notice_reference:
        return None
    return CardFact(Words("发货通知单", "shipping notice"), plain(found.notice_reference))


def shipment_of(order: OrderSeen, asked: Asked) -> ShipmentSeen | None:
    """The shipment that it is about."""
    name = asked.says.get("shipment")
    if name is None and order.shipments:
        return order.shipments[-1]
    return next((each for each in order.shipments if each.shipment == name), None)


def sent_goods(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What left with the shipment."""
    found = shipment_of(order, asked)
    return CardFact(Words("已发", "sent"), by_line(order, found.quantities)) if found is not None else None


def sent_by(order: OrderSeen, asked: Asked) -> CardFact | None:
    """With whom it went, under which number, and when."""
    found = shipment_of(order, asked)
    if found is None:
        return None
    parts = [found.carrier, found.tracking_number, moment(found.shipped_at).zh]
    return CardFact(Words("承运", "carrier"), plain(" · ".join(part for part in parts if part)))


def expected(order: OrderSeen, asked: Asked) -> CardFact | None:
    """When it is expected; marked where that day is over."""
    found = shipment_of(order, asked)
    if found is None or found.expected_arrival is None:
        return None
    late = found.arrived_at is None and found.expected_arrival < order.today
    return CardFact(Words("预计到货", "expected"), day(found.expected_arrival), marked=late)


def arrived(order: OrderSeen, asked: Asked) -> CardFact | None:
    """Since when it lies there; the 15 days count from there (R76)."""
    found = shipment_of(order, asked)
    if found is None or found.arrived_at is None:
        return None
    days = (order.today - found.arrived_at.date()).days
    value = Words(
        f"{moment(found.arrived_at).zh}，已 {days} 天", f"{moment(found.arrived_at).en}, {days} days ago"
    )
    return CardFact(Words("到货", "arrived"), value)


def to_collect(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What the carrier collects, and what it has handed over (R62)."""
    found = shipment_of(order, asked)
    if found is None or found.to_collect <= ZERO:
        return None
    value = Words(
        f"{money_text(found.to_collect)}，已交回 {money_text(found.remitted)}",
        f"{money_text(found.to_collect)}, {money_text(found.remitted)} handed over",
    )
    return CardFact(
        Words("物流代收", "collected by the carrier"), value, marked=found.remitted < found.to_collect
    )


# --- payments ----------------------------------------------------------------------------------------------------


def payment_of(order: OrderSeen, asked: Asked) -> PaymentSeen | None:
    """The payment that it is about."""
    reference = asked.says.get("reference")
    return next((each for each in order.payments if each.reference == reference), None)


def payment_told(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What was told of the payment: amount, way, who, when."""
    found = payment_of(order, asked)
    if found is None:
        return None
    who = order.name_of(found.taken_by)
    value = Words(
        f"{money_text(found.amount)} {found.method.zh}，{who} {moment(found.paid_at).zh}",
        f"{money_text(found.amount)} {found.method.en}, {who} {moment(found.paid_at).en}",
    )
    return CardFact(Words("报来的款项", "payment as told"), value)


def payment_reference(order: OrderSeen, asked: Asked) -> CardFact | None:
    """Its reference."""
    reference = asked.says.get("reference")
    return CardFact(Words("凭证", "reference"), plain(reference)) if reference else None


def amount_due(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What is due by this step."""
    try:
        amount = Decimal(asked.says.get("amount", ""))
    except ArithmeticError:
        return None
    return CardFact(Words("本次应收", "due now"), money(amount)) if amount.is_finite() else None


def last_payments(order: OrderSeen, asked: Asked) -> CardFact:
    """What came in for this order so far."""
    words = Words("已到款项", "payments so far")
    counted_ones = [each for each in order.payments if each.counts]
    if not counted_ones:
        return CardFact(words, Words("还没有", "none yet"))
    told = [
        Words(f"{moment(each.paid_at).zh} {money_text(each.amount)} {each.method.zh}",
              f"{moment(each.paid_at).en} {money_text(each.amount)} {each.method.en}")
        for each in counted_ones[-3:]
    ]  # fmt: skip
    return CardFact(words, listed(told))


# --- questions ---------------------------------------------------------------------------------------------------


def signers(order: OrderSeen, asked: Asked) -> CardFact:
    """Who may sign for the customer (R31)."""
    words = Words("指定签字人", "designated signers")
    if not order.signers:
        return CardFact(words, Words("档案中没有", "none on file"), marked=True)
    return CardFact(words, plain("、".join(order.signers)))


def sheet_promised(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What the sheet promises."""
    value = order.sheet.get("promised")
    return CardFact(Words("确认书所写预交日", "promised on the sheet"), value) if value is not None else None


def sheet_total(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What the sheet comes to."""
    value = order.sheet.get("total")
    return CardFact(Words("确认书总额", "total on the sheet"), value) if value is not None else None


_UNTOLD = frozenset({"content", "technical", "sheet", "sequence", "at"})
"""Of what a decision is about: digests, versions and moments that tell a person nothing."""


def asked_about(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What the question is about, in its own words."""
    key = asked.subject if asked.line is None else f"{asked.subject}:{asked.line}"
    about = order.asked.get(key, {})
    told = []
    for name, value in about.items():
        if name not in _UNTOLD and value and has_words(name.rpartition(".")[2]):
            label = field_words(name)
            told.append(Words(f"{label.zh} {value}", f"{label.en} {value}"))
    return CardFact(Words("所问", "asked about"), listed(told)) if told else None


def waits_about(order: OrderSeen, asked: Asked) -> CardFact | None:
    """Which exception or step it is about."""
    name = asked.says.get("exception") or asked.says.get("checkpoint")
    return CardFact(Words("编号", "number"), plain(name)) if name else None
