"""What customers answer at the own order: it stands, what to do when it is short, a service or a sample is right.

R87, R101, R112, R130.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from gateway.pages.customers.customer_visit import (
    NOT_WAITED_FOR,
    at_own_order,
    come_in,
    customer_page,
    once_of,
    tell_as_customer,
)
from gateway.security.staff_sessions import read_form
from models.customer_links import LinkUse
from models.dossier.step_kinds import StepKind
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import DECISION
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

router = APIRouter(include_in_schema=False)
_LONGEST_NAME = 100
_NAME_WANTED = Words("请写确认人姓名", "give the name of who confirms")
_NOT_RIGHT = Words("请写明哪里不符合约定", "say what is not as it was agreed")
_WHAT_CHANGES = Words("请写明要修改什么", "say what is to be another")
_OF_A_SERVICE = (Outcome.ACCEPT, Outcome.REJECT)
_OF_A_TRIAL = (Outcome.APPROVE, Outcome.CHANGE, Outcome.REFUSE)
_CHOOSE = Words("请选择一项", "choose one of them")
_ONLY_WHAT_IS_MISSING = "cancel_missing"
CHOICES: dict[str, tuple[Outcome, dict[str, Any]]] = {
    "wait": (Outcome.WAIT, {}),
    "split": (Outcome.SPLIT, {}),
    "change": (Outcome.CHANGE, {}),
    _ONLY_WHAT_IS_MISSING: (Outcome.CANCEL, {"only_what_is_missing": True}),
    "cancel": (Outcome.CANCEL, {}),
}
"""What the page offers, each with the outcome that it is and what goes with it."""


@at_own_order(router.post, "/agree")
async def confirm(request: Request) -> Response:
    """The customer confirms the order as it stands (R101). Sent twice it is confirmed once."""
    visit, form = await come_in(request), await read_form(request)
    try:
        key = visit.open_step(StepKind.CONFIRM_ORDER)
        if key is None:
            raise Refusal(Code.NOT_ASKED, NOT_WAITED_FOR)
        name = form.get("signed_by", "").strip()[:_LONGEST_NAME]
        if not name:
            raise Refusal(Code.MISSING_FIELD, _NAME_WANTED)
        said: dict[str, object] = {"version": int(key.rpartition(":")[2]), "signed_by": name}
        await tell_as_customer(
            visit, "confirmation_returned", said, form.get("seen", ""), once_of(visit, str(said))
        )
    except Refusal as refusal:
        return await customer_page(request, visit, refusal=refusal, filled=form)
    await visit.note(LinkUse.SIGNED)
    return RedirectResponse(f"{visit.home}?said=answered", 303)


@at_own_order(router.post, "/choice")
async def choice(request: Request) -> Response:
    """The customer says what is to become of an order that is short (R112)."""
    visit, form = await come_in(request), await read_form(request)
    try:
        if not visit.is_short:
            raise Refusal(Code.NOT_ASKED, NOT_WAITED_FOR)
        said = choice_in(form)
        await tell_as_customer(
            visit, DECISION, said, form.get("seen", ""), once_of(visit, str(sorted(said.items())))
        )
    except Refusal as refusal:
        return await customer_page(request, visit, refusal=refusal, filled=form)
    await visit.note(LinkUse.ASKED)
    return RedirectResponse(f"{visit.home}?said=answered", 303)


@at_own_order(router.post, "/trial")
async def trial(request: Request) -> Response:
    """The customer says what came of the trial of a sample (R130)."""
    visit, form = await come_in(request), await read_form(request)
    try:
        if not visit.tries:
            raise Refusal(Code.NOT_ASKED, NOT_WAITED_FOR)
        said = trial_in(form)
        await tell_as_customer(
            visit, DECISION, said, form.get("seen", ""), once_of(visit, str(sorted(said.items())))
        )
    except Refusal as refusal:
        return await customer_page(request, visit, refusal=refusal, filled=form)
    await visit.note(LinkUse.ASKED)
    return RedirectResponse(f"{visit.home}?said=answered", 303)


def trial_in(form: Mapping[str, str]) -> dict[str, Any]:
    """The decision as it was filled in. Raises Refusal(missing_field) where nothing was chosen, or no change named."""
    return _answer_in(form, "trial", Subject.TRIAL, _OF_A_TRIAL, Outcome.CHANGE, _WHAT_CHANGES)


@at_own_order(router.post, "/acceptance")
async def acceptance(request: Request) -> Response:
    """The customer accepts a service that was given, or says what is not right about it (R87)."""
    visit, form = await come_in(request), await read_form(request)
    try:
        if not visit.accepts:
            raise Refusal(Code.NOT_ASKED, NOT_WAITED_FOR)
        said = acceptance_in(form)
        await tell_as_customer(
            visit, DECISION, said, form.get("seen", ""), once_of(visit, str(sorted(said.items())))
        )
    except Refusal as refusal:
        return await customer_page(request, visit, refusal=refusal, filled=form)
    await visit.note(LinkUse.ASKED)
    return RedirectResponse(f"{visit.home}?said=answered", 303)


def acceptance_in(form: Mapping[str, str]) -> dict[str, Any]:
    """The decision as it was filled in. Raises Refusal(missing_field) where nothing was chosen, or no reason given."""
    return _answer_in(form, "acceptance", Subject.ACCEPTANCE, _OF_A_SERVICE, Outcome.REJECT, _NOT_RIGHT)


def _answer_in(
    form: Mapping[str, str],
    field: str,
    subject: Subject,
    outcomes: tuple[Outcome, ...],
    says_why: Outcome,
    why: Words,
) -> dict[str, Any]:
    """What was chosen by one of several buttons; one of them needs words, and `why` asks for them."""
    outcome = next((each for each in outcomes if each.value == form.get(field, "")), None)
    if outcome is None:
        raise Refusal(Code.MISSING_FIELD, _CHOOSE, where=field)
    words = form.get("words", "").strip()
    if outcome is says_why and not words:
        raise Refusal(Code.MISSING_FIELD, why, where="words")
    return {
        "subject": subject.value,
        "outcome": outcome.value,
        "note_reference": "customer-page",
        "detail": {"words": words} if words else {},
    }


def choice_in(form: Mapping[str, str]) -> dict[str, Any]:
    """The decision as it was filled in. Raises Refusal(missing_field) where nothing was chosen."""
    chosen = CHOICES.get(form.get("choice", ""))
    if chosen is None:
        raise Refusal(Code.MISSING_FIELD, _CHOOSE, where="choice")
    outcome, detail = chosen
    until = form.get("expected", "").strip()
    if until and outcome in (Outcome.WAIT, Outcome.SPLIT):
        detail = {**detail, "expected": until}
    words = form.get("words", "").strip()
    if words:
        detail = {**detail, "words": words}
    return {
        "subject": Subject.SHORTAGE.value,
        "outcome": outcome.value,
        "note_reference": "customer-page",
        "detail": detail,
    }
