"""The test provider tells what happened: signed, again and again until it is taken, and with each fault that was asked for."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import httpx
from standardwebhooks import Webhook

from rehearsal.payment_provider.till import Back, Paid, There

WAITS = (0.2, 1.0, 5.0, 30.0, 120.0)
"""Seconds before each further try."""
_log = logging.getLogger("dingdan.payment-provider")


@dataclass(frozen=True, slots=True)
class Told:
    """One event."""

    event: str
    says: str
    intent: str
    payment: str = ""
    refund: str = ""
    amount: str = "0.00"
    currency: str = "CNY"
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    def body(self) -> bytes:
        """As it is sent: told again it is the same."""
        return json.dumps(asdict(self)).encode()


def of_payment(there: There, paid: Paid) -> Told:
    """What is told of a payment."""
    return Told(
        f"ev-{uuid.uuid4().hex}",
        "paid",
        there.intent,
        paid.payment,
        amount=paid.amount,
        currency=paid.currency,
    )


def of_refund(back: Back) -> Told:
    """What is told of a refund."""
    says = "refunded" if back.state == "done" else "refund_failed"
    return Told(f"ev-{uuid.uuid4().hex}", says, back.intent, back.payment, back.refund, back.amount)


def of_intent(there: There, says: str) -> Told:
    """What is told of an intent itself."""
    return Told(f"ev-{uuid.uuid4().hex}", says, there.intent)


class Teller:
    """Tells events in the background; `end` waits for none."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, url: str, told: Told, *, late: float = 0, wrongly_signed: bool = False) -> None:
        """Tell it, after so many seconds; wrongly signed it is told once."""
        task = asyncio.create_task(self._keep_telling(url, told, late, wrongly_signed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep_telling(self, url: str, told: Told, late: float, wrongly_signed: bool) -> None:
        body = told.body()
        await asyncio.sleep(late)
        for wait in (*WAITS, None):
            if await self._told(url, told.event, body, wrongly_signed) or wrongly_signed or wait is None:
                return
            await asyncio.sleep(wait)

    async def _told(self, url: str, event: str, body: bytes, wrongly_signed: bool) -> bool:
        now = datetime.now(UTC)
        signature = Webhook(self._key).sign(event, now, body.decode())
        headers = {
            "content-type": "application/json",
            "webhook-id": event,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature[:-8] + "AAAAAAA=" if wrongly_signed else signature,
        }
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
                answer = await client.post(url, content=body, headers=headers)
        except httpx.HTTPError as error:
            _log.info("%s was not told: %s", event, error)
            return False
        return answer.status_code < 300

    async def end(self) -> None:
        """Stop telling."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
