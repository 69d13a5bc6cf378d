"""Links into the Temporal UI: one order, and lists by query."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from activities.reports.report_runs import documents_queue
from models.values.vocabulary import Role, Words
from runtime.settings import Settings
from runtime.watch.stuck_kinds import RUNNING, STUCK, StuckKind

_LISTS: dict[str, tuple[Words, str]] = {
    "open": (Words("未结订单", "open orders"), RUNNING),
    "hanging": (Words("悬单", "hanging orders"), f'{RUNNING} AND DingdanStage="hanging"'),
    "closed": (Words("已终结订单", "orders that have ended"), 'ExecutionStatus!="Running"'),
}


def ready_lists(now: datetime) -> dict[str, tuple[Words, str]]:
    """Ready-made lists: name → words and query, at this moment (UTC); among them whatever may be stuck."""
    stuck = {
        kind.value: (Words(kind.zh, kind.en), row.filled(now))
        for kind, row in STUCK.items()
        if row.query and kind is not StuckKind.WAITS_FOR_ROLE
    }
    return {**_LISTS, **stuck}


def order_link(namespace_page: str, number: str) -> str:
    """The page of one order."""
    return workflow_link(namespace_page, f"order-{number}")


def workflow_link(namespace_page: str, workflow_id: str) -> str:
    """The page of one workflow."""
    return f"{namespace_page}/workflows/{quote(workflow_id, safe='')}"


def list_link(namespace_page: str, query: str) -> str:
    """The list of orders that a query finds."""
    return f"{namespace_page}/workflows?query={quote(query, safe='')}"


def waiting_query(role: Role, now: datetime) -> str:
    """The query for orders that wait on a role."""
    return STUCK[StuckKind.WAITS_FOR_ROLE].filled(now, role=role)


def queue_link(namespace_page: str, queue: str) -> str:
    """The page of a task queue: who polls it."""
    return f"{namespace_page}/task-queues/{quote(queue, safe='')}"


def queue_of(settings: Settings, kind: StuckKind) -> str:
    """The task queue that a kind is about; empty for any other."""
    queues = {
        StuckKind.NO_WORKER: settings.task_queue,
        StuckKind.NO_PRESS: documents_queue(settings.task_queue),
    }
    return queues.get(kind, "")
