"""Log-ins: tries counted by person and place, second factors, sessions that are listed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login_tries",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("person", "place", name=op.f("pk_login_tries")),
    )
    op.create_index("ix_login_tries_last_at", "login_tries", ["last_at"])
    op.create_table(
        "recovery_codes",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("person", "code_hash", name=op.f("pk_recovery_codes")),
    )
    with op.batch_alter_table("logins") as logins:
        # who is locked now may try again: the lock was the person's and is the person's and the place's
        logins.drop_column("failures")
        logins.drop_column("locked_until")
        logins.add_column(
            sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.text("false"))
        )
        logins.add_column(sa.Column("second_factor", sa.String(), nullable=True))
        logins.add_column(sa.Column("second_factor_offered", sa.String(), nullable=True))
        logins.add_column(sa.Column("second_factor_since", sa.DateTime(timezone=True), nullable=True))
        logins.add_column(sa.Column("second_factor_step", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("browser", sa.String(), nullable=False, server_default=""))
        sessions.add_column(sa.Column("way", sa.String(), nullable=False, server_default="password"))
        sessions.add_column(sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.text("false")))
        sessions.add_column(sa.Column("roles", sa.JSON(none_as_null=True), nullable=True))
    op.create_index("ix_sessions_person", "sessions", ["person"])


def downgrade() -> None:
    op.drop_index("ix_sessions_person", "sessions")
    with op.batch_alter_table("sessions") as sessions:
        for name in ("browser", "way", "waits", "roles"):
            sessions.drop_column(name)
    with op.batch_alter_table("logins") as logins:
        for name in (
            "must_change", "second_factor", "second_factor_offered", "second_factor_since", "second_factor_step",
        ):  # fmt: skip
            logins.drop_column(name)
        logins.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
        logins.add_column(sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
    op.drop_table("recovery_codes")
    op.drop_index("ix_login_tries_last_at", "login_tries")
    op.drop_table("login_tries")
