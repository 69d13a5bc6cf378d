"""What salespeople paid of the freight that they guaranteed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_settlements",
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("shipment", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_number"], ["orders.number"], name="fk_account_settlements_order_number"
        ),
        sa.PrimaryKeyConstraint("order_number", "shipment", name="pk_account_settlements"),
    )


def downgrade() -> None:
    op.drop_table("account_settlements")
