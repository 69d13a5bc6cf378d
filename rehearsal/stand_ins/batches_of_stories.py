"""The pre-sale batches of a story: what is open when it begins, and what becomes of them while it is played (R114)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from models.messages.envelope import envelope_json
from models.stock import batch_acts
from models.stock.shelves import Shelves, StockItem
from models.stock.stock_in_memory import StockInMemory
from models.values.calendar import business_date
from models.values.quantity import NOTHING
from models.values.vocabulary import Role
from rehearsal.script import Script, Stocking
from rehearsal.story import StoryBatch

BUYER = "buyer"
SAID = "故事"

BatchSaid = (
    batch_acts.BatchReceived
    | batch_acts.BatchJudged
    | batch_acts.BatchDated
    | batch_acts.BatchEnlarged
    | batch_acts.BatchCompleted
)


def offered_in(script: Script, each: StoryBatch, number: str) -> batch_acts.NewBatch:
    """What is offered for a story, under this number."""
    return batch_acts.NewBatch(
        batch=number,
        product=each.product,
        quantity=each.quantity,
        expected=business_date(script.start) + timedelta(days=each.comes_after),
        payment=each.payment,
    )


def open_batches(stock: StockInMemory, script: Script) -> None:
    """The batches of a story are offered; their products are stock items."""
    for each in script.story.batches:
        item = stock.items.setdefault(each.product, StockItem(product=each.product, unit=each.unit))
        said = offered_in(script, each, f"{each.product}-PS")
        stock.items[said.batch] = batch_acts.offered(said, item, business_date(script.start))
        stock.change(_offering(said.batch, script.start))


def _offering(batch: str, at: datetime) -> Callable[[Shelves], None]:
    return lambda shelves: batch_acts.offer(shelves, batch, BUYER, at)


def is_of_batch(move: Stocking) -> bool:
    """Whether it is about a pre-sale batch."""
    said = move.stock
    return any(each is not None for each in (said.passes, said.batch_day, said.offers_more, said.complete))


def acts_of(move: Stocking, batch: str) -> list[BatchSaid]:
    """What is done with this batch, in turn."""
    said = move.stock
    if said.passes is not None:
        scrapped = said.scrapped or NOTHING
        return [
            batch_acts.BatchReceived(batch=batch, quantity=said.passes + scrapped),
            batch_acts.BatchJudged(batch=batch, passed=said.passes, scrapped=scrapped, reason=SAID),
        ]
    if said.batch_day is not None:
        day = date.fromisoformat(str(said.batch_day))
        return [batch_acts.BatchDated(batch=batch, expected=day, reason=SAID)]
    if said.offers_more is not None:
        return [batch_acts.BatchEnlarged(batch=batch, quantity=said.offers_more, reason=SAID)]
    return [batch_acts.BatchCompleted(batch=batch, reason=SAID, sure=True)]


def happens(stock: StockInMemory, move: Stocking, number: str) -> list[dict[str, Any]]:
    """Let it happen on the shelves; what this order hears of a day."""
    of_product = [
        name for name, item in stock.items.items() if item.batch and item.batch.product == move.stock.product
    ]
    told: list[str] = []
    for said in acts_of(move, of_product[-1]):
        stock.change(_act(said, move, told))
    if number not in told:
        return []
    content = {
        "product": move.stock.product,
        "quantity": str(Decimal(1)),
        "expected": str(move.stock.batch_day),
        "reference": of_product[-1],
        "words": SAID,
    }
    return [
        envelope_json(
            f"purchase/{move.at.isoformat()}",
            "purchase_ordered",
            content,
            by=BUYER,
            role=Role.PURCHASING,
            happened_at=move.at,
        )
    ]


def _act(said: BatchSaid, move: Stocking, told: list[str]) -> Callable[[Shelves], None]:
    def act(shelves: Shelves) -> None:
        match said:
            case batch_acts.BatchReceived():
                batch_acts.receive(shelves, said)
            case batch_acts.BatchJudged():
                batch_acts.inspect(shelves, said)
            case batch_acts.BatchDated():
                told.extend(batch_acts.date_anew(shelves, said, business_date(move.at)))
            case batch_acts.BatchEnlarged():
                batch_acts.enlarge(shelves, said, BUYER, move.at)
            case _:
                batch_acts.complete(shelves, said, BUYER, move.at)

    return act
