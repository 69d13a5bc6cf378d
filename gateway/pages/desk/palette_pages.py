"""The palette (Ctrl+K): orders, customers, pages, acts on an order, and phrases that open the list (R85).

One route answers with the rows to choose from; each leads to a page, which checks by itself who may see it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from activities.access.logins import Session
from activities.desk.palette import CustomerFound, find_customers
from activities.orders.views.order_search import Wanted, find_orders
from activities.orders.views.order_views import OrderSummary
from gateway.api.orders import ORDER_NUMBER
from gateway.api.problems import language_of
from gateway.context import Door, door_of, in_database
from gateway.pages.menu import MenuEntry, anybody, may_place, menu_of
from gateway.pages.orders.order_pages import acts_of, view_of
from gateway.pages.rendering import label
from gateway.security.staff_sessions import staff
from models.access import Caller
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Ending, Headline, Role, Words
from models.values.words import Bilingual
from models.writing.desk_phrases import read_phrase

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
LONGEST = 200
_MOST = 8
_ACT = re.compile(r"(?P<number>\d{8}-\d{4,6})\s*(?P<act>.*)", re.DOTALL)
_PAGES = (
    MenuEntry("upload", "/orders/upload", Words("批量导入订单", "place orders from a file"), may_place),
    MenuEntry(
        "account", "/account", Words("我的账号、密码、登录", "my account, password, sessions"), anybody
    ),
    MenuEntry("introduction", "/introduction", Words("订单台怎么用", "how the desk works"), anybody),
)
"""Pages that are no entry of the menu, and are found here all the same."""
_ALL = Words("在订单列表中查找“{text}”", "look for “{text}” in the list of orders")
_PHRASE = Words("订单：{what}", "orders: {what}")
_OF_CUSTOMER = Words("{name} 的订单", "orders of {name}")
_STATEMENT_OF = Words("{name} 的对账单", "statement of account of {name}")
_CUSTOMER, _STATEMENT = "/company/customer", "/company/statement"
_READS_STATEMENTS = frozenset(
    {Role.FINANCE, Role.SALESPERSON, Role.SERVICE_CLERK, Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR,
     Role.MARKETING_DIRECTOR}
)  # fmt: skip
"""Who is shown the way to a customer's statement; the page decides by itself."""


class _Group:
    ORDER = Words("订单", "order")
    CUSTOMER = Words("客户", "customer")
    PAGE = Words("页面", "page")
    ACT = Words("办理", "act")
    LIST = Words("列表", "list")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to choose: what sort it is, what it is, a remark, and where it leads."""

    group: Bilingual
    words: Bilingual
    note: Bilingual
    path: str


@router.get("/palette")
async def palette(request: Request, session: Who, q: str = "") -> JSONResponse:
    """What the text leads to, the likeliest first; without text the pages."""
    door, caller, language = door_of(request), session.caller, language_of(request)
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in q[:LONGEST]).split())
    places = {route.path for route in request.app.routes if isinstance(route, APIRoute)}
    rows = await _rows(door, caller, text, places) if text else _pages(caller, "")
    said: list[dict[str, Any]] = [
        {
            "group": each.group.zh if language.value == "zh" else each.group.en,
            "label": each.words.zh if language.value == "zh" else each.words.en,
            "note": each.note.zh if language.value == "zh" else each.note.en,
            "path": each.path,
        }
        for each in rows
    ]
    return JSONResponse({"rows": said})


async def _rows(door: Door, caller: Caller, text: str, places: Collection[str]) -> list[Row]:
    named = _ACT.fullmatch(text)
    if named is not None and named["act"]:
        return await _acts(door, caller, named["number"], named["act"])
    own = caller.only_salesperson
    phrase = read_phrase(text, business_date(door.now()), door.names.by_id)
    rows = []
    if phrase is not None:
        path = f"/orders?{urlencode(phrase.filters)}"
        rows.append(Row(_Group.LIST, _PHRASE.filled(what=phrase.words), _nothing(), path))
    rows += _pages(caller, text.casefold())
    wanted = Wanted(text=text, salesperson=own or "", most=_MOST)
    found = await in_database(find_orders, door.engine, wanted)
    rows += [_order(each) for each in found.orders]
    if len(found.orders) == 1 and ORDER_NUMBER.fullmatch(text):
        rows += await _acts(door, caller, text, "")
    for customer in await in_database(find_customers, door.engine, text, salesperson=own, most=_MOST):
        rows += _of_customer(customer, places, caller)
    if phrase is None:
        rows.append(Row(_Group.LIST, _ALL.filled(text=text), _nothing(), f"/orders?{urlencode({'q': text})}"))
    return rows


def _nothing() -> Words:
    return Words("", "")


def _order(order: OrderSummary) -> Row:
    state = label(Ending, order.ending) or label(Headline, order.headline) or _nothing()
    words = Words(f"{order.number} {order.customer_name}", f"{order.number} {order.customer_name}")
    return Row(_Group.ORDER, words, state, f"/orders/{order.number}")


def _of_customer(customer: CustomerFound, places: Collection[str], caller: Caller) -> Iterator[Row]:
    """Where a customer leads to: the own page and statement of account where this gateway has them, and the orders."""
    note = Words(customer.customer, customer.customer)
    if _CUSTOMER in places and not {Role.LOGISTICS, Role.SYSTEM} & set(caller.roles):
        path = f"{_CUSTOMER}?{urlencode({'id': customer.customer})}"
        yield Row(_Group.CUSTOMER, Words(customer.name, customer.name), note, path)
    path = f"/orders?{urlencode({'customer': customer.customer})}"
    yield Row(_Group.CUSTOMER, _OF_CUSTOMER.filled(name=customer.name), note, path)
    if _STATEMENT in places and _READS_STATEMENTS & set(caller.roles):
        path = f"{_STATEMENT}?{urlencode({'customer': customer.customer})}"
        yield Row(_Group.ACT, _STATEMENT_OF.filled(name=customer.name), note, path)


def _pages(caller: Caller, part: str) -> list[Row]:
    return [
        Row(_Group.PAGE, each.words, _nothing(), each.path)
        for each in (*menu_of(caller), *(way for way in _PAGES if way.shown_to(caller)))
        if part in each.words.zh.casefold() or part in each.words.en.casefold()
    ]


async def _acts(door: Door, caller: Caller, number: str, part: str) -> list[Row]:
    """What they may say of one order, by the words of it; nothing of an order that they may not see."""
    try:
        view = await view_of(door, caller, number)
    except Refusal as refusal:
        if refusal.code not in (Code.UNKNOWN_ORDER, Code.WRONG_ROLE):
            raise
        return []
    folded = part.casefold().strip()
    note = Words(f"{number} {view.order.customer_name}", f"{number} {view.order.customer_name}")
    return [
        Row(_Group.ACT, words, note, f"/orders/{number}/acts/{kind}")
        for kind, words in acts_of(caller, view)
        if folded in words.zh.casefold() or folded in words.en.casefold() or folded in kind
    ][: 2 * _MOST]
