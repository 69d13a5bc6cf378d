"""What the list shows as a file to take away, and the papers of several orders as one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy import Engine

from activities.access.logins import Session
from activities.listing.exported import XLSX, as_csv, as_workbook
from activities.listing.papers_joined import joined
from activities.listing.wanted import Wanted
from gateway.api.problems import language_of
from gateway.context import door_of, in_database
from gateway.pages.listing.asked import as_wanted, asked_in
from gateway.pages.listing.many_acts import papers_of
from gateway.security.staff_sessions import staff
from models.values.calendar import business_date
from models.values.vocabulary import Language

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
Make = Callable[[Engine, Wanted, Language, Mapping[str, str]], bytes]


@router.get("/orders/export.xlsx")
async def workbook(request: Request, session: Who) -> Response:
    """Everything that is found as a workbook. Raises Refusal: malformed, too_large."""
    return await _file(request, session, as_workbook, XLSX, "xlsx")


@router.get("/orders/export.csv")
async def plain_table(request: Request, session: Who) -> Response:
    """Everything that is found as plain text with commas. Raises Refusal: malformed, too_large."""
    return await _file(request, session, as_csv, "text/csv; charset=utf-8", "csv")


async def _file(request: Request, session: Session, make: Make, media_type: str, ending: str) -> Response:
    door = door_of(request)
    wanted = as_wanted(request, session, await asked_in(request, session))
    content = await in_database(make, door.engine, wanted, language_of(request), door.names.by_id)
    name = f"orders-{business_date(door.now()):%Y%m%d}.{ending}"
    return Response(
        content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.get("/orders/papers.pdf")
async def papers(
    request: Request, session: Who, order: Annotated[list[str], Query(max_length=200)], paper: str = ""
) -> Response:
    """The printed papers of these orders in one file, in this order; of those that the caller may see."""
    found = await papers_of(door_of(request), session.caller, order, paper)
    content = await asyncio.to_thread(joined, door_of(request).settings.documents, found)
    return Response(
        content,
        media_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="papers.pdf"'},
    )
