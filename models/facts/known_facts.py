"""All facts of the house by their names on the wire, whatever kind of case takes them: who may say each, and what it is called."""

from __future__ import annotations

from collections.abc import Mapping

from models.cases.facts import CASE_FACTS
from models.contracts.facts import CONTRACT_FACTS
from models.facts.fact_kinds import FACT_KINDS
from models.messages.fact_kind import FactKind
from models.quotes.facts import QUOTE_FACTS

KNOWN_FACTS: Mapping[str, FactKind] = {**CONTRACT_FACTS, **CASE_FACTS, **QUOTE_FACTS, **FACT_KINDS}
"""A name that several kinds of case take is one fact with the same meaning; an order's row counts where they differ."""

_BY_LETTER: Mapping[str, Mapping[str, FactKind]] = {
    "Q": QUOTE_FACTS,
    "C": CASE_FACTS,
    "H": CONTRACT_FACTS,
}


def facts_for(number: str) -> Mapping[str, FactKind]:
    """What may be said to the case with this number: of a quote (`Q`), a case (`C`), a contract (`H`), or an order (a figure)."""
    return _BY_LETTER.get(number[:1], FACT_KINDS)
