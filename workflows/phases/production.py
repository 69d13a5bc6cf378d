"""Production 生产 (D20 steps 10–12): the signed instruction, the daily report, the checkpoints (R40, R41, R46)."""

from __future__ import annotations

from models.dossier.open_steps import Need
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.handlers.dangers import prepaid_limit
from models.handlers.production import still_to_make
from models.order.incidents import Instruction
from models.order.order import Order
from models.values.calendar import end_of
from models.values.vocabulary import Role
from workflows.phases.phase import Ahead, Needs, Phase


def settle(order: Order) -> None:
    """R40: an instruction for each confirmed version; a new version is signed for again."""
    version = order.instructed_version
    if order.instruction is None or order.instruction.version != version:
        order.instruction = Instruction(version=version, issued_at=order.clock)
        if f"{Paper.INSTRUCTION.value}:{version}" in order.intended:
            _holds_again(order, version)
        order.intend(
            Paper.INSTRUCTION,
            str(version),
            (Role.PRODUCTION, Role.TECHNICAL, Role.SERVICE_CLERK),
            "R40",
            version=version,
            due=order.promise.production_due,
        )


def _holds_again(order: Order, version: int) -> None:
    """R33: the deposit had bounced or was corrected before production signed, and is there again."""
    identity = f"{version}:{len(order.ledger.payments)}"
    order.intend(Paper.DEPOSIT_BACK, identity, (Role.PRODUCTION, Role.SERVICE_CLERK), "R33", version=version)


def needs(order: Order) -> Needs:
    """What is still to be made. Nothing reaches the factory before this phase (R33, R36)."""
    instruction = order.instruction
    if instruction is None:
        return
    if instruction.signed_at is None:
        yield Need(
            f"hand_over:{instruction.version}",
            StepKind.HAND_OVER,
            (Role.PRODUCTION, Role.SERVICE_CLERK),
            "R40",
            hours=order.policy.limits.hand_over_hours,
            values={"version": str(instruction.version)},
        )
        return
    due = order.promise.production_due
    limit = prepaid_limit(order)
    finish_by = end_of(min(due, limit) if limit else due) if due else order.clock
    for line in order.request.lines:
        if line.line not in order.finished_lines:
            yield Need(
                f"produce:{line.line}",
                StepKind.PRODUCE,
                (Role.PRODUCTION,),
                "R41",
                due=finish_by,
                values={
                    "line": str(line.line),
                    "quantity": str(still_to_make(order, line.line)),
                    "unit_zh": line.unit.zh,
                    "unit_en": line.unit.en,
                },
            )
    for number, text in enumerate(order.request.checkpoints, start=1):
        if number not in order.checkpoints_seen:
            yield Need(
                f"checkpoint:{number}",
                StepKind.CHECKPOINT,
                (Role.SERVICE_ASSISTANT,),
                "R46",
                due=finish_by,
                blocking=False,
                values={"number": str(number), "text": text},
            )


def _is_signed(order: Order) -> bool:
    return order.instruction is not None and order.instruction.signed_at is not None


PRODUCTION = Phase(
    settle,
    needs,
    ahead=(
        Ahead(StepKind.HAND_OVER, lambda order: not _is_signed(order)),
        Ahead(
            StepKind.PRODUCE,
            lambda order: any(line.line not in order.finished_lines for line in order.request.lines),
        ),
    ),
)
