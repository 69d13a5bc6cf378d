"""Help while an order is written: proposals, everything as last time, a chat message read, a customer whom nobody knew (R11, R17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.desk.heard_orders import LONGEST as LONGEST_WORD
from activities.desk.heard_orders import note_heard
from activities.entry.known_parties import customers_like, known_to_chat, products_like
from activities.entry.new_customers import add_customer
from activities.store.company_changes import Teller
from activities.store.company_files import read_policy
from gateway.context import Door, door_of, in_database, keep_act
from gateway.pages.entry.filling import as_last_of
from gateway.pages.entry.order_form import MOST_FIELDS, form_page, look_at, meant, with_list_prices
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.chat.chat_message import LONGEST, ChatOrder, read_message
from models.company.record_changes import ChangeWay
from models.forms.order_form import MOST_LINES, is_goods, lines_in
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.entry import require_text

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_LONGEST_NAME = 100
_NO_CUSTOMER = Words("先选客户", "choose the customer first")
_NO_NAME = Words("请填客户名称，最多 {most} 个字", "give the customer's name, at most {most} signs")
_ENTERED = Words(
    "新客户 {number} {name} 已建档：C类，资料待核实（R17）。下单后由客服员或业务员核实。",
    "{name} is entered as {number}: class C, data still to be verified (R17), which is asked of clerk or salesperson once the order "
    "is placed.",
)
_TAKEN = Words(
    "已填入 {count} 项；请核对后下单。", "{count} fields are filled in: look at them, then place the order."
)
_NOTHING_TAKEN = Words("没有选任何一项。", "nothing was chosen.")


@dataclass(frozen=True, slots=True)
class _Read:
    """A message that was read, and what the numbers in it are called."""

    chat: ChatOrder
    names: Mapping[str, str]


@router.get("/orders/new/customers")
async def customers(request: Request, session: Who, customer: str = "") -> HTMLResponse:
    """Customers that fit what was typed: name, initials of its sounds, number, telephone."""
    session.caller.require_placing()
    found = await in_database(customers_like, door_of(request).engine, customer[:_LONGEST_NAME])
    return page(request, "entry/customers.html", session=session, found=found, active="new")


@router.get("/orders/new/products")
async def products(request: Request, session: Who) -> HTMLResponse:
    """Products of the price list that fit what was typed into one line."""
    session.caller.require_placing()
    name, typed = next(
        ((name, value) for name, value in request.query_params.items() if name.endswith(".product")), ("", "")
    )
    today = business_date(door_of(request).now())
    found = await in_database(products_like, door_of(request).engine, typed[:_LONGEST_NAME], today)
    return page(request, "entry/products.html", session=session, found=found, of=name[:40], active="new")


@router.post("/orders/heard")
async def heard(request: Request, session: Who) -> Response:
    """R13, D4.3.3: what a customer ordered by word is noted, and entered within the limit; the same form twice is one step."""
    session.caller.require_placing()
    form, door = await staff_form(request, session), door_of(request)
    customer, words = (
        form.get("customer", "").strip()[:_LONGEST_NAME],
        form.get("words", "")[: LONGEST_WORD + 1],
    )
    policy, now = read_policy(door.settings.policy), door.now()
    await in_database(note_heard, door.engine, customer, words, now, session.caller.author, policy, now)
    return RedirectResponse("/?said=noted", 303)


@router.post("/orders/new/as-last")
async def as_last(request: Request, session: Who) -> HTMLResponse:
    """The same form, with what is empty filled in as in the customer's last order; with `goods` its goods as well."""
    filled = await staff_form(request, session, MOST_FIELDS, by_field=True)
    session.caller.require_placing()
    door, goods = door_of(request), filled.pop("goods", "") == "yes"
    filled = await meant(door, filled)
    if not filled.get("customer", "").strip():
        return await _form(request, session, filled, _NO_CUSTOMER)
    filled, words = await as_last_of(door, session.caller, filled, goods=goods)
    return await _form(request, session, filled, words)


async def _form(
    request: Request,
    session: Session,
    filled: Mapping[str, str],
    words: Words | None,
    read: _Read | None = None,
    new_refusal: Refusal | None = None,
) -> HTMLResponse:
    """The form again: for a script its inside alone."""
    look = await look_at(door_of(request), session.caller, filled)
    name = "new_order_form.html" if request.headers.get("hx-request") else "new_order.html"
    return await form_page(
        request, session, filled, look, name=name, told_so=words, chat=read.chat if read else None, chat_text=filled.get("chat", ""),
        new_refusal=new_refusal, names=read.names if read else {},
    )  # fmt: skip


