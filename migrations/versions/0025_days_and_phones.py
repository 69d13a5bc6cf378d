"""Open orders by the days that are planned; customers by the telephone numbers that they gave"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_OPEN = sa.text("ending is null")
_INDEXES = {
    "ix_orders_production_due_open": ["production_due", "number"],
    "ix_orders_ship_date_open": ["ship_date", "number"],
}
_AT_ONCE = 500
_FEWEST, _MOST = 5, 20


def upgrade() -> None:
    for name, columns in _INDEXES.items():
        op.create_index(name, "orders", columns, sqlite_where=_OPEN, postgresql_where=_OPEN)
    phones = op.create_table(
        "customer_phones",
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("digits", sa.String(), nullable=False),
        sa.Column("backwards", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer", "digits", name="pk_customer_phones"),
    )
    op.create_index("ix_customer_phones_digits", "customer_phones", ["digits"])
    op.create_index("ix_customer_phones_backwards", "customer_phones", ["backwards"])
    _fill(phones)


def _fill(phones: sa.Table) -> None:
    """What customers have given so far."""
    requests = sa.table(
        "requests",
        sa.column("customer", sa.String()),
        sa.column("placed_at", sa.DateTime(timezone=True)),
        sa.column("start", sa.JSON()),
        sa.column("number", sa.String()),
    )
    connection = op.get_bind()
    known: dict[tuple[str, str], dict[str, object]] = {}
    rows = connection.execute(sa.select(requests).order_by(requests.c.number)).mappings()
    for row in rows:
        asked = row["start"].get("request", {})
        digits = "".join(sign for sign in str(asked.get("phone") or "") if sign in "0123456789")
        if _FEWEST <= len(digits) <= _MOST:
            known[row["customer"], digits] = {
                "customer": row["customer"],
                "digits": digits,
                "backwards": digits[::-1],
                "contact": str(asked.get("contact") or ""),
                "given_at": row["placed_at"],
            }
    given = list(known.values())
    for at in range(0, len(given), _AT_ONCE):
        connection.execute(phones.insert(), given[at : at + _AT_ONCE])


def downgrade() -> None:
    op.drop_table("customer_phones")
    for name in _INDEXES:
        op.drop_index(name, "orders")
