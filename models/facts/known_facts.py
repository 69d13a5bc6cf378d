"""All facts of the house by their names on the wire, whatever kind of case takes them: who may say each, and what it is called."""

from __future__ import annotations

from collections.abc import Mapping

from models.facts.fact_kinds import FACT_KINDS
from models.messages.fact_kind import FactKind
from models.quotes.facts import QUOTE_FACTS

KNOWN_FACTS: Mapping[str, FactKind] = {**QUOTE_FACTS, **FACT_KINDS}
"""A name that several kinds of case take is one fact with the same meaning; an order's row counts where they differ."""

_BY_LETTER: Mapping[str, Mapping[str, FactKind]] = {"Q": QUOTE_FACTS}


def facts_for(number: str) -> Mapping[str, FactKind]:
    """What may be said to the case with this number: a quote's begins with `Q`, an order's with a figure."""
    return _BY_LETTER.get(number[:1], FACT_KINDS)
