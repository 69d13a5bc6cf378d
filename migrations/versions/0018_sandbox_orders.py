"""Sandbox orders, whose time may be skipped"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables.columns import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sandbox_orders",
        sa.Column("number", sa.String(), primary_key=True),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("sandbox_orders")
