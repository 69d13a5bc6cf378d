"""Customers' credit 客户信用: who may owe how much, what is owed, which orders are held; finance assesses (R108, R109)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.company.records import record_of
from activities.credit.assessing import assess, assessments_of
from activities.credit.credit_list import CreditShown, CustomerCredit, find_credit, held_orders
from activities.store.company_files import read_policy
from gateway.api.problems import status_of
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, note, teller_of, text_of, today_of
from gateway.security.staff_sessions import staff_form
from models.company.keepers import (
    ASSESSORS,
    CREDIT_READERS,
    has_one_of,
    own_customers_only,
    require_customer,
    require_one_of,
)
from models.company.record_changes import RecordKind
from models.credit.assessment import CreditAssessment, CreditStanding
from models.messages.envelope import read_entered
from models.policy import CreditPolicy
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
_NO_REASON = Words("请写明依据，例如查过的资信", "say what it rests on, for example the report that was read")
_WAYS = {
    CreditShown.ALL: Words("全部", "all"),
    CreditShown.HELD: Words("有扣单", "with orders held"),
    CreditShown.OVERDUE: Words("有逾期", "with overdue bills"),
    CreditShown.UNASSESSED: Words("待评估", "to be assessed"),
}


async def _policy(request: Request) -> CreditPolicy:
    return (await asyncio.to_thread(read_policy, door_of(request).settings.policy)).credit


@router.get("/credit")
async def credit(
    request: Request, session: Who, q: str = "", show: str = "", after: str = ""
) -> HTMLResponse:
    """Limits, what is bound, orders held and overdue bills, by customer; a salesperson's own alone."""
    require_one_of(session.caller, CREDIT_READERS)
    engine, own = door_of(request).engine, own_customers_only(session.caller)
    wanted = next((each for each in CreditShown if each.value == show), CreditShown.ALL)
    found = await in_database(
        find_credit, engine, today_of(request), await _policy(request), text=text_of(q), show=wanted, salesperson=own,
        after=text_of(after, 200),
    )  # fmt: skip
    return company_page(
        request, session, "credit/credit.html", "credit", found=found, q=text_of(q), show=wanted.value, ways_to_show=_WAYS,
        held=await in_database(held_orders, engine, own), after=after,
    )  # fmt: skip


@router.get("/credit/customer")
async def of_customer(request: Request, session: Who, id: str = "") -> HTMLResponse:  # noqa: A002 - as the address says it
    """One customer: limit, what is bound by which order, what is overdue, all assessments."""
    return await _shown(request, session, text_of(id, 200))


async def _shown(
    request: Request,
    session: Session,
    customer: str,
    refusal: Refusal | None = None,
    values: Mapping[str, str] | None = None,
) -> HTMLResponse:
    known = await _theirs(request, session, customer)
    engine = door_of(request).engine
    return company_page(
        request, session, "credit/customer.html", "credit", 200 if refusal is None else status_of(refusal.code),
        known=known, assessments=await in_database(assessments_of, engine, customer),
        held=await in_database(held_orders, engine, None, customer), may_assess=has_one_of(session.caller, ASSESSORS),
        standings=CreditStanding, refusal=refusal, values=values or {}, home=f"/credit/customer?id={quote(customer)}",
    )  # fmt: skip


async def _theirs(request: Request, session: Session, customer: str) -> CustomerCredit:
    """A customer's credit, for whom it is to see. Raises Refusal (wrong_role, unknown_customer)."""
    require_one_of(session.caller, CREDIT_READERS)
    engine = door_of(request).engine
    record = await in_database(record_of, engine, RecordKind.CUSTOMER, {"customer": customer})
    require_customer(session.caller, customer, record.values["salesperson"])
    found = await in_database(
        find_credit, engine, today_of(request), await _policy(request), only=record.values["customer"]
    )
    return found.customers[0]


@router.post("/credit/assess")
async def assess_customer(request: Request, session: Who) -> Response:
    """R108: finance gives the customer a limit, or says prepaid only, with what it rests on; open orders look again."""
    require_one_of(session.caller, ASSESSORS)
    form = await staff_form(request, session, by_field=True)
    customer = text_of(form.get("id", ""), 200)
    try:
        assessment = _assessment(form)
        door = door_of(request)
        await in_database(assess, door.engine, customer, assessment, teller_of(request, session))
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD or refusal.code is Code.UNKNOWN_CUSTOMER:
            raise
        return await _shown(request, session, customer, refusal, form)
    await note(request, session, f"customer {customer} assessed", Role.FINANCE)
    return RedirectResponse(f"/credit/customer?id={quote(customer)}&said=assessed", 303)


def _assessment(form: Mapping[str, str]) -> CreditAssessment:
    raw: dict[str, Any] = {"reason": form.get("reason", "").strip()}
    if not raw["reason"]:
        raise Refusal(Code.MISSING_FIELD, _NO_REASON, where="reason", rule="R108")
    if form.get("standing") == CreditStanding.PREPAID_ONLY.value:
        raw["prepaid_only"] = True
    if form.get("limit", "").strip():
        raw["limit"] = form["limit"]
    return read_entered(CreditAssessment, raw, Manner.TYPED)
