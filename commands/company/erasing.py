"""`erase`: what a customer's data are once nobody must keep them any longer, and that they go."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from commands.company.rights import kept_by_administrator
from commands.session import ByOption, JsonOption, session
from runtime.databases import engine_of


def erase(
    customer: Annotated[str, typer.Argument(help="客户编号 · the customer's code", metavar="CUSTOMER")],
    do: Annotated[
        bool,
        typer.Option("--do", help="真的清除；不带它只显示数目 · really; without it only counts are shown"),
    ] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """清除客户资料：过了年限，姓名、电话、文书、归档一并清除 · erase a customer's data after the legal time.

    starter.py erase K-B1 | starter.py erase K-B1 --do --by ADMINISTRATOR
    """
    from activities.documents.document_store import DocumentStore
    from activities.erasing import customer_erasure
    from activities.store.company_files import read_policy

    current = session(as_json=as_json)
    settings = current.settings
    engine, years = engine_of(settings), read_policy(settings.policy).personal_data.keep_years
    if not do:
        plan = customer_erasure.plan_of(engine, customer, years)
    else:
        with kept_by_administrator(settings, by, f"erase {customer[:100]}"):
            files = customer_erasure.CustomerFiles(DocumentStore(settings.documents), settings.scans)
            customer_erasure.finish(engine, files)  # what one that was broken off has left
            plan = customer_erasure.erase(engine, files, customer, years, by or "", datetime.now(UTC))
    if as_json:
        current.speech.data(plan.model_dump(mode="json"))
        return
    rows = sum(plan.rows.values())
    first = plan.erasable_from.isoformat() if plan.erasable_from is not None else "–"
    current.speech.say(
        f"客户 {customer}：订单 {plan.orders}，其他事项 {plan.cases}，数据 {rows} 行，文件 {plan.files} 个",
        f"{customer}: {plan.orders} orders, {plan.cases} other cases, {rows} rows, {plan.files} files",
    )
    for name, count in plan.rows.items():
        current.speech.say(f"  {name} {count}", f"  {name} {count}")
    if plan.done:
        current.speech.say(
            "已清除；订单号、日期、数量、金额不具名地留下，日志的哈希链仍可核对",
            "erased; numbers, dates, quantities and sums stay without a name, and the chains of the journals can be verified",
        )
    else:
        current.speech.say(
            f"什么都没有改。{first} 起可用 --do 清除",
            f"nothing was changed. From {first} on --do erases it",
        )
