"""Holidays and make-up days from a file, as the company gets them for a year (R13)."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePath

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from activities.access.logins import Session
from activities.store.imports import CalendarDayRow, import_calendar_days
from gateway.api.bodies import read_body
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, note, teller_of
from gateway.security.staff_sessions import require_own
from models.company.keepers import CALENDAR_KEEPERS, require_one_of, role_of
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.files.calendar_files import BadRow, read_calendar_days

router = APIRouter(include_in_schema=False)
MOST_BYTES = 500_000
_AROUND = 20_000
ENDINGS = (".csv", ".xlsx", ".json", ".yaml", ".yml")
_NO_FILE = Words("请选择文件：{endings}", "choose a file: {endings}")
_TOO_BIG = Words("文件过大，最多 500 KB", "the file is too large; 500 KB at most")


@router.get("/company/holidays/import")
async def choose(request: Request, session: Who) -> HTMLResponse:
    """Where a file is chosen."""
    require_one_of(session.caller, CALENDAR_KEEPERS)
    return _page(request, session)


def _page(
    request: Request, session: Session, status: int = 200, *, count: int | None = None, bad: list[BadRow] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:  # fmt: skip
    return company_page(
        request, session, "company/holiday_import.html", "holidays", status, count=count, bad=bad or [], refusal=refusal,
        endings=",".join(ENDINGS), home="/company/holidays/import",
    )  # fmt: skip


@router.post("/company/holidays/import")
async def take(request: Request, session: Who) -> Response:
    """Take the days of a file: what is there is replaced, bad rows are told and hide no other."""
    raw = await read_body(request, MOST_BYTES + _AROUND)
    request._body = raw  # noqa: SLF001 - the parser below reads what was measured here
    async with request.form(max_files=1, max_fields=5) as form:
        require_own({name: value for name, value in form.items() if isinstance(value, str)}, session)
        require_one_of(session.caller, CALENDAR_KEEPERS)
        file = form.get("file")
        name = "" if file is None or isinstance(file, str) else file.filename or ""
        content = b"" if file is None or isinstance(file, str) else await file.read()
    door = door_of(request)
    try:
        rows, bad = await in_database(_read, PurePath(name), content)
        count = await in_database(import_calendar_days, door.engine, rows, None, teller_of(request, session))
    except Refusal as refusal:
        if refusal.code is not Code.MALFORMED_FILE:
            raise
        return _page(request, session, 422, refusal=refusal)
    await note(request, session, f"{count} days imported", role_of(session.caller, CALENDAR_KEEPERS))
    return _page(request, session, count=count, bad=bad)


def _read(name: PurePath, content: bytes) -> tuple[list[CalendarDayRow], list[BadRow]]:
    ending = name.suffix.lower()
    if ending not in ENDINGS:
        raise Refusal(Code.MALFORMED_FILE, _NO_FILE.filled(endings=", ".join(ENDINGS)), where="file")
    if len(content) > MOST_BYTES:
        raise Refusal(Code.MALFORMED_FILE, _TOO_BIG, where="file")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"calendar{ending}"
        path.write_bytes(content)
        try:
            return read_calendar_days(path)
        except Refusal as refusal:
            words = Words(
                refusal.words.zh.replace(str(path), name.name), refusal.words.en.replace(str(path), name.name)
            )
            raise Refusal(Code.MALFORMED_FILE, words, where="file") from None
