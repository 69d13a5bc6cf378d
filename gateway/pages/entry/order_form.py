"""The page of a new order while it is written: what is wrong, what it comes to, what it would ask for (R10, R12, R20, R25, R33)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine

from activities.access.logins import Session
from activities.entry.known_parties import (
    ProductChoice,
    meant_customer,
    meant_product,
    products_in_force,
)
from activities.orders.order_check import Checked, check_draft
from activities.stock.presale import open_batches_of
from activities.stock.stock_lists import stock_item
from activities.store.company_files import read_policy
from activities.store.database import reading
from gateway.context import Door, door_of, in_database
from gateway.pages.entry.first_look import FirstLook, first_look
from gateway.pages.rendering import page
from gateway.security.cookies import cookie_name, drop_cookie, set_cookie
from models.access import Caller
from models.chat.chat_message import Proposal
from models.forms.form_fields import FormField
from models.forms.order_form import AFTER, BEFORE, MOST_LINES, is_goods, line_fields, lines_in, request_in
from models.request.order_draft import Draft, draft_of
from models.request.order_request import WANTED
from models.request.order_start import PriceReference
from models.values.calendar import business_date
from models.values.errors import Refusal
from models.values.field_words import field_words
from models.values.vocabulary import Words
from models.writing.phone_numbers import phone_doubts
from models.writing.printed_figures import quantity as written
from workflows.phases.intake import open_fields
from workflows.phases.verification import price_differences

MOST_FIELDS = MOST_LINES * 6 + 120
COOKIE = "order_form"
_KEPT_FOR = timedelta(hours=12)
_LONGEST_MARK = 64
_FILLED_IN = ("specification", "unit", "unit_price")
_LISTED = Words("价目表 ¥{price}/{unit}", "price list: CNY {price} a {unit}")
_DIFFERS = Words(
    "{listed}；与此不同，将请主管核定（R20）",
    "{listed}; this differs and will be settled by a supervisor (R20)",
)
_SPECIFICATION = Words("价目表规格：{specification}", "on the price list: {specification}")
_ANOTHER_DIFFERS = Words("{listed}；上次成交 ¥{past}", "{listed}; last traded at CNY {past}")
_NOT_SEEN = Words(
    "此客户的订单由业务员 {who} 负责；下单后由其跟进，您看不到这张订单。",
    "orders of this customer belong to {who}, who will follow it; you will not see this order.",
)
_IN_STOCK = Words("现货可供 {there}", "in stock: {there}")
_MAY_BE_FROM_STOCK = Words("有现货：可选现货供货", "it is kept in stock: it may be ordered from stock")
_ON_PRE_SALE = Words("预售 {day} 到，还可售 {there}", "on pre-sale for {day}: {there} can be ordered")
_MAY_BE_PRE_SALE = Words("在预售：可选预售供货", "it is on pre-sale: it may be ordered so")
_EMPTY = Words("必填", "to be filled in")


@dataclass(frozen=True, slots=True)
class Look:
    """What is said of a form while it is written."""

    problems: Mapping[str, Words] = field(default_factory=dict)
    notes: Mapping[str, Words] = field(default_factory=dict)
    questions: tuple[Words, ...] = ()
    total: Decimal = Decimal(0)
    customer_name: str = ""
    not_seen: Words | None = None
    complete: bool = False
    first: FirstLook | None = None
    """What the order would be if it were placed now."""


async def look_at(door: Door, caller: Caller, filled: Mapping[str, str], *, at_end: bool = False) -> Look:
    """Check a form. What is still empty is a problem at the end only: who types has not come to it yet."""
    draft, now = draft_of(request_in(filled, caller)), door.now()
    policy = read_policy(door.settings.policy)
    checked: Checked = await in_database(check_draft, door.engine, draft, now, policy)
    first: FirstLook | None = None
    if not (checked.problems or draft.problems):
        first = await in_database(first_look, door.engine, draft, now, policy)
    problems = {**checked.problems, **draft.problems}
    if at_end:
        problems |= dict.fromkeys(draft.empty, _EMPTY)
    notes: dict[str, Words] = phone_doubts(draft.request)
    if checked.customer_name:
        notes["customer"] = Words(checked.customer_name, checked.customer_name)
    for place, reference in checked.references.items():
        notes |= _notes(draft, place, reference)
    notes |= await in_database(_in_stock, door.engine, draft)
    return Look(
        problems=problems,
        notes=notes,
        questions=tuple(
            field_words(name) for name in open_fields(draft.request) if _is_question(name, draft)
        ),
        total=draft.total,
        customer_name=checked.customer_name,
        not_seen=_not_seen(caller, checked),
        complete=not (problems or draft.empty),
        first=first,
    )


def _is_question(name: str, draft: Draft) -> bool:
    """A field with a mistake is a problem, no question; questions count lines from one, places from nought."""
    parts = name.split(".")
    place = ".".join([parts[0], str(int(parts[1]) - 1), parts[2]]) if len(parts) == 3 else name
    return draft.has(place)


def _notes(draft: Draft, place: int, reference: PriceReference) -> dict[str, Words]:
    """R20: what the price list says of this line, and that a difference will be asked about."""
    line, at = draft.request.lines[place], f"lines.{place}"
    found: dict[str, Words] = {}
    if reference.product_name:
        found[f"{at}.product"] = Words(reference.product_name, reference.product_name)
    if reference.list_price is not None:
        listed = _LISTED.filled(price=reference.list_price, unit=reference.unit)
        if reference.past_price is not None:
            listed = _ANOTHER_DIFFERS.filled(listed=listed, past=reference.past_price)
        others = [each for each in price_differences(line, reference) if each != reference.specification]
        given = line.unit_price is not None and draft.has(f"{at}.unit_price") and draft.has(f"{at}.unit")
        found[f"{at}.unit_price"] = _DIFFERS.filled(listed=listed) if given and others else listed
    if reference.specification and line.specification != reference.specification:
        found[f"{at}.specification"] = _SPECIFICATION.filled(specification=reference.specification)
    return found


def _in_stock(engine: Engine, draft: Draft) -> dict[str, Words]:
    """R110: of a product that is kept in stock, what could be promised now; then it may be ordered from stock."""
    found: dict[str, Words] = {}
    for place, line in enumerate(draft.request.lines):
        item = stock_item(engine, line.product) if draft.has(f"lines.{place}.product") else None
        if item is not None:
            there = Words(
                f"{written(item.available)} {item.unit.zh}", f"{written(item.available)} {item.unit.en}"
            )
            found[f"lines.{place}.quantity"] = _IN_STOCK.filled(there=there)
            found["fulfilment"] = _MAY_BE_FROM_STOCK
        if item is None or item.available <= 0:
            found |= _on_pre_sale(engine, place, line.product)
    return found


def _on_pre_sale(engine: Engine, place: int, product: str) -> dict[str, Words]:
    """R114: the first batch to come of which anything can still be ordered."""
    for batch in open_batches_of(engine, product) if product else ():
        if batch.available > 0 and batch.expected is not None:
            there = Words(
                f"{written(batch.available)} {batch.unit.zh}", f"{written(batch.available)} {batch.unit.en}"
            )
            words = _ON_PRE_SALE.filled(there=there, day=batch.expected.isoformat())
            return {f"lines.{place}.quantity": words, "fulfilment": _MAY_BE_PRE_SALE}
    return {}


def _not_seen(caller: Caller, checked: Checked) -> Words | None:
    """R85: a salesperson sees the own orders; another one's customer makes another one's order."""
    if checked.salesperson is None or caller.sees("", "", checked.salesperson):
        return None
    return _NOT_SEEN.filled(who=checked.salesperson or "-")


# --- whose form it is ------------------------------------------------------------------------------------------------


def request_id_of(request: Request, session: Session, source: str = "") -> tuple[str, str]:
    """The id that a new form gets, and the mark that the browser keeps for it until an order is placed (R10).

    All tabs of one browser that were opened before that have the same, by person and by the order that is ordered again:
    what is placed in two of them is one order.
    """
    name = cookie_name(request, door_of(request).settings, COOKIE)
    mark = request.cookies.get(name, "")
    if not (mark.isalnum() and len(mark) <= _LONGEST_MARK):
        mark = uuid.uuid4().hex
    told = "/".join((session.caller.author, mark, source))
    return f"door/{hashlib.sha256(told.encode()).hexdigest()[:32]}", mark


def with_mark(request: Request, answer: Response, mark: str) -> None:
    """The browser keeps the mark."""
    set_cookie(answer, request, door_of(request).settings, COOKIE, mark, _KEPT_FOR)


def without_mark(request: Request, answer: Response) -> None:
    """An order was placed: the next form is another one."""
    drop_cookie(answer, request, door_of(request).settings, COOKIE)


# --- what is filled in -----------------------------------------------------------------------------------------------


async def meant(door: Door, filled: Mapping[str, str]) -> dict[str, str]:
    """The same form with numbers in the place of names that only one customer or product has."""
    return await in_database(_meant, door.engine, dict(filled))


def _meant(engine: Engine, filled: dict[str, str]) -> dict[str, str]:
    customer = filled.get("customer", "").strip()
    if customer:
        filled["customer"] = meant_customer(engine, customer)
    names = [f"lines.{place}.product" for place in range(lines_in(filled))]
    if any(filled.get(name, "").strip() for name in names):
        listed = _listed(engine)
        for name in names:
            if filled.get(name, "").strip():
                filled[name] = meant_product(listed, filled[name].strip())
    return filled


def _listed(engine: Engine) -> list[ProductChoice]:
    with reading(engine) as connection:
        return products_in_force(connection, business_date(datetime.now(UTC)))


async def with_list_prices(door: Door, filled: Mapping[str, str]) -> dict[str, str]:
    """The same form; a line that has a product and nothing else of the price list is filled in from it (R20)."""
    return await in_database(_with_list_prices, door.engine, dict(filled))


def _with_list_prices(engine: Engine, filled: dict[str, str]) -> dict[str, str]:
    listed = {each.product: each for each in _listed(engine)}
    for place in range(lines_in(filled)):
        at = f"lines.{place}"
        product = listed.get(filled.get(f"{at}.product", "").strip())
        if product is not None and not any(filled.get(f"{at}.{name}", "").strip() for name in _FILLED_IN):
            filled |= {f"{at}.{name}": getattr(product, name) for name in _FILLED_IN}
    return filled


# --- the page --------------------------------------------------------------------------------------------------------


_FIELDS = {each.path: each for group in (*BEFORE, *AFTER) for each in group.fields}


def _field(path: str) -> FormField | None:
    if is_goods(path):
        return next((each for each in line_fields(int(path.split(".")[1])) if each.path == path), None)
    return _FIELDS.get(path)


def proposed_words(path: str) -> Words:
    """What a proposed field is called; of a line with its number."""
    known = _field(path)
    words = known.words if known is not None else Words(path, path)
    if not is_goods(path):
        return words
    place = int(path.split(".")[1]) + 1
    return Words(f"第{place}行{words.zh}", f"line {place}: {words.en}")


def value_words(proposal: Proposal, names: Mapping[str, str] = MappingProxyType({})) -> Words:
    """A proposed value as people read it; `names` are what numbers of customers and products are called."""
    if proposal.path.endswith((".product", "customer")) and names.get(proposal.value):
        shown = f"{names[proposal.value]} {proposal.value}"
        return Words(shown, shown)
    known = _field(proposal.path)
    chosen = (each for each in (known.choices if known is not None else ()) if each.value == proposal.value)
    found = next(chosen, None)
    return Words(found.zh, found.en) if found is not None else Words(proposal.value, proposal.value)


async def form_page(
    request: Request, session: Session, filled: Mapping[str, str], look: Look, refusal: Refusal | None = None,
    status: int = 200, name: str = "new_order.html", **more: Any,
) -> HTMLResponse:  # fmt: skip
    """The form, or a part of it, with everything that was typed."""
    values: dict[str, Any] = {
        "told_so": None,
        "chat": None,
        "chat_text": "",
        "new_refusal": None,
        "proposed": proposed_words,
        "shown_value": value_words,
    } | more
    return page(
        request, name, status, session=session, before=BEFORE, after=AFTER, filled=filled, look=look, refusal=refusal,
        lines=[line_fields(place) for place in range(lines_in(filled))], most=MOST_LINES,
        unclear=[(each, field_words(each)) for each in WANTED], active="new", home="/orders/new", **values,
    )  # fmt: skip
