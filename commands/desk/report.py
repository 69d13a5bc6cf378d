"""`report`: what to look at today, what left, and the weekly and monthly ones (R13, R19, R34, R35, R73, R79, R86)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.desk.remind import day_of
from commands.session import JsonOption, session
from models.reports.report import ReportKind, due_day
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.databases import engine_of


def report(
    kind: Annotated[
        str,
        typer.Argument(
            help="watch_list 关注清单、tracking_numbers 当日运输单号、weekly_statistics 发货周报、"
            "monthly_archive 发货单月归档、responsibility_report 责任报告、weekly_demand 网店需求周报、"
            "step_durations 环节用时月报",
            metavar="KIND",
        ),
    ] = ReportKind.WATCH_LIST.value,
    day: Annotated[
        str | None, typer.Option("--day", help="哪一天，默认今天 · which day, today by default")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", help="另存为文件（文本、工作簿、图片）到此目录 · save its files into this folder"
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """报表：要关注什么、发了什么、周报、月归档、责任（按时自动生成到 var/reports/ 并发出） · reports, also made on schedules.

    starter.py report | starter.py report tracking_numbers --day 2027-03-08

    starter.py report weekly_statistics --into ~/Desktop
    """
    from activities.reports.report_maker import report_of
    from activities.store.database import reading
    from activities.store.holidays import calendar_around
    from runtime.worker.workers import build_reporting

    current = session(as_json=as_json)
    wanted = next((each for each in ReportKind if kind in (each.value, each.zh)), None)
    if wanted is None:
        allowed = ", ".join(each.value for each in ReportKind)
        words = Words(f"没有报表 {kind}。有：{allowed}", f"there is no report {kind}; there are: {allowed}")
        raise Refusal(Code.MALFORMED, words, where="KIND")
    meant = day_of(day, "--day") if day else business_date(datetime.now(UTC))
    engine = engine_of(current.settings)
    with reading(engine) as connection:
        due = due_day(wanted, meant, calendar_around(connection, meant)) or meant
    found = report_of(engine, wanted, due, whole_day=True)
    saved = build_reporting(current.settings).files_of(found) if into is not None else []
    for file in saved:
        assert into is not None  # noqa: S101 - for the checker
        into.mkdir(parents=True, exist_ok=True)
        (into / file.name).write_bytes(file.content)
    if as_json:
        current.speech.data(found.model_dump(mode="json"))
        return
    current.speech.line(found.text(current.speech.language).rstrip())
    for file in saved:
        current.speech.line(f"→ {into}/{file.name}")
