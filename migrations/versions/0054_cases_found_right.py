"""What the nightly audit found right, and how its stores stood then"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "found_right",
        _text("number"),
        sa.Column("sequence", sa.Integer(), nullable=False),
        *(_text("head"), _text("rows"), _text("life")),
        sa.Column("compared_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_found_right"),
    )


def downgrade() -> None:
    op.drop_table("found_right")
