"""Which attempt at a workflow task recorded last: what a lost one left is told from another history"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("attempt", sa.String(), nullable=True))
    op.add_column("orders", sa.Column("attempt_from", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("orders", "attempt_from")
    op.drop_column("orders", "attempt")
