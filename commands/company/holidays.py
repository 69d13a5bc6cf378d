"""`holidays`: open orders hear of holidays that were announced, or of the company's own days, after they had begun."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from commands.company.rights import check_named
from commands.session import JsonOption, Session, session, with_client
from models.messages.envelope import engine_envelope, read_envelope
from models.values.calendar import Calendar, business_date
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Role, Words
from runtime.databases import engine_of

if TYPE_CHECKING:
    from temporalio.client import Client

_WHO = (Role.OPERATOR, Role.SALES_SUPERVISOR, Role.SERVICE_SUPERVISOR, Role.MARKETING_DIRECTOR)
_DONE = Words("已更新日历", "its calendar was brought up to date")
_KNOWN = Words("已有这份日历", "it had these days already")
CALENDAR = "calendar_refreshed"
Results = list[tuple[str, Words, bool]]


def holidays(
    by: Annotated[
        str, typer.Option("--by", envvar="DINGDAN_PERSON", help="谁让订单更新的 · who has it done")
    ] = "",
    order: Annotated[
        list[str] | None,
        typer.Option("--order", help="只更新这些订单，可多次 · only these orders, repeatable"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """让进行中的订单知道新公布的节假日和本公司的日子 · tell open orders of holidays that were announced late.

    starter.py import calendar days.yaml --by manager-wu && starter.py holidays --by manager-wu

    只影响此后的计算：已变动的预交日不改回。重复运行无妨。
    """
    current = session(as_json=as_json)
    if not by:
        words = Words("请用 --by 写明是谁", "name who it is with --by")
        raise Refusal(Code.MISSING_FIELD, words, where="--by")
    check_named(current.settings, by, _WHO)
    numbers = order or _open_orders(current)
    results = with_client(current, lambda client: _each(client, current, numbers))
    if as_json:
        current.speech.data(
            [
                {"order": number, "done": done, "zh": words.zh, "en": words.en}
                for number, words, done in results
            ]
        )
    else:
        for number, words, done in results:
            current.speech.line(
                f"{'✓' if done else '✗'} {number}  {words.in_language(current.speech.language)}"
            )
        count = sum(done for *_, done in results)
        current.speech.say(f"{count}/{len(results)} 单已知道", f"{count} of {len(results)} orders know them")
    if any(not done for *_, done in results):
        raise typer.Exit(1)


def _newest(current: Session, now: datetime) -> Calendar:
    """The calendar as an order that began today would get it."""
    from activities.store.database import reading
    from activities.store.holidays import calendar_around

    with reading(engine_of(current.settings)) as connection:
        return calendar_around(connection, business_date(now))


def _open_orders(current: Session) -> list[str]:
    from sqlalchemy import select

    from activities.store.database import reading
    from models.tables.registry import table

    orders = table("orders")
    asked = select(orders.c.number).where(orders.c.ending.is_(None)).order_by(orders.c.number)
    with reading(engine_of(current.settings)) as connection:
        return list(connection.scalars(asked))


async def _each(client: Client, current: Session, numbers: list[str]) -> Results:
    """Tell each order that counts by other days; one that does not take it stops none of the others."""
    from runtime.delivery.telling import tell_order
    from runtime.order_now import order_now

    engine, now = engine_of(current.settings), datetime.now(UTC)
    newest = await asyncio.to_thread(_newest, current, now)
    told_as = engine_envelope(CALENDAR, {"calendar": lasting(newest)}, f"holidays/{now.isoformat()}", now)
    results: Results = []
    for number in numbers:
        try:
            if (await asyncio.to_thread(order_now, engine, number)).calendar == newest:
                results.append((number, _KNOWN, True))
                continue
            told = await tell_order(client, current.settings, number, read_envelope(told_as))
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD:
                raise
            results.append((number, refusal.words, False))
            continue
        refused = told.refusal
        results.append((number, refused.words if refused is not None else _DONE, refused is None))
    return results
