"""`report`: the watch list and the tracking numbers of a day (R13, R19, R34, R35, R73)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from commands.desk import engine_of
from commands.remind import day_of
from commands.session import JsonOption, session
from models.calendar import business_date
from models.errors import Code, Refusal
from models.reports import ReportKind
from models.vocabulary import Words


def report(
    kind: Annotated[
        str, typer.Argument(help="watch_list 关注清单 或 tracking_numbers 当日运输单号", metavar="KIND")
    ] = ReportKind.WATCH_LIST.value,
    day: Annotated[
        str | None, typer.Option("--day", help="哪一天,默认今天 · which day, today by default")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """今天要关注什么、发了什么(工作日 08:30、17:30 自动写入 var/reports/) · what to look at, and what left today.

    starter.py report | starter.py report tracking_numbers --day 2027-03-08
    """
    from activities.reporting import report_of

    current = session(as_json=as_json)
    wanted = next((each for each in ReportKind if kind in (each.value, each.zh)), None)
    if wanted is None:
        allowed = ", ".join(each.value for each in ReportKind)
        words = Words(f"没有报表 {kind}。有:{allowed}", f"there is no report {kind}; there are: {allowed}")
        raise Refusal(Code.MALFORMED, words, where="KIND")
    meant = day_of(day, "--day") if day else business_date(datetime.now(UTC))
    found = report_of(engine_of(current.settings), wanted, meant)
    if as_json:
        current.speech.data(found.model_dump(mode="json"))
    else:
        current.speech.line(found.text(current.speech.language).rstrip())
