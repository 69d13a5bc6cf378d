"""The kinds of cases that are no orders, by the letter with which their numbers begin: one row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from models.cases.case_request import LETTER as CASE_LETTER
from models.cases.case_request import CaseStart
from models.cases.projection import KIND as CASE
from models.contracts.contract_request import LETTER as CONTRACT_LETTER
from models.contracts.contract_request import ContractStart
from models.contracts.projection import KIND as CONTRACT
from models.quotes.projection import KIND as QUOTE
from models.quotes.quote_request import QuoteStart
from models.values.calendar import business_date

if TYPE_CHECKING:
    from sqlalchemy import Connection

AnyStart = QuoteStart | CaseStart | ContractStart
QUOTE_LETTER = "Q"


@dataclass(frozen=True, slots=True)
class CaseRoom:
    """How a kind of case is begun."""

    kind: str
    workflow: str
    start: type[QuoteStart] | type[CaseStart] | type[ContractStart]
    another_number: Callable[[Connection, Mapping[str, Any], datetime], str]
    """The next number for a start of which the server has another case under its own; in the caller's transaction."""
    beside: tuple[str, ...] = ()
    """Tables that have a row of the case before it has begun."""


def _of_the_day(connection: Connection, start: Mapping[str, Any], placed: datetime) -> str:
    from activities.cases.case_requests import next_case_number
    from activities.quotes.waiting_orders import note_renumbered

    number = next_case_number(connection, QUOTE, QUOTE_LETTER, business_date(placed))
    note_renumbered(connection, str(start["number"]), number, placed)
    return number


def _of_the_order(connection: Connection, start: Mapping[str, Any], placed: datetime) -> str:
    from activities.cases.received_goods import next_case_of

    order = str(start["request"]["order"])
    return f"{CASE_LETTER}{order}-{next_case_of(connection, order)}"


def _of_the_contracted_order(connection: Connection, start: Mapping[str, Any], placed: datetime) -> str:
    from activities.contracts.contract_requests import next_contract_number

    return next_contract_number(connection, str(start["request"]["order"]))


ROOMS: Mapping[str, CaseRoom] = {
    QUOTE_LETTER: CaseRoom(QUOTE, "QuoteWorkflow", QuoteStart, _of_the_day),
    CASE_LETTER: CaseRoom(CASE, "CaseWorkflow", CaseStart, _of_the_order, ("order_cases",)),
    CONTRACT_LETTER: CaseRoom(
        CONTRACT, "ContractWorkflow", ContractStart, _of_the_contracted_order, ("contracts",)
    ),
}


def room_of(number: str) -> CaseRoom:
    """The room of the case with this number."""
    return ROOMS[number[:1]]
