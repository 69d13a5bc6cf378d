"""Texts from outside in mail headers, workbooks, logs, terminals and on pages are texts and nothing else."""

from __future__ import annotations

import io
import logging
from datetime import date

import pytest
from openpyxl import load_workbook
from rich.console import Console

from activities.notices.channels import Attachment, Message
from activities.notices.mail import SmtpSender
from activities.reports.report_files import workbook
from commands.speaking import Speech
from gateway.pages.rendering import _PAGES
from models.reports.report import Column, Report, ReportKind, Section
from models.values.vocabulary import Language
from runtime.log_lines import OneLine

HOSTILE = "x\r\nBcc: evil@example.com\u2028\u202e\x1b[31m\x9b2J"


def test_a_subject_is_one_header() -> None:
    message = Message(
        identity="1",
        address="a@example.com",
        subject=HOSTILE,
        text="t",
        file_name="f",
        attachments=[Attachment("a\r\nX: y.pdf", b"%PDF", "application/pdf")],
    )
    mail = SmtpSender("smtp://127.0.0.1:1", "b@example.com")._mail(message)
    assert mail["Bcc"] is None
    assert "\n" not in str(mail["Subject"])
    assert all(b"X: y" not in line[:4] for line in mail.as_bytes().splitlines())


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+2", "@SUM(A1)", " =1", "\t=1", "＝1", '=HYPERLINK("http://e")']
)
def test_a_workbook_holds_no_formula_of_others(text: str) -> None:
    section = Section(
        zh="甲", en="one", rule="R73", columns=[Column(zh="客户", en="customer")], rows=[[text]]
    )
    report = Report(kind=next(iter(ReportKind)), day=date(2027, 1, 1), sections=[section])
    sheet = load_workbook(io.BytesIO(workbook(report, Language.ZH))).worksheets[0]
    cell = sheet["A3"]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")


def test_a_log_has_a_line_a_message() -> None:
    record = logging.LogRecord("dingdan", logging.WARNING, __file__, 1, "file %s", (HOSTILE,), None)
    written = OneLine("%(levelname)s %(message)s").format(record)
    assert len(written.splitlines()) == 1
    for sign in ("\u202e", "\x1b", "\x9b", "\u2028"):
        assert sign not in written


def test_a_terminal_is_steered_by_nobody() -> None:
    out = io.StringIO()
    speech = Speech(Language.EN)
    console = type(speech.out)
    speech.out = speech.errors = console(file=out, force_terminal=True, width=200, highlight=False)
    assert isinstance(speech.out, Console)
    speech.say(HOSTILE, HOSTILE)
    speech.aside(HOSTILE, HOSTILE)
    speech.table([], [[HOSTILE]])
    speech.data({"a": HOSTILE})
    said = out.getvalue()
    assert "\x1b[31m" not in said
    assert "\x9b" not in said
    assert "\u202e" not in said
    assert "\\u202e" in said


def test_a_page_escapes_what_it_shows() -> None:
    shown = _PAGES.from_string("{{ text }}").render(text="<script>alert(1)</script>\"'&")
    assert "<" not in shown
    assert '"' not in shown
