"""The order that an accepted quote becomes, made by the product itself and only once (R104)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from temporalio import activity

from models.dossier.errands import ErrandDone
from models.messages.envelope import engine_envelope, read_envelope
from models.messages.reply import Status
from models.quotes.order_news import accepted_content
from models.quotes.quoted_order import SPACE, QuotedOrder
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Words
from runtime.databases import engine_of
from runtime.settings import Settings
from workflows.engine.limits import ORDER_ACTIVITY

if TYPE_CHECKING:
    from temporalio.client import Client


_NOT_TAKEN = Words("订单 {order} 没有接受报价：{zh}", "the order {order} did not take the quote: {en}")


class QuotedOrders:
    """Makes orders of quotes, for one installation."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    @activity.defn(name=ORDER_ACTIVITY)
    async def make_quoted_order(self, asked: QuotedOrder) -> ErrandDone:
        """Number and begin the order, or find the one that waits for it or was made before: however often asked, it is one.

        What the order would be refused for is an answer, somebody's step. Raises Refusal where the world cannot: it is
        tried again.
        """
        from activities.orders.requests import start_of
        from activities.quotes.quoted_lines import order_made_of
        from activities.quotes.waiting_orders import waiting_order
        from runtime.delivery.placing import Opened, begin_order, number_request

        engine = engine_of(self._settings)
        try:
            waiting = await asyncio.to_thread(waiting_order, engine, asked.quote)
            if waiting is not None and await self._is_told(waiting, asked):
                return ErrandDone(kind="order_made", content={"order": waiting})
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

    async def _is_told(self, order: str, asked: QuotedOrder) -> bool:
        """Tell the order that waits in intake that its quote is accepted; False where it has ended meanwhile.

        Raises Refusal where the order does not take it, or the world cannot.
        """
        from activities.quotes.waiting_orders import release
        from runtime.delivery.telling import tell_order

        content = accepted_content(asked.request)
        if content is None:
            return False
        fact_id, now = f"{asked.quote}/quote_accepted", activity.info().scheduled_time
        envelope = read_envelope(engine_envelope("quote_accepted", lasting(content), fact_id, now))
        told = await tell_order(self._client, self._settings, order, envelope)
        reply = told.reply
        refused = reply is not None and reply.status is Status.REFUSED
        if told.late or (refused and reply is not None and reply.code == Code.ORDER_ENDED.value):
            await asyncio.to_thread(release, engine_of(self._settings), asked.quote)
            return False
        if refused and reply is not None:
            words = _NOT_TAKEN.filled(order=order, zh=reply.zh, en=reply.en)
            raise Refusal(Code(reply.code), words, where=reply.where, rule="R104")
        return True
