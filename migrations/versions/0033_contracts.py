"""Contracts of orders: their versions and signatures"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _count(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable, autoincrement=False)


def _of_a_case(table: str, *more: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=f"fk_{table}_case_number"),
        sa.PrimaryKeyConstraint("case_number", *more, name=f"pk_{table}"),
    )


def upgrade() -> None:
    op.create_table(
        "contracts",
        *(_text("case_number"), _text("request_id"), _text("order_number"), _count("version")),
        *(_count("in_force", nullable=True), _moment("in_force_from")),
        *(
            sa.Column("valid_until", sa.Date(), nullable=False),
            sa.Column("total", sa.BigInteger(), nullable=False),
        ),
        _text("termination"),
        *_of_a_case("contracts"),
    )
    op.create_index("ix_contracts_order_number", "contracts", ["order_number"])
    op.create_table(
        "contract_drafts",
        *(_text("case_number"), _count("version"), sa.Column("supplement", sa.Boolean(), nullable=False)),
        *(sa.Column("terms", sa.JSON(), nullable=False), sa.Column("total", sa.BigInteger(), nullable=False)),
        *(_text(name) for name in ("quality", "words", "reason")),
        sa.Column("valid_until", sa.Date(), nullable=False),
        *(
            _text("digest"),
            _text("drafted_by"),
            _moment("drafted_at", nullable=False),
            _moment("approved_at"),
        ),
        *(_text("sent_back"), _text("declined", nullable=True), _moment("superseded_at")),
        *(_text("signing_place"), _moment("signing_at"), _moment("in_force_from")),
        *_of_a_case("contract_drafts", "version"),
    )
    op.create_table(
        "signatures",
        *(_text("case_number"), _count("version")),
        *(_text(name) for name in ("side", "signed_by", "document", "digest", "by", "role")),
        _moment("signed_at", nullable=False),
        *_of_a_case("signatures", "version", "side"),
    )


def downgrade() -> None:
    for name in ("signatures", "contract_drafts", "contracts"):
        op.drop_table(name)
