"""The stock of a story: what is there when it begins, and what happens in the warehouse while it is played."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from models.messages.envelope import envelope_json
from models.stock import desk_acts
from models.stock.shelves import Shelves, StockItem
from models.stock.stock_in_memory import StockInMemory
from models.values.calendar import business_date
from models.values.fingerprint import lasting
from models.values.vocabulary import Role
from rehearsal.script import Script, Stocking
from rehearsal.stand_ins.batches_of_stories import happens, is_of_batch, open_batches
from rehearsal.stand_ins.books_in_memory import told_of_stock

BUYER = "buyer"
_SAID = "故事"


def stock_of(script: Script) -> StockInMemory:
    """What is there when the story begins."""
    stock = StockInMemory.of(
        StockItem(product=each.product, unit=each.unit, on_hand=each.on_hand) for each in script.story.stock
    )
    open_batches(stock, script)
    return stock


def act_of(
    move: Stocking,
) -> tuple[str, desk_acts.GoodsCome | desk_acts.GoodsCounted | desk_acts.GoodsExpected]:
    """What is done: `receive`, `count` or `expect`, and what is said with it."""
    said = move.stock
    if said.comes is not None:
        return "receive", desk_acts.GoodsCome(product=said.product, quantity=said.comes)
    if said.counted is not None:
        return "count", desk_acts.GoodsCounted(
            product=said.product, counted=said.counted, reason=_SAID, sure=True
        )
    return "expect", desk_acts.GoodsExpected(
        product=said.product,
        quantity=Decimal(1),
        expected=date.fromisoformat(str(said.expected)),
        reference=_SAID,
    )


def stocked(stock: StockInMemory, move: Stocking, number: str) -> list[dict[str, Any]]:
    """Let it happen; what this order hears of it."""
    if is_of_batch(move):
        told = happens(stock, move, number)
        return told + [envelope for order, envelope in told_of_stock(stock, move.at) if order == number]
    _, said = act_of(move)
    told = []

    def receives(shelves: Shelves) -> None:
        if isinstance(said, desk_acts.GoodsCome):
            desk_acts.receive(shelves, said, BUYER, move.at)
        elif isinstance(said, desk_acts.GoodsCounted):
            desk_acts.count(shelves, said, BUYER, move.at)
        elif number in desk_acts.expect(shelves, said, business_date(move.at)):
            told.append(
                envelope_json(
                    f"purchase/{move.at.isoformat()}",
                    "purchase_ordered",
                    lasting(said),
                    by=BUYER,
                    role=Role.PURCHASING,
                    happened_at=move.at,
                )
            )

    stock.change(receives)
    return told + [envelope for order, envelope in told_of_stock(stock, move.at) if order == number]
