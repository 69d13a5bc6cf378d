"""Who buys in the shop and pays at the test provider, with whatever goes wrong there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import select

from activities.store.database import reading
from models.messages.decision_subjects import Subject
from models.shop.checkout_money import IntentState, RefundState
from models.tables.registry import table
from models.values.errors import Code
from rehearsal.payment_provider.app import PayFault
from tests.benchmark import shop
from tests.endure.estate import Stuck
from tests.endure.faults import Faults
from tests.endure.patient_desk import PatientDesk
from tests.endure.ways import Wanted


@dataclass
class Shoppers:
    """Everybody with a cart, by the name of the course that is theirs."""

    desk: PatientDesk
    shop_url: str
    provider_url: str
    faults: Faults
    buyers: dict[str, shop.Buyer]

    async def buy(self, wanted: Wanted) -> str:
        """From the checkout to the order's end; its number. Raises Stuck."""
        desk, course, order = self.desk, wanted.course, ""
        buyer = self.buyers[wanted.name]
        away = Code.DATABASE_UNAVAILABLE.value

        async def bought() -> bool:
            nonlocal order
            order = (await asyncio.to_thread(shop.buy, desk.engine, buyer))[0]
            return order != away

        await desk.becomes("somebody checks out", bought)
        if not order[:1].isdigit():
            raise Stuck(f"{wanted.name} could not check out: {order}")
        intent = await desk.in_database("the intent", lambda: self._intent_of(order))
        async with httpx.AsyncClient(timeout=20, trust_env=False) as http:
            await self._pay(http, intent, course.pays)
        if course.fault is not None:
            self.faults[course.fault] += 1
        refusal: Mapping[str, Any] = {"outcome": "refuse", "detail": {"words": "仓库盘点不符"}}
        await desk.live_on(
            order, otherwise={Subject.MERCHANT_ACCEPTANCE.value: refusal} if course.refused else None
        )
        goes_back = course.refused or course.pays is PayFault.PAID_TWICE
        await desk.becomes(
            f"money of {order} went back", lambda: self._went_back(intent, goes_back=goes_back)
        )
        return order

    def _intent_of(self, order: str) -> str:
        checkouts = table("checkouts")
        with reading(self.desk.engine) as connection:
            for row in connection.execute(select(checkouts.c.intent, checkouts.c.content)):
                if order in json.dumps(row.content):
                    return str(row.intent)
        raise Stuck(f"{order} has no checkout")

    async def _went_back(self, intent: str, *, goes_back: bool) -> bool:
        """Whether every refund is done, and there is one where there must be one."""
        refunds = table("intent_refunds")

        def states() -> list[str]:
            with reading(self.desk.engine) as connection:
                return list(connection.scalars(select(refunds.c.state).where(refunds.c.intent == intent)))

        found = await self.desk.in_database("refunds", states)
        return set(found) <= {RefundState.DONE.value} and bool(found) >= goes_back

    async def _pay(self, http: httpx.AsyncClient, intent: str, fault: PayFault) -> None:
        """Through our page to the provider's, and back: again and again until we know that it is paid."""
        paid = False

        async def is_paid() -> bool:
            nonlocal paid
            try:
                await http.get(f"{self.shop_url}/shop/pay/{intent}")
                if not paid:
                    said = {"outcome": "pay", "fault": fault.value, "seconds": "0.2"}
                    answer = await http.post(f"{self.provider_url}/pay/{intent}", data=said)
                    paid = answer.status_code == 303
                await http.get(f"{self.shop_url}/shop/pay/{intent}/back")
            except httpx.HTTPError:
                return False
            state = await self.desk.in_database("the intent", lambda: self._state(intent))
            return state == IntentState.PAID.value

        await self.desk.becomes(f"{intent} is paid", is_paid)

    def _state(self, intent: str) -> str:
        intents = table("intents")
        with reading(self.desk.engine) as connection:
            return str(connection.scalar(select(intents.c.state).where(intents.c.number == intent)))
