"""`setup`: database, search attributes and retention, as often as one likes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from commands.session import JsonOption, session, with_client

if TYPE_CHECKING:
    from temporalio.client import Client

    from runtime.settings import Settings


async def prepare(settings: Settings, client: Client) -> dict[str, object]:
    """Bring the order database to its newest schema and gather what orders are found by, register search attributes,
    keep closed orders 90 days.

    Doing it again changes nothing. Raises Refusal where database or server cannot take it.
    """
    from activities.listing.order_words import gather_words
    from activities.store.database import engine_at, upgrade
    from activities.store.private_folder import close_data_folder
    from runtime.server.registration import keep_closed_orders, register_attributes
    from runtime.server.schedules import bring_into_being
    from workflows.engine.search_attributes import SEARCH_ATTRIBUTES

    await asyncio.to_thread(upgrade, settings.database_url)
    await asyncio.to_thread(gather_words, engine_at(settings.database_url))
    await asyncio.to_thread(close_data_folder, settings.var)
    added = await register_attributes(client, SEARCH_ATTRIBUTES)
    changed = await keep_closed_orders(client)
    schedules = await bring_into_being(client, settings.task_queue)
    return {
        "database": settings.shown_database(),
        "search_attributes_added": added,
        "retention_changed": changed,
        "schedules_added": schedules,
    }


def setup(as_json: JsonOption = False) -> None:
    """建好数据库、搜索属性和保留期(可反复运行) · prepare database, search attributes, retention; safe to repeat.

    starter.py setup
    """
    current = session(as_json=as_json)
    done = with_client(current, lambda client: prepare(current.settings, client))
    if as_json:
        current.speech.data(done)
    else:
        current.speech.say(f"已就绪:{done['database']}", f"ready: {done['database']}")
