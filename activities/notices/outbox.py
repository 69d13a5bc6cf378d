"""The outbox: papers and notices are entered with what they are about, before anything is printed or sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NotRequired, TypedDict, Unpack

from sqlalchemy import Connection

from activities.store.kept_statements import send_all
from activities.store.printed_names import names_for
from activities.store.product_names import ProductNames, products_in, with_product_names
from activities.store.staff_names import people_in, with_names, words_with_names
from activities.store.upsert import Insert, insert_in
from models.dossier.papers_due import Paper
from models.dossier.records.recording import Burst
from models.tables.registry import table
from models.values.vocabulary import Role, Words
from models.writing.punctuation import full_width

OF_THE_DESK = ""
"""The order number of papers that belong to no order: reports."""


class Due(TypedDict):
    """A paper or notice that is due, before it is entered."""

    order: str
    identity: str
    paper: Paper
    to: tuple[Role, ...]
    words: Words
    rule: str
    created_at: datetime
    content: dict[str, Any] | None
    attachments: NotRequired[list[dict[str, str]]]
    named: NotRequired[tuple[str, ...]]
    """Ids of staff in its words: there and in the content stand their names from here on."""
    person: NotRequired[str]
    """One of the staff who is told in place of the roles; empty: the roles are."""


def enter(connection: Connection, burst: Burst) -> None:
    """Enter what is due. What was entered before under the same identity stays as it is."""
    _enter(
        connection,
        [
            Due(
                order=burst.order,
                identity=intention.identity,
                paper=intention.paper,
                to=intention.to,
                words=Words(intention.zh, intention.en),
                rule=intention.rule,
                created_at=intention.created_at,
                content=intention.content,
                named=intention.named,
                person=intention.person,
            )
            for intention in burst.intentions
        ],
    )


def enter_row(connection: Connection, **due: Unpack[Due]) -> None:
    """Enter one paper or notice; what was entered before under the same identity stays as it is."""
    _enter(connection, [due])


def _enter(connection: Connection, due: Sequence[Due]) -> None:
    if not due:
        return
    people = {person for each in due for person in (*each.get("named", ()), *people_in(each["content"]))}
    goods = {product for each in due for product in products_in(each["content"])}
    names, named = names_for(connection, people, goods)
    send_all(
        connection, _entering(connection.dialect.name), [_outbox_row(each, names, named) for each in due]
    )


@lru_cache(maxsize=2)
def _entering(dialect: str) -> Insert:
    return insert_in(dialect, table("outbox")).on_conflict_do_nothing()


def _outbox_row(due: Due, names: Mapping[str, str], products: ProductNames) -> dict[str, Any]:
    said = words_with_names(due["words"], due.get("named", ()), names)
    return {
        "order_number": due["order"],
        "identity": due["identity"],
        "paper": due["paper"].value,
        "roles": [due["person"]] if due.get("person") else [role.value for role in due["to"]],
        "zh": full_width(said.zh),
        "en": said.en,
        "rule": due["rule"],
        "created_at": due["created_at"],
        "content": with_product_names(with_names(due["content"], names), products),
        "attachments": due.get("attachments"),
    }
