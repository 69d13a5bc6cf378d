"""Inspection 检验 (D20 step 12): joint, by quantity, into the warehouse, within the tolerance (R43 to R45)."""

from __future__ import annotations

from decimal import Decimal

from models.dossier.decisions import ask, void
from models.dossier.open_steps import Need
from models.dossier.step_kinds import StepKind
from models.messages.decision_subjects import Outcome, Subject
from models.order.money.surplus import found_surplus
from models.order.money.tolerance import tolerance_of
from models.order.order import Order
from models.request.order_request import RequestLine
from models.values.quantity import NOTHING
from models.values.vocabulary import Role
from workflows.phases.phase import Ahead, Needs, Phase, decision_needed


def settle(order: Order) -> None:
    """R45: outside the tolerance the customer is asked: accept, make up the rest, return the surplus.

    So it is about goods that turned up after they were made again, however few they are (R74).
    """
    for line in order.request.lines:
        outside = _outside_tolerance(order, line)
        if outside is None:
            continue
        least, most, passed = outside
        if order.outcome(Subject.TOLERANCE, line.line) is Outcome.MAKE_UP:
            void(order, Subject.TOLERANCE, line.line)
        about = {"ordered": line.quantity, "passed": passed, "least": least, "most": most}
        ask(order, Subject.TOLERANCE, about, line.line)


def needs(order: Order) -> Needs:
    """What is still to be inspected, entered, or agreed about the quantity."""
    hours = order.policy.limits.inspection_hours
    for lot in order.lots.values():
        values = {"line": str(lot.line), "lot": lot.lot}
        if lot.uninspected > 0 and (line := order.line_numbered(lot.line)) is not None:
            quantity = {"quantity": str(lot.uninspected), "unit_zh": line.unit.zh, "unit_en": line.unit.en}
            yield Need(
                f"inspect:{lot.line}/{lot.lot}/{lot.rounds}",
                StepKind.INSPECT,
                (Role.QUALITY, Role.SERVICE_CLERK),
                "R43",
                hours=hours,
                values=values | quantity,
            )
        if lot.not_entered > 0 and order.line_numbered(lot.line) is not None:
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
        if _outside_tolerance(order, line) is not None:
            yield from decision_needed(order, Subject.TOLERANCE, line.line)


def _outside_tolerance(order: Order, line: RequestLine) -> tuple[Decimal, Decimal, Decimal] | None:
    """Least, most and passed (or gone uninspected), where a finished line lies outside its tolerance (R45)."""
    if line.line not in order.finished_lines:
        return None
    passed = NOTHING
    for lot in order.lots_of(line.line):
        if lot.uninspected > 0 or lot.not_entered > 0:
            return None
        passed += lot.passed + lot.left_uninspected
    least, most = tolerance_of(order, line)
    passed -= order.made_again(line.line)
    within = least <= passed <= most and not found_surplus(order, line.line)
    return None if within else (least, most, passed)


def _is_to_come(order: Order) -> bool:
    return any(order.entered(line.line) == 0 for line in order.request.lines)


INSPECTION = Phase(
    settle,
    needs,
    ahead=(Ahead(StepKind.INSPECT, _is_to_come), Ahead(StepKind.ENTER_WAREHOUSE, _is_to_come)),
)
