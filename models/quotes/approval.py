"""Whose approval an offer needs, and the answers: by margin and by the matrix (R105, R106), late acceptances too (R104)."""

from __future__ import annotations

from typing import Any

from models.approvals.matrix import ApprovalOf, Level, Levels, ToApprove, levels_for, still_missing, united
from models.decisions.subjects import SUBJECTS
from models.dossier.decision_record import Answered, Asked
from models.dossier.decisions import ask, keep_apart, void
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import DecisionContent, NoDetail, Outcome, Subject
from models.messages.envelope import Envelope, read_content, said_with
from models.quotes.costing import keeps, shown_percent
from models.quotes.offer import Offer
from models.quotes.quote import Quote
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.money import as_text
from models.values.vocabulary import Role, Words

_SUPERVISOR: Levels = ((Role.SALES_SUPERVISOR,),)
_DIRECTOR: Levels = ((Role.MARKETING_DIRECTOR,),)
OF_QUOTES = (Subject.QUOTE_APPROVAL, Subject.LATE_ACCEPTANCE)
_NOT_ASKED = Words("现在没有请求这项决定", "this decision is not asked for now")
_OWN_WORK = Words(
    "职责必须分离：{who}不能既做报价又审批",
    "duties are kept apart: {who} may not both make an offer and approve it",
)
_TWO_ROLES = Words("须由不同的人分别确认", "each answer comes from another person")


def margin_levels(quote: Quote, offer: Offer) -> Levels:
    """R105: at the target nobody, below it the sales supervisor, below the floor the marketing director."""
    policy = quote.policy.quote

    def all_keep(margin: Any) -> bool:
        return all(
            price.cost is not None and keeps(margin, price.unit_price, price.quantity, price.cost, policy.tax)
            for price in offer.prices
        )

    if all_keep(policy.margin):
        return ()
    return _SUPERVISOR if all_keep(policy.floor) else _DIRECTOR


def levels_of(quote: Quote, offer: Offer) -> Levels:
    """R105, R106: who must approve this offer: by its margin, and by all rows of the matrix that fit."""
    thing = ToApprove(
        ApprovalOf.QUOTE,
        amount=offer.most,
        discount=quote.discount_of(offer),
        margin=quote.margin_of_offer(offer),
        customer_class=quote.customer.customer_class,
        customer=quote.customer.customer,
        terms=offer.payment_terms,
    )
    return united(margin_levels(quote, offer), levels_for(quote.policy.approvals, thing))


def missing_answers(quote: Quote, offer: Offer) -> Level:
    """Who is asked now: of the first level that has not all its answers."""
    asked = quote.decision(Subject.QUOTE_APPROVAL)
    if asked is None or asked.outcome is not None:
        return ()
    return still_missing(levels_of(quote, offer), [answer.role for answer in asked.answers])


def settle_approval(quote: Quote) -> None:
    """Ask for exactly what the draft needs; what was asked about something else falls (R106)."""
    draft, asked = quote.draft, quote.decision(Subject.QUOTE_APPROVAL)
    levels = levels_of(quote, draft) if draft is not None else ()
    if draft is not None and levels:
        ask(quote, Subject.QUOTE_APPROVAL, _about(quote, draft, levels))
    elif asked is not None and (draft is not None or asked.outcome is None):
        void(quote, Subject.QUOTE_APPROVAL)


def _about(quote: Quote, draft: Offer, levels: Levels) -> dict[str, str]:
    """All that the answer rests on: version, prices, costs, terms (the rule of figures)."""
    margin = shown_percent(quote.margin_of_offer(draft))
    return {
        "offer_version": str(draft.version),
        "offer_amount": as_text(draft.most),
        "margin": f"{margin} %" if margin is not None else "",
        "prices": ", ".join(
            f"{price.line}: {price.quantity:f} × {price.unit_price:f} ({price.cost or 0:f})"
            for price in draft.prices
        ),
        "payment_terms": draft.payment_terms.value if draft.payment_terms else "",
        "deposit_percent": as_text(draft.deposit_percent) if draft.deposit_percent is not None else "",
        "levels": " → ".join(" + ".join(level) for level in levels),
    }


def settle_late(quote: Quote) -> None:
    """R104: a late acceptance is asked about for as long as it waits."""
    if quote.late is not None:
        ask(quote, Subject.LATE_ACCEPTANCE, _about_late(quote))
    elif (asked := quote.decision(Subject.LATE_ACCEPTANCE)) is not None and asked.outcome is None:
        void(quote, Subject.LATE_ACCEPTANCE)


def _about_late(quote: Quote) -> dict[str, str]:
    late = quote.late
    offer = quote.offer_numbered(late.version) if late is not None else None
    if late is None or offer is None or offer.valid_until is None:
        return {}
    return {
        "offer_version": str(late.version),
        "accepted_at": late.at.isoformat(),
        "valid_until": offer.valid_until.isoformat(),
    }


# --- answers -----------------------------------------------------------------------------------------------------------


