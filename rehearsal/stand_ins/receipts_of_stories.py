"""The receipts of a story: the same pure rules as in the order database, over what the story says came in (R160, R161)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from models.messages.envelope import envelope_json
from models.money.house_receipt import HouseReceipt, ReceiptPart, ReceivingOrder
from models.money.receipt_terms import PartAsked
from models.values.errors import Code, Refusal
from models.values.receipts import folded, receipt_key
from models.values.vocabulary import PaymentMethod, Role, Words
from rehearsal.script import Receiving

Told = tuple[str, dict[str, Any]]
"""The order that is to hear, and what."""
FINANCE = "finance"
REASON = "故事 · the story"


class StoryReceipts:
    """Receipts of a story's customer, each under its reference; only the story's own order gets some."""

    def __init__(self) -> None:
        self.receipts: dict[str, HouseReceipt] = {}
        self.came = 0

    def happens(
        self, numbers: Sequence[str], customer: str, move: Receiving
    ) -> tuple[Code | None, list[Told]]:
        """Let finance do it: with which code it was refused, and what orders are to hear.

        `numbers` of the story's orders: one, or those that are alike.
        """
        try:
            return None, self._done(numbers, customer, move)
        except Refusal as refusal:
            return Code(refusal.code), []

    def has(self, claim: str) -> bool:
        """Whether finance recorded this money, and it has not bounced: then it counts for an order that finance gives it to."""
        return any(
            receipt_key(each.reference, each.method, each.by) == claim and each.bounced_at is None
            for each in self.receipts.values()
        )

    def _done(self, numbers: Sequence[str], customer: str, move: Receiving) -> list[Told]:
        said, at = move.receipt, move.at
        key = folded(said.reference)
        if said.comes is not None:
            self._comes(customer, move, said.comes)
            return []
        receipt, number = self.receipts[key], numbers[move.only - 1]
        orders = {each: ReceivingOrder(each, customer, lives=True) for each in numbers}
        if said.cleared:
            receipt.clear(at)
            return []
        if said.bounced:
            return [_fell(receipt, each, move) for each in receipt.fall(at, REASON)]
        parts = parts_of(numbers, move)
        if parts:
            return [_given(receipt, each) for each in receipt.allocate(parts, orders, by=FINANCE, at=at)]
        asked = PartAsked(order=number, amount=said.moved or receipt.rest)
        return [_given(receipt, receipt.move(asked, orders, by=FINANCE, at=at))]

    def _comes(self, customer: str, move: Receiving, amount: Decimal) -> None:
        said, at = move.receipt, move.at
        known = self.receipts.get(folded(said.reference))
        if known is not None and known.bounced_at is None:
            raise Refusal(
                Code.RECEIPT_KNOWN, Words(known.state.zh, known.state.en), where="reference", rule="R160"
            )
        self.came += 1
        self.receipts[folded(said.reference)] = HouseReceipt(
            number=f"M-{self.came}",
            customer=customer,
            amount=amount,
            method=said.method,
            reference=said.reference,
            paid_at=at,
            by=FINANCE,
            at=at,
            cleared_at=None if said.method is PaymentMethod.CHEQUE else at,
        )


def parts_of(numbers: Sequence[str], move: Receiving) -> list[PartAsked]:
    """What is allocated to which of the orders; nothing where the story says something else of the receipt."""
    said = move.receipt
    given = said.shared or ({move.only: said.allocated} if said.allocated is not None else {})
    return [PartAsked(order=numbers[place - 1], amount=amount) for place, amount in given.items()]


def _given(receipt: HouseReceipt, part: ReceiptPart) -> Told:
    content = receipt.given_content(part)
    return part.order, envelope_json(
        part.fact_id, "payment_received", content, by=part.by, role=Role.FINANCE, happened_at=part.at
    )


def _fell(receipt: HouseReceipt, part: ReceiptPart, move: Receiving) -> Told:
    content = receipt.fallen_content(part)
    fact_id = f"{part.fact_id}/fell"
    return part.order, envelope_json(
        fact_id, "payment_bounced", content, by=FINANCE, role=Role.FINANCE, happened_at=move.at
    )
