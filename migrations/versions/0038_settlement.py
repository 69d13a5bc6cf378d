"""Receipts of the house, their parts at orders, what finance did with them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _fen(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _yes_or_no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "house_receipts",
        *(_text("number"), _text("customer"), _text("customer_name"), _fen("amount"), _fen("given")),
        *(_fen("refunded"), _text("method"), _text("reference"), _text("bank"), _text("payer")),
        *(_moment("paid_at"), _text("by"), _moment("at"), _text("source")),
        *(_moment("cleared_at", nullable=True), _moment("allocated_at", nullable=True)),
        *(_moment("bounced_at", nullable=True), _yes_or_no("corrected"), _text("reason")),
        sa.CheckConstraint(
            "given >= 0 and refunded >= 0 and given + refunded <= amount", name="ck_house_receipts_given_once"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_house_receipts"),
    )
    op.create_index("ix_house_receipts_customer", "house_receipts", ["customer"])
    op.create_index("ix_house_receipts_paid_at", "house_receipts", ["paid_at"])
    op.create_table(
        "receipt_parts",
        *(_text("part"), _text("receipt"), sa.Column("place", sa.Integer(), nullable=False)),
        *(_text("order_number"), _fen("amount"), _moment("paid_at"), _yes_or_no("moved"), _text("state")),
        *(_text("act"), _text("by"), _moment("at")),
        sa.ForeignKeyConstraint(["receipt"], ["house_receipts.number"], name="fk_receipt_parts_receipt"),
        sa.PrimaryKeyConstraint("part", name="pk_receipt_parts"),
    )
    op.create_index("ix_receipt_parts_receipt", "receipt_parts", ["receipt"])
    op.create_index("ix_receipt_parts_order_number", "receipt_parts", ["order_number"])
    op.create_table(
        "receipt_acts",
        *(_text("act"), _text("receipt"), _text("kind"), _text("digest"), _fen("amount")),
        *(_fen("rest_before"), _fen("rest_after"), _text("reason"), _text("by"), _moment("at")),
        sa.ForeignKeyConstraint(["receipt"], ["house_receipts.number"], name="fk_receipt_acts_receipt"),
        sa.PrimaryKeyConstraint("act", name="pk_receipt_acts"),
    )
    op.create_index("ix_receipt_acts_receipt", "receipt_acts", ["receipt"])
    # What orders were paid too much and kept as credit before is the customer's balance from now on.
    op.execute(
        """
        insert into house_receipts (
            number, customer, customer_name, amount, given, refunded, method, reference, bank, payer, paid_at, by, at,
            source, cleared_at, allocated_at, corrected, reason
        )
        select 'V' || number, coalesce(customer, ''), coalesce(customer_name, ''), credited, 0, 0, 'other', number, '', '',
            current_timestamp, 'system', current_timestamp, number, current_timestamp, current_timestamp, false, ''
        from orders where credited > 0
        """
    )


def downgrade() -> None:
    for name in ("receipt_acts", "receipt_parts", "house_receipts"):
        op.drop_table(name)
