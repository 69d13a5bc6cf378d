"""Quotes as lists, pages and commands show them, read from the order database."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Engine, RowMapping, Select, select

from activities.cases.case_reading import common_to_all, newest_first, rows_of, the_one
from activities.cases.case_views import DecisionView, EntryView, StepView
from activities.store.database import reading
from models.quotes.projection import KIND
from models.tables.registry import table
from models.values.vocabulary import Words

_NO_QUOTE = Words("没有报价 {number}", "there is no quote {number}")


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
    delivery_date: date | None


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
    query = newest_first(
        _listed(), salesperson=salesperson, customer=customer, stage=stage, open_only=open_only
    )
    with reading(engine) as connection:
        return [QuoteRow.model_validate(_given(row)) for row in connection.execute(query).mappings()]


def show_quote(engine: Engine, number: str) -> QuoteView:
    """One quote with all of its versions, costs, steps, decisions and its journal. Raises Refusal(unknown_order)."""
    with reading(engine) as connection:
        row = the_one(connection, _listed(), number, _NO_QUOTE)
        common = common_to_all(connection, number)
        costs = rows_of(connection, "cost_rows", number, "line", "for_quantity", "row")
        in_force: dict[tuple[int, str], int] = {}
        for each in costs:
            key = (each["line"], each["for_quantity"])
            in_force[key] = max(each["sheet"], in_force.get(key, 0))
        # Before it has recorded anything its goods stand in what it began with.
        asked = common["start"].get("request", {}).get("lines", [])
        return QuoteView.model_validate(
            {
                **_given(row),
                **common,
                "goods": row["goods"] or asked,
                "offers": rows_of(connection, "offers", number, "version"),
                "costs": [
                    each for each in costs if each["sheet"] == in_force[each["line"], each["for_quantity"]]
                ],
            }
        )


def _given(row: RowMapping) -> dict[str, Any]:
    """What a quote that has recorded nothing yet has no row for is left at its default."""
    empty = {"version": 0, "goods": []}
    return {name: empty[name] if value is None and name in empty else value for name, value in row.items()}
