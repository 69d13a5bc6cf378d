"""The staff's pages: log in, my inbox with the act itself, an order, the board, search (DOMAIN §2, R85)."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sse_starlette import EventSourceResponse

from activities.deliveries import deliveries_of
from activities.desk_steps import open_desk_steps
from activities.document_store import PDF, DocumentStore
from activities.lists import inbox as role_inbox
from activities.lists import progress
from activities.logins import Session, log_in, log_out
from activities.printed import documents_of
from activities.search import MOST, Wanted, find_orders
from activities.views import OrderView, StepView, show_order
from gateway.door import Door, address_of, door_of, in_database
from gateway.oidc import is_set_up as oidc_is_set_up
from gateway.orders import Number
from gateway.people import COOKIE, cookie_settings, read_form, staff, staff_form
from gateway.rendering import label, page
from gateway.telling import Said, say
from models.access import Caller
from models.calendar import BUSINESS_ZONE
from models.decisions import SUBJECTS, Subject
from models.envelope import DECISION, read_content, read_envelope
from models.errors import Code, Refusal
from models.fact_kinds import FACT_KINDS
from models.forms import Form, content_of, form_of, form_of_fact
from models.paper_words import title_of
from models.vocabulary import Ending, Headline, PhaseName, PromiseCause, Role, Words
from rehearsal.timeline import timeline
from runtime.connection import ui_namespace_address

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_LOOK_SECONDS = 2.0
PHASES = tuple(PhaseName)


@router.get("/login")
async def login_page(request: Request) -> HTMLResponse:
    """Where staff log in."""
    return _login_page(request)


def _login_page(request: Request, refusal: Refusal | None = None, person: str = "") -> HTMLResponse:
    oidc = oidc_is_set_up(door_of(request).settings)
    return page(request, "login.html", 401 if refusal else 200, refusal=refusal, person=person, oidc=oidc)


@router.post("/login")
async def login(request: Request) -> Response:
    """Log in; what was wrong is not said."""
    form = await read_form(request)
    person = form.get("person", "").strip()
    try:
        token = await in_database(
            log_in,
            door_of(request).engine,
            person,
            form.get("password", ""),
            datetime.now(UTC),
            address_of(request),
        )
    except Refusal as refusal:
        if refusal.code is not Code.NOT_SIGNED_IN:
            raise
        return _login_page(request, refusal, person)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(COOKIE, token, **cast(Any, cookie_settings(request)))
    return answer


@router.post("/logout")
async def logout(request: Request, session: Who) -> Response:
    """End the session."""
    await staff_form(request, session)
    await in_database(log_out, door_of(request).engine, request.cookies[COOKIE])
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


# --- my inbox ----------------------------------------------------------------------------------------------------


def _own(caller: Caller, step: StepView) -> bool:
    """A salesperson has the own orders' steps."""
    return caller.only_salesperson is None or caller.name in step.people


async def _steps(door: Door, caller: Caller) -> list[StepView]:
    found: dict[tuple[str, str], StepView] = {}
    for role in caller.roles:
        for step in await in_database(role_inbox, door.engine, role):
            if _own(caller, step):
                found[(step.order_number, step.key)] = step
    return sorted(found.values(), key=lambda step: step.due)


@router.get("/")
async def my_inbox(request: Request, session: Who) -> HTMLResponse:
    """What waits for me, the most overdue first, each with its act."""
    door, caller = door_of(request), session.caller
    steps = await _steps(door, caller)
    at_desk = []
    for role in caller.roles:
        at_desk += await in_database(open_desk_steps, door.engine, role)
    name = "inbox_list.html" if request.headers.get("hx-request") else "inbox.html"
    return page(
        request, name, session=session, steps=[(step, form_of(step.command)) for step in steps[:MOST]],
        more=max(0, len(steps) - MOST), at_desk=at_desk, now=datetime.now(UTC), today=_today(), active="inbox",
    )  # fmt: skip


