"""Invoices, credit notes, archived orders"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_FINER = sa.String().with_variant(sa.Numeric(18, 4), "postgresql")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, autoincrement=False)


def _scaled(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _listed(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _of_order(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name=f"fk_{table}_order_number")


def upgrade() -> None:
    op.create_table(
        "invoice_requests",
        *(_text("order_number"), _count("number"), _text("title"), _text("tax_number"), _text("kind")),
        *(_scaled("amount", nullable=True), _text("by"), _moment("at"), _text("fact_id"), _text("invoice")),
        _moment("withdrawn_at", nullable=True),
        _of_order("invoice_requests"),
        sa.PrimaryKeyConstraint("order_number", "number", name="pk_invoice_requests"),
    )
    op.create_table(
        "invoices",
        *(_text("order_number"), _text("number"), _count("place"), _count("request"), _text("title")),
        *(_text("tax_number"), _text("kind"), _scaled("amount"), _scaled("net"), _scaled("tax")),
        *(_listed("lines"), sa.Column("issued_on", sa.Date(), nullable=False), _text("by"), _moment("at")),
        *(_text("fact_id"), _text("document"), _text("reverses"), _text("reason")),
        _of_order("invoices"),
        sa.PrimaryKeyConstraint("order_number", "number", name="pk_invoices"),
    )
    op.create_index("ix_invoices_at", "invoices", ["at", "order_number", "number"])
    op.create_table(
        "invoice_numbers",
        *(_text("claim"), _text("order_number"), _text("fact_id"), _moment("claimed_at")),
        sa.PrimaryKeyConstraint("claim", name="pk_invoice_numbers"),
    )
    op.create_index("ix_invoice_numbers_order_number", "invoice_numbers", ["order_number"])
    op.create_table(
        "credit_notes",
        *(_text("order_number"), _text("number"), _text("ground"), _scaled("amount")),
        *(
            _scaled("bill_before"),
            _scaled("bill_after"),
            _listed("lines"),
            _moment("at"),
            _text("case_number"),
            _scaled("paid_back"),
        ),
        _of_order("credit_notes"),
        sa.PrimaryKeyConstraint("order_number", "number", name="pk_credit_notes"),
    )
    op.create_table(
        "billed_lines",
        *(_text("order_number"), _count("line"), _scaled("quantity")),
        *(sa.Column("unit_price", _FINER, nullable=False), _scaled("amount"), _text("percent")),
        _of_order("billed_lines"),
        sa.PrimaryKeyConstraint("order_number", "line", name="pk_billed_lines"),
    )
    op.create_table(
        "archives",
        *(_text("order_number"), _text("customer"), _text("customer_name"), _text("ending")),
        *(_moment("ended_at"), _moment("made_at"), _text("file"), _text("sha256"), _count("size")),
        *(_listed("names"), _text("words")),
        sa.PrimaryKeyConstraint("order_number", name="pk_archives"),
    )
    op.create_index("ix_archives_customer", "archives", ["customer"])
    op.create_index("ix_archives_made_at", "archives", ["made_at", "order_number"])
    credited: sa.Column[bool] = sa.Column("credited", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("case_refunds", credited)


def downgrade() -> None:
    op.drop_column("case_refunds", "credited")
    for name in (
        "archives",
        "billed_lines",
        "credit_notes",
        "invoice_numbers",
        "invoices",
        "invoice_requests",
    ):
        op.drop_table(name)
