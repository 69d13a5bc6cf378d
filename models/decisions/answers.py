"""An answer to what was asked: may this person give it, does it fit, is the subject settled by it, and what then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from models.decisions.duties import check_duties
from models.decisions.subjects import SUBJECTS
from models.documents.sheet_changes import changes_in_words
from models.dossier.decision_record import Answered, Asked, key_of
from models.dossier.decisions import ask, keep_apart
from models.dossier.journal import EntryKind
from models.messages.decision_subjects import DecisionContent, Outcome, Subject
from models.messages.envelope import Envelope, read_content, said_with
from models.order.order import Order
from models.order.seen import stale
from models.request.request_versions import FieldChange
from models.values.content import Content
from models.values.errors import ChangeWords, Code, Refusal
from models.values.field_words import has_words
from models.values.fingerprint import lasting
from models.values.vocabulary import Role, Words


def detail_of(content: Mapping[str, Any]) -> Mapping[str, type[Content]]:
    """What the detail of an answer is read as, before the answer itself is; nothing for one that nobody knows."""
    subject = next((each for each in Subject if each.value == content.get("subject")), None)
    outcome = next((each for each in Outcome if each.value == content.get("outcome")), None)
    if subject is None or outcome is None:
        return {}
    return {"detail": SUBJECTS[subject].detail_for(outcome)}


def decision(order: Order, envelope: Envelope, content: DecisionContent) -> None:
    """Take an answer and, when it settles the subject, do what follows. Raises Refusal before anything changes."""
    may_answer(envelope, content)
    rule = SUBJECTS[content.subject]
    if rule.check is not None:
        detail = read_content(rule.detail_for(content.outcome), content.detail, inside="content.detail")
        rule.check(order, detail, content, envelope)
    settled = answer(order, envelope, content)
    if settled is not None and rule.effect is not None:
        rule.effect(order, settled, envelope)


def may_answer(envelope: Envelope, content: DecisionContent) -> None:
    """Whether this role may say this at all. Raises Refusal: wrong_role, unknown_outcome, not_in_writing."""
    subject = content.subject
    rule = SUBJECTS[subject]
    if envelope.role not in rule.roles:
        allowed = rule.roles
        raise Refusal(
            Code.WRONG_ROLE,
            Words(
                f"“{subject.zh}”由{'、'.join(role.zh for role in allowed)}决定，不是{envelope.role.zh}",
                f"{subject.en} is decided by {', '.join(role.en for role in allowed)}, not by {envelope.role.en}",
            ),
            where="role",
            rule=rule.rule,
        )
    if content.outcome not in rule.outcomes:
        raise Refusal(
            Code.UNKNOWN_OUTCOME,
            Words("可选结果：{allowed}", "the outcomes are: {allowed}").filled(
                allowed=", ".join(rule.outcomes)
            ),
            where="content.outcome",
            rule=rule.rule,
        )
    if not content.note_reference:
        raise Refusal(
            Code.NOT_IN_WRITING,
            Words(
                "口头答复无效，请注明签字书面的编号", "a spoken answer does not count; name the signed note"
            ),
            where="content.note_reference",
            rule=rule.rule,
        )


def answer(order: Order, envelope: Envelope, content: DecisionContent) -> Asked | None:
    """Take one person's answer; the decision when it is settled by it, None while others must answer.

    The role may give it (`may_answer`). Raises Refusal: unknown_line, not_asked, stale_version, already_decided,
    same_person, and whatever is wrong with the detail.
    """
    subject = content.subject
    rule = SUBJECTS[subject]
    line = line_of(order, content)
    asked = order.asked.get(key_of(subject, line))
    if asked is None and rule.voluntary:
        check_duties(order, subject, envelope.by)  # who may not answer does not have it asked either
        asked = ask(order, subject, {"sequence": order.sequence}, line)
    if asked is None:
        raise Refusal(
            Code.NOT_ASKED,
            Words("现在没有请求这项决定", "this decision is not asked for now"),
            where="content.subject",
            rule=rule.rule,
        )
    if content.version is not None and content.version != asked.version:
        words = Words(
            "第{given}版已失效，现在是第{now}版",
            "version {given} is no longer asked about; version {now} is",
        ).filled(given=content.version, now=asked.version)
        changes = _asked_otherwise(order, asked, content.version)
        raise stale(words, changes, where="content.version", rule=rule.rule)
    given = next((each for each in asked.answers if each.role is envelope.role), None)
    turn = rule.missing(order, asked)
    if asked.outcome is None and given is None and envelope.role not in turn:
        raise _not_their_turn(envelope, content, turn)
    if asked.outcome is not None or envelope.role not in turn:
        first = given if asked.outcome is None and given is not None else asked.answers[-1]
        raise Refusal(
            Code.ALREADY_DECIDED,
            Words("{by} 已作决定：{zh}", "{by} has already decided: {en}").filled(
                by=first.by, zh=first.outcome.zh, en=first.outcome.en
            ),
            where="content.subject",
            rule=rule.rule,
        )
    detail = read_content(rule.detail_for(content.outcome), content.detail, inside="content.detail")
    check_duties(order, subject, envelope.by)
    keep_apart(
        order,
        rule.rule,
        envelope.by,
        {given.by for given in asked.answers},
        Words("须由不同的人分别确认", "each answer comes from another person"),
    )
    asked.answers.append(
        Answered(
            by=envelope.by,
            role=envelope.role,
            outcome=content.outcome,
            at=envelope.happened_at,
            recorded_at=order.clock,
            note_reference=content.note_reference or "",
            detail=lasting(detail),
        )
    )
    if rule.agrees(content.outcome) and rule.waits_for_others(order, asked):
        return None
    asked.outcome, asked.decided_at = content.outcome, order.clock
    order.note(
        EntryKind.DECIDED,
        asked.key,
        at=envelope.happened_at,
        by=envelope.by,
        role=envelope.role,
        rule=rule.rule,
        outcome=content.outcome.value,
        version=asked.version,
        reference=content.note_reference,
        detail=asked.detail,
        **said_with(envelope),
    )
    return asked


def _not_their_turn(envelope: Envelope, content: DecisionContent, turn: tuple[Role, ...]) -> Refusal:
    zh, en = "、".join(role.zh for role in turn) or "-", ", ".join(role.en for role in turn) or "-"
    return Refusal(
        Code.WRONG_ROLE,
        Words(
            f"“{content.subject.zh}”现在由{zh}决定，不是{envelope.role.zh}",
            f"{content.subject.en} is decided by {en} now, not by {envelope.role.en}",
        ),
        where="role",
        rule=content.subject.rule,
    )


def _asked_otherwise(order: Order, asked: Asked, version: int) -> Iterator[ChangeWords]:
    """What is asked about now and was another, or not there, when that version was asked."""
    then = next((old for old in order.voided if old.key == asked.key and old.version == version), None)
    if then is None:
        return
    about = [name for name in {**then.about_words, **asked.about_words} if has_words(name)]
    yield from changes_in_words(
        FieldChange(field=name, before=then.about_words.get(name), after=asked.about_words.get(name))
        for name in about
        if then.about_words.get(name) != asked.about_words.get(name)
    )


def line_of(order: Order, content: DecisionContent) -> int | None:
    """The line that an answer is about; None where its subject is the whole order's. Raises Refusal(unknown_line)."""
    if not SUBJECTS[content.subject].per_line:
        return None
    if content.line is None and len(order.request.lines) == 1:
        return order.request.lines[0].line
    if content.line is None or order.line_numbered(content.line) is None:
        raise Refusal(
            Code.UNKNOWN_LINE,
            Words("请注明行号：{lines}", "name the line: {lines}").filled(
                lines=", ".join(str(line.line) for line in order.request.lines)
            ),
            where="content.line",
        )
    return content.line
