"""Who kept the limits and who did not, by how much and by which rule (R86): read from journals. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from models.dossier.journal import EntryKind, JournalEntry
from models.dossier.step_kinds import StepKind
from models.messages.decision_subjects import Subject
from models.values.vocabulary import Words


@dataclass(frozen=True, slots=True)
class TimedStep:
    """One step of an order from its opening to its end. `late` is how much longer than its limit it took."""

    order: str
    subject: str
    rule: str
    role: str
    since: datetime
    due: datetime
    closed: datetime | None
    late: timedelta

    @property
    def kept(self) -> bool:
        """Whether it was done within its limit."""
        return not self.late


@dataclass(slots=True)
class Record:
    """One person's steps in a period."""

    person: str
    kept: int = 0
    missed: int = 0
    late: timedelta = timedelta()
    rules: dict[str, int] = field(default_factory=dict)

    def count(self, step: TimedStep) -> None:
        """Add one of the person's steps."""
        if step.kept:
            self.kept += 1
            return
        self.missed += 1
        self.late += step.late
        self.rules[step.rule] = self.rules.get(step.rule, 0) + 1


def timed_steps(order: str, journal: Iterable[JournalEntry], until: datetime) -> list[TimedStep]:
    """Every step of a journal that was closed, or was due, before `until`."""
    opened: dict[str, JournalEntry] = {}
    found = []
    for entry in journal:
        if entry.kind is EntryKind.WAITING:
            opened[entry.subject] = entry
        elif entry.kind is EntryKind.DONE and entry.subject in opened:
            found.append(_step(order, opened.pop(entry.subject), entry.happened_at, until))
        elif entry.kind is EntryKind.ENDED:
            found += [_step(order, each, entry.happened_at, until) for each in opened.values()]
            opened.clear()
    found += [_step(order, each, None, until) for each in opened.values()]
    return [step for step in found if step is not None]


def _step(order: str, opened: JournalEntry, closed: datetime | None, until: datetime) -> TimedStep | None:
    due = datetime.fromisoformat(opened.data["due"])
    if closed is not None and closed >= until:
        closed = None
    if closed is None and due >= until:
        return None
    roles = opened.data.get("roles") or ["system"]
    late = (closed or until) - due
    return TimedStep(
        order=order,
        subject=opened.subject,
        rule=opened.rule,
        role=roles[0],
        since=opened.happened_at,
        due=due,
        closed=closed,
        late=max(late, timedelta()),
    )


def records(steps: Iterable[TimedStep], person_of: Callable[[TimedStep], str]) -> list[Record]:
    """What each person kept and missed, who missed most first."""
    found: dict[str, Record] = {}
    for step in steps:
        person = person_of(step)
        found.setdefault(person, Record(person)).count(step)
    return sorted(found.values(), key=lambda each: (-each.late, -each.missed, each.person))


def best_first(found: Iterable[Record]) -> list[Record]:
    """Who kept limits, the largest share of them first; of the same share who kept more (R86, D9.4.2: praise)."""
    return sorted(
        (each for each in found if each.kept),
        key=lambda each: (-Fraction(each.kept, each.kept + each.missed), -each.kept, each.late, each.person),
    )


_NAMED_OTHERWISE = {
    "enter": StepKind.ENTER_WAREHOUSE,
    "recheck": StepKind.RECHECK_PROMISE,
    "collect": StepKind.COLLECT_GOODS,
    "follow": StepKind.FOLLOW_SHIPMENT,
    "missing": StepKind.MISSING_GOODS,
    "payment_terms": StepKind.DETAILS,
}
"""Steps whose key begins with another word than their kind; open orders hold these keys, so they stay."""


_SHORT = {
    StepKind.SEND_SHEET: Words("制作并发出确认书", "make and send the confirmation sheet"),
    StepKind.SHEET_BACK: Words("客户签回确认书", "signed sheet to come back"),
    StepKind.VERIFY_SIGNATURE: Words("核对回传件的签字", "look at the signature on the scanned sheet"),
    StepKind.SHEET_OWED: Words("A类客户后补确认书", "class A customer owes the signed sheet"),
    StepKind.DEPOSIT: Words("定金到账", "deposit to arrive"),
    StepKind.PREPAYMENT: Words("全款到账", "full payment to arrive"),
    StepKind.ONLINE_PAYMENT: Words("客户在线支付", "the customer to pay online"),
    StepKind.REFUND_UNDER_WAY: Words("原路退款", "refund on its way back"),
    StepKind.GIVE_SERVICE: Words("提供服务并报进度", "give the service and report on it"),
    StepKind.HAND_OVER: Words("生产指令单签收", "production signs for the instruction"),
    StepKind.PRODUCE: Words("生产", "produce the goods"),
    StepKind.INSPECT: Words("检验", "inspect the goods"),
    StepKind.ENTER_WAREHOUSE: Words("合格品入库", "enter good pieces into the warehouse"),
    StepKind.CLEAR_CASH: Words("业务员现金清帐", "salesperson clears the cash"),
    StepKind.BALANCE: Words("余款到账", "balance to arrive"),
    StepKind.MISSING_GOODS: Words("查找未召回的货物", "goods missing from a recall to be found"),
    StepKind.REMITTANCE: Words("物流代收款到账", "money collected by the carrier to arrive"),
    StepKind.ACCOUNT_BALANCE: Words("按合同收款", "payment by contract to arrive"),
    StepKind.TOLD_TWICE: Words("重复凭证的处理", "what becomes of a reference that was told twice"),
    StepKind.MONEY_MOVES: Words("款项待从原订单转来", "money to come from the order that has it"),
    StepKind.CONFIRM_PAYMENT: Words("财务核实款项", "finance confirms the payment as real"),
    StepKind.CONFIRM_INSPECTION: Words("客服确认参加了联合检验", "the clerk confirms the joint inspection"),
    StepKind.CONFIRM_HAND_OVER: Words("客服确认交接生产指令单", "the clerk confirms the hand-over"),
}
"""Steps whose words make no sense without their particulars, by what they are called without them."""


