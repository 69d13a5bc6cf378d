"""Who decides a case, and what follows: by what is at stake, never by its owner (R142, R143)."""

from __future__ import annotations

from decimal import Decimal

from models.approvals.matrix import ApprovalOf, Level, Levels, ToApprove, levels_for, still_missing, united
from models.cases.case import Case, Granted
from models.cases.contents import CaseGrant, CaseRefusal
from models.cases.duties import keep_own_work_apart, nobody_left
from models.cases.terms import GOODS_COME_BACK, OF_MONEY, CaseEnding, CaseType, Remedy
from models.decisions.case_decisions import TWO_ROLES, asked_of, note_answer, read_answer, settle_answer
from models.dossier.decisions import ask, keep_apart, void
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import DecisionContent, NoDetail, Outcome, Subject
from models.messages.envelope import Envelope
from models.values.content import Content
from models.values.editions import Edition
from models.values.errors import Code, Refusal
from models.values.money import ZERO, as_text
from models.values.vocabulary import Role, Words

OF_CASES = (Subject.CASE_ADMISSION, Subject.CASE_DECISION, Subject.CASE_REVIEW)
_REASON = Words("维持原决定须写明原因", "keeping to it needs the reason")
_AMOUNT = Words(
    "没有可计价的退回货物，请写明金额", "no goods come back that say what it is worth: name the amount"
)
_AMOUNT_BESIDE_GOODS = Words(
    "退回货物的金额由系统按检验结果计算，不得另写",
    "what comes back is worked out from the inspection; no amount is named beside it",
)
_NO_GOODS = Words("没有写明货物和数量，无法寄回", "no goods and quantity are named that could come back")


def levels_of(case: Case, amount: Decimal, subject: Subject) -> Levels:
    """R143: the service supervisor up to the limit, above it the director; and all rows of the matrix that fit (R106).

    From edition 11 the director also where no supervisor is left who may decide it, and a director is.
    """
    above = amount > case.policy.afterwards.supervisor_limit or _is_the_directors(case, subject)
    own: Levels = ((Role.MARKETING_DIRECTOR,),) if above else ((Role.SERVICE_SUPERVISOR,),)
    thing = ToApprove(
        ApprovalOf.REFUND,
        amount=amount,
        customer_class=case.customer.customer_class,
        customer=case.customer.customer,
    )
    return united(own, levels_for(case.policy.approvals, thing))


def _is_the_directors(case: Case, subject: Subject) -> bool:
    """R143: a case waits for nobody because each supervisor had a hand in it; where the director had too, it is set aside."""
    return (
        case.follows(Edition.OWN_WORK_EVERYWHERE)
        and nobody_left(case, subject, Role.SERVICE_SUPERVISOR)
        and bool(case.staff.persons(Role.MARKETING_DIRECTOR))
        and not nobody_left(case, subject, Role.MARKETING_DIRECTOR)
    )


def open_subject(case: Case) -> Subject | None:
    """What is to be decided now; None while nothing is."""
    if case.waits_for_review:
        return Subject.CASE_REVIEW
    if case.decided_at is not None or case.acknowledged_at is None:
        return None
    if case.is_late_defect and not case.admitted:
        return Subject.CASE_ADMISSION
    return Subject.CASE_DECISION if case.assessment is not None else None


def missing_roles(case: Case, subject: Subject, amount: Decimal = ZERO) -> Level:
    """Who is asked now; `amount` is what an answer would grant."""
    if subject is Subject.CASE_ADMISSION:
        return (Role.SERVICE_SUPERVISOR,)
    asked = case.decision(subject)
    given = [each.role for each in asked.answers] if asked is not None else []
    return still_missing(levels_of(case, max(case.at_stake, amount), subject), given)


def settle_decisions(case: Case) -> None:
    """Ask for exactly what is to be decided; what was asked about something else falls."""
    subject = open_subject(case)
    for other in OF_CASES:
        asked = case.decision(other)
        if other is not subject and asked is not None and asked.outcome is None:
            void(case, other)
    if subject is not None:
        ask(case, subject, _about(case, subject))


def _about(case: Case, subject: Subject) -> dict[str, str]:
    """All that the answer rests on (the rule of figures)."""
    goods, assessment = case.goods, case.assessment
    return {
        "order": case.request.order,
        "type": case.request.type.value,
        "cause": case.request.cause.value,
        "goods": f"{goods.line}. {goods.product} {goods.specification}".strip() if goods is not None else "",
        "quantity": f"{case.asked_quantity:f}" if case.request.quantity is not None else "",
        "unit_price": f"{goods.unit_price:f}" if goods is not None else "",
        "at_stake": as_text(case.at_stake),
        "words": case.request.words,
        "assessed": assessment.words if assessment is not None else "",
        "proposed": assessment.remedy.value
        if assessment is not None and assessment.remedy is not None
        else "",
        "evidence": str(len(case.evidence)),
        "objection": case.objection if subject is Subject.CASE_REVIEW else "",
        "levels": " → ".join(" + ".join(level) for level in levels_of(case, case.at_stake, subject)),
    }


