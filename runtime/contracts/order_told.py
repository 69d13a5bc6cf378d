"""An order hears how its contract stands, however often it is tried, once (R107)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from temporalio import activity

from models.contracts.order_news import OrderNews
from models.dossier.errands import ErrandDone
from models.messages.envelope import engine_envelope, read_envelope
from models.messages.reply import Status
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.databases import engine_of
from runtime.settings import Settings
from workflows.engine.limits import ORDER_NEWS_ACTIVITY

if TYPE_CHECKING:
    from temporalio.client import Client

_NOT_TAKEN = Words(
    "订单 {order} 没有接受合同情况：{why}", "order {order} did not take how its contract stands: {why}"
)


class OrderTelling:
    """Tells orders of their contracts, for one installation."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    @activity.defn(name=ORDER_NEWS_ACTIVITY)
    async def tell_contracted_order(self, news: OrderNews) -> ErrandDone:
        """Tell the order; one that has ended hears nothing more, and the contract hears that.

        Raises Refusal where the world cannot, or the order does not take it: it is tried again.
        """
        from activities.contracts.contracted_orders import has_ended
        from runtime.delivery.telling import tell_order

        ended = await asyncio.to_thread(has_ended, engine_of(self._settings), news.order)
        if not ended and news.kind is not None:
            envelope = read_envelope(engine_envelope(news.kind, news.content, news.fact_id, news.at))
            told = await tell_order(self._client, self._settings, news.order, envelope)
            reply = told.reply
            if reply is not None and reply.status is Status.REFUSED:
                if reply.code != Code.ORDER_ENDED.value:
                    words = _NOT_TAKEN.filled(order=news.order, why=reply.en)
                    raise Refusal(Code.SERVER_REFUSES, words, where=news.order, rule="R107")
                ended = True
            ended = ended or told.late
        return ErrandDone(kind="order_told", content={"news": news.key, "order_ended": ended})
