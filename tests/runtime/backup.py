"""An older copy of the order database, brought back while the server is as it is now."""

from __future__ import annotations

from sqlalchemy import Engine, delete, select

from activities.store.database import reading, writing
from models.tables.registry import Base

TABLES = [each for each in Base.metadata.sorted_tables if each.name not in ("customers", "prices", "staff")]


class Backup:
    """What the order database says now, to be brought back later: an older copy of it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with reading(engine) as connection:
            self._rows = {
                each.name: [dict(row) for row in connection.execute(select(each)).mappings()]
                for each in TABLES
            }

    def restore(self) -> None:
        with writing(self._engine) as connection:
            for each in reversed(TABLES):
                connection.execute(delete(each))
            for each in TABLES:
                if self._rows[each.name]:
                    connection.execute(each.insert(), self._rows[each.name])
