"""The customer's pages: the own order, its papers, the signature, the receipt; nothing of anyone else (R31, R78, R85)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.documents.document_store import PDF, DocumentStore
from activities.documents.printed_papers import Document, documents_of
from activities.orders.order_views import OrderView, show_order
from activities.orders.requests import start_of
from activities.scans.scan_folder import LARGEST_BYTES, MEDIA_TYPES, put_scan
from gateway.api.bodies import read_body
from gateway.api.telling import say
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.rendering import label, page
from gateway.security.customer_links import customer_of
from gateway.security.staff_sessions import read_form
from models.access import Caller
from models.documents.paper_words import title_of
from models.dossier.journal import EntryKind
from models.dossier.open_steps import StepKind
from models.dossier.papers_due import Paper
from models.facts.fact_envelope import fact_envelope
from models.forms.shown import carried_in
from models.messages.fact_contents import Condition
from models.order.kind import KINDS
from models.request.order_start import CustomerFile, OrderStart
from models.values.errors import Code, Refusal
from models.values.fingerprint import canonical
from models.values.vocabulary import Ending, Headline, Words
from runtime.delivery.looked_up import CUSTOMER_FILE_REFRESHED
from runtime.files.scans import name_at_door

router = APIRouter(include_in_schema=False)
SHOWN = {Paper.SHEET, Paper.BALANCE, Paper.SHIPMENT, Paper.RECALL}
"""What a customer may open: never what is said in the house."""
_ON_THE_RECEIPT = (Condition.GOOD, Condition.DAMAGED, Condition.REFUSED)
"""What the customer may say of the goods; how many are missing follows from what was counted (R74)."""
_RECEIVED = "received."
_LONGEST_LINE_NUMBER = 6
_NOT_WAITED_FOR = Words("现在不需要这一步", "this is not waited for now")
_NEWER = Words(
    "确认书已有第 {version} 版,请核对新版后再签",
    "there is version {version} of the sheet; look at that one and sign it",
)
_NOT_A_SIGNER = Words(
    "{name} 不是指定签字人,请由 {signers} 签字",
    "{name} is not a designated signer; it is signed by {signers}",
)
_SCANS_WAIT = Words(
    "已上传的扫描件还在识别,请稍后再试", "the scans that were uploaded are still being read; try again soon"
)
_MOST_SCANS = 5
_NAME_WANTED = Words("请写姓名并勾选确认", "give your name and tick the box")
_NO_SUCH_FILE = Words(
    "请上传 PDF、PNG、JPEG、TIFF、HEIC、AVIF 或 WebP", "upload a PDF, PNG, JPEG, TIFF, HEIC, AVIF or WebP"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The version that is to be signed."""

    version: str
    document: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper as a customer sees it."""

    document: str
    title: Words
    created_at: datetime


async def _come_in(request: Request, token: str) -> tuple[Door, Caller, OrderView, list[Document]]:
    door = door_of(request)
    caller = customer_of(door.settings, token)
    view: OrderView = await in_database(show_order, door.engine, caller.order)
    caller = caller.model_copy(update={"name": view.order.customer})
    papers = await in_database(documents_of, door.engine, caller.order)
    return door, caller, view, [each for each in papers if each.document and each.paper in SHOWN]


def _open(view: OrderView, kind: StepKind) -> str | None:
    """The key of an open step of this kind."""
    return next((step.key for step in view.order.steps if step.kind == kind.value), None)


def _sheet(view: OrderView, papers: list[Document]) -> Sheet | None:
    key = _open(view, StepKind.SHEET_BACK) or _open(view, StepKind.SHEET_OWED)
    version = key.rpartition(":")[2] if key else ""
    paper = next((each for each in papers if each.identity == f"{Paper.SHEET.value}:{version}"), None)
    return Sheet(version, paper.document or "") if paper else None


@router.get("/c/{token}")
async def mine(request: Request, token: str, said: str = "") -> HTMLResponse:
    """The customer's page of the order that their link opens."""
    _, _, view, papers = await _come_in(request, token)
    return await _customer_page(request, view, papers, said=said)


async def _customer_page(
    request: Request, view: OrderView, papers: list[Document], *, said: str = "", refusal: Refusal | None = None
) -> HTMLResponse:  # fmt: skip
    start = await in_database(start_of, door_of(request).engine, view.order.number)
    kind = KINDS[start.request.fulfilment]
    phases = [phase for phase in kind.course if phase not in kind.of_the_house]
    key = _open(view, StepKind.COLLECT_GOODS)
    path = request.url.path.rpartition("/")[0] if refusal else request.url.path
    seen = canonical({"version": view.shown.version})
    return page(
        request, "customer.html", 409 if refusal else 200, endings=",".join(MEDIA_TYPES), view=view, phases=phases,
        here=next((n for n, phase in enumerate(phases) if phase.value == view.order.phase), 0),
        headline=label(Ending, view.order.ending) or label(Headline, view.order.headline), sheet=_sheet(view, papers),
        seen=seen, shipment=key.rpartition(":")[2] if key else "", said=said, refusal=refusal, home=path,
        conditions=_ON_THE_RECEIPT, lines=start.request.lines,
        documents=[Shown(each.document or "", title_of(each.paper), each.created_at) for each in papers],
    )  # fmt: skip


@router.get("/c/{token}/papers/{document}")
async def paper(request: Request, token: str, document: str) -> Response:
    """One of the order's papers."""
    door, _, _, papers = await _come_in(request, token)
    if document not in {each.document for each in papers}:
        raise Refusal(Code.UNKNOWN_ORDER, Words("没有这份文书", "there is no such paper"), where=document)
    content = await in_database(DocumentStore(door.settings.documents).read, document + PDF)
    return Response(content, media_type="application/pdf")


