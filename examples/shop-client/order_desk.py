"""How a shop uses Dingdan as its order desk: places orders under its own ids, and reads what it has missed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

_AGAIN = {429, 503}


class NotPlaced(Exception):
    """The order desk refused: the words say why, for the people of the shop."""


class OrderDesk:
    """The order desk over HTTP. `client` has its address, and the shop's key as `Authorization: Bearer …`."""

    def __init__(self, client: httpx.AsyncClient, customer: str, tries: int = 3) -> None:
        self._client, self._customer, self._tries = client, customer, tries

    async def place(self, own_id: str, lines: Sequence[dict[str, Any]], to: dict[str, str]) -> str:
        """Place an order; its number at the desk. The same id is one order, however often it is sent: so a call that was
        broken off is simply made again.

        Raises NotPlaced where it was refused, and httpx.HTTPError where nobody could be reached.
        """
        order = {
            "request_id": own_id,
            "channel": "website",
            "customer": self._customer,
            "lines": list(lines),
            "payment_terms": "deposit",
            "delivery_method": "freight",
            "freight_terms": "seller_pays",
            **to,
        }
        answer = await self._sent(order, self._tries)
        if answer.status_code not in (200, 201, 202):
            raise NotPlaced(f"{answer.status_code} {answer.text[:300]}")
        return str(answer.json()["order"])

    async def _sent(self, order: dict[str, Any], tries: int) -> httpx.Response:
        """The first answer that is one, or the last of so many tries."""
        try:
            answer = await self._client.post("/v1/orders", json=order)
        except httpx.TransportError:
            if tries <= 1:
                raise
            return await self._sent(order, tries - 1)
        return (
            answer if answer.status_code not in _AGAIN or tries <= 1 else await self._sent(order, tries - 1)
        )

    async def events_after(self, cursor: int) -> list[dict[str, Any]]:
        """All that happened after a cursor: for a shop that was away for longer than events are sent again."""
        found: list[dict[str, Any]] = []
        while True:
            answer = await self._client.get("/v1/events", params={"after": cursor, "limit": 500})
            answer.raise_for_status()
            page = answer.json()
            if not page["events"]:
                return found
            found += page["events"]
            cursor = page["next"]

    async def listen(self, address: str) -> tuple[str, str]:
        """Register where the shop hears of its orders; the endpoint and its secret, which is told only now."""
        answer = await self._client.post("/v1/endpoints", json={"url": address})
        answer.raise_for_status()
        made = answer.json()
        return str(made["endpoint"]), str(made["secret"])
