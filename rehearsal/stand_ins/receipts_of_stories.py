"""The receipts of a story: the same pure rules as in the order database, over what the story says came in (R160, R161)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from models.messages.envelope import envelope_json
from models.money.house_receipt import HouseReceipt, ReceiptPart, ReceivingOrder
from models.money.receipt_terms import PartAsked
from models.values.errors import Code, Refusal
from models.values.receipts import folded
from models.values.vocabulary import PaymentMethod, Role, Words
from rehearsal.script import Receiving

FINANCE = "finance"
REASON = "故事 · the story"


class StoryReceipts:
    """Receipts of a story's customer, each under its reference; only the story's own order gets some."""

    def __init__(self) -> None:
        self.receipts: dict[str, HouseReceipt] = {}
        self.came = 0

    def happens(
        self, number: str, customer: str, move: Receiving
    ) -> tuple[Code | None, list[dict[str, Any]]]:
        """Let finance do it: with which code it was refused, and what this order is to hear."""
        try:
            return None, self._done(number, customer, move)
        except Refusal as refusal:
            return Code(refusal.code), []

    def _done(self, number: str, customer: str, move: Receiving) -> list[dict[str, Any]]:
        said, at = move.receipt, move.at
        key = folded(said.reference)
        if said.comes is not None:
            self._comes(customer, move, said.comes)
            return []
        receipt = self.receipts[key]
        orders = {number: ReceivingOrder(number, customer, lives=True)}
        if said.cleared:
            receipt.clear(at)
            return []
        if said.bounced:
            return [_fell(receipt, each, move) for each in receipt.fall(at, REASON)]
        if said.allocated is not None:
            asked = PartAsked(order=number, amount=said.allocated)
            return [_given(receipt, each) for each in receipt.allocate([asked], orders, by=FINANCE, at=at)]
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


def _given(receipt: HouseReceipt, part: ReceiptPart) -> dict[str, Any]:
    content = receipt.given_content(part)
    return envelope_json(
        part.fact_id, "payment_received", content, by=part.by, role=Role.FINANCE, happened_at=part.at
    )


def _fell(receipt: HouseReceipt, part: ReceiptPart, move: Receiving) -> dict[str, Any]:
    content = receipt.fallen_content(part)
    fact_id = f"{part.fact_id}/fell"
    return envelope_json(
        fact_id, "payment_bounced", content, by=FINANCE, role=Role.FINANCE, happened_at=move.at
    )
