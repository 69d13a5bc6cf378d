"""A delivery with which something went wrong that nobody foresaw: a person says whether it went, nothing is sent twice."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, RowMapping, and_, update

from activities.facts.desk_steps import open_step
from activities.store.database import writing
from models.reports.desk_steps import DeskStepKind, desk_step
from models.reports.notice_routes import DeliveryState
from models.tables.registry import table
from models.values.errors import Refusal

KEY = ("order_number", "identity", "addressee", "channel")
"""What names one delivery."""
_RULE = "R30"


def subject_of(row: RowMapping) -> str:
    """What a step about this delivery is called: short, and the same each time."""
    return hashlib.sha256("/".join(str(row[name]) for name in KEY).encode()).hexdigest()[:12]


def same_delivery(row: RowMapping) -> Any:
    """The condition that finds it."""
    deliveries = table("deliveries")
    return and_(*(deliveries.c[name] == row[name] for name in KEY))


def doubt(engine: Engine, row: RowMapping, refusal: Refusal, now: datetime) -> None:
    """Nobody knows how far it came: it is tried no more before a person has said whether it went."""
    reason, identity = f"{refusal.words.zh} · {refusal.words.en}", str(row["identity"])
    values = {"state": DeliveryState.UNCERTAIN.value, "problem": reason, "next_at": now}
    about: dict[str, Any] = {name: str(row[name]) for name in KEY}
    # not the words of its paper: they may be what cannot be read
    about |= dict.fromkeys(("subject_zh", "subject_en"), identity)
    about |= {"address": str(row["address"]), "reason": reason}
    kind, order = DeskStepKind.WAS_IT_SENT, str(row["order_number"])
    step = desk_step(kind, subject_of(row), now, rule=_RULE, order=order, **about)
    with writing(engine) as connection:
        connection.execute(update(table("deliveries")).where(same_delivery(row)).values(values))
        open_step(connection, step)
