"""Money that the house received once, and where it is: parts at orders, the customer's balance, paid back. Pure (R160, R161).

The order database keeps it and decides; this says what may be done. At every moment amount = given + rest + refunded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from models.money.receipt_terms import PartAsked, PartState, ReceiptState
from models.values.errors import Code, Refusal
from models.values.money import ZERO, Amount, as_text
from models.values.vocabulary import PaymentMethod, PaymentPurpose, Words

_UNKNOWN_ORDER = Words("没有订单 {order}，请核对订单号", "there is no order {order}; look at the number")
_ENDED = Words("订单 {order} 已终结，不能再收款", "order {order} has ended and takes no money")
_OTHER_CUSTOMER = Words(
    "订单 {order} 不是客户 {customer} 的；记错客户的请先更正这笔收款",
    "order {order} is not customer {customer}'s; where the customer is wrong, correct the receipt first",
)
_TWICE = Words("订单 {order} 写了两次", "order {order} is named twice")
_ABOVE = Words("只剩 ¥{rest} 可分配，要分配 ¥{asked}", "CNY {rest} are left, and CNY {asked} are asked for")
_NOT_CLEARED = Words(
    "支票尚未兑付，兑付后才能分配", "the cheque has not cleared; until then it counts for nothing"
)
_NO_CHEQUE = Words("没有待兑付的支票", "no cheque waits to be cleared")
_GONE = Words("这笔收款已退回或已更正", "this receipt bounced or was corrected")
_DECIDED = Words(
    "这笔收款已分配过，余额请用“余额转到订单”", "it was allocated already; what is left is moved as balance"
)
_NOT_DECIDED = Words("这笔收款还没有分配", "this receipt has not been allocated yet")
_GIVEN_ON = Words(
    "已分配到订单，不能更正：记错订单的在该订单上转出，或先在该订单上更正",
    "parts of it are at orders: correct or move them there first",
)
_CREDIT = Words(
    "这是订单 {order} 多付的款，不是银行来款：不会退回，也不能更正；款有误的在该订单上办理",
    "this is what order {order} was paid too much, and came from no bank: it does not bounce and is not struck; "
    "what is wrong with the money is told to that order",
)
_NO_PART = Words("没有这一部分，或已收回", "there is no such part, or it was taken back")
_FELL = "收款退回 · the receipt bounced"
_COUNTED = Words(
    "订单 {order} 已计入这部分，请在该订单上更正或转出",
    "order {order} counts this part: correct it there, or move it from there",
)


@dataclass(frozen=True, slots=True)
class ReceivingOrder:
    """An order that is to get money, as the order database knows it."""

    number: str
    customer: str
    lives: bool


class ReceiptPart(BaseModel):
    """An order's part of a receipt, in CNY; its id is what the order's payment names."""

    part: str
    order: str
    amount: Amount
    paid_at: datetime
    """From when it counts: when the receipt came, or of balance that is moved later when that was decided (R161)."""
    moved: bool = False
    state: PartState = PartState.GIVEN
    act: str = ""
    by: str
    at: datetime

    @property
    def fact_id(self) -> str:
        """Under which the order is told of it."""
        return f"receipt/{self.part}"


class HouseReceipt(BaseModel):
    """One sum for one customer. With `source` it is what that order was paid too much, kept as the customer's balance."""

    number: str
    customer: str
    customer_name: str = ""
    amount: Amount
    method: PaymentMethod
    reference: str
    bank: str = ""
    payer: str = ""
    paid_at: datetime
    by: str
    at: datetime
    source: str = ""
    cleared_at: datetime | None = None
    allocated_at: datetime | None = None
    """When finance said which order gets what; from then on the rest is the customer's balance."""
    bounced_at: datetime | None = None
    corrected: bool = False
    reason: str = ""
    refunded: Amount = ZERO
    parts: list[ReceiptPart] = []

    # --- figures -------------------------------------------------------------------------------------------------

    @property
    def is_there(self) -> bool:
        """Whether it counts: it did not bounce and is not struck, and a cheque has cleared."""
        return self.bounced_at is None and self.cleared_at is not None

    @property
    def given(self) -> Decimal:
        """What orders have of it."""
        return sum((each.amount for each in self.parts if each.state is PartState.GIVEN), ZERO)

    @property
    def rest(self) -> Decimal:
        """What no order has and was not paid back; nothing of money that does not count."""
        return self.amount - self.given - self.refunded if self.is_there else ZERO

    @property
    def state(self) -> ReceiptState:
        """Where it stands."""
        if self.bounced_at is not None:
            return ReceiptState.CORRECTED if self.corrected else ReceiptState.FELL
        if self.cleared_at is None:
            return ReceiptState.UNCLEARED
        if self.allocated_at is None:
            return ReceiptState.UNALLOCATED
        return ReceiptState.BALANCE if self.rest > ZERO else ReceiptState.DONE

    # --- what orders are told ------------------------------------------------------------------------------------

    def given_content(self, part: ReceiptPart) -> dict[str, str]:
        """The payment by which an order hears of its part (R160)."""
        return {
            "amount": as_text(part.amount),
            "method": self.method.value,
            "purpose": PaymentPurpose.BALANCE.value,
            "reference": self.reference,
            "paid_at": part.paid_at.isoformat(),
            "receipt_part": part.part,
        }

    def fallen_content(self, part: ReceiptPart) -> dict[str, str]:
        """By which an order hears that its part is not there (R53)."""
        return {"reference": self.reference, "receipt_part": part.part, "reason": self.reason or _FELL}

    # --- what is done --------------------------------------------------------------------------------------------

    def clear(self, at: datetime) -> None:
        """R160: the bank paid the cheque: it counts from now on. Raises Refusal(not_asked)."""
        self._require_there(cleared=False)
        if self.cleared_at is not None:
            raise Refusal(Code.NOT_ASKED, _NO_CHEQUE, where="receipt", rule="R160")
        self.cleared_at = self.paid_at = at

    def allocate(
        self,
        asked: Sequence[PartAsked],
        orders: Mapping[str, ReceivingOrder],
        *,
        by: str,
        at: datetime,
        act: str = "",
    ) -> list[ReceiptPart]:
        """R160: these orders get so much each, from when it was paid; the rest is the customer's balance from now on.

        Raises Refusal (already_decided, not_cleared, above_receipt, named_twice, unknown_order, order_ended,
        other_customer), and nothing was changed.
        """
        self._require_there()
        if self.allocated_at is not None:
            raise Refusal(Code.ALREADY_DECIDED, _DECIDED, where="receipt", rule="R160")
        self._require_givable(asked, orders)
        self.allocated_at = at
        return [self._give(each, self.paid_at, by=by, at=at, act=act) for each in asked]

    def move(
        self, asked: PartAsked, orders: Mapping[str, ReceivingOrder], *, by: str, at: datetime, act: str = ""
    ) -> ReceiptPart:
        """R161: balance goes to an order and counts there from the decision. Raises Refusal as `allocate`, `not_asked`."""
        self._require_there()
        if self.allocated_at is None:
            raise Refusal(Code.NOT_ASKED, _NOT_DECIDED, where="receipt", rule="R161")
        self._require_givable((asked,), orders, within="")
        return self._give(asked, at, by=by, at=at, act=act, moved=True)

    def give_as_told(
        self, asked: PartAsked, orders: Mapping[str, ReceivingOrder], *, by: str, at: datetime, act: str
    ) -> ReceiptPart:
        """R53, R160: an order was told of this very money, and finance said how much of it is that order's: it counts from
        when it was paid.

        Raises Refusal as `allocate`, but for what was decided already, and nothing was changed: also so told, money goes to
        a living order of its own customer (R161).
        """
        self._require_there()
        self._require_givable((asked,), orders, within="")
        self.allocated_at = self.allocated_at or at
        return self._give(asked, self.paid_at, by=by, at=at, act=act)

    def refund(self, amount: Decimal) -> None:
        """The customer got so much of the rest back. Raises Refusal (above_receipt, not_cleared)."""
        self._require_there()
        self._require_rest(amount, "amount")
        self.refunded += amount

    def take_back(self, part: str, *, counts: bool) -> ReceiptPart:
        """A part that its order does not count is balance again; `counts`: whether the order does, or still may.

        Raises Refusal (not_asked, money_bound)."""
        found = self._given(part)
        if found is None:
            raise Refusal(Code.NOT_ASKED, _NO_PART, where="part", rule="R160")
        if counts:
            raise Refusal(Code.MONEY_BOUND, _COUNTED.filled(order=found.order), where="part", rule="R161")
        found.state = PartState.TAKEN_BACK
        return found

    def fall(self, at: datetime, reason: str) -> list[ReceiptPart]:
        """R53: the money is not there: no order's part of it counts any more. Which parts those are.

        Raises Refusal (already_decided; money_bound for kept credit, which no bank can take back).
        """
        self._require_there(cleared=False)
        self._require_from_outside()
        fallen = [each for each in self.parts if each.state is PartState.GIVEN]
        for each in fallen:
            each.state = PartState.FELL
        self.bounced_at, self.reason = at, reason
        return fallen

    def correct(self, at: datetime, reason: str) -> None:
        """It was recorded wrong: it stays, struck, and is recorded anew. Raises Refusal(money_bound) while orders have some,
        and for kept credit, which nobody recorded."""
        self._require_there(cleared=False)
        self._require_from_outside()
        if self.given > ZERO or self.refunded > ZERO:
            raise Refusal(Code.MONEY_BOUND, _GIVEN_ON, where="receipt", rule="R160")
        self.bounced_at, self.corrected, self.reason = at, True, reason

    # --- what is asked first -------------------------------------------------------------------------------------

    def _require_there(self, *, cleared: bool = True) -> None:
        if self.bounced_at is not None:
            raise Refusal(Code.ALREADY_DECIDED, _GONE, where="receipt", rule="R160")
        if cleared and self.cleared_at is None:
            raise Refusal(Code.NOT_CLEARED, _NOT_CLEARED, where="receipt", rule="R160")

    def _require_from_outside(self) -> None:
        if self.source:
            raise Refusal(Code.MONEY_BOUND, _CREDIT.filled(order=self.source), where="receipt", rule="R161")

    def _require_givable(
        self, asked: Sequence[PartAsked], orders: Mapping[str, ReceivingOrder], within: str = "parts"
    ) -> None:
        for place, part in enumerate(asked):
            where = f"{within}.{place + 1}.order" if within else "order"
            if part.order in {each.order for each in asked[:place]}:
                raise Refusal(Code.NAMED_TWICE, _TWICE.filled(order=part.order), where=where, rule="R160")
            require_receiving(part.order, orders.get(part.order), self.customer, where)
        self._require_rest(sum((each.amount for each in asked), ZERO), within or "amount")

    def _require_rest(self, amount: Decimal, where: str) -> None:
        if amount > self.rest:
            words = _ABOVE.filled(rest=self.rest, asked=amount)
            raise Refusal(Code.ABOVE_RECEIPT, words, where=where, rule="R160")

    def _given(self, part: str) -> ReceiptPart | None:
        given = (each for each in self.parts if each.part == part and each.state is PartState.GIVEN)
        return next(given, None)

    def _give(
        self, asked: PartAsked, paid_at: datetime, *, by: str, at: datetime, act: str, moved: bool = False
    ) -> ReceiptPart:
        part = ReceiptPart(
            part=f"{self.number}/{len(self.parts) + 1}",
            order=asked.order,
            amount=asked.amount,
            paid_at=paid_at,
            moved=moved,
            act=act,
            by=by,
            at=at,
        )
        self.parts.append(part)
        return part


def require_receiving(number: str, order: ReceivingOrder | None, customer: str, where: str) -> None:
    """Raises Refusal (unknown_order, other_customer, order_ended) for an order that this customer's money cannot go to."""
    if order is None:
        raise Refusal(Code.UNKNOWN_ORDER, _UNKNOWN_ORDER.filled(order=number), where=where, rule="R160")
    if order.customer != customer:
        words = _OTHER_CUSTOMER.filled(order=number, customer=customer)
        raise Refusal(Code.OTHER_CUSTOMER, words, where=where, rule="R161")
    if not order.lives:
        raise Refusal(Code.ORDER_ENDED, _ENDED.filled(order=number), where=where, rule="R160")
