"""What customers answer at the own order of goods from stock: that it stands, and what to do when it is short (R101, R112)."""

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
from models.dossier.open_steps import StepKind
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import DECISION
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

router = APIRouter(include_in_schema=False)
_LONGEST_NAME = 100
_NAME_WANTED = Words("请写确认人姓名", "give the name of who confirms")
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
