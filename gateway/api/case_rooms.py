"""Cases that are no orders as services see them: one row for quotes, after-sales cases and contracts each (R104, R107, R143)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from activities.cases.after_sales_views import CaseRow, CaseView, list_cases, show_case
from activities.contracts.contract_views import ContractRow, ContractView, list_contracts, show_contract
from activities.quotes.quote_views import QuoteRow, QuoteView, list_quotes, show_quote
from models.access import OUTSIDERS
from models.cases.case_request import LETTER as CASE_LETTER
from models.cases.facts import CASE_FACTS
from models.company.keepers import QUOTE_READERS
from models.contracts.contract_request import LETTER as CONTRACT_LETTER
from models.contracts.facts import CONTRACT_FACTS
from models.messages.fact_kind import FactKind
from models.quotes.facts import QUOTE_FACTS
from models.values.vocabulary import Role
from runtime.cases.rooms import QUOTE_LETTER

Row = QuoteRow | CaseRow | ContractRow
View = QuoteView | CaseView | ContractView
List = Callable[[Engine, str | None, str | None, bool], list[Row]]
"""Of this customer, of this salesperson, open ones only."""

_OF_THE_HOUSE = frozenset({"journal", "decisions", "start"})
"""What a case keeps of how the house worked on it; a service reads it by an order's timeline, never here."""


_HOW_A_CASE_WAS_DECIDED = frozenset({"assessed", "owner", "decided_by", "our_fault"})


@dataclass(frozen=True, slots=True)
class ServiceRoom:
    """One kind of case at the door for services."""

    name: str
    """Its path, `/v1/NAME`."""
    one: str
    """What one of them is called in an answer."""
    letter: str
    """With which its numbers begin."""
    facts: Mapping[str, FactKind]
    find: List
    show: Callable[[Engine, str], View]
    seen_as: Callable[[View, Collection[Role]], dict[str, Any]]
    """One of them as a caller with these roles reads it."""


def _quote(view: View, roles: Collection[Role]) -> dict[str, Any]:
    """What it cost us and what it leaves are for who works on quotes."""
    shown = view.model_dump(mode="json", exclude=set(_OF_THE_HOUSE))
    if set(QUOTE_READERS) & set(roles):
        return shown
    shown.pop("costs")
    shown.pop("steps")
    shown["offers"] = [_offer(each) for each in shown["offers"] if each["sent_at"] is not None]
    return shown


def _offer(offer: dict[str, Any]) -> dict[str, Any]:
    ours = {"margin", "made_by", "sent_back"}
    prices = [
        {name: value for name, value in price.items() if name not in ("cost", "margin")}
        for price in offer["prices"]
    ]
    return {**{name: value for name, value in offer.items() if name not in ours}, "prices": prices}


def _case(view: View, roles: Collection[Role]) -> dict[str, Any]:
    """How the house looked into it and who decided is for the house; what was decided is for the customer as well."""
    if set(roles) - OUTSIDERS:
        return view.model_dump(mode="json", exclude=set(_OF_THE_HOUSE))
    return view.model_dump(mode="json", exclude={*_OF_THE_HOUSE, "steps", *_HOW_A_CASE_WAS_DECIDED})


def _contract(view: View, roles: Collection[Role]) -> dict[str, Any]:
    """A customer reads versions that were approved, and not who drafted them or why one was sent back."""
    shown = view.model_dump(mode="json", exclude=set(_OF_THE_HOUSE))
    if set(roles) - OUTSIDERS:
        return shown
    shown.pop("steps")
    of_the_house = ("sent_back", "drafted_by", "drafted_at", "reason")
    shown["drafts"] = [
        {name: value for name, value in draft.items() if name not in of_the_house}
        for draft in shown["drafts"]
        if draft["approved_at"] is not None
    ]
    return shown


QUOTES = ServiceRoom(
    name="quotes",
    one="quote",
    letter=QUOTE_LETTER,
    facts=QUOTE_FACTS,
    find=lambda engine, customer, salesperson, open_only: [
        *list_quotes(engine, customer=customer, salesperson=salesperson, open_only=open_only)
    ],
    show=show_quote,
    seen_as=_quote,
)
CASES = ServiceRoom(
    name="cases",
    one="case",
    letter=CASE_LETTER,
    facts=CASE_FACTS,
    find=lambda engine, customer, salesperson, open_only: [
        *list_cases(engine, customer=customer, salesperson=salesperson, open_only=open_only)
    ],
    show=show_case,
    seen_as=_case,
)
CONTRACTS = ServiceRoom(
    name="contracts",
    one="contract",
    letter=CONTRACT_LETTER,
    facts=CONTRACT_FACTS,
    find=lambda engine, customer, salesperson, open_only: [
        *list_contracts(engine, customer=customer, salesperson=salesperson, open_only=open_only)
    ],
    show=show_contract,
    seen_as=_contract,
)
