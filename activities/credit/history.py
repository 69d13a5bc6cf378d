"""The assessments of a customer: rows are only added, the newest one counts (R108)."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, select

from activities.store.company_changes import Teller
from models.credit.assessment import Assessed, CreditAssessment
from models.tables.registry import table
from models.values.calendar import business_date


def add_to_history(
    connection: Connection, customer: str, assessment: CreditAssessment, teller: Teller, *, order: str = ""
) -> None:
    """One more row of the customer's assessments."""
    row = {
        "customer": customer,
        "credit_limit": assessment.limit,
        "reason": assessment.reason,
        "assessed_on": business_date(teller.moment),
        "assessed_by": teller.person,
        "entered_at": teller.moment,
        "order_number": order,
    }
    connection.execute(table("credit_limits").insert().values(row))


def newest_assessment(connection: Connection, customer: str) -> Assessed | None:
    """The customer's newest assessment; None where there never was one."""
    limits = table("credit_limits")
    query = select(limits).where(limits.c.customer == customer).order_by(limits.c.number.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return None if row is None else assessed_of(row)


def assessed_of(row: RowMapping) -> Assessed:
    """An assessment as it is kept."""
    return Assessed(
        limit=row["credit_limit"],
        prepaid_only=row["credit_limit"] is None,
        reason=row["reason"],
        assessed_on=row["assessed_on"],
        assessed_by=row["assessed_by"],
    )
