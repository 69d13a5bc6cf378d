"""Quotes as lists, pages and commands show them, read from the order database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Engine, RowMapping, Select, desc, select

from activities.store.database import reading
from models.dossier.journal import JournalEntry
from models.quotes.projection import KIND
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_NO_QUOTE = Words("没有报价 {number}", "there is no quote {number}")
MOST_LISTED = 500


class QuoteRow(BaseModel):
    """A quote in a list. Times UTC."""

    number: str
    placed_at: datetime
    customer: str
    customer_name: str
    salesperson: str
    title: str
    stage: str
    ended_at: datetime | None = None
    valid_until: datetime | None = None
    total: Decimal | None = None
    version: int = 0
    order_number: str | None = None


class OfferView(BaseModel):
    """One version, ours or the customer's."""

    version: int
    by_customer: bool
    made_by: str
    made_at: datetime
    sent_at: datetime | None
    valid_until: datetime | None
    superseded_at: datetime | None
    sent_back: bool
    digest: str
    most: Decimal
    margin: str | None
    prices: list[dict[str, Any]]
    terms: str | None
    words: str


class CostView(BaseModel):
    """One row of a cost sheet in force."""

    sheet: int
    line: int
    for_quantity: str
    kind: str
    what: str
    quantity: Decimal
    measure: str
    rate: Decimal
    amount: Decimal
    basis: str
    purchased_on: date | None


class StepView(BaseModel):
    """What a quote waits for. Times UTC."""

    case_number: str = ""
    key: str
    kind: str
    roles: list[str]
    people: list[str]
    rule: str
    since: datetime
    due: datetime
    overdue_at: datetime | None
    zh: str
    en: str
    command: str


class DecisionView(BaseModel):
    """A decision asked for, with its answers."""

    key: str
    version: int
    subject: str
    outcome: str | None
    voided_at: datetime | None
    about: dict[str, Any]
    answers: list[dict[str, Any]]


class EntryView(BaseModel):
    """One entry of the journal."""

    sequence: int
    kind: str
    subject: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    role: str
    rule: str
    data: dict[str, Any]


class QuoteView(QuoteRow):
    """All that the order database has of one quote."""

    sequence: int
    ending: str | None
    standing: int | None
    goods: list[dict[str, Any]]
    accepted_version: int | None
    accepted_digest: str | None
    accepted_at: datetime | None
    offers: list[OfferView] = []
    costs: list[CostView] = []
    steps: list[StepView] = []
    decisions: list[DecisionView] = []
    journal: list[EntryView] = []
    start: dict[str, Any] = {}

    def offer(self, version: int) -> OfferView | None:
        """This version."""
        return next((each for each in self.offers if each.version == version), None)


def _listed() -> Select[Any]:
    cases, quotes = table("cases"), table("quotes")
    return (
        select(
            cases.c.number,
            cases.c.placed_at,
            cases.c.customer,
            cases.c.customer_name,
            cases.c.salesperson,
            cases.c.title,
            cases.c.stage,
            cases.c.ending,
            cases.c.ended_at,
            cases.c.sequence,
            *(column for column in quotes.c if column.name != "case_number"),
        )
        .outerjoin(quotes, quotes.c.case_number == cases.c.number)
        .where(cases.c.kind == KIND)
    )


def list_quotes(
    engine: Engine,
    *,
    salesperson: str | None = None,
    customer: str | None = None,
    stage: str | None = None,
    open_only: bool = False,
) -> list[QuoteRow]:
    """The quotes, the newest first."""
    cases, query = table("cases"), _listed()
    if salesperson is not None:
        query = query.where(cases.c.salesperson == salesperson)
    if customer is not None:
        query = query.where(cases.c.customer == customer)
    if stage:
        query = query.where(cases.c.stage == stage)
    if open_only:
        query = query.where(cases.c.ended_at.is_(None))
    query = query.order_by(desc(cases.c.placed_at), desc(cases.c.number)).limit(MOST_LISTED)
    with reading(engine) as connection:
        return [QuoteRow.model_validate(_given(row)) for row in connection.execute(query).mappings()]


def show_quote(engine: Engine, number: str) -> QuoteView:
    """One quote with all of its versions, costs, steps, decisions and its journal. Raises Refusal(unknown_order)."""
    cases = table("cases")
    with reading(engine) as connection:
        row = connection.execute(_listed().where(cases.c.number == number)).mappings().first()
        if row is None:
            raise Refusal(Code.UNKNOWN_ORDER, _NO_QUOTE.filled(number=number), where=number)

        def rows(name: str, *order: str) -> list[dict[str, Any]]:
            its = table(name)
            query = select(its).where(its.c.case_number == number).order_by(*(its.c[each] for each in order))
            return [dict(each) for each in connection.execute(query).mappings()]

        requests = table("case_requests")
        start = connection.scalar(select(requests.c.start).where(requests.c.number == number))
        costs = rows("cost_rows", "line", "for_quantity", "row")
        in_force: dict[tuple[int, str], int] = {}
        for each in costs:
            key = (each["line"], each["for_quantity"])
            in_force[key] = max(each["sheet"], in_force.get(key, 0))
        steps = [each for each in rows("case_steps", "since", "key") if each["closed_at"] is None]
        # Before it has recorded anything its goods stand in what it began with.
        asked = (start or {}).get("request", {}).get("lines", [])
        return QuoteView.model_validate(
            {
                **_given(row),
                "goods": row["goods"] or asked,
                "offers": rows("offers", "version"),
                "costs": [
                    each for each in costs if each["sheet"] == in_force[each["line"], each["for_quantity"]]
                ],
                "steps": steps,
                "decisions": rows("case_decisions", "asked_at", "version"),
                "journal": rows("case_journal", "epoch", "sequence"),
                "start": start or {},
            }
        )


def _given(row: RowMapping) -> dict[str, Any]:
    """What a quote that has recorded nothing yet has no row for is left at its default."""
    empty = {"version": 0, "goods": []}
    return {name: empty[name] if value is None and name in empty else value for name, value in row.items()}


def journal_of_case(engine: Engine, number: str) -> list[JournalEntry]:
    """The journal of a case in its newest epoch, in order."""
    journal = table("case_journal")
    query = (
        select(journal).where(journal.c.case_number == number).order_by(journal.c.epoch, journal.c.sequence)
    )
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
    last = max((row["epoch"] for row in rows), default=0)
    return [
        JournalEntry.model_validate(
            {name: value for name, value in row.items() if name not in ("case_number", "epoch")}
        )
        for row in rows
        if row["epoch"] == last
    ]


def decisions_of(engine: Engine, numbers: Collection[str]) -> dict[tuple[str, str], DecisionView]:
    """What is asked of these cases now, by number and key."""
    asked = table("case_decisions")
    query = select(asked).where(asked.c.case_number.in_(numbers), asked.c.voided_at.is_(None))
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(asked.c.version)).mappings().all()
    return {(row["case_number"], row["key"]): DecisionView.model_validate(dict(row)) for row in rows}


def steps_of_cases(engine: Engine) -> list[StepView]:
    """Every open step of a case that is no order, that which is due first at the head."""
    steps = table("case_steps")
    query = select(steps).where(steps.c.closed_at.is_(None)).order_by(steps.c.due, steps.c.case_number)
    with reading(engine) as connection:
        return [StepView.model_validate(dict(row)) for row in connection.execute(query).mappings()]
