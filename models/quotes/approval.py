"""Whose approval an offer needs, and the answers: by margin and by the matrix (R105, R106), late acceptances too (R104)."""

from __future__ import annotations

from typing import Any

from models.approvals.matrix import ApprovalOf, Level, Levels, ToApprove, levels_for, still_missing, united
from models.decisions.case_decisions import TWO_ROLES, asked_of, note_answer, read_answer, settle_answer
from models.decisions.subjects import SUBJECTS
from models.dossier.decision_record import Asked
from models.dossier.decisions import ask, keep_apart, void
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import DecisionContent, NoDetail, Outcome, Subject
from models.messages.envelope import Envelope
from models.quotes.costing import keeps, shown_percent
from models.quotes.offer import Offer
from models.quotes.quote import Quote
from models.values.errors import Code, Refusal
from models.values.money import as_text
from models.values.vocabulary import Role, Words

_SUPERVISOR: Levels = ((Role.SALES_SUPERVISOR,),)
_DIRECTOR: Levels = ((Role.MARKETING_DIRECTOR,),)
OF_QUOTES = (Subject.QUOTE_APPROVAL, Subject.LATE_ACCEPTANCE)
_OWN_WORK = Words(
    "职责必须分离：{who}登记、核算、报出了此报价，或是其业务员，不能审批",
    "duties are kept apart: {who} entered, costed or made this offer or is its salesperson, and may not approve it",
)


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
    detail = read_answer(content, OF_QUOTES)
    if content.outcome is Outcome.SEND_BACK and isinstance(detail, NoDetail) and not detail.words:
        words = Words("退回须写明原因", "sent back only with the reason")
        raise Refusal(Code.MISSING_FIELD, words, where="content.detail.words", rule=content.subject.rule)
    asked = asked_of(quote, envelope, content, _turn(quote, content))
    _keep_duties(quote, envelope, asked)
    note_answer(quote, envelope, content, asked, detail)
    draft = quote.draft
    agreed = content.outcome is Outcome.APPROVE and draft is not None
    if agreed and draft is not None and missing_answers(quote, draft):
        return
    settle_answer(quote, envelope, content, asked)
    _follow(quote, asked)


def _turn(quote: Quote, content: DecisionContent) -> Level:
    draft = quote.draft
    if content.subject is Subject.QUOTE_APPROVAL and draft is not None:
        return missing_answers(quote, draft)
    return SUBJECTS[content.subject].roles


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
    keep_apart(quote, rule, envelope.by, {each.by for each in asked.answers}, TWO_ROLES)


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
