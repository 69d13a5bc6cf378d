"""The procedure of after-sales cases: how one begins, what it waits for, what time does to it, and how it ends (R142 to R144)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from models.cases.case import Case, Evidence
from models.cases.case_request import CaseStart
from models.cases.deciding import missing_roles, open_subject, settle_decisions
from models.cases.duties import barred
from models.cases.facts import CASE_FACTS, OWNERS, carries_out, is_remedied, is_to_carry_out
from models.cases.terms import CaseEnding, Remedy
from models.decisions.subjects import SUBJECTS
from models.dossier.journal import EntryKind
from models.dossier.open_steps import Need, OpenStep
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import CaseStepKind, StepKind
from models.messages.decision_subjects import Subject
from models.messages.reply import Reply
from models.values.calendar import hours_of
from models.values.fingerprint import lasting
from models.values.money import ZERO, as_text
from models.values.vocabulary import Role, Words
from workflows import case as cases
from workflows.case import CaseKind, Round

NOTHING: frozenset[str] = frozenset()
_OWNER = OWNERS[:1]
_REMEDY_STEPS = {
    Remedy.REFUND: CaseStepKind.PAY_REFUND,
    Remedy.CREDIT: CaseStepKind.GIVE_CREDIT,
    Remedy.RESHIP: CaseStepKind.SHIP_AGAIN,
    Remedy.REPAIR: CaseStepKind.REPAIR_GOODS,
    Remedy.ANSWER: CaseStepKind.ANSWER_CASE,
}
_NOT_URGED = (CaseStepKind.RETURNED_GOODS, CaseStepKind.AGREE_TO_REMEDY)
"""Their limit ends the case by itself: the customer is reminded before it, and nobody is late (R143)."""


def begin(start: CaseStart, now: datetime) -> Case:
    """A case that was just opened: told to the customer and to its owner (R143)."""
    clock = max(now, start.placed_at)
    request = start.request
    case = Case(
        number=start.number,
        placed_at=start.placed_at,
        request=request,
        customer=start.customer,
        goods=start.goods,
        evidence=[
            Evidence(document=document, by=request.entered_by, role=request.entered_role, at=start.placed_at)
            for document in dict.fromkeys(request.evidence)
        ],
        staff=start.staff,
        policy=start.policy,
        edition=start.edition,
        calendar=start.calendar,
        clock=clock,
        last_movement=clock,
    )
    case.note(
        EntryKind.PLACED,
        "case_opened",
        at=start.placed_at,
        by=request.entered_by,
        role=request.entered_role,
        rule="R143",
        request=request.model_dump(mode="json", exclude_defaults=True),
        goods=lasting(start.goods) if start.goods is not None else None,
        policy=start.policy.version,
        edition=start.edition,
    )
    case.intend(
        Paper.CASE_OPENED,
        "1",
        (Role.CUSTOMER, Role.SERVICE_CLERK),
        "R143",
        number=case.number,
        order=request.order,
        type=Words(request.type.zh, request.type.en),
        cause=Words(request.cause.zh, request.cause.en),
        hours=f"{start.policy.afterwards.acknowledge_hours:f}",
    )
    proceed(case)
    return case


def receive(case: Case, raw: object, now: datetime) -> Reply:
    """Take what is said at this moment and do what follows from it. Never raises for bad input."""
    return cases.receive(CASES, case, raw, now)


def advance(case: Case, now: datetime) -> datetime | None:
    """It is now `now`: everything that became due since the last look happens, each at its own moment, once."""
    return cases.advance(CASES, case, now)


def proceed(case: Case) -> None:
    """Do what follows, open and close steps, end, until nothing moves any more."""
    cases.proceed(CASES, case)


# --- how a case is looked at -------------------------------------------------------------------------------------------


def _settle(case: Case) -> frozenset[str]:
    settle_decisions(case)
    if case.is_exchange and case.remedy is Remedy.RESHIP and is_to_carry_out(case):
        if case.difference == ZERO:
            is_remedied(case, by="")
        else:
            case.intend(
                Paper.EXCHANGE_DIFFERENCE,
                str(case.round + 1),
                (Role.FINANCE,),
                "R144",
                number=case.number,
                replacement=case.replacement,
                difference=as_text(case.difference),
            )
    return NOTHING


def needs_of(case: Case) -> list[Need]:
    """What the case waits for; asking changes nothing."""
    if not case.lives or case.pending_ending is not None:
        return []
    return [*_opening(case), *_deciding(case), *_goods(case), *_remedy(case), *_answer(case)]


def _opening(case: Case) -> Iterator[Need]:
    """Taken up within 24 hours, then looked into."""
    if case.decided_at is not None:
        return
    request = case.request
    if case.acknowledged_at is None:
        yield Need(
            "acknowledge",
            CaseStepKind.ACKNOWLEDGE_CASE,
            _OWNER,
            "R143",
            due=case.placed_at + hours_of(case.policy.afterwards.acknowledge_hours),
            values={
                "type_zh": request.type.zh,
                "type_en": request.type.en,
                "cause_zh": request.cause.zh,
                "cause_en": request.cause.en,
            },
        )
    elif case.assessment is None:
        yield Need("assess", CaseStepKind.ASSESS_CASE, _OWNER, "R143", due=case.decide_by)


def _deciding(case: Case) -> Iterator[Need]:
    subject = open_subject(case)
    if subject is None:
        return
    asked = case.decision(subject)
    roles = missing_roles(case, subject)
    yield Need(
        f"decision:{subject.value}",
        StepKind.DECISION,
        roles,
        subject.rule,
        due=case.decide_by,
        values={
            "subject": subject.value,
            "subject_zh": subject.zh,
            "subject_en": subject.en,
            "outcomes": "/".join(SUBJECTS[subject].outcomes),
            "version": str(asked.version) if asked is not None else "",
        },
        people=_deciders(case, subject, roles),
    )


def _deciders(case: Case, subject: Subject, roles: tuple[Role, ...]) -> tuple[str, ...]:
    """Who has the role and is not barred: the owner never decides (R143)."""
    not_they = barred(case, subject)
    return tuple(
        next((person for person in case.staff.persons(role) if person not in not_they), "")
        for role in roles
        if any(person not in not_they for person in case.staff.persons(role))
    )


def _goods(case: Case) -> Iterator[Need]:
    """The customer sends, the warehouse receives, quality inspects."""
    if case.grant is None or case.remedied_at is not None:
        return
    values = {"quantity": f"{case.asked_quantity.normalize():f}", **_unit(case)}
    policy = case.policy.afterwards
    if case.waits_for_goods:
        if case.sent_at is None:
            yield Need(
                "send", CaseStepKind.RETURNED_GOODS, (Role.CUSTOMER,), "R143", due=case.send_by, values=values
            )
        else:
            due = case.sent_at + timedelta(days=policy.receive_days)
            yield Need(
                "receive", CaseStepKind.RECEIVE_RETURN, (Role.WAREHOUSE,), "R143", due=due, values=values
            )
    elif case.waits_for_inspection and case.received_at is not None:
        due = case.working_days(case.received_at, policy.inspect_days)
        came = {"quantity": f"{(case.came_back or ZERO).normalize():f}", **_unit(case)}
        yield Need("inspect", CaseStepKind.INSPECT_CASE, (Role.QUALITY,), "R143", due=due, values=came)


def _unit(case: Case) -> dict[str, str]:
    goods = case.goods
    return {"unit_zh": goods.unit.zh, "unit_en": goods.unit.en} if goods is not None else {}


def _remedy(case: Case) -> Iterator[Need]:
    if case.grant is None or case.remedied_at is not None:
        return
    if case.is_to_count:
        yield Need(
            f"count:{case.round}", CaseStepKind.COUNT_REFUND, (Role.SYSTEM,), "R142", due=case.remedy_due
        )
    if case.is_to_replace:
        yield Need("replace", CaseStepKind.ORDER_REPLACEMENT, (Role.SYSTEM,), "R144", due=case.remedy_due)
    trouble = case.replacement_trouble
    if trouble is not None:
        yield Need(
            f"replace:{case.replacement_tries}",
            CaseStepKind.REPLACEMENT_NOT_MADE,
            _OWNER,
            "R144",
            due=case.remedy_due,
            values={"reason_zh": trouble.zh, "reason_en": trouble.en},
        )
    if is_to_carry_out(case):
        yield _remedy_step(case)


def _remedy_step(case: Case) -> Need:
    count, remedy = case.count, case.remedy or Remedy.ANSWER
    exchange = case.is_exchange and remedy is Remedy.RESHIP
    values = {"payable": as_text(count.payable), "value": as_text(count.value)} if count is not None else {}
    if exchange:
        values |= {"replacement": case.replacement, "difference": as_text(case.difference)}
    return Need(
        f"remedy:{case.round}",
        CaseStepKind.SETTLE_EXCHANGE if exchange else _REMEDY_STEPS[remedy],
        carries_out(case)[:1],
        "R144" if exchange else "R143",
        due=case.remedy_due,
        values=values,
    )


def _answer(case: Case) -> Iterator[Need]:
    due = case.agree_by
    if due is not None:
        yield Need("agree", CaseStepKind.AGREE_TO_REMEDY, (Role.CUSTOMER,), "R143", due=due, blocking=False)


def _move(case: Case, needed: cases.Needed) -> None:
    if case.pending_ending is not None:
        _end(case, case.pending_ending)


def _end(case: Case, ending: CaseEnding) -> None:
    case.ending, case.ended_at = ending, case.clock
    cases.close_all(case)
    case.note(EntryKind.ENDED, ending.value, rule="R143", order=case.request.order)
    if ending is CaseEnding.NOT_SENT:
        case.intend(Paper.CASE_UNSENT, "1", (Role.CUSTOMER, Role.SERVICE_CLERK), "R143", number=case.number)
    else:
        case.intend(
            Paper.CASE_CLOSED,
            "1",
            (Role.CUSTOMER, Role.SERVICE_CLERK),
            "R143",
            number=case.number,
            ending=Words(ending.zh, ending.en),
        )


_USUAL: Round[Case] = Round(_settle, lambda case: {"": needs_of(case)}, _move)


# --- time --------------------------------------------------------------------------------------------------------------


def _reminder_at(case: Case) -> datetime | None:
    due = case.send_by
    if due is None or case.reminded:
        return None
    return due - timedelta(days=case.policy.afterwards.reminder_days)


def _deadlines(case: Case) -> Iterator[datetime]:
    for moment in (_reminder_at(case), case.send_by, case.agree_by):
        if moment is not None:
            yield moment


def _pass_deadlines(case: Case) -> None:
    due, reminder, agree = case.send_by, _reminder_at(case), case.agree_by
    if due is not None and due <= case.clock:
        _not_sent(case)
    elif due is not None and reminder is not None and reminder <= case.clock:
        case.reminded = True
        case.intend(Paper.CASE_GOODS_REMINDER, "1", (Role.CUSTOMER,), "R143", number=case.number, until=due)
    if agree is not None and agree <= case.clock and case.pending_ending is None:
        case.pending_ending = CaseEnding.SILENT


def _not_sent(case: Case) -> None:
    """R143: reminded, closed, and the quantity is free; what was replaced on our fault is settled by finance (R144)."""
    if case.replacement:
        case.never_sent = True
    else:
        case.pending_ending = CaseEnding.NOT_SENT


def _nothing_before(case: Case) -> None:
    """Time alone changes nothing between its deadlines."""


def _rests(case: Case, step: OpenStep) -> bool:
    return step.kind in _NOT_URGED


CASES: CaseKind[Case] = CaseKind(
    facts=CASE_FACTS,
    round_of=lambda case: _USUAL,
    before_each_round=_nothing_before,
    deadlines=_deadlines,
    pass_deadlines=_pass_deadlines,
    rests=_rests,
)
"""What makes an after-sales case a case of its own."""
