"""R51, R85: what a customer reads carries no rule, no number twice in a line, and no word of the house.

Every notice that the stories make for customers, and every paper that is printed for them, in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from activities.documents.press import OF_CUSTOMERS
from activities.documents.typesetting import Typesetter
from activities.notices.notice_texts import NoticeTexts
from models.documents.customer_texts import CAUSES, NOTICES, REMINDED, STATES, told_to_customer
from models.documents.paper_words import title_of
from models.dossier.papers_due import Intention, Paper
from models.dossier.step_kinds import StepKind
from models.order.kinds.kind import COURSE
from models.values.vocabulary import Ending, Headline, Language, PhaseName, PromiseCause, Role, Words
from rehearsal.files import read_company, read_story
from rehearsal.pure import play
from rehearsal.script import script_of
from tests.activities.test_press import TEMPLATES
from tests.papers.reading import read_paper
from tests.papers.unlike import content_of

STORIES = Path(__file__).resolve().parents[2] / "stories"
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
NUMBER = "20270101-0001"
TOLD = (
    "faulty-sheets", "more-than-released", "not-producible", "dead-with-money", "hanging-closed", "rest-cancelled",
    "ship-date-beyond-the-window", "late-and-damaged", "cancelled-before-production", "cancelled-after-production",
    "pick-up", "class-a-pays-first", "left-on-hold", "deposit-in-parts", "emergency-shipment", "slip-reported-late",
    "reminders-pause-for-a-cancellation", "production-exception", "lost-on-the-way", "two-lots-two-shipments",
    "promise-in-danger", "small-guaranteed-dies", "amendments-joined", "left-after-cancellation", "two-collections",
)  # fmt: skip
"""Stories that make every kind of notice to customers between them."""
LINK = "https://orders.example.com/c/x"
NEVER = {
    "a rule": r"\bR\d{2,3}\b",
    "a word of the house": "死单|悬单|超期|放行|跟单|物控|三方|待办|A类|B类|C类|客户未回传|客户已签收|客户提货|进入产品使用服务",
    "a word of the house in English": r"(?i)\bdead order|\bhanging\b|\boverdue\b|class [ABC]\b|\bstep\b|product-use service",
    "a name of the program": r"\b[a-z]+_[a-z_]+\b|\bcontent\.\w+|\bNone\b|\{\w*\}|\[object|\bsystem\b",
    "a moment as programs write it": r"\d{4}-\d\d-\d\dT\d\d",
    "an id of the staff": r"\b(sales|clerk|finance|director|boss|production|quality)-[a-z]+\b",
    "an amount without its thousands": r"(?<![\d.,-])\d{4,}\.\d\d\b",
}


def faults(text: str) -> list[str]:
    """What is wrong with a text for a customer."""
    found = [
        f"{what}: {hit[0]} in {text!r}" for what, sign in NEVER.items() if (hit := re.search(sign, text))
    ]
    return found + [f"the number twice: {line}" for line in text.splitlines() if line.count(NUMBER) > 1]


@cache
def told() -> dict[Paper, list[Intention]]:
    """The notices of the stories to customers, by kind."""
    company, found = read_company(STORIES), dict[Paper, list[Intention]]()
    for name in TOLD:
        played = play(script_of(read_story(STORIES / f"{name}.yaml"), company, NOW), NUMBER)
        for each in played.order.unsent if played.order is not None else []:
            if Role.CUSTOMER in each.to:
                found.setdefault(each.paper, []).append(each)
    return found


def written(paper: Paper, words: Words, content: object, language: Language) -> str:
    """The notice as the post office has it written for a customer, its subject first."""
    names = {"sales-li": "李", "clerk-ding": "丁"}  # the outbox puts names in place of ids
    said = told_to_customer(paper, words)
    for known, name in names.items():
        said = Words(said.zh.replace(known, name), said.en.replace(known, name))
    given = {
        "number": NUMBER, "words": said, "rule": "", "content": content or {}, "to": Role.CUSTOMER, "is_customer": True,
        "attachments": [], "link": LINK, "code": "123456",
    }  # fmt: skip
    text = NoticeTexts(TEMPLATES.parent / "notices", language).text_of(paper, given)
    return f"{text.subject}\n{text.text}"


@pytest.mark.parametrize("language", list(Language))
def test_notices_to_customers(language: Language) -> None:
    kinds = told()
    assert len(kinds) >= 19
    for paper, intentions in kinds.items():
        for each in intentions:
            text = written(paper, Words(each.zh, each.en), each.content, language)
            assert faults(text) == [], (paper, each.zh)
            assert LINK in text


@pytest.mark.parametrize("language", list(Language))
def test_what_the_door_and_the_jobs_tell_customers(language: Language) -> None:
    for paper in (Paper.LOG_IN_CODE, Paper.SIGNING_CODE):
        assert faults(written(paper, Words(paper.zh, paper.en), None, language)) == []
    answer = Words(Paper.ANSWER.zh, Paper.ANSWER.en).filled(answer="可以 {x} 100%")
    assert "可以 {x} 100%" in written(Paper.ANSWER, answer, None, language)


@cache
def _typesetter(language: Language) -> Typesetter:
    return Typesetter(TEMPLATES, language)


@pytest.mark.parametrize("language", list(Language))
def test_papers_to_customers(language: Language) -> None:
    for paper in (*OF_CUSTOMERS - {Paper.REMINDER}, Paper.RECALL):
        lines = read_paper(_typesetter(language).set(paper, content_of(paper), LINK))
        text = "\n".join(lines).replace("20270301-0001", NUMBER)
        # the foot, a bar's text and the reference of a payment say the number once more, each in a place of its own
        assert [each for each in faults(text) if "twice" not in each] == [], paper
        carries = "orders.example.com/c/x" in text.replace("\n", "").replace(" ", "")
        assert carries is (paper in OF_CUSTOMERS), paper


def _kept() -> Iterator[Words]:
    for table in (NOTICES, REMINDED, STATES, COURSE, CAUSES):
        yield from table.values()
    yield from (title_of(paper.value) for paper in (*OF_CUSTOMERS, Paper.RECALL))


def test_what_stands_on_the_page() -> None:
    for words in _kept():
        for text in (words.zh, words.en):
            assert faults(re.sub(r"\{\w+\}", "1", text)) == []
    assert set(STATES) == {*Headline, *Ending}
    assert set(COURSE) == set(PhaseName)
    assert set(CAUSES) == set(PromiseCause)


def test_values_go_into_the_customers_own_sentence() -> None:
    late = Words("超期:", "overdue: ")
    for kind, said in (
        (StepKind.DEPOSIT, "定金 ¥1,500.00 尚未收到"),
        (StepKind.SHEET_OWED, "请尽快补签确认书第 2 版"),
    ):
        step = Words(kind.zh, kind.en).filled(amount="1500.00", version=2)
        assert told_to_customer(Paper.OVERDUE, Words(late.zh + step.zh, late.en + step.en)).zh == said
    other = Words(f"{late.zh}待决定:数量差异", f"{late.en}to be decided: tolerance")
    assert told_to_customer(Paper.OVERDUE, other).zh == "有一件事在等您答复，请与业务员联系"
    moved = Words(Paper.NEW_PROMISE.zh, Paper.NEW_PROMISE.en).filled(
        before="2027-03-08", after="2027-03-09", cause=PromiseCause.CUSTOMER
    )
    assert told_to_customer(Paper.NEW_PROMISE, moved).zh.endswith("（确认书当天没有签回，顺延）")
    odd = Words("谁也没这样写过 {", "nobody wrote it so {")
    assert told_to_customer(Paper.RECALL, odd) == odd
