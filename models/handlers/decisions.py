"""Asking for decisions, answering them, voiding them, and keeping duties apart (DESIGN §2, §8)."""

from __future__ import annotations

from typing import Any

from models.dossier.decision_record import Answered, Asked, key_of
from models.dossier.journal import EntryKind
from models.messages.decision_subjects import SUBJECTS, DecisionContent, Subject
from models.messages.envelope import Envelope, digest_of, read_content
from models.order.order import Order
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

ANY_RULE = "R*"
"""An override of every separation of duties for one person."""


def ask(order: Order, subject: Subject, about: dict[str, Any], line: int | None = None) -> Asked:
    """The decision about exactly this. Another `about` than before voids the old answer and asks again."""
    key = key_of(subject, line)
    words = _plain(about)
    digest = digest_of(words)
    known = order.asked.get(key)
    if known is not None and known.about == digest:
        return known
    if known is not None:
        void(order, subject, line)
    version = 1 + max((old.version for old in order.voided if old.key == key), default=0)
    asked = Asked(
        subject=subject, line=line, version=version, about=digest, about_words=words, asked_at=order.clock
    )
    order.asked[key] = asked
    order.note(EntryKind.ASKED, key, rule=SUBJECTS[subject].rule, version=version, about=asked.about_words)
    return asked


def _plain(about: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in about.items()}


def void(order: Order, subject: Subject, line: int | None = None) -> None:
    """What was decided counts no longer, because what it was about is another now."""
    asked = order.asked.pop(key_of(subject, line), None)
    if asked is None:
        return
    asked.voided_at = order.clock
    order.voided.append(asked)
    order.note(EntryKind.VOIDED, asked.key, rule=SUBJECTS[subject].rule, version=asked.version)


def keep_apart(order: Order, rule: str, person: str, others: set[str], words: Words) -> None:
    """Refuse when one person would do both halves of a duty (DESIGN §8), unless that was set aside openly."""
    if person in others and not {(rule, person), (ANY_RULE, person)} & set(order.overrides):
        raise Refusal(Code.SAME_PERSON, words, where="by", rule=rule)


_SEPARATED = Words(
    "职责必须分离:{who}不能既{first}又{second}",
    "duties are kept apart: {who} may not both {first_en} and {second_en}",
)


def _apart(
    order: Order, rule: str, person: str, others: set[str], zh: tuple[str, str], en: tuple[str, str]
) -> None:
    keep_apart(
        order,
        rule,
        person,
        others,
        _SEPARATED.filled(who=person, first=zh[0], second=zh[1], first_en=en[0], second_en=en[1]),
    )


def check_duties(order: Order, subject: Subject, by: str) -> None:
    """The separations that concern a decision (DESIGN §8)."""
    rule = SUBJECTS[subject].rule
    entered = {order.request.entered_by}
    match subject:
        case Subject.PRICE:
            _apart(order, rule, by, entered, ("报价", "核价"), ("enter a price", "settle it"))
        case Subject.APPROVAL | Subject.CONTRACT:
            _apart(order, rule, by, entered, ("提交订单", "审批"), ("ask for approval", "approve"))
        case Subject.CANCELLATION if order.cancellation is not None:
            _apart(
                order,
                rule,
                by,
                {order.cancellation.by},
                ("申请取消", "批准取消"),
                ("ask to cancel", "approve it"),
            )
        case Subject.AMENDMENT if order.amendment is not None:
            _apart(
                order,
                rule,
                by,
                {order.amendment.by},
                ("申请变更", "批准变更"),
                ("ask for a change", "approve it"),
            )
        case Subject.FINANCE_RELEASE | Subject.BALANCE_RELEASE:
            takers = {payment.taken_by for payment in order.ledger.payments if not payment.cleared}
            cash = {payment.taken_by for payment in order.ledger.payments if payment.method.value == "cash"}
            _apart(
                order,
                rule,
                by,
                takers | cash,
                ("收取现金", "放行发货"),
                ("take cash", "release the shipment"),
            )
            small = order.decision(Subject.SMALL_ORDER)
            guarantors = {answer.by for answer in small.answers} if small else set()
            _apart(order, rule, by, guarantors, ("担保", "放行"), ("guarantee", "approve the release"))
        case _:
            pass


def may_answer(envelope: Envelope, content: DecisionContent) -> None:
    """Whether this role may say this at all. Raises Refusal: wrong_role, unknown_outcome, not_in_writing."""
    subject = content.subject
    rule = SUBJECTS[subject]
    if envelope.role not in rule.roles:
        allowed = rule.roles
        raise Refusal(
            Code.WRONG_ROLE,
            Words(
                f"“{subject.zh}”由{'、'.join(role.zh for role in allowed)}决定,不是{envelope.role.zh}",
                f"{subject.en} is decided by {', '.join(role.en for role in allowed)}, not by {envelope.role.en}",
            ),
            where="role",
            rule=rule.rule,
        )
    if content.outcome not in rule.outcomes:
        raise Refusal(
            Code.UNKNOWN_OUTCOME,
            Words("可选结果:{allowed}", "the outcomes are: {allowed}").filled(
                allowed=", ".join(rule.outcomes)
            ),
            where="content.outcome",
            rule=rule.rule,
        )
    if not content.note_reference:
        raise Refusal(
            Code.NOT_IN_WRITING,
            Words(
                "口头答复无效,请注明签字书面的编号", "a spoken answer does not count; name the signed note"
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
    line = _line_of(order, content)
    asked = order.asked.get(key_of(subject, line))
    if asked is None and rule.voluntary:
        asked = ask(order, subject, {"sequence": order.sequence}, line)
    if asked is None:
        raise Refusal(
            Code.NOT_ASKED,
            Words("现在没有请求这项决定", "this decision is not asked for now"),
            where="content.subject",
            rule=rule.rule,
        )
    if content.version is not None and content.version != asked.version:
        raise Refusal(
            Code.STALE_VERSION,
            Words(
                "第{given}版已失效,现在是第{now}版",
                "version {given} is no longer asked about; version {now} is",
            ).filled(given=content.version, now=asked.version),
            where="content.version",
            rule=rule.rule,
        )
    if asked.outcome is not None or envelope.role not in asked.missing_roles:
        first = (
            asked.answers[-1]
            if asked.outcome is not None
            else next(a for a in asked.answers if a.role is envelope.role)
        )
        raise Refusal(
            Code.ALREADY_DECIDED,
            Words("{by} 已作决定:{zh}", "{by} has already decided: {en}").filled(
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
            detail=detail.model_dump(mode="json"),
        )
    )
    if rule.everyone and rule.agrees(content.outcome) and len(asked.answers) < len(rule.roles):
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
    )
    return asked


def _line_of(order: Order, content: DecisionContent) -> int | None:
    if not SUBJECTS[content.subject].per_line:
        return None
    if content.line is None and len(order.request.lines) == 1:
        return order.request.lines[0].line
    if content.line is None or order.request.line_numbered(content.line) is None:
        raise Refusal(
            Code.UNKNOWN_LINE,
            Words("请注明行号:{lines}", "name the line: {lines}").filled(
                lines=", ".join(str(line.line) for line in order.request.lines)
            ),
            where="content.line",
        )
    return content.line
