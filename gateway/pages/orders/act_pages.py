"""An act on a page of its own: the form with its card, what is said by it, and how it is taken back (R85)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.acts import Act, note_act
from activities.access.logins import Session
from activities.desk.act_files import file_of
from activities.desk.held_acts import HeldState, held_act, take_back
from activities.desk.kept_forms import drop_form
from activities.documents.document_store import DocumentStore
from activities.orders.payment_question import OF_AMOUNTS, require_meant
from activities.orders.views.order_views import OrderView, journal_of
from activities.scans.scan_folder import MEDIA_TYPES
from activities.store.company_files import read_policy
from activities.store.people import staff_to_choose
from gateway.api.orders import Number
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.orders.act_files import ActForm, act_form
from gateway.pages.orders.deciding import deciding, held_shown
from gateway.pages.orders.deputies import speaker
from gateway.pages.orders.first_come import closed_step, first_at, first_words, said_before
from gateway.pages.orders.order_pages import form_for, today_and_now, view_of
from gateway.pages.orders.step_acts import (
    SAYS,
    Filled,
    act,
    fact_id_of,
    filled_in,
    known_of,
    require_answered,
    who_was_first,
)
from gateway.pages.rendering import page
from gateway.pages.shown import refusal_words
from gateway.security.staff_sessions import staff, staff_form
from models.access import Caller
from models.decisions.subjects import SUBJECTS
from models.facts.fact_kinds import FACT_KINDS
from models.forms.cards.card import Asked
from models.forms.step_form import UNSPOKEN, move_by, place_in, title_of
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.values.words import Bilingual

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
_LOOKS = 10
_PAUSE_SECONDS = 0.2
_OVER = {Code.ALREADY_DECIDED, Code.NOT_ASKED, Code.ORDER_ENDED, Code.TOO_LATE}
"""Refusals after which the same form is of no use any more."""
_NO_FACT = Words("没有这个事实", "there is no such fact")
_NO_FILE = Words("没有这份附件", "there is no such file")
_TAKEN_BACK = Words(
    "已撤回，没有生效。可以改好再办。",
    "It was taken back and has no effect. Change it and say it again, or leave it.",
)
_KEPT = Words(
    "登录已恢复，这是您之前填写的内容，核对后再提交。附件要重新选择。",
    "You are in again; this is what you had written. Look at it and say it; files are to be chosen anew.",
)


@router.get("/orders/{number}/acts/{kind}")
async def fact_form(request: Request, number: Number, kind: str, session: Who) -> HTMLResponse:
    """The form of a fact, or of a decision, that no step asks for."""
    subject = next((each for each in Subject if each.value == kind and SUBJECTS[each].voluntary), None)
    if subject is None and (kind not in FACT_KINDS or kind in UNSPOKEN):
        raise Refusal(Code.UNKNOWN_FACT, _NO_FACT, where=kind)
    view = await view_of(door_of(request), session.caller, number)
    values = {SAYS: move_by(subject).as_text()} if subject is not None else {"kind": kind}
    return await _shown(request, view, session, values)


@router.get("/orders/{number}/steps/{key:path}")
async def step_page(request: Request, number: Number, key: str, session: Who) -> Response:
    """One step with its card and its form; one that is done already leads to its order."""
    door, caller = door_of(request), session.caller
    view = await view_of(door, caller, number)
    step = next((each for each in view.order.steps if each.key == key), None)
    if step is None:
        return RedirectResponse(f"/orders/{number}?said=done", 303)
    people = await in_database(staff_to_choose, door.engine)
    form = form_for(caller, step, known_of(view, step.zh, people), view.shown)
    beside = await deciding(door, caller, [step])
    form = beside.ready(form, number)
    return page(
        request, "cards/step.html", session=session, view=view, step=step, form=form, deciding=beside, today=today_and_now(),
        active="",
    )  # fmt: skip


async def _shown(
    request: Request,
    view: OrderView,
    session: Session,
    values: Mapping[str, str],
    notice: Words | None = None,
) -> HTMLResponse:
    """A form that was not refused: empty, or with what was filled in before."""
    staff_known = await in_database(staff_to_choose, door_of(request).engine)
    return await _act_page(request, view, session, filled_in(view, values, staff_known), None, notice=notice)


async def _act_page(
    request: Request, view: OrderView, session: Session, filled: Filled, refusal: Refusal | None,
    first: Words | None = None, notice: Words | None = None,
) -> HTMLResponse:  # fmt: skip
    """One form on a page of its own; a refused one with everything that was typed, and the problem at its field."""
    wrong = place_in(filled.form, filled.content, refusal.where) if refusal is not None else ""
    problems = {wrong: refusal_words(refusal.words)} if refusal is not None and wrong else {}
    asked = Asked(filled.form.kind, filled.form.subject, int(filled.form.line) if filled.form.line else None)
    number, step = view.order.number, filled.step
    beside = await deciding(
        door_of(request), session.caller, [step] if step is not None else [], {number: [asked]}
    )
    card = beside.card(step) if step is not None else beside.card_of(number, asked)
    form, values = beside.ready(filled.form, number) or filled.form, filled.values
    if refusal is not None and refusal.code is Code.CAPACITY_TAKEN:
        values = {**values, **beside.hours_now(form, number)}
    return page(
        request, "act.html", 200 if refusal is None else 409, session=session, view=view, form=form,
        words=title_of(filled.form), values=values, typed=_typed(filled), refusal=refusal, first=first,
        over=_is_over(refusal, filled), card=card, buttons=beside.buttons(filled.form, number, step), notice=notice,
        questioned=refusal is not None and refusal.code is Code.QUESTIONED, problems=problems, today=today_and_now(), active="",
        home=f"/orders/{number}",
    )  # fmt: skip


def _is_over(refusal: Refusal | None, filled: Filled) -> bool:
    """Whether the same form is of no use any more: what it answers is not asked now."""
    if refusal is None:
        return False
    return refusal.code in _OVER or (refusal.code is Code.STALE_VERSION and not filled.still_asked)


def _typed(filled: Filled) -> list[tuple[Bilingual, str]]:
    named = [(each.words, filled.values.get(each.path, "")) for each in filled.form.fields]
    return [(words, value) for words, value in named if value.strip()]


# --- what is said ------------------------------------------------------------------------------------------------


@router.post("/orders/{number}/act")
async def say_it(request: Request, number: Number, session: Who) -> Response:
    """Say what the form says, as the person who is logged in."""
    door, sent = door_of(request), await act_form(request, session)
    view = await view_of(door, session.caller, number)
    return await _say(request, door, session, view, sent)


async def _say(request: Request, door: Door, session: Session, view: OrderView, sent: ActForm) -> Response:
    number, values, caller = view.order.number, sent.values, session.caller
    people = await in_database(staff_to_choose, door.engine)
    filled, refusal = filled_in(view, values, people), sent.problem
    try:
        if refusal is not None:
            raise refusal
        require_answered(filled, people)
        _require_first(door, caller, view, filled)
        if values.get("sure") != "yes":
            await _require_meant(door, view, filled)
        speaks = await speaker(door, caller, number, filled.step)
        said = await act(door, speaks, number, filled, address_of(request), sent.files)
    except Refusal as refused:
        if refused.code is Code.NOT_SIGNED_IN:
            raise
        first = None
        if refused.code is Code.ALREADY_DECIDED and filled.form.kind == DECISION:
            first = await _first(door, caller, number, filled)
        if refused.code is Code.STALE_VERSION:
            view, filled = await _shown_anew(door, caller, number, filled)
        return await _act_page(request, view, session, filled, refused, first)
    await in_database(drop_form, door.engine, caller.author)
    return RedirectResponse(_back(number, values, said.body), 303)


def _require_first(door: Door, caller: Caller, view: OrderView, filled: Filled) -> None:
    """Raises Refusal(already_decided) for a step that somebody has done meanwhile, with who and what."""
    step = closed_step(view, filled.values)
    if step is None or filled.form.kind == DECISION:
        return  # who decided first is the order's own answer
    if said_before(view.journal, fact_id_of(caller, filled.values)):
        return
    found = first_at(view, step, filled.form.kind)
    if found is not None:
        raise Refusal(Code.ALREADY_DECIDED, first_words(found, door.names), where="step", rule=step.rule)


async def _require_meant(door: Door, view: OrderView, filled: Filled) -> None:
    """R53: money far above what is open is asked back first."""
    if filled.form.kind in OF_AMOUNTS:
        policy = await asyncio.to_thread(read_policy, door.settings.policy)
        require_meant(view, filled.form.kind, filled.content, policy.payment.question_above_factor)


async def _shown_anew(door: Door, caller: Caller, number: str, filled: Filled) -> tuple[OrderView, Filled]:
    """The order and the form as they are now: what moved on is recorded a moment after it happened."""
    people = await in_database(staff_to_choose, door.engine)
    view = await view_of(door, caller, number)
    for _ in range(_LOOKS):
        if filled_in(view, filled.values, people).form.carried != filled.values.get("seen"):
            break
        await asyncio.sleep(_PAUSE_SECONDS)
        view = await view_of(door, caller, number)
    return view, filled_in(view, filled.values, people)


def _back(number: str, values: Mapping[str, str], body: Mapping[str, Any]) -> str:
    said, key = str(body.get("status", "")), body.get("key")
    act_of = f"&act={quote(str(key))}" if key else ""
    if values.get("back") == "inbox":
        return f"/?said={said}&order={number}{act_of}"
    return f"/orders/{number}?said={said}{act_of}"


async def _first(door: Door, caller: Caller, number: str, filled: Filled) -> Words | None:
    roles = SUBJECTS[Subject(filled.form.subject)].roles
    role = next((each for each in roles if each in caller.roles), None)
    journal = await in_database(journal_of, door.engine, number)
    return who_was_first(journal, filled.content, role)


# --- what is taken back ------------------------------------------------------------------------------------------


@router.get("/orders/{number}/held/{key}")
async def held(request: Request, number: Number, key: str, session: Who) -> HTMLResponse:
    """What becomes of an act that may be taken back: a part of a page that looks by itself."""
    door = door_of(request)
    await view_of(door, session.caller, number)
    shown = await held_shown(door, session.caller, key)
    return page(request, "cards/held.html", session=session, held=shown, active="")


@router.post("/orders/{number}/held/{key}/undo")
async def undo(request: Request, number: Number, key: str, session: Who) -> Response:
    """Take an act back that was not told yet; its form comes back as it was filled in. Raises Refusal(too_late)."""
    door, caller = door_of(request), session.caller
    await staff_form(request, session)
    taken = await in_database(take_back, door.engine, key, caller.author, door.now())
    noted = Act(
        at=door.now(), person=caller.author, role=taken.envelope.role.value, address=address_of(request),
        act=f"{taken.kind} {taken.fact_id}", order_number=taken.order_number, outcome=HeldState.TAKEN_BACK.value,
    )  # fmt: skip
    await in_database(note_act, door.engine, noted)
    return RedirectResponse(f"/orders/{taken.order_number}/held/{key}/form", 303)


@router.get("/orders/{number}/held/{key}/form")
async def form_again(request: Request, number: Number, key: str, session: Who) -> HTMLResponse:
    """The form of an act that was taken back, or that the order refused, as it was filled in."""
    door = door_of(request)
    view = await view_of(door, session.caller, number)
    found = await in_database(held_act, door.engine, key, session.caller.author)
    if found is None or found.order_number != number:
        raise Refusal(Code.UNKNOWN_PLACE, _NO_FACT, where="key")
    values = {name: value for name, value in found.form.items() if name not in ("once", "seen")}
    notice = _TAKEN_BACK if found.state is HeldState.TAKEN_BACK else None
    return await _shown(request, view, session, values, notice)


async def kept_act(
    request: Request, number: str, session: Session, values: Mapping[str, str]
) -> HTMLResponse:
    """The form of an act that was sent when its log-in was over, as it was filled in."""
    view = await view_of(door_of(request), session.caller, number)
    fresh = {name: value for name, value in values.items() if name != "once"}
    return await _shown(request, view, session, fresh, _KEPT)


@router.get("/orders/{number}/files/{document}")
async def file(request: Request, number: Number, document: Digest, session: Who) -> Response:
    """A paper or photo that was given with an act of this order, by the SHA-256 of its bytes. Raises Refusal(unknown_order)."""
    door = door_of(request)
    await view_of(door, session.caller, number)
    found = await in_database(file_of, door.engine, number, document)
    if found is None:
        raise Refusal(Code.UNKNOWN_ORDER, _NO_FILE, where=document)
    content: bytes = await in_database(DocumentStore(door.settings.documents).read, found.stored)
    headers = {"Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=MEDIA_TYPES[found.ending], headers=headers)
