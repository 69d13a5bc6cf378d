"""What an audit must know of each kind of case: its tables, and how its workflow and its model name it (R47)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.orders.recording.shelf import CASES, ORDERS, Shelf
from activities.quotes import quote_requests
from models.cases import case_request, projection
from models.cases.case import Case
from models.contracts import contract_request
from models.contracts import projection as contract_projection
from models.contracts.contract import OrderContract
from models.dossier.dossier import Dossier
from models.dossier.records.changed_rows import STEPS, RowTracker
from models.order import projection as order_projection
from models.order.order import Order
from models.quotes import projection as quote_projection
from models.quotes.quote import Quote


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of case."""

    name: str
    """Its query that tells the whole case."""
    workflow: str
    shelf: Shelf
    requests: str
    """The table of what began it."""
    steps: str
    model: type[Dossier]
    rows: Callable[[Any], RowTracker]
    """The rows of one that is this model."""
    beside: tuple[str, ...] = ()
    """Tables that are no rows of it, and say what it was told."""


ORDER = Kind(
    "order",
    "OrderWorkflow",
    ORDERS,
    "requests",
    STEPS,
    Order,
    order_projection.row_tracker,
    ("credit_commitments",),
)
_BESIDE = {
    quote_requests.LETTER: Kind(
        "quote", "QuoteWorkflow", CASES, "case_requests", quote_projection.STEPS, Quote, quote_projection.row_tracker
    ),
    case_request.LETTER: Kind(
        "case", "CaseWorkflow", CASES, "case_requests", projection.STEPS, Case, projection.row_tracker, ("case_refunds",)
    ),
    contract_request.LETTER: Kind(
        "contract", "ContractWorkflow", CASES, "case_requests", contract_projection.STEPS, OrderContract,
        contract_projection.row_tracker,
    ),
}  # fmt: skip
KINDS = (ORDER, *_BESIDE.values())


def kind_of(number: str) -> Kind:
    """The kind of the case with this number; an order's begins with no letter."""
    return _BESIDE.get(number[:1], ORDER)
