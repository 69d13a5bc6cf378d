"""Contracts for the staff: the list, a first draft from its order, one contract with versions, signatures and acts (R107)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.contracts.contract_requests import living_contract
from activities.contracts.contract_views import ContractView, list_contracts, show_contract
from activities.documents.document_store import PDF, DocumentStore
from activities.documents.printed_papers import documents_of
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.cases.waiting import decides, subject_of
from gateway.pages.contracts.contract_acts import CONTRACT_NUMBER, given, redraft, tell_contract
from gateway.pages.orders.order_pages import view_of
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.access import Caller
from models.contracts.facts import DRAFTERS
from models.contracts.terms import ContractEnding, ContractSide, ContractStage
from models.facts.speakers import who_may
from models.messages.envelope import DECISION
from models.values.errors import Code, Refusal
from models.values.vocabulary import PaymentTerms, Role, Term, Words
from models.writing.written_numbers import Manner
from runtime.cases.beginning import begin_case
from runtime.cases.opening import DRAFTS
from runtime.contracts.drafting import agreed_terms, draft_of

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
Number = Annotated[str, Path(pattern=CONTRACT_NUMBER)]
READERS = (
    Role.SALESPERSON, Role.LEGAL, Role.FINANCE, Role.SERVICE_CLERK, Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR,
    Role.MARKETING_DIRECTOR,
)  # fmt: skip
"""Who works on contracts."""
_ACTS = ("drafted", "signing_arranged", "contract_signed", "contract_declined", "terminated")
_NOT_THEIRS = Words(
    "合同由业务、法务、财务等岗位查看", "contracts are for sales, legal, finance and who signs"
)
_NOT_DRAFTED_BY = Words("合同由业务员或法务起草", "contracts are drafted by salespersons and legal")
_NO_PAPER = Words("没有这份文书", "there is no such paper")
_NO_ORDER = Words("请写订单号", "name the order")


def contract_stage(value: str) -> Term | None:
    """A stored stage as people read it."""
    return next((each for each in ContractStage if each.value == value), None)


def contract_ending(value: str | None) -> Term | None:
    """A stored ending as people read it."""
    return next((each for each in ContractEnding if each.value == value), None)


def _require_reader(session: Session) -> None:
    if not set(READERS) & set(session.caller.roles):
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS, rule="R107")


def _may(caller: Caller, kind: str) -> bool:
    return any(role in caller.roles for role in who_may(kind))


@router.get("/contracts")
async def all_contracts(request: Request, session: Who, stage: str = "", every: str = "") -> HTMLResponse:
    """The contracts, the newest first; a salesperson sees the own ones."""
    _require_reader(session)
    door, caller = door_of(request), session.caller
    known = next((each for each in ContractStage if each.value == stage), None)
    found = await in_database(
        list_contracts,
        door.engine,
        salesperson=caller.only_salesperson,
        stage=known.value if known else None,
        open_only=not every and known is None,
    )
    return page(
        request, "contracts/list.html", session=session, active="contracts", contracts=found, stages=list(ContractStage),
        stage=stage, every=every, contract_stage=contract_stage, contract_ending=contract_ending,
        may_draft=_may(caller, "drafted"),
    )  # fmt: skip


# --- drafted -----------------------------------------------------------------------------------------------------------


@router.get("/contracts/new")
async def draft_form(request: Request, session: Who, order: str = "") -> HTMLResponse:
    """Where a contract is drafted from its order."""
    _require_drafter(session)
    return _draft_page(request, session, {"order": order[:40]}, None)


def _require_drafter(session: Session) -> None:
    if not _may(session.caller, "drafted"):
        raise Refusal(Code.WRONG_ROLE, _NOT_DRAFTED_BY, rule="R107")


def _draft_page(
    request: Request, session: Session, values: Mapping[str, str], refusal: Refusal | None
) -> HTMLResponse:
    return page(
        request, "contracts/new.html", 200 if refusal is None else 409, session=session, active="contracts",
        home="/contracts/new", values=values, refusal=refusal,
    )  # fmt: skip


@router.post("/contracts/new")
async def draft(request: Request, session: Who) -> Response:
    """Draft it; of an order that has a contract it is another version. The same form sent twice is one."""
    _require_drafter(session)
    door, values = door_of(request), await staff_form(request, session)
    try:
        number = await _drafted(door, session.caller, values, address_of(request))
    except Refusal as refusal:
        if refusal.code is Code.NOT_SIGNED_IN:
            raise
        return _draft_page(request, session, values, refusal)
    return RedirectResponse(f"/contracts/{number}?said=placed", 303)


async def _drafted(door: Door, caller: Caller, values: Mapping[str, str], address: str) -> str:
    order = values.get("order", "").strip()
    if not order:
        raise Refusal(Code.MISSING_FIELD, _NO_ORDER, where="order", rule="R107")
    await view_of(door, caller, order)
    living = await in_database(living_contract, door.engine, order)
    if living is not None:
        await redraft(door, caller, living, order, values, address)
        return living
    agreed = await door.on_server(lambda client: agreed_terms(client, order))
    role = next((each for each in DRAFTERS if each in caller.roles), DRAFTERS[0])
    request = DRAFTS.read(
        {
            **draft_of(agreed, **given(values, "quality", "words", "valid_until")),
            "request_id": f"desk/{values.get('once', '')[:60]}",
            "entered_by": caller.author,
            "entered_role": role.value,
        },
        Manner.TYPED,
    )
    start = (await DRAFTS.number(door.settings, request, space=caller.request_space)).start
    try:
        return (await door.on_server(lambda client: begin_case(client, door.settings, start))).number
    except Refusal as refusal:
        if refusal.code is not Code.SERVER_UNAVAILABLE:
            raise
        door.forward_now()
    return start.number


# --- one contract ------------------------------------------------------------------------------------------------------


@router.get("/contracts/{number}")
async def one_contract(request: Request, number: Number, session: Who, said: str = "") -> HTMLResponse:
    """One contract: what it waits for, its versions, who signed, and what can be done."""
    return await _contract_page(request, session, number, said=said)


async def _seen(request: Request, session: Session, number: str) -> ContractView:
    """The contract, if it is theirs to see. Raises Refusal(unknown_order, wrong_role)."""
    _require_reader(session)
    view = await in_database(show_contract, door_of(request).engine, number)
    caller = session.caller
    named = {person for step in view.steps for person in step.people} & {caller.name, *caller.represents}
    if not named:
        caller.require_sight(number, view.customer, view.salesperson)
    return view


async def _contract_page(
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
    papers = await in_database(documents_of, door.engine, number)
    deciding = next((step for step in view.steps if subject_of(step) is not None), None)
    subject = subject_of(deciding) if deciding is not None else None
    asked = next(
        (
            each
            for each in reversed(view.decisions)
            if subject is not None and each.key == subject.value and not each.voided_at
        ),
        None,
    )
    return page(
        request, "contracts/contract.html", 200 if refusal is None else 409, session=session, active="contracts",
        home=f"/contracts/{number}", view=view, stage=contract_stage(view.stage), ending=contract_ending(view.ending),
        newest=view.newest, sides=list(ContractSide), said=said, refusal=refusal, values=values or {},
        terms=list(PaymentTerms), may={kind: not view.ending and _may(caller, kind) for kind in _ACTS},
        signs_for_company=Role.MARKETING_DIRECTOR in caller.roles,
        papers=[each for each in papers if each.document], deciding=deciding, subject=subject, asked=asked,
        decides=deciding is not None and decides(caller, deciding), now=door.now(),
    )  # fmt: skip


@router.post("/contracts/{number}/tell")
async def tell(request: Request, number: Number, session: Who) -> Response:
    """Tell the contract what a form of its page says, as the person who is logged in."""
    values = await staff_form(request, session)
    view = await _seen(request, session, number)
    door, kind, caller = door_of(request), values.get("kind", ""), session.caller
    try:
        if kind == DECISION:
            key = f"decision:{values.get('subject', '')}"
            step = next((each for each in view.steps if each.key == key), None)
            caller = caller.asked_as(step.roles, step.people) if step is not None else caller
        if kind == "drafted":
            told = await redraft(door, caller, number, view.order_number, values, address_of(request))
        else:
            told = await tell_contract(door, caller, number, kind, values, address_of(request))
    except Refusal as refusal:
        if refusal.code is Code.NOT_SIGNED_IN:
            raise
        return await _contract_page(request, session, number, refusal=refusal, values=values)
    back = "/" if values.get("from") == "inbox" else f"/contracts/{number}"
    return RedirectResponse(f"{back}?said={told.body.get('status', 'stored')}", 303)


@router.get("/contracts/{number}/papers/{document}")
async def paper(request: Request, number: Number, document: str, session: Who) -> Response:
    """A printed version, or the copy with both signatures."""
    await _seen(request, session, number)
    return await contract_file(door_of(request), number, document)


async def contract_file(door: Door, number: str, document: str) -> Response:
    """The PDF of a version of this contract. Raises Refusal(unknown_place)."""
    papers = await in_database(documents_of, door.engine, number)
    if document not in {each.document for each in papers if each.document}:
        raise Refusal(Code.UNKNOWN_PLACE, _NO_PAPER, where=document[:64])
    content: Any = await in_database(DocumentStore(door.settings.documents).read, document + PDF)
    return Response(content, media_type="application/pdf")
