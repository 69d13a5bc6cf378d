"""Which halves of an after-sales case are never one person's: who handles, looks into, decides, reviews, pays (R106, R143).

Free on purpose: who admitted a late complaint decides it (it was let in, nothing was granted), and who decided carries out
what is no money. Who acknowledged it or added evidence judged nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.cases.case import Case
from models.dossier.decisions import is_set_aside, keep_apart
from models.messages.decision_subjects import Outcome, Subject
from models.values.editions import Edition
from models.values.vocabulary import Role, Words

RULE = "R143"
_HANDLES = Words(
    "职责必须分离：{who} 登记、核查或经办此售后单，不能由其决定",
    "duties are kept apart: {who} entered, assessed or handles this case and may not decide it",
)
_SELLS = Words(
    "职责必须分离：{who}是该订单的业务员，不能决定其售后",
    "duties are kept apart: {who} is the salesperson of the order and may not decide a case about it",
)
_DECIDED = Words(
    "职责必须分离：{who}作了原决定，不能复核",
    "duties are kept apart: {who} gave the first decision and may not review it",
)
_INSPECTED = Words(
    "职责必须分离：{who}检验了退回的货物，不能复核",
    "duties are kept apart: {who} inspected the goods that came back and may not review the case",
)
_REMEDIED = Words(
    "职责必须分离：{who}办理了原处理，不能复核",
    "duties are kept apart: {who} carried out the first remedy and may not review it",
)


def barred_halves(case: Case, subject: Subject) -> Iterator[tuple[set[str], Words]]:
    """Who may not decide this, and why: the owner, who entered it, who assessed it; who did what is reviewed now."""
    handling = {case.owner, case.request.entered_by}
    if case.assessment is not None:
        handling.add(case.assessment.by)
    if not case.follows(Edition.OWN_WORK_EVERYWHERE):
        yield handling - {""}, _HANDLES
        return
    yield (handling | set(case.assessors)) - {""}, _HANDLES
    yield {case.staff.person(Role.SALESPERSON)} - {""}, _SELLS
    if subject is Subject.CASE_REVIEW:
        first = case.decision(Subject.CASE_DECISION)
        yield {answer.by for answer in first.answers} if first is not None else set(), _DECIDED
        yield {case.inspected.by} if case.inspected is not None else set(), _INSPECTED
        yield {case.remedied_by} - {""}, _REMEDIED


def keep_own_work_apart(case: Case, subject: Subject, by: str) -> None:
    """Raises Refusal(same_person) where this person did what is decided about."""
    for people, words in barred_halves(case, subject):
        keep_apart(case, RULE, by, people, words.filled(who=by))


def barred(case: Case, subject: Subject) -> set[str]:
    """Who may not decide this, by id; from edition 11 without those for whom that was set aside openly."""
    people = {person for half, _ in barred_halves(case, subject) for person in half}
    if not case.follows(Edition.OWN_WORK_EVERYWHERE):
        return people
    return {person for person in people if not is_set_aside(case, RULE, person)}


def nobody_left(case: Case, subject: Subject, role: Role) -> bool:
    """Whether people are known to have this role and all of them are barred from deciding this."""
    known = case.staff.persons(role)
    return bool(known) and barred(case, subject) >= set(known)


def agreed_by(case: Case) -> set[str]:
    """Everybody who agreed to a remedy of this case, at each level and in each round."""
    asked = (case.decision(subject) for subject in (Subject.CASE_DECISION, Subject.CASE_REVIEW))
    return {
        answer.by for each in asked if each is not None for answer in each.answers
        if answer.outcome is Outcome.APPROVE
    }  # fmt: skip
