"""The facts about a contract, one row each (R107)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from models.contracts import contents
from models.contracts.approval import contract_decision
from models.contracts.contract import Draft, OrderContract, Signature, Signing, digest_of_draft
from models.contracts.signing import (
    find_signed,
    is_signed_already,
    require_named_paper,
    require_signer,
    signs_for,
)
from models.contracts.terms import ContractEnding, ContractSide, ContractTerms
from models.decisions.contracts import ROWS
from models.dossier.papers_due import Paper
from models.handlers.administration import FACTS as ADMINISTRATION
from models.messages.decision_subjects import DecisionContent
from models.messages.envelope import DECISION, Envelope
from models.messages.fact_contents import CancellationRequested, ContactLogged
from models.messages.fact_kind import STAFF, FactKind, FactTable
from models.policy import Policy
from models.values.errors import AlreadyKnown, Code, Refusal
from models.values.money import LARGEST, as_text
from models.values.vocabulary import Role, Words

FACTS = FactTable()
DRAFTERS = (Role.SALESPERSON, Role.LEGAL)
SIGNERS = (Role.MARKETING_DIRECTOR, Role.CUSTOMER, Role.SALESPERSON, Role.SERVICE_CLERK, Role.LEGAL)
MOST_VERSIONS = 20
_TOO_MANY = Words("合同最多 {most} 版", "a contract has at most {most} versions")
_TOO_MUCH = Words("金额 {amount} 超出上限 {most}", "{amount} is more than an amount may be: {most}")
_THE_SAME = Words("与第{version}版没有任何不同", "nothing is different from version {version}")
_BEFORE_TODAY = Words("有效期不能早于今天 {today}", "it would have run out before today, {today}")
_BEFORE_DELIVERY = Words(
    "有效期不能早于交货日 {day}", "it would run out before the day of the delivery, {day}"
)
_IN_FORCE = Words(
    "合同已生效，须由法务或营销总监凭书面终止",
    "the contract is in force: legal or the marketing director terminates it, in writing",
)
_STALE = Words(
    "第{version}版不是待签署的版本，现在是第{now}版",
    "version {version} is not the one to be signed; version {now} is the newest",
)
_ENDING = Words("合同正在终结，不再变动", "the contract is about to end and changes no more")


# --- drafted -----------------------------------------------------------------------------------------------------------


def last_valid_day(terms: ContractTerms, given: date | None, policy: Policy) -> date:
    """Until which day a draft counts: as given, else so many days after the delivery date as the policy says."""
    return given or terms.delivery_date + timedelta(days=policy.contract.valid_days)


def require_draft(terms: ContractTerms, valid_until: date, today: date, inside: str = "content.") -> None:
    """Raises Refusal: bad_money, date_in_past, contradiction; `inside` is what stands before the places that they name."""
    most = max((*(line.amount for line in terms.lines), terms.total))
    if most > LARGEST:
        words = _TOO_MUCH.filled(amount=as_text(most), most=as_text(LARGEST))
        raise Refusal(Code.BAD_MONEY, words, where=f"{inside}terms.lines", rule="R107")
    if valid_until < today:
        words = _BEFORE_TODAY.filled(today=today.isoformat())
        raise Refusal(Code.DATE_IN_PAST, words, where=f"{inside}valid_until", rule="R107")
    if valid_until < terms.delivery_date:
        words = _BEFORE_DELIVERY.filled(day=terms.delivery_date.isoformat())
        raise Refusal(Code.CONTRADICTION, words, where=f"{inside}valid_until", rule="R107")


def first_draft(contract: OrderContract, by: str) -> Draft:
    """Version 1, of what the contract began with."""
    request = contract.request
    return _sealed(
        contract,
        Draft(
            version=1,
            terms=request.terms,
            quality=request.quality,
            words=request.words,
            valid_until=last_valid_day(request.terms, request.valid_until, contract.policy),
            drafted_by=by,
            drafted_at=contract.clock,
        ),
    )


def _sealed(contract: OrderContract, draft: Draft) -> Draft:
    draft.digest = digest_of_draft(contract.number, contract.request.order, contract.customer.customer, draft)
    return draft


@FACTS.row(contents.Drafted, DRAFTERS, Words("起草合同新版", "contract drafted"))
def drafted(contract: OrderContract, envelope: Envelope, content: contents.Drafted) -> None:
    """R107: another version; one that was not signed by both falls, one in force stands until this one is signed."""
    _require_going_on(contract)
    last = contract.newest
    if last.version >= MOST_VERSIONS:
        raise Refusal(Code.TOO_LARGE, _TOO_MANY.filled(most=MOST_VERSIONS), where="kind", rule="R107")
    terms = content.terms or last.terms
    later = content.valid_until or max(last.valid_until, terms.delivery_date)
    require_draft(terms, later, contract.today())
    draft = Draft(
        version=last.version + 1,
        terms=terms,
        quality=content.quality if content.quality is not None else last.quality,
        words=content.words if content.words is not None else last.words,
        valid_until=later,
        reason=content.reason,
        supplement=contract.in_force is not None,
        drafted_by=envelope.by,
        drafted_at=contract.clock,
    )
    stands = contract.pending or contract.in_force
    if stands is not None and draft.says_the_same(stands):
        words = _THE_SAME.filled(version=stands.version)
        raise Refusal(Code.CONTRADICTION, words, where="content", rule="R107")
    if last.is_pending:
        last.superseded_at = contract.clock
    contract.drafts.append(_sealed(contract, draft))


# --- signed ------------------------------------------------------------------------------------------------------------


@FACTS.row(contents.SigningArranged, DRAFTERS, Words("安排签署", "signing arranged"))
def signing_arranged(contract: OrderContract, envelope: Envelope, content: contents.SigningArranged) -> None:
    """R107: place and time, told to both sides; it may be arranged anew as long as one signature is missing."""
    _require_going_on(contract)
    draft = _to_sign(contract, content.version)
    if draft.signing == Signing(place=content.place, at=content.at):
        raise AlreadyKnown
    draft.signing = Signing(place=content.place, at=content.at)
    contract.intend(
        Paper.SIGNING_ARRANGED,
        f"{draft.version}:{content.at.isoformat()}:{content.place}"[:200],
        (Role.CUSTOMER, Role.SALESPERSON, Role.MARKETING_DIRECTOR),
        "R107",
        number=contract.number,
        version=draft.version,
        place=content.place,
        at=content.at,
    )


@FACTS.row(contents.ContractSigned, SIGNERS, Words("签署合同", "contract signed"), already=is_signed_already)
def contract_signed(contract: OrderContract, envelope: Envelope, content: contents.ContractSigned) -> None:
    """R107: one side signed; with both signatures it is in force from the later one, and copies are kept."""
    side = signs_for(envelope.role)
    draft = find_signed(contract, content, side)
    _require_going_on(contract)
    require_named_paper(envelope, content)
    signer = content.signed_by or (envelope.by if side is ContractSide.COMPANY else "")
    require_signer(contract, draft, signer, side, envelope.happened_at)
    draft.signatures.append(
        Signature(
            side=side,
            signed_by=signer,
            document=content.document,
            by=envelope.by,
            role=envelope.role,
            at=envelope.happened_at,
            proof=content.link_signature,
        )
    )
    if len(draft.signatures) == len(ContractSide):
        _comes_into_force(contract, draft)


def _comes_into_force(contract: OrderContract, draft: Draft) -> None:
    before = contract.in_force
    draft.in_force_from = max(each.at for each in draft.signatures)
    contract.reminder_due = False
    if before is not None:
        before.superseded_at = draft.in_force_from
    contract.intend(
        Paper.CONTRACT_IN_FORCE,
        str(draft.version),
        (Role.CUSTOMER, Role.SALESPERSON, Role.LEGAL, Role.FINANCE),
        "R107",
        number=contract.number,
        order=contract.request.order,
        version=draft.version,
        since=draft.in_force_from,
    )


@FACTS.row(
    contents.ContractDeclined, (Role.CUSTOMER, Role.SALESPERSON), Words("客户不签", "contract declined")
)
def contract_declined(
    contract: OrderContract, envelope: Envelope, content: contents.ContractDeclined
) -> None:
    """R107: the version falls; a contract that is in force stays as it is."""
    _require_going_on(contract)
    draft = _to_sign(contract, content.version)
    draft.declined = content.reason
    contract.intend(
        Paper.CONTRACT_DECLINED,
        str(draft.version),
        (Role.SALESPERSON,),
        "R107",
        number=contract.number,
        version=draft.version,
        reason=content.reason,
    )


# --- ended, and what is said about it rather than to it ----------------------------------------------------------------


@FACTS.row(
    contents.Terminated,
    (Role.SALESPERSON, Role.LEGAL, Role.MARKETING_DIRECTOR),
    Words("终止合同", "contract terminated"),
)
def terminated(contract: OrderContract, envelope: Envelope, content: contents.Terminated) -> None:
    """R107: before it is in force by who drafted it too; afterwards by legal or the director, in writing."""
    _require_going_on(contract)
    if contract.in_force is not None:
        if envelope.role is Role.SALESPERSON:
            raise Refusal(Code.WRONG_ROLE, _IN_FORCE, where="role", rule="R107")
        if not content.document:
            raise Refusal(Code.NOT_IN_WRITING, _IN_FORCE, where="content.document", rule="R107")
    _terminate(contract, content.reason)


def _terminate(contract: OrderContract, reason: str) -> None:
    contract.termination, contract.pending_ending = reason, ContractEnding.TERMINATED


@FACTS.row(contents.OrderTold, (Role.SYSTEM,), Words("订单已获知合同情况", "order told of its contract"))
def order_told(contract: OrderContract, envelope: Envelope, content: contents.OrderTold) -> None:
    """R107: the order knows how its contract stands; where it has ended there is nothing more to fulfil."""
    if content.news in contract.told:
        raise AlreadyKnown
    contract.told.append(content.news)
    contract.order_ended = contract.order_ended or content.order_ended


@FACTS.row(CancellationRequested, (Role.SYSTEM,), Words("取消", "cancellation requested"))
def cancellation_requested(
    contract: OrderContract, envelope: Envelope, content: CancellationRequested
) -> None:
    """Whoever cancels it in the engine's own pages terminates it, as long as it is not in force."""
    _require_going_on(contract)
    if contract.in_force is not None:
        raise Refusal(Code.NOT_IN_WRITING, _IN_FORCE, where="kind", rule="R107")
    _terminate(contract, content.reason)


