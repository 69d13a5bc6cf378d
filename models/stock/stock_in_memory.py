"""A stock book in memory, for players and tests without a database: the same rules, held by one program."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.stock.answers import answer
from models.stock.shelves import Movement, Reservation, Shelves, StockItem, StockTold
from models.stock.stock_questions import StockQuestion
from models.values.fingerprint import lasting


@dataclass(slots=True)
class StockInMemory:
    """Items and reservations; what orders are to be told of without asking goes to `tell`, or waits in `untold`."""

    items: dict[str, StockItem] = field(default_factory=dict)
    reservations: dict[tuple[str, int], Reservation] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)
    untold: list[StockTold] = field(default_factory=list)

    @staticmethod
    def of(items: Iterable[StockItem]) -> StockInMemory:
        """A book with these items."""
        return StockInMemory({item.product: item for item in items})

    def answer(self, order: str, content: dict[str, Any], asked_at: datetime) -> dict[str, Any]:
        """What an order is answered."""
        question = StockQuestion.model_validate(content)
        reply = self.change(lambda shelves: answer(shelves, order, question, asked_at))
        return lasting(reply)

    def change(self, act: Callable[[Shelves], Any]) -> Any:
        """Let something happen on the shelves; whatever it gives back. Nothing changes where it raises."""
        shelves = Shelves(
            {name: item.model_copy() for name, item in self.items.items()},
            {key: row.model_copy() for key, row in self.reservations.items()},
        )
        result = act(shelves)
        self.items, self.reservations = shelves.items, shelves.reservations
        self.movements += shelves.movements
        self.untold += shelves.told
        return result
