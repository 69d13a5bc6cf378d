"""Somebody urges what an order waits for: whoever has it to do is told once an hour at most (R13).

The order hears nothing of it: a limit stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, select

from activities.notices.outbox import enter_row
from activities.orders.views.order_views import StepView
from activities.store.database import writing
from activities.store.staff_names import staff_names
from models.access import OUTSIDERS
from models.dossier.papers_due import Paper
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Role, Words

RULE = "R13"


def urge(engine: Engine, number: str, steps: Sequence[StepView], by: str, now: datetime) -> int:
    """Tell those of the staff who have these open steps to do; how many steps were told that had not been in this hour."""
    outbox, told = table("outbox"), 0
    hour = now.astimezone(BUSINESS_ZONE).strftime("%Y%m%d%H")
    with writing(engine) as connection:
        name = staff_names(connection, [by]).get(by, by)
        for step in steps:
            roles = tuple(role for role in Role if role.value in step.roles and role not in OUTSIDERS)
            identity = f"{Paper.URGED.value}:{step.key}:{hour}"
            known = select(outbox.c.identity).where(
                outbox.c.order_number == number, outbox.c.identity == identity
            )
            if not roles or connection.scalar(known) is not None:
                continue
            zh = Words(Paper.URGED.zh, Paper.URGED.en).filled(by=name, what=step.zh).zh
            en = Words(Paper.URGED.zh, Paper.URGED.en).filled(by=name, what=step.en).en
            enter_row(
                connection, order=number, identity=identity, paper=Paper.URGED, to=roles, words=Words(zh, en), rule=RULE,
                created_at=now, content=None,
            )  # fmt: skip
            told += 1
    return told
