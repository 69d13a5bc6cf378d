"""Steps of the desk in the order database: opened once by their key, closed by a person or by what mends them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, and_, func, or_, select, update

from activities.store.database import reading, writing
from activities.store.faults import named_faults
from activities.store.upsert import upsert
from models.messages.authors import own_fact_id
from models.reports.desk_steps import DeskStep, DeskStepKind
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

_NO_STEP = Words("没有待办 {key}，或已办结", "there is no step {key}, or it is done")


def open_step(connection: Connection, step: DeskStep) -> None:
    """Open the step; one that is open stays as it is, one that was closed is open again."""
    steps = table("desk_steps")
    known = connection.scalar(select(steps.c.key).where(steps.c.key == step.key, steps.c.closed_at.is_(None)))
    if known is None:
        values = {
            **step.model_dump(exclude={"key"}),
            "kind": step.kind.value,
            "roles": [role.value for role in step.roles],
            "closed_at": None,
            "closed_by": "",
            "resolution": "",
        }
        upsert(connection, steps, {"key": step.key}, values)


def restate_step(connection: Connection, step: DeskStep) -> bool:
    """An open step says what is so now; since when and until when stay. False where no such step is open."""
    steps = table("desk_steps")
    said = step.model_dump(include={"zh", "en", "command", "about"})
    of_it = (steps.c.key == step.key) & steps.c.closed_at.is_(None)
    return bool(connection.execute(update(steps).where(of_it).values(said)).rowcount)


def close_step(connection: Connection, key: str, now: datetime, *, by: str, resolution: str) -> bool:
    """Close it; False where no such step is open."""
    steps = table("desk_steps")
    closed = connection.execute(
        update(steps)
        .where(steps.c.key == key, steps.c.closed_at.is_(None))
        .values(closed_at=now, closed_by=by, resolution=resolution)
    )
    return bool(closed.rowcount)


def was_asked(connection: Connection, key: str) -> bool:
    """Whether somebody was ever asked this, whatever became of it."""
    steps = table("desk_steps")
    return connection.scalar(select(steps.c.key).where(steps.c.key == key)) is not None


def find_open_step(engine: Engine, key: str) -> DeskStep:
    """An open step. Raises Refusal(unknown_order) where there is none."""
    steps = table("desk_steps")
    with reading(engine) as connection:
        row = (
            connection.execute(select(steps).where(steps.c.key == key, steps.c.closed_at.is_(None)))
            .mappings()
            .one_or_none()
        )
    if row is None:
        raise Refusal(Code.UNKNOWN_ORDER, _NO_STEP.filled(key=key), where=key)
    return DeskStep.model_validate(dict(row))


def open_desk_steps(engine: Engine, role: Role | None = None) -> list[DeskStep]:
    """What is open at the desk, for one role or for all, the earliest due first."""
    steps = table("desk_steps")
    with reading(engine) as connection:
        query = select(steps).where(steps.c.closed_at.is_(None)).order_by(steps.c.due, steps.c.key)
        rows: list[RowMapping] = list(connection.execute(query).mappings())
    found = [step for row in rows for step in _readable(row)]
    return [step for step in found if role is None or role in step.roles]


def open_steps_of(engine: Engine, author: str) -> int:
    """How many steps are open for what this key, or sender of signed events, said: their keys name the author's space."""
    steps, space = table("desk_steps"), own_fact_id(author, "")
    said = [
        steps.c.key.startswith(f"{kind.value}:{space}", autoescape=True)
        for kind in (DeskStepKind.UNPLACED_FACT, DeskStepKind.REFUSED_FACT)
    ]
    late = and_(
        steps.c.kind == DeskStepKind.LATE_FACT.value, steps.c.key.contains(f"/{space}", autoescape=True)
    )
    query = select(func.count()).select_from(steps).where(steps.c.closed_at.is_(None), or_(late, *said))
    with reading(engine) as connection:
        return connection.scalar(query) or 0


def _readable(row: RowMapping) -> list[DeskStep]:
    """The step; none where it is of a kind that only a newer program knows: it hides no other one."""
    try:
        with named_faults(f"step {row['key']}"):
            return [DeskStep.model_validate(dict(row))]
    except Refusal:
        return []


def resolve(engine: Engine, key: str, now: datetime, *, by: str, resolution: str) -> None:
    """Close the step by a person. Raises Refusal(unknown_order) where it is not open."""
    with writing(engine) as connection:
        if not close_step(connection, key, now, by=by, resolution=resolution):
            raise Refusal(Code.UNKNOWN_ORDER, _NO_STEP.filled(key=key), where=key)
