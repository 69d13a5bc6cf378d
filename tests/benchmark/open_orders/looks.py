"""How long the pages take that a clerk and who sees what is stuck look at most, while all these orders are open."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from runtime.databases import engine_of
from runtime.settings import Settings
from tests.benchmark.lives.table import Figure
from tests.benchmark.pages.addresses import ADDRESSES, Address
from tests.benchmark.pages.measure import measure

ROUNDS = 15
"""So often each page is looked at, once it has been asked for."""
_CLERK, _SUPERVISOR = "clerk-chen", "supervisor-he"
"""Of the stories' company, whose the orders are."""
_BY_A_CLERK = (
    "list, open", "list, by promise", "list, overdue", "search, number", "search, customer", "search, very many open",
    "search, nothing", "order, open", "calendar", "board",
)  # fmt: skip
LOOKS = (
    Address("inbox, clerk", "/", _CLERK),
    Address("inbox, finance", "/", "finance-qian"),
    *(replace(each, person=_CLERK) for each in ADDRESSES if each.name in _BY_A_CLERK),
    Address("stuck", "/company/stuck", _SUPERVISOR),
)


async def page_times(settings: Settings, now: datetime) -> list[Figure]:
    """In the middle and at worst, in milliseconds, of all of a page: session, rights, database, template; of *stuck* the server too.

    Raises AssertionError where one of them is no page.
    """
    figures = list[Figure]()
    for each in await measure(settings, engine_of(settings), LOOKS, now, ROUNDS):
        assert each.status == 200, each
        name, spread = figure_of(each.name), f"{ROUNDS} looks, one after the other"
        figures += [
            Figure(f"{name}_p50", f"page {each.name}, p50", each.median, "ms", spread),
            Figure(f"{name}_worst", f"page {each.name}, worst", each.worst, "ms", spread),
        ]
    return figures


def figure_of(page: str) -> str:
    """Under which name the figures of a page stand in the report: `page_list_open`."""
    return "page_" + "_".join(re.findall(r"[a-z]+", page))
