"""What other shops hear of their orders: endpoints, events, deliveries"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def _text(name: str, *, empty: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="" if empty else None)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        *(
            _text("endpoint"),
            _text("name"),
            _text("url"),
            _json("events"),
            _json("customers"),
            _text("state"),
        ),
        *(_text("cause", empty=True), _text("problem", empty=True), _whole("secret"), _text("digest")),
        *(
            _moment("old_until", nullable=True),
            _moment("created_at"),
            _text("created_by"),
            _whole("failures"),
        ),
        *(_moment("failing_since", nullable=True), _moment("next_at", nullable=True)),
        _moment("sent_at", nullable=True),
        sa.PrimaryKeyConstraint("endpoint", name="pk_webhook_endpoints"),
    )
    op.create_index("ix_webhook_endpoints_name", "webhook_endpoints", ["name"])
    op.create_index("ix_webhook_endpoints_state", "webhook_endpoints", ["state"])
    op.create_table(
        "webhook_events",
        *(_whole("number"), _text("order_number"), _text("identity"), _text("event"), _whole("version")),
        *(_text("customer"), _moment("happened_at"), _moment("entered_at"), _json("data")),
        _whole("position", nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_webhook_events"),
        sa.UniqueConstraint("order_number", "identity", name="uq_webhook_events_order_number_identity"),
        sa.UniqueConstraint("position", name="uq_webhook_events_position"),
    )
    op.create_index(
        "ix_webhook_events_without_position",
        "webhook_events",
        ["number"],
        sqlite_where=sa.text('"position" is null'),
        postgresql_where=sa.text('"position" is null'),
    )
    op.create_index("ix_webhook_events_entered_at", "webhook_events", ["entered_at"])
    op.create_table(
        "webhook_deliveries",
        *(_text("endpoint"), _whole("event"), _text("order_number"), _text("state"), _whole("attempts")),
        *(_moment("next_at"), _moment("first_tried_at", nullable=True), _moment("sent_at", nullable=True)),
        _text("problem", empty=True),
        sa.PrimaryKeyConstraint("endpoint", "event", name="pk_webhook_deliveries"),
        sa.ForeignKeyConstraint(
            ["endpoint"], ["webhook_endpoints.endpoint"], name="fk_webhook_deliveries_endpoint"
        ),
        sa.ForeignKeyConstraint(["event"], ["webhook_events.number"], name="fk_webhook_deliveries_event"),
    )
    op.create_index("ix_webhook_deliveries_due", "webhook_deliveries", ["endpoint", "state", "next_at"])
    op.create_index(
        "ix_webhook_deliveries_order", "webhook_deliveries", ["endpoint", "order_number", "event"]
    )
    op.create_index("ix_webhook_deliveries_event", "webhook_deliveries", ["event"])
    positions = op.create_table(
        "webhook_positions",
        *(_text("name"), _whole("last")),
        sa.PrimaryKeyConstraint("name", name="pk_webhook_positions"),
    )
    op.bulk_insert(positions, [{"name": "events", "last": 0}])


def downgrade() -> None:
    for name in ("webhook_positions", "webhook_deliveries", "webhook_events", "webhook_endpoints"):
        op.drop_table(name)
