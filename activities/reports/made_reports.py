"""Reports that were made: as they went out, with their files in the document store (R73, R79, R86)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, select

from activities.notices.outbox import OF_THE_DESK
from activities.store.database import reading
from models.reports.report import PAPERS, ReportKind
from models.tables.registry import table

REPORTS_ON_A_PAGE = 60


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report as it was made: of which kind, for which day, when (UTC), and its files by name and place."""

    kind: ReportKind
    day: date
    identity: str
    made_at: datetime
    zh: str
    en: str
    files: tuple[tuple[str, str], ...]


def made_reports(engine: Engine, kinds: Collection[ReportKind], identity: str = "") -> Sequence[MadeReport]:
    """The newest reports of these kinds; `identity`: this one alone."""
    outbox, papers = table("outbox"), {PAPERS[kind][0].value: kind for kind in kinds}
    query = (
        select(outbox)
        .where(outbox.c.order_number == OF_THE_DESK, outbox.c.paper.in_(papers))
        .order_by(outbox.c.created_at.desc(), outbox.c.identity)
        .limit(REPORTS_ON_A_PAGE)
    )
    if identity:
        query = query.where(outbox.c.identity == identity)
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
    found = []
    for row in rows:
        kind, _, rest = row["identity"].partition(":")
        day = rest.partition(":")[0]
        if papers[row["paper"]].value == kind:
            files = tuple((each["name"], each["document"]) for each in row["attachments"] or ())
            found.append(
                MadeReport(
                    papers[row["paper"]], date.fromisoformat(day), row["identity"], row["created_at"], row["zh"], row["en"],
                    files,
                )
            )  # fmt: skip
    return found


def last_made(engine: Engine) -> dict[str, datetime]:
    """When each kind of report was made last (UTC), by the kind's value."""
    runs = table("report_runs")
    with reading(engine) as connection:
        rows = connection.execute(select(runs.c.kind, runs.c.made_at).order_by(runs.c.made_at))
        return {row.kind: row.made_at for row in rows}
