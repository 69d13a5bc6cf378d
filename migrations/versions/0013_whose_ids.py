"""Ids of requests belong to the customer or the service, answers to the key; a key may be a person's own"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("person", sa.String(), nullable=False, server_default=""))
    # until now callers were known by the bare names of their keys
    op.execute("update answers set caller = 'key:' || caller")
    # a request that was placed before may come again from anybody: `*` says so
    op.add_column("requests", sa.Column("space", sa.String(), nullable=False, server_default=""))
    op.execute("update requests set space = '*'")
    with op.batch_alter_table("requests", recreate="auto") as requests:
        requests.drop_constraint("pk_requests", type_="primary")
        requests.create_primary_key("pk_requests", ["request_id", "customer", "space"])


def downgrade() -> None:
    # where two customers' requests have the same id this fails, and nothing is lost
    with op.batch_alter_table("requests", recreate="auto") as requests:
        requests.drop_constraint("pk_requests", type_="primary")
        requests.create_primary_key("pk_requests", ["request_id"])
        requests.drop_column("space")
    op.execute("update answers set caller = substr(caller, 5) where caller like 'key:%'")
    op.drop_column("api_keys", "person")
