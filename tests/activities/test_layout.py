"""Papers as they lie on the desk: nothing cut off or overlapping, pages that belong together, both languages."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pypdfium2
import pytest
from pypdfium2.raw import FPDF_PAGEOBJ_PATH

from activities.documents.typesetting import Typesetter
from models.dossier.papers_due import Paper
from models.reports.balance_reminder import letters
from models.values.vocabulary import Language
from tests.activities.test_press import TEMPLATES
from tests.models.life import Life, line
from tests.models.test_reminders import POLICY, after, balance
from tests.papers.reading import read_paper

CODE = "TP80EXTRALONGPRODUCTNUMBER0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PHONE = "0755555010280001234567890123456789012345678901234567890"
NAME = "深圳市龙华新区观澜街道国际纸品包装印刷有限责任公司华南第二分公司𠮷䶮"
SIGNATURES = {Language.ZH: "签字 / 盖章", Language.EN: "signature / stamp"}
Content = dict[str, Any]


def content(life: Life, paper: Paper) -> Content:
    """What is to be printed."""
    return next(each.content for each in life.order.unsent if each.paper is paper and each.content)


def pages(paper: Paper, printed: Content, language: Language = Language.ZH) -> list[pypdfium2.PdfPage]:
    """The paper as it is printed, page by page."""
    return list(pypdfium2.PdfDocument(Typesetter(TEMPLATES, language).set(paper, printed)))


def text(page: pypdfium2.PdfPage) -> str:
    """What stands on a page."""
    return str(page.get_textpage().get_text_bounded()).replace("\u200b", "")


def boxes(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float]]:
    """Where each sign stands: left, bottom, right, top. A ligature stands once."""
    signs = page.get_textpage()
    printed = (n for n in range(signs.count_chars()) if signs.get_text_range(n, 1).strip("\u200b \r\n"))
    return sorted({signs.get_charbox(n) for n in printed})


def lines(count: int, **changes: Any) -> list[Content]:
    """So many lines of goods."""
    return [line(number, **changes) for number in range(1, count + 1)]


@pytest.mark.parametrize("language", list(Language))
def test_long_texts_stay_in_their_cells(language: Language) -> None:
    """R11: no sign covers another or leaves the page, however long a phone, a product or an amount is."""
    goods = lines(
        12, product=CODE, specification=CODE * 2, quantity="999999.999", unit="m2", unit_price="10.00"
    )
    life = Life(lines=goods, phone=PHONE, fax=PHONE, contact=NAME, consignee=NAME, customer={"name": NAME})
    sheet = content(life.verified(), Paper.SHEET)
    assert sheet["lines"][0]["amount"] == "9,999,999.99"
    printed = pages(Paper.SHEET, sheet, language)
    assert len(printed) > 1
    for page in printed:
        found = boxes(page)
        assert all(left >= 40 and right <= page.get_width() - 40 for left, _, right, _ in found)
        by_line = sorted(found, key=lambda box: (round(box[1]), box[0]))
        for one, beside in pairwise(by_line):
            if round(one[1]) == round(beside[1]):
                assert beside[0] >= one[2] - 1.5


def test_a_text_longer_than_a_page_goes_on_overleaf_and_a_short_code_is_printed_as_it_is() -> None:
    """R11: texts have up to 4,000 signs."""
    goods = [line(1, product="NCR-20270301"), line(2, specification="长" * 4000)]
    life = Life(lines=goods, special_requirements="特" * 4000, address="址" * 4000)
    printed = pages(Paper.SHEET, content(life.verified(), Paper.SHEET))
    found = dict.fromkeys("长特址", 0)
    for page in printed:
        signs = page.get_textpage()
        for number, sign in enumerate(signs.get_text_range()):
            if sign in found:
                found[sign] += 1
                assert signs.get_charbox(number)[1] > 40
    assert min(found.values()) >= 4000
    assert "NCR-20270301" in "".join(str(page.get_textpage().get_text_bounded()) for page in printed)


@pytest.mark.parametrize("language", list(Language))
def test_a_label_keeps_quantity_date_and_batch_whatever_the_specification(language: Language) -> None:
    """R44"""
    labels = content(Life(label="贴客户 LOGO。" * 30).in_warehouse(), Paper.FINISHED)
    (label,) = labels["labels"]
    labels["labels"] = [
        {**label, "product": CODE, "specification": CODE * 8, "lot": "L-2027-0301-7", "place": NAME}
    ]
    (page,) = pages(Paper.FINISHED, labels, language)
    said = text(page)
    for words in ("1,000", "2027-03-01", "L-2027-0301-7"):
        assert words in said
    assert all(
        left > 14 and bottom > 14 and right < 270 and top < 185 for left, bottom, right, top in boxes(page)
    )


@pytest.mark.parametrize("count", range(12, 34, 3))
def test_signatures_are_never_alone_on_a_page_and_every_page_says_which_it_is(count: int) -> None:
    life = Life(lines=lines(count)).verified()
    sheet = content(life, Paper.SHEET)
    note = {**sheet, "release": "1", "notice_reference": "FH-1"}
    for paper, printed, before in (
        (Paper.SHEET, sheet, "请核对以上各项"),
        (Paper.DELIVERY_NOTE, note, f"以上货物共 {count} 行"),
    ):
        said = [text(page) for page in pages(paper, printed)]
        signed = [each for each in said if SIGNATURES[Language.ZH] in each]
        assert len(signed) == 1
        assert before in signed[0]
        for number, each in enumerate(said, start=1):
            assert f"{number} / {len(said)}" in each
            assert life.order.number in each
        goods = [each for each in said if "TP-80" in each]
        assert all("产品编号" in each for each in goods)


def test_the_receipt_that_comes_back_has_the_letterhead_too() -> None:
    """R78"""
    notice, receipt = (
        text(page) for page in pages(Paper.SHIPMENT, content(Life().shipped(), Paper.SHIPMENT))
    )
    assert "到货回单" in receipt
    for said in (notice, receipt):
        assert "华广纸品加工厂" in said
        assert "传真 0755-5550001" in said


def test_the_balance_notice_says_until_when_and_how_to_pay() -> None:
    """R51: time and manner of payment, with the account of the letterhead."""
    (page,) = pages(Paper.BALANCE, content(Life().in_warehouse("980"), Paper.BALANCE))
    said = text(page)
    assert "付款期限：2027-03-08" in said
    assert "账号 0000" in said
    assert "附言请写订单号 20270301-0001" in said


def test_an_english_paper_has_an_english_letterhead() -> None:
    (page,) = pages(Paper.BALANCE, content(Life().in_warehouse("980"), Paper.BALANCE), Language.EN)
    said = text(page)
    assert "phone 0755-5550000" in said
    assert not any(words in said for words in ("电话", "传真", "账号", "：", "（"))


def test_the_instruction_prints_the_production_date() -> None:
    """R40"""
    life = Life(lines=lines(2)).confirmed("3000.00")
    said = text(pages(Paper.INSTRUCTION, content(life, Paper.INSTRUCTION))[0])
    assert said.count("2027-03-02") == 3
    assert "2027-03-06" in said


def test_the_sheet_prints_what_changed_in_words() -> None:
    """R30, R83"""
    life = Life().confirmed()
    changes = {
        "partial_delivery": True,
        "label": "红枫",
        "packing": "散装",
        "lines": [{"line": 1, "quantity": "1200"}],
    }
    life.does("amendment_requested", changes=changes, reason="x")
    life.verified()
    newest = [each.content for each in life.order.unsent if each.paper is Paper.SHEET][-1]
    said = " ".join(text(pages(Paper.SHEET, newest or {})[0]).split())
    for words in ("允许分批 否 是", "第 1 行数量 1,000 1,200", "标签 （无） 红枫"):
        assert words.replace(" ", "") in said.replace(" ", "")


def test_a_reminder_says_account_and_salesperson_on_lines_of_their_own() -> None:
    """R51"""
    (letter,) = letters([balance()], after(3), POLICY)
    said = text(pages(Paper.REMINDER, {**letter.content(), "salesperson": "李明"})[0]).splitlines()
    assert "业务员：李明" in said
    assert any(each.startswith("收款账户：") for each in said)


@pytest.mark.parametrize("language", list(Language))
def test_a_price_finer_than_a_fen_is_printed_with_all_its_decimals(language: Language) -> None:
    """R100: a sheet of paper at 0.0385, and one at 1,234.567891; each line rounded once."""
    goods = [
        line(1, unit="sheet", quantity="12345", unit_price="0.0385"),
        line(2, quantity="10", unit_price="1234.567891"),
        line(3, quantity="1", unit_price="5.00"),
    ]
    printed = pages(Paper.SHEET, content(Life(lines=goods).verified(), Paper.SHEET), language)
    words = text(printed[0]).split()
    for figure in ("0.0385", "475.28", "1,234.567891", "12,345.68", "5.00"):
        assert figure in words, figure
    assert "0.04" not in words
    assert "12,825.96" in text(printed[0])


@pytest.mark.parametrize("language", list(Language))
def test_the_small_code_of_a_long_sheet_covers_nothing(language: Language) -> None:
    """R30: a sheet of several pages has its code on each; the words at the foot stay readable."""
    sheet = content(Life(lines=lines(40)).verified(), Paper.SHEET)
    printed = pages(Paper.SHEET, sheet, language)
    assert len(printed) > 1
    for page in printed:
        drawn = [each.get_bounds() for each in page.get_objects(filter=[FPDF_PAGEOBJ_PATH])]
        (code,) = [each for each in drawn if each[3] < 60 and 28 < each[2] - each[0] < 36]
        assert not any(
            left < code[2] and right > code[0] and bottom < code[3] and top > code[1]
            for left, bottom, right, top in boxes(page)
        )


@pytest.mark.parametrize(
    ("product", "rows"),
    [
        ("TP-80-HD-0012", ["TP-80-HD-", "0012"]),
        ("NCR/3_241-280/A", ["NCR/3_241-", "280/A"]),
        ("TP-80", ["TP-80"]),
    ],
)
def test_a_code_is_parted_at_its_hyphens(product: str, rows: list[str]) -> None:
    """A number whose last figure stands alone in the next row is copied wrong."""
    goods = [line(1, product=product, quantity="1234567.125", unit="m2")]
    (page,) = pages(Paper.SHEET, content(Life(lines=goods).verified(), Paper.SHEET))
    signs = page.get_textpage()
    printed = [n for n in range(signs.count_chars()) if signs.get_text_range(n, 1).strip("\u200b\r\n ")]
    at = "".join(signs.get_text_range(n, 1) for n in printed).index(product)
    found: list[str] = []
    last = 0.0
    for n in printed[at : at + len(product)]:
        middle = sum(signs.get_charbox(n, loose=True)[1::2]) / 2
        if not found or last - middle > 5:
            found.append("")
            last = middle
        found[-1] += signs.get_text_range(n, 1)
    assert found == rows


def test_a_price_of_six_decimals_is_printed_in_full_beside_a_long_amount() -> None:
    """R20: a sheet of paper costs 0.0385, and nothing of it is cut off or runs into the next column."""
    sheet = content(Life(lines=lines(3)).verified(), Paper.SHEET)
    for number, price in enumerate(("0.0385", "1,234.567891", "0.038512")):
        sheet["lines"][number] |= {"unit_price": price, "amount": "9,999,999.99", "quantity": "1,234,567.125"}
    rows = [
        row.split(" | ") for row in read_paper(Typesetter(TEMPLATES, Language.ZH).set(Paper.SHEET, sheet))
    ]
    assert [row[5:] for row in rows if row[0] in "123" and len(row) == 7] == [
        ["0.0385", "9,999,999.99"],
        ["1,234.567891", "9,999,999.99"],
        ["0.038512", "9,999,999.99"],
    ]
