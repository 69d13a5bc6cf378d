"""Messages as they really come: malformed, of unknown names, before the first task, twice, in contradiction."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import WorkflowUpdateFailedError

from models.messages.envelope import LARGEST_CONTENT
from models.messages.reply import Reply, Status
from models.policy import Policy
from tests.replay.scenarios.at_once import Placed, contact, place, raw
from tests.replay.scenarios.stage import Stage
from workflows.engine.message_bytes import LARGEST_MESSAGE

KNOWN, UNKNOWN = "contact_logged", "fax_came_in"


def _unreadable() -> list[tuple[Any, ...]]:
    """The arguments of signals that hold no envelope."""
    return [
        (),
        (contact("two/1"), contact("two/2")),
        (42,),
        ("来电询问",),
        (None,),
        ([contact("list/1")],),
        (raw(b""),),
        (raw(b"{not json"),),
        (raw(b"\xff\x00", "binary/plain"),),
        (raw(b"\x0a\x02", "binary/protobuf"),),
        (raw(b"NaN"),),
        (raw(b'{"quantity": 1e999}'),),
        (raw(b'{"words": "\\ud800"}'),),
        (contact("nul/1", "a\x00b"),),
        (raw(b"[" * 5000),),
        (raw(b" " * (LARGEST_MESSAGE + 1)),),
    ]


def _refused() -> list[dict[str, Any]]:
    """Envelopes that can be read and are not taken."""
    now = datetime.now(UTC)
    return [
        {"fact_id": "missing/1"},
        contact("field/1", more=1),
        contact("role/1", role="customer"),
        contact("schema/1", schema_version=2),
        contact("content/1", content={"channel": "pigeon", "words": "咕咕"}),
        contact("large/1", "字" * (LARGEST_CONTENT + 1)),
        contact("future/1", happened_at=(now + timedelta(days=3)).isoformat()),
        contact("past/1", happened_at=(now - timedelta(days=300)).isoformat()),
        contact("other/1", kind="payment_received"),
        contact("nobody/1", kind="nothing_known"),
    ]


async def malformed(stage: Stage, name: str) -> None:
    """Whatever cannot be read or taken, under a known name and under an unknown one."""
    queue = stage.new_queue()
    async with stage.worker(queue):
        placed = await place(stage, queue, name)
        for arguments in _unreadable():
            await placed.signal(KNOWN, *arguments)
        for message in _refused():
            await placed.signal(KNOWN, message)
        kindless = contact("kindless/1")
        del kindless["kind"]
        await placed.signal(KNOWN, kindless)
        assert set((await placed.order()).seen) == {"kindless/1"}
        await stage.keep(name, "malformed signals", placed.handle)


async def unknown(stage: Stage, name: str) -> None:
    """Names that nobody knows, with and without an envelope; then the order goes on."""
    queue = stage.new_queue()
    async with stage.worker(queue):
        placed = await place(stage, queue, name)
        await placed.signal(UNKNOWN, contact("unknown/1", kind=UNKNOWN))
        await placed.signal(UNKNOWN, contact("unknown/2"))
        await placed.signal(UNKNOWN)
        await placed.signal(UNKNOWN, 1, 2)
        await placed.signal(UNKNOWN, "words")
        await placed.signal("确认书回传", contact("unknown/3"))
        await placed.signal("x" * 300, contact("unknown/4"))
        await placed.signal("ContactLogged", contact("unknown/5"))
        await placed.live("8h")
        await stage.keep(name, "signals of unknown names", placed.handle)


async def with_the_start(stage: Stage, name: str) -> None:
    """Signal-with-start: the signal is there before the order's first breath."""
    queue = stage.new_queue()
    async with stage.worker(queue):
        placed = await place(stage, queue, name, start_signal=KNOWN, start_signal_args=[contact("first/1")])
        assert "first/1" in (await placed.order()).seen
        await placed.live("2h")
        await stage.keep(name, "signals before the first task", placed.handle)


async def before_the_first_task(stage: Stage, name: str) -> None:
    """No worker runs while signals of all sorts come, in one burst with a whole day's facts and an update."""
    queue = stage.new_queue()
    placed = await place(stage, queue, name)
    await placed.signal(KNOWN, contact("early/1"))
    await placed.signal(UNKNOWN, contact("early/2"))
    await placed.signal(KNOWN)
    await placed.signal(KNOWN, 1, 2)
    for message in placed.next_until("7h"):
        await placed.signal(message["kind"], message)
    waiting = asyncio.create_task(placed.tell(contact("early/3")))
    await asyncio.sleep(0.2)
    async with stage.worker(queue):
        assert (await waiting).status is Status.ACCEPTED
        await stage.keep(name, "signals before the first task", placed.handle)


