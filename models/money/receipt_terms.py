"""The words and contents of money that the house received (R160, R161): what is recorded, and what finance says of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models.values.content import Content, Instant, Line, Name, PositiveMoney, Reference
from models.values.vocabulary import PaymentMethod, Term

MOST_PARTS = 50


class PartState(Term):
    """What became of an order's part of a receipt."""

    GIVEN = "given", "已分配", "given"
    TAKEN_BACK = "taken_back", "已收回余额", "taken back to the balance"
    FELL = "fell", "已随收款退回", "fell with the receipt"


class ReceiptState(Term):
    """Where a receipt of the house stands."""

    UNCLEARED = "uncleared", "支票待兑付", "a cheque that has not cleared"
    UNALLOCATED = "unallocated", "待分配", "to be allocated"
    BALANCE = "balance", "有余额", "with a rest"
    DONE = "done", "已分配完", "wholly allocated"
    FELL = "fell", "已退回", "bounced"
    CORRECTED = "corrected", "已更正", "corrected"


class ReceiptAct(Term):
    """What finance does with a receipt."""

    RECORDED = "recorded", "登记收款", "recorded"
    CLEARED = "cleared", "支票兑付", "cheque cleared"
    ALLOCATED = "allocated", "分配到订单", "allocated to orders"
    MOVED = "moved", "余额转到订单", "balance moved to an order"
    TAKEN_BACK = "taken_back", "收回未计入的部分", "a part taken back that no order counts"
    REFUNDED = "refunded", "余额退给客户", "balance paid back to the customer"
    BOUNCED = "bounced", "收款退回", "bounced"
    CORRECTED = "corrected", "更正收款", "corrected"


class ReceiptRecorded(Content):
    """A sum came in for a customer (R160). `reference` and `bank` are the bank's own; together they are the same money."""

    customer: Name
    amount: PositiveMoney
    reference: Reference
    bank: Line = ""
    payer: Line = ""
    method: PaymentMethod = PaymentMethod.BANK
    paid_at: Instant | None = None


class PartAsked(Content):
    """So much for this order."""

    order: Name
    amount: PositiveMoney


class AllocationAsked(Content):
    """Which order gets how much; what is named for none stays as the customer's balance."""

    parts: Annotated[tuple[PartAsked, ...], Field(max_length=MOST_PARTS)] = ()


class BalanceMoved(Content):
    """So much of the customer's balance goes to an order (R161)."""

    order: Name
    amount: PositiveMoney
    reason: Annotated[Line, Field(min_length=1)]


class ReasonSaid(Content):
    """Why a receipt bounced or is corrected, or a part of it is taken back."""

    reason: Annotated[Line, Field(min_length=1)]
    part: Line = ""


class BalanceRefunded(Content):
    """So much of the customer's balance was paid back to the customer."""

    amount: PositiveMoney
    reason: Annotated[Line, Field(min_length=1)]
