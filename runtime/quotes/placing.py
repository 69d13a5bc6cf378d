"""Asking for a quote: numbered and kept in the database, then started on the server; the same enquiry is one quote (R104)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.messages.envelope import read_entered
from models.quotes.quote_request import QuoteRequest, QuoteStart
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.written_numbers import Manner
from runtime.cases.beginning import begin_case
from runtime.databases import engine_of
from runtime.settings import Settings
from runtime.signed_facts import policy_of_new_orders

if TYPE_CHECKING:
    from temporalio.client import Client


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
    """Start a numbered quote (`runtime.cases.beginning.begin_case`)."""
    begun = await begin_case(client, settings, start)
    return begun if isinstance(begun, QuoteStart) else start
