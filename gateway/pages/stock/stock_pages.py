"""Stock 库存: the list of items, and one item with its movements and who has what of it (R110)."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.stock.stock_lists import movements_of, reservations_of, stock_item, stock_items
from activities.stock.warehouse import enter_item
from gateway.context import door_of, in_database, keep_act
from gateway.pages.company.company_pages import stamp, text_of
from gateway.pages.company.record_form import (
    FieldKind,
    RecordField,
    RecordForm,
    choices_of,
    form_page,
    typed_in,
)
from gateway.pages.rendering import page
from gateway.pages.stock.warehouse_acts import ACTS, KEEPERS, acts_for
from gateway.security.staff_sessions import staff, staff_form
from models.access import SEES_ALL
from models.company.keepers import STOCK_READERS, has_one_of, require_one_of, role_of
from models.messages.envelope import read_entered
from models.stock.desk_acts import NewItem, known
from models.stock.shelves import Shelves
from models.values.errors import OF_THE_WORLD, Refusal
from models.values.vocabulary import Unit, Words
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_NEW = (
    RecordField("product", Words("产品编号", "product"), required=True),
    RecordField("name", Words("品名", "name")),
    RecordField("specification", Words("规格", "specification")),
    RecordField("unit", Words("单位", "unit"), FieldKind.CHOICE, choices_of(Unit), required=True),
)
SAID = {
    "entered": Words("已登记为库存货品", "entered as a stock item"),
    "done": Words("已登记", "noted"),
}


@router.get("/stock")
async def stock(request: Request, session: Who, q: str = "") -> HTMLResponse:
    """All items with what is on hand, reserved, in quarantine, and can still be promised."""
    require_one_of(session.caller, STOCK_READERS)
    words = text_of(q)
    items = await in_database(stock_items, door_of(request).engine, words)
    return page(
        request, "stock/stock.html", session=session, active="stock", items=items, q=words,
        may_enter=has_one_of(session.caller, KEEPERS),
    )  # fmt: skip


@router.get("/stock/item")
async def item(request: Request, session: Who, product: str = "", said: str = "") -> HTMLResponse:
    """One item: its figures, who has what of it or waits for it, and its movements. Raises Refusal(unknown_product)."""
    require_one_of(session.caller, STOCK_READERS)
    engine, name = door_of(request).engine, text_of(product, 200)
    found = await in_database(stock_item, engine, name)
    known(Shelves({found.product: found} if found is not None else {}), name)
    return page(
        request, "stock/item.html", session=session, active="stock", item=found, stamp=stamp, said=SAID.get(said),
        reservations=await in_database(reservations_of, engine, name),
        movements=await in_database(movements_of, engine, name), acts=acts_for(session.caller),
        sees_orders=has_one_of(session.caller, SEES_ALL),
    )  # fmt: skip


@router.get("/stock/new")
async def new_page(request: Request, session: Who) -> HTMLResponse:
    """Where an item is entered."""
    require_one_of(session.caller, KEEPERS)
    return form_page(request, session, _new_form({}))


@router.post("/stock/new")
async def enter(request: Request, session: Who) -> Response:
    """A kind of goods that is kept in stock from now on. Raises Refusal(wrong_role); else it stands on the form."""
    require_one_of(session.caller, KEEPERS)
    form = await staff_form(request, session, by_field=True)
    try:
        said = read_entered(NewItem, _given(typed_in(form, _NEW)), Manner.TYPED)
        await in_database(enter_item, door_of(request).engine, said)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, _new_form(form), refusal=refusal)
    await keep_act(
        request, session.caller.name, f"stock item {said.product} entered", role_of(session.caller, KEEPERS)
    )
    return RedirectResponse(f"/stock/item?product={quote(said.product)}&said=entered", 303)


@router.get("/stock/act")
async def act_page(request: Request, session: Who, product: str = "", act: str = "") -> HTMLResponse:
    """Where something that happened in the warehouse is filled in."""
    chosen = ACTS.of(act)
    require_one_of(session.caller, chosen.roles)
    return form_page(request, session, chosen.form(text_of(product, 200)))


@router.post("/stock/act")
async def act(request: Request, session: Who) -> Response:
    """Something happened in the warehouse; the same form sent twice happens once. What is wrong stands on the form."""
    form = await staff_form(request, session, by_field=True)
    chosen, product = ACTS.of(form.get("act", "")), form.get("product", "")
    require_one_of(session.caller, chosen.roles)
    door = door_of(request)
    try:
        said = read_entered(
            chosen.content, _given(typed_in(form, chosen.fields)) | {"product": product}, Manner.TYPED
        )
        key = f"{session.caller.name}/{form.get('once') or uuid4().hex}"
        await in_database(chosen.do, door.engine, said, session.caller.name, door.now(), key)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, chosen.form(product, form), refusal=refusal)
    await keep_act(
        request, session.caller.name, f"stock {chosen.name} {product}", role_of(session.caller, chosen.roles)
    )
    return RedirectResponse(f"/stock/item?product={quote(product)}&said=done", 303)


def _given(typed: dict[str, Any]) -> dict[str, Any]:
    """What was typed, without what was left empty."""
    return {name: value for name, value in typed.items() if value not in ("", None)}


def _new_form(values: dict[str, str]) -> RecordForm:
    return RecordForm(Words("登记库存货品", "New stock item"), "/stock/new", "/stock", _NEW, values)
