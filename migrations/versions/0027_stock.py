"""Books that orders share: what they have answered, and the first of them, stock"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_answers",
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("book", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_number"], ["orders.number"], name=op.f("fk_shared_answers_order_number")
        ),
        sa.PrimaryKeyConstraint("order_number", "key", name=op.f("pk_shared_answers")),
    )
    op.create_table(
        "stock_items",
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("specification", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("quarantined", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("product", name=op.f("pk_stock_items")),
        sa.CheckConstraint("on_hand - reserved - quarantined >= 0", name="ck_stock_items_available"),
        sa.CheckConstraint("reserved >= 0 and quarantined >= 0", name="ck_stock_items_parts"),
    )
    op.create_table(
        "stock_movements",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("quarantined", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("lot", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product"], ["stock_items.product"], name=op.f("fk_stock_movements_product")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_stock_movements")),
    )
    op.create_index("ix_stock_movements_product", "stock_movements", ["product", "number"])
    op.create_table(
        "stock_acts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stock_acts")),
    )
    op.create_table(
        "reservations",
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("wanted", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("left", sa.BigInteger(), nullable=False),
        sa.Column("waiting", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_number"], ["orders.number"], name=op.f("fk_reservations_order_number")
        ),
        sa.ForeignKeyConstraint(["product"], ["stock_items.product"], name=op.f("fk_reservations_product")),
        sa.PrimaryKeyConstraint("order_number", "line", name=op.f("pk_reservations")),
        sa.CheckConstraint("quantity >= 0 and waiting >= 0", name="ck_reservations_parts"),
    )
    op.create_index("ix_reservations_product", "reservations", ["product", "state"])


def downgrade() -> None:
    for name in ("reservations", "stock_acts", "stock_movements", "stock_items", "shared_answers"):
        op.drop_table(name)
