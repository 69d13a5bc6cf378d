"""`credit`, `assess`: what customers may owe and do owe, and finance's assessment of one of them (R108, R109)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from commands.company.rights import check_named
from commands.session import JsonOption, session
from models.company.keepers import ASSESSORS
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner
from runtime.databases import engine_of

_MOST = 500


def credit(
    text: Annotated[
        str, typer.Argument(help="客户编号或名称的一部分 · part of a customer's code or name", metavar="TEXT")
    ] = "",
    held: Annotated[bool, typer.Option("--held", help="只看有扣单的 · only those with orders held")] = False,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="只看有逾期的 · only those with overdue bills")
    ] = False,
    unassessed: Annotated[
        bool, typer.Option("--unassessed", help="只看待评估的 · only those to be assessed")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """客户信用：额度、占用、可用、逾期、扣住的订单 · limits, what is owed and bound, overdue bills, orders held.

    starter.py credit | starter.py credit --held | starter.py credit 红枫
    """
    from activities.credit.credit_list import CreditShown, find_credit, held_orders
    from activities.store.company_files import read_policy

    chosen = {CreditShown.HELD: held, CreditShown.OVERDUE: overdue, CreditShown.UNASSESSED: unassessed}
    wanted = [each for each, is_wanted in chosen.items() if is_wanted]
    if len(wanted) > 1:
        words = Words(
            "--held、--overdue、--unassessed 只能选一个", "of --held, --overdue, --unassessed one at a time"
        )
        raise Refusal(Code.CONTRADICTION, words, where=f"--{wanted[1].value}")
    current = session(as_json=as_json)
    engine, today = engine_of(current.settings), business_date(datetime.now(UTC))
    policy = read_policy(current.settings.policy).credit
    show = wanted[0] if wanted else CreditShown.ALL
    found = find_credit(engine, today, policy, text=text.strip(), show=show, most=_MOST)
    waiting = held_orders(engine)
    if as_json:
        customers = [
            {
                "customer": each.customer,
                "name": each.name,
                "credit": each.standing.value if each.standing is not None else None,
                "limit": None if each.limit is None else str(each.limit),
                "exposure": str(each.exposure),
                "left": None if each.left is None else str(each.left),
                "overdue": str(each.overdue_amount),
                "assessed_until": None if each.until is None else each.until.isoformat(),
            }
            for each in found.customers
        ]
        held_now = [
            {"order": each.number, "customer": each.customer, "zh": each.zh, "en": each.en}
            for each in waiting
        ]
        current.speech.data({"customers": customers, "held": held_now})
        return
    current.speech.table(
        (
            Words("客户", "customer"), Words("名称", "name"), Words("信用", "credit"), Words("额度", "limit"),
            Words("占用", "owed and bound"), Words("可用", "left"), Words("逾期", "overdue"), Words("有效至", "until"),
        ),
        [
            (each.customer, each.name, each.standing, each.limit, each.exposure, each.left, each.overdue_amount, each.until)
            for each in found.customers
        ],
    )  # fmt: skip
    if waiting:
        current.speech.title(f"扣住的订单 {len(waiting)} 张", f"{len(waiting)} orders held")
        current.speech.table(
            (
                Words("订单", "order"),
                Words("客户", "customer"),
                Words("等什么", "waits for"),
                Words("时限", "limit"),
            ),
            [(each.number, each.customer_name, Words(each.zh, each.en), each.due) for each in waiting],
        )


def assess(
    customer: Annotated[str, typer.Argument(help="客户编号 · the customer's code", metavar="CUSTOMER")],
    limit: Annotated[str, typer.Option("--limit", help="信用额度，元 · the limit, in CNY")] = "",
    prepaid_only: Annotated[
        bool, typer.Option("--prepaid-only", help="仅限预付 · all is to be paid first")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="依据 · what it rests on")] = "",
    by: Annotated[str, typer.Option("--by", envvar="DINGDAN_PERSON", help="哪位财务 · who of finance")] = "",
    as_json: JsonOption = False,
) -> None:
    """财务评估客户信用；进行中的订单随即重新核对 · finance assesses a customer; open orders are looked at again.

    starter.py assess K-B1 --limit 50000 --reason 年审 --by qian

    starter.py assess K-C1 --prepaid-only --reason 查无资信 --by qian
    """
    from activities.credit.assessing import assess as enter
    from activities.store.company_changes import Teller
    from models.company.record_changes import ChangeWay
    from models.credit.assessment import CreditAssessment
    from models.messages.envelope import read_entered

    current = session(as_json=as_json)
    if not by:
        words = Words("请用 --by 写明哪位财务评估的", "name who of finance assessed with --by")
        raise Refusal(Code.MISSING_FIELD, words, where="--by", rule="R108")
    check_named(current.settings, by, tuple(role for role in Role if role in ASSESSORS))
    raw = {"reason": reason, "prepaid_only": prepaid_only, **({"limit": limit} if limit else {})}
    assessment = read_entered(CreditAssessment, raw, Manner.TYPED)
    told = enter(engine_of(current.settings), customer, assessment, Teller(by, ChangeWay.IMPORT))
    if as_json:
        kept = assessment.model_dump(mode="json")
        current.speech.data({"customer": customer, **kept, "orders_told": told})
        return
    current.speech.say(
        f"{customer} 的评估已保存，{told} 张进行中的订单随即重新核对",
        f"the assessment of {customer} is kept; {told} open orders are looked at again",
    )
