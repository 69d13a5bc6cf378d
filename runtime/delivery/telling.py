"""Telling an order something: by update with an answer, else by signal, else into the table of late facts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from models.messages.envelope import LARGEST_CONTENT, Envelope
from models.messages.reply import Reply, Status
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.fingerprint import canonical
from models.values.vocabulary import Ending, Words
from runtime.databases import engine_of
from runtime.refusals import named_answers

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError

    from runtime.settings import Settings

PATIENCE_SECONDS = 5.0
"""How long an answer is waited for; then the fact is stored as a signal under the same id."""

_TOO_LARGE = Words(
    "内容过大：{size} 个字符，最多 {most}", "the content is too large: {size} characters, at most {most}"
)

SOON = timedelta(seconds=2)
"""How long what comes next may take to be known; it is only an addition to the answer."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a telling: a reply, or `stored` (no worker answered), or `late` (the order has ended).

    `lost`: its workflow is gone and the order has not ended; the fact is kept until the order is back.
    """

    reply: Reply | None = None
    stored: bool = False
    late: bool = False
    lost: bool = False
    ending: str = ""

    @property
    def refusal(self) -> Refusal | None:
        """The refusal in the reply, for code and exit code; a late fact is one as well."""
        if self.late:
            ended = next((each for each in Ending if each.value == self.ending), Words("-", "-"))
            words = Words(
                "订单已终结（{ended}）。此事实已存入迟到事实表",
                "the order has ended ({ended}); the fact is kept in the table of late facts",
            ).filled(ended=ended)
            return Refusal(Code.ORDER_ENDED, words)
        reply = self.reply
        if reply is None or reply.status is not Status.REFUSED:
            return None
        words = Words(reply.zh, reply.en)
        return Refusal(Code(reply.code), words, where=reply.where, rule=reply.rule, changes=reply.changes)


async def tell_order(
    client: Client, settings: Settings, number: str, envelope: Envelope, patience: float | None = None
) -> Told:
    """Tell an order, or another case by its number, a fact or a decision; one that was numbered while the server was away begins now.

    Raises Refusal: unknown_order, server_unavailable, too_large, server_refuses, and as `runtime.delivery.placing.begin_order`
    where it begins only now. What the order itself refuses, also without a trace, stands in the reply.
    """
    from runtime.delivery.line_hours import with_another_proposal
    from runtime.delivery.looked_up import with_looked_up
    from runtime.delivery.order_handles import is_case, order_handle
    from runtime.delivery.placing import begin_numbered
    from runtime.signed_facts import message_to

    _require_tellable(envelope)
    if is_case(number):
        from runtime.cases.telling import tell_case

        return await tell_case(client, settings, number, envelope, patience)
    envelope = await asyncio.to_thread(with_looked_up, settings, number, envelope)
    handle = order_handle(client, number)
    wait = PATIENCE_SECONDS if patience is None else patience
    with named_answers():
        if await asyncio.to_thread(_is_to_begin, settings, number):
            # Before it has recorded itself, what runs under its number may be another order.
            await begin_numbered(client, settings, number)
        message = message_to(settings, number, envelope)
        told = await update_or_signal(handle, envelope, message, wait)
    if told is None:
        return await _keep(client, settings, number, envelope)
    return await asyncio.to_thread(with_another_proposal, settings, number, envelope, told)


def _is_to_begin(settings: Settings, number: str) -> bool:
    """Whether a request is kept under this number and nothing is known of its beginning."""
    from activities.orders.requests import has_begun
    from activities.orders.taken_numbers import kept_under

    try:
        engine = engine_of(settings)
        return not has_begun(engine, number) and kept_under(engine, number) is not None
    except Refusal as refusal:
        if refusal.code not in OF_THE_WORLD:
            raise
        return False  # an order that runs is told also while the database is away


def _require_tellable(envelope: Envelope) -> None:
    """Raises Refusal(too_large). The server takes an update of more than it lets a worker answer with: seen, such a fact
    fails every task of its order from then on."""
    size = len(canonical(envelope.content))
    if size > LARGEST_CONTENT:
        words = _TOO_LARGE.filled(size=size, most=LARGEST_CONTENT)
        raise Refusal(Code.TOO_LARGE, words, where="content")


async def update_or_signal(
    handle: WorkflowHandle[Any, Any], envelope: Envelope, message: dict[str, Any], patience: float
) -> Told | None:
    """By update, else by signal; None where the server has no such order that is running."""
    from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
    from temporalio.service import RPCError, RPCStatusCode

    try:
        async with asyncio.timeout(patience):
            reply: Reply = await handle.execute_update("tell", message, result_type=Reply)
        return Told(reply=reply)
    except WorkflowUpdateFailedError as failed:
        reply = refused_by(failed, envelope.fact_id)
        if (
            reply.code in OF_THE_WORLD
        ):  # its worker cannot read it (a key is missing): it waits as a signal until one can
            return await _store(handle, envelope, message)
        return Told(reply=reply)
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError from None  # the SDK tells a cancellation as a time-out
        return await _store(handle, envelope, message)
    except RPCError as error:
        # Also an order that closes at this very moment: the signal says whether it has ended.
        if error.status in {
            RPCStatusCode.DEADLINE_EXCEEDED,
            RPCStatusCode.CANCELLED,
            RPCStatusCode.FAILED_PRECONDITION,
            RPCStatusCode.ABORTED,
        }:
            return await _store(handle, envelope, message)
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
    return None


def refused_by(failed: WorkflowUpdateFailedError, fact_id: str) -> Reply:
    """The reply for an update that its validator turned away: the code and words that it gave."""
    from temporalio.exceptions import ApplicationError

    cause = failed.cause
    told: dict[str, Any] = {}
    if isinstance(cause, ApplicationError) and cause.details and isinstance(cause.details[0], dict):
        told = cause.details[0]
    return Reply(
        status=Status.REFUSED,
        fact_id=fact_id,
        code=str(told.get("code", Code.MALFORMED.value)),
        zh=str(told.get("zh", cause)),
        en=str(told.get("en", cause)),
        where=str(told.get("where", "")),
        rule=str(told.get("rule", "")),
    )


async def waits_of(client: Client, number: str) -> list[Words]:
    """What the order waits for now, that which holds it up first; nothing where no worker says so soon."""
    from temporalio.client import WorkflowQueryFailedError
    from temporalio.service import RPCError

    from runtime.delivery.order_handles import order_handle

    try:
        steps = await order_handle(client, number).query("steps", rpc_timeout=SOON)
    except (RPCError, WorkflowQueryFailedError):
        return []
    return [Words(step["zh"], step["en"]) for step in steps]


async def coming_of(client: Client, number: str) -> list[Words] | None:
    """What comes after what the order waits for now; None where no worker says so soon."""
    from temporalio.client import WorkflowQueryFailedError
    from temporalio.service import RPCError

    from runtime.delivery.order_handles import order_handle

    try:
        steps = await order_handle(client, number).query("next", rpc_timeout=SOON)
    except (RPCError, WorkflowQueryFailedError):
        return None
    return [Words(step["zh"], step["en"]) for step in steps]


async def _store(
    handle: WorkflowHandle[Any, Any], envelope: Envelope, message: dict[str, Any]
) -> Told | None:
    from temporalio.service import RPCError, RPCStatusCode

    try:
        await handle.signal(envelope.kind, message, rpc_timeout=timedelta(seconds=PATIENCE_SECONDS))
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return None
    return Told(stored=True)


async def _keep(client: Client, settings: Settings, number: str, envelope: Envelope) -> Told:
    """Nothing runs under this number: the order has ended and the fact is late, or its workflow is lost and it waits."""
    from activities.facts import pending_facts
    from activities.facts.late_facts import keep_late_fact, was_known_at_the_end
    from activities.invoices.after_the_end import take_after_the_end
    from activities.orders.views.order_views import show_order
    from activities.store.database import engine_at, require_set_up
    from runtime.delivery.losing import note_if_lost

    engine = engine_at(settings.database_url)
    require_set_up(engine)
    order = (await asyncio.to_thread(show_order, engine, number)).order
    now = datetime.now(UTC)
    if await note_if_lost(client, settings, number):
        await asyncio.to_thread(pending_facts.keep, engine, number, envelope, now)
        return Told(stored=True, lost=True)
    taken = await asyncio.to_thread(take_after_the_end, engine, number, envelope, now)
    if taken is not None:
        return Told(reply=taken)
    if await asyncio.to_thread(was_known_at_the_end, engine, number, envelope.kind):
        return Told(reply=Reply(status=Status.KNOWN, fact_id=envelope.fact_id))
    await asyncio.to_thread(keep_late_fact, engine, number, envelope, now)
    return Told(late=True, ending=order.ending or "-")
