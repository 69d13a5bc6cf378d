"""The stock book: items and what orders reserved of them, and every way in which both change (R110 to R112).

Pure: who holds the rows locks them, gives them in, and writes back what changed. On hand is the sum of all movements;
available is on hand less reserved less quarantined, and never below zero. All quantities here are in the item's unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal

from pydantic import BaseModel

from models.stock.batches import PresaleBatch, set_apart
from models.stock.stock_words import ReservationState, StockMove
from models.values.quantity import NOTHING, THOUSANDTH, Measured, converted
from models.values.vocabulary import Unit

STOCK_ALLOTTED, STOCK_FELL_SHORT, STOCK_READY = "stock_allotted", "stock_fell_short", "stock_ready"
"""The facts by which an order hears what happened to its reservation without its asking (R110, R112, R114)."""


class StockItem(BaseModel):
    """One kind of goods that is kept in stock, by its product number."""

    product: str
    name: str = ""
    specification: str = ""
    unit: Unit
    on_hand: Measured = NOTHING
    reserved: Measured = NOTHING
    quarantined: Measured = NOTHING
    """Came back and is not inspected: on hand, and nobody's."""
    expected: date | None = None
    """When purchasing expects more of it (R113)."""
    batch: PresaleBatch | None = None
    """What it is, where it is a pre-sale batch (R114)."""

    @property
    def available(self) -> Decimal:
        """What can still be promised."""
        return self.on_hand - self.reserved - self.quarantined


class Reservation(BaseModel):
    """What an order has of an item for one of its lines."""

    order: str
    line: int
    product: str
    unit: Unit
    """The line's own unit."""
    wanted: Measured
    """What the line asks for in all, in the line's own unit, also what left already."""
    quantity: Measured = NOTHING
    left: Measured = NOTHING
    """What of it has left the house."""
    waiting: Measured = NOTHING
    """What comes to it as soon as it is there."""
    ready: Measured = NOTHING
    """Of a pre-sale batch: what of `quantity` is there and set apart for it (R114)."""
    state: ReservationState
    held_until: datetime | None = None
    placed_at: datetime
    turn: int = 0
    """How often the order was told of it."""
    first_at: datetime | None = None
    """When it was put before others by a decision (R112)."""

    @property
    def age(self) -> tuple[bool, datetime, str, int]:
        """Who was placed first comes first; before all of them who was put first, in the order of those decisions."""
        return (self.first_at is None, self.first_at or self.placed_at, self.order, self.line)


class Movement(BaseModel):
    """Goods came, went, or turned out to be more or fewer. Times UTC."""

    product: str
    kind: StockMove
    quantity: Measured
    """By how much what is on hand became more (or less, below zero)."""
    quarantined: Measured = NOTHING
    """By how much what waits for inspection became more or less."""
    at: datetime
    by: str = ""
    order: str = ""
    lot: str = ""
    reference: str = ""
    reason: str = ""


class StockTold(BaseModel):
    """What an order is to hear of its reservation: `stock_allotted`, `stock_fell_short` or `stock_ready`."""

    order: str
    fact: str
    fact_id: str
    turn: int
    line: int
    quantity: Measured
    """By how much it is more or fewer, in the line's own unit."""
    reserved: Measured
    """What the order has of it in all now, also what left already, in the line's own unit."""
    ready: Measured | None = None
    """Of a pre-sale: what of it is there, also what left already, in the line's own unit."""


class NoSuchItem(KeyError):
    """The product is not kept in stock."""


