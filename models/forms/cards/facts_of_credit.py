"""Facts of the customer's credit that finance's card shows, as the credit book answered (R108, R109)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from models.credit.credit_rule import CreditGround
from models.forms.cards.card import Asked, CardFact
from models.forms.cards.figures_said import money, plain
from models.forms.cards.order_seen import OrderSeen
from models.messages.decision_subjects import Subject
from models.values.money import ZERO
from models.values.vocabulary import Words

_NO_LIMIT = Words("无额度", "no limit")


def _said(order: OrderSeen, name: str) -> str:
    return order.asked.get(Subject.CREDIT.value, {}).get(name, "")


def _amount(order: OrderSeen, name: str) -> Decimal | None:
    try:
        return Decimal(_said(order, name))
    except InvalidOperation:
        return None


def why_held(order: OrderSeen, asked: Asked) -> CardFact | None:
    """Why the order is held."""
    known = {ground.value: ground for ground in CreditGround}
    grounds = [known[name] for name in _said(order, "grounds").split(",") if name in known]
    return (
        CardFact(Words("扣单原因", "held because"), Words.listed(grounds), marked=True) if grounds else None
    )


def limit(order: OrderSeen, asked: Asked) -> CardFact | None:
    """The most that the customer may owe."""
    if not _said(order, "limit"):
        return None
    amount = _amount(order, "limit")
    return CardFact(Words("信用额度", "credit limit"), money(amount) if amount is not None else _NO_LIMIT)


def exposure(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What is owed for other orders, or bound by them, less what the customer has with the company."""
    others = _amount(order, "others")
    if others is None:
        return None
    return CardFact(
        Words("其他订单占用", "bound by other orders"),
        money(others - (_amount(order, "free_balance") or ZERO)),
    )


def this_order(order: OrderSeen, asked: Asked) -> CardFact | None:
    """What the customer would owe for this order."""
    amount = _amount(order, "amount")
    return (
        CardFact(Words("本单占用", "this order"), money(amount), marked=True) if amount is not None else None
    )


def overdue_bills(order: OrderSeen, asked: Asked) -> CardFact | None:
    """Bills that are long overdue, each with its order, amount and day."""
    bills = _said(order, "overdue")
    return CardFact(Words("逾期账款", "overdue bills"), plain(bills), marked=True) if bills else None
