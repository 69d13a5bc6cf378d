"""By which message a fact came; what a step says, where its command alone could not be read back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("event", sa.String(), nullable=True))
    op.add_column("open_steps", sa.Column("says", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("open_steps", "says")
    op.drop_column("inbox", "event")
