"""Reports from the order database: made once for the day they are meant for, as texts, workbooks, pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select
from temporalio import activity

from activities.documents.document_store import DocumentStore
from activities.documents.typesetting import Typesetter
from activities.notices.outbox import OF_THE_DESK, enter_row
from activities.reports.demand import demand_in, durations_in
from activities.reports.report_files import (
    archive,
    delivery_notes,
    listed,
    picture_content,
    with_commas,
    workbook,
)
from activities.reports.report_runs import ReportRun, Written
from activities.reports.statistics import responsible_in, shipped_in
from activities.reports.watch_list import left_in, watch_list
from activities.store.database import reading, writing
from activities.store.holidays import calendar_around
from activities.store.upsert import insert_into
from models.reports.report import OF_A_MONTH, PAPERS, Report, ReportKind, Window, due_day, window_of
from models.tables.registry import table
from models.values.calendar import ONE_DAY, end_of
from models.values.vocabulary import Language, Words

_DRAWN = frozenset({ReportKind.WEEKLY_STATISTICS})
_PRINTED = frozenset({ReportKind.TRACKING_NUMBERS})
_IN_A_WORKBOOK = frozenset(
    {
        ReportKind.WEEKLY_STATISTICS,
        ReportKind.RESPONSIBILITY,
        ReportKind.MONTHLY_ARCHIVE,
        ReportKind.DEMAND,
        ReportKind.DURATIONS,
    }
)
_WITH_COMMAS = frozenset({ReportKind.DEMAND, ReportKind.DURATIONS})
_RESOLUTION = 110


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file of a report."""

    name: str
    content: bytes


class Reporting:
    """Makes reports of one database; they lie in a folder and go out like every paper."""

    def __init__(
        self, engine: Engine, folder: Path, language: Language, typesetter: Typesetter, store: DocumentStore
    ) -> None:
        self._engine = engine
        self._folder = folder
        self._language = language
        self._typesetter = typesetter
        self._store = store

    @activity.defn(name="write_report", no_thread_cancel_exception=True)
    def write_report(self, asked: ReportRun) -> Written:
        """Make the report that is due on this day or was missed before it, once. Nothing is made on holidays.

        An archive that lacked a note is made again once that is printed (R79).
        Raises Refusal (`database_unavailable`, `disk_full`, `not_set_up`, a template's error).
        """
        if asked.day is None:
            raise ValueError("a report is of a day")
        with reading(self._engine) as connection:
            day = due_day(asked.kind, asked.day, calendar_around(connection, asked.day))
            made = day is not None and _last_made(connection, asked.kind, day) == day
        if day is None or (made and asked.kind is not ReportKind.MONTHLY_ARCHIVE):
            return Written(day=day or asked.day, is_due=False)
        report = report_of(self._engine, asked.kind, day)
        if made and self._says_what_it_said(report):
            return Written(day=day, is_due=False)
        files = self.files_of(report)
        self._folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            (self._folder / file.name).write_bytes(file.content)
        self._enter(report, files)
        return Written(day=day, lines=report.count, files=[file.name for file in files])

    def files_of(self, report: Report) -> list[ReportFile]:
        """The report as files: always the text, and what its kind has besides."""
        kind, stem = report.kind, f"{report.kind.value}-{report.day.isoformat()}"
        files = [ReportFile(f"{stem}.txt", report.text(self._language).encode())]
        if kind in _WITH_COMMAS:
            files.append(ReportFile(f"{stem}.csv", with_commas(report, self._language)))
        if kind in _IN_A_WORKBOOK:
            files.append(ReportFile(f"{stem}.xlsx", workbook(report, self._language)))
        if kind in _DRAWN:
            content = picture_content(report, self._language)
            picture = self._typesetter.picture(PAPERS[kind][0], content, _RESOLUTION)
            files.append(ReportFile(f"{stem}.png", picture))
        if kind in _PRINTED:
            page = self._typesetter.set(PAPERS[kind][0], picture_content(report, self._language))
            files.append(ReportFile(f"{stem}.pdf", page))
        if kind is ReportKind.MONTHLY_ARCHIVE:
            with reading(self._engine) as connection:
                notes = delivery_notes(connection, _window(connection, kind, report.day))
            files.append(ReportFile(f"{stem}.zip", archive(notes, self._store)))
        return files

    def _enter(self, report: Report, files: list[ReportFile]) -> None:
        paper, rule, roles = PAPERS[report.kind]
        attachments = []
        for file in files[1:]:
            ending = Path(file.name).suffix
            attachments.append(
                {"name": file.name, "document": self._store.keep(file.content, ending) + ending}
            )
        texts = Words(report.text(Language.ZH).strip(), report.text(Language.EN).strip())
        with writing(self._engine) as connection:
            before = len(_entered(connection, report))
            enter_row(
                connection,
                order=OF_THE_DESK,
                identity=f"{_identity(report)}:{before + 1}" if before else _identity(report),
                paper=paper,
                to=roles,
                words=texts,
                rule=rule,
                created_at=datetime.now(UTC),
                content=None,
                attachments=attachments,
            )
            run = {"kind": report.kind.value, "day": report.day, "made_at": datetime.now(UTC)}
            statement = insert_into(connection, table("report_runs")).values(run)
            connection.execute(statement.on_conflict_do_nothing())

    def _says_what_it_said(self, report: Report) -> bool:
        """Whether it was made and reads the same by now."""
        with reading(self._engine) as connection:
            texts = _entered(connection, report)
        return texts[-1:] == [report.text(Language.ZH).strip()]


