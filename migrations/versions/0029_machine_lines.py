"""Machine lines, and when they stand; lines of orders by product and number"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def upgrade() -> None:
    op.create_table(
        "machine_lines",
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("products", sa.JSON(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("set_up_hours", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in _WEEK),
        sa.PrimaryKeyConstraint("line", name="pk_machine_lines"),
    )
    op.create_table(
        "machine_downtimes",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by", sa.String(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_machine_downtimes"),
    )
    op.create_index(
        "ix_machine_downtimes_line",
        "machine_downtimes",
        ["line", "ends"],
        sqlite_where=sa.text("taken_back_at is null"),
        postgresql_where=sa.text("taken_back_at is null"),
    )
    op.drop_index("ix_order_lines_product", "order_lines")
    op.create_index("ix_order_lines_product", "order_lines", ["product", "order_number"])


def downgrade() -> None:
    op.drop_index("ix_order_lines_product", "order_lines")
    op.create_index("ix_order_lines_product", "order_lines", ["product"])
    op.drop_index("ix_machine_downtimes_line", "machine_downtimes")
    op.drop_table("machine_downtimes")
    op.drop_table("machine_lines")
