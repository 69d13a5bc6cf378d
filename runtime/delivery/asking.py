"""Asking an order how it would answer, before it is told: nothing is changed by it, and nobody hears of it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from models.messages.envelope import Envelope
from models.messages.reply import Reply
from runtime.delivery.looked_up import with_looked_up
from runtime.delivery.telling import SOON

if TYPE_CHECKING:
    from temporalio.client import Client

    from runtime.settings import Settings

WOULD_ANSWER = "would_answer"


async def would_answer(
    client: Client, settings: Settings, number: str, envelope: Envelope, now: datetime
) -> Reply | None:
    """What the order would say to this; None where no worker says so soon, or its program does not know the question."""
    from temporalio.client import WorkflowQueryFailedError
    from temporalio.service import RPCError

    from runtime.delivery.order_handles import order_handle
    from runtime.signed_facts import message_to

    envelope = await asyncio.to_thread(with_looked_up, settings, number, envelope)
    message = message_to(settings, number, envelope)
    try:
        reply: Reply = await order_handle(client, number).query(
            WOULD_ANSWER, args=[message, now.isoformat()], result_type=Reply, rpc_timeout=SOON
        )
    except (RPCError, WorkflowQueryFailedError):
        return None
    return reply
