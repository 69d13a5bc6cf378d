"""A customer's own contracts after log-in: to read, to sign with a one-time code, to decline (R31, R107).

A version is signed as the sheet is: the very PDF was opened, and a code that went to the phone or mailbox of a designated
signer proves who signs. Who has none hands the signed paper to the salesperson.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.customer_links import first_opening, note_use, take_signature
from activities.access.signing_codes import Asked, make_code, try_code
from activities.contracts.contract_views import ContractView, DraftView, list_contracts, show_contract
from activities.documents.printed_papers import documents_of
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.cases.telling import tell_form
from gateway.pages.contracts.contract_acts import CONTRACT_NUMBER
from gateway.pages.contracts.contract_pages import contract_file
from gateway.pages.rendering import page
from gateway.security.customer_links import quota_of
from gateway.security.customer_sessions import logged_in, own_access
from gateway.security.staff_sessions import read_form
from models.access import Caller, CallerKind
from models.contracts.contract_request import ContractStart
from models.contracts.facts import CONTRACT_FACTS
from models.contracts.terms import ContractSide, ContractStage
from models.customer_links import CustomerLink, LinkUse
from models.dossier.papers_due import Paper
from models.messages.link_signature import LinkSignature
from models.signing_codes import DIGITS
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import PaymentTerms, Role, Words
from models.writing.printed_figures import moment
from runtime.link_secret import link_secret

router = APIRouter(include_in_schema=False)
Number = Annotated[str, Path(pattern=CONTRACT_NUMBER)]
_LONGEST_NAME = 100
_NO_CONTRACT = Words("没有合同 {number}", "there is no contract {number}")
_NOTHING = Words("现在没有待您签署的版本", "no version waits for your signature now")
_NEWER = Words(
    "合同已有第 {version} 版，请核对新版后再签", "there is version {version}; please read that one"
)
_NAME = Words("请写签字人姓名", "give the name of who signs")
_AGREE = Words("请勾选确认", "tick the box to agree")
_NOT_OPENED = Words(
    "请先打开并核对合同（PDF），再签字", "open the contract (PDF) and read it before you sign it"
)
_CODE = Words(
    "签合同须填写验证码；没有收到的，请将签好的纸质合同交业务员",
    "a contract is signed with a code; who gets none gives the signed paper to the salesperson",
)
_WRONG_CODE = Words("验证码不对或已失效，可以重新索取", "the code is wrong or over; ask for a new one")
_CODES = Words(
    "验证码每分钟最多索取一次；{when} 后再试", "a code is made once a minute; try again after {when}"
)
_TOO_OFTEN = Words("今天签字尝试过多，请明天再试", "too many attempts to sign today; try again tomorrow")
_STATES: Mapping[ContractStage, Words] = {
    ContractStage.IN_APPROVAL: Words("我们正在准备合同", "we are preparing the contract"),
    ContractStage.TO_DRAFT: Words("我们正在修改合同", "we are changing the contract"),
    ContractStage.TO_ARRANGE: Words("请阅读合同，签署时间地点待定", "please read it; where and when it is signed follows"),
    ContractStage.TO_SIGN: Words("请签署合同", "please sign the contract"),
    ContractStage.PARTLY_SIGNED: Words("等待另一方签署", "the other side's signature is waited for"),
    ContractStage.IN_FORCE: Words("已生效", "in force"),
    ContractStage.CHANGING: Words("已生效；补充协议办理中", "in force; a supplement is on its way"),
    ContractStage.ENDING: Words("已终结", "ended"),
    ContractStage.ENDED: Words("已终结", "ended"),
}  # fmt: skip
"""What a customer reads of where it stands: nothing of the house."""


def state_of_contract(stage: str) -> Words:
    """Where it stands, in words for the customer."""
    known = next((each for each in ContractStage if each.value == stage), None)
    return _STATES[known] if known is not None else Words("", "")


@dataclass(frozen=True, slots=True)
class _Visit:
    """A customer at their own contract."""

    door: Door
    view: ContractView
    link: CustomerLink
    now: datetime
    address: str
    papers: Mapping[str, str]
    """The SHA-256 of each version's PDF, by what it is."""
    may_act: bool
    """Whether they may sign and decline, and not only look (R120)."""

    @property
    def to_sign(self) -> DraftView | None:
        """The version that waits for the customer's signature."""
        draft = self.view.newest
        if draft is None or self.view.ending or not draft.may_be_signed:
            return None
        signed = self.view.signature_of(draft.version, ContractSide.CUSTOMER.value)
        return draft if signed is None else None

    def document_of(self, draft: DraftView) -> str:
        """The SHA-256 of the PDF of a version; empty until it is printed."""
        return self.papers.get(f"{Paper.CONTRACT.value}:{draft.version}", "")

    @property
    def signers(self) -> tuple[str, ...]:
        """Who may sign for the customer."""
        return ContractStart.model_validate(self.view.start).customer.designated_signers


