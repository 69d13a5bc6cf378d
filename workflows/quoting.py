"""The procedure of quotes: how a quote begins, what it waits for, what time does to it, and how it ends (R102 to R106)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from models.decisions.subjects import SUBJECTS
from models.dossier.journal import EntryKind
from models.dossier.open_steps import Need, OpenStep
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import CaseStepKind, StepKind
from models.messages.decision_subjects import Subject
from models.messages.reply import Reply
from models.quotes.approval import missing_answers, settle_approval, settle_late
from models.quotes.facts import QUOTE_FACTS
from models.quotes.offer import Offer, last_valid_second, reminder_at
from models.quotes.quote import Quote, QuoteEnding
from models.quotes.quote_request import QuoteStart
from models.values.calendar import hours_of
from models.values.vocabulary import Role
from workflows import case
from workflows.case import CaseKind, Round

NOTHING: frozenset[str] = frozenset()
_NOT_URGED = (CaseStepKind.OFFER_ANSWER, CaseStepKind.QUOTE_EXPIRED)
"""Their limit is the validity itself: the customer is reminded before it (R103), and nobody is late."""


def begin(start: QuoteStart, now: datetime) -> Quote:
    """A quote that was just asked for: taken in, told to the customer, an answer owed (R104)."""
    clock = max(now, start.placed_at)
    quote = Quote(
        number=start.number,
        placed_at=start.placed_at,
        request=start.request,
        customer=start.customer,
        references=start.references,
        staff=start.staff,
        policy=start.policy,
        edition=start.edition,
        calendar=start.calendar,
        clock=clock,
        last_movement=clock,
    )
    quote.note(
        EntryKind.PLACED,
        "quote",
        at=start.placed_at,
        by=start.request.entered_by,
        role=start.request.entered_role,
        rule="R104",
        request=start.request.model_dump(mode="json", exclude_defaults=True),
        customer_class=start.customer.customer_class.value,
        policy=start.policy.version,
        edition=start.edition,
    )
    hours = start.policy.quote.answer_hours
    quote.answer_due = start.placed_at + hours_of(hours)
    quote.intend(
        Paper.ENQUIRY, "1", (Role.CUSTOMER, Role.SALESPERSON), "R104", number=quote.number, hours=f"{hours:f}"
    )
    proceed(quote)
    return quote


def receive(quote: Quote, raw: object, now: datetime) -> Reply:
    """Take what is said at this moment and do what follows from it. Never raises for bad input."""
    return case.receive(QUOTES, quote, raw, now)


def advance(quote: Quote, now: datetime) -> datetime | None:
    """It is now `now`: everything that became due since the last look happens, each at its own moment, once."""
    return case.advance(QUOTES, quote, now)


def proceed(quote: Quote) -> None:
    """Do what follows, open and close steps, end, until nothing moves any more."""
    case.proceed(QUOTES, quote)


# --- how a quote is looked at ------------------------------------------------------------------------------------------


def _settle(quote: Quote) -> frozenset[str]:
    settle_approval(quote)
    settle_late(quote)
    accepted = quote.accepted
    if accepted is not None:
        quote.intend(
            Paper.OFFER_ACCEPTED,
            str(accepted.version),
            (Role.SALESPERSON,),
            "R104",
            version=accepted.version,
        )
    return NOTHING


def needs_of(quote: Quote) -> list[Need]:
    """What the quote waits for; asking changes nothing."""
    if not quote.lives or quote.pending_ending is not None:
        return []
    if quote.accepted is not None:
        return [_order_needed(quote)]
    if quote.late is not None:
        return [_decision(quote, Subject.LATE_ACCEPTANCE, (Role.SALES_SUPERVISOR,))]
    return [*_ours(quote), *_theirs(quote)]


def _ours(quote: Quote) -> Iterator[Need]:
    """What the company owes: an offer, its approval, its sending."""
    draft, due = quote.draft, quote.answer_due
    hours = quote.policy.quote.answer_hours
    if draft is None:
        if due is not None:
            version = {"version": str(quote.last_version + 1)}
            yield Need("offer", CaseStepKind.MAKE_OFFER, (Role.SALESPERSON,), "R104", due=due, values=version)
        return
    missing = missing_answers(quote, draft)
    if missing:
        yield _decision(quote, Subject.QUOTE_APPROVAL, missing)
    else:
        version = {"version": str(draft.version)}
        yield Need(
            f"send:{draft.version}",
            CaseStepKind.SEND_OFFER,
            (Role.SALESPERSON, Role.SERVICE_CLERK),
            "R103",
            due=due,
            hours=hours,
            values=version,
        )


def _theirs(quote: Quote) -> Iterator[Need]:
    """What the customer is waited for."""
    offer = quote.standing
    if offer is None or offer.valid_until is None:
        return
    closes = quote.closes_at
    if not offer.expired:
        values = {"version": str(offer.version), "digest": offer.digest}
        yield Need(
            f"answer:{offer.version}",
            CaseStepKind.OFFER_ANSWER,
            (Role.CUSTOMER,),
            "R103",
            due=offer.valid_until,
            values=values,
        )
    elif closes is not None:
        yield Need(
            f"expired:{offer.version}",
            CaseStepKind.QUOTE_EXPIRED,
            (Role.SALESPERSON,),
            "R104",
            due=closes,
            values={"version": str(offer.version)},
        )


def _order_needed(quote: Quote) -> Need:
    trouble = quote.order_trouble
    if trouble is None:
        return Need(
            "order",
            CaseStepKind.ORDER_FROM_QUOTE,
            (Role.SYSTEM,),
            "R104",
            hours=quote.policy.quote.answer_hours,
        )
    return Need(
        f"order:{quote.order_tries}",
        CaseStepKind.ORDER_NOT_MADE,
        (Role.SALESPERSON, Role.SERVICE_CLERK),
        "R104",
        hours=quote.policy.quote.answer_hours,
        values={"reason_zh": trouble.zh, "reason_en": trouble.en},
    )


def _decision(quote: Quote, subject: Subject, roles: Sequence[Role]) -> Need:
    asked = quote.decision(subject)
    return Need(
        f"decision:{subject.value}",
        StepKind.DECISION,
        tuple(roles),
        subject.rule,
        hours=quote.policy.limits.decision_hours,
        values={
            "subject": subject.value,
            "subject_zh": subject.zh,
            "subject_en": subject.en,
            "outcomes": "/".join(SUBJECTS[subject].outcomes),
            "version": str(asked.version) if asked is not None else "",
        },
        people=tuple(person for role in roles if (person := quote.staff.person(role))),
    )


def _move(quote: Quote, needed: case.Needed) -> None:
    if quote.pending_ending is not None:
        _end(quote, quote.pending_ending)


def _end(quote: Quote, ending: QuoteEnding) -> None:
    quote.ending, quote.ended_at = ending, quote.clock
    case.close_all(quote)
    rule = "R104" if ending is QuoteEnding.ORDERED else "R103"
    quote.note(EntryKind.ENDED, ending.value, rule=rule, order=quote.order)


_USUAL: Round[Quote] = Round(_settle, lambda quote: {"": needs_of(quote)}, _move)


# --- time --------------------------------------------------------------------------------------------------------------


def _running(quote: Quote) -> Offer | None:
    """The offer whose validity runs."""
    offer = quote.standing
    waits = quote.accepted is None and quote.late is None
    return offer if offer is not None and waits and not offer.expired else None


def _deadlines(quote: Quote) -> Iterator[datetime]:
    offer = _running(quote)
    if offer is not None and offer.valid_until is not None:
        yield offer.valid_until
        reminder = reminder_at(offer, quote.policy.quote.reminder_days)
        if reminder is not None and not offer.reminded:
            yield reminder
    closes = quote.closes_at
    if closes is not None:
        yield closes


def _pass_deadlines(quote: Quote) -> None:
    offer = _running(quote)
    if offer is not None and offer.valid_until is not None:
        if offer.valid_until <= quote.clock:
            _expire(quote, offer)
        else:
            _remind(quote, offer, offer.valid_until)
    closes = quote.closes_at
    if closes is not None and closes <= quote.clock:
        quote.pending_ending = QuoteEnding.EXPIRED


def _remind(quote: Quote, offer: Offer, until: datetime) -> None:
    reminder = reminder_at(offer, quote.policy.quote.reminder_days)
    if reminder is None or offer.reminded or quote.clock < reminder:
        return
    offer.reminded = True
    quote.intend(
        Paper.OFFER_REMINDER,
        str(offer.version),
        (Role.CUSTOMER, Role.SALESPERSON),
        "R103",
        number=quote.number,
        version=offer.version,
        until=last_valid_second(until),
    )


def _expire(quote: Quote, offer: Offer) -> None:
    """R103: by itself, at the end of its last day."""
    offer.expired = True
    quote.note(EntryKind.EXPIRED, f"offer:{offer.version}", rule="R103", version=offer.version)
    quote.intend(
        Paper.OFFER_EXPIRED,
        str(offer.version),
        (Role.CUSTOMER, Role.SALESPERSON),
        "R103",
        number=quote.number,
        version=offer.version,
    )


def _nothing_before(quote: Quote) -> None:
    """Time alone changes nothing between its deadlines."""


def _rests(quote: Quote, step: OpenStep) -> bool:
    return step.kind in _NOT_URGED


QUOTES: CaseKind[Quote] = CaseKind(
    facts=QUOTE_FACTS,
    round_of=lambda quote: _USUAL,
    before_each_round=_nothing_before,
    deadlines=_deadlines,
    pass_deadlines=_pass_deadlines,
    rests=_rests,
)
"""What makes a quote a case of its own."""
