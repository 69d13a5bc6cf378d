"""`resolve`: steps of the desk, which no order can wait for: an unread scan, a missing address, a doubtful fax."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from commands.session import JsonOption, Session, session, with_client
from models.desk_steps import DeskStep, DeskStepKind
from models.errors import Code, Refusal
from models.notices import DeliveryState
from models.vocabulary import Words
from runtime.databases import engine_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

_DONE = Words("已办结", "done")


def resolve(
    step: Annotated[
        str, typer.Argument(help="待办编号,如 unread_scan:ab12/1 · the key of the step", metavar="STEP")
    ],
    order: Annotated[str | None, typer.Option("--order", help="是这张订单 · it is this order")] = None,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="确认书第几版 · version of the sheet")
    ] = None,
    address: Annotated[str | None, typer.Option("--address", help="正确的地址 · the right address")] = None,
    sent: Annotated[
        str | None, typer.Option("--sent", help="发了没有:yes 或 no · was it sent: yes or no")
    ] = None,
    give_up: Annotated[
        str | None, typer.Option("--give-up", help="不再处理及原因 · leave it, and why")
    ] = None,
    by: Annotated[str, typer.Option("--by", envvar="DINGDAN_PERSON", help="谁办的 · who did it")] = "",
    as_json: JsonOption = False,
) -> None:
    """办结订单部的待办:认不出的扫描件、缺地址、被拒收、不知发了没有 · settle a step of the desk.

    starter.py resolve unread_scan:ab12/1 --order 20270105-0001 --version 1 --by chen

    starter.py resolve no_address:K-B1/email --address a@example.com --by chen

    starter.py resolve was_it_sent:3f5a --sent no --by chen

    有哪些待办:starter.py waiting service_clerk。
    """
    from activities.desk_steps import find_open_step

    current = session(as_json=as_json)
    if not by:
        words = Words("请用 --by 写明谁办的", "name who did it with --by")
        raise Refusal(Code.MISSING_FIELD, words, where="--by")
    engine = engine_of(current.settings)
    found = find_open_step(engine, step)
    if give_up is not None:
        _give_up(engine, found, by, give_up)
        done = _DONE
    elif found.kind in (DeskStepKind.UNREAD_SCAN, DeskStepKind.UNREAD_FILE):
        done = _assign(current, engine, found, order, version, by)
    elif found.kind is DeskStepKind.UNPLACED_FACT:
        done = _place_fact(engine, found, order, by)
    elif found.kind in (DeskStepKind.NO_ADDRESS, DeskStepKind.REJECTED):
        done = _address(engine, found, address, by)
    elif found.kind is DeskStepKind.WAS_IT_SENT:
        done = _was_sent(engine, found, sent, by)
    else:
        raise _wanted(found)
    if as_json:
        current.speech.data({"step": found.key, "done": done.en})
    else:
        current.speech.say(done.zh, done.en)


def _wanted(step: DeskStep) -> Refusal:
    words = Words("这一待办要这样办:{command}", "this step is settled like this: {command}").filled(
        command=step.command
    )
    return Refusal(Code.MISSING_FIELD, words, where=step.key)


def _now() -> datetime:
    return datetime.now(UTC)


def _give_up(engine: Engine, step: DeskStep, by: str, reason: str) -> None:
    from activities.deliveries import give_up_address, settle
    from activities.desk_steps import resolve as close

    if step.kind is DeskStepKind.NO_ADDRESS:
        give_up_address(engine, step, _now(), by, reason)
    elif step.kind in (DeskStepKind.REJECTED, DeskStepKind.WAS_IT_SENT):
        settle(engine, step, DeliveryState.WITHDRAWN, _now(), by, reason)
    else:
        close(engine, step.key, _now(), by=by, resolution=reason)


def _assign(
    current: Session, engine: Engine, step: DeskStep, order: str | None, version: int | None, by: str
) -> Words:
    """A person read what no machine could: the sheet is reported to its order."""
    from activities.desk_steps import resolve as close
    from runtime.scans import report_sheet

    if order is None or version is None:
        raise _wanted(step)
    told = with_client(
        current,
        lambda client: report_sheet(
            client, current.settings, order, version, "", step.about["document"], _now(), by
        ),
    )
    if told.refusal is not None:
        raise told.refusal
    close(engine, step.key, _now(), by=by, resolution=f"{order} v{version}")
    return Words(f"已报给订单 {order},待核对签字", f"told order {order}; the signature is to be looked at")


def _place_fact(engine: Engine, step: DeskStep, order: str | None, by: str) -> Words:
    """A fact for an order that nobody knew: a person says which one was meant."""
    from activities.desk_steps import resolve as close
    from activities.inbox import give_to
    from activities.requests import start_of

    if order is None:
        raise _wanted(step)
    start_of(engine, order)
    give_to(engine, step.about["fact_id"], step.about["given"], order)
    close(engine, step.key, _now(), by=by, resolution=order)
    return Words(f"将报给订单 {order}", f"order {order} is told")


def _address(engine: Engine, step: DeskStep, address: str | None, by: str) -> Words:
    from activities.deliveries import send_again, supply_address

    if not address:
        raise _wanted(step)
    if step.kind is DeskStepKind.REJECTED:
        send_again(engine, step, _now(), by, address)
        return Words(f"将重发到 {address}", f"it is sent again to {address}")
    count = supply_address(engine, step, address, _now(), by)
    return Words(f"地址已记下,{count} 条通知将发出", f"the address is noted; {count} notices go out")


def _was_sent(engine: Engine, step: DeskStep, sent: str | None, by: str) -> Words:
    from activities.deliveries import send_again, settle

    if sent not in ("yes", "no"):
        raise _wanted(step)
    if sent == "yes":
        settle(engine, step, DeliveryState.SENT, _now(), by, "was sent")
        return _DONE
    send_again(engine, step, _now(), by)
    return Words("将重发", "it is sent again")
