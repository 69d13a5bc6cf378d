"""Pre-sale batches; what of a reservation is ready, and which was put first"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presale_batches",
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("goods", sa.String(), nullable=False),
        sa.Column("agreed", sa.Date(), nullable=False),
        sa.Column("payment", sa.String(), nullable=False),
        sa.Column("offered", sa.BigInteger(), nullable=False),
        sa.Column("to_inspect", sa.BigInteger(), nullable=False),
        sa.Column("passed", sa.BigInteger(), nullable=False),
        sa.Column("there", sa.BigInteger(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["stock_items.product"], name=op.f("fk_presale_batches_batch")),
        sa.ForeignKeyConstraint(["goods"], ["stock_items.product"], name=op.f("fk_presale_batches_goods")),
        sa.PrimaryKeyConstraint("batch", name=op.f("pk_presale_batches")),
        sa.CheckConstraint("to_inspect >= 0 and passed >= 0 and there >= 0", name="ck_presale_batches_parts"),
    )
    op.create_index("ix_presale_batches_goods", "presale_batches", ["goods"])
    with op.batch_alter_table("stock_acts") as acts:
        acts.add_column(sa.Column("content", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("reservations") as reservations:
        reservations.add_column(sa.Column("ready", sa.BigInteger(), nullable=False, server_default="0"))
        reservations.add_column(sa.Column("first_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("reservations") as reservations:
        reservations.drop_column("first_at")
        reservations.drop_column("ready")
    with op.batch_alter_table("stock_acts") as acts:
        acts.drop_column("content")
    op.drop_table("presale_batches")
