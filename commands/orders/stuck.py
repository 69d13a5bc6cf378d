"""`list --stuck`: what is stuck, in which way, why, and what to do; asked of the Temporal server, so also without the order database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from commands.session import Session, with_client
from models.values.errors import Code, Refusal
from models.values.vocabulary import Headline, Role, Words
from runtime.connection import ui_namespace_address
from runtime.watch.stuck_kinds import STUCK, StuckKind
from runtime.watch.ui_links import list_link, queue_link, queue_of, workflow_link

if TYPE_CHECKING:
    from temporalio.client import Client

    from runtime.watch.pollers import Polled
    from runtime.watch.stuck_orders import Found, StuckOrder

ALL = "all"
_UNKNOWN = Words("没有这一种：{kind}。有：{known}", "there is no kind {kind}; there are: {known}")
_WHICH_ROLE = Words("请用 --waiting 说明哪个角色", "say which role by --waiting")
_QUEUES = (StuckKind.NO_WORKER, StuckKind.NO_PRESS)


def list_stuck(
    current: Session, named: str, now: datetime, *, role: Role | None, days: int, most: int | None
) -> None:
    """One kind, or an overview of all. Raises Refusal(malformed, missing_field, server_unavailable)."""
    if named == ALL:
        _overview(current, now, days)
        return
    kind = _kind(named)
    if kind is StuckKind.WAITS_FOR_ROLE and role is None:
        raise Refusal(Code.MISSING_FIELD, _WHICH_ROLE, where="--waiting")
    if kind in _QUEUES:
        _queue(current, kind)
        return
    from runtime.watch.stuck_orders import find_stuck

    query = STUCK[kind].filled(now, role=role, days=days)
    found = with_client(current, lambda client: find_stuck(client, kind, query, most))
    link = list_link(ui_namespace_address(current.settings), query) if query else ""
    if current.as_json:
        current.speech.data(
            {
                "kind": kind.value,
                "orders": [_json(current, each) for each in found.orders],
                "more": found.more,
                "looked_at": found.looked_at,
                "query": query,
                "link": link,
            }
        )
        return
    _told(current, kind, found, link)


def _kind(named: str) -> StuckKind:
    for kind in StuckKind:
        if named in (kind.value, kind.zh):
            return kind
    known = ", ".join([*(kind.value for kind in StuckKind), ALL])
    raise Refusal(Code.MALFORMED, _UNKNOWN.filled(kind=named, known=known), where="--stuck")


def _json(current: Session, each: StuckOrder) -> dict[str, Any]:
    return {**asdict(each), "link": workflow_link(ui_namespace_address(current.settings), each.workflow_id)}


def _told(current: Session, kind: StuckKind, found: Found, link: str) -> None:
    page = ui_namespace_address(current.settings)
    current.speech.title(kind.zh, kind.en)
    current.speech.table(
        (
            Words("订单", "order"), Words("状态", "status"), Words("等谁", "waits for"), Words("自", "since"),
            Words("预交日", "promise"), Words("错误", "failure"), Words("界面", "in the UI"),
        ),
        [
            (
                each.number or each.workflow_id,
                next((stage for stage in Headline if stage.value == each.stage), each.stage),
                [_waited_for(name) for name in each.waits_on],
                each.since,
                each.promised.date() if each.promised else None,
                each.failure,
                workflow_link(page, each.workflow_id),
            )
            for each in found.orders
        ],
    )  # fmt: skip
    if found.more:
        current.speech.say("  还有更多（--most 0 显示全部）", "  there are more (--most 0 shows all)")
    if kind is StuckKind.ACTIVITY_FAILING:
        current.speech.say(
            f"  查看了 {found.looked_at} 个流程", f"  {found.looked_at} workflows were looked at"
        )
    _advice(current, kind)
    if link:
        current.speech.line(f"  {link}")


def _waited_for(name: str) -> Role | str:
    return next((role for role in Role if role.value == name), name)


def _advice(current: Session, kind: StuckKind) -> None:
    why, what = STUCK[kind].why, STUCK[kind].what_to_do
    current.speech.say(f"  原因：{why.zh}", f"  why: {why.en}")
    current.speech.say(f"  怎么办：{what.zh}", f"  what to do: {what.en}")


def _queue(current: Session, kind: StuckKind) -> None:
    polled = with_client(current, lambda client: _polled(client, current, kind))
    if current.as_json:
        current.speech.data({"kind": kind.value, **_queue_json(current, polled)})
        return
    current.speech.title(kind.zh, kind.en)
    current.speech.table(
        (
            Words("队列", "queue"), Words("轮询者", "polled by"), Words("积压", "backlog"), Words("最久等了", "oldest waits"),
        ),
        [(polled.queue, list(polled.pollers) or None, str(polled.backlog), str(polled.backlog_age))],
    )  # fmt: skip
    if polled.works:
        current.speech.say("  有人在做", "  somebody works")
    else:
        _advice(current, kind)
    current.speech.line(f"  {queue_link(ui_namespace_address(current.settings), polled.queue)}")


def _queue_json(current: Session, polled: Polled) -> dict[str, Any]:
    return {
        "queue": polled.queue,
        "works": polled.works,
        "pollers": list(polled.pollers),
        "backlog": polled.backlog,
        "backlog_age_seconds": polled.backlog_age.total_seconds(),
        "link": queue_link(ui_namespace_address(current.settings), polled.queue),
    }


async def _polled(client: Client, current: Session, kind: StuckKind) -> Polled:
    from runtime.watch.pollers import press_seen, worker_seen

    seen = worker_seen if kind is StuckKind.NO_WORKER else press_seen
    return await seen(client, current.settings)


def _overview(current: Session, now: datetime, days: int) -> None:
    rows = with_client(current, lambda client: _counts(client, current, now, days))
    if current.as_json:
        current.speech.data(
            {"stuck": [{"kind": kind.value, "count": count, "link": link} for kind, count, link in rows]}
        )
        return
    current.speech.table(
        (
            Words("哪一种", "kind"),
            Words("名称", "name"),
            Words("几件", "how many"),
            Words("界面", "in the UI"),
        ),
        [(kind, kind.value, str(count), link) for kind, count, link in rows],
    )


async def _counts(
    client: Client, current: Session, now: datetime, days: int
) -> Sequence[tuple[StuckKind, int, str]]:
    """How much is stuck in each way. Without the role, which somebody must name; a queue that nobody polls counts as one."""
    from runtime.watch.stuck_orders import count_stuck, find_stuck

    page, rows = ui_namespace_address(current.settings), []
    for kind in StuckKind:
        if kind is StuckKind.WAITS_FOR_ROLE:
            continue
        query, queue = STUCK[kind].filled(now, days=days), queue_of(current.settings, kind)
        count = await count_stuck(client, current.settings, kind, query)
        if count is None:
            count = len((await find_stuck(client, kind, query, None)).orders)
        rows.append(
            (kind, count, queue_link(page, queue) if queue else list_link(page, query) if query else "")
        )
    return rows
