"""Customers' log-ins: one-time codes for an address on file, and sessions of their own kind"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "customer_codes",
        sa.Column("code_id", sa.String(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("customers", sa.JSON(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("code_id", name="pk_customer_codes"),
    )
    op.create_index("ix_customer_codes_address_hash", "customer_codes", ["address_hash"])
    op.create_table(
        "customer_sessions",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("customers", sa.JSON(), nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("came_from", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_customer_sessions"),
    )


def downgrade() -> None:
    op.drop_table("customer_sessions")
    op.drop_index("ix_customer_codes_address_hash", "customer_codes")
    op.drop_table("customer_codes")
