"""The figures of the board page, by the name under which the orders behind them are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from models.values.money import ZERO
from models.values.vocabulary import Role, Term

LEADS = frozenset(
    {Role.MARKETING_DIRECTOR, Role.SALES_SUPERVISOR, Role.SERVICE_SUPERVISOR, Role.FINANCE},
)
"""Who sees the figures of the whole company; a salesperson sees the own ones, nobody else sees any."""


class KeyFigure(Term):
    """What is counted."""

    NEW = "new", "新订单", "new orders"
    CONFIRMED = "confirmed", "确认投产", "confirmed"
    SHIPPED = "shipped", "发货", "shipped"
    COLLECTED = "collected", "到账", "collected"
    DANGER = "danger", "交期告急", "promises in danger"
    OVERDUE = "overdue", "超期事项", "overdue steps"
    LATE = "late", "未按承诺发货", "shipped after the promise"
    SLIPS = "slips", "预交日变动", "moves of the promise"
    WAITS = "waits", "等在哪一步", "where orders wait"
    DEAD = "dead", "死单", "dead orders"
    BALANCES = "balances", "未付余款", "open balances"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many, and how much money that is (CNY) where it is money."""

    count: int = 0
    amount: Decimal = ZERO
