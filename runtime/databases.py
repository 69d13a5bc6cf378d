"""The order database of this installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine


def engine_of(settings: Settings) -> Engine:
    """The engine of the order database, which must have been set up. Raises Refusal(not_set_up)."""
    from activities.store.database import engine_at, require_set_up

    engine = engine_at(settings.database_url)
    require_set_up(engine)
    return engine
