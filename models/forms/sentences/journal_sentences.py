"""The journal as people read it: one sentence for each entry, by its kind, with names for the ids of staff."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from models.decisions.subjects import SUBJECTS
from models.documents.sheet_changes import changes_in_words
from models.dossier.journal import EntryKind, JournalEntry
from models.dossier.records.shared_books import SharedBook
from models.facts.known_facts import KNOWN_FACTS
from models.forms.sentences.fact_sentences import details_in_words, fact_sentence, joined
from models.forms.sentences.sentence_table import DECISION_SENTENCES
from models.invoices.terms import CreditNoteGround
from models.messages.decision_subjects import Outcome, Subject
from models.messages.goods_contents import Condition
from models.reports.responsibility import name_of
from models.request.request_versions import FieldChange
from models.values.errors import ChangeWords
from models.values.vocabulary import Ending, PhaseName, PromiseCause, Role, Term, Words
from models.writing.printed_figures import day_of_the_week, deadline, quantity
from models.writing.punctuation import full_width

Names = Mapping[str, str]
"""Id -> name of people of the staff."""
Teller = Callable[[JournalEntry, Names], Words]

_OF_PARTS = {
    "order": Words("订单", "the order"),
    "shipment": Words("发货批次 ", "shipment "),
    "release": Words("放行 ", "release "),
    "freight": Words("运费，发货批次 ", "the freight of shipment "),
    "shipping_notice": Words("发货通知单，放行 ", "the shipping notice of release "),
    "collection": Words("代收货款，发货批次 ", "what is collected for shipment "),
    "ending": Words("将有的了结", "the end that was to come"),
}

_WORDED = frozenset({EntryKind.INTENTION, EntryKind.EXCEPTION, EntryKind.LIABILITY, EntryKind.REFUSED})
"""Entries that hold words of their own, in which ids of staff may stand."""
_ID = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]+")


def sentence_of(entry: JournalEntry, names: Names | None = None) -> Words:
    """One entry as a sentence; staff who have a name stand by it."""
    told = ENTRY_SENTENCES[entry.kind](entry, names or {})
    if entry.kind not in _WORDED:
        return told
    told = _with_names(told, names) if names else told
    return Words(full_width(told.zh), told.en)


def _with_names(words: Words, names: Names) -> Words:
    """Words that were recorded with ids, with the names for them; an id is not found within a word."""
    return Words(
        *(_ID.sub(lambda found: names.get(found[0], found[0]), text) for text in (words.zh, words.en))
    )


# --- by kind -----------------------------------------------------------------------------------------------------


def _placed(entry: JournalEntry, names: Names) -> Words:
    return Words("订单已受理", "the order was taken in")


def _fact(entry: JournalEntry, names: Names) -> Words:
    said = fact_sentence(entry.subject, _content(entry), names)
    return _in_stead(entry, said, names)


def _in_stead(entry: JournalEntry, said: Words, names: Names) -> Words:
    """With the absent colleague for whom it was said (R133)."""
    whose = str(entry.data.get("in_stead_of", ""))
    if not whose:
        return said
    name = names.get(whose, whose) if names else whose
    return Words(f"{said.zh}（代 {name}）", f"{said.en} (for {name})")


def _early(entry: JournalEntry, names: Names) -> Words:
    said = fact_sentence(entry.subject, _content(entry), names)
    return Words(f"{said.zh}（提前到达，待用）", f"{said.en} (came early and is kept)")


def _refused(entry: JournalEntry, names: Names) -> Words:
    known = KNOWN_FACTS.get(entry.subject)
    what = known.words if known is not None else Words("读不懂的消息", "a message that cannot be read")
    return Words(
        f"未采纳“{what.zh}”：{entry.data.get('zh', '')}",
        f"“{what.en}” was refused: {entry.data.get('en', '')}",
    )


def _decided(entry: JournalEntry, names: Names) -> Words:
    subject, _, line = entry.subject.partition(":")
    outcome = _label(Outcome, entry.data.get("outcome"))
    known = next((each for each in Subject if each.value == subject), None)
    words = DECISION_SENTENCES[known] if known is not None else Words(f"{subject}：{{outcome}}", "{outcome}")
    parts = [words.filled(outcome=outcome)]
    if line:
        parts.append(Words(f"第{line}行", f"line {line}"))
    parts.append(details_in_words(_detail(known, entry.data), names))
    if note := entry.data.get("reference"):
        parts.append(Words(f"书面 {note}", f"note {note}"))
    return _in_stead(entry, joined(parts), names)


def _detail(subject: Subject | None, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was said beside the outcome, as it is meant; as it was written where it no longer fits."""
    detail: dict[str, Any] = data.get("detail") or {}
    outcome = next((each for each in Outcome if each.value == data.get("outcome")), None)
    if subject is None or outcome is None:
        return detail
    try:
        read = SUBJECTS[subject].detail_for(outcome).model_validate(detail)
    except ValidationError:
        return detail
    return {name: getattr(read, name, value) for name, value in detail.items()}


