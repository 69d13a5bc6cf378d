"""Settling a step of the desk by what a person says of it: the same for page and command line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.messages.authors import own_fact_id
from models.reports.desk_steps import AGAIN, ANOTHER_ORDER, ANSWER_MARK, ANSWERED, DeskStep, DeskStepKind
from models.reports.notice_routes import DeliveryState
from models.values.content import LONGEST_TEXT
from models.values.errors import Code, Refusal
from models.values.vocabulary import Channel, Role, Words
from models.writing.entry import require_text
from models.writing.printed_figures import moment
from runtime.delivery.telling import Told
from runtime.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from temporalio.client import Client

OnServer = Callable[[Callable[["Client"], Awaitable[Told]]], Awaitable[Told]]
"""How something is told on the Temporal server, by whoever has a client."""

_DONE = Words("已办结", "done")
_NOT_OF_THESE = Words("{given} 不在其中：{known}", "{given} is none of these: {known}")
_WANTED = Words("这一待办要这样办：{command}", "this step is settled like this: {command}")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a person says: only what the step asks for is looked at; `give_up` (why) leaves it."""

    order: str = ""
    shipment: str = ""
    version: int | None = None
    address: str = ""
    sent: bool | None = None
    again: bool = False
    give_up: str = ""
    answer: str = ""


async def resolve_step(
    settings: Settings, engine: Engine, step: DeskStep, said: Resolution, by: str, on_server: OnServer
) -> Words:
    """What follows, in words. Raises Refusal (malformed, missing_field, unknown_order, and what an order refuses)."""
    for where, text in (("order", said.order), ("address", said.address), ("by", by)):
        require_text(text, where)
    require_text(said.give_up, "give_up", lines=True)
    require_text(said.answer, "answer", lines=True)
    if said.give_up:
        await _log_contact(settings, engine, step, said.give_up, by, on_server)
        await asyncio.to_thread(_give_up, engine, step, by, said.give_up)
        return _DONE
    if step.kind in (DeskStepKind.UNREAD_SCAN, DeskStepKind.UNREAD_FILE):
        return await _assign(settings, engine, step, said, by, on_server)
    if step.kind is DeskStepKind.UNSTARTED_ORDER and said.again:
        return await _begin(settings, engine, step, by, on_server)
    if step.kind is DeskStepKind.LOST_ORDER and said.again:
        return await _bring_back(settings, step, by, on_server)
    if step.kind in ANSWERED and said.answer:
        return await _answer(settings, engine, step, said.answer, by, on_server)
    return await asyncio.to_thread(_settle, engine, step, said, by)


def _settle(engine: Engine, step: DeskStep, said: Resolution, by: str) -> Words:
    names_it = step.kind is not DeskStepKind.SEVERAL_SHIPMENTS or said.shipment
    if step.kind in ANOTHER_ORDER and said.order and names_it:
        return _place_fact(engine, step, said, by)
    if step.kind in (DeskStepKind.NO_ADDRESS, DeskStepKind.REJECTED) and said.address:
        return _address(engine, step, said.address, by)
    if step.kind is DeskStepKind.WAS_IT_SENT and said.sent is not None:
        return _was_sent(engine, step, by, sent=said.sent)
    if step.kind in AGAIN and said.again:
        return _again(engine, step, by)
    raise _wanted(step)


def _wanted(step: DeskStep) -> Refusal:
    return Refusal(Code.MISSING_FIELD, _WANTED.filled(command=step.command), where=step.key)


def _now() -> datetime:
    return datetime.now(UTC)


def _give_up(engine: Engine, step: DeskStep, by: str, reason: str) -> None:
    from activities.facts.desk_steps import resolve as close
    from activities.notices.deliveries import give_up_address, settle
    from activities.orders.unstarted import give_up as give_up_order

    if step.kind is DeskStepKind.UNSTARTED_ORDER:
        give_up_order(engine, step.order_number, _now(), by=by, reason=reason)
    elif step.kind is DeskStepKind.NO_ADDRESS:
        give_up_address(engine, step, _now(), by, reason)
    elif step.kind in (DeskStepKind.REJECTED, DeskStepKind.WAS_IT_SENT):
        settle(engine, step, DeliveryState.WITHDRAWN, _now(), by, reason)
    else:
        close(engine, step.key, _now(), by=by, resolution=reason)


async def _assign(
    settings: Settings, engine: Engine, step: DeskStep, said: Resolution, by: str, on_server: OnServer
) -> Words:
    """A person read what no machine could: the sheet is reported to its order."""
    from activities.facts.desk_steps import resolve as close
    from runtime.files.scans import report_sheet

    order, version = said.order, said.version
    if not order or version is None:
        raise _wanted(step)
    told = await on_server(
        lambda client: report_sheet(client, settings, order, version, "", step.about["document"], _now(), by)
    )
    if told.refusal is not None:
        raise told.refusal
    await asyncio.to_thread(close, engine, step.key, _now(), by=by, resolution=f"{order} v{version}")
    return Words(f"已报给订单 {order}，待核对签字", f"told order {order}; the signature is to be looked at")


async def _answer(
    settings: Settings, engine: Engine, step: DeskStep, answer: str, by: str, on_server: OnServer
) -> Words:
    """The customer reads it on their page and is told. Raises Refusal where the order cannot be told: the step stays open."""
    from activities.facts.customer_questions import answered

    await _log_contact(settings, engine, step, answer, by, on_server)
    await asyncio.to_thread(answered, engine, step, f"{ANSWER_MARK}{answer}", answer, _now(), by)
    return Words("已答复客户", "the customer is answered")


