"""What production last said of each line, against the promise (R41): the clerk sees where an order will be late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from models.dossier.journal import EntryKind, JournalEntry
from models.messages.goods_contents import ProductionException, ProductionReported
from models.values.words import Words

_EXPECTED = Words(
    "第{line}行：生产部预计 {finish} 完工", "line {line}: production expects to finish on {finish}"
)
_IN_TIME = Words("，在预交日 {promised} 之前", ", by the promised {promised}")
_LATE = Words("，晚于预交日 {promised} {days} 天", ", {days} days after the promised {promised}")


def expected_finishes(journal: Iterable[JournalEntry]) -> dict[int, date]:
    """The day on which each line that is still being made is expected to be finished, where production named one."""
    found: dict[int, date] = {}
    for entry in journal:
        if entry.kind is not EntryKind.FACT:
            continue
        if entry.subject == "production_reported":
            reported = ProductionReported.model_validate(entry.data["content"])
            if reported.expected_finish is not None:
                found[reported.line] = reported.expected_finish
            if reported.finished:
                found.pop(reported.line, None)
        elif entry.subject == "production_exception":
            trouble = ProductionException.model_validate(entry.data["content"])
            if trouble.expected_finish is not None and trouble.line is not None:
                found[trouble.line] = trouble.expected_finish
    return dict(sorted(found.items()))


def progress(journal: Iterable[JournalEntry], promised: date | None) -> list[Words]:
    """A sentence for each such line: when it will be finished, and whether that keeps the promise."""
    return [_sentence(line, finish, promised) for line, finish in expected_finishes(journal).items()]


def _sentence(line: int, finish: date, promised: date | None) -> Words:
    said = _EXPECTED.filled(line=line, finish=finish)
    if promised is None:
        return said
    against = (_LATE if finish > promised else _IN_TIME).filled(
        promised=promised, days=(finish - promised).days
    )
    return Words(said.zh + against.zh, said.en + against.en)
