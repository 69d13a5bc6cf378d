"""To which order the fee of a sample is credited"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sample_credits",
        sa.Column("sample_number", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("credited_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sample_number", name="pk_sample_credits"),
        sa.UniqueConstraint("order_number", name="uq_sample_credits_order_number"),
    )


def downgrade() -> None:
    op.drop_table("sample_credits")
