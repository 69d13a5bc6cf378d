"""Signing by link (R31): a one-time code proves the signer, or a clerk looks at the signature; a scan may come instead.

The page answers alike for the name of a designated signer and for any other: it teaches nobody who signs.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from activities.access.customer_links import first_opening, open_steps_of, take_signature
from activities.access.signing_codes import Asked, Proof, make_code, try_code
from activities.documents.document_store import DocumentStore
from activities.documents.drawings import PNG, read_drawing
from activities.orders.requests import start_of
from activities.scans.scan_folder import put_scan
from gateway.api.bodies import TooLarge
from gateway.context import in_database
from gateway.pages.customers.customer_files import count_upload, read_upload, required
from gateway.pages.customers.customer_visit import (
    BY_LINK,
    NOT_WAITED_FOR,
    Sheet,
    Visit,
    at_own_order,
    come_in,
    customer_file_of,
    customer_page,
    tell_as_customer,
)
from gateway.security.customer_links import quota_of
from gateway.security.staff_sessions import read_form
from models.customer_links import LinkUse
from models.documents.link_signatures import RETURNED
from models.messages.link_signature import CodeChannel, LinkSignature
from models.values.calendar import business_date, end_of
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Words
from models.writing.printed_figures import moment
from runtime.files.scans import name_at_door
from runtime.link_secret import link_secret

router = APIRouter(include_in_schema=False)
_LONGEST_NAME = 100
_MOST_WAITING = 5
_NEWER = Words(
    "确认书已有第 {version} 版，请核对新版后再签",
    "there is version {version} of the sheet; look at that one and sign it",
)
_TO_LOOK = Words(
    "此链接只供查看订单，不能签字；请向业务员索取签字链接",
    "this link is to see the order and not to sign; please ask your salesperson for one to sign",
)
_NAME_WANTED = Words("请写姓名并勾选确认", "give your name and tick the box")
_ONLY_NAME = Words("请写签字人姓名", "give the name of who signs")
_NOT_OPENED = Words(
    "请先打开并核对确认书（PDF），再签字", "open the sheet (PDF) and look at it before you sign it"
)
_WRONG_CODE = Words(
    "验证码不对或已失效；可以重新索取，或不用验证码签字，由客服核对",
    "the code is wrong or over; ask for a new one, or sign without a code and our clerk will look at the signature",
)
_CODES = Words(
    "验证码每分钟最多索取一次，每天最多 {most} 次；{when} 后再试",
    "a code is made once a minute and {most} times a day at most; try again after {when}",
)
_SIGNATURES = Words(
    "今天签字尝试过多，{when} 后再试", "too many attempts to sign today; try again after {when}"
)
_CLERK_FIRST = Words(
    "您此前提交的还在等客服核对，核对后再提交",
    "what you sent before is still to be looked at by our clerk; try again then",
)
_SCANS_WAIT = Words(
    "已上传的扫描件还在识别，请稍后再试", "the scans that were uploaded are still being read; try again soon"
)


def _tomorrow(now: datetime) -> str:
    """When a business day's quota opens again, as people read it."""
    return moment(end_of(business_date(now)))


def _too_many(words: Words) -> Refusal:
    return Refusal(Code.TOO_MANY_REQUESTS, words)


def _sheet_to_sign(visit: Visit) -> Sheet:
    """The sheet that this link signs. Raises Refusal(not_asked, wrong_role)."""
    sheet = visit.sheet
    if sheet is None:
        raise Refusal(Code.NOT_ASKED, NOT_WAITED_FOR)
    if not visit.signs:
        raise Refusal(Code.WRONG_ROLE, _TO_LOOK)
    return sheet


def _same_sheet(visit: Visit, form: dict[str, str]) -> Sheet:
    """The sheet that the form was about, if it is the one to be signed now. Raises Refusal(stale_version) otherwise."""
    try:
        sheet = _sheet_to_sign(visit)
    except Refusal as refusal:
        code = Code.STALE_VERSION if refusal.code is Code.NOT_ASKED else refusal.code
        raise Refusal(code, refusal.words) from None
    if form.get("version") != sheet.version:
        raise Refusal(Code.STALE_VERSION, _NEWER.filled(version=sheet.version))
    return sheet


def _name_in(form: dict[str, str]) -> str:
    return form.get("signed_by", "").strip()[:_LONGEST_NAME]


async def _signers(visit: Visit) -> tuple[str, ...]:
    start = await in_database(start_of, visit.door.engine, visit.view.order.number)
    return customer_file_of(visit.view, start).designated_signers


# --- a code --------------------------------------------------------------------------------------------------------


@at_own_order(router.post, "/code")
async def code(request: Request) -> Response:
    """Send a one-time code to the designated signer of this name, if there is one; the answer is the same if not."""
    visit = await come_in(request)
    form = await read_form(request)
    try:
        await _send_code(visit, form)
    except Refusal as refusal:
        return await customer_page(request, visit, refusal=refusal, filled=form)
    await visit.note(LinkUse.CODE)
    return await customer_page(request, visit, said="code", filled=form)


