"""The other ways of ordering in one run: goods and shoppers made ready, lived beside plain orders, judged."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Engine

from models.values.errors import Refusal
from runtime.connection import connect
from tests.benchmark import shop
from tests.endure.estate import PATIENCE_SECONDS, Estate
from tests.endure.faults import Faults
from tests.endure.patient_desk import PatientDesk
from tests.endure.shoppers import Shoppers
from tests.endure.ways import Way, stock_for, ways_of
from tests.endure.ways_judged import broken_ways
from tests.endure.ways_lived import Lived, OtherWays, fill_shelves

if TYPE_CHECKING:
    from temporalio.client import Client

    from tests.endure.run import Asked

T = TypeVar("T")
_PACE = 0.25
"""Of the pace of plain orders: a way has many steps, and all are lived in one part of the run."""


class Ways:
    """What of it was lived, and the desk that lived it."""

    def __init__(self, asked: Asked, estate: Estate, engine: Engine, faults: Faults) -> None:
        self._asked, self._estate, self._engine, self._faults = asked, estate, engine, faults
        self._wanted = ways_of(asked.seed, asked.ways)
        self._desk: PatientDesk | None = None
        self._lived: list[Lived] = []
        self._buyers: dict[str, shop.Buyer] = {}
        if self._wanted:
            self._make_ready()

    def _make_ready(self) -> None:
        """Goods on the shelf and shoppers with a cart, as many as are wanted: one piece promised twice would be missing."""
        of_shop = [each for each in self._wanted if each.course.way is Way.SHOP]
        shop.SOLD, shop.NOW = "WD-1", datetime.now(UTC)
        buyers = shop.fill(self._engine, len(of_shop), len(of_shop)) if of_shop else []
        self._buyers = {each.name: buyer for each, buyer in zip(of_shop, buyers, strict=True)}
        from_stock = [each for each in self._wanted if each.course.way in (Way.FROM_STOCK, Way.CASE)]
        if from_stock:
            fill_shelves(self._engine, stock_for(from_stock))

    async def beside(self, work: Awaitable[T]) -> T:
        """Live them while that is done; once."""
        if self._lived or not self._wanted:
            return await work
        client = await self._connected()
        self._desk = PatientDesk(client, self._estate.settings(), self._engine, self._asked.pace * _PACE)
        estate = self._estate
        shoppers = Shoppers(self._desk, estate.url, estate.provider_url, self._faults, self._buyers)
        living = OtherWays(self._desk, shoppers)
        done, self._lived = await asyncio.gather(work, living.live(self._wanted))
        return done

    async def _connected(self) -> Client:
        """The server may have been killed at this very moment. Raises Refusal."""
        for _ in range(PATIENCE_SECONDS):
            try:
                return await connect(self._estate.settings())
            except Refusal:
                await asyncio.sleep(1)
        return await connect(self._estate.settings())

    def broken(self) -> list[str]:
        """Everything that is not as it must be."""
        return broken_ways(self._engine, self._desk, self._lived) if self._desk is not None else []

    @property
    def orders(self) -> list[str]:
        """The numbers of their orders."""
        return [each.order for each in self._lived]

    @property
    def answers(self) -> list[str]:
        """Every answer that the desk got."""
        desk = self._desk
        return (
            [answer for each in desk.answers.values() for answer in each.values()] if desk is not None else []
        )

    @property
    def counted(self) -> dict[str, int]:
        """How many of each way were lived to their ends."""
        return dict(Counter(each.wanted.course.way.value for each in self._lived))