def _asked(entry: JournalEntry, names: Names) -> Words:
    about = _about(entry.subject)
    return Words(f"请求决定：{about.zh}", f"a decision is asked for: {about.en}")


def _voided(entry: JournalEntry, names: Names) -> Words:
    about, why = _about(entry.subject), _reason(entry)
    if entry.subject.startswith("sheet:"):
        # an order without its sheet is where it is made again; no entry of its own says so
        return Words(f"{about.zh}失效，回到审核", f"{about.en} void, back in verification")
    return Words(f"“{about.zh}”不再算数{why.zh}", f"“{about.en}” counts no longer{why.en}")


def _phase(entry: JournalEntry, names: Names) -> Words:
    phase = _label(PhaseName, entry.subject)
    return Words(f"进入“{phase.zh}”阶段", f"the order is now in: {phase.en}")


def of_a_step(entry: JournalEntry, step: Words, names: Names) -> Words | None:
    """What an entry tells of the step that is called so; None where it is about none."""
    told = _OF_STEPS.get(entry.kind)
    return told(entry, step, names) if told is not None else None


def _step(entry: JournalEntry, names: Names) -> Words:
    return _OF_STEPS[entry.kind](entry, name_of(entry.subject), names)


def _waiting(entry: JournalEntry, step: Words, names: Names) -> Words:
    return Words("开始等待：{step}", "waiting began: {step}").filled(step=step)


def _done(entry: JournalEntry, step: Words, names: Names) -> Words:
    return Words("已办：{step}", "done: {step}").filled(step=step)


def _overdue(entry: JournalEntry, step: Words, names: Names) -> Words:
    due = _deadline(entry.data.get("due"))
    until = Words(f"（期限 {due.zh}）", f" (it was due {due.en})") if due.zh else due
    return Words(f"已超期：{step.zh}{until.zh}", f"overdue: {step.en}{until.en}")


def _escalated(entry: JournalEntry, step: Words, names: Names) -> Words:
    told = entry.data.get("told") or []
    people = "、".join(names.get(person, person) for person in told)
    whom = (
        Words(f"已告知上级 {people}", f"told to {people}") if people else Words("已上报", "told further up")
    )
    return Words(f"{whom.zh}：“{step.zh}”仍未办", f"{whom.en}: “{step.en}” is still open")


_OF_STEPS: dict[EntryKind, Callable[[JournalEntry, Words, Names], Words]] = {
    EntryKind.WAITING: _waiting,
    EntryKind.DONE: _done,
    EntryKind.OVERDUE: _overdue,
    EntryKind.ESCALATED: _escalated,
}
"""Entries about a step: what is told of it, whatever it is called."""


def _released(entry: JournalEntry, names: Names) -> Words:
    part, goods = _about(entry.subject), _goods(entry.data.get("goods", ""))
    balance = entry.data.get("balance", "0.00")
    open_now = Words(f"未付 ¥{_money(balance)}", f"with CNY {_money(balance)} open")
    return joined([Words(f"货物{part.zh}", f"{part.en} granted"), goods, open_now])


def _promise(entry: JournalEntry, names: Names) -> Words:
    before, after = _day(entry.data.get("before")), _day(entry.data.get("after"))
    cause = _label(PromiseCause, entry.data.get("cause"))
    if not before.zh:
        return Words(f"预交日定为 {after.zh}", f"promised for {after.en}")
    return Words(
        f"预交日由 {before.zh} 改为 {after.zh}（{cause.zh}）",
        f"the promise moved from {before.en} to {after.en} ({cause.en})",
    )


def _intention(entry: JournalEntry, names: Names) -> Words:
    return Words(f"应发：{entry.data.get('zh', '')}", f"to be sent: {entry.data.get('en', '')}")


def _exception(entry: JournalEntry, names: Names) -> Words:
    data = entry.data
    both = str(data.get("words", "")).partition(" · ")
    zh, en = data.get("zh") or both[0], data.get("en") or both[2] or both[0]
    told = [Words(zh, en)] if zh else []
    if "condition" in data:
        told.append(_label(Condition, data["condition"]))
    if "goods" in data:
        told.append(_goods(data["goods"]))
    if "expected" in data:
        expected, wanted = _day(data["expected"]), _day(data.get("wanted"))
        told.append(
            Words(
                f"预计 {expected.zh} 到货，晚于要货日期 {wanted.zh}",
                f"expected on {expected.en}, wanted by {wanted.en}",
            )
        )
    if "owner" in data:
        owner = _person(str(data["owner"]), names)
        told.append(Words(f"由{owner.zh}处理", f"for {owner.en} to resolve"))
    said = joined(told or [Words(entry.subject, entry.subject)])
    return Words(f"出现异常：{said.zh}", f"trouble: {said.en}")


