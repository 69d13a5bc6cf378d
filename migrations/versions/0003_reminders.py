"""Reminders of unpaid balances"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminders",
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name=op.f("fk_reminders_order_number")),
        sa.PrimaryKeyConstraint("order_number", "since", "level", name=op.f("pk_reminders")),
    )
    op.create_index("ix_reminders_customer", "reminders", ["customer"])
    op.create_table(
        "reminder_pauses",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("promised", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "until", name=op.f("pk_reminder_pauses")),
    )


def downgrade() -> None:
    op.drop_table("reminder_pauses")
    op.drop_table("reminders")
