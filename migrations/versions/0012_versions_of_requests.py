"""The customer's own number of an order, and lines that an amendment dropped"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("customer_order_number", sa.String(), nullable=True))
    op.create_index("ix_orders_customer_order_number", "orders", ["customer_order_number"])
    op.add_column("order_lines", sa.Column("dropped", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("order_lines", "dropped")
    op.drop_index("ix_orders_customer_order_number", "orders")
    op.drop_column("orders", "customer_order_number")
