"""Who has put away the cards that show how the desk works."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select

from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.tables.registry import table


def is_introduced(engine: Engine, person: str) -> bool:
    """Whether this person has put the cards away."""
    known = table("desk_introductions")
    with reading(engine) as connection:
        return connection.scalar(select(known.c.person).where(known.c.person == person)) is not None


def put_away(engine: Engine, person: str, now: datetime) -> None:
    """They are not shown to this person by themselves any more; put away twice is put away once."""
    known = table("desk_introductions")
    with writing(engine) as connection:
        row = {"person": person, "put_away_at": now}
        connection.execute(insert_into(connection, known).values(row).on_conflict_do_nothing())