def _today() -> str:
    return datetime.now(BUSINESS_ZONE).strftime("%Y-%m-%dT%H:%M")


@router.get("/events")
async def events(request: Request, session: Who) -> EventSourceResponse:
    """Says when anything moved, so that pages show it without being reloaded."""
    door = door_of(request)

    async def told() -> AsyncIterator[dict[str, str]]:
        known = await in_database(progress, door.engine)
        while not await request.is_disconnected():
            await asyncio.sleep(_LOOK_SECONDS)
            now = await in_database(progress, door.engine)
            if now != known:
                known = now
                yield {"event": "moved", "data": str(now)}

    return EventSourceResponse(told())


# --- one order ---------------------------------------------------------------------------------------------------


async def _view(door: Door, caller: Caller, number: str) -> OrderView:
    view: OrderView = await in_database(show_order, door.engine, number)
    caller.require_sight(number, view.order.customer, view.order.salesperson)
    return view


def _allowed(caller: Caller, step: StepView) -> bool:
    return bool({role.value for role in caller.roles} & set(step.roles))


@router.get("/orders/{number}")
async def order(request: Request, number: Number, session: Who, said: str = "") -> HTMLResponse:
    """Where an order stands, what it waits for and why, what happened, and what I may do."""
    return await _order_page(request, number, session, said=said)


async def _order_page(
    request: Request, number: str, session: Session, *, said: str = "", refusal: Refusal | None = None, status: int = 200
) -> HTMLResponse:  # fmt: skip
    door, caller = door_of(request), session.caller
    view = await _view(door, caller, number)
    documents = await in_database(documents_of, door.engine, number)
    notices = await in_database(deliveries_of, door.engine, number)
    acts = sorted(
        (kind for kind, fact in FACT_KINDS.items() if set(fact.roles) & set(caller.roles)),
        key=lambda kind: FACT_KINDS[kind].words.zh,
    )
    moments = list(timeline(view.journal))
    return page(
        request, "order.html", status, session=session, view=view, phases=PHASES,
        here=next((n for n, phase in enumerate(PHASES) if phase.value == view.order.phase), -1),
        headline=label(Ending, view.order.ending) or label(Headline, view.order.headline),
        steps=[(step, form_of(step.command) if _allowed(caller, step) else None) for step in view.order.steps],
        documents=[(each, title_of(each.paper)) for each in documents if each.document], notices=notices,
        acts=[(kind, FACT_KINDS[kind].words) for kind in acts],
        moments=moments[::-1], causes={cause.value: cause for cause in PromiseCause}, said=said, refusal=refusal,
        link=f"{ui_namespace_address(door.settings)}/workflows/order-{number}", now=datetime.now(UTC), today=_today(),
        active="",
    )  # fmt: skip


@router.get("/orders/{number}/acts/{kind}")
async def act_form(request: Request, number: Number, kind: str, session: Who) -> HTMLResponse:
    """The form of a fact that no step asks for."""
    known = FACT_KINDS.get(kind)
    if known is None:
        raise Refusal(Code.UNKNOWN_FACT, Words("没有这个事实", "there is no such fact"), where=kind)
    await _view(door_of(request), session.caller, number)
    return page(
        request, "act.html", session=session, number=number, kind=kind, form=form_of_fact(kind), words=known.words,
        today=_today(), active="",
    )  # fmt: skip


@router.post("/orders/{number}/act")
async def act(request: Request, number: Number, session: Who) -> Response:
    """Say what the form says, as the person who is logged in."""
    door, filled = door_of(request), await staff_form(request, session)
    try:
        await _view(door, session.caller, number)
        said = await _say(door, session.caller, number, filled, address_of(request))
    except Refusal as refusal:
        if refusal.code in (Code.NOT_SIGNED_IN, Code.UNKNOWN_ORDER) or refusal.rule == "R85":
            raise
        return await _order_page(request, number, session, refusal=refusal, status=409)
    back = "/" if filled.get("back") == "inbox" else f"/orders/{number}?said={said.body.get('status', '')}"
    return RedirectResponse(back, 303)


