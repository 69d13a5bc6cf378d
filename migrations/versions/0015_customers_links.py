"""Customers' links by their hash, what was done by them, one-time codes; where designated signers are reached"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "customer_links",
        sa.Column("link_hash", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("sheet_version", sa.Integer(), nullable=True),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=False, server_default=""),
        sa.Column("code_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("link_hash", name="pk_customer_links"),
    )
    op.create_index("ix_customer_links_order_number", "customer_links", ["order_number"])
    op.create_table(
        "link_uses",
        sa.Column("link_hash", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("use", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("first_at", _MOMENT, nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("link_hash", "day", "use", "address", "document", name="pk_link_uses"),
    )
    op.create_table(
        "link_days",
        sa.Column("link_hash", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("uploads", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("link_hash", "day", name="pk_link_days"),
    )
    op.create_table(
        "signing_codes",
        sa.Column("code_id", sa.String(), nullable=False),
        sa.Column("link_hash", sa.String(), nullable=False),
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("sent_to", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code_id", name="pk_signing_codes"),
    )
    op.create_index("ix_signing_codes_link_hash", "signing_codes", ["link_hash"])
    op.add_column("customers", sa.Column("signer_contacts", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("customers", "signer_contacts")
    for name in ("signing_codes", "link_days", "link_uses", "customer_links"):
        op.drop_table(name)
