"""The list of orders: read along indices, searched by any part of a text, kept as views

What an order is found by stands in one row. Triggers note which orders' texts have changed, so that no writer can
forget it; `activities.listing.order_words` gathers them. Every order that is there is noted here once.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OF_SOME = {
    "ix_orders_open_phase": (["phase", "promised", "number"], "ending is null"),
    "ix_orders_open_sums": (["number", "total", "paid", "open_balance"], "ending is null"),
    "ix_orders_ended_sums": (["ending", "number", "total", "paid", "open_balance"], "ending is not null"),
}
_INDICES = {
    "ix_orders_salesperson": ["salesperson", "ending", "number", "total", "paid", "open_balance"],
    "ix_orders_placed_at": ["placed_at", "number", "total", "paid", "open_balance"],
    "ix_orders_ended_at": ["ended_at", "number", "total", "paid", "open_balance"],
    "ix_orders_customer_name": ["customer_name", "number"],
    "ix_orders_total": ["total", "number", "paid", "open_balance"],
    "ix_orders_open_balance": ["open_balance", "number"],
}
_CHANGES = (
    ("orders", "number", ("customer", "customer_name", "customer_order_number"), ""),
    ("requests", "number", ("number", "start"), ""),
    ("order_lines", "order_number", ("product", "specification"), ""),
    ("shipments", "order_number", ("tracking_number",), ""),
    ("payments", "order_number", ("reference",), ""),
    ("transfers", "order_number", ("reference",), ""),
    ("journal", "order_number", (), "new.subject = 'amendment_requested'"),
)
"""Table, the order's number in it, what of it an order is found by, and which rows alone say something."""
_GRAMS = """
create function order_grams(words text) returns text[] language sql immutable strict parallel safe as $$
select coalesce(array_agg(distinct gram), '{}') from (
    select substr(words, place, length) as gram
    from generate_series(1, char_length(words)) as place, generate_series(1, 2) as length
) as each where position(chr(10) in gram) = 0
$$
"""


def upgrade() -> None:
    op.drop_index("ix_orders_salesperson", "orders")
    for name, columns in _INDICES.items():
        op.create_index(name, "orders", columns)
    for name, (columns, where) in _OF_SOME.items():
        op.create_index(name, "orders", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_table(
        "order_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_words")),
        sa.UniqueConstraint("number", name=op.f("uq_order_words_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "order_words_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_words_due")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_order_words_due_number", "order_words_due", ["number"])
    op.create_table(
        "kept_views",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", "name", name=op.f("pk_kept_views")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "create virtual table order_grams using fts5(grams, content='', detail=none, tokenize='ascii')"
        )
        _sqlite_triggers()
    else:
        op.execute(_GRAMS)
        op.execute("create index ix_order_words_grams on order_words using gin (order_grams(words))")
        _postgresql_triggers()
    op.execute("insert into order_words_due (number) select number from orders order by number")


def _sqlite_triggers() -> None:
    for name, number, columns, only in _CHANGES:
        enter = "begin insert into order_words_due (number) values ({row}." + number + "); end"  # noqa: S608 - names of ours
        when = f"when {only} " if only else ""
        op.execute(f"create trigger {name}_words_in after insert on {name} {when}{enter.format(row='new')}")
        op.execute(f"create trigger {name}_words_out after delete on {name} {enter.format(row='old')}")
        if columns:
            changed = " or ".join(f"old.{each} is not new.{each}" for each in columns)
            op.execute(
                f"create trigger {name}_words_other after update of {', '.join(columns)} on {name} "
                f"when {changed} {enter.format(row='new')}"
            )


def _postgresql_triggers() -> None:
    for name, number, columns, only in _CHANGES:
        for row in ("new", "old"):
            enter = f"insert into order_words_due (number) values ({row}.{number})"  # noqa: S608 - names of ours
            op.execute(
                f"create function {name}_words_{row}() returns trigger language plpgsql as $$ begin "
                f"{enter}; return null; end $$"
            )
        when = f"when ({only}) " if only else ""
        op.execute(
            f"create trigger {name}_words_in after insert on {name} for each row {when}"
            f"execute function {name}_words_new()"
        )
        op.execute(
            f"create trigger {name}_words_out after delete on {name} for each row "
            f"execute function {name}_words_old()"
        )
        if columns:
            changed = " or ".join(f"old.{each}::text is distinct from new.{each}::text" for each in columns)
            op.execute(
                f"create trigger {name}_words_other after update of {', '.join(columns)} on {name} "
                f"for each row when ({changed}) execute function {name}_words_new()"
            )


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _, columns, _ in _CHANGES:
        for change in ("in", "out", *(["other"] if columns else [])):
            trigger = f"{name}_words_{change}"
            op.execute(f"drop trigger {trigger}" if on_sqlite else f"drop trigger {trigger} on {name}")
        if not on_sqlite:
            for row in ("new", "old"):
                op.execute(f"drop function {name}_words_{row}()")
    for name in ("kept_views", "order_words_due", "order_words"):
        op.drop_table(name)
    op.execute("drop table order_grams" if on_sqlite else "drop function order_grams(text)")
    for name in (*_OF_SOME, *_INDICES):
        op.drop_index(name, "orders")
    op.create_index("ix_orders_salesperson", "orders", ["salesperson"])
