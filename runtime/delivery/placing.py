"""Placing an order: numbered and kept in the database, then started on the server; the same request is one order (R10)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.messages.envelope import read_content
from models.request.order_request import OrderRequest
from models.request.order_start import OrderStart
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words
from runtime.databases import engine_of
from runtime.refusals import named_answers
from runtime.settings import Settings
from runtime.signed_facts import policy_of_new_orders

if TYPE_CHECKING:
    from temporalio.client import Client


@dataclass(frozen=True, slots=True)
class Opened:
    """A numbered order; `known` when the same request had been placed before."""

    start: OrderStart
    known: bool


def read_request(values: object) -> OrderRequest:
    """The request as it was sent. Raises Refusal that names the field."""
    if not isinstance(values, dict):
        words = Words("一张订单是一个对象", "an order is one object")
        raise Refusal(Code.MALFORMED, words)
    return read_content(OrderRequest, values)


async def number_request(
    settings: Settings,
    request: OrderRequest,
    *,
    space: str = "",
    sees: Callable[[OrderStart], bool] = lambda start: True,
) -> Opened:
    """Give the request its number and keep it: `space` is whose id it has, `sees` whether the placer may know of an order.

    Raises Refusal as `activities.orders.requests.open_request`.
    """
    from activities.orders.requests import open_request

    engine, policy = engine_of(settings), policy_of_new_orders(settings)
    start, new = await asyncio.to_thread(
        open_request, engine, request, datetime.now(UTC), policy, space=space, sees=sees
    )
    return Opened(start, known=not new)


async def place_request(client: Client, settings: Settings, values: object) -> Opened:
    """Keep one request and start its order; the same request again starts nothing. Raises Refusal."""
    opened = await number_request(settings, read_request(values))
    await begin_order(client, settings, opened)
    return opened


async def begin_order(
    client: Client, settings: Settings, opened: Opened, delay: timedelta | None = None
) -> None:
    """Start a numbered order that has not begun; a crash between numbering and starting is made good here.

    Only a rehearsal starts an order with a delay, on the day of its story. One that the server does not take is set aside
    as a clerk's step, so that nobody tries it again before a person says so.

    Raises Refusal(server_unavailable, request_conflict, too_large, server_refuses).
    """
    from temporalio.exceptions import WorkflowAlreadyStartedError

    from activities.orders.requests import has_begun
    from activities.orders.unstarted import has_begun_after_all, set_aside
    from runtime.delivery.order_handles import start_order

    number, engine = opened.start.number, engine_of(settings)
    # The server forgets ended orders, the database does not.
    if opened.known and await asyncio.to_thread(has_begun, engine, number):
        return
    try:
        with named_answers():
            await start_order(client, opened.start, settings.task_queue, delay)
    except WorkflowAlreadyStartedError:
        if not opened.known:
            raise _foreign_order(number) from None
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        await asyncio.to_thread(set_aside, engine, number, refusal, datetime.now(UTC))
        raise Refusal(refusal.code, refusal.words, where="request_id", rule="R10") from refusal
    if opened.known:
        await asyncio.to_thread(has_begun_after_all, engine, number, datetime.now(UTC))


async def begin_numbered(client: Client, settings: Settings, number: str) -> bool:
    """Start an order that was numbered and never began; False where it did begin, or was given up.

    Raises Refusal(unknown_order), and as `begin_order`.
    """
    from activities.orders.requests import has_begun, start_of

    engine = engine_of(settings)
    start = await asyncio.to_thread(start_of, engine, number)
    if await asyncio.to_thread(has_begun, engine, number):
        return False
    await begin_order(client, settings, Opened(start, known=True))
    return True


def _foreign_order(number: str) -> Refusal:
    words = Words(
        f"服务器上已有订单 {number},但不属于此订单数据库。请检查 DINGDAN_DATABASE_URL 与 TEMPORAL_ADDRESS 是否配对",
        f"the server already has an order {number} that this order database does not know: "
        "check that DINGDAN_DATABASE_URL and TEMPORAL_ADDRESS belong together",
    )
    return Refusal(Code.REQUEST_CONFLICT, words, where="request_id")
