"""`production-report`: which days' production reports are owed, what is being made; or that nothing was made (R171)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from commands.company.rights import check_named
from commands.desk.remind import day_of
from commands.session import JsonOption, session
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.databases import engine_of


def production_report(
    day: Annotated[
        str | None, typer.Option("--day", help="到哪一天为止，默认今天 · up to which day, today by default")
    ] = None,
    nothing: Annotated[
        bool,
        typer.Option("--nothing", help="没有产量，日报就此了结 · nothing was made, and that is the report"),
    ] = False,
    by: Annotated[str, typer.Option("--by", envvar="DINGDAN_PERSON", help="谁报的 · who reports")] = "",
    as_json: JsonOption = False,
) -> None:
    """生产日报：哪几天欠报、哪些订单在产；没有产量的就此了结 · the production reports that are owed, and what is being made.

    starter.py production-report | starter.py production-report --nothing --by factory-ma

    报产量：starter.py tell ORDER production_reported --set made=… --by …
    """
    from activities.reports.daily_reports import being_made, owed_reports, report_nothing

    current, now = session(as_json=as_json), datetime.now(UTC)
    engine = engine_of(current.settings)
    closed: list[str] = []
    if nothing:
        if not by:
            words = Words("请用 --by 写明谁报的", "name who reports with --by")
            raise Refusal(Code.MISSING_FIELD, words, where="--by")
        check_named(current.settings, by, (Role.PRODUCTION,))
        meant = day_of(day, "--day") if day else business_date(now)
        closed = [each.isoformat() for each in report_nothing(engine, meant, now, by)]
    owed, lines = owed_reports(engine, now), being_made(engine)
    if as_json:
        current.speech.data(
            {
                "closed": closed,
                "owed": [each.model_dump(mode="json") for each in owed],
                "being_made": [each.model_dump(mode="json") for each in lines],
            }
        )
        return
    if closed:
        current.speech.say(f"已了结：{', '.join(closed)}", f"closed: {', '.join(closed)}")
    current.speech.title(f"欠报 {len(owed)} 天", f"reports of {len(owed)} days are owed")
    for each in owed:
        current.speech.line(f"  {each.day}  {', '.join(each.orders)}")
    current.speech.table(
        (Words("订单", "order"), Words("行", "line"), Words("产品", "product"), Words("订购", "ordered"),
         Words("预交日", "promised")),
        [
            (each.order_number, str(each.line), each.product, f"{each.quantity} {each.unit}", str(each.promised or "-"))
            for each in lines
        ],
    )  # fmt: skip
