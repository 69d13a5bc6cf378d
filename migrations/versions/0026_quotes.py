"""Quotes, and what every case that is no order has: number, request, journal, open steps, decisions"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_FINER = sa.String().with_variant(sa.Numeric(18, 4), "postgresql")
_OF_CASES = ("case_journal", "case_steps", "case_decisions", "quotes", "offers", "cost_rows")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _count(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable, autoincrement=False)


def _yes(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=nullable)


def _fen(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _of_case(name: str, *columns: sa.Column[Any], key: tuple[str, ...] = (), unique: bool = False) -> None:
    constraints: list[sa.Constraint] = [
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=f"fk_{name}_case_number"),
        sa.PrimaryKeyConstraint("case_number", *key, name=f"pk_{name}"),
    ]
    if unique:
        constraints.append(
            sa.UniqueConstraint(
                "case_number", "sequence", "hash", name=f"uq_{name}_case_number_sequence_hash"
            )
        )
    op.create_table(name, _text("case_number"), *columns, *constraints)


def upgrade() -> None:
    _cases()
    _of_case(
        "case_journal",
        *(
            _count("epoch"),
            _count("sequence"),
            _text("hash"),
            _text("previous"),
            _text("kind"),
            _text("subject"),
        ),
        *(
            _moment("happened_at"),
            _moment("recorded_at"),
            _text("by"),
            _text("role"),
            _text("rule"),
            _json("data"),
        ),
        key=("epoch", "sequence"),
        unique=True,
    )
    _of_case(
        "case_steps",
        *(_text("key"), _text("kind"), _json("roles"), _json("people"), _text("rule"), _moment("since")),
        *(_moment("due"), _yes("blocking"), _moment("overdue_at", nullable=True)),
        *(_moment("escalated_at", nullable=True), _text("zh"), _text("en"), _text("command")),
        _moment("closed_at", nullable=True),
        key=("key",),
    )
    open_ones = sa.text("closed_at is null")
    op.create_index(
        "ix_case_steps_open",
        "case_steps",
        ["due", "case_number", "key"],
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    _of_case(
        "case_decisions",
        *(
            _text("key"),
            _count("version"),
            _text("subject"),
            _moment("asked_at"),
            _text("outcome", nullable=True),
        ),
        *(
            _moment("decided_at", nullable=True),
            _moment("voided_at", nullable=True),
            _json("about"),
            _json("answers"),
        ),
        key=("key", "version"),
    )
    _quotes()


def _cases() -> None:
    op.create_table(
        "case_day_numbers",
        *(_text("kind"), sa.Column("day", sa.Date(), nullable=False), _count("last")),
        sa.PrimaryKeyConstraint("kind", "day", name="pk_case_day_numbers"),
    )
    op.create_table(
        "case_requests",
        *(_text("kind"), _text("request_id"), _text("customer")),
        sa.Column("space", sa.String(), nullable=False, server_default=""),
        *(_text("content_hash"), _text("number"), _moment("placed_at"), _json("start")),
        sa.PrimaryKeyConstraint("kind", "request_id", "customer", "space", name="pk_case_requests"),
        sa.UniqueConstraint("number", name="uq_case_requests_number"),
    )
    op.create_index("ix_case_requests_customer", "case_requests", ["customer"])
    op.create_table(
        "cases",
        *(_text("number"), _text("kind"), _count("sequence"), _text("head"), _count("epoch")),
        *(
            _moment("placed_at", nullable=True),
            _text("customer"),
            _text("customer_name"),
            _text("customer_class"),
        ),
        *(_text("salesperson"), _text("title"), _text("stage"), _text("ending", nullable=True)),
        *(_moment("ended_at", nullable=True), _text("policy_version"), _count("edition", nullable=True)),
        *(_text("attempt", nullable=True), _count("attempt_from", nullable=True)),
        sa.PrimaryKeyConstraint("number", name="pk_cases"),
    )
    still_open, not_begun = sa.text("ended_at is null"), sa.text("sequence = 0")
    op.create_index(
        "ix_cases_open",
        "cases",
        ["kind", "stage", "placed_at", "number"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index("ix_cases_placed_at", "cases", ["kind", "placed_at", "number"])
    op.create_index("ix_cases_customer", "cases", ["customer", "kind", "number"])
    op.create_index("ix_cases_salesperson", "cases", ["salesperson"])
    op.create_index(
        "ix_cases_not_begun", "cases", ["placed_at"], sqlite_where=not_begun, postgresql_where=not_begun
    )


def _quotes() -> None:
    _of_case(
        "quotes",
        *(_text("request_id"), _json("goods"), _count("version"), _count("standing", nullable=True)),
        *(_moment("valid_until", nullable=True), _fen("total", nullable=True)),
        *(_count("accepted_version", nullable=True), _text("accepted_digest", nullable=True)),
        *(_moment("accepted_at", nullable=True), _json("accepted_lines", nullable=True)),
        _text("order_number", nullable=True),
    )
    op.create_index("ix_quotes_order_number", "quotes", ["order_number"])
    op.create_table(
        "quoted_orders",
        *(_text("quote_number"), _text("order_number"), _moment("made_at")),
        sa.PrimaryKeyConstraint("quote_number", name="pk_quoted_orders"),
        sa.UniqueConstraint("order_number", name="uq_quoted_orders_order_number"),
    )
    _of_case(
        "offers",
        *(_count("version"), _yes("by_customer"), _text("made_by"), _moment("made_at")),
        *(_moment("sent_at", nullable=True), _moment("valid_until", nullable=True)),
        *(_moment("superseded_at", nullable=True), _yes("sent_back"), _text("digest"), _fen("most")),
        *(_text("margin", nullable=True), _json("prices"), _text("terms", nullable=True), _text("words")),
        key=("version",),
    )
    _of_case(
        "cost_rows",
        *(
            _count("sheet"),
            _count("line"),
            _text("for_quantity"),
            _count("row"),
            _text("kind"),
            _text("what"),
        ),
        *(_fen("quantity"), _text("measure"), sa.Column("rate", _FINER, nullable=False), _fen("amount")),
        *(_text("basis"), sa.Column("purchased_on", sa.Date(), nullable=True)),
        key=("sheet", "line", "for_quantity", "row"),
    )


def downgrade() -> None:
    for name in reversed(_OF_CASES):
        op.drop_table(name)
    for name in ("quoted_orders", "cases", "case_requests", "case_day_numbers"):
        op.drop_table(name)
