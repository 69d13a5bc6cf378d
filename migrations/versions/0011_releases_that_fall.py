"""A release tells on which bill and version it was granted, and whether it was taken back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("releases", sa.Column("bill", sa.BigInteger(), nullable=True))
    op.add_column("releases", sa.Column("version", sa.Integer(), nullable=True))
    op.add_column("releases", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("releases", sa.Column("withdrawal", sa.String(), nullable=True))


def downgrade() -> None:
    for name in ("withdrawal", "withdrawn_at", "version", "bill"):
        op.drop_column("releases", name)
