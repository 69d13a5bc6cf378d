"""The contract as it is printed: price, quality, delivery date, both signatures, and the hash that was signed (R107)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from activities.documents.typesetting import Typesetter
from models.dossier.papers_due import Paper
from models.values.vocabulary import Language, Role
from tests.activities.test_press import TEMPLATES
from tests.models.contract_life import ContractLife, terms
from tests.papers.reading import read_paper

EXPECTED = {
    Language.ZH: """
        合同号 | H20270301-0001-1 | 版本 | 第 1 版
        买方 | 红枫包装
        订单号 | 20270301-0001 | 报价号 | Q20270215-0001
        有效至 | 2027-09-11
        1 | TP-80 | 80mm×80m 55g | 10,000 卷 | ±5% | 4.0115 | 40,115.00
        含税合计 ¥40,115.00（人民币 肆万零壹佰壹拾伍元整）
        GB/T 28210-2011 一等品
        货物于 2027-03-15 完工。
        定金加余款，定金 30%。
        质量异议须在三十日内提出
        王芳、刘强
    """,
    Language.EN: """
        contract | H20270301-0001-1 | version | 1
        buyer | 红枫包装
        The goods are finished on 2027-03-15.
        total with tax ¥40,115.00
    """,
}


def printed(life: ContractLife, paper: Paper) -> dict[str, Any]:
    content = [each.content for each in life.contract.unsent if each.paper is paper][-1]
    assert content is not None
    return content


def squeezed(text: str) -> str:
    return re.sub(r"[\s|]", "", text)


def page_of(paper: Paper, content: dict[str, Any], language: Language = Language.ZH) -> str:
    return squeezed("".join(read_paper(Typesetter(TEMPLATES, language).set(paper, content))))


@pytest.mark.parametrize("language", list(Language))
def test_what_was_agreed_stands_on_it(language: Language) -> None:
    life = ContractLife(quote="Q20270215-0001", words="质量异议须在三十日内提出").approved()
    given = printed(life, Paper.CONTRACT)
    page = page_of(Paper.CONTRACT, given, language)
    for line in EXPECTED[language].strip().splitlines():
        assert squeezed(line) in page, line
    assert given["content_hash"][:12] in page
    assert not re.search(r"R\d{2,3}", page), "a rule by its number"


def test_the_copy_has_both_signatures() -> None:
    """R107: who signed, when, where, and since when it is in force."""
    life = ContractLife().approved().arranged()
    life.sign(Role.MARKETING_DIRECTOR, document="HT-COPY-1")
    life.later(hours=1).sign(Role.CUSTOMER)
    page = page_of(Paper.CONTRACT_IN_FORCE, printed(life, Paper.CONTRACT_IN_FORCE))
    for text in ("marketing_director-1", "王芳", "HT-COPY-1", "我司会议室", "自2027-03-0110:00生效"):
        assert squeezed(text) in page, text


def test_a_supplement_says_that_it_is_one() -> None:
    """R107: and why."""
    life = (
        ContractLife()
        .in_force()
        .tell("drafted", Role.SALESPERSON, terms=terms(unit_price="3.95"), reason="降价")
    )
    page = page_of(Paper.CONTRACT, printed(life.approved(), Paper.CONTRACT))
    for text in ("购销合同补充协议", "变更原因：降价", "39,500.00"):
        assert text in page
