"""The press: makes the papers that are due, keeps them, and notes where; away from the worker that moves orders."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, RowMapping, select, update

from activities.access.standing_links import StandingLinks, orders_in
from activities.documents.document_store import DocumentStore
from activities.documents.printed_papers import Document
from activities.documents.typesetting import Typesetter
from activities.facts.desk_steps import close_step, open_step
from activities.store.database import reading, writing
from activities.store.faults import named_faults
from models.dossier.papers_due import Paper
from models.reports.desk_steps import DeskStepKind, desk_step, step_key
from models.tables.registry import table
from models.values.errors import Code, Refusal

OF_CUSTOMERS = frozenset({Paper.SHEET, Paper.BALANCE, Paper.REMINDER, Paper.SHIPMENT})
"""Papers that are made for the customer: the way to the customer's own page stands on them (R85)."""
AT_ONCE = 100
"""Papers read at a time; each is noted by itself, so a press that is killed goes on where it stood."""
_OF_THE_PAPER = {Code.MALFORMED, Code.MALFORMED_FILE, Code.NOT_SET_UP, Code.FAULT}
"""What concerns one paper or its template and waits for a person; anything else stops the press."""


class Press:
    """Prints what the outbox holds. Printing twice gives the same document."""

    def __init__(
        self, engine: Engine, typesetter: Typesetter, store: DocumentStore, links: StandingLinks | None = None
    ) -> None:
        self._engine = engine
        self._typesetter = typesetter
        self._store = store
        self._links = links

    def print_due(self, order: str | None = None, *, again: bool = False) -> list[Document]:
        """Print what is due and not printed, of one order or of all; what was printed or has a problem.

        `again` also tries those that had a problem (a template or a text was mended).
        """
        done: list[Document] = []
        while pending := self._pending(order, again=again and not done):
            done.extend(self._print(row) for row in pending)
        return done

    def _pending(self, order: str | None, *, again: bool) -> list[RowMapping]:
        outbox = table("outbox")
        query = select(outbox).where(outbox.c.content.is_not(None), outbox.c.document.is_(None))
        if order is not None:
            query = query.where(outbox.c.order_number == order)
        if not again:
            query = query.where(outbox.c.problem.is_(None))
        with reading(self._engine) as connection:
            return list(connection.execute(query.order_by(outbox.c.created_at).limit(AT_ONCE)).mappings())

    def _print(self, row: RowMapping) -> Document:
        digest, problem = None, None
        try:
            with named_faults(f"{row['order_number']} {row['identity']}"):
                paper = _paper(row["paper"])
                printed = self._typesetter.set(paper, row["content"], self._link(paper, row))
                digest = self._store.keep(printed)
        except Refusal as refusal:
            if refusal.code not in _OF_THE_PAPER:
                raise
            problem = f"{refusal.words.zh} · {refusal.words.en}"
        outbox = table("outbox")
        with writing(self._engine) as connection:
            connection.execute(
                update(outbox)
                .where(outbox.c.order_number == row["order_number"], outbox.c.identity == row["identity"])
                .values(document=digest, problem=problem)
            )
            self._step(connection, row, problem)
        return Document.model_validate({**row, "document": digest, "problem": problem})

    def _link(self, paper: Paper, row: RowMapping) -> str:
        """Where the customer of this paper reads on; empty on what stays in the house, or where no address is set."""
        if self._links is None or paper not in OF_CUSTOMERS:
            return ""
        return self._links.of_notice(orders_in(row["order_number"], row["content"]))

    def _step(self, connection: Connection, row: RowMapping, problem: str | None) -> None:
        """A paper that cannot be printed is a clerk's business until it is."""
        now, subject = datetime.now(UTC), f"{row['order_number']}/{row['identity']}"
        kind = DeskStepKind.PAPER_PROBLEM
        if problem is not None:
            order, rule = row["order_number"], row["rule"]
            open_step(connection, desk_step(kind, subject, now, rule=rule, order=order, reason=problem))
        elif row["problem"] is not None:
            close_step(connection, step_key(kind, subject), now, by="system", resolution="printed")


def _paper(value: str) -> Paper:
    return next(paper for paper in Paper if paper.value == value)
