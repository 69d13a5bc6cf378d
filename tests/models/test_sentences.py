"""The journal as sentences: every kind of entry, fact and decision has one, and none shows what only programs read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from models.dossier.journal import FIRST_LINK, EntryKind, JournalEntry
from models.facts.fact_kinds import FACT_KINDS
from models.forms.sentences.fact_sentences import fact_sentence, fields_of
from models.forms.sentences.journal_sentences import ENTRY_SENTENCES, sentence_of
from models.forms.sentences.sentence_table import ANSWERS, DECISION_SENTENCES, FACT_SENTENCES
from models.messages.decision_subjects import Subject
from models.values.vocabulary import Role
from tests.models.life import Life
from tests.replay.corpus import load, manifest

MOMENT = datetime(2027, 1, 5, 1, tzinfo=UTC)
INTERNAL = re.compile(r"\w=|\b(content|detail|changes)\.\w|\b[a-z]+_[a-z_]+\b|\b\d+\.\d\d0\b|\{|\}")
"""`key=value`, paths of fields, values of codes, quantities with empty decimals, placeholders."""

TYPED = re.compile(r"(书面|凭证|编号|单据|异常|现金凭证|内容) [^，]+|：[^，]+")
"""What people typed themselves, and numbers that they gave."""


def entry(kind: EntryKind, subject: str, **data: Any) -> JournalEntry:
    return JournalEntry.linked(1, FIRST_LINK, kind, subject, MOMENT, MOMENT, "li", Role.SALESPERSON, "", data)


def test_every_fact_decision_and_kind_of_entry_has_its_row() -> None:
    assert FACT_SENTENCES.keys() == FACT_KINDS.keys()
    assert DECISION_SENTENCES.keys() == set(Subject)
    assert ENTRY_SENTENCES.keys() == set(EntryKind)


@pytest.mark.parametrize("kind", list(FACT_KINDS))
def test_a_sentence_names_fields_that_there_are_in_both_languages(kind: str) -> None:
    for part in FACT_SENTENCES[kind]:
        named = fields_of(part)
        assert named <= set(FACT_KINDS[kind].content.model_fields)
        assert named == set(re.findall(r"{(\w+)}", part.en))


@pytest.mark.parametrize("kind", list(FACT_KINDS))
def test_what_nobody_filled_in_is_still_a_sentence(kind: str) -> None:
    said = fact_sentence(kind, {})
    assert said.zh
    assert said.en
    assert "{" not in said.zh + said.en


def test_each_yes_and_no_has_its_words() -> None:
    answers = {
        name
        for kind in FACT_KINDS.values()
        for name, field in kind.content.model_fields.items()
        if field.annotation is bool
    }
    assert answers <= ANSWERS.keys()


@pytest.mark.parametrize(
    ("kind", "content", "zh"),
    [
        ("payment_received", {"amount": "6720.00", "purpose": "balance", "method": "bank", "reference": "TX-7"},
         "收到款项 ¥6,720.00，余款，银行转账，凭证 TX-7"),
        ("production_reported", {"line": 1, "lot": "1", "made": "1000.000", "finished": True},
         "生产日报，第1行，批次 1，完成 1,000，已完工"),
        ("production_signed", {"version": 2, "clerk": "clerk-chen"}, "生产签收了指令单第2版，由 陈静 交接"),
        ("sheet_received", {"version": 1, "legible": False}, "客户收到了确认书第1版，字迹不清"),
        ("extension_given", {"step": "written_order", "due": "2026-12-02T16:00:00Z", "reason": "出差"},
         "“补交手工订单”的时限延长至 12-02 止，原因：出差"),
        ("delivery_receipt", {"signed_by": "王芳", "items": [{"line": 1, "quantity": "980.000"}, {"line": 2, "quantity": "5"}]},
         "王芳 签收，实收 第1行 980；第2行 5"),
        ("amendment_requested", {"reason": "加量", "changes": {"packing": "木箱", "lines": [{"line": 1, "quantity": "1200.000"}]}},
         "要求变更订单：包装 木箱、第1行 1,200，原因：加量"),
        ("payment_received", {"amount": "not money"}, "收到款项 not money"),
        ("nobody_knows", {"words": "x"}, "nobody_knows，内容 x"),
    ],
)  # fmt: skip
def test_what_was_said_reads_as_a_sentence(kind: str, content: dict[str, object], zh: str) -> None:
    assert fact_sentence(kind, content, {"clerk-chen": "陈静"}).zh == zh


def test_an_entry_names_people_days_and_quantities() -> None:
    names = {"li": "李明", "manager-wu": "吴刚"}
    told = [
        (entry(EntryKind.PROMISE, "promise:1", cause="customer", before="2026-12-05", after="2026-12-06"),
            "预交日由 12-05 周六 改为 12-06 周日（客户未回传）"),
        (entry(EntryKind.RELEASED, "release:1", goods="1:95.000, 2:1000.000", balance="6720.00"),
            "货物放行 1，第1行 95、第2行 1,000，未付 ¥6,720.00"),
        (entry(EntryKind.ESCALATED, "deposit", told=["manager-wu"]), "已告知上级 吴刚：“定金到账”仍未办"),
        (entry(EntryKind.DEAD, "shipment:1", freight="li"), "发货批次 1成为死单，召回，运费由李明承担"),
        (entry(EntryKind.LIABILITY, "freight:1", liable="company", amount="120.00"), "责任人：公司（运费，发货批次 1），金额 ¥120.00"),
        (entry(EntryKind.OVERDUE, "deposit", due="2026-12-02T16:00:00+00:00"), "已超期：定金到账（期限 12-02 止）"),
        (entry(EntryKind.INTENTION, "guarantee:1", zh="业务员 li 担保发货", en="li guarantees"), "应发：业务员 李明 担保发货"),
        (entry(EntryKind.DECIDED, "production_date:2", outcome="dated", reference="N-1",
              detail={"production_date": "2026-12-01", "quantity": "1000.000", "finished_date": "2026-12-04"}),
            "排定生产交期：已定交期，第2行，生产日期 12-01 周二，数量 1,000，成品日期 12-04 周五，书面 N-1"),
    ]  # fmt: skip
    for each, zh in told:
        assert sentence_of(each, names).zh == zh


@pytest.mark.parametrize(
    ("kind", "subject", "zh", "en"),
    [
        (EntryKind.VOIDED, "release:1", "“放行 1”不再算数", "“release 1” counts no longer"),
        (EntryKind.LIABILITY, "shipment-1-without-right", "责任人：李明", "liable: 李明"),
    ],
)
def test_why_stands_in_brackets_where_the_entry_says_it(
    kind: EntryKind, subject: str, zh: str, en: str
) -> None:
    """R61: a release that was taken back, goods that left without one; an entry without a reason has no brackets."""
    names, who = {"li": "李明"}, {"liable": "li"}
    said = sentence_of(entry(kind, subject, **who, zh="客户信用扣单", en="held for credit"), names)
    assert (said.zh, said.en) == (f"{zh}（客户信用扣单）", f"{en} (held for credit)")
    said = sentence_of(entry(kind, subject, **who), names)
    assert (said.zh, said.en) == (zh, en)


def test_no_life_that_was_recorded_shows_what_only_programs_read() -> None:
    """Words that were recorded by earlier programs stand as they were recorded, and are left out here."""
    worded = {
        EntryKind.REFUSED,
        EntryKind.INTENTION,
        EntryKind.EXCEPTION,
        EntryKind.LIABILITY,
        EntryKind.VOIDED,
    }
    told = {
        sentence_of(each).zh
        for name in manifest()
        for each in load(name).journal
        if each.kind not in worded and not (each.kind is EntryKind.FACT and each.subject == "decision")
    }
    assert len(told) > 300
    assert [each for each in sorted(told) if INTERNAL.search(TYPED.sub("", each))] == []


def test_the_whole_life_of_an_order_reads_without_codes() -> None:
    life = Life().arrived().later(days=16)
    for each in life.order.unsaved:
        said = sentence_of(each)
        assert said.zh
        assert said.en
        assert "=" not in said.zh
