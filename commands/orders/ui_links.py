"""Links into the Temporal UI: one order, and lists by query."""

from __future__ import annotations

from urllib.parse import quote

from models.values.vocabulary import Role, Words

RUNNING = 'ExecutionStatus="Running"'

LISTS: dict[str, tuple[Words, str]] = {
    "open": (Words("未结订单", "open orders"), RUNNING),
    "overdue": (Words("超期订单", "overdue orders"), f"{RUNNING} AND DingdanOverdue=true"),
    "hanging": (Words("悬单", "hanging orders"), f'{RUNNING} AND DingdanStage="hanging"'),
    "failing": (Words("卡住的流程任务", "failing workflow tasks"), "TemporalReportedProblems IS NOT NULL"),
    "closed": (Words("已终结订单", "orders that have ended"), 'ExecutionStatus!="Running"'),
}
"""Ready-made lists: name → words and query."""


def order_link(namespace_page: str, number: str) -> str:
    """The page of one order."""
    return f"{namespace_page}/workflows/{quote(f'order-{number}', safe='')}"


def list_link(namespace_page: str, query: str) -> str:
    """The list of orders that a query finds."""
    return f"{namespace_page}/workflows?query={quote(query, safe='')}"


def waiting_query(role: Role) -> str:
    """The query for orders that wait on a role."""
    return f'{RUNNING} AND DingdanWaitsOn="{role.value}"'