async def _say(door: Door, caller: Caller, number: str, filled: dict[str, str], address: str) -> Said:
    command = filled.get("command", "")
    form: Form | None = form_of(command) if command else form_of_fact(filled.get("kind", ""))
    if form is None:
        raise Refusal(Code.MALFORMED, Words("表单无效", "this form is not valid"))
    content = content_of(form, filled)
    if form.kind == DECISION:
        content |= {
            "subject": form.subject,
            "outcome": filled.get("outcome", ""),
            "note_reference": filled.get("note_reference", "").strip() or None,
            "line": int(form.line) if form.line else None,
        }
        content = {name: value for name, value in content.items() if value is not None}
    else:
        read_content(FACT_KINDS[form.kind].content, content, inside="content")
    asked = next((role for role in Role if role.value == filled.get("role")), None)
    envelope = read_envelope(
        {
            "fact_id": f"door/{filled.get('once') or uuid.uuid4()}",
            "kind": form.kind,
            "by": caller.name,
            "role": caller.role_for(form.kind, asked or _role_of(form, caller)).value,
            "happened_at": _happened(filled.get("happened_at", "")).isoformat(),
            "content": content,
        }
    )
    return await say(door, caller, number, envelope, address)


def _role_of(form: Form, caller: Caller) -> Role | None:
    """For a decision the role of the caller that is asked about it."""
    subject = next((each for each in Subject if each.value == form.subject), None)
    if subject is None:
        return None
    return next((role for role in SUBJECTS[subject].roles if role in caller.roles), None)


def _happened(text: str) -> datetime:
    """Business time as filled in; now where nothing was, or this very minute."""
    now = datetime.now(UTC)
    if not text:
        return now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        words = Words(f"{text} 不是时间", f"{text} is no time")
        raise Refusal(Code.MALFORMED, words, where="happened_at") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=BUSINESS_ZONE)
    return now if abs((now - aware).total_seconds()) < 90 else aware


# --- all orders --------------------------------------------------------------------------------------------------


@router.get("/board")
async def board(request: Request, session: Who) -> HTMLResponse:
    """All open orders by phase, overdue marked."""
    wanted = Wanted(
        open_only=True, salesperson=session.caller.only_salesperson or "", sort="promised", most=MOST
    )
    found = await in_database(find_orders, door_of(request).engine, wanted)
    columns = [(phase, [each for each in found.orders if each.phase == phase.value]) for phase in PHASES]
    return page(
        request, "board.html", session=session, columns=columns, more=bool(found.next), now=datetime.now(UTC),
        headlines={each.value: each for each in Headline}, active="board",
    )  # fmt: skip


@router.get("/search")
async def search(request: Request, session: Who, q: str = "", cursor: str = "") -> HTMLResponse:
    """Orders by number or customer."""
    text = "".join(sign for sign in q[:100] if ord(sign) >= 32)
    wanted = Wanted(text=text, salesperson=session.caller.only_salesperson or "", cursor=cursor[:500])
    found = await in_database(find_orders, door_of(request).engine, wanted)
    return page(
        request, "search.html", session=session, q=text, found=found,
        headlines={each.value: each for each in (*Headline, *Ending)}, active="search",
    )  # fmt: skip


@router.get("/orders/{number}/papers/{document}")
async def paper(request: Request, number: Number, document: str, session: Who) -> Response:
    """A printed paper."""
    door = door_of(request)
    await _view(door, session.caller, number)
    known = await in_database(documents_of, door.engine, number)
    if document not in {each.document for each in known}:
        raise Refusal(Code.UNKNOWN_ORDER, Words("没有这份文书", "there is no such paper"), where=document)
    content = await in_database(DocumentStore(door.settings.documents).read, document + PDF)
    return Response(content, media_type="application/pdf")
