"""Events of other systems, each taken once; and orders that have a number and no life yet are found at once"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("sender", "message_id", name=op.f("pk_webhooks")),
    )
    unbegun = sa.text("sequence = 0")
    op.create_index(
        "ix_orders_not_begun", "orders", ["placed_at"], sqlite_where=unbegun, postgresql_where=unbegun
    )
    op.create_index("ix_shipments_tracking_number", "shipments", ["tracking_number"])


def downgrade() -> None:
    op.drop_index("ix_shipments_tracking_number", "shipments")
    op.drop_index("ix_orders_not_begun", "orders")
    op.drop_table("webhooks")
