"""The types of durable workflows whose lives are recorded: what each carries from run to run, what it may be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.beside.case_player import CASES
from rehearsal.beside.contract_player import CONTRACTS
from rehearsal.beside.kind import StoryKind
from rehearsal.beside.quote_player import QUOTES
from runtime.delivery.order_handles import WORKFLOW
from workflows.aftersales_case import CarriedAfterSales
from workflows.contract import CarriedContract
from workflows.engine.carried import Carried
from workflows.engine.carried_case import CarriedCase
from workflows.quote import CarriedQuote

QUOTE, CASE, CONTRACT = "QuoteWorkflow", "CaseWorkflow", "ContractWorkflow"
CARRIED: Mapping[str, type[CarriedCase[Any]]] = {
    WORKFLOW: Carried,
    QUOTE: CarriedQuote,
    CASE: CarriedAfterSales,
    CONTRACT: CarriedContract,
}
BESIDE_ORDERS: Mapping[str, StoryKind[Any, Any]] = {QUOTE: QUOTES, CASE: CASES, CONTRACT: CONTRACTS}
"""Those that are no orders, with the players of their stories."""
