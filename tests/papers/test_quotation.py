"""The quotation as it is printed: prices beside their goods, until when, and nothing of what it cost (R102, R103)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from activities.documents.typesetting import Typesetter
from models.dossier.papers_due import Paper
from models.values.vocabulary import Language
from tests.activities.test_press import TEMPLATES
from tests.models.quote_life import QuoteLife, costing, sheet
from tests.papers.reading import read_paper

EXPECTED = {
    Language.ZH: """
        报价号 | Q20270301-0001 | 版本 | 第 1 版
        客户 | 红枫包装 | 联系人 | 王芳
        报价日期 | 2027-03-01 09:00 | 有效至 | 2027-03-16 23:59
        1 | TP-80 | 80mm×80m | 10,000 卷 | | 3.95 | 39,500.00
        付款方式 | 定金加余款 | 定金 | 30%
        包装 | 50 卷一箱 | 条件 | 不含运费
    """,
    Language.EN: """
        quote | Q20270301-0001 | version | 1
        1 | TP-80 | 80mm×80m | 10,000 roll | | 3.95 | 39,500.00
    """,
}


def content(*prices: dict[str, Any], **changes: Any) -> dict[str, Any]:
    life = QuoteLife(**changes)
    life.cost(*[sheet(quantity=each["quantity"], rows=costing("28399.99")) for each in prices])
    life.tell("offer_made", prices=list(prices), words="不含运费")
    while life.quote.waits_for_approval:
        life.decide("approve", life.quote.steps["decision:quote_approval"].roles[0])
    life.send()
    (paper,) = [each for each in life.quote.unsent if each.paper is Paper.QUOTATION]
    assert paper.content is not None
    return paper.content


def squeezed(text: str) -> str:
    return re.sub(r"[\s|]", "", text)


@pytest.mark.parametrize("language", list(Language))
def test_what_was_offered_stands_on_it_and_no_cost_does(language: Language) -> None:
    given = content({"line": 1, "quantity": "10000", "unit_price": "3.95"})
    lines = read_paper(Typesetter(TEMPLATES, language).set(Paper.QUOTATION, given))
    page = squeezed("".join(lines))
    for line in EXPECTED[language].strip().splitlines():
        assert squeezed(line) in page, (line, lines)
    assert given["content_hash"][:12] in page
    for secret in ("28,399.99", "28399.99", "18.75", "毛利", "margin", "成本", "salesperson-1"):
        assert squeezed(secret) not in page
    assert not re.search(r"R\d{2,3}", page), "a rule by its number"


def test_several_quantities_have_no_total() -> None:
    """R103: of several the customer chooses; one alone is added up, in figures and in characters."""
    lines = [{"line": 1, "product": "TP-80", "unit": "roll", "quantities": ["1000", "10000"]}]
    both = content(
        {"line": 1, "quantity": "1000", "unit_price": "60"},
        {"line": 1, "quantity": "10000", "unit_price": "4.10"},
        lines=lines,
    )
    page = "".join(read_paper(Typesetter(TEMPLATES, Language.ZH).set(Paper.QUOTATION, both)))
    assert "含税合计" not in page
    assert "41,000.00" in page
    one = content({"line": 1, "quantity": "10000", "unit_price": "4.10"})
    assert "含税合计" in "".join(read_paper(Typesetter(TEMPLATES, Language.ZH).set(Paper.QUOTATION, one)))
