"""What an act does that moves money or cannot be undone, in one line; and the outcome that is the safe one."""

from __future__ import annotations

from collections.abc import Callable

from models.forms.cards.card import Asked
from models.forms.cards.facts_of_goods import by_line, in_the_warehouse, release_of
from models.forms.cards.figures_said import money_text
from models.forms.cards.order_seen import OrderSeen
from models.messages.decision_subjects import Outcome, Subject
from models.values.money import ZERO
from models.values.vocabulary import Words

_D, _O = Subject, Outcome
Line = Callable[[OrderSeen, Asked], Words]


def _always(zh: str, en: str) -> Line:
    return lambda order, asked: Words(zh, en)


def _releases(order: OrderSeen, asked: Asked) -> Words:
    fact = in_the_warehouse(order, asked)
    goods = fact.value if fact is not None else Words("货物", "goods")
    if order.unpaid > ZERO:
        figure = money_text(order.unpaid)
        return Words(f"放行 {goods.zh}，尚有 {figure} 未付", f"releases {goods.en} with {figure} unpaid")
    return Words(f"放行 {goods.zh}，款已付清", f"releases {goods.en}, paid in full")


def _on_credit(order: OrderSeen, asked: Asked) -> Words:
    figure = money_text(order.unpaid)
    return Words(f"货先发走，尚有 {figure} 未付", f"the goods leave with {figure} unpaid")


def _carrier_collects(order: OrderSeen, asked: Asked) -> Words:
    figure = money_text(order.unpaid)
    return Words(f"货先发走，{figure} 由物流代收", f"the goods leave, the carrier collects {figure}")


def _emergency(order: OrderSeen, asked: Asked) -> Words:
    found = release_of(order, asked)
    goods = by_line(order, found.quantities) if found is not None else Words("货物", "goods")
    return Words(f"没有发货通知单就发走 {goods.zh}", f"{goods.en} leave without a shipping notice")


def _cancels(order: OrderSeen, asked: Asked) -> Words:
    figure = money_text(order.paid or ZERO)
    return Words(
        f"订单取消，不能恢复；客户已付 {figure}", f"the order ends for good; the customer paid {figure}"
    )


def _settles(order: OrderSeen, asked: Asked) -> Words:
    figure = money_text(order.paid or ZERO)
    return Words(
        f"已收的 {figure} 按所填退还或留存", f"of {figure} received it is refunded and kept as filled in"
    )


def _surplus(order: OrderSeen) -> str:
    return money_text(max(-(order.open_balance or ZERO), ZERO))


def _credits(order: OrderSeen, asked: Asked) -> Words:
    return Words(f"{_surplus(order)} 转为客户预存款", f"{_surplus(order)} stays as the customer's credit")


def _refunds(order: OrderSeen, asked: Asked) -> Words:
    return Words(f"退给客户 {_surplus(order)}", f"{_surplus(order)} goes back to the customer")


def _guarantees(order: OrderSeen, asked: Asked) -> Words:
    figure = money_text(order.total or ZERO)
    return Words(f"由您担保 {figure}，收不回由您承担", f"you answer for {figure} if it is not paid")


def _ships(order: OrderSeen, asked: Asked) -> Words:
    if order.unpaid > ZERO:
        figure = money_text(order.unpaid)
        return Words(f"货物出厂，尚有 {figure} 未付", f"the goods leave with {figure} unpaid")
    return Words("货物出厂，随即告知客户", "the goods leave, and the customer is told")


OUTCOMES_DO: dict[tuple[Subject, Outcome], Line] = {
    (_D.PRICE, _O.SETTLED): _always("此价写入订单，客户按此付款", "this price goes into the order, and is what the customer pays"),
    (_D.OLD_RECIPE, _O.END): _always("订单就此终止", "the order ends"),
    (_D.OLD_RECIPE, _O.SAMPLING): _always("订单终止，另走打样流程", "the order ends and sampling begins"),
    (_D.SMALL_ORDER, _O.GUARANTEED): _guarantees,
    (_D.EMERGENCY_PLAN, _O.CANCEL): _cancels,
    (_D.FINANCE_RELEASE, _O.RELEASE): _releases,
    (_D.BALANCE_RELEASE, _O.ON_CREDIT): _on_credit,
    (_D.BALANCE_RELEASE, _O.CARRIER_COLLECTS): _carrier_collects,
    (_D.EMERGENCY_SHIPMENT, _O.APPROVE): _emergency,
    (_D.DROPPED_GOODS, _O.APPROVE): _always("已做的货不再属于本单", "goods that are made leave this order"),
    (_D.CANCELLATION, _O.APPROVE): _cancels,
    (_D.DEPOSIT_SETTLEMENT, _O.SETTLED): _settles,
    (_D.OVERPAYMENT, _O.CREDIT): _credits,
    (_D.OVERPAYMENT, _O.REFUND): _refunds,
    (_D.SHORTAGE, _O.CANCEL): _always("缺的或全部取消，不能恢复", "what is missing, or all of it, is cancelled for good"),
    (_D.ACCEPTANCE, _O.ACCEPT): _always("服务验收完成，随后结清余款", "the service is done, and its balance is due"),
    (_D.TRIAL, _O.REFUSE): _always("打样就此结束", "the sampling ends"),
    (_D.ANOTHER_ROUND, _O.REFUSE): _always("打样就此结束", "the sampling ends"),
    (_D.SHOP_REVIEW, _O.REFUSE): _always("订单取消，已付的全部退回", "the order is cancelled, and all that was paid goes back"),
    (_D.MERCHANT_ACCEPTANCE, _O.ACCEPT): _always("随即拣货发货，并告知客户", "it is picked and sent, and the customer is told"),
    (_D.MERCHANT_ACCEPTANCE, _O.REFUSE): _always("订单取消，货款和配送费全退", "the order is cancelled; money and fee go back"),
    (_D.FAILED_REFUND, _O.REFUND): _always("登记为已退给客户", "it counts as paid back to the customer"),
    (_D.FAILED_REFUND, _O.TRY_AGAIN): _always("支付机构再退一次", "the provider is asked to pay it once more"),
    (_D.CREDIT, _O.FREE): _always("订单继续，只限这个金额；再增加重新核对", "the order goes on for this amount, and no more"),
    (_D.HANGING, _O.CLOSE): _always("订单关闭，不能恢复", "the order is closed for good"),
}  # fmt: skip
"""Outcomes that move money or goods, or end something; the others need no line."""

