"""The credit book for players without a database: the same rule, over the orders that take part (R108, R109)."""

from __future__ import annotations

from typing import Any

from models.credit.assessment import Assessed, CreditStanding
from models.credit.credit_rule import CreditFigures, CreditQuestion, OverdueBill, verdict_on
from models.dossier.records.shared_books import SharedQuestion
from models.order.money.exposure import bound_credit, due_since
from models.order.order import Order
from models.request.order_start import CustomerFile
from models.values.calendar import business_date
from models.values.money import ZERO


class CreditInMemory:
    """What customers may owe, by the files that orders begin with, and what the orders that it knows bind of it."""

    def __init__(self) -> None:
        self._orders: list[Order] = []
        self._files: dict[str, CustomerFile] = {}
        self._assessed: dict[str, Assessed] = {}

    def join(self, order: Order) -> None:
        """The order takes part: what it binds counts for others of its customer; the first file says what is known."""
        if any(each is order for each in self._orders):
            return
        self._orders.append(order)
        file = order.customer
        if file.customer in self._files:
            return
        self._files[file.customer] = file
        if file.credit not in (None, CreditStanding.UNASSESSED):
            self._assessed[file.customer] = Assessed(
                limit=file.credit_limit,
                prepaid_only=file.credit is CreditStanding.PREPAID_ONLY,
                assessed_on=business_date(order.placed_at),
            )

    def __call__(self, number: str, question: SharedQuestion) -> dict[str, Any]:
        """The answer to an order; let through, its own figure counts from then on."""
        asked = CreditQuestion.model_validate(question.content)
        if asked.assessment is not None:
            self._assessed[asked.customer] = Assessed(
                **asked.assessment.model_dump(), assessed_on=asked.day, assessed_by=asked.by
            )
        theirs = [order for order in self._orders if order.customer.customer == asked.customer]
        known = CreditFigures(
            is_new=any(order.customer.credit is CreditStanding.UNASSESSED for order in theirs),
            assessed=self._assessed.get(asked.customer),
            others=sum((bound_credit(each) for each in theirs if each.number != number), ZERO),
            free_balance=sum((each.ledger.credited for each in theirs), ZERO),
            owed=tuple(
                OverdueBill(order=each.number, amount=bound_credit(each), due_on=due)
                for each in theirs
                if (due := due_since(each)) is not None
            ),
        )
        return verdict_on(asked, known).model_dump(mode="json", exclude_defaults=True)
