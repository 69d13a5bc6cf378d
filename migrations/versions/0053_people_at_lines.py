"""Whom a machine line needs while it runs, and the trades of the staff"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("machine_lines", sa.Column("crew", sa.String(), nullable=False, server_default=""))
    op.add_column("staff", sa.Column("trades", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("staff", "trades")
    op.drop_column("machine_lines", "crew")
