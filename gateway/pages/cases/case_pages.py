"""After-sales cases for the staff: the list, statistics, one case with evidence and acts, a new one (R142 to R144)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.cases.after_sales_views import CaseView, count_cases, list_cases, show_case
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.cases.case_acts import CASE_NUMBER, tell_case
from gateway.pages.cases.case_shown import OPENED_BY_CUSTOMERS, READERS, case_words, may
from gateway.pages.cases.waiting import decides, subject_of
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.access import no_order
from models.cases.case_request import CaseStart
from models.cases.terms import CaseStage, CaseType
from models.messages.envelope import DECISION
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner
from runtime.cases.opening import AFTER_SALES

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
Number = Annotated[str, Path(pattern=CASE_NUMBER)]
_NOT_THEIRS = Words("售后单由客服、销售、质检、仓库、财务等岗位查看", "cases are for those who work on them")
_OPENERS = (Role.SERVICE_CLERK, Role.SERVICE_ASSISTANT, Role.SALESPERSON)
_ACTS = ("case_acknowledged", "case_assessed", "evidence_added", "goods_sent", "goods_received", "case_inspected",
         "remedy_done", "case_answered", "case_withdrawn", "order_wanted")  # fmt: skip
_ASKED = ("order", "type", "cause", "line", "quantity", "words")


def _require_reader(session: Session) -> None:
    if not set(READERS) & set(session.caller.roles):
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS, rule="R143")


@router.get("/cases")
async def all_cases(
    request: Request, session: Who, stage: str = "", every: str = "", order: str = ""
) -> HTMLResponse:
    """The cases, the newest first; a salesperson sees the own ones."""
    _require_reader(session)
    door = door_of(request)
    known = next((each for each in CaseStage if each.value == stage), None)
    found = await in_database(
        list_cases,
        door.engine,
        salesperson=session.caller.only_salesperson,
        stage=known.value if known else None,
        order=order[:30] or None,
        open_only=not every and known is None and not order,
    )
    return page(
        request, "cases/list.html", session=session, active="cases", cases=found, stages=list(CaseStage), stage=stage,
        every=every, now=door.now(), may_open=bool(set(_OPENERS) & set(session.caller.roles)), **case_words(),
    )  # fmt: skip


@router.get("/cases/statistics")
async def statistics(request: Request, session: Who) -> HTMLResponse:
    """R143: by product and cause."""
    _require_reader(session)
    found = await in_database(count_cases, door_of(request).engine)
    return page(
        request, "cases/statistics.html", session=session, active="cases", counts=found, **case_words()
    )


@router.get("/cases/new")
async def new_case(request: Request, session: Who, order: str = "") -> HTMLResponse:
    """Where a case is written down that a customer told by telephone."""
    _require_opener(session)
    return _new_page(request, session, {"order": order[:30]}, None)


def _require_opener(session: Session) -> None:
    if not set(_OPENERS) & set(session.caller.roles):
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS, rule="R143")


def _new_page(
    request: Request, session: Session, values: Mapping[str, str], refusal: Refusal | None
) -> HTMLResponse:
    return page(
        request, "cases/new.html", 200 if refusal is None else 409, session=session, active="cases", home="/cases/new",
        values=values, refusal=refusal, types=list(CaseType), causes=OPENED_BY_CUSTOMERS,
    )  # fmt: skip


@router.post("/cases/new")
async def open_one(request: Request, session: Who) -> Response:
    """Open a case; the same form sent twice is one."""
    _require_opener(session)
    door, values = door_of(request), await staff_form(request, session)
    caller = session.caller
    role = next(each for each in _OPENERS if each in caller.roles)
    try:
        asked = AFTER_SALES.read(
            {
                **{name: text for name in _ASKED if (text := values.get(name, "").strip())},
                "request_id": f"desk/{values.get('once', '')[:60]}",
                "entered_by": caller.author,
                "entered_role": role.value,
            },
            Manner.TYPED,
        )
        start = (await AFTER_SALES.number(door.settings, asked, space=caller.request_space)).start
    except Refusal as refusal:
        if refusal.code is Code.NOT_SIGNED_IN:
            raise
        return _new_page(request, session, values, refusal)
    await begun(door, start)
    return RedirectResponse(f"/cases/{start.number}?said=placed", 303)


async def begun(door: Door, start: CaseStart) -> None:
    """Start the case on the server; where that is away it begins later."""
    try:
        await door.on_server(lambda client: AFTER_SALES.begin(client, door.settings, start))
    except Refusal as refusal:
        if refusal.code is not Code.SERVER_UNAVAILABLE:
            raise
        door.forward_now()


@router.get("/cases/{number}")
async def one_case(request: Request, number: Number, session: Who, said: str = "") -> HTMLResponse:
    """One case: what it waits for, its evidence, its figures, and what can be done."""
    return await _case_page(request, session, number, said=said)


async def _seen(request: Request, session: Session, number: str) -> CaseView:
    """The case, if it is theirs to see. Raises Refusal(unknown_order, wrong_role)."""
    _require_reader(session)
    view = await in_database(show_case, door_of(request).engine, number)
    own = session.caller.only_salesperson
    if own is not None and view.salesperson != own:
        raise no_order(number)
    return view


async def _case_page(
    request: Request,
    session: Session,
    number: str,
    *,
    said: str = "",
    refusal: Refusal | None = None,
    values: Mapping[str, str] | None = None,
) -> HTMLResponse:
    door, caller = door_of(request), session.caller
    view = await _seen(request, session, number)
    deciding = next((step for step in view.steps if subject_of(step) is not None), None)
    subject = subject_of(deciding) if deciding is not None else None
    asked = next(
        (each for each in reversed(view.decisions) if subject and each.key == subject and not each.voided_at),
        None,
    )
    return page(
        request, "cases/case.html", 200 if refusal is None else 409, session=session, active="cases",
        home=f"/cases/{number}", view=view, said=said, refusal=refusal, values=values or {}, now=door.now(),
        may={kind: not view.ending and may(caller, kind) for kind in _ACTS},
        waits={step.kind for step in view.steps}, deciding=deciding, subject=subject, asked=asked,
        decides=deciding is not None and decides(caller, deciding), **case_words(),
    )  # fmt: skip


@router.post("/cases/{number}/tell")
async def tell(request: Request, number: Number, session: Who) -> Response:
    """Tell the case what a form of its page says, as the person who is logged in."""
    values = await staff_form(request, session)
    view = await _seen(request, session, number)
    kind = values.get("kind", "")
    try:
        caller = session.caller
        if kind == DECISION:
            step = next(
                (each for each in view.steps if each.key == f"decision:{values.get('subject', '')}"), None
            )
            caller = caller.asked_as(step.roles, step.people) if step is not None else caller
        said = await tell_case(door_of(request), caller, number, kind, values, address_of(request))
    except Refusal as refusal:
        if refusal.code is Code.NOT_SIGNED_IN:
            raise
        return await _case_page(request, session, number, refusal=refusal, values=values)
    back = "/" if values.get("from") == "inbox" else f"/cases/{number}"
    return RedirectResponse(f"{back}?said={said.body.get('status', 'stored')}", 303)
