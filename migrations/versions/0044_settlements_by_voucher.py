"""Freight that grew after it was settled is settled with a voucher of its own"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_KEY = "pk_account_settlements"


def upgrade() -> None:
    with op.batch_alter_table("account_settlements") as changed:
        changed.drop_constraint(_KEY, type_="primary")
        changed.create_primary_key(_KEY, ["order_number", "shipment", "reference"])


def downgrade() -> None:
    settlements = sa.table(
        "account_settlements",
        sa.column("order_number", sa.String()),
        sa.column("shipment", sa.String()),
        sa.column("reference", sa.String()),
    )
    other = settlements.alias()
    earlier = sa.exists().where(
        other.c.order_number == settlements.c.order_number,
        other.c.shipment == settlements.c.shipment,
        other.c.reference < settlements.c.reference,
    )
    op.execute(sa.delete(settlements).where(earlier))
    with op.batch_alter_table("account_settlements") as changed:
        changed.drop_constraint(_KEY, type_="primary")
        changed.create_primary_key(_KEY, ["order_number", "shipment"])
