"""After-sales cases: what they hold, what they refund; ratings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_FINER = sa.String().with_variant(sa.Numeric(18, 4), "postgresql")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _count(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable, autoincrement=False)


def _scaled(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    op.add_column("orders", sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "order_case_numbers",
        *(_text("order_number"), _count("last")),
        sa.PrimaryKeyConstraint("order_number", name="pk_order_case_numbers"),
    )
    op.create_table(
        "order_cases",
        *(_text("case_number"), _text("request_id"), _text("order_number"), _text("type"), _text("cause")),
        *(
            _count("line", nullable=True),
            _text("product"),
            _text("specification"),
            _text("unit", nullable=True),
        ),
        *(
            sa.Column("unit_price", _FINER, nullable=True),
            _scaled("quantity", nullable=True),
            _scaled("held"),
        ),
        *(_text("words"), _text("owner"), _text("assessed"), _text("remedy", nullable=True)),
        *(sa.Column("our_fault", sa.Boolean(), nullable=True), _text("refusal"), _text("decided_by")),
        *(_moment(name, nullable=True) for name in ("decided_at", "send_by", "sent_at")),
        *(_scaled(name, nullable=True) for name in ("came_back", "passed", "failed", "value", "payable")),
        *(_text("replacement", nullable=True), _scaled("difference", nullable=True)),
        *(_moment("remedied_at", nullable=True), _moment("agree_by", nullable=True)),
        *(_text("paid_reference"), _text("objection"), sa.Column("evidence", sa.JSON(), nullable=False)),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name="fk_order_cases_case_number"),
        sa.PrimaryKeyConstraint("case_number", name="pk_order_cases"),
    )
    op.create_index("ix_order_cases_order_number", "order_cases", ["order_number", "line"])
    op.create_index("ix_order_cases_replacement", "order_cases", ["replacement"])
    op.create_table(
        "case_refunds",
        *(_text("case_number"), _count("round"), _text("order_number"), _count("line", nullable=True)),
        *(_scaled(name) for name in ("quantity", "kept_before", "kept_after", "value", "payable")),
        _moment("counted_at"),
        sa.PrimaryKeyConstraint("case_number", "round", name="pk_case_refunds"),
    )
    op.create_index("ix_case_refunds_order_number", "case_refunds", ["order_number", "line"])
    op.create_table(
        "ratings",
        *(_text("order_number"), _text("customer"), _moment("asked_at"), _moment("until")),
        *(_count("goods", nullable=True), _count("merchant", nullable=True), _text("words")),
        *(_moment("rated_at", nullable=True), _count("changes")),
        *(sa.Column("complaint_due", sa.Boolean(), nullable=False), _text("case_number", nullable=True)),
        sa.PrimaryKeyConstraint("order_number", name="pk_ratings"),
    )
    op.create_index("ix_ratings_customer", "ratings", ["customer"])
    due = sa.text("complaint_due")
    op.create_index("ix_ratings_complained", "ratings", ["rated_at"], sqlite_where=due, postgresql_where=due)


def downgrade() -> None:
    op.drop_column("orders", "completed_at")
    for name in ("ratings", "case_refunds", "order_cases", "order_case_numbers"):
        op.drop_table(name)
