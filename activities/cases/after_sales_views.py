"""After-sales cases as lists, pages, commands and statistics show them, read from the order database (R143)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Engine, Select, desc, func, select

from activities.cases.case_reading import common_to_all, newest_first, the_one
from activities.cases.case_views import DecisionView, EntryView, StepView
from activities.store.database import reading
from models.cases.projection import KIND
from models.tables.registry import table
from models.values.vocabulary import Words

_NO_CASE = Words("没有售后单 {number}", "there is no case {number}")
_OF_CASES = ("number", "placed_at", "customer", "customer_name", "salesperson", "title", "stage", "ending", "ended_at",
             "sequence")  # fmt: skip


class CaseRow(BaseModel):
    """A case in a list. Times UTC."""

    number: str
    placed_at: datetime
    customer: str
    customer_name: str
    salesperson: str
    title: str
    stage: str
    ending: str | None = None
    ended_at: datetime | None = None
    sequence: int = 0
    order_number: str
    type: str
    cause: str
    line: int | None = None
    product: str = ""
    specification: str = ""
    unit: str | None = None
    unit_price: Decimal | None = None
    quantity: Decimal | None = None
    held: Decimal
    words: str = ""
    owner: str = ""
    assessed: str = ""
    remedy: str | None = None
    our_fault: bool | None = None
    refusal: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    send_by: datetime | None = None
    sent_at: datetime | None = None
    came_back: Decimal | None = None
    passed: Decimal | None = None
    failed: Decimal | None = None
    value: Decimal | None = None
    payable: Decimal | None = None
    replacement: str | None = None
    difference: Decimal | None = None
    remedied_at: datetime | None = None
    agree_by: datetime | None = None
    paid_reference: str = ""
    objection: str = ""


class CaseView(CaseRow):
    """All that the order database has of one case."""

    evidence: list[dict[str, Any]] = []
    steps: list[StepView] = []
    decisions: list[DecisionView] = []
    journal: list[EntryView] = []
    start: dict[str, Any] = {}


class CaseCount(BaseModel):
    """How many cases a product had for a cause, and what they cost."""

    product: str
    cause: str
    cases: int
    quantity: Decimal
    value: Decimal
    payable: Decimal


def _listed() -> Select[Any]:
    cases, own = table("cases"), table("order_cases")
    return (
        select(
            *(cases.c[name] for name in _OF_CASES),
            *(column for column in own.c if column.name not in ("case_number", "request_id")),
        )
        .join(own, own.c.case_number == cases.c.number)
        .where(cases.c.kind == KIND)
    )


def list_cases(
    engine: Engine,
    *,
    salesperson: str | None = None,
    customer: str | None = None,
    order: str | None = None,
    stage: str | None = None,
    open_only: bool = False,
) -> list[CaseRow]:
    """The cases, the newest first."""
    query = newest_first(
        _listed(), salesperson=salesperson, customer=customer, stage=stage, open_only=open_only
    )
    if order:
        query = query.where(table("order_cases").c.order_number == order)
    with reading(engine) as connection:
        return [CaseRow.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def show_case(engine: Engine, number: str) -> CaseView:
    """One case with its evidence, steps, decisions and journal. Raises Refusal(unknown_order)."""
    with reading(engine) as connection:
        row = the_one(connection, _listed(), number, _NO_CASE)
        return CaseView.model_validate({**row, **common_to_all(connection, number)})


def count_cases(engine: Engine, *, since: datetime | None = None) -> list[CaseCount]:
    """R143: the statistics by product and cause, the most frequent first."""
    cases, own = table("cases"), table("order_cases")
    nothing = Decimal("0.00")
    query = (
        select(
            own.c.product,
            own.c.cause,
            func.count().label("cases"),
            func.sum(own.c.quantity).label("quantity"),
            func.sum(own.c.value).label("value"),
            func.sum(own.c.payable).label("payable"),
        )
        .join(cases, cases.c.number == own.c.case_number)
        .group_by(own.c.product, own.c.cause)
        .order_by(desc("cases"), own.c.product, own.c.cause)
    )
    if since is not None:
        query = query.where(cases.c.placed_at >= since)
    with reading(engine) as connection:
        return [
            CaseCount.model_validate(
                {name: nothing if value is None else value for name, value in row.items()}
            )
            for row in connection.execute(query).mappings()
        ]