def _liability(entry: JournalEntry, names: Names) -> Words:
    liable = entry.data.get("liable", "")
    people = list(liable.values()) if isinstance(liable, dict) else [liable]
    listed = Words.listed(_person(str(each), names) for each in people)
    amount = entry.data.get("amount") or entry.data.get("open_balance")
    money = Words(f"，金额 ¥{_money(amount)}", f", CNY {_money(amount)}") if amount else Words("", "")
    why, part = _reason(entry), _about_if_known(entry.subject)
    about = Words(f"（{part.zh}）", f" for {part.en}") if part is not None else Words("", "")
    return Words(
        f"责任人：{listed.zh}{about.zh}{money.zh}{why.zh}", f"liable: {listed.en}{about.en}{money.en}{why.en}"
    )


def _hanging(entry: JournalEntry, names: Names) -> Words:
    days = entry.data.get("days", "")
    return Words(f"订单成为悬单，已 {days} 天无进展", f"the order hangs: nothing for {days} days")


def _dead(entry: JournalEntry, names: Names) -> Words:
    part, payer = _about(entry.subject), entry.data.get("freight")
    if not payer:
        return Words("订单成为死单", "the order is dead")
    person = _person(str(payer), names)
    return Words(
        f"{part.zh}成为死单，召回，运费由{person.zh}承担",
        f"{part.en} is dead and recalled, freight carried by {person.en}",
    )


def _held(entry: JournalEntry, names: Names) -> Words:
    return Words("订单已暂停", "the order is on hold")


def _ended(entry: JournalEntry, names: Names) -> Words:
    ending = _label(Ending, entry.subject)
    return Words(f"订单终结：{ending.zh}", f"the order ended: {ending.en}")


def _refreshed(entry: JournalEntry, names: Names) -> Words:
    changes = changes_in_words(FieldChange.model_validate(each) for each in entry.data.get("changes", []))
    return Words(
        f"客户档案有更新：{_changed(changes, 'zh')}",
        f"the customer's file changed: {_changed(changes, 'en')}",
    )


def _repaired(entry: JournalEntry, names: Names) -> Words:
    return Words("数据库与订单不一致，已修复", "database and order differed and were put right")


def _brought_back(entry: JournalEntry, names: Names) -> Words:
    return Words("丢失的订单已恢复", "the lost order was brought back")


def _reassigned(entry: JournalEntry, names: Names) -> Words:
    role = _label(Role, entry.subject)
    before, after = (_person(str(entry.data.get(name, "")), names) for name in ("before", "after"))
    return Words(
        f"{role.zh}由 {before.zh or '无'} 改为 {after.zh}",
        f"{role.en}: {after.en}, no longer {before.en or 'nobody'}",
    )


_COMPLETED_BY = {
    "confirmed": Words("客户确认收货", "the customer confirmed the receipt"),
    "signed": Words("客户已签收", "the customer signed for the goods"),
    "accepted": Words("客户已验收", "the customer accepted the service"),
    "silence": Words("期满未提出异议", "nothing was heard in time"),
}


def _completed(entry: JournalEntry, names: Names) -> Words:
    how = _COMPLETED_BY.get(str(entry.data.get("how", "")), Words("", ""))
    return Words(f"订单完成：{how.zh}", f"the order is completed: {how.en}")


def _expired(entry: JournalEntry, names: Names) -> Words:
    version = str(entry.data.get("version", ""))
    return Words(f"报价第{version}版已过期", f"offer version {version} has expired")


def _book_asked(entry: JournalEntry, names: Names) -> Words:
    book = _label(SharedBook, str(entry.data.get("book", "")))
    return Words(f"向{book.zh}查询", f"the book of {book.en} was asked")


def _credit_note(entry: JournalEntry, names: Names) -> Words:
    ground = _label(CreditNoteGround, str(entry.data.get("ground", "")))
    amount, after = entry.data.get("amount", ""), entry.data.get("bill_after", "")
    return Words(
        f"贷项通知单 {entry.subject}：账单减少 ¥{amount}，现为 ¥{after}（{ground.zh}）",
        f"credit note {entry.subject}: CNY {amount} less are billed, CNY {after} now ({ground.en})",
    )


