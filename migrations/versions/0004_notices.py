"""Notices that are sent: addresses, deliveries, steps of the desk, reports that were made"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NOTHING = sa.text("''")


def upgrade() -> None:
    with op.batch_alter_table("customers") as customers:
        customers.add_column(sa.Column("email", sa.String(), nullable=False, server_default=NOTHING))
        customers.add_column(sa.Column("fax", sa.String(), nullable=False, server_default=NOTHING))
    with op.batch_alter_table("staff") as staff:
        staff.add_column(sa.Column("email", sa.String(), nullable=False, server_default=NOTHING))
    with op.batch_alter_table("reminders") as reminders:
        reminders.add_column(sa.Column("letter", sa.String(), nullable=False, server_default=NOTHING))
        reminders.add_column(sa.Column("letter_order", sa.String(), nullable=False, server_default=NOTHING))
    # papers of the desk (reports) belong to no order
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint("fk_outbox_order_number", type_="foreignkey")
        outbox.drop_column("written")
        outbox.drop_column("file_name")
        outbox.add_column(sa.Column("routed", sa.Boolean(), nullable=False, server_default=sa.false()))
        outbox.add_column(sa.Column("attachments", sa.JSON(none_as_null=True), nullable=True))
    op.create_index("ix_outbox_routed", "outbox", ["routed"])
    op.create_table(
        "deliveries",
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("addressee", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint(
            "order_number", "identity", "addressee", "channel", name=op.f("pk_deliveries")
        ),
    )
    op.create_index("ix_deliveries_state_next_at", "deliveries", ["state", "next_at"])
    op.create_table(
        "desk_steps",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zh", sa.String(), nullable=False),
        sa.Column("en", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("resolution", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_desk_steps")),
    )
    op.create_index("ix_desk_steps_closed_at", "desk_steps", ["closed_at"])
    op.create_table(
        "report_runs",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "day", name=op.f("pk_report_runs")),
    )


def downgrade() -> None:
    op.drop_table("report_runs")
    op.drop_table("desk_steps")
    op.drop_table("deliveries")
    op.drop_index("ix_outbox_routed", "outbox")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_column("attachments")
        outbox.drop_column("routed")
        outbox.add_column(sa.Column("file_name", sa.String(), nullable=False, server_default=NOTHING))
        outbox.add_column(sa.Column("written", sa.Boolean(), nullable=False, server_default=sa.true()))
        outbox.create_foreign_key("fk_outbox_order_number", "orders", ["order_number"], ["number"])
    with op.batch_alter_table("reminders") as reminders:
        reminders.drop_column("letter_order")
        reminders.drop_column("letter")
    with op.batch_alter_table("staff") as staff:
        staff.drop_column("email")
    with op.batch_alter_table("customers") as customers:
        customers.drop_column("fax")
        customers.drop_column("email")
