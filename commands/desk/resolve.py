"""`resolve`: steps of the desk, which no order can wait for: an unread scan, a missing address, a doubtful fax."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from commands.company.rights import check_named
from commands.session import JsonOption, session
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.databases import engine_of
from runtime.delivery.resolving import Resolution, resolve_step
from runtime.delivery.telling import Told

if TYPE_CHECKING:
    from temporalio.client import Client


def resolve(
    step: Annotated[
        str, typer.Argument(help="待办编号,如 unread_scan:ab12/1 · the key of the step", metavar="STEP")
    ],
    order: Annotated[str | None, typer.Option("--order", help="是这张订单 · it is this order")] = None,
    shipment: Annotated[
        str | None, typer.Option("--shipment", help="是第几批货 · which shipment of it")
    ] = None,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="确认书第几版 · version of the sheet")
    ] = None,
    address: Annotated[str | None, typer.Option("--address", help="正确的地址 · the right address")] = None,
    sent: Annotated[
        str | None, typer.Option("--sent", help="发了没有:yes 或 no · was it sent: yes or no")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="再试一次 · try it once more")] = False,
    answer: Annotated[
        str | None, typer.Option("--answer", help="给客户的答复 · what the customer is answered")
    ] = None,
    give_up: Annotated[
        str | None, typer.Option("--give-up", help="不再处理及原因 · leave it, and why")
    ] = None,
    by: Annotated[str, typer.Option("--by", envvar="DINGDAN_PERSON", help="谁办的 · who did it")] = "",
    as_json: JsonOption = False,
) -> None:
    """办结订单部的待办:认不出的扫描件、缺地址、被拒收、不知发了没有、没能开始的订单 · settle a step of the desk.

    starter.py resolve unread_scan:ab12/1 --order 20270105-0001 --version 1 --by chen

    starter.py resolve no_address:K-B1/email --address a@example.com --by chen

    starter.py resolve was_it_sent:3f5a --sent no --by chen

    starter.py resolve unstarted_order:20270105-0001 --again --by chen

    有哪些待办:starter.py waiting service_clerk。
    """
    from activities.facts.desk_steps import find_open_step

    current = session(as_json=as_json)
    if not by:
        words = Words("请用 --by 写明谁办的", "name who did it with --by")
        raise Refusal(Code.MISSING_FIELD, words, where="--by")
    if sent not in (None, "yes", "no"):
        words = Words("--sent 写 yes 或 no", "--sent is yes or no")
        raise Refusal(Code.MALFORMED, words, where="--sent")
    said = Resolution(
        order=order or "", shipment=shipment or "", version=version, address=address or "", sent=None if sent is None else sent == "yes",
        again=again, give_up=give_up or "", answer=answer or "",
    )  # fmt: skip
    engine = engine_of(current.settings)
    found = find_open_step(engine, step)
    check_named(current.settings, by, found.roles)

    async def on_server(tell: Callable[[Client], Awaitable[Told]]) -> Told:
        from runtime.connection import connect

        return await tell(await connect(current.settings))

    done = asyncio.run(resolve_step(current.settings, engine, found, said, by, on_server))
    if as_json:
        current.speech.data({"step": found.key, "done": done.en})
    else:
        current.speech.say(done.zh, done.en)
