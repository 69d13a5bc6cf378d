"""Invoices 发票 that somebody waits for, and what stands on them beyond the bill (R162, R163)."""

from __future__ import annotations

from models.dossier.open_steps import Need
from models.dossier.step_kinds import StepKind
from models.order.money.bill_account import billed_by_line
from models.order.order import Order
from models.values.money import ZERO
from models.values.vocabulary import Role
from workflows.phases.phase import Needs


def invoice_needs(order: Order) -> Needs:
    """What finance still issues before the order can end; it stops nothing else."""
    book = order.invoices
    if not book.requests:
        return
    billed = billed_by_line(order)
    asked = book.asked(billed)
    for request in book.waiting:
        amount = sum(asked[request.number].values(), ZERO)
        if amount > ZERO:
            yield Need(
                f"issue_invoice:{request.number}",
                StepKind.ISSUE_INVOICE,
                (Role.FINANCE,),
                "R162",
                hours=order.policy.limits.owed_paper_hours,
                blocking=False,
                values={"request": str(request.number), "amount": str(amount), "title": request.title},
            )
    for number, lines in book.beyond_the_bill(billed).items():
        yield Need(
            f"red_letter:{number}:{len(book.invoices)}",
            StepKind.RED_LETTER,
            (Role.FINANCE,),
            "R163",
            hours=order.policy.limits.owed_paper_hours,
            blocking=False,
            values={"invoice": number, "amount": str(sum(lines.values(), ZERO))},
        )
