"""Notices of all orders by what became of them: counted, listed from the newest, brought forward (R51, R72)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, RowMapping, and_, func, or_, select, tuple_, update

from activities.notices.deliveries import DeliveryView
from activities.store.database import reading, writing
from activities.store.faults import each_read
from models.reports.desk_steps import DeskStepKind
from models.reports.notice_routes import DeliveryState
from models.tables.registry import table

NOTICES_ON_A_PAGE = 100
_STEPS = (
    DeskStepKind.NO_ADDRESS.value, DeskStepKind.REJECTED.value, DeskStepKind.WAS_IT_SENT.value,
)  # fmt: skip


def counted(engine: Engine) -> dict[str, int]:
    """How many notices there are in each state."""
    deliveries = table("deliveries")
    query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def newest_deliveries(
    engine: Engine, state: DeliveryState | None = None, order: str = "", before: datetime | None = None
) -> Sequence[DeliveryView]:
    """Notices in this state, or of this order, the newest first; `before`: only those that were entered earlier."""
    deliveries, outbox = table("deliveries"), table("outbox")
    same = and_(
        outbox.c.order_number == deliveries.c.order_number, outbox.c.identity == deliveries.c.identity
    )
    query = select(deliveries, outbox.c.zh, outbox.c.en).join(outbox, same)
    if state is not None:
        query = query.where(deliveries.c.state == state.value)
    if order:
        query = query.where(deliveries.c.order_number == order)
    if before is not None:
        query = query.where(deliveries.c.entered_at < before)
    newest = query.order_by(deliveries.c.entered_at.desc(), deliveries.c.order_number, deliveries.c.identity)
    with reading(engine) as connection:
        rows = connection.execute(newest.limit(NOTICES_ON_A_PAGE)).mappings().all()
    return each_read(rows, lambda row: DeliveryView.model_validate(dict(row)), "a delivery")


def open_notice_steps(engine: Engine) -> Sequence[RowMapping]:
    """The open steps of the desk about notices: by them a notice is sent again, marked as sent, or given up."""
    steps = table("desk_steps")
    query = select(steps.c.key, steps.c.kind, steps.c.zh, steps.c.en, steps.c.roles, steps.c.about).where(
        steps.c.kind.in_(_STEPS), steps.c.closed_at.is_(None)
    )
    with reading(engine) as connection:
        return connection.execute(query.order_by(steps.c.since)).mappings().all()


def bring_forward(engine: Engine, keys: Sequence[tuple[str, str, str, str]] | None, now: datetime) -> int:
    """Notices that wait for their next try are tried at once; these, or all. How many."""
    deliveries = table("deliveries")
    waits = and_(deliveries.c.state == DeliveryState.WAITING.value, deliveries.c.next_at > now)
    if keys is not None:
        columns = tuple_(
            deliveries.c.order_number, deliveries.c.identity, deliveries.c.addressee, deliveries.c.channel
        )
        waits = and_(waits, or_(*(columns == tuple_(*key) for key in keys)))
    with writing(engine) as connection:
        return int(connection.execute(update(deliveries).where(waits).values(next_at=now)).rowcount)
