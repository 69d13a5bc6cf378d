"""Hours of machine lines that are booked for goods of orders"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "line_bookings",
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("machine_line", sa.String(), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("order_number", "line", name="pk_line_bookings"),
    )
    op.create_index("ix_line_bookings_ends", "line_bookings", ["ends"])


def downgrade() -> None:
    op.drop_index("ix_line_bookings_ends", "line_bookings")
    op.drop_table("line_bookings")
