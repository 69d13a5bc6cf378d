"""The complaints that low ratings open, by themselves and once each (R141)."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from models.cases.rating import Rating, complaint_of
from models.messages.authors import customer_author
from models.values.errors import OF_THE_WORLD, Refusal
from runtime.cases.opening import AFTER_SALES
from runtime.databases import engine_of
from runtime.settings import Settings

if TYPE_CHECKING:
    from activities.cases.ratings import RatingView

_log = logging.getLogger("dingdan.cases")


async def open_complaints(settings: Settings) -> list[str]:
    """Open the complaint of every low rating that has none; their numbers. They begin with whatever waits to.

    One that cannot be opened is told in the log and holds up no other. Raises Refusal where the world cannot.
    """
    from activities.cases.ratings import complaints_due

    opened = []
    for rating in await asyncio.to_thread(complaints_due, engine_of(settings)):
        number = await _open(settings, rating)
        if number is not None:
            opened.append(number)
    return opened


async def _open(settings: Settings, rated: RatingView) -> str | None:
    from activities.cases.ratings import complaint_opened

    number: str | None = None
    if rated.goods is not None and rated.merchant is not None:
        rating = Rating(goods=rated.goods, merchant=rated.merchant, words=rated.words)
        request = complaint_of(rated.order_number, rated.customer, rating, customer_author(rated.customer))
        try:
            number = (await AFTER_SALES.number(settings, request)).start.number
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD:
                raise
            _log.warning("the rating of %s opened no complaint: %s", rated.order_number, refusal.words.en)
    await asyncio.to_thread(complaint_opened, engine_of(settings), rated.order_number, number)
    return number
