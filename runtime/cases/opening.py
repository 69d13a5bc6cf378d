"""Opening quotes, after-sales cases and contracts: kept in the database under a number, then started on the server (R104, R107, R143).

One mechanism, and a row for each kind. The same request is one case, however often and wherever it comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from models.cases.case_request import CaseRequest, CaseStart
from models.contracts.contract_request import ContractRequest, ContractStart
from models.messages.envelope import read_entered
from models.policy import Policy
from models.quotes.quote_request import QuoteRequest, QuoteStart
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.written_numbers import Manner
from runtime.cases.beginning import begin_case
from runtime.databases import engine_of
from runtime.settings import Settings
from runtime.signed_facts import policy_of_new_orders

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from temporalio.client import Client

R = TypeVar("R", QuoteRequest, CaseRequest, ContractRequest)
S = TypeVar("S", QuoteStart, CaseStart, ContractStart)


@dataclass(frozen=True, slots=True)
class Opened(Generic[S]):
    """A numbered case; `known` when the same request had come before."""

    start: S
    known: bool


@dataclass(frozen=True, slots=True)
class Opening(Generic[R, S]):
    """How one kind of case is opened."""

    request: type[R]
    start: type[S]
    no_object: Words
    """What is said of a request that is no object."""
    keep: Callable[[Engine, R, datetime, Policy, str], tuple[S, bool]]
    """Gives the request its number and keeps it, with the name space of its sender; and whether it is new."""

    def read(self, values: object, manner: Manner) -> R:
        """The request as it came in. Raises Refusal that names the field."""
        if not isinstance(values, dict):
            raise Refusal(Code.MALFORMED, self.no_object)
        return read_entered(self.request, values, manner)

    async def number(self, settings: Settings, request: R, *, space: str = "") -> Opened[S]:
        """Give it its number and keep it. Raises Refusal as the kind's own function in `activities` says."""
        engine, policy = engine_of(settings), policy_of_new_orders(settings)
        start, new = await asyncio.to_thread(self.keep, engine, request, datetime.now(UTC), policy, space)
        return Opened(start, known=not new)

    async def begin(self, client: Client, settings: Settings, start: S) -> S:
        """Start a numbered one, and the start with which it has begun (`runtime.cases.beginning.begin_case`)."""
        begun = await begin_case(client, settings, start)
        return begun if isinstance(begun, self.start) else start

    async def open(self, client: Client, settings: Settings, values: object, *, space: str = "") -> Opened[S]:
        """Keep one request and start its case; the same request again starts nothing. Raises Refusal."""
        opened = await self.number(settings, self.read(values, Manner.TYPED), space=space)
        return Opened(await self.begin(client, settings, opened.start), opened.known)


def _keep_enquiry(
    engine: Engine, request: QuoteRequest, now: datetime, policy: Policy, space: str
) -> tuple[QuoteStart, bool]:
    from activities.quotes.quote_requests import open_quote

    return open_quote(engine, request, now, policy, space=space)


def _keep_case(
    engine: Engine, request: CaseRequest, now: datetime, policy: Policy, space: str
) -> tuple[CaseStart, bool]:
    from activities.cases.opened_cases import open_case

    return open_case(engine, request, now, policy, space=space)


def _keep_draft(
    engine: Engine, request: ContractRequest, now: datetime, policy: Policy, space: str
) -> tuple[ContractStart, bool]:
    from activities.contracts.contract_requests import open_contract

    return open_contract(engine, request, now, policy, space=space)


ENQUIRIES = Opening(
    QuoteRequest, QuoteStart, Words("一张询价是一个对象", "an enquiry is one object"), _keep_enquiry
)
AFTER_SALES = Opening(
    CaseRequest, CaseStart, Words("一张售后单是一个对象", "a case is one object"), _keep_case
)
DRAFTS = Opening(
    ContractRequest, ContractStart, Words("一份合同是一个对象", "a contract is one object"), _keep_draft
)
