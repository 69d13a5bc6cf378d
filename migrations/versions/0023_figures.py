"""Indexes along which the figures of the board page are counted, and the amounts of shipments that were worked out; the
figures as they were counted last"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_PLAIN = (
    ("ix_payments_paid_at", "payments", ["paid_at"]),
    ("ix_shipments_shipped_at", "shipments", ["shipped_at"]),
)
_PARTIAL = (
    ("ix_orders_owing", "orders", ["customer", "salesperson", "open_balance"], "ending is null"),
    (
        "ix_journal_production",
        "journal",
        ["happened_at", "order_number"],
        "kind = 'phase' and subject = 'production'",
    ),
    ("ix_open_steps_waiting", "open_steps", ["kind", "since", "order_number"], "closed_at is null"),
    (
        "ix_open_steps_done",
        "open_steps",
        ["closed_at", "kind", "since", "order_number"],
        "closed_at is not null",
    ),
    (
        "ix_promises_moved",
        "promises",
        ["recorded_at", "cause", "promised_from", "promised_to"],
        "promised_from is not null",
    ),
    ("ix_payments_unconfirmed", "payments", ["order_number", "reference"], "not confirmed"),
    ("ix_shipments_dead_at", "shipments", ["dead_at"], "dead_at is not null"),
    (
        "ix_outbox_shipment_notices",
        "outbox",
        ["created_at", "order_number", "identity"],
        "paper = 'shipment_notice'",
    ),
)


def upgrade() -> None:
    op.create_table(
        "shipped_amounts",
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("shipment", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_number", "shipment", name=op.f("pk_shipped_amounts")),
    )
    op.create_table(
        "kept_figures",
        sa.Column("salesperson", sa.String(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("took_milliseconds", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("salesperson", name=op.f("pk_kept_figures")),
    )
    for name, table, columns in _PLAIN:
        op.create_index(name, table, columns)
    for name, table, columns, where in _PARTIAL:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for name, table, *_ in (*_PARTIAL, *_PLAIN):
        op.drop_index(name, table)
    op.drop_table("kept_figures")
    op.drop_table("shipped_amounts")