async def _come_in(request: Request, number: str) -> _Visit:
    """Raises Refusal(unknown_order) for another customer's as for one that nobody knows."""
    session, door = await logged_in(request), door_of(request)
    view: ContractView = await in_database(show_contract, door.engine, number)
    session.require_own(
        view.customer, Refusal(Code.UNKNOWN_ORDER, _NO_CONTRACT.filled(number=number), where=number)
    )
    now = door.now()
    link = await in_database(own_access, door.settings, door.engine, session, view.order_number, now)
    papers = await in_database(documents_of, door.engine, number)
    printed = {each.identity: each.document for each in papers if each.document}
    return _Visit(door, view, link, now, address_of(request), printed, session.may_act(view.customer))


@router.get("/c/contracts")
async def own_contracts(request: Request) -> HTMLResponse:
    """All own contracts that were approved once, the newest first."""
    session = await logged_in(request)
    engine = door_of(request).engine
    found = [
        each
        for customer in session.customers
        for each in await in_database(list_contracts, engine, customer=customer)
    ]
    found.sort(key=lambda each: each.placed_at, reverse=True)
    return page(
        request,
        "contracts/customer_list.html",
        contracts=[(each, state_of_contract(each.stage)) for each in found],
    )


@router.get("/c/contracts/{number}")
async def own_contract(request: Request, number: Number, said: str = "") -> HTMLResponse:
    """One own contract: what it says, who signed, what can be done."""
    return _page(request, await _come_in(request, number), said=said)


def _page(
    request: Request,
    visit: _Visit,
    *,
    said: str = "",
    refusal: Refusal | None = None,
    values: Mapping[str, str] | None = None,
) -> HTMLResponse:
    view = visit.view
    shown = [(draft, visit.document_of(draft)) for draft in view.shown_to_customer]
    copies = {
        draft.version: visit.papers.get(f"{Paper.CONTRACT_IN_FORCE.value}:{draft.version}", "")
        for draft, _ in shown
    }
    return page(
        request, "contracts/customer_contract.html", 200 if refusal is None else 409,
        home=f"/c/contracts/{view.number}", view=view, state=state_of_contract(view.stage), shown=shown, copies=copies,
        to_sign=visit.to_sign, may_act=visit.may_act,
        said=said, refusal=refusal, values=values or {}, digits=DIGITS, terms=list(PaymentTerms),
    )  # fmt: skip


@router.get("/c/contracts/{number}/papers/{document}")
async def own_paper(request: Request, number: Number, document: str) -> Response:
    """A version as it was printed; that it was opened is kept, as before every signature (R31)."""
    visit = await _come_in(request, number)
    answer = await contract_file(visit.door, number, document)
    await in_database(
        note_use, visit.door.engine, visit.link, LinkUse.OPENED, visit.now, visit.address, document
    )
    return answer


# --- signed ------------------------------------------------------------------------------------------------------------


@router.post("/c/contracts/{number}/code")
async def code(request: Request, number: Number) -> Response:
    """Send a one-time code to the designated signer of this name; the answer is the same where there is none."""
    visit, form = await _come_in(request, number), await read_form(request)
    try:
        asked = _asked(visit, form)
        most = quota_of(visit.door.settings).codes
        secret = link_secret(visit.door.settings)
        later = await in_database(
            make_code, visit.door.engine, secret, asked, visit.signers, visit.view.customer, most, visit.now
        )
        if later is not None:
            raise Refusal(Code.TOO_MANY_REQUESTS, _CODES.filled(when=moment(later)))
    except Refusal as refusal:
        return _page(request, visit, refusal=refusal, values=form)
    return _page(request, visit, said="code", values=form)


