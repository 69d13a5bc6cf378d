"""`receipts`: for which order a reference counts, for finance; and claims that a restored backup lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from commands.company.rights import own_role
from commands.session import ByOption, JsonOption, session
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.databases import engine_of

if TYPE_CHECKING:
    from activities.orders.recording.receipts import ToldReceipt
    from activities.orders.views.order_views import PaymentView

_FINANCE_ONLY = Words(
    "凭证计入哪张订单只给财务看：{by} 没有财务角色",
    "for which order a reference counts is for finance: {by} has not that role",
)


def receipts(
    reference: Annotated[
        str, typer.Argument(help="凭证号 · the reference; empty: with --restore", metavar="REFERENCE")
    ] = "",
    restore: Annotated[
        bool,
        typer.Option("--restore", help="按各订单的付款补登缺失的凭证 · enter claims that a backup lost"),
    ] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """凭证计入了哪张订单（财务） · for which order a reference counts, for finance.

    starter.py receipts TX-7 --by qian

    starter.py receipts --restore
    """
    from activities.orders.recording.receipts import receipts_named, restore_receipts

    current = session(as_json=as_json)
    engine = engine_of(current.settings)
    if restore:
        count = restore_receipts(engine)
        if as_json:
            current.speech.data({"restored": count})
        else:
            current.speech.say(f"补登了 {count} 个凭证", f"{count} claims entered")
        return
    if not reference:
        words = Words("请写明凭证号", "name the reference")
        raise Refusal(Code.MISSING_FIELD, words, where="REFERENCE")
    if own_role(current.settings, by, (Role.FINANCE,)) is None:
        raise Refusal(Code.WRONG_ROLE, _FINANCE_ONLY.filled(by=by or "-"), where="--by", rule="R53")
    found = receipts_named(engine, reference)
    if as_json:
        current.speech.data([each.model_dump(mode="json") for each in found])
        return
    current.speech.table(
        (
            Words("订单", "order"),
            Words("凭证", "reference"),
            Words("金额", "amount"),
            Words("说明", "remark"),
        ),
        [(each.order_number, each.reference, each.amount, remark_of(each)) for each in found],
    )


def remark_of(told: ToldReceipt | PaymentView) -> Words:
    """What became of a payment, where it is not simply counted."""
    if told.corrected:
        return Words("已更正", "corrected")
    if told.bounced:
        return Words("已退回", "bounced")
    if told.elsewhere:
        return Words("已计入另一订单", "counts for another order")
    if told.moved > 0:
        return Words(f"转出 ¥{told.moved}", f"CNY {told.moved} moved out")
    return Words("", "")
