"""Payment intents, what providers told, what went back, and what their statements say differently"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intents",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("checkout", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("pay_at", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_intents"),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_intents_one_open",
        "intents",
        ["checkout"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_intents_checkout", "intents", ["checkout", "turn"])
    op.create_index("ix_intents_opened_at", "intents", ["opened_at"])
    op.create_table(
        "intent_allocations",
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["intent"], ["intents.number"], name="fk_intent_allocations_intent"),
        sa.PrimaryKeyConstraint("intent", "order_number", name="pk_intent_allocations"),
    )
    op.create_index("ix_intent_allocations_order_number", "intent_allocations", ["order_number"])
    op.create_table(
        "intent_payments",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("payment", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["intent"], ["intents.number"], name="fk_intent_payments_intent"),
        sa.PrimaryKeyConstraint("provider", "payment", name="pk_intent_payments"),
    )
    op.create_index("ix_intent_payments_intent", "intent_payments", ["intent"])
    op.create_index("ix_intent_payments_paid_at", "intent_payments", ["paid_at"])
    op.create_table(
        "intent_shares",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("payment", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_intent_shares_amount"),
        sa.PrimaryKeyConstraint("provider", "payment", "order_number", name="pk_intent_shares"),
    )
    op.create_index("ix_intent_shares_order_number", "intent_shares", ["order_number"])
    _what_providers_tell()
    _what_goes_back()


def _what_providers_tell() -> None:
    op.create_table(
        "provider_events",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", "event", name="pk_provider_events"),
    )
    early = sa.text("state = 'early'")
    op.create_index("ix_provider_events_intent", "provider_events", ["intent"])
    op.create_index(
        "ix_provider_events_early", "provider_events", ["intent", "received_at"], sqlite_where=early,
        postgresql_where=early,
    )  # fmt: skip
    op.create_table(
        "provider_differences",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ours", sa.BigInteger(), nullable=True),
        sa.Column("theirs", sa.BigInteger(), nullable=True),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("provider", "day", "subject", name="pk_provider_differences"),
    )


def _what_goes_back() -> None:
    op.create_table(
        "intent_refunds",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("refund", sa.String(), nullable=False),
        sa.Column("payment", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_here", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("try_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name="ck_intent_refunds_amount"),
        sa.PrimaryKeyConstraint("provider", "refund", name="pk_intent_refunds"),
    )
    op.create_index("ix_intent_refunds_payment", "intent_refunds", ["provider", "payment"])
    for name in ("intent", "order_number", "asked_by"):
        op.create_index(f"ix_intent_refunds_{name}", "intent_refunds", [name])
    to_do = sa.text("state <> 'done' and state <> 'failed'")
    op.create_index(
        "ix_intent_refunds_to_do", "intent_refunds", ["wanted_at"], sqlite_where=to_do, postgresql_where=to_do
    )


def downgrade() -> None:
    for name in (
        "intent_refunds", "provider_differences", "provider_events", "intent_shares", "intent_payments",
        "intent_allocations", "intents",
    ):  # fmt: skip
        op.drop_table(name)