def name_of(subject: str) -> Words:
    """What a step with this key is called, without its particulars."""
    kind, _, rest = subject.partition(":")
    if kind == StepKind.DECISION.value:
        asked = next((each for each in Subject if each.value == rest.partition(":")[0]), None)
        return (
            Words(f"待决定：{asked.zh}", f"to be decided: {asked.en}") if asked else Words(subject, subject)
        )
    step = _NAMED_OTHERWISE.get(kind) or next((each for each in StepKind if each.value == kind), None)
    if step in _SHORT:
        return _SHORT[step]
    return (
        Words(*(_before_the_particulars(text) for text in (step.zh, step.en)))
        if step
        else Words(subject, subject)
    )


def _before_the_particulars(text: str) -> str:
    return re.sub(r"[ :：第¥]+$", "", text.partition("{")[0])


@dataclass(frozen=True, slots=True)
class Exceptional:
    """An exception of an order, or a liability that was put on record; `answerable` are ids of staff, or `company`."""

    happened_at: datetime
    what: Words
    by: str
    answerable: tuple[str, ...]
    rule: str


_PRODUCTION, _REPORTED = "production_exception", "exception_reported"
_EXCEPTION_STEP = "exception:"
_LIABLE = Words("责任记录", "liability")


def exceptional(
    journal: Iterable[JournalEntry], called: Callable[[str], Words], person_of: Callable[[str], str]
) -> list[Exceptional]:
    """Every exception of a journal once, and every liability (R42, R47, R61, R76), in the order in which they happened.

    `called` names a fact or a step by its kind or key, `person_of` the one who has a role for this order. An exception
    that the order itself found stands in the journal as the step that somebody must take.
    """
    entries = list(journal)
    owners = {
        entry.subject.removeprefix(_EXCEPTION_STEP): tuple(person_of(role) for role in entry.data["roles"])
        for entry in entries
        if entry.kind is EntryKind.WAITING and entry.subject.startswith(_EXCEPTION_STEP)
    }
    found: dict[str, Exceptional] = {}
    for entry in entries:
        key, one = _exceptional(entry, called, owners)
        if one is not None:
            found.setdefault(key, one)
        elif entry.kind is EntryKind.VOIDED:
            found.pop(f"{_LIABLE.en} {entry.subject}", None)
    return list(found.values())


def _exceptional(
    entry: JournalEntry, called: Callable[[str], Words], owners: Mapping[str, tuple[str, ...]]
) -> tuple[str, Exceptional | None]:
    """What the entry says of an exception or a liability, and under which key; the same key is the same one."""
    said, happened = entry.data.get("content", {}), entry.happened_at
    if entry.kind is EntryKind.FACT and entry.subject in (_PRODUCTION, _REPORTED):
        words = _with(called(entry.subject), said.get("reason") or said.get("words", ""))
        owner = (said["owner"],) if "owner" in said else ()
        rule = "R42" if entry.subject == _PRODUCTION else "R47"
        return said["exception"], Exceptional(happened, words, entry.by, owner, rule)
    if entry.kind is EntryKind.LIABILITY:
        liable, amount = entry.data["liable"], entry.data.get("amount") or entry.data.get("open_balance")
        people = tuple(liable.values()) if isinstance(liable, dict) else (liable,)
        words = _with(_LIABLE, f"{entry.subject} ¥{amount}" if amount else entry.subject)
        if not amount and entry.data.get("zh"):
            words = Words(f"{_LIABLE.zh}：{entry.data['zh']}", f"{_LIABLE.en}: {entry.data['en']}")
            return f"{_LIABLE.en} {entry.subject}", Exceptional(happened, words, entry.by, people, entry.rule)
        return f"{_LIABLE.en} {entry.sequence}", Exceptional(happened, words, entry.by, people, entry.rule)
    key = entry.subject.removeprefix(_EXCEPTION_STEP)
    is_step = entry.kind is EntryKind.WAITING and key != entry.subject
    if entry.kind is EntryKind.EXCEPTION or is_step:
        by = "" if is_step else entry.by
        words = called(_EXCEPTION_STEP + key)
        return key, Exceptional(happened, words, by, owners.get(key, ()), entry.rule)
    return "", None


def _with(words: Words, more: str) -> Words:
    return Words(f"{words.zh}：{more}", f"{words.en}: {more}") if more else words
