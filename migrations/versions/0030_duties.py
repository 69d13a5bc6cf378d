"""Who is in charge of an order by product type and region; the production reports that are owed each day"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_TEXTS = {"customers": ("region", "service_clerk", "merchandiser"), "prices": ("product_type",)}
_LISTS = ("product_types", "regions")
_AT_ONCE = 500


def upgrade() -> None:
    for table, names in _TEXTS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=""))
    for name in _LISTS:
        op.add_column("staff", sa.Column(name, sa.JSON(none_as_null=True), nullable=True))
    op.add_column("open_steps", sa.Column("barred", sa.JSON(none_as_null=True), nullable=True))
    assignments = op.create_table(
        "order_assignments",
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("order_number", "role", name="pk_order_assignments"),
    )
    op.create_index("ix_order_assignments_person", "order_assignments", ["person", "role", "assigned_at"])
    _fill(assignments)
    op.create_table(
        "daily_reports",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("orders", sa.JSON(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_by", sa.String(), nullable=False, server_default=""),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("day", name="pk_daily_reports"),
    )


def _fill(assignments: sa.Table) -> None:
    """Who is in charge of the orders that have not ended: new ones are counted together with them."""
    requests = sa.table(
        "requests",
        sa.column("number", sa.String()),
        sa.column("placed_at", sa.DateTime(timezone=True)),
        sa.column("start", sa.JSON()),
    )
    orders = sa.table("orders", sa.column("number", sa.String()), sa.column("ending", sa.String()))
    connection = op.get_bind()
    query = (
        sa.select(requests.c.number, requests.c.placed_at, requests.c.start)
        .join(orders, orders.c.number == requests.c.number)
        .where(orders.c.ending.is_(None))
        .order_by(requests.c.number)
    )
    given = [
        row
        for each in connection.execute(query)
        for row in _assigned(each.number, each.placed_at, each.start)
    ]
    for at in range(0, len(given), _AT_ONCE):
        connection.execute(assignments.insert(), given[at : at + _AT_ONCE])


def _assigned(number: str, placed_at: datetime, start: dict[str, Any]) -> Iterator[dict[str, object]]:
    for role, person in start.get("staff", {}).get("people", {}).items():
        yield {"order_number": number, "role": role, "person": person, "assigned_at": placed_at}


def downgrade() -> None:
    op.drop_table("daily_reports")
    op.drop_table("order_assignments")
    op.drop_column("open_steps", "barred")
    for name in _LISTS:
        op.drop_column("staff", name)
    for table, names in _TEXTS.items():
        for name in names:
            op.drop_column(table, name)
