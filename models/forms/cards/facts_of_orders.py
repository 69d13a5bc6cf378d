"""Facts of the order and its customer that cards show: goods, days, money, what was bought and paid before."""

from __future__ import annotations

from decimal import Decimal

from models.forms.cards.card import Asked, CardFact
from models.forms.cards.figures_said import counted, day, listed, money, money_text, plain, unit_price
from models.forms.cards.order_seen import LineSeen, OrderSeen
from models.values.money import ZERO
from models.values.vocabulary import Words

_HUNDRED = Decimal(100)
_MOST_TRADES = 3
_MOST_ORDERS = 3


def _named(line: LineSeen) -> str:
    return " ".join(part for part in (line.name or line.product, line.specification) if part)


def customer(order: OrderSeen, asked: Asked) -> CardFact | None:
    """Who buys, and of which class."""
    if not order.customer_name:
        return None
    name, of_class = order.customer_name, order.customer_class
    value = Words(f"{name}，{of_class} 类", f"{name}, class {of_class}") if of_class else plain(name)
    return CardFact(Words("客户", "customer"), value)


def goods(order: OrderSeen, asked: Asked) -> CardFact | None:
    """The line that it is about, or all of them."""
    line = order.line_numbered(asked.about_line)
    if line is not None:
        amount = counted(line.quantity, line.unit)
        value = Words(f"{_named(line)} · {amount.zh}", f"{_named(line)} · {amount.en}")
        return CardFact(Words("产品", "goods"), value)
    if not order.lines:
        return None
    first, count = order.lines[0], len(order.lines)
    amount = counted(first.quantity, first.unit)
    value = Words(
        f"{_named(first)} · {amount.zh}，等 {count} 行",
        f"{_named(first)} · {amount.en}, {count} lines in all",
    )
    return CardFact(Words("产品", "goods"), value)


