"""The lists of `docs/stories.md`: every name a story may use, from the code and from the stories' company."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from books.markdown import code, codes, refilled, table
from books.places import STORIES, played_stories
from books.refusals import MEANINGS
from books.shapes import field_table, inline
from models.decisions.subject_rule import SubjectRule
from models.decisions.subjects import SUBJECTS
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.facts.fact_kinds import FACT_KINDS
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.messages.reply import Status
from models.request.order_request import OrderRequest, RequestLine
from models.request.order_start import Contract, CustomerFile
from models.values.calendar import Calendar
from models.values.vocabulary import Ending, Headline, PhaseName, PromiseCause, Role, Term
from rehearsal.files import read_company
from rehearsal.house.house_story import HouseStory
from rehearsal.moments import shown_offset
from rehearsal.story import Company, CourseStep, Job, PastTrade
from runtime.settings import ROOT

MOST_EXAMPLES = 4


def story_lists(standing: str) -> str:
    """The page with its lists made anew; what is written by hand stays."""
    company = read_company(STORIES)
    return refilled(
        standing,
        {
            "fields of an order": _order(),
            "fields of a customer": _customer(),
            "past trades and calendar": _before(),
            "settings": _settings(),
            "fields of the house": field_table(
                HouseStory, without=("name", "title", "rules", "start", "events", "expect")
            ),
            "facts": _facts(),
            "decisions": _decisions(),
            "answers": _answers(),
            "refusals": _refusals(),
            "states": _states(),
            "steps": _terms(StepKind),
            "keys of steps": _keys(),
            "journal": _journal(),
            "papers": _terms(Paper),
            "jobs": codes(job.value for job in Job),
            "company": _company(company),
            "courses": _courses(company),
        },
    )


def _terms(terms: type[Term]) -> str:
    return table(("name", "中文", "English"), ((code(each.value), each.zh, each.en) for each in terms))


def _order() -> str:
    lines = field_table(RequestLine)
    return f"{field_table(OrderRequest, without=('request_id', 'entered_by', 'entered_role', 'on_behalf_of'))}\n\nOf a line:\n\n{lines}"


def _customer() -> str:
    return f"{field_table(CustomerFile)}\n\nOf a contract:\n\n{field_table(Contract)}"


def _before() -> str:
    return f"Of a past trade: {inline(PastTrade)}. Of the calendar: {inline(Calendar)}."


def _settings() -> str:
    settings = tomllib.loads((ROOT / "policy.toml").read_text(encoding="utf-8"))
    settings.pop("reminders")  # of a job, and not of an order
    plain = [
        (code(name), code(str(value))) for name, value in settings.items() if not isinstance(value, dict)
    ]
    sections = [
        (code(f"{section}.{name}"), code(_written(value)))
        for section, values in settings.items()
        if isinstance(values, dict)
        for name, value in values.items()
    ]
    return table(("setting", "shipped"), plain + sections)


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _facts() -> str:
    return table(
        ("fact", "in words", "by", "content (bold: must be given)"),
        (
            (code(name), f"{kind.words.zh} {kind.words.en}", _roles(kind.roles), inline(kind.content) or "-")
            for name, kind in FACT_KINDS.items()
            if name != DECISION
        ),
    )


def _roles(roles: tuple[Role, ...]) -> str:
    everybody = len(roles) > len(Role) // 2
    return "any of the staff" if everybody else ", ".join(role.value for role in roles)


def _decisions() -> str:
    return table(
        ("subject", "in words", "by", "outcome: detail (bold: must be given)"),
        (
            (
                code(subject.value),
                f"{subject.zh} {subject.en} ({SUBJECTS[subject].rule})",
                _deciders(SUBJECTS[subject]),
                "<br>".join(_outcomes(SUBJECTS[subject])),
            )
            for subject in Subject
        ),
    )


def _deciders(rule: SubjectRule) -> str:
    between = " and " if rule.everyone else " or "
    marks = [
        word for word, holds in (("per line", rule.per_line), ("nobody is asked", rule.voluntary)) if holds
    ]
    named = between.join(role.value for role in rule.roles)
    return f"{named} ({', '.join(marks)})" if marks else named


def _outcomes(rule: SubjectRule) -> Iterator[str]:
    for outcome in rule.outcomes:
        yield f"{code(outcome.value)}: {inline(rule.detail_for(outcome))}"


def _answers() -> str:
    return _terms(Status)


def _refusals() -> str:
    return table(("code", "meaning"), ((code(each.value), meaning) for each, meaning in MEANINGS.items()))


def _states() -> str:
    sets: tuple[tuple[str, type[Term]], ...] = (
        ("status", Headline),
        ("phase", PhaseName),
        ("ended", Ending),
        ("causes", PromiseCause),
    )
    return table(
        ("field", "values"),
        ((code(name), ", ".join(f"{code(each.value)} {each.zh}" for each in terms)) for name, terms in sets),
    )


def _keys() -> str:
    """One key of each form; decisions have that of their subject."""
    keys = sorted(
        {e.subject for played in played_stories() for e in played.journal if e.kind is EntryKind.WAITING}
    )
    forms = {key.partition(":")[0]: key for key in reversed(keys)}
    forms["decision"] = f"decision:{Subject.TECHNICAL.value}:1"
    return codes(forms[form] for form in sorted(forms))


def _journal() -> str:
    """Each kind with the subjects and the data that the stories' own journals show."""
    subjects: defaultdict[EntryKind, Counter[str]] = defaultdict(Counter)
    data: defaultdict[EntryKind, set[str]] = defaultdict(set)
    for played in played_stories():
        for entry in played.journal:
            subjects[entry.kind][entry.subject] += 1
            data[entry.kind] |= entry.data.keys()
    return table(
        ("kind", "中文", "English", "subject, for example", "data"),
        (
            (
                code(kind.value), kind.zh, kind.en,
                codes(_usual(subjects[kind])) or "-",
                ", ".join(sorted(data[kind])) or "-",
            )
            for kind in EntryKind
        ),
    )  # fmt: skip


def _usual(seen: Counter[str]) -> list[str]:
    ordered = sorted(seen.items(), key=lambda each: (-each[1], each[0]))
    return [subject for subject, _ in ordered[:MOST_EXAMPLES] if subject]


def _company(company: Company) -> str:
    customers = table(
        ("customer", "name", "class", "may sign", "contract"),
        (
            (
                code(each.customer), each.name, each.customer_class.value, ", ".join(each.designated_signers),
                each.contract.reference if each.contract else "-",
            )
            for each in company.customers
        ),
    )  # fmt: skip
    prices = table(
        ("product", "name", "specification", "unit", "price"),
        (
            (code(each.product), each.product_name, each.specification, each.unit.value, str(each.unit_price))
            for each in company.prices
        ),
    )
    staff = table(
        ("person", "name", "roles", "superior"),
        (
            (code(each.person), each.name, ", ".join(role.value for role in each.roles), each.superior or "-")
            for each in company.staff
        ),
    )
    return f"{customers}\n\n{prices}\n\n{staff}"


def _courses(company: Company) -> str:
    return table(
        ("course", "values (`with`)", "what happens"),
        (
            (
                code(name),
                ", ".join(f"{key}: {_written(value)}" for key, value in course.defaults.items()) or "-",
                _told(course),
            )
            for name, course in company.courses.items()
        ),
    )


def _told(course: CourseStep) -> str:
    return ", ".join(
        f"{shown_offset(each.after) if each.after is not None else each.at} "
        f"{each.fact or each.course or each.job or (each.decision and f'{each.decision.value} {each.outcome}')}"
        for each in course.events
    )