def _asked(visit: _Visit, form: Mapping[str, str]) -> Asked:
    """What is signed, under which name. Raises Refusal: not_asked, stale_version, missing_field."""
    draft = visit.to_sign
    if draft is None:
        raise Refusal(Code.NOT_ASKED, _NOTHING)
    if form.get("version") != str(draft.version) or form.get("digest") != draft.digest:
        raise Refusal(Code.STALE_VERSION, _NEWER.filled(version=draft.version), where="version")
    name, document = form.get("signed_by", "").strip()[:_LONGEST_NAME], visit.document_of(draft)
    if not name:
        raise Refusal(Code.MISSING_FIELD, _NAME, where="signed_by")
    if not document:
        raise Refusal(Code.NOT_ASKED, _NOT_OPENED)
    return Asked(visit.link, name, document)


@router.post("/c/contracts/{number}/sign")
async def sign(request: Request, number: Number) -> Response:
    """Sign the version that was opened, with the code (R31, R107)."""
    visit, form = await _come_in(request, number), await read_form(request)
    try:
        signature = await _signed(visit, form)
        content = {
            "version": form["version"],
            "digest": form["digest"],
            "signed_by": signature.signer,
            "document": f"link/{visit.link.name}/{uuid.uuid4().hex[:8]}",
            "link_signature": lasting(signature),
        }
        told = await _tell(visit, "contract_signed", content, form)
    except Refusal as refusal:
        return _page(request, visit, refusal=refusal, values=form)
    await in_database(
        note_use,
        visit.door.engine,
        visit.link,
        LinkUse.SIGNED,
        visit.now,
        visit.address,
        signature.document_sha256,
    )
    return RedirectResponse(f"/c/contracts/{number}?said={told}", 303)


async def _signed(visit: _Visit, form: Mapping[str, str]) -> LinkSignature:
    """The signature with everything that proves it. Raises Refusal for what is none."""
    asked, engine = _asked(visit, form), visit.door.engine
    if form.get("agreed") != "yes":
        raise Refusal(Code.MISSING_FIELD, _AGREE, where="agreed")
    opened = await in_database(first_opening, engine, visit.link, asked.document)
    if opened is None:
        raise Refusal(Code.NOT_ASKED, _NOT_OPENED)
    typed = form.get("code", "").strip()
    if not typed:
        raise Refusal(Code.MISSING_FIELD, _CODE, where="code")
    if not await in_database(take_signature, engine, visit.link, quota_of(visit.door.settings), visit.now):
        raise Refusal(Code.TOO_MANY_REQUESTS, _TOO_OFTEN)
    proof = await in_database(try_code, engine, link_secret(visit.door.settings), asked, typed, visit.now)
    if proof is None or asked.signer not in visit.signers:
        raise Refusal(Code.CONTRADICTION, _WRONG_CODE, where="code")
    return LinkSignature(
        document_sha256=asked.document,
        opened_at=opened.first_at,
        opened_from=opened.address,
        signed_at=visit.now,
        signed_from=visit.address,
        signer=asked.signer,
        link=visit.link.name,
        code_channel=proof.channel,
        code_sent_to=proof.sent_to,
    )


@router.post("/c/contracts/{number}/decline")
async def decline(request: Request, number: Number) -> Response:
    """Not this version, with the reason."""
    visit, form = await _come_in(request, number), await read_form(request)
    try:
        content = {"version": form.get("version", ""), "reason": form.get("reason", "").strip()[:400]}
        told = await _tell(visit, "contract_declined", content, form)
    except Refusal as refusal:
        return _page(request, visit, refusal=refusal, values=form)
    return RedirectResponse(f"/c/contracts/{number}?said={told}", 303)


async def _tell(visit: _Visit, kind: str, content: dict[str, Any], form: Mapping[str, str]) -> str:
    number = visit.view.number
    caller = Caller(name=visit.view.customer, kind=CallerKind.CUSTOMER, roles=(Role.CUSTOMER,), order=number)
    # When it was said is now: the time that a customer names is not asked.
    once = {"once": form.get("once", "")}
    said = await tell_form(visit.door, caller, number, kind, content, CONTRACT_FACTS, once, visit.address)
    return str(said.body.get("status", "stored"))
