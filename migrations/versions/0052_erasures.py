"""What was erased of customers' data, and the chains of the journals that went"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0044"
branch_labels = None
depends_on = None


def _text(name: str, *, empty: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="" if empty else None)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("number", sa.Integer(), nullable=False),
        *(_text("customer"), _moment("at"), _text("by")),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_erasures"),
    )
    op.create_index("ix_erasures_customer", "erasures", ["customer"])
    op.create_table(
        "erased_journal",
        _text("order_number"),
        sa.Column("epoch", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("sequence", sa.Integer(), nullable=False, autoincrement=False),
        *(_text("hash"), _text("previous"), _text("kind"), _text("subject")),
        *(_moment("happened_at"), _moment("recorded_at"), _text("role"), _text("rule")),
        sa.ForeignKeyConstraint(
            ["order_number"], ["orders.number"], name="fk_erased_journal_order_number_orders"
        ),
        sa.PrimaryKeyConstraint("order_number", "epoch", "sequence", name="pk_erased_journal"),
    )


def downgrade() -> None:
    op.drop_table("erased_journal")
    op.drop_index("ix_erasures_customer", "erasures")
    op.drop_table("erasures")
