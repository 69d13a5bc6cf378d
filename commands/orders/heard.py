"""`heard`: a customer ordered by word; whoever heard it notes it, and enters the order within the limit (R13)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from commands.company.rights import check_named
from commands.orders.envelopes import moment_of
from commands.session import JsonOption, session
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.databases import engine_of
from runtime.signed_facts import policy_of_new_orders

_NO_ONE = Words("请用 --by 写明谁听到的", "name who heard it with --by")


def heard(
    customer: Annotated[str, typer.Argument(help="客户编号 · the customer's code", metavar="CUSTOMER")],
    words: Annotated[str, typer.Argument(help="客户要什么 · what the customer wants", metavar="WORDS")],
    at: Annotated[
        str, typer.Option("--at", help="何时说的，默认现在 · when it was said, now by default")
    ] = "",
    by: Annotated[str, typer.Option("--by", envvar="DINGDAN_PERSON", help="谁听到的 · who heard it")] = "",
    as_json: JsonOption = False,
) -> None:
    """记下客户口头要的货，限时录入订单；录入该客户的订单即办结 · note what a customer ordered by word, to be entered in time.

    starter.py heard K-B1 '80×80 再来一千卷，月底要' --by li
    """
    from activities.desk.heard_orders import note_heard

    current, now = session(as_json=as_json), datetime.now(UTC)
    if not by:
        raise Refusal(Code.MISSING_FIELD, _NO_ONE, where="--by")
    check_named(current.settings, by, (Role.SALESPERSON, Role.SERVICE_CLERK))
    said_at = moment_of(at) if at else now
    policy = policy_of_new_orders(current.settings)
    step = note_heard(engine_of(current.settings), customer, words, said_at, by, policy, now)
    if as_json:
        current.speech.data(step.model_dump(mode="json"))
        return
    due = current.speech.shown(step.due)
    current.speech.say(f"已记下，请在 {due} 前录入订单", f"noted; enter the order before {due}")