# --- a message -------------------------------------------------------------------------------------------------------


async def _read(door: Door, text: str) -> _Read:
    today = business_date(door.now())
    products, customers = await in_database(known_to_chat, door.engine, today)
    names = {each.product: each.name for each in products} | {each.customer: each.name for each in customers}
    return _Read(read_message(text, today, products, customers), names)


@router.post("/orders/new/read")
async def read(request: Request, session: Who) -> HTMLResponse:
    """A chat message as proposals for fields, to be confirmed; the form stays as it is."""
    filled = await staff_form(request, session, MOST_FIELDS, by_field=True)
    session.caller.require_placing()
    text = require_text(filled.get("chat", "")[:LONGEST], "chat", lines=True)
    found = await _read(door_of(request), text)
    return await _form(request, session, filled, None, found)


@router.post("/orders/new/take")
async def take(request: Request, session: Who) -> HTMLResponse:
    """The proposals that were left ticked, filled in. Nothing is placed by it."""
    filled = await staff_form(request, session, MOST_FIELDS, by_field=True)
    session.caller.require_placing()
    door = door_of(request)
    found = await _read(door, filled.get("chat", "")[:LONGEST])
    chat = found.chat
    wanted = {
        name.removeprefix("take.")
        for name, value in filled.items()
        if name.startswith("take.") and value == "yes"
    }
    kept = {name: value for name, value in filled.items() if not name.startswith("take.") and name != "chat"}
    taken = {each.path: each.value for each in chat.proposals if each.path in wanted}
    if not taken and not (chat.as_last and "as_last" in wanted):
        return await _form(request, session, filled, _NOTHING_TAKEN, found)
    kept |= {name: value for name, value in taken.items() if not is_goods(name)}
    if "as_last" in wanted and kept.get("customer", "").strip():
        kept, _ = await as_last_of(door, session.caller, kept, goods=True)
    kept |= _placed_behind(kept, taken, over="as_last" in wanted)
    kept = await with_list_prices(door, kept)
    return await _form(request, session, kept, _TAKEN.filled(count=len(taken)))


def _placed_behind(filled: Mapping[str, str], taken: Mapping[str, str], *, over: bool) -> dict[str, str]:
    """The goods that were taken: behind the lines that are filled in already, or `over` those of last time."""
    goods = {name: value for name, value in taken.items() if is_goods(name)}
    used = any(value.strip() for name, value in filled.items() if is_goods(name))
    first = lines_in(filled) if used and not over else 0
    moved = {}
    for name, value in goods.items():
        _, place, of_line = name.split(".")
        if first + int(place) < MOST_LINES:
            moved[f"lines.{first + int(place)}.{of_line}"] = value
    return moved


# --- somebody new ----------------------------------------------------------------------------------------------------


@router.post("/orders/new/customer")
async def new_customer(request: Request, session: Who) -> HTMLResponse:
    """A customer whom nobody knew, entered and chosen: class C, their data still to be verified (R17)."""
    filled = await staff_form(request, session, MOST_FIELDS, by_field=True)
    caller = session.caller
    caller.require_placing()
    name = " ".join(filled.get("new.name", "").split())
    try:
        if not 0 < len(name) <= _LONGEST_NAME:
            raise Refusal(Code.MALFORMED, _NO_NAME.filled(most=_LONGEST_NAME), where="new.name")
        require_text(name, "new.name")
        salesperson = caller.name if Role.SALESPERSON in caller.roles else ""
        now = door_of(request).now()
        today, teller = business_date(now), Teller(caller.name, ChangeWay.PAGE, now)
        number = await in_database(add_customer, door_of(request).engine, name, salesperson, today, teller)
    except Refusal as refusal:
        if refusal.where != "new.name":
            raise
        return await _form(request, session, filled, None, new_refusal=refusal)
    await keep_act(request, caller.author, f"enter customer {number}")
    filled |= {"customer": number, "new.name": ""}
    return await _form(request, session, filled, _ENTERED.filled(number=number, name=name))
