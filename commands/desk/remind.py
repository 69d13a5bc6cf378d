"""`remind`, `exempt`: reminders of unpaid balances, and who is left alone until when (R51, R54)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from commands.company.rights import check_named
from commands.session import JsonOption, session, with_client
from models.messages.fact_kind import STAFF
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.databases import engine_of

if TYPE_CHECKING:
    from temporalio.client import Client

    from models.reports.balance_reminder import Letter


def remind(
    day: Annotated[
        str | None, typer.Option("--day", help="哪一天，默认今天 · which day, today by default")
    ] = None,
    customer: Annotated[
        str | None, typer.Option("--customer", help="只看这一客户 · only this customer")
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="现在就运行一次催收 · run the job now instead of showing it")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """今天该催哪些余款（每个工作日 09:00 自动催收） · which balances are due for a reminder.

    starter.py remind | starter.py remind --day 2027-03-08 | starter.py remind --now
    """
    from activities.reminders.reminder_pages import preview
    from activities.store.company_files import read_reminder_policy
    from activities.store.holidays import CalendarReader

    current = session(as_json=as_json)
    meant = day_of(day, "--day") if day else business_date(datetime.now(UTC))
    found = preview(engine_of(current.settings), meant, read_reminder_policy(current.settings.policy))
    found = [each for each in found if customer in (None, each.customer)]
    if now:
        with_client(current, lambda client: _run(client, current.settings.task_queue, meant, customer or ""))
    if as_json:
        current.speech.data([each.model_dump(mode="json") for each in found])
        return
    if not CalendarReader(engine_of(current.settings)).read_calendar(meant).is_working_day(meant):
        current.speech.say(
            f"{meant} 是休息日，不催收；下一个工作日再催",
            f"{meant} is a holiday: nobody is reminded before the next working day",
        )
    current.speech.title(f"{meant} 应催收 {len(found)} 家", f"{meant}: {len(found)} customers to be reminded")
    current.speech.table(
        (Words("客户", "customer"), Words("级别", "level"), Words("未付", "open"), Words("订单", "orders"),
         Words("业务员", "salesperson")),
        [
            (each.customer_name, _level(each), f"¥{each.total}", [one.order for one in each.balances], each.salesperson)
            for each in found
        ],
    )  # fmt: skip
    if now:
        current.speech.say("已运行", "the job has run")


def _level(letter: Letter) -> Words:
    return Words(letter.level.zh, letter.level.en)


async def _run(client: Client, task_queue: str, day: date, customer: str) -> None:
    from workflows.jobs.balance_reminders import WORKFLOW, ReminderRun

    await client.execute_workflow(
        WORKFLOW,
        ReminderRun(day=day, customer=customer),
        id="-".join(part for part in ("balance-reminders", day.isoformat(), customer) if part),
        task_queue=task_queue,
    )


def exempt(
    subject: Annotated[
        str, typer.Argument(help="订单号或客户编号 · an order or a customer", metavar="ORDER|CUSTOMER")
    ],
    until: Annotated[str, typer.Option("--until", help="到哪一天为止 · up to which day")],
    reason: Annotated[str, typer.Option("--reason", help="原因 · why")],
    promised: Annotated[
        bool, typer.Option("--promised", help="客户承诺当日付款 · the customer promised to pay by then")
    ] = False,
    by: Annotated[str, typer.Option("--by", envvar="DINGDAN_PERSON", help="谁决定的 · who decided")] = "",
    as_json: JsonOption = False,
) -> None:
    """到某日为止不催（豁免，或客户承诺付款） · no reminder up to a day: exempted, or promised to be paid.

    starter.py exempt 20270105-0001 --until 2027-01-20 --reason 客户盘点 --by qian

    starter.py exempt K-B1 --until 2027-01-20 --promised --reason 电话承诺 --by li
    """
    from activities.orders.views.order_lists import is_known
    from activities.reminders.reminder_pages import pause

    current = session(as_json=as_json)
    engine, day = engine_of(current.settings), day_of(until, "--until")
    if not by:
        raise Refusal(
            Code.MISSING_FIELD, Words("请用 --by 写明谁决定的", "name who decided with --by"), where="--by"
        )
    check_named(current.settings, by, STAFF)
    if not is_known(engine, subject):
        words = Words(f"没有订单或客户 {subject}", f"there is no order or customer {subject}")
        raise Refusal(Code.UNKNOWN_ORDER, words, where=subject)
    if day < business_date(datetime.now(UTC)):
        raise Refusal(Code.DATE_IN_PAST, Words(f"{day} 已过", f"{day} has passed"), where="--until")
    pause(engine, subject, day, promised=promised, reason=reason, by=by)
    if as_json:
        current.speech.data({"subject": subject, "until": day.isoformat(), "promised": promised})
    else:
        current.speech.say(f"{subject} 到 {day} 为止不催", f"no reminder for {subject} up to {day}")


def day_of(text: str, where: str) -> date:
    """A date as it is written. Raises Refusal(malformed)."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        words = Words(f"{text} 不是日期，例如 2027-01-20", f"{text} is no date; write 2027-01-20")
        raise Refusal(Code.MALFORMED, words, where=where) from None
