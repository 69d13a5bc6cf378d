"""Customers' credit: assessments, what orders bind of it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_ORDERS = ("exposure", "exposure_due", "credit_heard", "credited")


def upgrade() -> None:
    op.create_table(
        "credit_limits",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("credit_limit", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("assessed_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_credit_limits")),
    )
    op.create_index("ix_credit_limits_customer", "credit_limits", ["customer", "number"])
    op.create_table(
        "credit_commitments",
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_number"], ["orders.number"], name=op.f("fk_credit_commitments_order_number")
        ),
        sa.PrimaryKeyConstraint("order_number", name=op.f("pk_credit_commitments")),
    )
    op.create_index(op.f("ix_credit_commitments_customer"), "credit_commitments", ["customer"])
    op.add_column("customers", sa.Column("credit", sa.String(), nullable=True))
    op.add_column("customers", sa.Column("credit_limit", sa.BigInteger(), nullable=True))
    op.add_column("orders", sa.Column("exposure", sa.BigInteger(), nullable=True))
    op.add_column("orders", sa.Column("exposure_due", sa.Date(), nullable=True))
    op.add_column("orders", sa.Column("credit_heard", sa.Integer(), nullable=True))
    op.add_column("orders", sa.Column("credited", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for name in _ORDERS:
        op.drop_column("orders", name)
    op.drop_column("customers", "credit_limit")
    op.drop_column("customers", "credit")
    op.drop_table("credit_commitments")
    op.drop_table("credit_limits")
