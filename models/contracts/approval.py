"""Whose approval a contract needs, and the answers: by the matrix, by default legal and finance (R106, R107)."""

from __future__ import annotations

from datetime import datetime

from models.approvals.matrix import ApprovalOf, Level, Levels, ToApprove, levels_for, still_missing
from models.contracts.contract import Draft, OrderContract
from models.decisions.case_decisions import TWO_ROLES, asked_of, note_answer, read_answer, settle_answer
from models.dossier.decisions import ask, keep_apart, void
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import DecisionContent, NoDetail, Outcome, Subject
from models.messages.envelope import Envelope
from models.values.errors import Code, Refusal
from models.values.money import as_text
from models.values.vocabulary import Role, Words

OF_CONTRACTS = (Subject.CONTRACT_APPROVAL,)
_OWN_WORK = Words(
    "职责必须分离：{who}不能既起草合同又审批",
    "duties are kept apart: {who} may not both draft a contract and approve it",
)
_OWN_ORDER = Words(
    "职责必须分离：{who}是本单的业务员，不能审批其合同",
    "duties are kept apart: {who} is the salesperson of the order and may not approve its contract",
)
_WHY = Words("退回须写明原因", "sent back only with the reason")


def levels_of(contract: OrderContract, draft: Draft) -> Levels:
    """R106: who must approve this version: all rows of the matrix that fit."""
    thing = ToApprove(
        ApprovalOf.CONTRACT,
        amount=draft.terms.total,
        customer_class=contract.customer.customer_class,
        customer=contract.customer.customer,
        terms=draft.terms.payment_terms,
    )
    return levels_for(contract.policy.approvals, thing)


def missing_answers(contract: OrderContract, draft: Draft) -> Level:
    """Who is asked now: of the first level that has not all its answers."""
    asked = contract.decision(Subject.CONTRACT_APPROVAL)
    if asked is None or asked.outcome is not None:
        return ()
    return still_missing(levels_of(contract, draft), [answer.role for answer in asked.answers])


def settle_approval(contract: OrderContract) -> None:
    """Ask for exactly what the pending version needs; what was asked about something else falls (R106)."""
    draft, asked = contract.pending, contract.decision(Subject.CONTRACT_APPROVAL)
    if draft is None:
        if asked is not None and asked.outcome is None:
            void(contract, Subject.CONTRACT_APPROVAL)
        return
    levels = levels_of(contract, draft)
    if levels:
        ask(contract, Subject.CONTRACT_APPROVAL, _about(contract, draft, levels))
    elif asked is not None:
        void(contract, Subject.CONTRACT_APPROVAL)
    if draft.approved_at is None and not levels:
        _approve(contract, draft, contract.clock)


def _approve(contract: OrderContract, draft: Draft, moment: datetime) -> None:
    """Everybody who is asked agreed: the contract goes to the customer to be read, and its signing is arranged."""
    draft.approved_at = moment
    contract.intend(
        Paper.CONTRACT,
        str(draft.version),
        (Role.CUSTOMER, Role.SALESPERSON),
        "R107",
        number=contract.number,
        order=contract.request.order,
        version=draft.version,
    )


def _about(contract: OrderContract, draft: Draft, levels: Levels) -> dict[str, str]:
    """All that the answer rests on: version, prices, quality, dates, clauses (the rule of figures)."""
    terms = draft.terms
    return {
        "contract_version": str(draft.version),
        "order": contract.request.order,
        "amount": as_text(terms.total),
        "delivery_date": terms.delivery_date.isoformat(),
        "payment_terms": terms.payment_terms.value,
        "deposit_percent": as_text(terms.deposit_percent) if terms.deposit_percent is not None else "",
        "quality": draft.quality,
        "valid_until": draft.valid_until.isoformat(),
        "reason": draft.reason,
        "digest": draft.short_digest,
        "levels": " → ".join(" + ".join(level) for level in levels),
    }


# --- answers -----------------------------------------------------------------------------------------------------------


def contract_decision(contract: OrderContract, envelope: Envelope, content: DecisionContent) -> None:
    """Take an answer and do what follows. Raises Refusal before anything changes."""
    detail = read_answer(content, OF_CONTRACTS)
    if content.outcome is Outcome.SEND_BACK and isinstance(detail, NoDetail) and not detail.words:
        raise Refusal(Code.MISSING_FIELD, _WHY, where="content.detail.words", rule=content.subject.rule)
    draft = contract.pending
    turn = missing_answers(contract, draft) if draft is not None else ()
    asked = asked_of(contract, envelope, content, turn)
    rule = asked.subject.rule
    drafter = {draft.drafted_by if draft is not None else ""} - {""}
    seller = {contract.staff.person(Role.SALESPERSON)} - {""}
    keep_apart(contract, rule, envelope.by, drafter, _OWN_WORK.filled(who=envelope.by))
    keep_apart(contract, rule, envelope.by, seller, _OWN_ORDER.filled(who=envelope.by))
    keep_apart(contract, rule, envelope.by, {each.by for each in asked.answers}, TWO_ROLES)
    note_answer(contract, envelope, content, asked, detail)
    agreed = content.outcome is Outcome.APPROVE
    if draft is None or (agreed and missing_answers(contract, draft)):
        return
    settle_answer(contract, envelope, content, asked)
    if agreed:
        _approve(contract, draft, max(each.at for each in asked.answers))
    else:
        _send_back(contract, draft, str(asked.detail.get("words", "")))


def _send_back(contract: OrderContract, draft: Draft, reason: str) -> None:
    draft.sent_back = reason
    contract.intend(
        Paper.CONTRACT_SENT_BACK,
        str(draft.version),
        (Role.SALESPERSON,),
        "R107",
        number=contract.number,
        version=draft.version,
        reason=reason,
    )
