"""Intake of an order of the shop: its stock is reserved, and it is reviewed before it may be paid (R39, R110, R112, R125)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from models.dossier.decisions import ask, void
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Outcome, Subject
from models.order.kinds.shop import pay_until, shop_total
from models.order.order import Order
from models.policy import ShopReview
from models.stock.stock_words import StockState
from models.values.calendar import hours_of
from models.values.field_words import field_words
from models.values.vocabulary import Role, Words
from workflows.phases.goods.stock import settle_stock, stock_needs, waits_for_the_book
from workflows.phases.intake import open_fields
from workflows.phases.phase import Ahead, Needs, Phase, decision_needed
from workflows.phases.verification import price_differences

_LACKS = Words("资料不全：{fields}", "incomplete: {fields}")
_PRICE = Words("第{line}行单价 {asked} 与 {known} 不符", "line {line}: price {asked} differs from {known}")
_TOTAL = Words(
    "客户所见总额 ¥{seen}，订单为 ¥{total}",
    "the customer saw a total of CNY {seen}, the order comes to CNY {total}",
)
_NOT_LISTED = Words("价目表无此价", "no listed price")


def concerns_of(order: Order) -> list[Words]:
    """What is off about the order, for the clerk who reviews it; nothing where it is clean."""
    found = []
    lacking = open_fields(order.request)
    if lacking:
        found.append(_LACKS.filled(fields=Words.listed(field_words(field) for field in lacking)))
    for line in order.request.lines:
        known = price_differences(line, order.reference_of(line.line))
        if known and line.unit_price is not None:
            listed = _NOT_LISTED if known == ["-"] else " / ".join(known)
            found.append(_PRICE.filled(line=line.line, asked=line.unit_price, known=listed))
    terms, total = order.request.shop, order.request.comes_to
    if terms is not None and terms.seen_total != total:
        found.append(_TOTAL.filled(seen=terms.seen_total, total=total))
    return found


def settle(order: Order) -> None:
    """Reserve, review, and say until when it may be paid."""
    order.stock.confirmed = False
    settle_stock(order)
    if order.shop.reviewed_at is not None or order.pending_ending is not None:
        return
    concerns = concerns_of(order)
    if concerns or order.policy.shop.review is ShopReview.CLERK:
        words = Words("；".join(each.zh for each in concerns), "; ".join(each.en for each in concerns))
        ask(order, Subject.SHOP_REVIEW, {"concerns": words.zh, "concerns_en": words.en})
    elif order.outcome(Subject.SHOP_REVIEW) is None:
        void(order, Subject.SHOP_REVIEW)
    if _is_reviewed(order) and _has_its_goods(order):
        order.shop.reviewed_at = order.clock
        until = pay_until(order) or order.clock
        order.intend(
            Paper.PAYABLE,
            "1",
            (Role.CUSTOMER,),
            "R39",
            amount=shop_total(order),
            until=until,
        )


def needs(order: Order) -> Needs:
    """What is still needed before it may be paid."""
    yield from stock_needs(order)
    for need in decision_needed(order, Subject.SHOP_REVIEW, hours=order.policy.shop.review_hours):
        yield replace(need, due=review_limit(order))


def review_limit(order: Order) -> datetime:
    """R125: until when it is reviewed."""
    return order.placed_at + hours_of(order.policy.shop.review_hours)


def _is_reviewed(order: Order) -> bool:
    asked = order.decision(Subject.SHOP_REVIEW)
    return asked is None or asked.outcome is Outcome.ACCEPT


def _has_its_goods(order: Order) -> bool:
    """R110, R112: reserved, or it is agreed with the customer what becomes of what is missing."""
    stock = order.stock
    return not waits_for_the_book(order) and stock.state in (StockState.HELD, StockState.FIRM)


REVIEW = Phase(
    settle,
    needs,
    ahead=(
        Ahead(
            Subject.SHOP_REVIEW,
            lambda order: order.policy.shop.review is ShopReview.CLERK and order.shop.reviewed_at is None,
        ),
    ),
)
