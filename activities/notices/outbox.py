"""The outbox: papers and notices are entered with what they are about, before anything is printed or sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from activities.store.staff_names import with_names, words_with_names
from activities.store.upsert import insert_into
from models.dossier.papers_due import Paper
from models.dossier.recording import Burst
from models.tables.registry import table
from models.values.vocabulary import Role, Words

OF_THE_DESK = ""
"""The order number of papers that belong to no order: reports."""


def enter(connection: Connection, burst: Burst) -> None:
    """Enter what is due. What was entered before under the same identity stays as it is."""
    for intention in burst.intentions:
        enter_row(
            connection,
            order=burst.order,
            identity=intention.identity,
            paper=intention.paper,
            to=intention.to,
            words=Words(intention.zh, intention.en),
            rule=intention.rule,
            created_at=intention.created_at,
            content=intention.content,
            named=intention.named,
        )


def enter_row(
    connection: Connection,
    *,
    order: str,
    identity: str,
    paper: Paper,
    to: tuple[Role, ...],
    words: Words,
    rule: str,
    created_at: datetime,
    content: dict[str, Any] | None,
    attachments: list[dict[str, str]] | None = None,
    named: tuple[str, ...] = (),
) -> None:
    """Enter one paper or notice; what was entered before under the same identity stays as it is.

    `named` are ids of staff in its words: there and in the content stand their names from here on.
    """
    said = words_with_names(connection, words, named)
    row = {
        "order_number": order,
        "identity": identity,
        "paper": paper.value,
        "roles": [role.value for role in to],
        "zh": said.zh,
        "en": said.en,
        "rule": rule,
        "created_at": created_at,
        "content": with_names(connection, content),
        "attachments": attachments,
    }
    connection.execute(insert_into(connection, table("outbox")).values(row).on_conflict_do_nothing())
