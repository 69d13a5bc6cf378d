"""What people do with a pre-sale batch: offered, dated anew, enlarged, received, inspected, completed (R113, R114).

Pure: on shelves that somebody holds. Every act says what, where and what is allowed when it cannot be.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from models.stock.batches import PresaleBatch, left_over, set_apart
from models.stock.desk_acts import known
from models.stock.shelves import Movement, Shelves, StockItem
from models.stock.stock_words import BatchPayment, StockMove
from models.values.content import Content, Line, Paragraph, Reference, Text
from models.values.errors import Code, Refusal
from models.values.quantity import NOTHING, PositiveQuantity, Quantity
from models.values.vocabulary import Words
from models.writing.printed_figures import quantity as figures

RULE = "R114"
_PAST = Words("约定日在过去", "the agreed day is a day to come")


class NewBatch(Content):
    """Goods are offered before they are there: so many, for a day, for a deposit or the whole. In the item's unit."""

    batch: Reference
    product: Reference
    quantity: PositiveQuantity
    expected: date
    payment: BatchPayment = BatchPayment.DEPOSIT
    name: Line = ""
    specification: Paragraph = ""


class BatchDated(Content):
    """The batch comes on another day, told to everybody who ordered it."""

    batch: Reference
    expected: date
    reason: Text


class BatchEnlarged(Content):
    """More is offered than was, for those who wait beyond it and for others."""

    batch: Reference
    quantity: PositiveQuantity
    reason: Text = ""


class BatchReceived(Content):
    """So many came from purchasing or production, and wait for their inspection."""

    batch: Reference
    quantity: PositiveQuantity
    reference: Line = ""


class BatchJudged(Content):
    """Of what came: how many passed, and how many are scrapped or go back."""

    batch: Reference
    passed: Quantity = NOTHING
    scrapped: Quantity = NOTHING
    reason: Text = ""


class BatchCompleted(Content):
    """All that comes has come: what is missing falls on the youngest orders, what is left over goes to stock."""

    batch: Reference
    reason: Text = ""
    sure: bool = False
    """It is meant, also where orders fall short by it."""


def offered(said: NewBatch, item: StockItem, today: date) -> StockItem:
    """The shelf of a new batch of this item, empty yet. Raises Refusal(date_in_past)."""
    if said.expected < today:
        raise Refusal(Code.DATE_IN_PAST, _PAST, where="expected", rule=RULE)
    return StockItem(
        product=said.batch,
        name=said.name or item.name,
        specification=said.specification or item.specification,
        unit=item.unit,
        expected=said.expected,
        batch=PresaleBatch(
            product=item.product, agreed=said.expected, payment=said.payment, offered=said.quantity
        ),
    )


def offer(shelves: Shelves, batch: str, by: str, now: datetime) -> None:
    """R114: what was offered can be sold from now on."""
    item, about = batch_of(shelves, batch)
    _move(shelves, item, StockMove.OFFERED, about.offered, now, by)


def date_anew(shelves: Shelves, said: BatchDated, today: date) -> list[str]:
    """R114: another day; the orders whose goods are not there. Raises Refusal: unknown_product, date_in_past, too_late."""
    item, _ = _open(shelves, said.batch)
    if said.expected < today:
        raise Refusal(Code.DATE_IN_PAST, _PAST, where="expected", rule=RULE)
    item.expected = said.expected
    return sorted({row.order for row in shelves.of_product(item.product) if row.ready < row.quantity})


def enlarge(shelves: Shelves, said: BatchEnlarged, by: str, now: datetime) -> None:
    """R114: more is offered; who waits beyond the batch has it first. Also of a batch that was completed: it is open again."""
    item, about = batch_of(shelves, said.batch)
    about.offered += said.quantity
    about.completed_at = None
    _move(shelves, item, StockMove.OFFERED, said.quantity, now, by, reason=said.reason)


def receive(shelves: Shelves, said: BatchReceived) -> None:
    """R113, R114: so many came, and are inspected before anybody has them. Raises Refusal: unknown_product, too_late."""
    _, about = _open(shelves, said.batch)
    about.to_inspect += said.quantity


def inspect(shelves: Shelves, said: BatchJudged) -> None:
    """R113, R114: what passed is set apart by placing time. Raises Refusal: unknown_product, bad_quantity, missing_field."""
    item, about = batch_of(shelves, said.batch)
    judged = said.passed + said.scrapped
    if judged <= 0 or judged > about.to_inspect:
        words = Words(
            f"待检 {figures(about.to_inspect)}，判定了 {figures(judged)}",
            f"{figures(about.to_inspect)} is to be inspected, not {figures(judged)}",
        )
        raise Refusal(Code.BAD_QUANTITY, words, where="passed", rule=RULE)
    if said.scrapped > 0 and not said.reason.strip():
        raise Refusal(
            Code.MISSING_FIELD,
            Words("请写明不合格原因", "say why it did not pass"),
            where="reason",
            rule=RULE,
        )
    about.to_inspect -= judged
    about.passed += said.passed
    about.there += said.passed
    set_apart(shelves, item)


def complete(shelves: Shelves, said: BatchCompleted, by: str, now: datetime) -> None:
    """R114: nothing more comes: the youngest fall short of what is missing (R112), what is left over goes to stock.

    Raises Refusal: unknown_product, too_late, contradiction while goods are not inspected, questioned where orders fall
    short by it.
    """
    item, about = _open(shelves, said.batch)
    if about.to_inspect > 0:
        words = Words(
            f"还有 {figures(about.to_inspect)} 待检", f"{figures(about.to_inspect)} is still to be inspected"
        )
        raise Refusal(Code.CONTRADICTION, words, where="batch", rule=RULE)
    missing = about.offered - about.passed
    short = missing - item.available
    if short > 0 and not said.sure:
        words = Words(
            f"到货比已售的少 {figures(short)}，最晚下单的会缺货。确属如此请勾选确认",
            f"{figures(short)} fewer came than are sold; who ordered last falls short. Confirm it if it is so",
        )
        raise Refusal(Code.QUESTIONED, words, where="sure", rule=RULE)
    about.offered, about.completed_at = about.passed, now
    if missing > 0:
        _move(shelves, item, StockMove.CAME_SHORT, -missing, now, by, reason=said.reason)
    elif missing < 0:
        _move(shelves, item, StockMove.OFFERED, -missing, now, by, reason=said.reason)
    known(shelves, about.product)
    left_over(shelves, now, by)


def batch_of(shelves: Shelves, batch: str) -> tuple[StockItem, PresaleBatch]:
    """The batch and its shelf. Raises Refusal(unknown_product)."""
    item = shelves.items.get(batch)
    if item is None or item.batch is None:
        words = Words(f"没有预售批次 {batch}", f"there is no pre-sale batch {batch}")
        raise Refusal(Code.UNKNOWN_PRODUCT, words, where="batch", rule=RULE)
    return item, item.batch


def _open(shelves: Shelves, batch: str) -> tuple[StockItem, PresaleBatch]:
    item, about = batch_of(shelves, batch)
    if about.completed_at is not None:
        words = Words(
            "该批次已到齐结束；加量后才能再到货", "the batch is complete; enlarge it before more comes"
        )
        raise Refusal(Code.TOO_LATE, words, where="batch", rule=RULE)
    return item, about


def _move(
    shelves: Shelves, item: StockItem, kind: StockMove, quantity: Decimal, now: datetime, by: str, *, reason: str = ""
) -> None:  # fmt: skip
    shelves.move(Movement(product=item.product, kind=kind, quantity=quantity, at=now, by=by, reason=reason))
