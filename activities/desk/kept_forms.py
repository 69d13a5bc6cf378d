"""What somebody had written when their log-in ended: kept for them alone until they are in again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import BaseModel
from sqlalchemy import Engine, delete, select

from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.tables.registry import table

KEPT_FOR = timedelta(hours=24)


class KeptForm(BaseModel):
    """A form that was sent when the log-in was over: where it went, and its fields. Times UTC."""

    person: str
    path: str
    fields: dict[str, str]
    kept_at: datetime


def keep_form(engine: Engine, person: str, path: str, fields: Mapping[str, str], now: datetime) -> None:
    """Keep it; of one person the newest only."""
    row = {"person": person, "path": path, "fields": dict(fields), "kept_at": now}
    forms = table("kept_forms")
    with writing(engine) as connection:
        connection.execute(delete(forms).where(forms.c.kept_at < now - KEPT_FOR))
        statement = insert_into(connection, forms).values(row)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["person"], set_={name: row[name] for name in ("path", "fields", "kept_at")}
            )
        )


def kept_form(engine: Engine, person: str, now: datetime) -> KeptForm | None:
    """What this person had written; None where there is nothing, or it is too long ago."""
    forms = table("kept_forms")
    with reading(engine) as connection:
        query = select(forms).where(forms.c.person == person, forms.c.kept_at >= now - KEPT_FOR)
        row = connection.execute(query).mappings().one_or_none()
    return KeptForm.model_validate(dict(row)) if row is not None else None


def drop_form(engine: Engine, person: str) -> None:
    """It was sent, or is not wanted any more."""
    forms = table("kept_forms")
    with writing(engine) as connection:
        connection.execute(delete(forms).where(forms.c.person == person))
