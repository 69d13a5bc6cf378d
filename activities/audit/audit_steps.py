"""The desk's step about an order whose stores differ: opened when that is found and not healed, closed when it is no more (R47)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, select

from activities.facts.desk_steps import close_step, open_step
from activities.store.database import reading, writing
from models.reports.desk_steps import DeskStepKind, desk_step
from models.reports.store_audit import Finding
from models.tables.registry import table
from models.values.vocabulary import Role

_SYSTEM = "system"
_SHOWN = 5


def key_of(number: str) -> str:
    """The key of the step about this order."""
    return f"{DeskStepKind.STORES_DIFFER.value}:{number}"


def note_differences(
    engine: Engine, number: str, left: Sequence[Finding], now: datetime, *, order: str | None = None
) -> None:
    """A clerk's supervisor and an operator see what differs; where nothing differs any more the step closes.

    `order`: the step's order where it is not the number; empty for a product, and a row of another book.
    """
    with writing(engine) as connection:
        if not left:
            close_step(connection, key_of(number), now, by=_SYSTEM, resolution="healed")
            return
        shown = [each.words for each in left[:_SHOWN]]
        more = f" … +{len(left) - _SHOWN}" if len(left) > _SHOWN else ""
        step = desk_step(
            DeskStepKind.STORES_DIFFER,
            number,
            now,
            rule="R47",
            order=number if order is None else order,
            roles=(Role.SERVICE_SUPERVISOR, Role.OPERATOR),
            number=number,
            what_zh="；".join(each.zh for each in shown) + more,
            what_en="; ".join(each.en for each in shown) + more,
        )
        open_step(connection, step)


def books_that_differ(engine: Engine) -> list[str]:
    """What of the books that orders share a step is open about: products, and rows of the other books."""
    steps = table("desk_steps")
    kind = DeskStepKind.STORES_DIFFER.value
    of_none = (steps.c.kind == kind) & (steps.c.order_number == "") & steps.c.closed_at.is_(None)
    with reading(engine) as connection:
        return [
            key.removeprefix(f"{kind}:") for key in connection.scalars(select(steps.c.key).where(of_none))
        ]
