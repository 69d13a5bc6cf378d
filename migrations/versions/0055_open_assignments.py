"""Which assignments are of orders that have ended

Whoever gets the next order is the one with the least open ones (R131). Counted from all assignments that there ever were,
each order took longer to place than the one before. Triggers keep the mark, so that no writer of an order can forget it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "order_assignments", sa.Column("ended", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        "update order_assignments set ended = true "
        "where order_number in (select number from orders where ending is not null)"
    )
    op.create_index(
        "ix_order_assignments_open",
        "order_assignments",
        ["role", "person", "ended"],
        sqlite_where=sa.text("ended = 0"),
        postgresql_where=sa.text("not ended"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_triggers()
    else:
        _postgresql_triggers()


def _sqlite_triggers() -> None:
    op.execute(
        "create trigger orders_ended after update of ending on orders when (old.ending is null) is not (new.ending is null) "
        "begin update order_assignments set ended = new.ending is not null where order_number = new.number; end"
    )
    op.execute(
        "create trigger order_assignments_ended after insert on order_assignments "
        "when exists (select 1 from orders where number = new.order_number and ending is not null) "
        "begin update order_assignments set ended = true where order_number = new.order_number and role = new.role; end"
    )


def _postgresql_triggers() -> None:
    op.execute(
        "create function orders_ended() returns trigger language plpgsql as $$ begin "
        "update order_assignments set ended = new.ending is not null where order_number = new.number; return null; end $$"
    )
    op.execute(
        "create trigger orders_ended after update of ending on orders for each row "
        "when ((old.ending is null) is distinct from (new.ending is null)) execute function orders_ended()"
    )
    op.execute(
        "create function order_assignments_ended() returns trigger language plpgsql as $$ begin "
        "new.ended := exists (select 1 from orders where number = new.order_number and ending is not null); "
        "return new; end $$"
    )
    op.execute(
        "create trigger order_assignments_ended before insert on order_assignments for each row "
        "execute function order_assignments_ended()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("drop trigger orders_ended")
        op.execute("drop trigger order_assignments_ended")
    else:
        op.execute("drop trigger orders_ended on orders")
        op.execute("drop trigger order_assignments_ended on order_assignments")
        op.execute("drop function orders_ended()")
        op.execute("drop function order_assignments_ended()")
    op.drop_index("ix_order_assignments_open", "order_assignments")
    op.drop_column("order_assignments", "ended")