def _identity(report: Report) -> str:
    return f"{report.kind.value}:{report.day.isoformat()}"


def _entered(connection: Connection, report: Report) -> list[str]:
    """What the report said each time that it was made, the last one last."""
    outbox = table("outbox")
    plain = _identity(report)
    query = select(outbox.c.zh).where(
        outbox.c.order_number == OF_THE_DESK,
        (outbox.c.identity == plain) | outbox.c.identity.startswith(f"{plain}:"),
    )
    return list(connection.scalars(query.order_by(outbox.c.created_at, outbox.c.identity)))


def report_of(engine: Engine, kind: ReportKind, day: date, *, whole_day: bool = False) -> Report:
    """The report for this due day. `whole_day`: asked for by a person, up to midnight and not to the usual hour."""
    with reading(engine) as connection:
        if kind is ReportKind.WATCH_LIST:
            return Report(kind=kind, day=day, sections=list(watch_list(connection, day)))
        window = _window(connection, kind, day)
        if whole_day and kind is ReportKind.TRACKING_NUMBERS:
            window = Window(since=window.since, until=end_of(day))
        if kind is ReportKind.TRACKING_NUMBERS:
            return Report(kind=kind, day=day, sections=list(left_in(connection, window)))
        sections = {
            ReportKind.WEEKLY_STATISTICS: lambda: list(shipped_in(connection, window)),
            ReportKind.RESPONSIBILITY: lambda: list(responsible_in(connection, window)),
            ReportKind.DEMAND: lambda: list(demand_in(connection, window)),
            ReportKind.DURATIONS: lambda: list(durations_in(connection, window)),
        }
        if kind in sections:
            return Report(kind=kind, day=day, period=_period(kind, window), sections=sections[kind]())
        notes = listed(delivery_notes(connection, window))
        return Report(kind=kind, day=day, period=_period(kind, window), sections=[notes])


def report_due(engine: Engine, kind: ReportKind, day: date) -> Report | None:
    """The report that was due last, up to this day; None on a day without one."""
    with reading(engine) as connection:
        due = due_day(kind, day, calendar_around(connection, day))
    return None if due is None else report_of(engine, kind, due)


def _window(connection: Connection, kind: ReportKind, day: date) -> Window:
    made = _last_made(connection, kind, day - ONE_DAY)
    return window_of(kind, day, calendar_around(connection, day), made)


def _last_made(connection: Connection, kind: ReportKind, day: date) -> date | None:
    """The due day, up to this one, of the last report that was made."""
    runs = table("report_runs")
    query = select(func.max(runs.c.day)).where(runs.c.kind == kind.value, runs.c.day <= day)
    made: date | None = connection.scalar(query)
    return made


def _period(kind: ReportKind, window: Window) -> str:
    if kind in OF_A_MONTH:
        return window.of_months()
    return window.of_moments()
