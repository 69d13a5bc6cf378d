"""What stands on the printed papers of an order, taken from the order at the moment the paper becomes due.

Plain data for a template: texts, or pairs of a text in both languages. The same moment gives the same content, so the
same paper made twice is the same paper.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from models.documents.credit_note import credit_note, credited_line
from models.documents.sheet_changes import changes_between
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Outcome, ProductionDateDetail, ServiceDateDetail, Subject
from models.order.money.bill import bill_of_shipment
from models.order.money.delivery_fee import DELIVERY, FEE_LINE, delivery_fee_of
from models.values.calendar import ONE_DAY, business_date
from models.values.money import ZERO, line_amount
from models.values.vocabulary import Collection, Role, Term, Unit
from models.writing.printed_figures import amount, both, day, figures, moment, percent, price, quantity

if TYPE_CHECKING:
    from models.order.goods import Release
    from models.order.order import Order
    from models.request.order_request import RequestLine

Content = dict[str, Any]


def content_of(order: Order, paper: Paper, identity: str) -> Content | None:
    """What is to be printed; None for a notice that is only said."""
    build = _BUILDERS.get(paper)
    if build is None:
        return None
    left_out = order.kind.not_on_the_sheet if paper is Paper.SHEET else frozenset()
    said = {**_head(order), **build(order, identity)}
    return {name: value for name, value in said.items() if name not in left_out}


def _head(order: Order) -> Content:
    request = order.request
    return {
        "number": order.number,
        "made_at": moment(order.clock),
        "customer": order.customer.name,
        "contact": request.contact,
        "phone": request.phone,
        "fax": request.fax,
        "address": request.address,
        "consignee": request.consignee,
        "salesperson": order.staff.person(Role.SALESPERSON),
        "clerk": order.staff.person(Role.SERVICE_CLERK),
        **({"customer_order_number": own} if (own := request.customer_order_number) else {}),
    }


def _line(line: RequestLine, of: Decimal | None = None) -> Content:
    counted = line.quantity if of is None else of
    unit_price = line.unit_price
    return {
        "line": str(line.line),
        "product": line.product,
        "specification": line.specification,
        "quantity": quantity(counted),
        "unit": both(line.unit),
        "unit_price": price(unit_price) if unit_price is not None else "",
        "amount": figures(line_amount(counted, unit_price)) if unit_price is not None else "",
        "tolerance": f"±{percent(line.tolerance_percent)}" if line.tolerance_percent is not None else "",
    }


def _lines(order: Order) -> list[Content]:
    return [*(_line(line) for line in order.request.lines), *_fee(order)]


def _fee(order: Order) -> list[Content]:
    """R65: the delivery fee of the shop, as a line of its own."""
    fee = delivery_fee_of(order)
    if not fee:
        return []
    return [
        {
            "line": "",
            "product": f"{DELIVERY.zh} · {DELIVERY.en}",
            "specification": "",
            "quantity": "1",
            "unit": both(Unit.JOB),
            "unit_price": price(fee),
            "amount": figures(fee),
            "tolerance": "",
        }
    ]


def _terms(order: Order) -> Content:
    request = order.request
    return {
        "payment_terms": both(order.terms),
        "delivery_method": both(request.delivery_method),
        "freight_terms": both(request.freight_terms),
        "packing": request.packing,
        "label": request.label,
        "special_requirements": request.special_requirements,
        "checkpoints": list(request.checkpoints),
        "wanted_date": day(request.wanted_date),
    }


def _memo(order: Order, identity: str) -> Content:
    """客户信息备忘录: what was asked for, as it was said (R11)."""
    request = order.request
    return {
        **_terms(order),
        "channel": both(request.channel),
        "words": request.words,
        "entered_by": request.entered_by,
        "entered_role": both(request.entered_role),
        "placed_at": moment(order.placed_at),
        "lines": _lines(order),
        **({"total": amount(order.total)} if order.kind.sold_online else {}),
    }


def _sheet(order: Order, identity: str) -> Content:
    """销售部客户订单确认书: every field of R11, and what changed since the version before (R30, R31).

    Of goods from stock it is confirmed by mail or page and not signed (R101).
    """
    sheet, contents = order.sheets[-1], [each.content for each in order.sheets]
    return {
        **_terms(order),
        "version": str(sheet.version),
        "content_hash": sheet.content_hash,
        "lines": _lines(order),
        "total": amount(order.total),
        "deposit": amount(order.deposit_due) if order.deposit_due else None,
        "promised": day(order.promise.promised),
        "ship_date": day(order.promise.ship_date),
        "designated_signers": list(order.customer.designated_signers),
        "changes": list(changes_between(*contents[-2:])) if len(contents) > 1 else [],
        **({"sample_credit": amount(order.sample_credit)} if order.sample_credit else {}),
        **({"begins": _service_begins(order)} if order.kind.gives_service else {}),
        **({} if order.signs_sheet else {"to_be_signed": False}),
    }


def _service_begins(order: Order) -> str:
    """The day on which a service begins, later by as many days as its end moved since it was named (R34, R87)."""
    asked = order.decision(Subject.SERVICE_DATE)
    if asked is None or asked.outcome is not Outcome.DATED:
        return ""
    named = ServiceDateDetail.model_validate(asked.detail).start_date
    return day(named + order.promise.days_moved * ONE_DAY)


def _instruction(order: Order, identity: str) -> Content:
    """生产指令单: clauses, quantity, production date and finish, tolerance, packing, special rules (R40)."""
    begins = {line.line: _production_date(order, line.line) for line in order.request.lines}
    return {
        **_terms(order),
        "version": identity,
        "lines": [{**_line(line), "production_date": day(begins[line.line])} for line in order.request.lines],
        "production_date": day(min((each for each in begins.values() if each is not None), default=None)),
        "production_due": day(order.promise.production_due),
        "promised": day(order.promise.promised),
    }


def _production_date(order: Order, line: int) -> date | None:
    """The day production named for a line (R23), later by as many days as its finish moved since (R34)."""
    asked = order.decision(Subject.PRODUCTION_DATE, line)
    if asked is None or asked.outcome is not Outcome.DATED:
        return None
    named = ProductionDateDetail.model_validate(asked.detail).production_date
    return named + order.promise.days_moved * ONE_DAY


def _labels(order: Order, identity: str) -> Content:
    """包装标签: model, quantity, production date, batch (R44)."""
    labels = [
        {
            **_line(line, lot.entered),
            "lot": lot.lot,
            "produced_on": day(lot.produced_on),
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
    lines += _fee(order) if order.bill else []
    due = order.calendar.days_after(order.today(), order.policy.payment.balance_due_days, working=False)
    return {
        "lines": lines,
        "bill": amount(order.bill),
        "paid": amount(order.ledger.paid),
        "balance": amount(order.open_balance),
        "pay_by": day(due),
        **({"sample_credit": amount(order.sample_credit)} if order.sample_credit else {}),
        **({"accepted": day(business_date(accepted))} if (accepted := order.service.accepted_at) else {}),
    }


def _goods(order: Order, quantities: dict[int, Decimal]) -> list[Content]:
    return [_line(line, quantities[line.line]) for line in order.request.lines if quantities.get(line.line)]


def _release(order: Order, identity: str) -> Release | None:
    number, _, _ = identity.partition("/")
    return order.find_release(int(number))


def _granted_on(order: Order, release: Release) -> Content:
    """The figures that a release is an answer about (R52, R61)."""
    return {
        "granted_on": {
            "version": str(release.version or order.request_version),
            "bill": amount(release.bill),
            "open": amount(release.balance),
        }
    }


def _left_to_demand(order: Order, release: Release) -> Decimal:
    """What is open, and where the carrier collects only what no shipment before demands already (R62)."""
    if release.collection is not Collection.CARRIER:
        return release.balance
    return max(release.balance - order.to_be_remitted, ZERO)


def _shipping(order: Order, identity: str) -> Content:
    """商品销售发货(申请)通知单 and 销售发货单, of one release (R70, R71)."""
    release = _release(order, identity)
    collects = release is not None and release.balance > 0
    return {
        "release": identity,
        **(_granted_on(order, release) if release else {}),
        "lines": _goods(order, release.quantities if release else {}),
        "delivery_method": both(order.request.delivery_method),
        "freight_terms": both(order.request.freight_terms),
        "notice_reference": release.notice_reference if release else "",
        "collection": both(release.collection if release and collects else None),
        "balance": amount(_left_to_demand(order, release)) if release and collects else None,
        "ship_date": day(order.promise.ship_date),
    }


def _picking(order: Order, identity: str) -> Content:
    """拣货单 of one release: what is to be picked, and what stands on its packages (R63)."""
    release = _release(order, identity)
    request = order.request
    return {
        "release": identity,
        "lines": _goods(order, release.quantities if release else {}),
        "packing": request.packing,
        "label": request.label,
        "special_requirements": request.special_requirements,
        "delivery_method": both(request.delivery_method),
        "ship_date": day(order.promise.ship_date),
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
        "shipped_at": moment(shipment.shipped_at),
        "expected_arrival": day(shipment.expected_arrival),
        "arrived_at": moment(shipment.arrived_at) if shipment.arrived_at else "",
        "to_collect": amount(shipment.to_collect) if shipment.to_collect > 0 else None,
        "this_bill": amount(bill_of_shipment(order, shipment)) if _in_parts(order) else None,
        "days": str(order.policy.dead_order.days),
    }


def _credit_note(order: Order, identity: str) -> Content:
    """贷项通知单: which lines are billed less, and what the bill was and is (R164)."""
    note = next(each for each in order.account.credit_notes if each.number == identity)
    known = {**order.dropped_lines, **{line.line: line for line in order.request.lines}}
    lines = [
        credited_line(
            each.line,
            line.product,
            line.specification,
            line.unit,
            quantities=(each.before.quantity, each.after.quantity),
            prices=(each.before.unit_price, each.after.unit_price),
            total=each.amount,
        )
        for each in note.lines
        if (line := known.get(each.line)) is not None
    ]
    lines += [
        credited_line(
            each.line,
            f"{DELIVERY.zh} · {DELIVERY.en}",
            "",
            Unit.JOB,
            quantities=(each.before.quantity, each.after.quantity),
            prices=(each.before.unit_price, each.after.unit_price),
            total=each.amount,
        )
        for each in note.lines
        if each.line == FEE_LINE
    ]
    return credit_note(
        note.number,
        order.number,
        note.ground,
        lines,
        total=note.amount,
        bill_before=note.bill_before,
        bill_after=note.bill_after,
    )


def _in_parts(order: Order) -> bool:
    """Whether each shipment says what it adds to the bill (R45)."""
    split = order.stock.choice is Outcome.SPLIT
    return order.request.partial_delivery or split or len(order.shipments) > 1


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
    Paper.PICKING_LIST: _picking,
    Paper.CREDIT_NOTE: _credit_note,
}
"""Papers that are printed; every other one is a notice."""


def is_printed(paper: Term) -> bool:
    """Whether there is a paper for it."""
    return paper in _BUILDERS
