"""Taking an answer to what a case that is no order asked: the same for quotes and for after-sales cases (R106, R143).

What follows from the answer is the case's own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from models.decisions.subjects import SUBJECTS
from models.dossier.decision_record import Answered, Asked
from models.dossier.dossier import Dossier
from models.dossier.journal import EntryKind
from models.messages.decision_subjects import DecisionContent, Subject
from models.messages.envelope import Envelope, read_content, said_with
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Role, Words

TWO_ROLES = Words("须由不同的人分别确认", "each answer comes from another person")
_NOT_ASKED = Words("现在没有请求这项决定", "this decision is not asked for now")


def read_answer(content: DecisionContent, subjects: Collection[Subject]) -> Content:
    """The detail of an answer to one of these subjects.

    Raises Refusal: unknown_subject, unknown_outcome, not_in_writing, and what is wrong with the detail.
    """
    rule = SUBJECTS[content.subject]
    if content.subject not in subjects:
        words = Words("可决定的事项：{known}", "what is decided here: {known}")
        known = ", ".join(each.value for each in subjects)
        raise Refusal(Code.UNKNOWN_SUBJECT, words.filled(known=known), where="content.subject")
    if content.outcome not in rule.outcomes:
        words = Words("可选结果：{allowed}", "the outcomes are: {allowed}")
        raise Refusal(
            Code.UNKNOWN_OUTCOME,
            words.filled(allowed=", ".join(rule.outcomes)),
            where="content.outcome",
            rule=rule.rule,
        )
    if not content.note_reference:
        words = Words(
            "口头答复无效，请注明签字书面的编号", "a spoken answer does not count; name the signed note"
        )
        raise Refusal(Code.NOT_IN_WRITING, words, where="content.note_reference", rule=rule.rule)
    return read_content(rule.detail_for(content.outcome), content.detail, inside="content.detail")


def asked_of(dossier: Dossier, envelope: Envelope, content: DecisionContent, turn: Sequence[Role]) -> Asked:
    """What is answered, if it is `turn`'s to answer. Raises Refusal: not_asked, stale_version, already_decided, wrong_role."""
    rule, asked = SUBJECTS[content.subject].rule, dossier.decision(content.subject)
    if asked is None:
        raise Refusal(Code.NOT_ASKED, _NOT_ASKED, where="content.subject", rule=rule)
    if content.version is not None and content.version != asked.version:
        words = Words(
            "第{given}版已失效，现在是第{now}版", "version {given} is no longer asked about; version {now} is"
        )
        raise Refusal(
            Code.STALE_VERSION,
            words.filled(given=content.version, now=asked.version),
            where="content.version",
            rule=rule,
        )
    given = next((each for each in asked.answers if each.role is envelope.role), None)
    if asked.outcome is not None or given is not None:
        first = given or asked.answers[-1]
        words = Words("{by} 已作决定：{zh}", "{by} has already decided: {en}")
        raise Refusal(
            Code.ALREADY_DECIDED,
            words.filled(by=first.by, zh=first.outcome.zh, en=first.outcome.en),
            where="content.subject",
            rule=rule,
        )
    if envelope.role not in turn:
        raise Refusal(
            Code.WRONG_ROLE,
            Words(
                f"“{content.subject.zh}”现在由{'、'.join(role.zh for role in turn)}决定，不是{envelope.role.zh}",
                f"{content.subject.en} is decided by {', '.join(role.en for role in turn)} now, not by {envelope.role.en}",
            ),
            where="role",
            rule=rule,
        )
    return asked


def note_answer(
    dossier: Dossier, envelope: Envelope, content: DecisionContent, asked: Asked, detail: Content
) -> None:
    """Keep one answer with what was asked."""
    asked.answers.append(
        Answered(
            by=envelope.by,
            role=envelope.role,
            outcome=content.outcome,
            at=envelope.happened_at,
            recorded_at=dossier.clock,
            note_reference=content.note_reference or "",
            detail=lasting(detail),
        )
    )


def settle_answer(dossier: Dossier, envelope: Envelope, content: DecisionContent, asked: Asked) -> None:
    """The subject is settled by this answer."""
    asked.outcome, asked.decided_at = content.outcome, dossier.clock
    dossier.note(
        EntryKind.DECIDED,
        asked.key,
        at=envelope.happened_at,
        by=envelope.by,
        role=envelope.role,
        rule=asked.subject.rule,
        outcome=content.outcome.value,
        version=asked.version,
        reference=content.note_reference,
        detail=asked.detail,
        **said_with(envelope),
    )
