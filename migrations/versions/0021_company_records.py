"""Records of the company: what changed in them; where a customer is reached"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "company_changes",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_company_changes"),
    )
    op.create_index("ix_company_changes_subject", "company_changes", ["kind", "subject", "number"])
    for name in ("contact", "phone", "address"):
        op.add_column("customers", sa.Column(name, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("contact", "phone", "address"):
        op.drop_column("customers", name)
    op.drop_index("ix_company_changes_subject", "company_changes")
    op.drop_table("company_changes")
