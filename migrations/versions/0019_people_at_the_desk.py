"""Who is away, which step was handed over, who has put away the desk's introduction; for whom an act was done"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_STANDING = sa.text("taken_back_at is null")


def upgrade() -> None:
    op.create_table(
        "staff_absences",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("deputy", sa.String(), nullable=False, server_default=""),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("told_at", _MOMENT, nullable=False),
        sa.Column("ended_by", sa.String(), nullable=False, server_default=""),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_staff_absences"),
    )
    op.create_index("ix_staff_absences_person", "staff_absences", ["person"])
    op.create_table(
        "step_handovers",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("from_person", sa.String(), nullable=False),
        sa.Column("to_person", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_at", _MOMENT, nullable=False),
        sa.Column("taken_back_by", sa.String(), nullable=False, server_default=""),
        sa.Column("taken_back_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_step_handovers"),
    )
    op.create_index(
        "ix_step_handovers_standing",
        "step_handovers",
        ["order_number", "step", "since"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    op.create_index("ix_step_handovers_to_person", "step_handovers", ["to_person"])
    op.create_index("ix_step_handovers_from_person", "step_handovers", ["from_person"])
    op.create_table(
        "desk_introductions",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("put_away_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_desk_introductions"),
    )
    op.add_column("acts", sa.Column("acted_for", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("acts", "acted_for")
    for name in ("desk_introductions", "step_handovers", "staff_absences"):
        op.drop_table(name)
