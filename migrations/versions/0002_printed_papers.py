"""Printed papers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("content", sa.JSON(), nullable=True))
        outbox.add_column(sa.Column("document", sa.String(), nullable=True))
        outbox.add_column(sa.Column("problem", sa.String(), nullable=True))
        outbox.create_index("ix_outbox_document", ["document"])


def downgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_index("ix_outbox_document")
        for name in ("problem", "document", "content"):
            outbox.drop_column(name)
