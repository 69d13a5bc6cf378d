"""The procedure of contracts: how one begins, what it waits for, what time does to it, and how it ends (R106, R107)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from models.contracts.approval import missing_answers, settle_approval
from models.contracts.contract import Draft, OrderContract
from models.contracts.contract_request import ContractStart
from models.contracts.facts import CONTRACT_FACTS, DRAFTERS, first_draft
from models.contracts.order_news import news_of
from models.contracts.terms import ContractEnding, ContractSide
from models.decisions.subjects import SUBJECTS
from models.dossier.journal import EntryKind
from models.dossier.open_steps import Need
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import CaseStepKind, StepKind
from models.messages.decision_subjects import Subject
from models.messages.reply import Reply
from models.values.vocabulary import Role, Words
from workflows import case
from workflows.case import CaseKind, Round

NOTHING: frozenset[str] = frozenset()
_TOLD_OF_THE_END = (Role.CUSTOMER, Role.SALESPERSON, Role.LEGAL)
_DRAFTER = DRAFTERS[:1]
_STANDING = "standing:"


def begin(start: ContractStart, now: datetime) -> OrderContract:
    """A contract that was just drafted: its approval is asked for (R107)."""
    clock = max(now, start.placed_at)
    request = start.request
    contract = OrderContract(
        number=start.number,
        placed_at=start.placed_at,
        request=request,
        customer=start.customer,
        staff=start.staff,
        policy=start.policy,
        edition=start.edition,
        calendar=start.calendar,
        clock=clock,
        last_movement=clock,
    )
    contract.drafts.append(first_draft(contract, request.entered_by))
    contract.note(
        EntryKind.PLACED,
        "contract",
        at=start.placed_at,
        by=request.entered_by,
        role=request.entered_role,
        rule="R107",
        request=request.model_dump(mode="json", exclude_defaults=True),
        digest=contract.newest.digest,
        policy=start.policy.version,
        edition=start.edition,
    )
    proceed(contract)
    return contract


def receive(contract: OrderContract, raw: object, now: datetime) -> Reply:
    """Take what is said at this moment and do what follows from it. Never raises for bad input."""
    return case.receive(CONTRACTS, contract, raw, now)


def advance(contract: OrderContract, now: datetime) -> datetime | None:
    """It is now `now`: everything that became due since the last look happens, each at its own moment, once."""
    return case.advance(CONTRACTS, contract, now)


def proceed(contract: OrderContract) -> None:
    """Do what follows, open and close steps, end, until nothing moves any more."""
    case.proceed(CONTRACTS, contract)


# --- how a contract is looked at ---------------------------------------------------------------------------------------


def _settle(contract: OrderContract) -> frozenset[str]:
    if contract.pending_ending is None:
        settle_approval(contract)
        _settle_standing(contract)
    return NOTHING


def _settle_standing(contract: OrderContract) -> None:
    """R107: thirty days before the end both sides are reminded, where the order still needs the contract."""
    draft = contract.in_force
    if draft is None or contract.order_ended:
        if contract.order_ended:
            contract.pending_ending = ContractEnding.ORDER_ENDED
        return
    last_day = draft.valid_until.isoformat()
    if not contract.reminder_due or f"{_STANDING}{last_day}" not in contract.told:
        return
    contract.reminder_due, contract.reminded = False, last_day
    contract.intend(
        Paper.CONTRACT_EXPIRES,
        last_day,
        (Role.CUSTOMER, Role.SALESPERSON, Role.LEGAL),
        "R107",
        number=contract.number,
        order=contract.request.order,
        until=last_day,
    )


def needs_of(contract: OrderContract) -> list[Need]:
    """What the contract waits for; asking changes nothing."""
    if not contract.lives:
        return []
    told = [_to_be_told(contract)] if news_of(contract) is not None else []
    return told if contract.pending_ending is not None else [*told, *_towards_signing(contract)]


def _to_be_told(contract: OrderContract) -> Need:
    return Need(
        "tell_order",
        CaseStepKind.TELL_ORDER,
        (Role.SYSTEM,),
        "R107",
        hours=contract.policy.limits.decision_hours,
        values={"contracted": contract.request.order},
    )


def _towards_signing(contract: OrderContract) -> Iterator[Need]:
    draft, policy = contract.pending, contract.policy.contract
    if draft is None:
        if contract.to_redraft:
            fell = contract.newest
            yield Need(
                f"draft:{fell.version + 1}",
                CaseStepKind.DRAFT_CONTRACT,
                _DRAFTER,
                "R107",
                hours=policy.draft_hours,
                values={"version": str(fell.version + 1), "reason": fell.sent_back or fell.declined or ""},
            )
        return
    missing = missing_answers(contract, draft)
    if missing:
        yield _decision(contract, missing)
    elif draft.approved_at is not None:
        yield from _signing(contract, draft)


def _signing(contract: OrderContract, draft: Draft) -> Iterator[Need]:
    hours, values = contract.policy.contract.signing_hours, {"version": str(draft.version)}
    if draft.signing is None:
        yield Need(
            f"arrange:{draft.version}",
            CaseStepKind.ARRANGE_SIGNING,
            _DRAFTER,
            "R107",
            hours=hours,
            values=values,
        )
        return
    values = {**values, "digest": draft.digest}
    for side, kind, role in (
        (ContractSide.COMPANY, CaseStepKind.SIGN_FOR_COMPANY, Role.MARKETING_DIRECTOR),
        (ContractSide.CUSTOMER, CaseStepKind.SIGN_FOR_CUSTOMER, Role.CUSTOMER),
    ):
        if draft.signature_of(side) is None:
            key = f"sign_{side.value}:{draft.version}"
            yield Need(key, kind, (role,), "R107", due=draft.signing.at, values=values)


def _decision(contract: OrderContract, roles: tuple[Role, ...]) -> Need:
    subject = Subject.CONTRACT_APPROVAL
    asked = contract.decision(subject)
    return Need(
        f"decision:{subject.value}",
        StepKind.DECISION,
        roles,
        subject.rule,
        hours=contract.policy.limits.decision_hours,
        values={
            "subject": subject.value,
            "subject_zh": subject.zh,
            "subject_en": subject.en,
            "outcomes": "/".join(SUBJECTS[subject].outcomes),
            "version": str(asked.version) if asked is not None else "",
        },
        people=tuple(person for role in roles if (person := contract.staff.person(role))),
    )


def _move(contract: OrderContract, needed: case.Needed) -> None:
    if contract.pending_ending is not None and news_of(contract) is None:
        _end(contract, contract.pending_ending)


def _end(contract: OrderContract, ending: ContractEnding) -> None:
    """R107: one that runs out after its order has ended was fulfilled."""
    if ending is ContractEnding.EXPIRED and contract.order_ended:
        ending = ContractEnding.ORDER_ENDED
    contract.ending, contract.ended_at = ending, contract.clock
    case.close_all(contract)
    contract.note(EntryKind.ENDED, ending.value, rule="R107", order=contract.request.order)
    if ending is not ContractEnding.ORDER_ENDED:
        contract.intend(
            Paper.CONTRACT_ENDED,
            "1",
            _TOLD_OF_THE_END,
            "R107",
            number=contract.number,
            order=contract.request.order,
            ending=Words(ending.zh, ending.en),
        )


_USUAL: Round[OrderContract] = Round(_settle, lambda contract: {"": needs_of(contract)}, _move)


# --- time --------------------------------------------------------------------------------------------------------------


def _deadlines(contract: OrderContract) -> Iterator[datetime]:
    if contract.pending_ending is not None:
        return
    reminder = None if contract.reminder_due else contract.reminder_at
    for moment in (reminder, contract.expires_at, contract.lapses_at):
        if moment is not None:
            yield moment


def _pass_deadlines(contract: OrderContract) -> None:
    if contract.pending_ending is not None:
        return
    for moment, ending in (
        (contract.expires_at, ContractEnding.EXPIRED),
        (contract.lapses_at, ContractEnding.LAPSED),
    ):
        if moment is not None and moment <= contract.clock:
            contract.pending_ending = ending
            return
    reminder = contract.reminder_at
    if reminder is not None and reminder <= contract.clock:
        contract.reminder_due = True


def _nothing_before(contract: OrderContract) -> None:
    """Time alone changes nothing between its deadlines."""


CONTRACTS: CaseKind[OrderContract] = CaseKind(
    facts=CONTRACT_FACTS,
    round_of=lambda contract: _USUAL,
    before_each_round=_nothing_before,
    deadlines=_deadlines,
    pass_deadlines=_pass_deadlines,
)
"""What makes a contract a case of its own."""
