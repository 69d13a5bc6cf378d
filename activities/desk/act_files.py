"""Papers and photos that were given with an act: kept by their digest, named at the entry of the act."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Engine, select

from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.tables.registry import table


class ActFile(BaseModel):
    """A file of an act. `document` is its SHA-256 in the document store, `name` what its owner called it."""

    order_number: str
    fact_id: str
    document: str
    ending: str
    name: str
    size: int
    given_by: str
    given_at: datetime

    @property
    def stored(self) -> str:
        """Its name in the document store."""
        return f"{self.document}{self.ending}"


def note_files(engine: Engine, files: list[ActFile]) -> None:
    """Note that these files belong to their act; one that is noted stays as it is."""
    rows = [each.model_dump() for each in files]
    if rows:
        with writing(engine) as connection:
            connection.execute(
                insert_into(connection, table("act_files")).values(rows).on_conflict_do_nothing()
            )


def files_of(engine: Engine, order: str) -> dict[str, list[ActFile]]:
    """The files of an order's acts, by the id of the fact."""
    files = table("act_files")
    query = select(files).where(files.c.order_number == order).order_by(files.c.given_at, files.c.name)
    found: dict[str, list[ActFile]] = {}
    with reading(engine) as connection:
        for row in connection.execute(query).mappings():
            found.setdefault(row["fact_id"], []).append(ActFile.model_validate(dict(row)))
    return found


def file_of(engine: Engine, order: str, document: str) -> ActFile | None:
    """A file of this order by its digest; None where the order has none such."""
    files = table("act_files")
    query = select(files).where(files.c.order_number == order, files.c.document == document).limit(1)
    with reading(engine) as connection:
        row = connection.execute(query).mappings().first()
    return ActFile.model_validate(dict(row)) if row is not None else None
