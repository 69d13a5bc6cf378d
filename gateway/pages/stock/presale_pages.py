"""Pre-sale 预售: the batches, a new one, and one batch with who ordered of it and what came (R113, R114)."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.stock import presale
from activities.stock.stock_lists import movements_of, reservations_of
from gateway.context import door_of, in_database, keep_act
from gateway.pages.company.company_pages import stamp, text_of
from gateway.pages.company.record_form import RecordForm, form_page, typed_in
from gateway.pages.rendering import page
from gateway.pages.stock.batch_acts import ACTS, NEW, OFFERERS, acts_for
from gateway.security.staff_sessions import staff, staff_form
from models.access import SEES_ALL
from models.company.keepers import STOCK_READERS, has_one_of, require_one_of, role_of
from models.messages.envelope import read_entered
from models.stock.batch_acts import NewBatch, batch_of
from models.stock.shelves import Shelves
from models.values.errors import OF_THE_WORLD, Refusal
from models.values.vocabulary import Words
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
SAID = {
    "offered": Words("已上架预售", "offered for pre-sale"),
    "done": Words("已登记", "noted"),
}


@router.get("/presale")
async def batches(request: Request, session: Who, completed: str = "") -> HTMLResponse:
    """The batches that are open, the first to come first; with `completed` those that are complete, too."""
    require_one_of(session.caller, STOCK_READERS)
    everything = bool(completed)
    found = await in_database(_listed, door_of(request).engine, everything)
    return page(
        request, "stock/batches.html", session=session, active="presale", batches=found, everything=everything,
        may_offer=has_one_of(session.caller, OFFERERS),
    )  # fmt: skip


def _listed(engine: Any, everything: bool) -> Any:
    return presale.batches(engine, also_completed=everything)


@router.get("/presale/batch")
async def one_batch(request: Request, session: Who, batch: str = "", said: str = "") -> HTMLResponse:
    """One batch: what is sold, what came and passed, who has it. Raises Refusal(unknown_product)."""
    require_one_of(session.caller, STOCK_READERS)
    engine, name = door_of(request).engine, text_of(batch, 200)
    found = await in_database(presale.batch, engine, name)
    item, about = batch_of(Shelves({found.product: found} if found is not None else {}), name)
    return page(
        request, "stock/batch.html", session=session, active="presale", item=item, batch=about, stamp=stamp,
        said=SAID.get(said), reservations=await in_database(reservations_of, engine, name),
        movements=await in_database(movements_of, engine, name),
        acts=acts_for(session.caller, completed=about.completed_at is not None),
        sees_orders=has_one_of(session.caller, SEES_ALL),
    )  # fmt: skip


@router.get("/presale/new")
async def new_page(request: Request, session: Who, product: str = "") -> HTMLResponse:
    """Where a batch is offered."""
    require_one_of(session.caller, OFFERERS)
    return form_page(request, session, _new_form({"product": text_of(product, 200)}))


@router.post("/presale/new")
async def offer(request: Request, session: Who) -> Response:
    """Goods can be ordered before they are there. Raises Refusal(wrong_role); else it stands on the form."""
    require_one_of(session.caller, OFFERERS)
    form = await staff_form(request, session, by_field=True)
    door = door_of(request)
    try:
        said = read_entered(NewBatch, _given(typed_in(form, NEW)), Manner.TYPED)
        await in_database(presale.offer_batch, door.engine, said, session.caller.name, door.now())
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, _new_form(form), refusal=refusal)
    await keep_act(
        request,
        session.caller.name,
        f"pre-sale batch {said.batch} offered",
        role_of(session.caller, OFFERERS),
    )
    return RedirectResponse(f"/presale/batch?batch={quote(said.batch)}&said=offered", 303)


@router.get("/presale/act")
async def act_page(request: Request, session: Who, batch: str = "", act: str = "") -> HTMLResponse:
    """Where something that happened to a batch is filled in."""
    chosen = ACTS.of(act)
    require_one_of(session.caller, chosen.roles)
    return form_page(request, session, chosen.form(text_of(batch, 200)))


@router.post("/presale/act")
async def act(request: Request, session: Who) -> Response:
    """Something happened to a batch; the same form sent twice happens once. What is wrong stands on the form."""
    form = await staff_form(request, session, by_field=True)
    chosen, batch = ACTS.of(form.get("act", "")), form.get("batch", "")
    require_one_of(session.caller, chosen.roles)
    door = door_of(request)
    try:
        said = read_entered(
            chosen.content, _given(typed_in(form, chosen.fields)) | {"batch": batch}, Manner.TYPED
        )
        key = f"{session.caller.name}/{form.get('once') or uuid4().hex}"
        await in_database(chosen.do, door.engine, said, session.caller.name, door.now(), key)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, chosen.form(batch, form), refusal=refusal)
    await keep_act(
        request, session.caller.name, f"pre-sale {chosen.name} {batch}", role_of(session.caller, chosen.roles)
    )
    return RedirectResponse(f"{chosen.page_of(batch)}&said=done", 303)


def _given(typed: dict[str, Any]) -> dict[str, Any]:
    """What was typed, without what was left empty."""
    return {name: value for name, value in typed.items() if value not in ("", None)}


def _new_form(values: dict[str, str]) -> RecordForm:
    return RecordForm(Words("预售新批次", "New pre-sale batch"), "/presale/new", "/presale", NEW, values)