# --- answers -----------------------------------------------------------------------------------------------------------


def case_decision(case: Case, envelope: Envelope, content: DecisionContent) -> None:
    """Take an answer and do what follows. Raises Refusal before anything changes."""
    detail = read_answer(content, OF_CASES)
    if content.outcome is Outcome.KEEP and isinstance(detail, NoDetail) and not detail.words:
        raise Refusal(Code.MISSING_FIELD, _REASON, where="content.detail.words", rule="R143")
    amount = detail.amount if isinstance(detail, CaseGrant) else None
    subject = content.subject
    if case.follows(Edition.OWN_WORK_EVERYWHERE) and subject is open_subject(case):
        # Said before whose turn it is: it may be another role's just because of this person's own work.
        keep_own_work_apart(case, subject, envelope.by)
    asked = asked_of(case, envelope, content, missing_roles(case, subject, amount or ZERO))
    keep_own_work_apart(case, subject, envelope.by)
    keep_apart(case, "R143", envelope.by, {each.by for each in asked.answers}, TWO_ROLES)
    if isinstance(detail, CaseGrant):
        _require_possible(case, detail)
    note_answer(case, envelope, content, asked, detail)
    whole = subject is Subject.CASE_ADMISSION or content.outcome is not Outcome.APPROVE
    if not whole and missing_roles(case, subject, amount or ZERO):
        return
    settle_answer(case, envelope, content, asked)
    _follow(case, envelope, subject, detail)


def goods_come_back(case: Case, grant: CaseGrant) -> bool:
    """Whether the goods are to come back under this grant: they did already, or the type of the case has it so."""
    if case.came_back is not None:
        return True
    if grant.goods_back is not None:
        return grant.goods_back
    return case.request.type in GOODS_COME_BACK and grant.remedy is not Remedy.ANSWER


def _require_possible(case: Case, grant: CaseGrant) -> None:
    back = goods_come_back(case, grant)
    if back and (
        case.goods is None or case.request.quantity is None or case.request.type is CaseType.COMPLAINT
    ):
        raise Refusal(Code.CONTRADICTION, _NO_GOODS, where="content.detail.goods_back", rule="R143")
    if grant.remedy not in OF_MONEY:
        return
    counts = back and (case.inspected is None or case.goods_to_count > 0)
    if not counts and grant.amount is None:
        raise Refusal(Code.MISSING_FIELD, _AMOUNT, where="content.detail.amount", rule="R142")
    if counts and grant.amount is not None:
        raise Refusal(Code.CONTRADICTION, _AMOUNT_BESIDE_GOODS, where="content.detail.amount", rule="R142")


def _follow(case: Case, envelope: Envelope, subject: Subject, detail: Content) -> None:
    if isinstance(detail, CaseGrant):
        _grant(case, envelope, subject, detail)
    elif subject is Subject.CASE_REVIEW:
        case.pending_ending = CaseEnding.FINAL
    elif case.outcome(subject) is Outcome.APPROVE:
        case.admitted = True
    elif isinstance(detail, CaseRefusal):
        _refuse(case, detail.words)


def _grant(case: Case, envelope: Envelope, subject: Subject, detail: CaseGrant) -> None:
    if subject is Subject.CASE_REVIEW:
        case.round, case.remedied_at, case.refusal = 1, None, ""
    case.grant = Granted(
        remedy=detail.remedy,
        our_fault=detail.our_fault,
        goods_back=goods_come_back(case, detail),
        amount=detail.amount,
        by=envelope.by,
        at=case.clock,
    )
    case.decided_at = case.clock
    until, name = case.send_by, str(case.round + 1)
    to, remedy = (Role.CUSTOMER, Role.SALESPERSON), Words(detail.remedy.zh, detail.remedy.en)
    if until is None:
        case.intend(Paper.CASE_GRANTED, name, to, "R143", number=case.number, remedy=remedy)
    else:
        case.intend(
            Paper.CASE_GRANTED_GOODS, name, to, "R143", number=case.number, remedy=remedy, until=until
        )


def _refuse(case: Case, reason: str) -> None:
    """Nothing is granted: the customer reads why, and may object once."""
    case.refusal = reason
    case.decided_at = case.remedied_at = case.clock
    case.intend(
        Paper.CASE_REFUSED, "1", (Role.CUSTOMER, Role.SALESPERSON), "R143", number=case.number, reason=reason
    )
