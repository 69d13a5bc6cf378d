"""`audit`: order database, journal and workflows of orders and other cases compared; what differs is named, and healed with `--repair`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from commands.session import JsonOption, Session, session, with_client
from models.reports.store_audit import Audited, AuditExit, AuditOutcome
from models.values.vocabulary import Words

if TYPE_CHECKING:
    from temporalio.client import Client

_ENDINGS = {
    AuditExit.CLEAN: Words("一致", "the stores agree"),
    AuditExit.HEALED: Words("有差异，已全部修复", "they differed, and all of it is healed"),
    AuditExit.LEFT: Words("有差异待处理", "there are differences to be seen to"),
}


def audit(
    orders: Annotated[
        list[str] | None,
        typer.Argument(
            help="订单、报价、售后或合同号；不写则全部 · numbers of orders, quotes, cases or contracts; all of them without",
            metavar="NUMBER...",
        ),
    ] = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help="修复；修不了的成为待办 · heal; what cannot be healed becomes a step of the desk"
        ),
    ] = False,
    ended: Annotated[
        bool,
        typer.Option("--ended", help="已终结的也逐行核对 · compare the rows of what has ended as well"),
    ] = False,
    moved: Annotated[
        bool,
        typer.Option(
            "--moved",
            help="自上次核对无误后没有变动的略过（每夜如此） · pass over what has not moved since it was last found right, "
            "as every night",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """核对订单、报价、售后、合同的订单库、日志与流程（每夜自动，恢复备份之后手动） · compare order database, journal and workflows.

    退出码 exit codes:0 一致 clean · 12 已全部修复 healed · 13 有差异待处理 left。

    starter.py audit | starter.py audit --repair | starter.py audit 20270105-0042 --repair
    """
    current = session(as_json=as_json)
    done = with_client(
        current,
        lambda client: _audit(client, current, orders or [], repair=repair, ended=ended, moved=moved),
    )
    if as_json:
        current.speech.data(_as_json(done))
    else:
        _show(current, done)
    raise typer.Exit(int(done.exit))


async def _audit(
    client: Client, current: Session, orders: list[str], *, repair: bool, ended: bool, moved: bool
) -> Audited:
    from runtime.audit.auditing import audit_all, audit_orders

    if orders:
        return await audit_orders(
            client, current.settings, orders, repair=repair, ended=ended, moved_only=moved
        )
    return await audit_all(client, current.settings, repair=repair, ended=ended, moved_only=moved)


def _as_json(done: Audited) -> dict[str, object]:
    return {
        "result": done.exit.name.lower(),
        "orders": done.orders,
        "running": done.running,
        "unmoved": done.unmoved,
        **{outcome.value: done.counted(outcome) for outcome in AuditOutcome},
        "differences": [
            {**each.model_dump(mode="json"), "zh": each.words.zh, "en": each.words.en}
            for each in done.findings
        ],
    }


def _show(current: Session, done: Audited) -> None:
    current.speech.say(
        f"核对了 {done.orders} 单（运行中 {done.running}，没有变动而略过 {done.unmoved}）",
        f"{done.orders} orders and other cases compared ({done.running} running, {done.unmoved} unmoved and passed over)",
    )
    if done.findings:
        columns = (
            Words("单号", "number"), Words("差异", "difference"), Words("何处", "where"), Words("订单库", "database"),
            Words("流程", "workflow"), Words("结果", "outcome"),
        )  # fmt: skip
        rows = [
            (each.order, each.difference, each.where, each.database, each.workflow, each.outcome)
            for each in done.findings
        ]
        current.speech.table(columns, rows)
    ending = _ENDINGS[done.exit]
    current.speech.say(ending.zh, ending.en)
