"""Money as finance says it at the money desk: told to the order in the way of every fact, as the person who is logged in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from activities.facts.desk_steps import find_open_step
from activities.money.bank_lines import Senders, other_holder
from activities.orders.payment_question import require_meant
from activities.orders.views.order_views import show_order
from activities.store.company_files import read_policy, read_sender_table
from gateway.api.telling import Said, say
from gateway.context import Door, in_database
from models.access import Caller
from models.facts.fact_envelope import fact_envelope
from models.money.matching import BankLine
from models.money.splitting import Telling
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.delivery.resolving import Resolution, resolve_step
from runtime.settings import Settings
from runtime.webhook_keys import senders_of, table_file

_ELSEWHERE = Words(
    "凭证 {reference} 已记在订单 {order}；一笔款只算一次，请从那里拆分或转出",
    "reference {reference} counts for order {order} already; money counts once: split or move it from there",
)
_LONG_AGO = timedelta(days=1)


def senders(settings: Settings) -> Senders:
    """What each sender's events mean; one whose table is broken is left out here, and told where it is used."""
    found = {}
    for name in senders_of(settings):
        try:
            found[name] = read_sender_table(table_file(settings, name))
        except Refusal:
            continue
    return found


def moment_in(values: Mapping[str, str]) -> datetime:
    """When the form was shown: so the same form sent twice is one fact. Now where that is not said, or is long ago."""
    now = datetime.now(UTC)
    try:
        shown = datetime.fromisoformat(values.get("at", ""))
    except ValueError:
        return now
    return shown if shown.tzinfo is not None and now - _LONG_AGO < shown <= now else now


async def require_one_order(door: Door, line: BankLine, order: str) -> None:
    """Raises Refusal(contradiction) where another order has the receipt already (R53)."""
    holder = await in_database(other_holder, door.engine, line, order)
    if holder is not None:
        words = _ELSEWHERE.filled(reference=line.reference, order=holder)
        raise Refusal(Code.CONTRADICTION, words, where="order", rule="R53")


async def require_meant_so(door: Door, order: str, telling: Telling) -> None:
    """R53: money far above what is open is asked back first. Raises Refusal (questioned, unknown_order)."""
    policy = await asyncio.to_thread(read_policy, door.settings.policy)
    view = await in_database(show_order, door.engine, order)
    require_meant(view, telling.kind, telling.content, policy.payment.question_above_factor)


async def place(door: Door, caller: Caller, line: BankLine, order: str) -> None:
    """A sum that the desk asks about goes to its order first, as the bank told it. Raises Refusal as `resolve_step`."""
    if line.step:
        step = await in_database(find_open_step, door.engine, line.step)
        said = Resolution(order=order)
        await resolve_step(door.settings, door.engine, step, said, caller.name, door.on_server)


async def leave(door: Door, caller: Caller, line: BankLine, reason: str) -> None:
    """A sum for no order of ours: its step is closed with the reason. Raises Refusal as `resolve_step`."""
    step = await in_database(find_open_step, door.engine, line.step)
    await resolve_step(
        door.settings, door.engine, step, Resolution(give_up=reason), caller.name, door.on_server
    )
    door.forward_now()


async def tell(
    door: Door,
    caller: Caller,
    telling: Telling,
    values: Mapping[str, str],
    address: str,
    place_in_form: int = 0,
) -> Said:
    """Tell one order one fact of finance. The same form sent twice is one fact. Raises Refusal for what the order refuses."""
    envelope = fact_envelope(
        caller.fact_id(f"money/{values.get('once', '')[:64]}/{place_in_form}"),
        telling.kind,
        telling.content,
        by=caller.author,
        role=caller.role_for(telling.kind, Role.FINANCE),
        happened_at=moment_in(values),
    )
    said = await say(door, caller, telling.order, envelope, address)
    door.forward_now()
    return said
