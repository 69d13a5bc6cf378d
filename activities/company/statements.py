"""A customer's statement of account from what was recorded, and how the account stands today (R53, R80)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Engine, select

from activities.company.recorded_orders import recorded_orders
from activities.money.receipt_lists import paid_back
from activities.money.receipt_store import receipts_where
from activities.store.database import reading
from models.money.house_receipt import HouseReceipt
from models.reports.order_movements import movements_of
from models.reports.receipt_movements import movements_of_receipts
from models.reports.statement import OrderAccount, Statement, accounts_of, set_aside_in, statement_of
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.vocabulary import Words

_NO_CUSTOMER = Words("没有客户 {customer}", "there is no customer {customer}")


@dataclass(frozen=True, slots=True)
class Account:
    """A statement, and what stands beside it today: each order that is not even, and the customer's credit."""

    statement: Statement
    orders: Sequence[OrderAccount]
    set_aside: Decimal
    """Money that was kept as the customer's credit and belongs to no order (R53, R160)."""
    receipts: Sequence[HouseReceipt] = ()
    """What came in for the customer and is not wholly at orders: the balance is made of it."""

    @property
    def today(self) -> Decimal:
        """Where the account stands by all that is recorded: the orders', less the credit."""
        return sum((each.account for each in self.orders), ZERO) - self.set_aside

    @property
    def open_balance(self) -> Decimal:
        """What the orders say is open: with what is still to be delivered."""
        return sum((each.open_balance for each in self.orders), ZERO)


def account_of(engine: Engine, customer: str, first: date, last: date) -> Account:
    """The account of a customer. Raises Refusal(unknown_customer), and `contradiction` for days in the wrong order."""
    customers = table("customers")
    with reading(engine) as connection:
        name = connection.scalar(select(customers.c.name).where(customers.c.customer == customer))
        if name is None:
            words = _NO_CUSTOMER.filled(customer=customer[:100])
            raise Refusal(Code.UNKNOWN_CUSTOMER, words, where="customer")
        orders = recorded_orders(connection, customer)
        receipts = receipts_where(connection, table("house_receipts").c.customer == customer)
        back = paid_back(connection, [each.number for each in receipts])
    movements = [each for order in orders for each in movements_of(order)]
    movements += movements_of_receipts(receipts, back)
    found = statement_of(customer, name, movements, first, last)
    return Account(
        found, accounts_of(orders), set_aside_in(movements), [each for each in receipts if each.rest > ZERO]
    )


def usual_period(today: date) -> tuple[date, date]:
    """The month before this one: what is usually settled with a customer."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last
