"""Scheduled jobs with their last and next run; and who signs events to the door: both to be looked at."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from activities.reports.made_reports import last_made
from activities.store.company_files import read_sender_table
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page
from models.company.keepers import READS_SENDERS, RUNS_JOBS, require_one_of
from models.reports.report import ReportKind
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.server.schedule_times import job_times, jobs_unasked
from runtime.settings import Settings
from runtime.webhook_keys import keys_of, senders_of, table_file

router = APIRouter(include_in_schema=False)
_REPORT_OF = {
    "watch-list": ReportKind.WATCH_LIST, "tracking-numbers": ReportKind.TRACKING_NUMBERS,
    "weekly-statistics": ReportKind.WEEKLY_STATISTICS, "monthly-archive": ReportKind.MONTHLY_ARCHIVE,
    "responsibility-report": ReportKind.RESPONSIBILITY, "weekly-demand": ReportKind.DEMAND,
    "step-durations": ReportKind.DURATIONS,
}  # fmt: skip
Sender = tuple[str, int, list[str], Words | None]
"""A sender's name, how many keys it has, the facts that its events become, and what is wrong with its files."""


@router.get("/company/jobs")
async def jobs(request: Request, session: Who) -> HTMLResponse:
    """When jobs ran and run; while the server is away, when their reports were made last."""
    require_one_of(session.caller, RUNS_JOBS)
    door, away = door_of(request), None
    try:
        found = await door.on_server(job_times)
    except Refusal as refusal:
        if refusal.code is not Code.SERVER_UNAVAILABLE:
            raise
        found, away = jobs_unasked(), refusal.words
    made = await in_database(last_made, door.engine)
    reports = {name: made.get(kind.value) for name, kind in _REPORT_OF.items()}
    return company_page(request, session, "company/jobs.html", "jobs", jobs=found, away=away, reports=reports)


@router.get("/company/senders")
async def senders(request: Request, session: Who) -> HTMLResponse:
    """Which systems sign events to the door, with how many keys, and what their events become. Never a key."""
    require_one_of(session.caller, READS_SENDERS)
    found = await in_database(_senders, door_of(request).settings)
    return company_page(request, session, "company/senders.html", "senders", senders=found)


def _senders(settings: Settings) -> list[Sender]:
    found: list[Sender] = []
    for sender in senders_of(settings):
        try:
            table = read_sender_table(table_file(settings, sender))
            facts = sorted({event.fact for event in table.event if event.fact})
            found.append((sender, len(keys_of(settings, sender)), facts, None))
        except Refusal as refusal:
            found.append((sender, 0, [], refusal.words))
    return found
