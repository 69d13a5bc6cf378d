"""Placing an order: numbered and kept in the database, then started on the server; the same request is one order (R10)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.messages.envelope import read_entered
from models.request.order_request import OrderRequest
from models.request.order_start import OrderStart
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words
from models.writing.written_numbers import Manner
from runtime.databases import engine_of
from runtime.refusals import named_answers
from runtime.settings import Settings
from runtime.signed_facts import policy_of_new_orders

if TYPE_CHECKING:
    from temporalio.client import Client

    from activities.orders.taken_numbers import KeptRequest
    from runtime.delivery.server_orders import OnServer

_log = logging.getLogger("dingdan.placing")
_MOST_TAKEN = 100
"""So many numbers in a row may be taken; more are another installation's, on the same server."""
_RENUMBERED = Words(
    "订单号 {number} 早已属于另一张订单；这张订单现在是 {now}",
    "the number {number} is another order's; this order is {now} now",
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A numbered order; `known` when the same request had been placed before."""

    start: OrderStart
    known: bool


def read_request(values: object, manner: Manner) -> OrderRequest:
    """The request as it came in. Raises Refusal that names the field."""
    if not isinstance(values, dict):
        words = Words("一张订单是一个对象", "an order is one object")
        raise Refusal(Code.MALFORMED, words)
    return read_entered(OrderRequest, values, manner)


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
    opened = await number_request(settings, read_request(values, Manner.TYPED))
    return await begin_order(client, settings, opened)


async def begin_order(
    client: Client, settings: Settings, opened: Opened, delay: timedelta | None = None
) -> Opened:
    """Start a numbered order that has not begun; a crash between numbering and starting is made good here.

    Another hand of the product may have begun it: then it has begun. What the server has under its number is looked at
    before that is said: a number that is another order's, because a restored database forgot it, is skipped, and the order
    comes back with the number that it has now.

    Only a rehearsal starts an order with a delay, on the day of its story. One that the server does not take is set aside
    as a clerk's step, so that nobody tries it again before a person says so.

    Raises Refusal(server_unavailable, request_conflict, too_large, server_refuses).
    """
    from activities.orders.requests import has_begun
    from activities.orders.taken_numbers import kept_request
    from activities.orders.unstarted import has_begun_after_all, set_aside

    engine = engine_of(settings)
    kept = await asyncio.to_thread(kept_request, engine, opened.start)
    # It may have another number by now; one that has its own, and what nobody kept, is begun as it is.
    moved = kept is not None and kept.start.number != opened.start.number
    start = kept.start if kept is not None and moved else opened.start
    # The server forgets ended orders, the database does not.
    if opened.known and await asyncio.to_thread(has_begun, engine, start.number):
        return Opened(start, known=True)
    try:
        start = await _begin(client, settings, start, kept, delay, shown=opened.known)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        await asyncio.to_thread(set_aside, engine, start.number, refusal, datetime.now(UTC))
        raise Refusal(refusal.code, refusal.words, where="request_id", rule="R10") from refusal
    if opened.known:
        await asyncio.to_thread(has_begun_after_all, engine, start.number, datetime.now(UTC))
    return Opened(start, known=opened.known)


async def _begin(
    client: Client,
    settings: Settings,
    start: OrderStart,
    kept: KeptRequest | None,
    delay: timedelta | None,
    *,
    shown: bool,
) -> OrderStart:
    """Start it, under the next number as long as the one that it has is taken; the start with which it has begun.

    Raises Refusal as `begin_order`.
    """
    from temporalio.exceptions import WorkflowAlreadyStartedError

    from runtime.delivery.order_handles import start_order
    from runtime.delivery.server_orders import is_order_of, look_up, memo_of

    for _ in range(_MOST_TAKEN):
        space = kept.space if kept is not None else None
        memo = memo_of(start, kept.content if kept is not None else "", space)
        try:
            with named_answers():
                await start_order(client, start, settings.task_queue, delay, memo=memo)
        except WorkflowAlreadyStartedError:
            found = await look_up(client, start.number)
            if await is_order_of(client, found, start, space):
                return await _as_on_server(client, settings, found, start, kept)
        else:
            return start
        if kept is None:
            raise _foreign_order(start.number)
        kept, begun = await _another_number(client, settings, kept, found, shown=shown)
        start = kept.start
        if begun:
            return start
    raise _foreign_order(start.number)


async def _as_on_server(
    client: Client, settings: Settings, found: OnServer, start: OrderStart, kept: KeptRequest | None
) -> OrderStart:
    """The order has begun. Placed once more after its row was lost, it keeps the start that it has on the server."""
    from activities.orders.taken_numbers import keep_start
    from runtime.delivery.server_orders import start_digest, start_on_server

    if kept is None or found.start == start_digest(start):
        return start
    theirs = await start_on_server(client, found)
    if theirs is None or theirs.number != start.number or theirs == start:
        return start
    await asyncio.to_thread(keep_start, engine_of(settings), kept, theirs)
    return theirs


async def _another_number(
    client: Client, settings: Settings, kept: KeptRequest, found: OnServer, *, shown: bool
) -> tuple[KeptRequest, bool]:
    """The request under another number than the one that `found` has on the server, and whether it has begun under it.

    What the server has of that day and this database does not is taken back with it: the request may be one of those.
    One number after the other is left, so that a process that dies here leaves the next one a conflict and no gap.
    """
    from activities.orders.taken_numbers import kept_as_now, renumber
    from runtime.delivery.recovering import fill_row, lost_request, recover_day

    engine, number = engine_of(settings), kept.start.number
    holder = await lost_request(client, settings, found)
    again = await asyncio.to_thread(renumber, engine, kept, holder, datetime.now(UTC), shown=shown)
    _log.warning("%s is another order's on the server; this one is %s", number, again.start.number)
    if holder is not None:
        await fill_row(client, settings, found)
    await recover_day(client, settings, number)
    again = await asyncio.to_thread(kept_as_now, engine, kept)
    return again, again.start.placed_at != kept.start.placed_at


async def begin_numbered(client: Client, settings: Settings, number: str) -> bool:
    """Start an order that was numbered and never began; False where it did begin, or was given up.

    Raises Refusal(unknown_order) also where the number is another order's and this one has another one now, and as
    `begin_order`.
    """
    from activities.orders.requests import has_begun, start_of

    engine = engine_of(settings)
    start = await asyncio.to_thread(start_of, engine, number)
    if await asyncio.to_thread(has_begun, engine, number):
        return False
    opened = await begin_order(client, settings, Opened(start, known=True))
    if opened.start.number != number:
        raise Refusal(
            Code.UNKNOWN_ORDER,
            _RENUMBERED.filled(number=number, now=opened.start.number),
            where=number,
            rule="R10",
        )
    return True


def _foreign_order(number: str) -> Refusal:
    words = Words(
        f"服务器上已有订单 {number}，但不属于此订单数据库。请检查 DINGDAN_DATABASE_URL 与 TEMPORAL_ADDRESS 是否配对",
        f"the server already has an order {number} that this order database does not know: "
        "check that DINGDAN_DATABASE_URL and TEMPORAL_ADDRESS belong together",
    )
    return Refusal(Code.REQUEST_CONFLICT, words, where="request_id")
