"""Codes on papers: read back as what was printed, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from models.documents.paper_codes import OPENS, PaperCode, code_of_label, code_of_paper, read_code
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind

NUMBER = "20270105-0001"


@pytest.mark.parametrize(
    ("paper", "content", "printed"),
    [
        (Paper.INSTRUCTION, {"number": NUMBER, "version": "2"}, f"{NUMBER}/production_instruction/2"),
        (Paper.SHIPPING, {"number": NUMBER, "release": "1"}, f"{NUMBER}/shipping_notice/1"),
        (Paper.SHIPPING, {"number": NUMBER, "release": "1/2"}, f"{NUMBER}/shipping_notice/1"),
        (Paper.DELIVERY_NOTE, {"number": NUMBER, "release": "3"}, f"{NUMBER}/delivery_note/3"),
        (Paper.SHIPMENT, {"number": NUMBER, "shipment": "S-7"}, f"{NUMBER}/shipment_notice/S-7"),
        (Paper.SHIPMENT, {"number": NUMBER, "shipment": "a b"}, ""),  # not to be told apart when it is read
        (Paper.BALANCE, {"number": NUMBER}, ""),
        (Paper.SHIPPING, {"number": NUMBER}, ""),
        (Paper.SHIPPING, {}, ""),
    ],
)
def test_a_paper_says_which_it_is(paper: Paper, content: dict[str, str], printed: str) -> None:
    assert code_of_paper(paper, content) == printed
    if printed:
        read = read_code(f" {printed}\n")
        assert read is not None
        assert (read.order, read.paper) == (NUMBER, paper)


def test_a_label_names_line_and_lot() -> None:
    assert code_of_label(NUMBER, 2, "L-1") == f"{NUMBER}/finished_notice/2:L-1"
    assert read_code(f"{NUMBER}/finished_notice/2:L-1") == PaperCode(NUMBER, Paper.FINISHED, "2:L-1")
    assert code_of_label(NUMBER, 2, "白班/1") == ""
    assert code_of_label(NUMBER, 2, "x" * 60) == ""


def test_a_signed_sheet_is_known_by_its_own_code() -> None:
    assert read_code(f"{NUMBER}|3|0123456789abcdef") == PaperCode(NUMBER, Paper.SHEET, "3")


@pytest.mark.parametrize(
    "seen",
    ["", "hello", NUMBER, f"{NUMBER}/balance_notice/1", f"{NUMBER}/shipping_notice/", f"x{NUMBER}/shipping_notice/1",
     f"{NUMBER}/shipping_notice/1/2", "https://example.com/20270105-0001/shipping_notice/1", f"{NUMBER}|3|0123", "9" * 5000,
     f"{NUMBER}/shipping_notice/１\u0000"],
)  # fmt: skip
def test_what_is_no_code_of_ours_is_none(seen: str) -> None:
    assert read_code(seen) is None


def test_each_paper_opens_what_it_is_about() -> None:
    assert OPENS[Paper.INSTRUCTION][0] is StepKind.HAND_OVER
    assert StepKind.SHIP in OPENS[Paper.SHIPPING]
    assert OPENS[Paper.SHIPMENT][0] is StepKind.COLLECT_GOODS
    assert StepKind.ENTER_WAREHOUSE in OPENS[Paper.FINISHED]
