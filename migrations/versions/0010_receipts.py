"""A receipt counts once in the company: which order has it, and money moved between orders"""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    told = op.create_table(
        "payment_receipts",
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bounced", sa.Boolean(), nullable=False),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.Column("elsewhere", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("moved", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=True),
        sa.Column("asked_transfer", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_number"], ["orders.number"], name=op.f("fk_payment_receipts_order_number")
        ),
        sa.PrimaryKeyConstraint("order_number", "reference", name=op.f("pk_payment_receipts")),
    )
    for name in ("claim", "asked_transfer"):
        op.create_index(f"ix_payment_receipts_{name}", "payment_receipts", [name])
    receipts = op.create_table(
        "bank_receipts",
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("fact_id", sa.String(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_bank_receipts")),
    )
    op.create_index("ix_bank_receipts_order_number", "bank_receipts", ["order_number"])
    op.create_table(
        "transfers",
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("transfer", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("wrong_order", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name=op.f("fk_transfers_order_number")),
        sa.PrimaryKeyConstraint("order_number", "transfer", name=op.f("pk_transfers")),
    )
    op.create_index("ix_transfers_transfer", "transfers", ["transfer"])
    _claim_what_is_there(told, receipts)


def _claim_what_is_there(told: sa.Table, receipts: sa.Table) -> None:
    """Payments of before have their receipts; of two orders with the same one, who was paid first."""
    payments = sa.table(
        "payments",
        *(sa.column(name) for name in ("order_number", "reference", "method", "taken_by")),
        sa.column("paid_at", sa.DateTime(timezone=True)),
        sa.column("bounced", sa.Boolean()),
    )
    connection = op.get_bind()
    taken: set[str] = set()
    rows = connection.execute(sa.select(payments).order_by(payments.c.paid_at, payments.c.order_number))
    for row in rows.all():
        claim = _claim(row.reference, row.method, row.taken_by)
        nothing = {
            "corrected": False,
            "elsewhere": False,
            "reason": "",
            "moved": 0,
            "asked_transfer": "",
            "asked_by": "",
        }
        of_row = {"order_number": row.order_number, "reference": row.reference, "paid_at": row.paid_at}
        connection.execute(told.insert().values(claim=claim, bounced=row.bounced, **of_row, **nothing))
        if claim not in taken and not row.bounced:
            taken.add(claim)
            held = {"order_number": row.order_number, "fact_id": "", "claimed_at": row.paid_at}
            connection.execute(receipts.insert().values(claim=claim, **held))


def _claim(reference: str, method: str, taken_by: str) -> str:
    text = unicodedata.normalize("NFKC", reference).casefold()
    folded = unicodedata.normalize("NFKC", text).strip()
    return f"cash:{taken_by.strip()}:{folded}" if method == "cash" else f"bank:{folded}"


def downgrade() -> None:
    for name in ("transfers", "bank_receipts", "payment_receipts"):
        op.drop_table(name)
