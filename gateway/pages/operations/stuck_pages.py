"""What is stuck, in which way, why, and what to do: the table of the handbook with how much there is of each now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from gateway.context import door_of
from gateway.pages.company.company_pages import Who, company_page
from models.company.keepers import SEES_STUCK, require_one_of
from models.values.errors import Code, Refusal
from runtime.connection import ui_namespace_address
from runtime.settings import Settings
from runtime.watch.stuck_kinds import STUCK, StuckKind, StuckRow
from runtime.watch.stuck_orders import count_stuck
from runtime.watch.ui_links import list_link, queue_link, queue_of

if TYPE_CHECKING:
    from temporalio.client import Client

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """One kind. `count` is None where it was not counted; `link` leads into the Temporal UI, empty where none does."""

    kind: StuckKind
    row: StuckRow
    count: int | None
    link: str


@router.get("/company/stuck")
async def stuck(request: Request, session: Who) -> HTMLResponse:
    """Each kind with its count; while the server is away, without. A failing activity is looked for by the command alone."""
    require_one_of(session.caller, SEES_STUCK)
    door, away = door_of(request), None
    counts: dict[StuckKind, int | None] = {}
    now = door.now()
    queries = {kind: row.filled(now) for kind, row in STUCK.items() if kind is not StuckKind.WAITS_FOR_ROLE}
    try:
        for kind, query in queries.items():
            counts[kind] = await door.on_server(partial(_count, door.settings, kind, query))
    except Refusal as refusal:
        if refusal.code is not Code.SERVER_UNAVAILABLE:
            raise
        away = refusal.words
    page = ui_namespace_address(door.settings)
    shown = []
    for kind, query in queries.items():
        queue = queue_of(door.settings, kind)
        link = queue_link(page, queue) if queue else list_link(page, query) if query else ""
        shown.append(Shown(kind, STUCK[kind], counts.get(kind), link))
    return company_page(request, session, "company/stuck.html", "stuck", shown=shown, away=away)


async def _count(settings: Settings, kind: StuckKind, query: str, client: Client) -> int | None:
    return await count_stuck(client, settings, kind, query)
