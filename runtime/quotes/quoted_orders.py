"""The order that an accepted quote becomes, made by the product itself and only once (R104)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from temporalio import activity

from models.dossier.errands import ErrandDone
from models.quotes.quoted_order import SPACE, QuotedOrder
from models.values.errors import OF_THE_WORLD, Code, Refusal
from runtime.databases import engine_of
from runtime.settings import Settings
from workflows.engine.limits import ORDER_ACTIVITY

if TYPE_CHECKING:
    from temporalio.client import Client


class QuotedOrders:
    """Makes orders of quotes, for one installation."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    @activity.defn(name=ORDER_ACTIVITY)
    async def make_quoted_order(self, asked: QuotedOrder) -> ErrandDone:
        """Number and begin the order, or find the one that was made before: however often it is asked, it is one.

        What the order would be refused for is an answer, somebody's step. Raises Refusal where the world cannot: it is
        tried again.
        """
        from activities.orders.requests import start_of
        from activities.quotes.quoted_lines import order_made_of
        from runtime.delivery.placing import Opened, begin_order, number_request

        engine = engine_of(self._settings)
        try:
            number = await asyncio.to_thread(order_made_of, engine, asked.quote)
            if number is None:
                opened = await number_request(self._settings, asked.request, space=SPACE)
            else:
                opened = Opened(await asyncio.to_thread(start_of, engine, number), known=True)
            begun = await begin_order(self._client, self._settings, opened)
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD or refusal.code is Code.FAULT:
                raise
            words = refusal.words
            return ErrandDone(
                kind="order_not_made",
                content={"code": refusal.code.value, "zh": words.zh, "en": words.en},
            )
        return ErrandDone(kind="order_made", content={"order": begun.start.number})
