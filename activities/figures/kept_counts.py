"""The board page's figures as they were counted last, kept for whoever looks next (R86)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Engine, select

from activities.figures.board_figures import BoardFigures
from activities.store.database import reading, writing
from activities.store.upsert import upsert
from models.tables.registry import table
from models.values.errors import Refusal

_FIGURES = TypeAdapter(BoardFigures)


@dataclass(frozen=True, slots=True)
class KeptCount:
    """Figures, and how many seconds it took to count them."""

    figures: BoardFigures
    took: float


def kept_count(engine: Engine, salesperson: str) -> KeptCount | None:
    """What was counted last of one salesperson's orders or of all; None where nothing was, or by another version.

    Raises the refusals of `database.reading`.
    """
    kept = table("kept_figures")
    query = select(kept.c.figures, kept.c.took_milliseconds).where(kept.c.salesperson == salesperson)
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    try:
        return KeptCount(_FIGURES.validate_python(row.figures), row.took_milliseconds / 1000)
    except ValidationError:
        return None


def keep_count(engine: Engine, salesperson: str, counted: KeptCount) -> None:
    """Keep it in place of what was kept. A database that cannot be written to now costs time and no figure."""
    values = {
        "counted_at": counted.figures.at,
        "took_milliseconds": round(counted.took * 1000),
        "figures": _FIGURES.dump_python(counted.figures, mode="json"),
    }
    with suppress(Refusal), writing(engine) as connection:
        upsert(connection, table("kept_figures"), {"salesperson": salesperson}, values)
