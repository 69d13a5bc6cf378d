"""Where a customer of the shop pays: the intent, the way to the provider, and the page to which who paid comes back (R123)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import segno
from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from activities.shop.payment_views import ShownIntent, pay_anew, shown_intent
from gateway.api.problems import status_of
from gateway.context import door_of, in_database
from gateway.pages.rendering import page
from models.shop.checkout_money import IntentState
from models.values.errors import Code, Refusal
from runtime.shop.paying import as_it_stands, ready_to_pay

router = APIRouter(include_in_schema=False)
Number = Annotated[str, Path(pattern=r"^P[0-9a-f]{24}-\d{1,6}$")]
_SCANNED = "weixin://"
"""How an address begins that a phone opens and no browser."""
_SHOWN = (Code.PROVIDER_UNAVAILABLE, Code.PROVIDER_REFUSES, Code.NOT_SET_UP)


@router.get("/shop/pay/{intent}")
async def pay(request: Request, intent: Number) -> HTMLResponse:
    """What is to be paid for which orders, and the way to the provider; what was paid or closed says so."""
    door = door_of(request)
    try:
        found = await in_database(ready_to_pay, door.engine, door.settings, intent, datetime.now(UTC))
    except Refusal as refusal:
        if refusal.code not in _SHOWN:
            raise
        known = await in_database(shown_intent, door.engine, intent)
        return _page(request, known, refusal=refusal)
    return _page(request, found)


@router.post("/shop/pay/{intent}")
async def pay_once_more(request: Request, intent: Number) -> Response:
    """The provider let it run out before the order's own limit: the next intent takes its place."""
    number = await in_database(pay_anew, door_of(request).engine, intent, datetime.now(UTC))
    return RedirectResponse(f"/shop/pay/{number}", 303)


@router.get("/shop/pay/{intent}/back")
async def back(request: Request, intent: Number) -> HTMLResponse:
    """Who paid comes back here, as a rule before the provider has told us: the page waits, and the provider is asked."""
    door = door_of(request)
    found = await in_database(as_it_stands, door.engine, door.settings, intent, datetime.now(UTC))
    if found.state is not IntentState.OPEN:
        door.forward_now()  # it may have been paid by what the provider said just now
    return _page(request, found, came_back=True)


def _page(
    request: Request, found: ShownIntent, *, came_back: bool = False, refusal: Refusal | None = None
) -> HTMLResponse:
    status = 200 if refusal is None else status_of(refusal.code)
    return page(
        request, "shop/pay.html", status, intent=found, came_back=came_back, refusal=refusal, states=IntentState,
        code=_code(found),
    )  # fmt: skip


def _code(found: ShownIntent) -> Markup:
    """Where it is paid by scanning a code, that code."""
    if not found.pay_at.startswith(_SCANNED):
        return Markup()
    drawn = segno.make(found.pay_at, error="m").svg_inline(scale=5, border=4, light="#fff")
    return Markup(drawn)  # noqa: S704 - drawn here, of black and white squares
