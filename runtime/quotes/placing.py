"""Asking for a quote: numbered and kept in the database, then started on the server; the same enquiry is one quote (R104)."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.messages.envelope import read_entered
from models.quotes.quote_request import QuoteRequest, QuoteStart
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.fingerprint import digest_of_model
from models.values.vocabulary import Words
from models.writing.written_numbers import Manner
from runtime.databases import engine_of
from runtime.refusals import named_answers
from runtime.settings import Settings
from runtime.signed_facts import policy_of_new_orders

if TYPE_CHECKING:
    from temporalio.client import Client

_log = logging.getLogger("dingdan.quotes")
WORKFLOW = "QuoteWorkflow"
_MOST_TAKEN = 100
"""So many numbers in a row may be taken; more are another installation's, on the same server."""
START = "start"
"""What the memo of a quote's workflow says: the digest of its start."""
_BEGINNING = timedelta(seconds=5)
"""So long whoever numbered a quote is left to begin it."""
_FOREIGN = Words(
    "服务器上的 {number} 是另一张报价。请检查数据库与服务器是否配对",
    "the server has another quote {number}: check that database and server belong together",
)


@dataclass(frozen=True, slots=True)
class OpenedQuote:
    """A numbered quote; `known` when the same enquiry had been told before."""

    start: QuoteStart
    known: bool


def read_enquiry(values: object, manner: Manner) -> QuoteRequest:
    """The enquiry as it came in. Raises Refusal that names the field."""
    if not isinstance(values, dict):
        raise Refusal(Code.MALFORMED, Words("一张询价是一个对象", "an enquiry is one object"))
    return read_entered(QuoteRequest, values, manner)


async def number_enquiry(settings: Settings, request: QuoteRequest, *, space: str = "") -> OpenedQuote:
    """Give the enquiry its number and keep it. Raises Refusal as `activities.quotes.quote_requests.open_quote`."""
    from activities.quotes.quote_requests import open_quote

    engine, policy = engine_of(settings), policy_of_new_orders(settings)
    start, new = await asyncio.to_thread(open_quote, engine, request, datetime.now(UTC), policy, space=space)
    return OpenedQuote(start, known=not new)


async def ask_for_quote(
    client: Client, settings: Settings, values: object, *, space: str = ""
) -> OpenedQuote:
    """Keep one enquiry and start its quote; the same enquiry again starts nothing. Raises Refusal."""
    opened = await number_enquiry(settings, read_enquiry(values, Manner.TYPED), space=space)
    return OpenedQuote(await begin_quote(client, settings, opened.start), opened.known)


async def begin_quote(client: Client, settings: Settings, start: QuoteStart) -> QuoteStart:
    """Start a numbered quote, and the start with which it has begun; one that has begun is left alone.

    A number under which the server has another quote, because a restored database forgot it, is skipped.

    Raises Refusal: server_unavailable, too_large, server_refuses, request_conflict.
    """
    from activities.cases.case_requests import case_has_begun, renumber_case
    from activities.quotes.quote_requests import LETTER
    from models.quotes.projection import KIND

    engine = engine_of(settings)
    for _ in range(_MOST_TAKEN):
        if await asyncio.to_thread(case_has_begun, engine, start.number):
            return start
        with named_answers():
            if await _is_begun(client, settings, start):
                return start
        again = await asyncio.to_thread(renumber_case, engine, KIND, LETTER, start.number)
        if again is None:
            break
        _log.warning("%s is another quote's on the server; this one is %s", start.number, again["number"])
        start = QuoteStart.model_validate(again)
    words = _FOREIGN.filled(number=start.number)
    raise Refusal(Code.REQUEST_CONFLICT, words, where="request_id", rule="R104")


async def _is_begun(client: Client, settings: Settings, start: QuoteStart) -> bool:
    """Start it; False where the server has another quote under its number."""
    from temporalio.common import WorkflowIDReusePolicy
    from temporalio.exceptions import WorkflowAlreadyStartedError

    from runtime.delivery.order_handles import order_handle, workflow_id
    from workflows.engine.plain_markdown import as_text
    from workflows.engine.step_list import shortened

    digest = digest_of_model(start)
    try:
        await client.start_workflow(
            WORKFLOW,
            start,
            id=workflow_id(start.number),
            task_queue=settings.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            static_summary=shortened(f"{start.number} {as_text(start.customer.name)}"),
            memo={START: digest},
        )
    except WorkflowAlreadyStartedError:
        theirs = await (await order_handle(client, start.number).describe()).memo()
        return bool(theirs.get(START, digest) == digest)
    return True


async def begin_kept(client: Client, settings: Settings, number: str) -> bool:
    """Start a quote that was numbered and never began; False where it did, or nobody numbered it."""
    from activities.cases.case_requests import case_has_begun, start_kept

    engine = engine_of(settings)
    if await asyncio.to_thread(case_has_begun, engine, number):
        return False
    kept = await asyncio.to_thread(start_kept, engine, number)
    if kept is None:
        return False
    await begin_quote(client, settings, QuoteStart.model_validate(kept))
    return True


async def begin_waiting(client: Client, settings: Settings, begun: set[str]) -> None:
    """Start every quote whose server was away when it was asked for. Raises Refusal where the world cannot."""
    from activities.cases.case_requests import cases_not_begun
    from models.quotes.projection import KIND

    waiting = await asyncio.to_thread(
        cases_not_begun, engine_of(settings), KIND, datetime.now(UTC) - _BEGINNING
    )
    for number in waiting:
        if number in begun:
            continue
        try:
            await begin_kept(client, settings, number)
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD:
                raise
            _log.warning("%s could not begin: %s", number, refusal.words.en)
        begun.add(number)
