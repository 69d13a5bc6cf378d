"""The credit note of an after-sales case as it is printed: which goods came back, and what they were worth (R142, R164)."""

from __future__ import annotations

from typing import Any

import pytest

from activities.documents.typesetting import Typesetter
from models.dossier.papers_due import Paper
from models.values.vocabulary import Language
from tests.activities.test_press import TEMPLATES
from tests.models.case_life import CaseLife
from tests.papers.reading import read_paper

EXPECTED = {
    Language.ZH: ("本单减少¥2.51", "售后退货或减款", "130张 | 65张", "0.0385"),
    Language.EN: ("credited¥2.51", "goodsreturnedorcreditedaftersales", "130sheet | 65sheet"),
}


def notes(life: CaseLife) -> list[Any]:
    return [each for each in life.case.unsent if each.paper is Paper.CREDIT_NOTE]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("remedy", ["refund", "credit"])
def test_what_came_back_is_taken_off_the_bill(language: Language, remedy: str) -> None:
    """65 of 130 sheets at 0.0385: 2.51; the bill is the order's, and no case knows it."""
    life = CaseLife().granted(remedy).back().counts()
    (note,) = notes(life)
    number = f"CN-{life.case.number}-1"
    assert (note.identity, note.rule) == (f"credit_note:{number}", "R164")
    page = "\n".join(read_paper(Typesetter(TEMPLATES, language).set(Paper.CREDIT_NOTE, note.content)))
    for words in (number, life.case.request.order, *EXPECTED[language]):
        assert words in page, page
    assert "原账单" not in page
    assert "billedbefore" not in page


def test_an_exchange_has_none() -> None:
    """R144: the replacement is billed in its place."""
    life = CaseLife(type="exchange").granted("reship").back().counts()
    assert notes(life) == []