def quote_decision(quote: Quote, envelope: Envelope, content: DecisionContent) -> None:
    """Take an answer and do what follows. Raises Refusal before anything changes."""
    rule = SUBJECTS[content.subject]
    if content.subject not in OF_QUOTES:
        words = Words("可决定的事项：{known}", "what is decided about a quote: {known}")
        known = ", ".join(each.value for each in OF_QUOTES)
        raise Refusal(Code.UNKNOWN_SUBJECT, words.filled(known=known), where="content.subject")
    if content.outcome not in rule.outcomes:
        words = Words("可选结果：{allowed}", "the outcomes are: {allowed}").filled(
            allowed=", ".join(rule.outcomes)
        )
        raise Refusal(Code.UNKNOWN_OUTCOME, words, where="content.outcome", rule=rule.rule)
    if not content.note_reference:
        words = Words(
            "口头答复无效，请注明签字书面的编号", "a spoken answer does not count; name the signed note"
        )
        raise Refusal(Code.NOT_IN_WRITING, words, where="content.note_reference", rule=rule.rule)
    detail = read_content(rule.detail_for(content.outcome), content.detail, inside="content.detail")
    if content.outcome is Outcome.SEND_BACK and isinstance(detail, NoDetail) and not detail.words:
        words = Words("退回须写明原因", "sent back only with the reason")
        raise Refusal(Code.MISSING_FIELD, words, where="content.detail.words", rule=rule.rule)
    asked = _asked(quote, envelope, content)
    _keep_duties(quote, envelope, asked)
    asked.answers.append(
        Answered(
            by=envelope.by,
            role=envelope.role,
            outcome=content.outcome,
            at=envelope.happened_at,
            recorded_at=quote.clock,
            note_reference=content.note_reference,
            detail=lasting(detail),
        )
    )
    draft = quote.draft
    agreed = content.outcome is Outcome.APPROVE and draft is not None
    if agreed and draft is not None and missing_answers(quote, draft):
        return
    asked.outcome, asked.decided_at = content.outcome, quote.clock
    quote.note(
        EntryKind.DECIDED,
        asked.key,
        at=envelope.happened_at,
        by=envelope.by,
        role=envelope.role,
        rule=rule.rule,
        outcome=content.outcome.value,
        version=asked.version,
        reference=content.note_reference,
        detail=asked.detail,
        **said_with(envelope),
    )
    _follow(quote, asked)


def _asked(quote: Quote, envelope: Envelope, content: DecisionContent) -> Asked:
    """What is answered. Raises Refusal: not_asked, stale_version, already_decided, wrong_role."""
    rule, asked = SUBJECTS[content.subject].rule, quote.decision(content.subject)
    if asked is None:
        raise Refusal(Code.NOT_ASKED, _NOT_ASKED, where="content.subject", rule=rule)
    if content.version is not None and content.version != asked.version:
        words = Words(
            "第{given}版已失效，现在是第{now}版", "version {given} is no longer asked about; version {now} is"
        )
        raise Refusal(
            Code.STALE_VERSION,
            words.filled(given=content.version, now=asked.version),
            where="content.version",
            rule=rule,
        )
    given = next((each for each in asked.answers if each.role is envelope.role), None)
    if asked.outcome is not None or given is not None:
        first = given or asked.answers[-1]
        words = Words("{by} 已作决定：{zh}", "{by} has already decided: {en}")
        raise Refusal(
            Code.ALREADY_DECIDED,
            words.filled(by=first.by, zh=first.outcome.zh, en=first.outcome.en),
            where="content.subject",
            rule=rule,
        )
    _require_in_turn(quote, envelope, content)
    return asked


def _require_in_turn(quote: Quote, envelope: Envelope, content: DecisionContent) -> None:
    draft = quote.draft
    is_approval = content.subject is Subject.QUOTE_APPROVAL
    turn = (
        missing_answers(quote, draft)
        if is_approval and draft is not None
        else SUBJECTS[content.subject].roles
    )
    if envelope.role not in turn:
        raise Refusal(
            Code.WRONG_ROLE,
            Words(
                f"“{content.subject.zh}”现在由{'、'.join(role.zh for role in turn)}决定，不是{envelope.role.zh}",
                f"{content.subject.en} is decided by {', '.join(role.en for role in turn)} now, not by {envelope.role.en}",
            ),
            where="role",
            rule=SUBJECTS[content.subject].rule,
        )


def _keep_duties(quote: Quote, envelope: Envelope, asked: Asked) -> None:
    """R106: nobody approves own work or answers for two roles."""
    rule = asked.subject.rule
    offer = quote.draft if asked.subject is Subject.QUOTE_APPROVAL else quote.standing
    own = {quote.request.entered_by, quote.staff.person(Role.SALESPERSON)}
    if offer is not None:
        own.add(offer.made_by)
        own.update(quote.costed_by.values())
    if quote.late is not None:
        own.add(quote.late.by)
    keep_apart(quote, rule, envelope.by, own, _OWN_WORK.filled(who=envelope.by))
    keep_apart(quote, rule, envelope.by, {each.by for each in asked.answers}, _TWO_ROLES)


def _follow(quote: Quote, asked: Asked) -> None:
    draft = quote.draft
    match asked.outcome:
        case Outcome.SEND_BACK if draft is not None:
            draft.sent_back = True
            quote.owe_an_answer()
            reason = str(asked.detail.get("words", ""))
            quote.intend(
                Paper.OFFER_SENT_BACK,
                str(draft.version),
                (Role.SALESPERSON,),
                "R106",
                version=draft.version,
                reason=reason,
            )
        case Outcome.HONOUR if quote.late is not None:
            quote.accepted, quote.late = quote.late.model_copy(update={"late": True}), None
        case Outcome.REQUOTE:
            quote.late = None
            quote.owe_an_answer()
        case _:
            pass
