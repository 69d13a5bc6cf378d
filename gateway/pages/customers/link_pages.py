"""Customers' links as staff handle them: made and revoked from the order's page; signatures that were drawn (R31, R85)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.acts import Act, note_act
from activities.access.customer_links import revoke_link
from activities.access.logins import Session
from activities.documents.document_store import DocumentStore
from activities.documents.drawings import PNG
from gateway.api.orders import Number
from gateway.context import address_of, door_of, in_database
from gateway.pages.orders.order_pages import view_of
from gateway.pages.rendering import page
from gateway.security.customer_links import address_of_link
from gateway.security.staff_sessions import staff, staff_form
from models.access import PLACES, Caller
from models.customer_links import LinkPurpose
from models.documents.link_signatures import link_signatures
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
Drawing = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
_NOT_THEIRS = Words(
    "客户链接由业务员、客服或跟单员制作和撤销",
    "links for customers are made and revoked by who deals with them: sales, service, merchandisers",
)
_NO_DRAWING = Words("没有这个手写签名", "there is no such drawn signature")


@router.post("/orders/{number}/links")
async def make(request: Request, number: Number, session: Who) -> HTMLResponse:
    """Make a link and show it, once: only its hash is kept. Raises Refusal(wrong_role)."""
    door, form = door_of(request), await staff_form(request, session)
    view = await view_of(door, session.caller, number)
    _require_link_maker(session.caller)
    only_to_see = form.get("purpose") == LinkPurpose.ORDER.value
    purpose = LinkPurpose.ORDER if only_to_see else None
    address, link = await in_database(
        address_of_link, door.settings, number, session.caller.name, purpose, door.now()
    )
    await _note(request, session.caller, number, f"link {link.name} made: {link.purpose.value}")
    days = door.settings.link_days_after_end
    return page(
        request, "link.html", session=session, view=view, link=link, address=address, days=days, active=""
    )


@router.post("/orders/{number}/links/{digest}/revoke")
async def revoke(request: Request, number: Number, digest: Name, session: Who) -> Response:
    """From now on the link opens nothing. Raises Refusal(wrong_role, unknown_order)."""
    door = door_of(request)
    await staff_form(request, session)
    await view_of(door, session.caller, number)
    _require_link_maker(session.caller)
    await in_database(revoke_link, door.engine, number, digest, door.now(), session.caller.name)
    await _note(request, session.caller, number, f"link {digest} revoked")
    return RedirectResponse(f"/orders/{number}", 303)


def _require_link_maker(caller: Caller) -> None:
    if not PLACES & set(caller.roles):  # who places orders for customers gives them links
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS)


async def _note(request: Request, caller: Caller, number: str, act: str) -> None:
    role = next((role for role in caller.roles if role in PLACES), caller.roles[0])
    noted = Act(
        at=door_of(request).now(), person=caller.author, role=role.value, address=address_of(request), act=act,
        order_number=number, outcome="done",
    )  # fmt: skip
    await in_database(note_act, door_of(request).engine, noted)


@router.get("/orders/{number}/signatures/{document}")
async def drawn(request: Request, number: Number, document: Drawing, session: Who) -> Response:
    """A signature that was drawn on the customer's page of this order. Raises Refusal(unknown_order, wrong_role)."""
    door = door_of(request)
    view = await view_of(door, session.caller, number)
    if document not in {each.signature.drawing_sha256 for each in link_signatures(view.journal)}:
        raise Refusal(Code.UNKNOWN_ORDER, _NO_DRAWING, where=document)
    content = await in_database(DocumentStore(door.settings.documents).read, document + PNG)
    return Response(content, media_type="image/png")
