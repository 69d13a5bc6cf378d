"""`tell`, `decide` and the short forms `cancel`, `hold`, `resume`, `amend`: what is said to an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from activities.documents.font_signs import require_printable_fact
from commands.company.rights import author_of, check_person, note_act, own_role, require_meant
from commands.orders.envelopes import content_of, envelope_of
from commands.session import (
    AtOption,
    ByOption,
    ContentOption,
    IdOption,
    JsonOption,
    OrderArgument,
    RoleOption,
    SeenOption,
    SetOption,
    session,
    with_client,
)
from commands.speaking import Speech
from models.access import TOLD
from models.decisions.subjects import SUBJECTS
from models.facts.known_facts import facts_for
from models.messages.authors import is_customer, is_key, own_fact_id, require_own_space
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.messages.reply import Reply
from models.messages.seen import Seen
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.delivery.telling import Told, tell_order, waits_of

if TYPE_CHECKING:
    from temporalio.client import Client

MOST_SHOWN = 3
"""Of what an order waits for after something was said; the rest is counted."""


def tell(
    order: OrderArgument,
    fact: Annotated[str, typer.Argument(help="事实，如 payment_received · the fact", metavar="FACT")],
    set_: SetOption = None,
    content: ContentOption = None,
    by: ByOption = None,
    role: RoleOption = None,
    at: AtOption = None,
    fact_id: IdOption = None,
    sure: Annotated[bool, typer.Option("--sure", help="金额确认无误 · the amount is meant (R53)")] = False,
    seen: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """向订单报告一个事实 · report a fact to an order.

    starter.py tell 20270105-0001 confirmation_returned --by wang --role customer --set version=1 --set signed_by=王芳

    starter.py tell 20270105-0001 payment_received --by qian --set amount=1500.00 --set reference=TX-7 --id bank/TX-7

    有哪些事实、各带什么：starter.py schema FACT。没有进程应答时先存为信号（同一编号），稍后生效。
    """
    _tell_and_report(
        order,
        fact,
        content_of(content, set_ or ()),
        by=by,
        role=role,
        at=at,
        fact_id=fact_id,
        seen=seen,
        as_json=as_json,
        sure=sure,
    )


def decide(
    order: OrderArgument,
    subject: Annotated[
        str, typer.Argument(help="决定什么，如 technical · what is decided", metavar="SUBJECT")
    ],
    outcome: Annotated[str, typer.Argument(help="结果，如 producible · the outcome", metavar="OUTCOME")],
    line: Annotated[int | None, typer.Option("--line", help="第几行（按行决定的） · which line")] = None,
    version: Annotated[
        int | None, typer.Option("--version", help="答复的是第几版 · version that is answered")
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", help="签字书面的编号 · reference of the signed note")
    ] = None,
    set_: SetOption = None,
    content: ContentOption = None,
    by: ByOption = None,
    role: RoleOption = None,
    at: AtOption = None,
    fact_id: IdOption = None,
    seen: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """作出一项决定（须有签字书面） · take a decision, in writing.

    starter.py decide 20270105-0001 technical producible --note T-88 --by lin --set material_note=原纸充足

    starter.py decide 20270105-0001 balance_release on_credit --note Z-3 --by zhao

    --set 填的是 detail 的内容。有哪些决定：starter.py schema decision:SUBJECT
    """
    known = next((each for each in Subject if subject in (each.value, each.zh)), None)
    if known is None:
        allowed = ", ".join(each.value for each in Subject)
        raise Refusal(
            Code.UNKNOWN_SUBJECT,
            Words(
                f"没有决定 {subject}。有：{allowed}", f"there is no subject {subject}; there are: {allowed}"
            ),
            where="SUBJECT",
        )
    rule = SUBJECTS[known]
    if outcome not in {each.value for each in rule.outcomes}:
        allowed = ", ".join(each.value for each in rule.outcomes)
        raise Refusal(
            Code.UNKNOWN_OUTCOME,
            Words(f"{known.zh} 的结果有：{allowed}", f"the outcomes of {known.value} are: {allowed}"),
            where="OUTCOME",
            rule=rule.rule,
        )
    said = {
        "subject": known.value,
        "outcome": outcome,
        "line": line,
        "version": version,
        "note_reference": note,
    }
    body: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    body["detail"] = content_of(content, set_ or ())
    _tell_and_report(
        order,
        DECISION,
        body,
        by=by,
        role=role,
        at=at,
        fact_id=fact_id,
        seen=seen,
        as_json=as_json,
        roles=rule.roles,
    )


def cancel(
    order: OrderArgument,
    reason: Annotated[str, typer.Option("--reason", help="原因 · why", prompt=False)],
    by: ByOption = None,
    role: RoleOption = None,
    at: AtOption = None,
    fact_id: IdOption = None,
    seen: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """申请取消（生产前免费，之后由主管决定，R84） · ask to cancel.

    starter.py cancel 20270105-0001 --reason 客户不要了 --by li
    """
    body = {"reason": reason}
    _tell_and_report(
        order,
        "cancellation_requested",
        body,
        by=by,
        role=role,
        at=at,
        fact_id=fact_id,
        seen=seen,
        as_json=as_json,
    )


def hold(
    order: OrderArgument,
    reason: Annotated[str, typer.Option("--reason", help="原因 · why")],
    stop_customer_clocks: Annotated[
        bool, typer.Option("--stop-customer-clocks", help="客户的时限也停 · the customer's clocks stop too")
    ] = False,
    by: ByOption = None,
    role: RoleOption = None,
    at: AtOption = None,
    fact_id: IdOption = None,
    seen: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """暂停订单（预交日按暂停天数顺延） · put an order on hold.

    starter.py hold 20270105-0001 --reason 客户展会改期 --by he
    """
    body = {"reason": reason, "customer_clocks_stop": stop_customer_clocks}
    _tell_and_report(
        order, "hold_placed", body, by=by, role=role, at=at, fact_id=fact_id, seen=seen, as_json=as_json
    )


def resume(
    order: OrderArgument,
    reason: Annotated[str, typer.Option("--reason", help="说明 · remark")] = "",
    by: ByOption = None,
    role: RoleOption = None,
    at: AtOption = None,
    fact_id: IdOption = None,
    seen: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """恢复暂停的订单 · let an order on hold go on."""
    _tell_and_report(
        order,
        "hold_released",
        {"reason": reason},
        by=by,
        role=role,
        at=at,
        fact_id=fact_id,
        seen=seen,
        as_json=as_json,
    )


def amend(
    order: OrderArgument,
    reason: Annotated[str, typer.Option("--reason", help="原因 · why")],
    set_: SetOption = None,
    content: ContentOption = None,
    by: ByOption = None,
    role: RoleOption = None,
    at: AtOption = None,
    fact_id: IdOption = None,
    seen: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """变更订单（原签字失效，重新审核确认，R83） · change an order; the old signature is void.

    starter.py amend 20270105-0001 --reason 加量 --set lines.0.line=1 --set lines.0.quantity=1200 --by li
    """
    body = {"reason": reason, "changes": content_of(content, set_ or ())}
    _tell_and_report(
        order,
        "amendment_requested",
        body,
        by=by,
        role=role,
        at=at,
        fact_id=fact_id,
        seen=seen,
        as_json=as_json,
    )


def _tell_and_report(
    order: str,
    kind: str,
    content: dict[str, Any],
    *,
    by: str | None,
    role: str | None,
    at: str | None,
    fact_id: str | None,
    seen: int | None,
    as_json: bool,
    roles: tuple[Role, ...] = (),
    sure: bool = False,
) -> None:
    current = session(as_json=as_json)
    kinds = facts_for(order)
    known = kinds.get(kind)
    may = roles or (known.roles if known is not None else ())
    usual = own_role(current.settings, by, may) or next(iter(may), None)
    shown = Seen(version=seen) if seen is not None else None
    envelope = envelope_of(
        kind, content, by=by, role=role, at=at, fact_id=fact_id, usual_role=usual, seen=shown, kinds=kinds
    )
    require_printable_fact(envelope)
    check_person(current.settings, envelope)
    given_id = envelope.fact_id
    author = author_of(current.settings, envelope.by, envelope.role)
    outside = is_key(author) or is_customer(author)
    own_id = own_fact_id(author, given_id) if fact_id and not outside else given_id
    envelope = envelope.model_copy(update={"by": author, "fact_id": own_id})
    require_own_space(author, envelope.role)
    if not sure:
        require_meant(current.settings, order, envelope)

    async def say_it(client: Client) -> tuple[Told, list[Words]]:
        told = await tell_order(client, current.settings, order, envelope)
        answered = told.reply is not None and told.refusal is None
        return told, await waits_of(client, order) if answered else []

    told, waits = with_client(current, say_it)
    refusal = told.refusal
    note_act(current.settings, order, envelope, refusal.code.value if refusal is not None else TOLD)
    if refusal is not None:
        raise refusal
    if as_json:
        next_ = {"waits_for": [each.en for each in waits]} if waits else {}
        current.speech.data(_as_json(order, given_id, told) | next_)
    elif told.lost:
        current.speech.say(
            f"已存下（编号 {given_id}）。订单 {order} 的流程不在了，恢复后补报：starter.py bring-back {order}",
            f"kept (fact id {given_id}); the workflow of order {order} is gone, and it is told when the order is back: "
            f"starter.py bring-back {order}",
        )
    elif told.stored:
        current.speech.say(
            f"已存入，尚无答复（编号 {given_id}）。处理进程恢复后生效",
            f"stored, not yet answered (fact id {given_id}); it takes effect when a worker is back",
        )
    elif told.reply is not None:
        _report_reply(current.speech, told.reply.model_copy(update={"fact_id": given_id}), waits)


def _report_reply(speech: Speech, reply: Reply, waits: list[Words]) -> None:
    status = reply.status
    speech.say(
        f"{status.zh}（编号 {reply.fact_id}，日志第 {reply.sequence} 条）",
        f"{status.en} (fact id {reply.fact_id}, journal entry {reply.sequence})",
    )
    if waits:
        first = Words.listed(waits[:MOST_SHOWN])
        more = f" (+{len(waits) - MOST_SHOWN})" if len(waits) > MOST_SHOWN else ""
        speech.say(f"  现在等待：{first.zh}{more}", f"  now it waits for: {first.en}{more}")


def _as_json(order: str, given_id: str, told: Told) -> dict[str, Any]:
    """With the id as it was given: that it belongs to who said it is our matter."""
    if told.reply is None:
        return {"order": order, "status": "stored", "fact_id": given_id}
    return {"order": order, **told.reply.model_dump(mode="json", exclude_defaults=True), "fact_id": given_id}
