"""What a checkout became, as its confirmation shows and prints it (R122): numbers, lines, address, fee, expected days. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from models.request.order_request import OrderRequest
from models.shop.accounts import Destination
from models.shop.cart import CartView
from models.shop.catalogue import SoldAs
from models.shop.checkout import Sums
from models.shop.delivery_fee import expected_day
from models.values.content import Content, Reference
from models.values.money import Amount, Price
from models.values.quantity import Measured
from models.values.vocabulary import DeliveryMethod, Fulfilment, Unit, Words
from models.writing.printed_figures import day

NOTHING_SAID = Words("", "")


class OrderedLine(Content):
    """A line as it was ordered."""

    product: Reference
    name_zh: str
    name_en: str
    specification: str = ""
    quantity: Measured
    unit: Unit
    unit_price: Price
    amount: Amount


class OrderedPart(Content):
    """One of the orders that a checkout became; amounts in CNY, the fee in the total."""

    order: Reference
    kind: Fulfilment
    lines: tuple[OrderedLine, ...]
    fee: Amount
    total: Amount
    expected: date
    """When it is expected; of goods made to order the salesperson still agrees on the day with the customer."""


class Ordered(Content):
    """A checkout as it was carried out."""

    checkout: Reference
    parts: tuple[OrderedPart, ...]
    to: Destination
    method: DeliveryMethod
    goods: Amount
    fee: Amount
    later: Amount
    total: Amount
    """What is paid at once, the fee included."""
    terms_version: str
    pay_hours: Measured | None = None
    """Within so many hours it is to be paid; none where nothing is paid at once."""


def ordered(
    checkout: str,
    requests: Sequence[OrderRequest],
    numbers: Mapping[str, str],
    view: CartView,
    now: Sums,
    to: Destination,
    today: date,
    ahead: Callable[[date, int], date],
    pay_hours: Decimal,
) -> Ordered:
    """What the cart became. `numbers` by request id; `ahead` counts working days; `pay_hours` is the policy's."""
    parts = []
    for request in requests:
        shown = view.of(request.fulfilment)
        lines = tuple(
            OrderedLine(
                product=each.line.product, name_zh=each.offer.words.zh, name_en=each.offer.words.en,
                specification=each.offer.specification, quantity=each.line.quantity, unit=each.offer.unit,
                unit_price=each.unit_price, amount=each.amount,
            )
            for each in shown
            if each.offer is not None
        )  # fmt: skip
        shop = request.shop
        method = request.delivery_method or DeliveryMethod.COURIER
        making = max((each.offer.days for each in shown if each.offer is not None), default=0)
        there = [
            each.offer.expected for each in shown if each.offer and each.offer.sold_as is SoldAs.PRE_SALE
        ]
        comes = max((each for each in there if each is not None), default=None)
        parts.append(
            OrderedPart(
                order=numbers[request.request_id],
                kind=request.fulfilment,
                lines=lines,
                fee=shop.delivery_fee if shop else Decimal(0),
                total=shop.seen_total if shop else request.total,
                expected=expected_day(today, method, ahead, making=making, there_on=comes),
            )
        )
    return Ordered(
        checkout=checkout, parts=tuple(parts), to=to, method=requests[0].delivery_method or DeliveryMethod.COURIER, goods=now.goods,
        fee=now.fee, later=now.later, total=now.total, terms_version=requests[0].shop.terms_version if requests[0].shop else "",
        pay_hours=pay_hours if now.total else None,
    )  # fmt: skip


def confirmation_words(done: Ordered) -> Words:
    """What the customer is told by mail or text message: numbers, sum, fee, where to, by when, until when to pay."""
    numbers = Words.listed([Words(each.order, each.order) for each in done.parts])
    by = day(max(each.expected for each in done.parts))
    return Words(
        "下单成功：{numbers}{due}{later}；{way}{pay}", "ordered: {numbers}{due}{later}; {way}{pay}"
    ).filled(numbers=numbers, due=_due(done), later=_later(done), way=_way(done, by), pay=_pay(done))


def _due(done: Ordered) -> Words:
    if not done.total:
        return NOTHING_SAID
    return Words(
        "；应付 ¥{total}（含运费 ¥{fee}）", "; CNY {total} to be paid (delivery of CNY {fee} in it)"
    ).filled(total=done.total, fee=done.fee)


def _later(done: Ordered) -> Words:
    if not done.later:
        return NOTHING_SAID
    return Words(
        "；订制等 ¥{later} 由业务员与您确认，下单时不付款",
        "; CNY {later} of goods made to order and the like are not paid now, our salesperson agrees on them with you",
    ).filled(later=done.later)


def _way(done: Ordered, by: str) -> Words:
    if done.method is DeliveryMethod.PICK_UP:
        return Words("自提，预计 {by} 可取", "to be picked up, expected to be ready by {by}").filled(by=by)
    return Words(
        "{method}至 {address}（{who}），预计 {by} 送达", "{method} to {address} ({who}), expected by {by}"
    ).filled(method=done.method, address=done.to.address, who=done.to.consignee, by=by)


def _pay(done: Ordered) -> Words:
    if done.pay_hours is None:
        return NOTHING_SAID
    hours = f"{done.pay_hours.normalize():f}"
    return Words("。请在 {hours} 小时内付款", ". Please pay within {hours} hours").filled(hours=hours)
