"""All orders: filtered, searched, sorted, counted, page by page; as a list, and as a board (R85)."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.listing.exported import MOST_EXPORTED
from activities.listing.found import Page, Totals, board_of, found_and_counted
from activities.listing.kept_views import LONGEST_NAME, drop_view, keep_view, rename_view, views_of
from activities.listing.wanted import FIRST_SORT
from gateway.context import door_of, in_database
from gateway.pages.listing.asked import NAMED, Asked, as_wanted, asked_in
from gateway.pages.listing.many_acts import ManyAct
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.access import OUTSIDERS
from models.documents.paper_words import title_of
from models.dossier.papers_due import Paper
from models.values.errors import Code, Refusal
from models.values.vocabulary import Ending, Headline, PhaseName, Role, Words

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
ON_A_CARD = 30
"""So many orders of a phase stand on the board; the rest is one step away in the list."""
STATUSES = {each.value: each for each in (*Headline, *Ending)}
QUICK: tuple[tuple[Words, dict[str, str]], ...] = (
    (Words("未结", "open"), {"open": "yes"}),
    (Words("超期", "overdue"), {"open": "yes", "overdue": "yes"}),
    (Words("交期告急", "promise in danger"), {"danger": "yes", "sort": "promised"}),
    (Words("未付清", "unpaid"), {"open": "yes", "unpaid": "yes"}),
    (Words("已结", "ended"), {"open": "no", "sort": "-ended_at"}),
    (Words("全部", "all"), {}),
)
"""Views that everybody has."""
COLUMNS = (
    ("number", Words("订单", "order"), ""), ("customer_name", Words("客户", "customer"), ""),
    ("", Words("状态", "status"), ""), ("", Words("等待", "waits for"), ""), ("placed_at", Words("下单", "placed"), ""),
    ("promised", Words("预交日", "promise"), ""), ("total", Words("金额", "amount"), "number"),
    ("open_balance", Words("未付", "open"), "number"),
)  # fmt: skip
PRINTED = (Paper.SHEET, Paper.INSTRUCTION, Paper.SHIPPING, Paper.DELIVERY_NOTE)


@router.get("/orders")
async def all_orders(request: Request, session: Who, said: str = "") -> HTMLResponse:
    """The list. What cannot be read is said at its field, and nothing is shown that was not asked for."""
    asked, found, counted, refusal = Asked({}), Page([], ""), Totals(0), None
    try:
        asked = await asked_in(request, session)
        found, counted = await in_database(
            found_and_counted, door_of(request).engine, as_wanted(request, session, asked)
        )
    except Refusal as raised:
        if raised.code is not Code.MALFORMED:
            raise
        refusal = raised
        asked = asked if asked.values else Asked(_as_sent(request))
    return await _shown(request, session, asked, found, counted, refusal, said)


def _as_sent(request: Request) -> dict[str, str]:
    """What was typed, to be shown again beside what is wrong with it."""
    given = {name: request.query_params.get(name, "")[:200] for name in NAMED}
    return {
        name: "".join(sign for sign in value if sign.isprintable()) for name, value in given.items() if value
    }


async def _shown(
    request: Request, session: Session, asked: Asked, found: Page, counted: Totals, refusal: Refusal | None, said: str
) -> HTMLResponse:  # fmt: skip
    door = door_of(request)
    views = await in_database(views_of, door.engine, session.caller.name)
    return page(
        request, "listing/list.html", 200 if refusal is None else 400, session=session, asked=asked, found=found,
        counted=counted, refusal=refusal, said=said, views=views, active="orders", **await _choices(request), columns=COLUMNS,
        quick=QUICK, sort=asked.values.get("sort") or FIRST_SORT,
        most_exported=MOST_EXPORTED, longest_name=LONGEST_NAME,
        acts=[each for each in ManyAct if each.is_for(session.caller)], printed=PRINTED, statuses=STATUSES,
        paper_title=lambda paper: title_of(paper.value),
        now=door_of(request).now(),
    )  # fmt: skip


async def _choices(request: Request) -> dict[str, Any]:
    """What may be chosen in the filters."""
    names: dict[str, str] = door_of(request).names.by_id
    people = sorted(names.items(), key=lambda each: (each[1], each[0]))
    return {
        "people": people,
        "phases": list(PhaseName),
        "headlines": list(Headline),
        "endings": [each for each in Ending if each.value not in {one.value for one in Headline}],
        "roles_waited_for": [
            each for each in Role if each not in OUTSIDERS - {Role.CUSTOMER, Role.LOGISTICS}
        ],
    }


@router.get("/search")
async def search(session: Who, q: str = "") -> Response:
    """Where the list was before."""
    del session  # who is not logged in is asked to
    return RedirectResponse(f"/orders?{urlencode({'q': q[:100]})}" if q else "/orders", 303)


@router.get("/board")
async def board(request: Request, session: Who) -> HTMLResponse:
    """What is asked for of the open orders, by phase; every order is in its column, or one step away from it."""
    asked, columns, refusal = Asked({}), [], None
    try:
        asked = await asked_in(request, session)
        columns = await in_database(
            board_of, door_of(request).engine, as_wanted(request, session, asked), ON_A_CARD
        )
    except Refusal as raised:
        if raised.code is not Code.MALFORMED:
            raise
        refusal, asked = raised, Asked(_as_sent(request))
    return page(
        request, "listing/board.html", 200 if refusal is None else 400, session=session, asked=asked, columns=columns,
        refusal=refusal, statuses=STATUSES, active="board", now=door_of(request).now(), **await _choices(request),
    )  # fmt: skip


# --- views that a person keeps -----------------------------------------------------------------------------------


@router.post("/orders/views")
async def change_view(request: Request, session: Who) -> Response:
    """Keep what is asked for as a view under a name; give a view another name; take one away."""
    door, filled = door_of(request), await staff_form(request, session)
    person, name, do = session.caller.name, filled.get("name", ""), filled.get("do", "keep")
    kept = filled.get("kept", "")
    if do == "drop":
        await in_database(drop_view, door.engine, person, kept)
        return RedirectResponse("/orders?open=yes&said=dropped", 303)
    if do == "rename":
        name = await in_database(rename_view, door.engine, person, kept, name)
    else:
        name = await in_database(keep_view, door.engine, person, name, filled, door.now())
    return RedirectResponse(f"/orders?{urlencode({'kept': name, 'said': 'kept'})}", 303)