async def _tell_as_customer(
    request: Request, door: Door, caller: Caller, kind: str, content: dict[str, object], seen: str
) -> None:
    """The customer says it, whatever name was typed: that stands in what is said, and is nobody's identity."""
    carried = carried_in(seen)
    envelope = fact_envelope(
        f"customer/{uuid.uuid4()}",
        kind,
        content,
        by=caller.author,
        role=caller.role_for(kind),
        happened_at=datetime.now(UTC),
        seen=carried.seen if carried is not None else None,
    )
    await say(door, caller, caller.order, envelope, address_of(request))


def customer_file_of(view: OrderView, start: OrderStart) -> CustomerFile:
    """The customer's file that the order has now: it may have been refreshed since it was placed (R31)."""
    for entry in reversed(view.journal):
        if entry.kind is EntryKind.FACT and entry.subject == CUSTOMER_FILE_REFRESHED:
            return CustomerFile.model_validate(entry.data["content"]["file"])
    return start.customer


@router.post("/c/{token}/sign")
async def sign(request: Request, token: str) -> Response:
    """Sign the version that is shown: name, time, and the hash of the very paper (R31)."""
    door, caller, view, papers = await _come_in(request, token)
    form = await read_form(request)
    sheet, name = _sheet(view, papers), form.get("signed_by", "").strip()
    if sheet is None or form.get("version") != sheet.version:
        words = _NOT_WAITED_FOR if sheet is None else _NEWER.filled(version=sheet.version)
        return await _customer_page(request, view, papers, refusal=Refusal(Code.STALE_VERSION, words))
    if not name or form.get("agreed") != "yes":
        return await _customer_page(request, view, papers, refusal=Refusal(Code.MISSING_FIELD, _NAME_WANTED))
    signers = customer_file_of(
        view, await in_database(start_of, door.engine, view.order.number)
    ).designated_signers
    if signers and name not in signers:
        words = _NOT_A_SIGNER.filled(name=name, signers=Words.listed(Words(each, each) for each in signers))
        return await _customer_page(
            request, view, papers, refusal=Refusal(Code.WRONG_ROLE, words, rule="R31")
        )
    content = {"version": int(sheet.version), "signed_by": name, "document": f"door/{sheet.document[:16]}"}
    try:
        await _tell_as_customer(request, door, caller, "confirmation_returned", content, form.get("seen", ""))
    except Refusal as refusal:
        view = await in_database(show_order, door.engine, view.order.number)
        return await _customer_page(request, view, papers, refusal=refusal)
    return RedirectResponse(f"/c/{token}?said=yes", 303)


@router.post("/c/{token}/receipt")
async def receipt(request: Request, token: str) -> Response:
    """Confirm that the goods were received, how they are, and how many where that is not all of them (R74, R78)."""
    door, caller, view, papers = await _come_in(request, token)
    form = await read_form(request)
    name, shipment = form.get("signed_by", "").strip(), form.get("shipment", "")
    if not _open(view, StepKind.COLLECT_GOODS) or not name:
        return await _customer_page(request, view, papers, refusal=Refusal(Code.NOT_ASKED, _NOT_WAITED_FOR))
    try:
        await _tell_as_customer(
            request,
            door,
            caller,
            "delivery_receipt",
            {"shipment": shipment, "signed_by": name, **receipt_in(form)},
            form.get("seen", ""),
        )
    except Refusal as refusal:
        view = await in_database(show_order, door.engine, view.order.number)
        return await _customer_page(request, view, papers, refusal=refusal)
    return RedirectResponse(f"/c/{token}?said=yes", 303)


def receipt_in(form: Mapping[str, str]) -> dict[str, object]:
    """What the customer says of the goods beyond their name: what is left empty is not said."""
    found: dict[str, object] = {
        name: said for name in ("condition", "remarks") if (said := form.get(name, "").strip())
    }
    counted = [
        {"line": int(number), "quantity": value.strip()}
        for name, value in form.items()
        if name.startswith(_RECEIVED)
        and (number := name.removeprefix(_RECEIVED)).isdecimal()
        and len(number) <= _LONGEST_LINE_NUMBER
        and value.strip()
    ]
    return found | ({"items": counted} if counted else {})


@router.post("/c/{token}/scan")
async def scan(request: Request, token: str) -> Response:
    """A scan of the signed sheet: into the watched folder, where it is recognised like any other."""
    door, _, view, papers = await _come_in(request, token)
    folder = door.settings.scans / "in"
    if _sheet(view, papers) is None:
        return await _customer_page(request, view, papers, refusal=Refusal(Code.NOT_ASKED, _NOT_WAITED_FOR))
    if len(list(folder.glob(f"door-{view.order.number}-*"))) >= _MOST_SCANS:
        return await _customer_page(
            request, view, papers, refusal=Refusal(Code.TOO_MANY_REQUESTS, _SCANS_WAIT)
        )
    raw = await read_body(request, LARGEST_BYTES)
    request._body = raw  # noqa: SLF001 - the parser below reads what was measured here
    async with request.form(max_files=1, max_fields=5) as form:
        file = form.get("file")
        name = getattr(file, "filename", "") or ""
        ending = PurePath(name).suffix.lower()
        if file is None or isinstance(file, str) or ending not in MEDIA_TYPES:
            return await _customer_page(
                request, view, papers, refusal=Refusal(Code.MALFORMED_FILE, _NO_SUCH_FILE)
            )
        content = await file.read()
    name = name_at_door(view.order.number, uuid.uuid4().hex[:8], ending)
    await in_database(put_scan, folder, name, content)
    return RedirectResponse(f"/c/{token}?said=yes", 303)
