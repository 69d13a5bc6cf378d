"""Steps that are done on a page of their own: no form of a card holds what they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from models.dossier.step_kinds import StepKind
from models.values.vocabulary import Words


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Where a step is done, and what the button says."""

    path: str
    words: Words

    def of(self, order: str) -> str:
        """The page for the step of this order."""
        return self.path.format(order=quote(order, safe=""))


OWN_PAGES: Mapping[str, OwnPage] = {
    StepKind.CHECK_SHEET.value: OwnPage(
        "/orders/{order}/sheet-check", Words("逐项核对", "check it item by item")
    ),
    StepKind.OPEN_QUOTE.value: OwnPage("/quotes/new?order={order}", Words("为本单报价", "make the quote")),
    StepKind.CONTRACT.value: OwnPage("/contracts/new?order={order}", Words("起草合同", "draft the contract")),
}
"""By kind of step."""
