"""Joint checks 联合检验与交接: the clerk who is named answers for it, or objects (R40, R43)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.dossier.exceptions import Alarm, raise_alarm
from models.dossier.open_steps import Need
from models.dossier.papers_due import Paper, StaffId
from models.dossier.step_kinds import StepKind
from models.messages import goods_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.incidents import Inspection, Instruction
from models.order.order import Order
from models.values.errors import Code, Refusal, TooEarly
from models.values.vocabulary import Role, Words

FACTS = FactTable()


@dataclass(frozen=True, slots=True)
class _Joint:
    """What a clerk is named in."""

    check: Inspection | Instruction
    key: str
    what: Words
    clerk: str
    rule: str


def _inspected(inspection: Inspection) -> _Joint:
    what = Words(
        f"第{inspection.line}行批次{inspection.lot}的联合检验",
        f"the joint inspection of line {inspection.line} lot {inspection.lot}",
    )
    return _Joint(inspection, f"inspection-{inspection.number}", what, inspection.checked_with, "R43")


def _handed_over(instruction: Instruction) -> _Joint:
    what = Words(
        f"生产指令单第{instruction.version}版的交接",
        f"the hand-over of instruction version {instruction.version}",
    )
    return _Joint(instruction, f"hand-over-{instruction.version}", what, instruction.clerk, "R40")


def tell_inspection(order: Order, inspection: Inspection) -> None:
    """R43: the clerk who is named hears of it."""
    _tell(order, _inspected(inspection))


def tell_hand_over(order: Order, instruction: Instruction) -> None:
    """R40: the clerk who is named hears of it."""
    _tell(order, _handed_over(instruction))


def _tell(order: Order, joint: _Joint) -> None:
    if not order.staff.members or joint.check.answered_at is not None:
        return  # an order that began before it knew the staff asks nobody; who answered is not asked again
    joint.check.answer_owed = True
    order.intend(
        Paper.JOINT_CHECK,
        f"{joint.key}:{joint.clerk}",
        (Role.SERVICE_CLERK,),
        joint.rule,
        person=joint.clerk,
        what=joint.what,
        clerk=StaffId(joint.clerk),
    )


def owed_answers(order: Order) -> Iterator[Need]:
    """R40, R43: each clerk who is named owes an answer on the own card; nothing waits for it."""
    limits, instruction = order.policy.limits, order.instruction
    if instruction is not None and instruction.answer_owed:
        yield Need(
            f"confirm_hand_over:{instruction.version}",
            StepKind.CONFIRM_HAND_OVER,
            (Role.SERVICE_CLERK,),
            "R40",
            hours=limits.hand_over_hours,
            blocking=False,
            values={"version": str(instruction.version), "clerk": instruction.clerk},
            people=(instruction.clerk,),
        )
    for each in order.inspections:
        if each.answer_owed:
            yield Need(
                f"confirm_inspection:{each.number}",
                StepKind.CONFIRM_INSPECTION,
                (Role.SERVICE_CLERK,),
                "R43",
                hours=limits.inspection_hours,
                blocking=False,
                values={
                    "number": str(each.number),
                    "line": str(each.line),
                    "lot": each.lot,
                    "clerk": each.checked_with,
                },
                people=(each.checked_with,),
            )


@FACTS.row(
    goods_contents.InspectionConfirmed,
    (Role.SERVICE_CLERK,),
    Words("联合检验确认", "joint inspection confirmed"),
)
def inspection_confirmed(
    order: Order, envelope: Envelope, content: goods_contents.InspectionConfirmed
) -> None:
    """R43: the clerk was there and agrees, or objects; an objection is an exception."""
    found = next(
        (
            each
            for each in order.inspections
            if each.number == content.inspection
            or (content.inspection is None and each.answer_owed and each.checked_with == envelope.by)
        ),
        None,
    )
    if found is None:
        raise TooEarly
    _answer(order, envelope, _inspected(found), content)


@FACTS.row(
    goods_contents.HandOverConfirmed, (Role.SERVICE_CLERK,), Words("指令交接确认", "hand-over confirmed")
)
def hand_over_confirmed(order: Order, envelope: Envelope, content: goods_contents.HandOverConfirmed) -> None:
    """R40: the clerk signed and handed over the instruction, or objects; an objection is an exception."""
    instruction = order.instruction
    if instruction is None or content.version > instruction.version:
        raise TooEarly
    if content.version < instruction.version:
        raise Refusal(
            Code.STALE_VERSION,
            Words(
                f"生产指令现为第{instruction.version}版",
                f"the instruction is version {instruction.version} now",
            ),
            where="content.version",
            rule="R40",
        )
    if instruction.signed_at is None:
        raise TooEarly
    _answer(order, envelope, _handed_over(instruction), content)


def _answer(
    order: Order,
    envelope: Envelope,
    joint: _Joint,
    content: goods_contents.InspectionConfirmed | goods_contents.HandOverConfirmed,
) -> None:
    if envelope.by != joint.clerk:
        raise Refusal(
            Code.WRONG_ROLE,
            Words(
                f"{joint.what.zh}写明的是 {joint.clerk}，由其本人确认",
                f"{joint.what.en} names {joint.clerk}, who answers in person",
            ),
            where="by",
            rule=joint.rule,
        )
    if joint.check.answered_at is not None:
        raise Refusal(
            Code.ALREADY_DECIDED,
            Words(f"{joint.clerk} 已答复", f"{joint.clerk} has answered already"),
            where="content",
            rule=joint.rule,
        )
    if not content.agrees and not content.words:
        raise Refusal(
            Code.MISSING_FIELD,
            Words("有异议请写明 words", "an objection says why, in words"),
            where="content.words",
            rule=joint.rule,
        )
    joint.check.answered_at, joint.check.answer_owed = envelope.happened_at, False
    if not content.agrees:
        words = Words(
            f"{joint.clerk} 对{joint.what.zh}有异议:{content.words}",
            f"{joint.clerk} objects to {joint.what.en}: {content.words}",
        )
        owner = order.staff.person(Role.SERVICE_SUPERVISOR)
        raise_alarm(order, Alarm(f"objection-{joint.key}", words, owner, joint.rule), envelope.happened_at)
