"""The orders of customers are found along an index alone"""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_INDEX = "ix_orders_customer"


def upgrade() -> None:
    op.drop_index(_INDEX, table_name="orders")
    op.create_index(_INDEX, "orders", ["customer", "number"])


def downgrade() -> None:
    op.drop_index(_INDEX, table_name="orders")
    op.create_index(_INDEX, "orders", ["customer"])
