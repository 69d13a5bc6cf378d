"""The phone's page: big tiles, the camera, photos of papers; what is told without network is kept there and told once."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from activities.access.logins import Session
from activities.store.people import staff_to_choose
from gateway.api.bodies import read_body
from gateway.api.orders import ORDER_NUMBER, Number
from gateway.api.problems import status_of
from gateway.context import address_of, door_of, in_database
from gateway.pages.floor.floor_steps import tiles_of, tiles_of_order
from gateway.pages.orders.deputies import speaker
from gateway.pages.orders.order_pages import view_of
from gateway.pages.orders.step_acts import act, filled_in, require_answered
from gateway.pages.rendering import page
from gateway.security.protection import HEADERS
from gateway.security.staff_sessions import require_own, staff, staff_form
from models.documents.paper_codes import LONGEST, read_code
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words
from runtime.paper_photos import MOST_BYTES, keep, look_at

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
OWN_FORM = "dingdan-own-form"
"""The header in which a photo brings the token of the page's forms: it is a picture and no form."""
_NO_CODE = Words(
    "照片上没有认出我们单据的二维码，请拍清楚些，或手输订单号",
    "no code of a paper of ours was found on the photo; take a clearer one, or type the order number",
)


@router.get("/floor")
async def floor(request: Request, session: Who, code: str = "", order: str = "") -> HTMLResponse:
    """What waits for me; by a code, or an order's number, what waits for me there."""
    door, caller = door_of(request), session.caller
    seen = read_code(code[: LONGEST + 1])
    number = seen.order if seen is not None else order.strip()
    refusal, tiles, more = None, [], False
    if ORDER_NUMBER.fullmatch(number):
        try:
            tiles = await tiles_of_order(door, caller, number, seen)
        except Refusal as refused:
            if refused.code in OF_THE_WORLD:
                raise
            refusal = refused
    elif code or number:
        refusal = Refusal(Code.UNKNOWN_ORDER, _NO_CODE, where="order")
    else:
        tiles, more = await tiles_of(door, caller)
    answer = page(
        request, "floor/floor.html", 200 if refusal is None else status_of(refusal.code), session=session, tiles=tiles,
        more=more, number=number, code=seen, refusal=refusal, active="floor",
    )  # fmt: skip
    answer.headers["Permissions-Policy"] = HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")
    return answer


@router.post("/floor/read")
async def read(request: Request, session: Who) -> Response:
    """Which paper a photo shows: its code, to go on with. For a browser that cannot read codes itself."""
    _require_token(request, session)
    try:
        codes = await asyncio.to_thread(look_at, await read_body(request, MOST_BYTES))
        if not codes:
            raise Refusal(Code.MALFORMED_FILE, _NO_CODE, where="photo")
    except Refusal as refusal:
        return _refused(refusal)
    return JSONResponse({"code": codes[0].text})


@router.post("/floor/{number}/photo")
async def photo(request: Request, number: Number, session: Who) -> Response:
    """Keep a photo of a signed paper; how the paper is named in what is told then (R78)."""
    _require_token(request, session)
    door = door_of(request)
    try:
        await view_of(door, session.caller, number)
        kept = await asyncio.to_thread(keep, door.settings, await read_body(request, MOST_BYTES), number)
    except Refusal as refusal:
        return _refused(refusal)
    return JSONResponse({"document": kept.document, "read": bool(kept.codes)})


@router.post("/floor/{number}/act")
async def say_it(request: Request, number: Number, session: Who) -> Response:
    """Say what a tile's form says, as the person who is logged in; the same form sent again is the same fact."""
    door, values = door_of(request), await staff_form(request, session, by_field=True)
    try:
        view = await view_of(door, session.caller, number)
        staff_known = await in_database(staff_to_choose, door.engine)
        filled = filled_in(view, values, staff_known)
        require_answered(filled, staff_known)
        caller = await speaker(door, session.caller, number, filled.step)
        said = await act(door, caller, number, filled, address_of(request))
    except Refusal as refusal:
        return _refused(refusal)
    return JSONResponse({"status": str(said.body.get("status", ""))})


def _require_token(request: Request, session: Session) -> None:
    require_own({"form_token": request.headers.get(OWN_FORM, "")}, session)


def _refused(refusal: Refusal) -> Response:
    if refusal.code is Code.NOT_SIGNED_IN:
        raise refusal
    said = {
        "code": refusal.code.value,
        "zh": refusal.words.zh,
        "en": refusal.words.en,
        "where": refusal.where,
    }
    return JSONResponse(said, status_of(refusal.code))
