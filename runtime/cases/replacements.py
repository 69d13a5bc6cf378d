"""The replacement order of an exchange, entered by the product itself and only once (R144)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from temporalio import activity

from models.cases.replacement import SPACE, ReplacementAsked, replacement_request
from models.dossier.errands import ErrandDone
from models.values.errors import OF_THE_WORLD, Code, Refusal
from runtime.databases import engine_of
from runtime.settings import Settings
from workflows.engine.limits import REPLACEMENT_ACTIVITY

if TYPE_CHECKING:
    from temporalio.client import Client


class Replacements:
    """Enters replacement orders, for one installation."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    @activity.defn(name=REPLACEMENT_ACTIVITY)
    async def order_replacement(self, asked: ReplacementAsked) -> ErrandDone:
        """Number and begin the replacement, or find the one that was entered before: however often it is asked, it is one.

        What it would be refused for is an answer, somebody's step. Raises Refusal where the world cannot: it is tried again.
        """
        from activities.cases.replaced_lines import replacement_made_for
        from activities.orders.requests import start_of
        from runtime.delivery.placing import Opened, begin_order, number_request

        engine = engine_of(self._settings)
        try:
            number = await asyncio.to_thread(replacement_made_for, engine, asked.case)
            if number is None:
                first = await asyncio.to_thread(start_of, engine, asked.order)
                opened = await number_request(
                    self._settings, replacement_request(asked, first.request), space=SPACE
                )
            else:
                opened = Opened(await asyncio.to_thread(start_of, engine, number), known=True)
            begun = await begin_order(self._client, self._settings, opened)
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD or refusal.code is Code.FAULT:
                raise
            words = refusal.words
            content = {"code": refusal.code.value, "zh": words.zh, "en": words.en}
            return ErrandDone(kind="order_not_made", content=content)
        return ErrandDone(kind="order_made", content={"order": begun.start.number})
