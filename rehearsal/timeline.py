"""A story's life as a readable timeline: each date, what happened, who, and what it led to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from models.documents.sheet_changes import changes_in_words
from models.dossier.journal import EntryKind, JournalEntry
from models.facts.fact_kinds import FACT_KINDS
from models.forms.fact_words import said_in_words
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import DECISION
from models.reports.responsibility import name_of
from models.request.request_versions import FieldChange
from models.values.errors import ChangeWords
from models.values.vocabulary import Ending, PhaseName, PromiseCause, Term, Words

_OF_STEPS = {EntryKind.WAITING, EntryKind.DONE, EntryKind.OVERDUE, EntryKind.ESCALATED}
_OF_THE_ORDER = {
    EntryKind.PLACED,
    EntryKind.HANGING,
    EntryKind.HELD,
    EntryKind.REPAIRED,
    EntryKind.BROUGHT_BACK,
}
_OF_PARTS = {
    "order": Words("", ""),
    "shipment": Words("发货批次 ", "shipment "),
    "release": Words("放行批次 ", "release "),
    "freight": Words("运费 ", "freight of shipment "),
    "shipping_notice": Words("发货通知单,放行", "shipping notice of release "),
    "collection": Words("代收货款,货物", "collection for shipment "),
    "ending": Words("了结", "the end that was to come"),
}
_QUIET = {EntryKind.WAITING, EntryKind.DONE, EntryKind.ASKED, EntryKind.ESCALATED}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline."""

    at: datetime
    words: Words
    by: str
    rule: str
    mark: str = ""
    fact_id: str = ""
    """Of which fact it tells; empty for what was not said."""


def timeline(journal: list[JournalEntry], *, everything: bool = False) -> Iterator[Moment]:
    """The journal as people read it; steps that only opened and closed are left out unless asked for."""
    decided_by: dict[str, str] = {}
    for entry in journal:
        if everything or entry.kind not in _QUIET:
            if entry.kind is EntryKind.FACT and entry.subject == DECISION:
                decided_by[_question(entry)] = str(entry.data.get("fact_id", ""))
                continue
            late = entry.recorded_at - entry.happened_at
            mark = "late" if late.total_seconds() > 3600 else ""
            fact_id = str(entry.data.get("fact_id") or decided_by.pop(entry.subject, ""))
            yield Moment(entry.recorded_at, words_of(entry), entry.by, entry.rule, mark, fact_id)


def _question(entry: JournalEntry) -> str:
    """The key of the decision that an answer is about, as the entry of the decision names it."""
    content = entry.data.get("content", {})
    line = content.get("line")
    return str(content.get("subject", "")) if line is None else f"{content.get('subject', '')}:{line}"


def words_of(entry: JournalEntry) -> Words:
    """One entry in plain words."""
    kind, data = entry.kind, entry.data
    if kind is EntryKind.PROMISE:
        before, after, cause = data.get("before"), data.get("after"), _label(PromiseCause, data.get("cause"))
        if not before:
            return Words(f"预交日定为 {after}", f"promised for {after}")
        return Words(f"预交日 {before} → {after}({cause.zh})", f"promise {before} → {after} ({cause.en})")
    if kind is EntryKind.PHASE:
        phase = _label(PhaseName, entry.subject)
        return Words(f"进入阶段:{phase.zh}", f"phase: {phase.en}")
    if kind is EntryKind.DECIDED:
        subject, outcome = _label(Subject, entry.subject.split(":")[0]), _label(Outcome, data.get("outcome"))
        return Words(f"决定 {subject.zh}:{outcome.zh}", f"decided {subject.en}: {outcome.en}")
    if kind is EntryKind.INTENTION:
        return Words(f"应发:{data.get('zh', '')}", f"due: {data.get('en', '')}")
    if kind is EntryKind.RELEASED:
        part, figures = _about(entry.subject), f"¥{data.get('balance', '')}"
        goods = data.get("goods", "")
        return Words(f"放行 {part.zh}:{goods},未付 {figures}", f"released {part.en}: {goods}, open {figures}")
    if kind is EntryKind.ENDED:
        ending = _label(Ending, entry.subject)
        return Words(f"终结:{ending.zh}", f"ended: {ending.en}")
    if kind is EntryKind.REFUSED:
        what = _fact(entry.subject)
        return Words(f"未采纳 {what.zh}:{data.get('zh', '')}", f"refused {what.en}: {data.get('en', '')}")
    if kind in {EntryKind.FACT, EntryKind.EARLY}:
        what, said = _fact(entry.subject), said_in_words(entry.subject, data.get("content", {}))
        early = kind is EntryKind.EARLY
        return Words(
            f"{what.zh}{'(提前,待用)' if early else ''} {said.zh}",
            f"{what.en}{' (early, kept)' if early else ''} {said.en}",
        )
    return _of_the_rest(entry)


def _of_the_rest(entry: JournalEntry) -> Words:
    """What is told by its kind and what it is about."""
    kind = entry.kind
    if kind is EntryKind.REFRESHED:
        changes = changes_in_words(FieldChange.model_validate(each) for each in entry.data.get("changes", []))
        return Words(f"{kind.zh}:{_changed(changes, 'zh')}", f"{kind.en}: {_changed(changes, 'en')}")
    if kind is EntryKind.VOIDED and entry.subject.startswith("sheet:"):
        # an order without its sheet is where it is made again; no entry of its own says so
        about = _about(entry.subject)
        return Words(f"{about.zh}失效,回到审核", f"{about.en} void, back in verification")
    if kind in {EntryKind.VOIDED, EntryKind.ASKED}:
        about, why = _about(entry.subject), _reason(entry)
        return Words(f"{kind.zh}:{about.zh}{why.zh}", f"{kind.en}: {about.en}{why.en}")
    if kind in _OF_STEPS:
        step = name_of(entry.subject)
        return Words(f"{kind.zh}:{step.zh}", f"{kind.en}: {step.en}")
    if kind in _OF_THE_ORDER:
        return Words(kind.zh, kind.en)
    subject, _, number = entry.subject.partition(":")
    what, why = _OF_PARTS.get(subject, Words(entry.subject, entry.subject)), _reason(entry)
    return Words(f"{kind.zh} {what.zh}{number}{why.zh}", f"{kind.en} {what.en}{number}{why.en}")


def _reason(entry: JournalEntry) -> Words:
    """Why, where the entry says it: a release taken back, goods that left as they should not."""
    zh, en = entry.data.get("zh", ""), entry.data.get("en", "")
    return Words(f"({zh})" if zh else "", f" ({en})" if en else "")


def _changed(changes: list[ChangeWords], language: str) -> str:
    return "; ".join(
        f"{each['field'][language]} {each['before'][language] or '-'} → {each['after'][language] or '-'}"
        for each in changes
    )


def _about(asked: str) -> Words:
    """What was asked for or is void: a subject of decision, a version of the sheet, a release or what hangs on it."""
    subject, _, number = asked.partition(":")
    if subject == "sheet":
        return Words(f"确认书第{number}版", f"sheet version {number}")
    part = _OF_PARTS.get(subject)
    return Words(f"{part.zh}{number}", f"{part.en}{number}") if part else _label(Subject, subject)


def _fact(name: str) -> Words:
    kind = FACT_KINDS.get(name)
    return kind.words if kind else Words(name, name)


def _label(terms: type[Term], value: object) -> Words:
    for term in terms:
        if term.value == value:
            return Words(term.zh, term.en)
    return Words(str(value), str(value))