async def _send_code(visit: Visit, form: dict[str, str]) -> None:
    sheet, name = _same_sheet(visit, form), _name_in(form)
    if not name:
        raise Refusal(Code.MISSING_FIELD, _ONLY_NAME)
    secret, most = link_secret(visit.door.settings), quota_of(visit.door.settings).codes
    asked = Asked(visit.link, name, sheet.document)
    signers = await _signers(visit)
    later = await in_database(
        make_code, visit.door.engine, secret, asked, signers, visit.view.order.customer, most, visit.now
    )
    if later is not None:
        raise _too_many(_CODES.filled(most=most, when=moment(later)))


# --- a signature ---------------------------------------------------------------------------------------------------


@at_own_order(router.post, "/sign")
async def sign(request: Request) -> Response:
    """Sign the version that was opened by this link: with a code at once, without one when a clerk has looked (R31)."""
    visit = await come_in(request)
    form = await read_form(request)
    try:
        signature = await _signed(visit, form)
        said: dict[str, object] = {
            "version": int(form["version"]),
            "signed_by": signature.signer,
            "document": f"{BY_LINK}{visit.link.name}/{uuid.uuid4().hex[:8]}",
            "link_signature": lasting(signature),
        }
        await tell_as_customer(visit, RETURNED, said, form.get("seen", ""))
    except Refusal as refusal:
        return await customer_page(request, visit, refusal=refusal, filled=form)
    await visit.note(LinkUse.SIGNED, signature.document_sha256)
    return RedirectResponse(f"{visit.home}?said={'signed' if signature.is_proved else 'looked'}", 303)


async def _signed(visit: Visit, form: dict[str, str]) -> LinkSignature:
    """The signature with everything that proves it. Raises Refusal for what is none."""
    sheet, name, engine = _same_sheet(visit, form), _name_in(form), visit.door.engine
    if not name or form.get("agreed") != "yes":
        raise Refusal(Code.MISSING_FIELD, _NAME_WANTED)
    opened = await in_database(first_opening, engine, visit.link, sheet.document)
    if opened is None:
        raise Refusal(Code.NOT_ASKED, _NOT_OPENED)
    quota = quota_of(visit.door.settings)
    if not await in_database(take_signature, engine, visit.link, quota, visit.now):
        raise _too_many(_SIGNATURES.filled(when=_tomorrow(visit.now)))
    drawing = read_drawing(form.get("drawing", ""))
    proof = await _proof(visit, sheet, name, form.get("code", "").strip())
    if proof is None and await in_database(open_steps_of, engine, visit.link) >= quota.open_steps:
        raise _too_many(_CLERK_FIRST)
    kept = DocumentStore(visit.door.settings.documents).keep
    return LinkSignature(
        document_sha256=sheet.document,
        opened_at=opened.first_at,
        opened_from=opened.address,
        signed_at=visit.now,
        signed_from=visit.address,
        signer=name,
        link=visit.link.name,
        code_channel=CodeChannel.NONE if proof is None else proof.channel,
        code_sent_to="" if proof is None else proof.sent_to,
        drawing_sha256="" if drawing is None else await in_database(kept, drawing, PNG),
    )


async def _proof(visit: Visit, sheet: Sheet, name: str, given: str) -> Proof | None:
    """What the code proves; None where none was given. Raises Refusal(contradiction) for a wrong one."""
    if not given:
        return None
    asked = Asked(visit.link, name, sheet.document)
    secret = link_secret(visit.door.settings)
    proof = await in_database(try_code, visit.door.engine, secret, asked, given, visit.now)
    if proof is None or name not in await _signers(visit):
        raise Refusal(Code.CONTRADICTION, _WRONG_CODE)
    return proof


# --- a scan --------------------------------------------------------------------------------------------------------


@at_own_order(router.post, "/scan")
async def scan(request: Request) -> Response:
    """A scan of the signed sheet: into the watched folder, where it is recognised like any other."""
    visit = await come_in(request)
    try:
        await _take_scan(request, visit)
    except TooLarge:
        raise
    except Refusal as refusal:
        return await customer_page(request, visit, refusal=refusal)
    return RedirectResponse(f"{visit.home}?said=yes", 303)


async def _take_scan(request: Request, visit: Visit) -> None:
    _sheet_to_sign(visit)
    settings, engine = visit.door.settings, visit.door.engine
    folder, quota, order = settings.scans / "in", quota_of(settings), visit.view.order.number
    if len(list(folder.glob(f"door-{order}-*"))) >= _MOST_WAITING:
        raise _too_many(_SCANS_WAIT)
    if await in_database(open_steps_of, engine, visit.link) >= quota.open_steps:
        raise _too_many(_CLERK_FIRST)
    upload = required((await read_upload(request))[1])
    await count_upload(visit, upload)
    name = name_at_door(order, f"{visit.link.name}-{uuid.uuid4().hex[:8]}", upload.ending)
    await in_database(put_scan, folder, name, upload.content)