def total(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What the order comes to."""
    return CardFact(Words("订单总额", "total"), money(order.total)) if order.total is not None else None


def bill(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What is billed, from what passed (R45)."""
    return CardFact(Words("应收", "bill"), money(order.bill)) if order.bill is not None else None


def paid(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What was paid."""
    return CardFact(Words("已付", "paid"), money(order.paid)) if order.paid is not None else None


def balance(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What is still open; marked where something is."""
    if order.open_balance is None:
        return None
    if order.open_balance < ZERO:
        return CardFact(Words("多付", "paid too much"), money(-order.open_balance), marked=True)
    return CardFact(Words("未付", "unpaid"), money(order.open_balance), marked=order.open_balance > ZERO)


def deposit(order: OrderSeen, asked: Asked) -> CardFact | None:
    """The deposit that was agreed."""
    if order.deposit_due is None:
        return None
    value = money(order.deposit_due) if order.deposit_due > ZERO else Words("不收定金", "none")
    return CardFact(Words("应付定金", "deposit due"), value)


def terms(order: OrderSeen, asked: Asked) -> CardFact | None:
    """How it is to be paid."""
    return CardFact(Words("付款方式", "payment terms"), order.terms) if order.terms is not None else None


def days_late(order: OrderSeen, asked: Asked) -> CardFact | None:
    """By how many days the customer's oldest payment is overdue, over all their orders."""
    words = Words("客户逾期", "customer late")
    if not order.late_orders:
        return CardFact(words, Words("无逾期", "nothing overdue"))
    value = Words(
        f"{order.days_late} 天（{order.late_orders} 张订单）",
        f"{order.days_late} days ({order.late_orders} orders)",
    )
    return CardFact(words, value, marked=True)


def past_orders(order: OrderSeen, asked: Asked) -> CardFact | None:
    """The customer's last orders, and what of each is unpaid."""
    words = Words("近期订单", "last orders")
    if not order.past_orders:
        return CardFact(words, Words("这是第一张", "this is the first"))
    told = []
    for each in order.past_orders[:_MOST_ORDERS]:
        figure = money_text(each.total) if each.total is not None else "-"
        open_now = max(each.open_balance or ZERO, ZERO)
        rest = (
            Words(f"，未付 {money_text(open_now)}", f", {money_text(open_now)} unpaid")
            if open_now
            else plain("")
        )
        told.append(
            Words(
                f"{day(each.day).zh} {figure} {each.state.zh}{rest.zh}",
                f"{day(each.day).en} {figure} {each.state.en}{rest.en}",
            )
        )
    return CardFact(words, listed(told))


# --- prices ------------------------------------------------------------------------------------------------------


def price_asked(order: OrderSeen, asked: Asked) -> CardFact | None:
    """The price that was entered."""
    line = order.line_numbered(asked.about_line)
    if line is None or line.unit_price is None:
        return None
    return CardFact(Words("报价", "price asked"), unit_price(line.unit_price))


def list_price(order: OrderSeen, asked: Asked) -> CardFact | None:
    """The price of the list in force when the order was placed (R20)."""
    line = order.line_numbered(asked.about_line)
    if line is None:
        return None
    words, known = Words("价目表", "list price"), order.list_prices.get(line.line)
    if known is None:
        return CardFact(words, Words("价目表中没有", "not on the list"), marked=True)
    return CardFact(words, unit_price(known), marked=known != line.unit_price)


def last_trades(order: OrderSeen, asked: Asked) -> CardFact | None:
    """The last three trades of this customer in this product."""
    line = order.line_numbered(asked.about_line)
    if line is None:
        return None
    words = Words("该客户近三次成交", "last three trades")
    found = [each for each in order.trades if each.product == line.product][:_MOST_TRADES]
    if not found:
        return CardFact(words, Words("没有成交过", "none so far"))
    told = []
    for each in found:
        amount = counted(each.quantity, each.unit)
        told.append(
            Words(
                f"{day(each.day).zh} {unit_price(each.unit_price).zh} × {amount.zh}",
                f"{day(each.day).en} {unit_price(each.unit_price).en} × {amount.en}",
            )
        )
    return CardFact(words, listed(told))


def margin(order: OrderSeen, asked: Asked) -> CardFact | None:
    """How far the price asked is above or below the list, in percent, and what that comes to on the line."""
    line = order.line_numbered(asked.about_line)
    known = order.list_prices.get(line.line) if line is not None else None
    if line is None or not known or line.unit_price is None or not known.is_finite():
        return None
    apart = line.unit_price - known
    percent = (apart / known * _HUNDRED).quantize(Decimal("0.1"))
    sum_of_line = money_text((apart * line.quantity).quantize(Decimal("0.01")))
    value = plain(f"{percent:+}%") if not apart else plain(f"{percent:+}% · {sum_of_line}")
    return CardFact(Words("与价目表相比", "against the list"), value, marked=apart < ZERO)


# --- days --------------------------------------------------------------------------------------------------------


def wanted(order: OrderSeen, asked: Asked) -> CardFact | None:
    """The day that the customer asked for."""
    words = Words("客户要货", "wanted")
    if order.wanted_date is None:
        return CardFact(words, Words("未指定", "no day named"))
    late = order.promised is not None and order.promised > order.wanted_date
    return CardFact(words, day(order.wanted_date), marked=late)


def promised(order: OrderSeen, asked: Asked) -> CardFact | None:
    """The day that is promised now, and the first one where that was another."""
    words = Words("预交日", "promised")
    if order.promised is None:
        return CardFact(words, Words("尚未承诺", "not promised yet"))
    moved = order.first_promised is not None and order.first_promised != order.promised
    if not moved or order.first_promised is None:
        return CardFact(words, day(order.promised))
    value = Words(
        f"{day(order.promised).zh}（首次 {day(order.first_promised).zh}）",
        f"{day(order.promised).en} (first {day(order.first_promised).en})",
    )
    return CardFact(words, value, marked=True)


def dated(order: OrderSeen, asked: Asked) -> CardFact | None:
    """The day that production named for its finish."""
    words = Words("生产定的完成日", "finish named by production")
    value = (
        day(order.production_due) if order.production_due is not None else Words("尚未定", "not named yet")
    )
    return CardFact(words, value)


def ship_date(order: OrderSeen, asked: Asked) -> CardFact | None:
    """The day on which it is to leave."""
    return (
        CardFact(Words("发货日", "ship date"), day(order.ship_date)) if order.ship_date is not None else None
    )


def week_load(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What else is promised for the same week."""
    load = order.load
    if load is None:
        return None
    words = Words(f"{load.monday:%m-%d} 那一周的负荷", f"load of the week of {load.monday:%m-%d}")
    if not load.orders:
        return CardFact(words, Words("没有别的订单", "no other order"))
    amounts = [counted(amount, unit) for unit, amount in load.quantities]
    value = Words(
        f"另有 {load.orders} 张：{'、'.join(each.zh for each in amounts)}",
        f"{load.orders} more: {', '.join(each.en for each in amounts)}",
    )
    return CardFact(words, value)


# --- what was asked for ------------------------------------------------------------------------------------------


def field_of(name: str, words: Words) -> FactOfField:
    """The fact of one field of the order as it is now."""
    return FactOfField(name, words)


class FactOfField:
    """One field of the order; left out where it is empty."""

    def __init__(self, name: str, words: Words) -> None:
        self._name, self._words = name, words

    def __call__(self, order: OrderSeen, asked: Asked) -> CardFact | None:
        """The field as people read it."""
        value = order.request.get(self._name)
        return CardFact(self._words, value) if value is not None and (value.zh or value.en) else None


address = field_of("address", Words("收货地址", "address"))
consignee = field_of("consignee", Words("收货人", "consignee"))
contact = field_of("contact", Words("联系人", "contact"))
phone = field_of("phone", Words("电话", "phone"))
packing = field_of("packing", Words("包装", "packing"))
label = field_of("label", Words("标签", "label"))
special = field_of("special_requirements", Words("特殊要求", "special requirements"))
delivery_method = field_of("delivery_method", Words("交货方式", "delivery method"))
freight_terms = field_of("freight_terms", Words("运费条款", "freight terms"))
checkpoints = field_of("checkpoints", Words("跟踪关键点", "checkpoints"))
said_words = field_of("words", Words("客户原话", "in the customer's words"))
entered_by = field_of("entered_by", Words("录入人", "entered by"))
