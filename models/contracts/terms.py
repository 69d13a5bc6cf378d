"""What a contract settles: price, quality, delivery date, and what goes with them (R107)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from models.request.order_request import LAST_NUMBER
from models.values.content import Content, NonNegativePrice, Paragraph, Reference
from models.values.fingerprint import digest_of_model
from models.values.money import ZERO, line_amount
from models.values.percent import Percent
from models.values.quantity import PositiveQuantity
from models.values.vocabulary import DeliveryMethod, PaymentTerms, Term, Unit
from models.values.words import InvalidValue

MOST_LINES = 200


class ContractStage(Term):
    """Where a contract stands, as people read it."""

    IN_APPROVAL = "in_approval", "合同审批中", "in approval"
    TO_DRAFT = "to_draft", "待重新起草", "to be drafted anew"
    TO_ARRANGE = "to_arrange", "待安排签署", "signing to be arranged"
    TO_SIGN = "to_sign", "待双方签署", "to be signed"
    PARTLY_SIGNED = "partly_signed", "一方已签", "signed by one side"
    IN_FORCE = "in_force", "已生效", "in force"
    CHANGING = "changing", "生效，补充协议办理中", "in force, a supplement is on its way"
    ENDING = "ending", "终结中", "about to end"
    ENDED = "ended", "已终结", "ended"


class ContractEnding(Term):
    """How a contract ends."""

    ORDER_ENDED = "order_ended", "订单已结束", "its order has ended"
    EXPIRED = "expired", "到期", "expired"
    TERMINATED = "terminated", "终止", "terminated"
    LAPSED = "lapsed", "未签署而失效", "lapsed without signatures"


class ContractSide(Term):
    """Who signs."""

    COMPANY = "company", "我方", "our company"
    CUSTOMER = "customer", "客户", "the customer"


class ContractLine(Content):
    """Goods and price as both agreed them, tax included."""

    line: int = Field(ge=1, le=LAST_NUMBER)
    product: Reference
    specification: Paragraph = ""
    quantity: PositiveQuantity
    unit: Unit
    unit_price: NonNegativePrice
    tolerance_percent: Percent | None = None

    @property
    def amount(self) -> Decimal:
        """What the line comes to, tax included."""
        return line_amount(self.quantity, self.unit_price)


class ContractTerms(Content):
    """What the order says and the contract repeats: where the order says another thing it is covered no more."""

    lines: Annotated[tuple[ContractLine, ...], Field(min_length=1, max_length=MOST_LINES)]
    delivery_date: date
    """The day on which the goods are finished (R24). A next-day slip is no change of it: the contract says so itself (R34)."""
    payment_terms: PaymentTerms
    deposit_percent: Percent | None = None
    delivery_method: DeliveryMethod | None = None
    packing: Paragraph = ""
    special_requirements: Paragraph = ""

    @model_validator(mode="after")
    def _lines_are_distinct(self) -> ContractTerms:
        numbers = [line.line for line in self.lines]
        if len(set(numbers)) != len(numbers):
            raise InvalidValue("有两行行号相同", "two lines have the same number")
        return self

    @property
    def total(self) -> Decimal:
        """What all lines come to, tax included."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def digest(self) -> str:
        """The hash by which an order finds that the contract says the same as itself."""
        return digest_of_model(self)
