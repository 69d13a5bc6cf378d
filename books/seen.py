"""What a person can see of the product, by kind and name: pages, commands, steps, decisions, papers, notices, reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import typer

import starter
from gateway.security.rights_table import entrances
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import CaseStepKind, StepKind
from models.facts.fact_kinds import FACT_KINDS
from models.messages.decision_subjects import Subject
from models.reports.desk_steps import DeskStepKind
from models.reports.report import ReportKind
from models.values.vocabulary import Headline, Term
from models.values.words import Words
from runtime.server.schedules import JOBS
from runtime.settings import ROOT

KINDS: dict[str, Words] = {
    "page": Words("页面", "page"),
    "command": Words("命令", "command"),
    "step": Words("待办", "step"),
    "decision": Words("决定", "decision"),
    "fact": Words("登记", "fact"),
    "status": Words("状态", "status"),
    "notice": Words("通知", "notice"),
    "document": Words("文书", "document"),
    "report": Words("报表", "report"),
    "schedule": Words("定时", "schedule"),
}
"""Kind -> what it is called. A step, a decision and a fact are seen as cards and forms of the pages."""

_TITLE = re.compile(r"""#(?:paper\(|set document\(title: words\()\s*"([^"]+)", "([^"]+)\"""")
_HOLE = re.compile(r"\{[^}]*\}")
_NAMELESS = Words("", "")


@cache
def catalogue() -> dict[str, dict[str, Words]]:
    """Kind -> name -> what people call it; empty words where the name is all there is."""
    return {
        "page": {door.name: _NAMELESS for door in entrances()},
        "command": dict.fromkeys(_commands(typer.main.get_command(starter.app)), _NAMELESS),
        "step": _terms(StepKind, CaseStepKind, DeskStepKind),
        "decision": _terms(Subject),
        "fact": {name: kind.words for name, kind in FACT_KINDS.items()},
        "status": _terms(Headline),
        "notice": _terms(Paper),
        "document": _documents(),
        "report": _terms(ReportKind),
        "schedule": {job.name: job.words for job in JOBS},
    }


def named(seen: str) -> tuple[str, str]:
    """`kind name` apart."""
    kind, _, name = seen.partition(" ")
    return kind, name


def words_of(seen: str) -> Words | None:
    """What people call it; None for what is not there."""
    kind, name = named(seen)
    return catalogue().get(kind, {}).get(name)


def _terms(*sets: type[Term]) -> dict[str, Words]:
    """What is filled in when the words are used is left open here."""
    return {
        each.value: Words(_HOLE.sub("…", each.zh), _HOLE.sub("…", each.en))
        for terms in sets
        for each in terms
    }


def _commands(command: object, before: str = "") -> Iterator[str]:
    """Every command of `starter.py`: `place`, `stock list`."""
    below: Mapping[str, object] = getattr(command, "commands", {})
    for name, each in below.items():
        words = f"{before}{name}"
        if getattr(each, "commands", None):
            yield from _commands(each, f"{words} ")
        else:
            yield words


def _documents() -> dict[str, Words]:
    """What is printed, by its template; the letterhead is part of others."""
    files = sorted((ROOT / "templates" / "documents").glob("*.typ"))
    return {file.stem: _title(file) for file in files if file.stem != "letterhead"}


def _title(template: Path) -> Words:
    """The title that the template writes; where it is given one, what the report or the paper is called."""
    found = _TITLE.search(template.read_text(encoding="utf-8"))
    if found:
        return Words(found[1], found[2])
    return (_terms(Paper) | _terms(ReportKind)).get(template.stem, _NAMELESS)