@FACTS.row(ContactLogged, STAFF, Words("联系记录", "contact logged"))
def contact_logged(contract: OrderContract, envelope: Envelope, content: ContactLogged) -> None:
    """R18: kept in the journal."""


_SAME_AS_OF_ORDERS = ("calendar_refreshed", "extension_given", "overridden")
CONTRACT_FACTS: Mapping[str, FactKind] = {
    **FACTS,
    **{name: ADMINISTRATION[name] for name in _SAME_AS_OF_ORDERS},
    DECISION: FactKind(
        DecisionContent,
        tuple(sorted({role for rule in ROWS for role in rule.roles})),
        Words("决定", "decision"),
        contract_decision,
    ),
}
"""What may be said to a contract."""


def _require_going_on(contract: OrderContract) -> None:
    if contract.pending_ending is not None:
        raise Refusal(Code.ALREADY_DECIDED, _ENDING, where="kind", rule="R107")


def _to_sign(contract: OrderContract, version: int) -> Draft:
    """The pending version, where it is approved and named. Raises Refusal: stale_version, not_asked."""
    draft = contract.pending
    if draft is None or draft.version != version:
        words = _STALE.filled(version=version, now=contract.newest.version)
        raise Refusal(Code.STALE_VERSION, words, where="content.version", rule="R107")
    if draft.approved_at is None:
        words = Words("第{version}版还没有批准", "version {version} is not approved").filled(version=version)
        raise Refusal(Code.NOT_ASKED, words, where="content.version", rule="R107")
    return draft
