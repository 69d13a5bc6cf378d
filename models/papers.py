"""What stands on the printed papers of an order, taken from the order at the moment the paper becomes due.

Plain data for a template: texts, or pairs of a text in both languages. The same moment gives the same content, so the
same paper made twice is the same paper (DESIGN §4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from models.calendar import BUSINESS_ZONE
from models.capital_figures import capital_figures
from models.field_words import field_words
from models.intentions import Paper
from models.money import line_amount
from models.vocabulary import Role, Term
from models.words import Bilingual

if TYPE_CHECKING:
    from models.goods import Release
    from models.order import Order
    from models.request import RequestLine

Content = dict[str, Any]
_QUANTITY = Decimal("0.001")


def content_of(order: Order, paper: Paper, identity: str) -> Content | None:
    """What is to be printed; None for a notice that is only said."""
    build = _BUILDERS.get(paper)
    return None if build is None else {**_head(order), **build(order, identity)}


def _both(value: Bilingual | None) -> dict[str, str]:
    return {"zh": value.zh, "en": value.en} if value is not None else {"zh": "", "en": ""}


def _day(value: date | None) -> str:
    return value.isoformat() if value is not None else ""


def _moment(value: datetime) -> str:
    return value.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M")


def _amount(value: Decimal) -> dict[str, str]:
    return {"figures": f"{value:,.2f}", "capitals": capital_figures(value)}


def _quantity(value: Decimal) -> str:
    text = f"{value.quantize(_QUANTITY):,f}"
    return text.rstrip("0").rstrip(".")


def _head(order: Order) -> Content:
    request = order.request
    return {
        "number": order.number,
        "made_at": _moment(order.clock),
        "customer": order.customer.name,
        "contact": request.contact,
        "phone": request.phone,
        "fax": request.fax,
        "address": request.address,
        "consignee": request.consignee,
        "salesperson": order.staff.person(Role.SALESPERSON),
        "clerk": order.staff.person(Role.SERVICE_CLERK),
    }


def _line(line: RequestLine, quantity: Decimal | None = None) -> Content:
    counted = line.quantity if quantity is None else quantity
    price = line.unit_price
    return {
        "line": str(line.line),
        "product": line.product,
        "specification": line.specification,
        "quantity": _quantity(counted),
        "unit": _both(line.unit),
        "unit_price": f"{price:,.2f}" if price is not None else "",
        "amount": f"{line_amount(counted, price):,.2f}" if price is not None else "",
        "tolerance": f"±{line.tolerance_percent:f}%" if line.tolerance_percent is not None else "",
    }


def _lines(order: Order) -> list[Content]:
    return [_line(line) for line in order.request.lines]


def _terms(order: Order) -> Content:
    request = order.request
    return {
        "payment_terms": _both(order.terms),
        "delivery_method": _both(request.delivery_method),
        "freight_terms": _both(request.freight_terms),
        "packing": request.packing,
        "label": request.label,
        "special_requirements": request.special_requirements,
        "checkpoints": list(request.checkpoints),
        "wanted_date": _day(request.wanted_date),
    }


def _memo(order: Order, identity: str) -> Content:
    """客户信息备忘录: what was asked for, as it was said (R11)."""
    request = order.request
    return {
        **_terms(order),
        "channel": _both(request.channel),
        "words": request.words,
        "entered_by": request.entered_by,
        "entered_role": _both(request.entered_role),
        "placed_at": _moment(order.placed_at),
        "lines": _lines(order),
    }


def _sheet(order: Order, identity: str) -> Content:
    """销售部客户订单确认书: every field of R11, and what changed since the version before (R30, R31)."""
    sheet = order.sheets[-1]
    return {
        **_terms(order),
        "version": str(sheet.version),
        "content_hash": sheet.content_hash,
        "lines": _lines(order),
        "total": _amount(order.total),
        "deposit": _amount(order.deposit_due) if order.deposit_due else None,
        "promised": _day(order.promise.promised),
        "ship_date": _day(order.promise.ship_date),
        "designated_signers": list(order.customer.designated_signers),
        "changes": list(_changes(order)),
    }


def _changes(order: Order) -> Iterable[Content]:
    if len(order.sheets) < 2:
        return
    before, after = (_flat(sheet.content) for sheet in order.sheets[-2:])
    for place in sorted(before.keys() | after.keys()):
        old, new = before.get(place, ""), after.get(place, "")
        if old != new:
            yield {"field": _both(field_words(place)), "before": old, "after": new}


def _flat(content: dict[str, Any]) -> dict[str, str]:
    """The fields of a sheet by place: `lines.2.quantity`."""
    request = dict(content["request"])
    lines = request.pop("lines")
    fields = {"promised": content["promised"], "deposit": content["deposit"], **request}
    for line in lines:
        number = line["line"]
        fields |= {f"lines.{number}.{name}": value for name, value in line.items() if name != "line"}
    return {name: "" if value is None else str(value) for name, value in fields.items()}


def _instruction(order: Order, identity: str) -> Content:
    """生产指令单: clauses, quantity, dates, tolerance, packing, special rules (R40)."""
    return {
        **_terms(order),
        "version": identity,
        "lines": _lines(order),
        "production_due": _day(order.promise.production_due),
        "promised": _day(order.promise.promised),
    }


def _labels(order: Order, identity: str) -> Content:
    """包装标签: model, quantity, production date, batch (R44)."""
    labels = [
        {
            **_line(line, lot.entered),
            "lot": lot.lot,
            "produced_on": _day(lot.produced_on),
            "place": lot.place,
        }
        for line in order.request.lines
        for lot in order.lots_of(line.line)
        if lot.entered > 0
    ]
    return {"labels": labels, "label": order.request.label}


def _balance(order: Order, identity: str) -> Content:
    """余款催收通知书: from the quantity that passed (R45, R51)."""
    lines = [_line(line, order.billed_quantity(line.line)) for line in order.request.lines]
    due = order.calendar.days_after(order.today(), order.policy.payment.balance_due_days, working=False)
    return {
        "lines": lines,
        "bill": _amount(order.bill),
        "paid": _amount(order.ledger.paid),
        "balance": _amount(order.open_balance),
        "pay_by": _day(due),
    }


def _goods(order: Order, quantities: dict[int, Decimal]) -> list[Content]:
    return [_line(line, quantities[line.line]) for line in order.request.lines if quantities.get(line.line)]


def _release(order: Order, identity: str) -> Release | None:
    return order.find_release(int(identity))


def _shipping(order: Order, identity: str) -> Content:
    """商品销售发货(申请)通知单 and 销售发货单, of one release (R70, R71)."""
    release = _release(order, identity)
    collects = release is not None and release.balance > 0
    return {
        "release": identity,
        "lines": _goods(order, release.quantities if release else {}),
        "delivery_method": _both(order.request.delivery_method),
        "freight_terms": _both(order.request.freight_terms),
        "notice_reference": release.notice_reference if release else "",
        "collection": _both(release.collection if release and collects else None),
        "balance": _amount(release.balance) if release and collects else None,
        "ship_date": _day(order.promise.ship_date),
    }


def _shipment(order: Order, identity: str) -> Content:
    """发货告知书 with the delivery receipt 到货回单, and 召回通知, of one shipment (R72, R76, R78)."""
    shipment = order.find_shipment(identity)
    if shipment is None:
        return {"shipment": identity, "lines": []}
    return {
        "shipment": identity,
        "lines": _goods(order, shipment.quantities),
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "shipped_at": _moment(shipment.shipped_at),
        "expected_arrival": _day(shipment.expected_arrival),
        "arrived_at": _moment(shipment.arrived_at) if shipment.arrived_at else "",
        "to_collect": _amount(shipment.to_collect) if shipment.to_collect > 0 else None,
        "days": str(order.policy.dead_order.days),
    }


_BUILDERS: dict[Paper, Callable[[Order, str], Content]] = {
    Paper.RECEIPT: _memo,
    Paper.SHEET: _sheet,
    Paper.INSTRUCTION: _instruction,
    Paper.FINISHED: _labels,
    Paper.BALANCE: _balance,
    Paper.SHIPPING: _shipping,
    Paper.DELIVERY_NOTE: _shipping,
    Paper.SHIPMENT: _shipment,
    Paper.RECALL: _shipment,
}
"""Papers that are printed; every other one is a notice."""


def is_printed(paper: Term) -> bool:
    """Whether there is a paper for it."""
    return paper in _BUILDERS