def _invoiced(entry: JournalEntry, names: Names) -> Words:
    amount, net, tax = (str(entry.data.get(name, "")) for name in ("amount", "net", "tax"))
    red = entry.data.get("reverses", "")
    return Words(
        f"{'红字发票' if red else '发票'} {entry.subject}：¥{amount} = 不含税 ¥{net} + 税额 ¥{tax}",
        f"{'red-letter invoice' if red else 'invoice'} {entry.subject}: CNY {amount} = net CNY {net} + tax CNY {tax}",
    )


def _went_back(entry: JournalEntry, names: Names) -> Words:
    amount, reference = entry.data.get("amount", ""), entry.data.get("reference", "")
    return Words(f"已退款 ¥{amount}（{reference}）", f"CNY {amount} were refunded ({reference})")


ENTRY_SENTENCES: dict[EntryKind, Teller] = {
    EntryKind.PLACED: _placed,
    EntryKind.FACT: _fact,
    EntryKind.EARLY: _early,
    EntryKind.REFUSED: _refused,
    EntryKind.DECIDED: _decided,
    EntryKind.ASKED: _asked,
    EntryKind.VOIDED: _voided,
    EntryKind.PHASE: _phase,
    **dict.fromkeys(_OF_STEPS, _step),
    EntryKind.RELEASED: _released,
    EntryKind.PROMISE: _promise,
    EntryKind.INTENTION: _intention,
    EntryKind.EXCEPTION: _exception,
    EntryKind.LIABILITY: _liability,
    EntryKind.HANGING: _hanging,
    EntryKind.DEAD: _dead,
    EntryKind.HELD: _held,
    EntryKind.ENDED: _ended,
    EntryKind.REFRESHED: _refreshed,
    EntryKind.REPAIRED: _repaired,
    EntryKind.BROUGHT_BACK: _brought_back,
    EntryKind.REASSIGNED: _reassigned,
    EntryKind.COMPLETED: _completed,
    EntryKind.EXPIRED: _expired,
    EntryKind.BOOK_ASKED: _book_asked,
    EntryKind.CREDIT_NOTE: _credit_note,
    EntryKind.INVOICED: _invoiced,
    EntryKind.REFUNDED: _went_back,
}
"""Kind of entry -> its sentence. Every kind has a row."""


# --- parts of sentences ------------------------------------------------------------------------------------------


def _content(entry: JournalEntry) -> Mapping[str, Any]:
    content = entry.data.get("content")
    return content if isinstance(content, Mapping) else {}


def _reason(entry: JournalEntry) -> Words:
    """Why, where the entry says it: a release taken back, goods that left as they should not."""
    zh, en = entry.data.get("zh", ""), entry.data.get("en", "")
    return Words(f"（{zh}）" if zh else "", f" ({en})" if en else "")


def _changed(changes: list[ChangeWords], language: str) -> str:
    sign = "；" if language == "zh" else "; "
    return sign.join(
        f"{each['field'][language]} {each['before'][language] or '-'} → {each['after'][language] or '-'}"
        for each in changes
    )


def _about(asked: str) -> Words:
    """What was asked for or is void: a subject of decision, a version of the sheet, a release or what hangs on it."""
    known = _about_if_known(asked)
    if known is not None:
        return known
    subject, _, line = asked.partition(":")
    words = _label(Subject, subject)
    return Words(f"第{line}行{words.zh}", f"{words.en}, line {line}") if line else words


def _about_if_known(asked: str) -> Words | None:
    subject, _, number = asked.partition(":")
    if subject == "sheet":
        return Words(f"确认书第{number}版", f"sheet version {number}")
    part = _OF_PARTS.get(subject)
    return Words(f"{part.zh}{number}", f"{part.en}{number}") if part is not None else None


def _goods(named: str) -> Words:
    """`1:500, 2:20` as lines and quantities."""
    pairs = [each.strip().partition(":") for each in named.split(",") if ":" in each]
    return Words(
        "、".join(f"第{line}行 {_count(count)}" for line, _, count in pairs) or named,
        ", ".join(f"line {line}: {_count(count)}" for line, _, count in pairs) or named,
    )


def _count(text: str) -> str:
    try:
        return quantity(Decimal(text))
    except InvalidOperation:
        return text


def _person(person: str, names: Names) -> Words:
    if person == "company":
        return Words("公司", "the company")
    name = names.get(person, person)
    return Words(name, name)


def _money(text: Any) -> str:
    whole, point, rest = str(text).partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.lstrip("-").isdecimal() else str(text)


def _day(text: Any) -> Words:
    return day_of_the_week(date.fromisoformat(text)) if text else Words("", "")


def _deadline(text: Any) -> Words:
    return deadline(datetime.fromisoformat(text)) if text else Words("", "")


def _label(terms: type[Term], value: object) -> Words:
    for term in terms:
        if term.value == value:
            return Words(term.zh, term.en)
    return Words(str(value), str(value))