SAFE: dict[Subject, Outcome] = {
    _D.OLD_RECIPE: _O.INSIST,
    _D.SMALL_ORDER: _O.PREPAID,
    _D.EMERGENCY_PLAN: _O.NEW_DATE,
    _D.FINANCE_RELEASE: _O.REFUSE,
    _D.BALANCE_RELEASE: _O.REFUSE,
    _D.DROPPED_GOODS: _O.REFUSE,
    _D.CANCELLATION: _O.REFUSE,
    _D.OVERPAYMENT: _O.CREDIT,
    _D.HANGING: _O.KEEP,
    _D.SHORTAGE: _O.WAIT,
    _D.CREDIT: _O.KEEP_HELD,
    _D.ACCEPTANCE: _O.REJECT,
    _D.TRIAL: _O.APPROVE,
    _D.ANOTHER_ROUND: _O.APPROVE,
    _D.SHOP_REVIEW: _O.ACCEPT,
    _D.MERCHANT_ACCEPTANCE: _O.ACCEPT,
    _D.FAILED_REFUND: _O.TRY_AGAIN,
}
"""Of subjects where an outcome moves money or ends something: the one by which nothing is lost. It is the one in colour."""

FACTS_DO: dict[str, Line] = {
    "payment_received": _always("计入本单已付款", "counts as paid for this order"),
    "payment_bounced": _always("这笔款不再算已付", "this money counts as paid no more"),
    "payment_corrected": _always("原凭证冲销，须重新登记", "the payment is reversed, and told anew"),
    "cash_cleared": _always("您已收到业务员交来的现金", "you have the cash that the salesperson took"),
    "collection_remitted": _always("计入本单已付款", "counts as paid for this order"),
    "second_telling_settled": _always("决定这笔款算不算本单的", "decides whether this money is this order's"),
    "money_transferred_out": _always("款项转给另一张订单，本单不再算已付", "the money goes to another order, and counts here no more"),
    "shipped": _ships,
    "delivery_receipt": _always("登记为客户已签收", "the customer counts as having the goods"),
    "goods_returned": _always("货物退回，来回运费入账", "the goods are back, and the freight both ways is booked"),
    "cancellation_requested": _always("未投产的订单立即取消，不能恢复", "an order that is not in production ends at once, for good"),
    "exception_resolved": _always("异常就此办结", "the exception is over"),
    "overridden": _always("对此人不再要求职责分离", "for this person the duties are kept apart no more"),
    "inspection_reported": _always("报废的数量不能再入库", "what is scrapped enters the warehouse no more"),
    "receipt_confirmed": _always("订单可以了结", "the order may be settled"),
    "reassigned": _always("本单的待办转到此人名下，时限照旧", "the open steps of the order are theirs, and limits run on"),
}  # fmt: skip
"""Facts that move money or goods, or end something."""


def outcome_does(order: OrderSeen, asked: Asked, outcome: Outcome) -> Words | None:
    """The line beside an outcome; None for one that moves nothing."""
    subject = next((each for each in Subject if each.value == asked.subject), None)
    line = OUTCOMES_DO.get((subject, outcome)) if subject is not None else None
    return line(order, asked) if line is not None else None


def fact_does(order: OrderSeen, asked: Asked, kind: str) -> Words | None:
    """The line beside the button of a fact; None for one that moves nothing."""
    line = FACTS_DO.get(kind)
    return line(order, asked) if line is not None else None


def safe_outcome(subject: str, outcomes: tuple[Outcome, ...]) -> Outcome | None:
    """The outcome that is shown in colour: the safe one, or the only one that moves nothing; None: none of them."""
    known = next((each for each in Subject if each.value == subject), None)
    return SAFE.get(known) if known is not None else None
