"""Opening an after-sales case: kept in the database, then started on the server; the same request is one case (R142, R143)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.cases.case_request import CaseRequest, CaseStart
from models.messages.envelope import read_entered
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
class OpenedCase:
    """A numbered case; `known` when the same request had come before."""

    start: CaseStart
    known: bool


def read_case(values: object, manner: Manner) -> CaseRequest:
    """The request as it came in. Raises Refusal that names the field."""
    if not isinstance(values, dict):
        raise Refusal(Code.MALFORMED, Words("一张售后单是一个对象", "a case is one object"))
    return read_entered(CaseRequest, values, manner)


async def number_case(settings: Settings, request: CaseRequest, *, space: str = "") -> OpenedCase:
    """Give the case its number and the goods it holds. Raises Refusal as `activities.cases.opened_cases.open_case`."""
    from activities.cases.opened_cases import open_case

    engine, policy = engine_of(settings), policy_of_new_orders(settings)
    start, new = await asyncio.to_thread(open_case, engine, request, datetime.now(UTC), policy, space=space)
    return OpenedCase(start, known=not new)


async def open_after_sales(
    client: Client, settings: Settings, values: object, *, space: str = ""
) -> OpenedCase:
    """Keep one request and start its case; the same request again starts nothing. Raises Refusal."""
    opened = await number_case(settings, read_case(values, Manner.TYPED), space=space)
    return OpenedCase(await begin_after_sales(client, settings, opened.start), opened.known)


async def begin_after_sales(client: Client, settings: Settings, start: CaseStart) -> CaseStart:
    """Start a numbered case (`runtime.cases.beginning.begin_case`)."""
    begun = await begin_case(client, settings, start)
    return begun if isinstance(begun, CaseStart) else start
