"""Contracts as lists, pages and commands show them, read from the order database (R107)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, field_validator
from sqlalchemy import Engine, Select, select

from activities.cases.case_reading import common_to_all, newest_first, rows_of, the_one
from activities.cases.case_views import DecisionView, EntryView, StepView
from activities.store.database import reading
from models.contracts.projection import KIND
from models.contracts.terms import ContractTerms
from models.tables.registry import table
from models.values.vocabulary import Words

_NO_CONTRACT = Words("没有合同 {number}", "there is no contract {number}")
_OF_CASES = ("number", "placed_at", "customer", "customer_name", "salesperson", "title", "stage", "ending", "ended_at",
             "sequence")  # fmt: skip


class ContractRow(BaseModel):
    """A contract in a list. Times UTC."""

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
    version: int
    in_force: int | None = None
    in_force_from: datetime | None = None
    valid_until: date
    total: Decimal
    termination: str = ""


class DraftView(BaseModel):
    """One version."""

    version: int
    supplement: bool
    terms: dict[str, Any]
    total: Decimal
    quality: str
    words: str
    reason: str
    valid_until: date
    digest: str
    drafted_by: str
    drafted_at: datetime
    approved_at: datetime | None = None
    sent_back: str
    declined: str | None = None
    superseded_at: datetime | None = None
    signing_place: str
    signing_at: datetime | None = None
    in_force_from: datetime | None = None

    @field_validator("terms", mode="before")
    @classmethod
    def _in_full(cls, kept: Any) -> dict[str, Any]:
        """What is kept leaves out what nothing was said about."""
        return ContractTerms.model_validate(kept).model_dump(mode="json")

    @property
    def may_be_signed(self) -> bool:
        """Whether it is approved and waits for signatures."""
        fell = self.sent_back or self.declined is not None or self.superseded_at is not None
        return self.approved_at is not None and not fell and self.in_force_from is None


class SignatureView(BaseModel):
    """One signature."""

    version: int
    side: str
    signed_by: str
    document: str
    digest: str
    by: str
    role: str
    signed_at: datetime


class ContractView(ContractRow):
    """All that the order database has of one contract."""

    drafts: list[DraftView] = []
    signatures: list[SignatureView] = []
    steps: list[StepView] = []
    decisions: list[DecisionView] = []
    journal: list[EntryView] = []
    start: dict[str, Any] = {}

    @property
    def newest(self) -> DraftView | None:
        """The newest version; None before anything was recorded."""
        return self.drafts[-1] if self.drafts else None

    @property
    def shown_to_customer(self) -> list[DraftView]:
        """What the customer may read: versions that were approved."""
        return [draft for draft in self.drafts if draft.approved_at is not None]

    def signature_of(self, version: int, side: str) -> SignatureView | None:
        """One side's signature under a version."""
        return next((each for each in self.signatures if (each.version, each.side) == (version, side)), None)


def _listed() -> Select[Any]:
    cases, own = table("cases"), table("contracts")
    return (
        select(
            *(cases.c[name] for name in _OF_CASES),
            *(column for column in own.c if column.name not in ("case_number", "request_id")),
        )
        .join(own, own.c.case_number == cases.c.number)
        .where(cases.c.kind == KIND)
    )


def list_contracts(
    engine: Engine,
    *,
    salesperson: str | None = None,
    customer: str | None = None,
    order: str | None = None,
    stage: str | None = None,
    open_only: bool = False,
) -> list[ContractRow]:
    """The contracts, the newest first."""
    query = newest_first(
        _listed(), salesperson=salesperson, customer=customer, stage=stage, open_only=open_only
    )
    if order:
        query = query.where(table("contracts").c.order_number == order)
    with reading(engine) as connection:
        return [ContractRow.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def show_contract(engine: Engine, number: str) -> ContractView:
    """One contract with its versions, signatures, steps, decisions and journal. Raises Refusal(unknown_order)."""
    with reading(engine) as connection:
        row = the_one(connection, _listed(), number, _NO_CONTRACT)
        return ContractView.model_validate(
            {
                **row,
                **common_to_all(connection, number),
                "drafts": rows_of(connection, "contract_drafts", number, "version"),
                "signatures": rows_of(connection, "signatures", number, "version", "signed_at"),
            }
        )
