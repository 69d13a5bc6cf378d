"""One act on many orders of the list: chosen, said in one line what it does, and answered order by order."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from activities.access.logins import Session
from gateway.api.orders import ORDER_NUMBER
from gateway.context import Door, address_of, door_of
from gateway.pages.listing.handing_over import handing_over
from gateway.pages.listing.list_pages import PRINTED
from gateway.pages.listing.many_acts import (
    MOST,
    ManyAct,
    Result,
    Work,
    approving,
    each_of,
    printing,
    urging,
)
from gateway.pages.rendering import label, page
from gateway.security.staff_sessions import staff, staff_form
from models.access import Caller
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
CHOSEN = "o:"
"""A chosen order is a field of this name with the order's number behind it."""
_OTHER_FIELDS = 20
_NONE_CHOSEN = Words("请先勾选订单", "choose orders first")
_TOO_MANY = Words("一次最多 {most} 单", "at most {most} orders at once")
_NO_ACT = Words("请选择要办的事", "choose what is to be done")
_NO_NUMBER = Words("{text} 不是订单号", "{text} is no order number")


@router.post("/orders/many")
async def many(request: Request, session: Who) -> Response:
    """Do one act to each of the chosen orders. Raises Refusal: malformed (no act, no order), too_large, wrong_role."""
    values = await staff_form(request, session, MOST + _OTHER_FIELDS)
    numbers = [name.removeprefix(CHOSEN) for name in values if name.startswith(CHOSEN)]
    chosen = label(ManyAct, values.get("act"))
    if chosen is None:
        raise Refusal(Code.MALFORMED, _NO_ACT, where="act")
    if not numbers:
        raise Refusal(Code.MALFORMED, _NONE_CHOSEN, where="order")
    if len(numbers) > MOST:
        raise Refusal(Code.TOO_LARGE, _TOO_MANY.filled(most=MOST), where="order")
    for number in numbers:
        if not ORDER_NUMBER.fullmatch(number):
            raise Refusal(Code.MALFORMED, _NO_NUMBER.filled(text=number[:40]), where="order")
    work = _work(door_of(request), session.caller, ManyAct(chosen), values, address_of(request))
    results = await each_of(door_of(request), session.caller, numbers, work)
    return _answer(request, session, ManyAct(chosen), results, values.get("paper", ""))


def _work(door: Door, caller: Caller, chosen: ManyAct, values: dict[str, str], address: str) -> Work:
    if chosen is ManyAct.APPROVE:
        return approving(door, caller, values, address)
    if chosen is ManyAct.URGE:
        return urging(door, caller, address)
    if chosen is ManyAct.ASSIGN:
        return handing_over(door, caller, values, address)
    return printing(door, values.get("paper", ""))


def _answer(
    request: Request, session: Session, chosen: ManyAct, results: list[Result], paper: str
) -> HTMLResponse:
    printed = [each.order for each in results if each.done] if chosen is ManyAct.PRINT else []
    known = paper if paper in {each.value for each in PRINTED} else ""
    link = urlencode([*(("order", number) for number in printed), ("paper", known)])
    return page(
        request, "listing/many.html", session=session, act=chosen, results=results, active="orders", home="/orders",
        pdf=f"/orders/papers.pdf?{link}" if printed else "", done=sum(each.done for each in results),
    )  # fmt: skip
