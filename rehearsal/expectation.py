"""What a story expects at a moment against what is so; every difference in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.dossier.journal import JournalEntry
from models.dossier.open_steps import OpenStep
from models.dossier.papers_due import Intention, Paper
from models.dossier.step_kinds import StepKind
from models.order.order import Order
from models.values.errors import Refusal
from models.values.vocabulary import Words
from rehearsal.moments import filled, with_days
from rehearsal.printed_page import PrintedPage
from rehearsal.story import Company, EntryExpected, Expectation, NoticeExpected


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the story expects it."""

    story: str
    at: datetime
    what: str
    expected: str
    found: str

    @property
    def words(self) -> Words:
        """The difference as a sentence."""
        return Words(
            f"{self.what}：应为 {self.expected}，实为 {self.found}",
            f"{self.what}: expected {self.expected}, found {self.found}",
        )


@dataclass(frozen=True, slots=True)
class DuePaper:
    """A paper or notice that was entered for the order."""

    paper: str
    roles: tuple[str, ...]
    rule: str
    words: str
    page: PrintedPage | None

    @staticmethod
    def of_intention(intention: Intention, company: Company) -> DuePaper:
        """As the order intends it, with the names of this company."""
        return DuePaper(
            intention.paper.value,
            tuple(role.value for role in intention.to),
            intention.rule,
            f"{intention.zh} {intention.en}",
            PrintedPage.of_intention(intention, company),
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What can be seen beside the order. Without jobs nothing is expected of what only they make."""

    papers: Sequence[DuePaper] = ()
    reports: Mapping[str, str] = field(default_factory=dict)
    jobs_ran: bool = True


_OF_JOBS = {Paper.REMINDER}


def _papers(expected: Expectation, seen: Seen, start: datetime) -> Iterator[tuple[str, Any, Any]]:
    for document in expected.documents:
        if document.paper in _OF_JOBS and not seen.jobs_ran:
            continue
        words = [with_days(each, start) for each in document.contains]
        pages = [each.page for each in seen.papers if each.paper == document.paper and each.page]
        try:
            matching = sum(not words or page.says(words) for page in pages)
        except Refusal as refusal:
            yield "documents", document.model_dump_json(exclude_none=True), refusal.words.en
            continue
        if matching == 0 if document.times is None else matching != document.times:
            yield "documents", document.model_dump_json(exclude_none=True), f"{matching} of {len(pages)}"
    for notice in expected.notices:
        if notice.paper in _OF_JOBS and not seen.jobs_ran:
            continue
        matching = sum(_is_notice(notice, each) for each in seen.papers)
        if matching == 0 if notice.times is None else matching != notice.times:
            yield "notices", notice.model_dump_json(exclude_none=True), f"{matching} such notices"


def _is_notice(expected: NoticeExpected, paper: DuePaper) -> bool:
    return (
        paper.paper == expected.paper
        and (expected.to is None or expected.to.value in paper.roles)
        and expected.rule in {None, paper.rule}
        and (expected.contains is None or expected.contains in paper.words)
    )


def _reports(expected: Expectation, number: str, seen: Seen) -> Iterator[tuple[str, Any, Any]]:
    for report in expected.reports if seen.jobs_ran else ():
        text = seen.reports.get(report.kind.value)
        if text is None:
            yield "reports", report.kind.value, "no such report was made"
            continue
        lines = [line for line in text.splitlines() if number in line]
        if bool(lines) != report.named:
            yield "reports", f"{number} is named: {report.named}", f"{len(lines)} lines name it"
        elif report.contains is not None and not any(report.contains in line for line in lines):
            yield "reports", report.contains, " / ".join(lines)


def step_name(step: OpenStep) -> str:
    """How a story names an open step: its kind, and for a decision its subject."""
    return ":".join(step.key.split(":")[:2]) if step.kind is StepKind.DECISION else step.kind.value


def differences(
    story: str,
    start: datetime,
    at: datetime,
    expected: Expectation,
    order: Order,
    journal: Sequence[JournalEntry],
    seen: Seen,
) -> list[Difference]:
    """Everything that differs at this moment; empty when all is as expected."""
    found = [
        *_plain_expectations(expected, order, start),
        *_steps(expected, order),
        *_entries(expected, journal),
        *_papers(expected, seen, start),
        *_reports(expected, order.number, seen),
    ]
    return [Difference(story, at, what, str(should), str(is_)) for what, should, is_ in found]


def _plain_expectations(
    expected: Expectation, order: Order, start: datetime
) -> Iterator[tuple[str, Any, Any]]:
    promise = order.promise
    now: dict[str, Any] = {
        "status": order.headline,
        "phase": order.phase,
        "promised": _day(promise.promised),
        "first_promised": _day(promise.first_promised),
        "production_due": _day(promise.production_due),
        "ship_date": _day(promise.ship_date),
        "causes": tuple(change.cause for change in promise.history),
        "total": order.total,
        "paid": order.ledger.paid,
        "bill": order.bill,
        "open_balance": order.open_balance,
        "sheet_version": order.sheets[-1].version if order.sheets else 0,
        "releases": len(order.releases),
        "shipments": len(order.shipments),
        "overdue": any(step.overdue_at is not None for step in order.steps.values()),
        "ended": order.ending,
    }
    if isinstance(expected.ended, bool):
        now["ended"] = order.ending is not None
    for what, found in now.items():
        should = getattr(expected, what)
        if should is None:
            continue
        if isinstance(should, str):
            should = _as_day(should, start)
        if should != found:
            yield what, _expected_text(should), _expected_text(found)


def _as_day(text: str, start: datetime) -> str:
    return str(filled(f"{{{text}}}", {}, start)) if text.startswith("day") else text


def _day(day: object) -> str:
    return "" if day is None else str(day)


def _expected_text(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value) or "-"
    return "-" if value in {None, ""} else str(value)


def _steps(expected: Expectation, order: Order) -> Iterator[tuple[str, Any, Any]]:
    open_now = sorted(step_name(step) for step in order.steps.values())
    for name in expected.waiting or ():
        if name not in open_now:
            yield "waiting", name, _expected_text(tuple(open_now))
    for name in expected.not_waiting or ():
        if name in open_now:
            yield "not_waiting", f"no {name}", _expected_text(tuple(open_now))


def _entries(expected: Expectation, journal: Sequence[JournalEntry]) -> Iterator[tuple[str, Any, Any]]:
    for entry in expected.journal:
        matching = sum(_matches(entry, each) for each in journal)
        if matching == 0 if entry.times is None else matching != entry.times:
            words = entry.model_dump_json(exclude_none=True)
            yield "journal", words, f"{matching} such entries"
    for paper in expected.papers:
        if not any(
            each.kind.value == "intention" and each.subject.startswith(f"{paper.value}:") for each in journal
        ):
            yield "papers", paper.value, "-"


def _matches(expected: EntryExpected, entry: JournalEntry) -> bool:
    return (
        expected.kind in {None, entry.kind.value}
        and (expected.subject is None or entry.subject == expected.subject)
        and expected.rule in {None, entry.rule}
        and (expected.contains is None or expected.contains in entry.model_dump_json())
    )