@dataclass(slots=True)
class Shelves:
    """Some items with all that is reserved of them. Every change goes through here; `movements` and `told` grow."""

    items: dict[str, StockItem]
    reservations: dict[tuple[str, int], Reservation] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)
    told: list[StockTold] = field(default_factory=list)

    # --- looking -------------------------------------------------------------------------------------------------

    def item(self, product: str) -> StockItem:
        """The item. Raises NoSuchItem."""
        if product not in self.items:
            raise NoSuchItem(product)
        return self.items[product]

    def in_item_unit(self, product: str, quantity: Decimal, unit: Unit) -> Decimal | None:
        """The quantity in the item's unit; None where the product is no stock item, or has a unit that cannot be that one."""
        item = self.items.get(product)
        return None if item is None else converted(quantity, unit, item.unit)

    def in_line_unit(self, product: str, quantity: Decimal, unit: Unit) -> Decimal:
        """A quantity of the item in a line's unit, never more than it is."""
        item = self.item(product)
        found = converted(quantity, item.unit, unit) or NOTHING
        back = converted(found, unit, item.unit)
        if back is not None and back > quantity:
            found -= THOUSANDTH
        return max(found.quantize(THOUSANDTH, rounding=ROUND_DOWN), NOTHING)

    def given(self, reservation: Reservation) -> Decimal:
        """What the order was given in all, also what left already, in the line's own unit."""
        in_all = reservation.quantity + reservation.left
        if in_all == self.in_item_unit(reservation.product, reservation.wanted, reservation.unit):
            return reservation.wanted
        return self.in_line_unit(reservation.product, in_all, reservation.unit)

    def ready(self, reservation: Reservation) -> Decimal | None:
        """R114: what is there of a pre-sale, also what left already, in the line's own unit; None of other goods."""
        if self.item(reservation.product).batch is None:
            return None
        if reservation.ready == reservation.quantity:
            return self.given(reservation)
        return self.in_line_unit(reservation.product, reservation.ready + reservation.left, reservation.unit)

    def of_order(self, order: str) -> list[Reservation]:
        """What this order has that counts, by line."""
        found = [each for each in self.reservations.values() if each.order == order and each.state.counts]
        return sorted(found, key=lambda each: each.line)

    def of_product(self, product: str) -> Iterator[Reservation]:
        """Every reservation of this item that counts, who was placed first before others."""
        found = [each for each in self.reservations.values() if each.product == product and each.state.counts]
        yield from sorted(found, key=lambda each: each.age)

    # --- reservations --------------------------------------------------------------------------------------------

    def take(self, reservation: Reservation, quantity: Decimal) -> None:
        """So much more of the item (or less, below zero) is this reservation's."""
        item = self.item(reservation.product)
        if quantity > item.available or reservation.quantity + quantity < 0:
            raise ValueError(f"{quantity} of {item.product} cannot be reserved, {item.available} is there")
        item.reserved += quantity
        reservation.quantity += quantity
        reservation.ready = min(reservation.ready, reservation.quantity)

    def close(self, reservation: Reservation, state: ReservationState) -> None:
        """It counts no more; what it had is available again."""
        self.item(reservation.product).reserved -= reservation.quantity
        reservation.quantity = reservation.waiting = reservation.ready = NOTHING
        reservation.state, reservation.held_until, reservation.first_at = state, None, None

    def expire(self, now: datetime) -> None:
        """R111: whatever is held and whose time is over is held no more; in one step, "where held"."""
        for each in list(self.reservations.values()):
            held = each.state is ReservationState.HELD
            if held and each.held_until is not None and each.held_until <= now:
                self.close(each, ReservationState.EXPIRED)

    def allot(self, products: Iterable[str]) -> None:
        """R112: what is available goes to those who wait for it, who was placed first before others."""
        for product in sorted(set(products) & self.items.keys()):
            for each in self.of_product(product):
                given = min(each.waiting, self.items[product].available)
                if given > 0:
                    self.take(each, given)
                    each.waiting -= given
                    self._tell(each, STOCK_ALLOTTED, given)

    # --- goods ---------------------------------------------------------------------------------------------------

    def move(self, movement: Movement) -> None:
        """Goods come, go, or are counted; what is then missing falls on the youngest reservations (R110).

        What comes goes to those who wait. Raises NoSuchItem, and ValueError where there are not that many: on hand and
        in quarantine there is never less than nothing.
        """
        item = self.item(movement.product)
        on_hand = item.on_hand + movement.quantity
        quarantined = item.quarantined + movement.quarantined
        if quarantined < 0 or on_hand < quarantined:
            raise ValueError(f"{item.product}: {on_hand} on hand, {quarantined} in quarantine")
        item.on_hand, item.quarantined = on_hand, quarantined
        if item.batch is not None:
            _count_in_the_house(item.batch, movement)
        self.movements.append(movement)
        self._fall_short(item)
        self.allot([item.product])
        set_apart(self, item)

    def leaves(self, reservation: Reservation, movement: Movement) -> None:
        """Goods of this reservation leave, or are missing: reserved and on hand become less together."""
        own = min(reservation.quantity, -movement.quantity)
        reservation.ready = max(reservation.ready - own, NOTHING)
        self.take(reservation, -own)
        if movement.kind is StockMove.SHIPPED:
            reservation.left += own
        self.move(movement)

    def goes_over(self, product: str, quantity: Decimal, now: datetime, by: str, batch: str) -> None:
        """R114: what is left over from a pre-sale batch leaves its shelf (below zero), or comes to its product's."""
        kind = StockMove.LEFT_OVER
        self.move(Movement(product=product, kind=kind, quantity=quantity, at=now, by=by, reference=batch))

    def _fall_short(self, item: StockItem) -> None:
        youngest_first = list(self.of_product(item.product))[::-1]
        for each in youngest_first:
            lacking = min(-item.available, each.quantity)
            if lacking > 0:
                item.reserved -= lacking
                each.quantity -= lacking
                each.ready = min(each.ready, each.quantity)
                self._tell(each, STOCK_FELL_SHORT, lacking)

    def tell_ready(self, reservation: Reservation, quantity: Decimal) -> None:
        """R114: so much more of it is there."""
        self._tell(reservation, STOCK_READY, quantity)

    def _tell(self, reservation: Reservation, fact: str, quantity: Decimal) -> None:
        reservation.turn += 1
        self.told.append(
            StockTold(
                order=reservation.order,
                fact=fact,
                fact_id=f"stock/{reservation.order}/{reservation.line}/{reservation.turn}",
                turn=reservation.turn,
                line=reservation.line,
                quantity=self.in_line_unit(reservation.product, quantity, reservation.unit),
                reserved=self.given(reservation),
                ready=self.ready(reservation),
            )
        )


def _count_in_the_house(batch: PresaleBatch, movement: Movement) -> None:
    """R114: goods of a batch that are missing or leave are there no more; what came back and passed is there again."""
    if movement.kind in (StockMove.SHIPPED, StockMove.MISSING, StockMove.LEFT_OVER):
        batch.there = max(batch.there + movement.quantity, NOTHING)
    elif movement.kind is StockMove.PASSED:
        batch.there -= movement.quarantined
