"""The customer's links as an order's page lists them: to whom they may be given, and what was done by them (R31, R85)."""

from __future__ import annotations

from typing import Any

from activities.access.customer_links import linked_order, links_of
from gateway.context import Door, in_database
from models.access import PLACES, Caller
from models.customer_links import why_closed


async def links_on_page(door: Door, caller: Caller, number: str) -> dict[str, Any]:
    """The customer's links with what was done by them, for who may make them; and why some open nothing any more."""
    if not PLACES & set(caller.roles):
        return {"links": [], "closed_links": {}, "may_make_links": False}
    links = await in_database(links_of, door.engine, number)
    order, now = await in_database(linked_order, door.engine, number), door.now()
    days = door.settings.link_days_after_end
    closed = {each.link.link_hash: why_closed(each.link, order, now, days) for each in links}
    return {"links": links, "closed_links": closed, "may_make_links": True}