async def told_twice(stage: Stage, name: str) -> None:
    """The same fact again is known; with other content it is a conflict; by signal and by update, early ones too."""
    queue = stage.new_queue()
    async with stage.worker(queue):
        placed = await place(stage, queue, name)
        early = next(
            each.envelope for each in placed.untold if each.envelope["kind"] == "production_reported"
        )
        early = {**early, "fact_id": "early/1", "happened_at": datetime.now(UTC).isoformat()}
        assert (await placed.tell(early)).status is Status.KEPT_EARLY
        assert (await placed.tell(early)).status is Status.KNOWN
        money = _money("bank/1", "100.00")
        assert (await placed.tell(money)).status is Status.ACCEPTED
        assert (await placed.tell(money)).status is Status.KNOWN
        assert (await placed.tell(_money("bank/1", "200.00"))).code == "fact_conflict"
        await placed.signal("payment_received", money)
        await placed.signal("payment_received", _money("bank/1", "300.00"))
        # Another fact id, the same money.
        await placed.signal("payment_received", {**money, "fact_id": "bank/2"})
        await placed.signal("production_reported", early)
        await placed.live("8h")
        for message in placed.told:
            await placed.signal(message["kind"], message)
        await placed.live("5d 3h")
        await stage.keep(name, "conflicts and duplicates", placed.handle)


def _money(fact_id: str, amount: str) -> dict[str, Any]:
    content = {"amount": amount, "purpose": "deposit", "reference": "TX-1"}
    return contact(fact_id, kind="payment_received", by="finance-qian", role="finance", content=content)


async def refused_updates(stage: Stage, name: str) -> None:
    """What the validator refuses leaves no trace in the history; what the order refuses is kept."""
    queue = stage.new_queue()
    async with stage.worker(queue):
        placed = await place(stage, queue, name)
        for arguments in _unreadable()[:6]:
            with suppress(WorkflowUpdateFailedError):
                await placed.handle.execute_update("tell", args=list(arguments), result_type=Reply)
        for message in _refused():
            with suppress(WorkflowUpdateFailedError):
                await placed.tell(message)
        shipped = contact("early/1", kind="delivery_receipt", role="customer", content={"signed_by": "王芳"})
        assert (await placed.tell(shipped)).status is Status.REFUSED
        assert (await placed.tell(contact("good/1"))).status is Status.ACCEPTED
        await stage.keep(name, "refused updates", placed.handle)


async def adopted(stage: Stage, name: str) -> None:
    """An operator moves an order to another policy and names its edition anew; a supervisor may not. Then it goes on."""
    queue = stage.new_queue()
    async with stage.worker(queue):
        placed = await place(stage, queue, name)
        await placed.live("8h")
        policy = Policy(version="2027-a").model_dump(mode="json")
        await placed.signal("adopted", _adoption(placed, "policy/1", policy=policy, reason="新政策"))
        assert (await placed.order()).policy.version == "2027-a"
        by_another = {**_adoption(placed, "policy/2", policy=policy, reason="?"), "role": "sales_supervisor"}
        await placed.signal("adopted", by_another)
        edition = _adoption(placed, "edition/1", edition=placed.start.edition, reason="版本确认")
        assert (await placed.tell(edition)).status is Status.ACCEPTED
        await placed.live("5d 3h")
        await stage.keep(name, "adopted", placed.handle)


async def corrected(stage: Stage, name: str) -> None:
    """An operator drops a fact that waits and should not, and puts a tracking number right; what does not stand there is refused."""
    queue = stage.new_queue()
    async with stage.worker(queue):
        placed = await place(stage, queue, name)
        await placed.live("1h")
        signed = {"version": 1, "clerk": "clerk-chen"}
        too_early = contact(
            "early/1", kind="production_signed", role="production", by="factory-ma", content=signed
        )
        assert (await placed.tell(too_early)).status is Status.KEPT_EARLY
        dropped = {
            "what": "early_fact",
            "fact": "early/1",
            "told_by": "factory-ma",
            "fact_kind": "production_signed",
        }
        await placed.signal("corrected", _correction("right/1", agreed_by="factory-ma", **dropped))
        assert (await placed.order()).early == []
        await placed.live("5d 20h")
        (sent,) = (await placed.order()).shipments
        number = {
            "what": "tracking_number",
            "shipment": sent.shipment,
            "now": "DB-77",
            "agreed_by": "shipper-luo",
        }
        await placed.signal("corrected", _correction("right/2", was="another", **number))
        await placed.signal("corrected", _correction("right/3", was=sent.tracking_number, **number))
        assert (await placed.order()).shipments[0].tracking_number == "DB-77"
        await placed.live("30d")
        await stage.keep(name, "corrected by an operator", placed.handle)


def _correction(fact_id: str, **content: Any) -> dict[str, Any]:
    said = {"reason": "录错了", **content}
    return contact(fact_id, kind="corrected", role="operator", by="ops-1", content=said)


def _adoption(placed: Placed, fact_id: str, **content: Any) -> dict[str, Any]:
    return contact(fact_id, kind="adopted", role="operator", by="ops-1", content=content)
