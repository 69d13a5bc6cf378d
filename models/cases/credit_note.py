"""The credit note of an after-sales case: what came back, or was credited, is taken off the order's bill (R142, R164)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.documents.credit_note import credit_note, credited_line, note_number
from models.invoices.terms import CreditNoteGround
from models.writing.printed_figures import moment

if TYPE_CHECKING:
    from models.cases.case import Case


def case_credit_note(case: Case) -> dict[str, Any] | None:
    """The content of the paper for the remedy that is on now; None while nothing was counted."""
    count, goods = case.count, case.goods
    if count is None:
        return None
    lines = []
    if goods is not None:
        lines.append(
            credited_line(
                goods.line,
                goods.product,
                goods.specification,
                goods.unit,
                quantities=(count.kept_before, count.kept_after),
                prices=(goods.unit_price, goods.unit_price),
                total=count.value,
            )
        )
    note = note_number(case.number, case.round + 1)
    content = credit_note(note, case.request.order, CreditNoteGround.AFTER_SALES, lines, total=count.value)
    return {"number": case.number, "made_at": moment(case.clock), "customer": case.customer.name, **content}