async def _log_contact(
    settings: Settings, engine: Engine, step: DeskStep, said: str, by: str, on_server: OnServer
) -> None:
    """What a customer asked on their page, and what became of it, stands in the contact log while the order lives (R18)."""
    from activities.orders.views.order_views import has_ended
    from models.facts.fact_envelope import fact_envelope
    from runtime.delivery.telling import tell_order

    number = step.order_number
    if step.kind is not DeskStepKind.CUSTOMER_QUESTION or await asyncio.to_thread(has_ended, engine, number):
        return
    words = f"{moment(step.since)} {step.about['words']} → {said}"[:LONGEST_TEXT]
    content = {"channel": Channel.WEBSITE.value, "words": words}
    envelope = fact_envelope(
        own_fact_id(by, step.key),
        "contact_logged",
        content,
        by=by,
        role=Role.SERVICE_CLERK,
        happened_at=_now(),
    )
    told = await on_server(lambda client: tell_order(client, settings, number, envelope))
    if told.refusal is not None:
        raise told.refusal


async def _begin(settings: Settings, engine: Engine, step: DeskStep, by: str, on_server: OnServer) -> Words:
    """An order that was set aside, once more. Raises Refusal where it still cannot begin; the step stays open then."""
    from activities.orders.requests import start_of
    from activities.orders.unstarted import has_begun_after_all
    from activities.store.faults import named_faults
    from runtime.delivery.placing import Opened, begin_order

    number = step.order_number
    with named_faults(step.key):
        start = await asyncio.to_thread(start_of, engine, number)

    opened = Opened(start, known=True)

    async def begin(client: Client) -> Told:
        nonlocal opened
        opened = await begin_order(client, settings, opened)
        return Told()

    await on_server(begin)
    await asyncio.to_thread(has_begun_after_all, engine, number, _now(), by)
    number = opened.start.number
    return Words(f"订单 {number} 已开始", f"order {number} has begun")


async def _bring_back(settings: Settings, step: DeskStep, by: str, on_server: OnServer) -> Words:
    """An order whose workflow is gone lives again and hears what was told meanwhile; the step closes with it."""
    from runtime.delivery.bringing_back import bring_back

    number, done = step.order_number, Words("", "")

    async def bring(client: Client) -> Told:
        nonlocal done
        back = await bring_back(client, settings, number, by)
        done = Words(f"订单 {number}：{back.how.zh}", f"order {number}: {back.how.en}")
        return Told()

    await on_server(bring)
    return done


def _again(engine: Engine, step: DeskStep, by: str) -> Words:
    """What was set aside takes its way again; whoever forwards or routes meets it next."""
    from activities.facts import pending_facts
    from activities.facts.desk_steps import resolve as close
    from activities.notices.routing import route_again

    if step.kind is DeskStepKind.REFUSED_FACT:
        digest = step.about.get("digest", "")
        pending_facts.try_again(engine, step.order_number, step.about["fact_id"], digest)
    else:
        route_again(engine, step.order_number, step.about["identity"])
    close(engine, step.key, _now(), by=by, resolution="again")
    return Words("将再试一次", "it is tried once more")


def _place_fact(engine: Engine, step: DeskStep, said: Resolution, by: str) -> Words:
    """A fact for an order that nobody knew: a person says which one was meant."""
    from activities.facts.desk_steps import resolve as close
    from activities.facts.pending_facts import give_to
    from activities.orders.requests import start_of

    order, about = said.order, step.about
    start_of(engine, order)
    shipment = _named_shipment(step, said) if step.kind is DeskStepKind.SEVERAL_SHIPMENTS else ""
    give_to(engine, about["fact_id"], about["given"], order, about.get("digest", ""), shipment)
    close(engine, step.key, _now(), by=by, resolution=f"{order} {shipment}".strip())
    return Words(f"将报给订单 {order}", f"order {order} is told")


def _named_shipment(step: DeskStep, said: Resolution) -> str:
    """One of those with this waybill. Raises Refusal(unknown_shipment)."""
    known = step.about["shipments"].split(", ")
    if f"{said.order}/{said.shipment}" not in known:
        words = _NOT_OF_THESE.filled(given=f"{said.order}/{said.shipment}", known=", ".join(known))
        raise Refusal(Code.UNKNOWN_SHIPMENT, words, where="shipment")
    return said.shipment


def _address(engine: Engine, step: DeskStep, address: str, by: str) -> Words:
    from activities.notices.deliveries import send_again, supply_address

    if step.kind is DeskStepKind.REJECTED:
        send_again(engine, step, _now(), by, address)
        return Words(f"将重发到 {address}", f"it is sent again to {address}")
    count = supply_address(engine, step, address, _now(), by)
    return Words(f"地址已记下，{count} 条通知将发出", f"the address is noted; {count} notices go out")


def _was_sent(engine: Engine, step: DeskStep, by: str, *, sent: bool) -> Words:
    from activities.notices.deliveries import send_again, settle

    if sent:
        settle(engine, step, DeliveryState.SENT, _now(), by, "was sent")
        return _DONE
    send_again(engine, step, _now(), by)
    return Words("将重发", "it is sent again")
