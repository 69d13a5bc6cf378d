"""Lists are read along indices: orders by promised date, open steps by due time and by order"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_OPEN_ORDERS = sa.text("ending is null")
_OPEN_STEPS = sa.text("closed_at is null")


def upgrade() -> None:
    op.create_index("ix_orders_promised", "orders", ["promised", "number"])
    op.create_index(
        "ix_orders_promised_open",
        "orders",
        ["promised", "number"],
        sqlite_where=_OPEN_ORDERS,
        postgresql_where=_OPEN_ORDERS,
    )
    for name, columns in (
        ("ix_open_steps_inbox", ["due", "order_number", "key"]),
        ("ix_open_steps_first_due", ["order_number", "due"]),
    ):
        op.create_index(name, "open_steps", columns, sqlite_where=_OPEN_STEPS, postgresql_where=_OPEN_STEPS)
    op.drop_index("ix_open_steps_closed_at", "open_steps")


def downgrade() -> None:
    op.create_index("ix_open_steps_closed_at", "open_steps", ["closed_at"])
    for name in ("ix_open_steps_first_due", "ix_open_steps_inbox"):
        op.drop_index(name, "open_steps")
    for name in ("ix_orders_promised_open", "ix_orders_promised"):
        op.drop_index(name, "orders")
