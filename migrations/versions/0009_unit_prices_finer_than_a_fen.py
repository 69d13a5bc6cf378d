"""Unit prices have up to six decimals: fen with up to four decimals; what is there stays as it is"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_PRICES = (("prices", False), ("order_lines", True))
"""Tables with a unit price, and whether it may be open."""
_FINER = sa.String().with_variant(sa.Numeric(18, 4), "postgresql")


def upgrade() -> None:
    for table, nullable in _PRICES:
        with op.batch_alter_table(table) as batch:
            batch.alter_column(
                "unit_price", existing_type=sa.BigInteger(), type_=_FINER, existing_nullable=nullable
            )


def downgrade() -> None:
    for table, nullable in _PRICES:
        with op.batch_alter_table(table) as batch:
            batch.alter_column(
                "unit_price",
                existing_type=_FINER,
                type_=sa.BigInteger(),
                existing_nullable=nullable,
                postgresql_using="round(unit_price)::bigint",
            )
