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
    # each burst about money, goods or a signature asks for the steps of its order
    op.create_index("ix_desk_steps_order_number", "desk_steps", ["order_number"])


def downgrade() -> None:
    op.drop_index("ix_desk_steps_order_number", "desk_steps")
    op.drop_column("open_steps", "says")
    op.drop_column("inbox", "event")
