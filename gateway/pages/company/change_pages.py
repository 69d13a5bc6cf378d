"""The newest changes of the company's records: who changed what, when (R86)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from activities.store.company_changes import newest_changes
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page
from models.access import SEES_ALL, Caller
from models.company.keepers import PEOPLE_KEEPERS, has_one_of, require_one_of
from models.company.record_changes import RecordKind

router = APIRouter(include_in_schema=False)
CHANGES_ON_A_PAGE = 50


def _kinds_of(caller: Caller) -> list[RecordKind]:
    """What records they see changes of: of people the administrator; of everything else who sees every order."""
    people = [RecordKind.PERSON] if has_one_of(caller, PEOPLE_KEEPERS) else []
    others = [kind for kind in RecordKind if kind is not RecordKind.PERSON]
    return [*(others if has_one_of(caller, SEES_ALL) else []), *people]


@router.get("/company/changes")
async def changes(request: Request, session: Who, kind: str = "", before: str = "") -> HTMLResponse:
    """The newest changes; of one kind, and from a place on."""
    require_one_of(session.caller, SEES_ALL | PEOPLE_KEEPERS)
    may = _kinds_of(session.caller)
    wanted = [each for each in may if each.value == kind] or may
    number = int(before) if before.isdecimal() and len(before) < 12 else None
    found = await in_database(newest_changes, door_of(request).engine, wanted, number, CHANGES_ON_A_PAGE)
    return company_page(
        request, session, "company/changes.html", "changes", changes=found, kinds=may, kind=kind,
        following=found[-1].number if len(found) == CHANGES_ON_A_PAGE else None,
    )  # fmt: skip
