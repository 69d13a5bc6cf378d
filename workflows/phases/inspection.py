"""Inspection 检验 (D20 step 12): joint, by quantity, into the warehouse, within the tolerance (R43 to R45)."""

from __future__ import annotations

from models.dossier.open_steps import Need, StepKind
from models.handlers.decisions import void
from models.messages.decision_subjects import Outcome, Subject
from models.order.order import Order
from models.request.order_request import RequestLine
from models.values.quantity import tolerated
from models.values.vocabulary import Role
from workflows.phases.needs import Needs, decided


def inspection(order: Order) -> Needs:
    """What is still to be inspected, entered, or agreed about the quantity."""
    hours = order.policy.limits.inspection_hours
    for lot in order.lots.values():
        line = order.request.line_numbered(lot.line)
        values = {"line": str(lot.line), "lot": lot.lot}
        if lot.uninspected > 0 and line is not None:
            quantity = {"quantity": str(lot.uninspected), "unit_zh": line.unit.zh, "unit_en": line.unit.en}
            yield Need(
                f"inspect:{lot.line}/{lot.lot}/{lot.rounds}",
                StepKind.INSPECT,
                (Role.QUALITY, Role.SERVICE_CLERK),
                "R43",
                hours=hours,
                values=values | quantity,
            )
        if lot.not_entered > 0:
            yield Need(
                f"enter:{lot.line}/{lot.lot}",
                StepKind.ENTER_WAREHOUSE,
                (Role.QUALITY, Role.WAREHOUSE),
                "R43",
                hours=hours,
                values=values | {"quantity": str(lot.not_entered)},
            )
    for number in sorted(order.recheck_lines):
        yield Need(
            f"recheck:{number}",
            StepKind.RECHECK_PROMISE,
            (Role.PRODUCTION,),
            "R43",
            hours=hours,
            blocking=False,
            values={"line": str(number)},
        )
    for line in order.request.lines:
        yield from _quantity(order, line)


def _quantity(order: Order, line: RequestLine) -> Needs:
    """R45: outside the tolerance the customer must agree: accept, make up the rest, return the surplus."""
    lots = order.lots_of(line.line)
    if line.line not in order.finished_lines or any(
        lot.uninspected > 0 or lot.not_entered > 0 for lot in lots
    ):
        return
    percent = (
        line.tolerance_percent
        if line.tolerance_percent is not None
        else order.policy.payment.tolerance_percent
    )
    least, most = tolerated(line.quantity, percent)
    passed = order.passed(line.line)
    if least <= passed <= most:
        return
    if order.outcome(Subject.TOLERANCE, line.line) is Outcome.MAKE_UP:
        void(order, Subject.TOLERANCE, line.line)
    about = {"ordered": line.quantity, "passed": passed, "least": least, "most": most}
    yield from decided(order, Subject.TOLERANCE, about, line.line)
