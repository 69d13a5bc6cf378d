"""Reports: those that were made, with their files; and any of them for a day, looked at now (R13, R73, R79, R86)."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Engine

from activities.documents.document_store import DocumentStore
from activities.reports.made_reports import made_reports
from activities.reports.report_maker import Reporting, report_of
from activities.store.database import reading
from activities.store.holidays import calendar_around
from gateway.api.problems import language_of
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, day_of, text_of, today_of
from models.company.keepers import require_one_of
from models.company.report_readers import readers_of, reads_reports, reports_for
from models.reports.report import Report, ReportKind, due_day
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import Settings
from runtime.worker.workers import build_reporting

router = APIRouter(include_in_schema=False)
_NONE = Words("没有这份报表", "there is no such report")
_NOT_THEIRS = Words("您的岗位不收报表", "no report is for your role")
_TYPES = {
    "txt": "text/plain; charset=utf-8", "png": "image/png", "pdf": "application/pdf", "zip": "application/zip",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


@router.get("/company/reports")
async def reports(request: Request, session: Who, kind: str = "", day: str = "") -> HTMLResponse:
    """The reports that were made; and one looked at now, as it would be for its due day up to the day that is asked for."""
    if not reads_reports(session.caller):
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS, where="role")
    engine, may, meant = door_of(request).engine, reports_for(session.caller), day_of(day, today_of(request))
    wanted = next((each for each in ReportKind if each.value == kind), None)
    shown: Report | None = None
    if wanted is not None:
        require_one_of(session.caller, readers_of(wanted))
        shown = await in_database(_report, engine, wanted, meant)
    return company_page(
        request, session, "company/reports.html", "reports", made=await in_database(made_reports, engine, may), kinds=may,
        shown=shown, kind=kind, day_asked=meant, text=shown.text(language_of(request)) if shown is not None else "",
        endings=_endings(wanted) if wanted is not None else (),
    )  # fmt: skip


def _report(engine: Engine, kind: ReportKind, day: date) -> Report:
    with reading(engine) as connection:
        due = due_day(kind, day, calendar_around(connection, day)) or day
    return report_of(engine, kind, due, whole_day=True)


def _endings(kind: ReportKind) -> tuple[str, ...]:
    """What files a report has beside its text."""
    return {
        ReportKind.WATCH_LIST: ("txt",),
        ReportKind.TRACKING_NUMBERS: ("txt", "pdf"),
        ReportKind.WEEKLY_STATISTICS: ("txt", "xlsx", "png"),
        ReportKind.MONTHLY_ARCHIVE: ("txt", "xlsx", "zip"),
        ReportKind.RESPONSIBILITY: ("txt", "xlsx"),
        ReportKind.DEMAND: ("txt", "csv", "xlsx"),
        ReportKind.DURATIONS: ("txt", "csv", "xlsx"),
    }[kind]


@router.get("/company/report/now")
async def made_now(
    request: Request, session: Who, kind: str = "", day: str = "", ending: str = "txt"
) -> Response:
    """A file of a report as it is now; nothing is sent and nothing counts as made."""
    wanted = next((each for each in ReportKind if each.value == kind), None)
    if wanted is None or ending not in _endings(wanted):
        raise Refusal(Code.UNKNOWN_PLACE, _NONE, where="kind")
    require_one_of(session.caller, readers_of(wanted))
    door, meant = door_of(request), day_of(day, today_of(request))
    name, content = await in_database(_file, door.settings, door.engine, wanted, meant, ending)
    return _download(name, content, ending)


def _file(settings: Settings, engine: Engine, kind: ReportKind, day: date, ending: str) -> tuple[str, bytes]:
    reporting: Reporting = build_reporting(settings)
    files = reporting.files_of(_report(engine, kind, day))
    found = next(file for file in files if file.name.endswith(f".{ending}"))
    return found.name, found.content


@router.get("/company/report/made")
async def made(request: Request, session: Who, identity: str = "", name: str = "") -> Response:
    """A file of a report as it went out; without a name its text."""
    door, key = door_of(request), text_of(identity, 200)
    kind = next((each for each in ReportKind if each.value == key.partition(":")[0]), None)
    if kind is None:
        raise Refusal(Code.UNKNOWN_PLACE, _NONE, where="identity")
    require_one_of(session.caller, readers_of(kind))
    found = next(iter(await in_database(made_reports, door.engine, [kind], key)), None)
    if found is None:
        raise Refusal(Code.UNKNOWN_PLACE, _NONE, where="identity")
    if not name:
        text = Words(found.zh, found.en).in_language(language_of(request))
        return _download(f"{found.kind.value}-{found.day}.txt", text.encode(), "txt")
    document = next((place for known, place in found.files if known == name), None)
    if document is None:
        raise Refusal(Code.UNKNOWN_PLACE, _NONE, where="name")
    content = await in_database(DocumentStore(door.settings.documents).read, document)
    return _download(name, content, name.rpartition(".")[2])


def _download(name: str, content: bytes, ending: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type=_TYPES.get(ending, "application/octet-stream"), headers=headers)
