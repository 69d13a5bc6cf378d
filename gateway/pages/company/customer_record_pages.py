"""Customers: the list, one customer's file with its orders and history, and how it is kept (R15, R17, R31)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.company.customers import find_customers
from activities.company.people import list_staff
from activities.company.records import Record, keep_changed, keep_new, record_of
from activities.documents.font_signs import require_printable
from activities.reminders.reminder_pauses import pauses_of
from activities.store.company_changes import changes_of
from activities.store.imports import CustomerRow
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, note, teller_of, text_of, today_of
from gateway.pages.company.record_form import (
    MOST_FIELDS,
    Choice,
    FieldKind,
    RecordField,
    RecordForm,
    choices_of,
    form_page,
    seen_in,
    typed_in,
    values_of,
)
from gateway.security.staff_sessions import staff_form
from models.access import PLACES, Caller
from models.company.keepers import (
    CREDIT_READERS,
    CUSTOMER_KEEPERS,
    STATEMENT_READERS,
    VERIFIERS,
    customer_fields,
    has_one_of,
    lists_customers,
    own_customers_only,
    require_customer,
    require_one_of,
    role_of,
)
from models.company.record_changes import RecordKind
from models.company.record_words import CUSTOMER
from models.credit.assessment import CreditStanding
from models.messages.envelope import read_entered
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import CustomerClass, DeliveryMethod, PaymentTerms, Role, Words
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
_K = FieldKind
_NO_LIST = Words("您的岗位不管客户档案", "customers' files are not for your role")
_NO_FIELDS = Words("您的岗位不能改客户档案", "your role keeps nothing of a customer's file")
_ALREADY = Words("资料已由 {who} 核实", "{who} verified the data already")
_OWN = Words(
    "新客户为 C 类，资料待核实（R17），信用待财务评估（R108）。",
    "A new customer is of class C; the data are still to be verified (R17), the credit to be assessed by finance (R108).",
)
_STARTED = Words(
    "进行中的订单保留开始时的档案；改动用于以后的订单。",
    "Orders under way keep the file that they began with; a change is for orders that come.",
)


def _who_have(role: Role, people: list[dict[str, Any]]) -> list[Choice]:
    """Everybody of the staff who has the role, to choose from."""
    return [
        Choice(each["person"], Words(each["name"] or each["person"], each["name"] or each["person"]))
        for each in people
        if role.value in each["roles"]
    ]


def _fields(caller: Caller, people: list[dict[str, Any]], *, new: bool) -> list[RecordField]:
    """The fields that they keep, in the order of the form."""
    sellers, clerks, merchandisers = (
        _who_have(role, people) for role in (Role.SALESPERSON, Role.SERVICE_CLERK, Role.MERCHANDISER)
    )
    shown = {
        "name": RecordField("name", CUSTOMER["name"], required=True),
        "contact": RecordField("contact", CUSTOMER["contact"]),
        "phone": RecordField("phone", CUSTOMER["phone"]),
        "email": RecordField("email", CUSTOMER["email"]),
        "fax": RecordField("fax", CUSTOMER["fax"]),
        "salesperson": RecordField("salesperson", CUSTOMER["salesperson"], _K.CHOICE, sellers),
        "service_clerk": RecordField("service_clerk", CUSTOMER["service_clerk"], _K.CHOICE, clerks),
        "merchandiser": RecordField("merchandiser", CUSTOMER["merchandiser"], _K.CHOICE, merchandisers),
        "region": RecordField("region", CUSTOMER["region"]),
        "customer_class": RecordField(
            "customer_class", CUSTOMER["customer_class"], _K.CHOICE, choices_of(CustomerClass), required=True
        ),
        "address": RecordField("address", CUSTOMER["address"], _K.LONG),
        "designated_signers": RecordField(
            "designated_signers", CUSTOMER["designated_signers"], _K.LIST, hint=Words("每行一位", "one a line")
        ),
        "signer_contacts": RecordField(
            "signer_contacts", CUSTOMER["signer_contacts"], _K.LIST,
            hint=Words("每行：姓名=邮箱或手机", "one a line: name=mail address or phone"),
        ),
    }  # fmt: skip
    contract = [
        RecordField("contract.reference", CUSTOMER["contract.reference"]),
        RecordField(
            "contract.payment_terms", CUSTOMER["contract.payment_terms"], _K.CHOICE, choices_of(PaymentTerms)
        ),
        RecordField("contract.deposit_percent", CUSTOMER["contract.deposit_percent"], _K.NUMBER),
        RecordField("contract.account_days", CUSTOMER["contract.account_days"], _K.NUMBER),
        RecordField("contract.valid_from", CUSTOMER["contract.valid_from"], _K.DATE),
        RecordField("contract.valid_until", CUSTOMER["contract.valid_until"], _K.DATE),
        RecordField(
            "contract.delivery_methods", CUSTOMER["contract.delivery_methods"], _K.SEVERAL, choices_of(DeliveryMethod)
        ),
    ]  # fmt: skip
    may = customer_fields(caller)
    found = [RecordField("customer", CUSTOMER["customer"], required=True)] if new else []
    found += [field for name, field in shown.items() if name in may]
    return found + (contract if "contract" in may else [])


async def _record(request: Request, caller: Caller, customer: str) -> Record:
    """A customer's file that they may see. Raises Refusal (unknown_customer, wrong_role)."""
    record = await in_database(
        record_of, door_of(request).engine, RecordKind.CUSTOMER, {"customer": customer}
    )
    require_customer(caller, customer, record.values["salesperson"])
    return record


@router.get("/company/customers")
async def customers(
    request: Request, session: Who, q: str = "", kind: str = "", unverified: str = "", after: str = ""
) -> HTMLResponse:
    """Customers by code, with what is open; a salesperson's own alone."""
    caller, text = session.caller, text_of(q)
    if not lists_customers(caller):
        raise Refusal(Code.WRONG_ROLE, _NO_LIST, where="role")
    found = await in_database(
        find_customers, door_of(request).engine, text=text, customer_class=kind[:1], salesperson=own_customers_only(caller),
        unverified=unverified == "yes", after=text_of(after, 200),
    )  # fmt: skip
    return company_page(
        request, session, "company/customers.html", "customers", found=found, q=text, kind=kind[:1], unverified=unverified,
        classes=CustomerClass, may_enter=has_one_of(caller, PLACES), after=after,
    )  # fmt: skip


@router.get("/company/customer")
async def customer(request: Request, session: Who, id: str = "") -> HTMLResponse:  # noqa: A002 - as the address says it
    """One customer: file, contract, signers, what is open, orders, history."""
    door, key = door_of(request), text_of(id, 200)
    record = await _record(request, session.caller, key)
    return company_page(
        request, session, "company/customer.html", "customers", record=record.values, today=today_of(request),
        line=(await in_database(find_customers, door.engine, only=key)).customers[0],
        changes=await in_database(changes_of, door.engine, RecordKind.CUSTOMER, key),
        pauses=await in_database(pauses_of, door.engine, key, today_of(request)),
        may_change=bool(customer_fields(session.caller)), classes={each.value: each for each in CustomerClass},
        terms={each.value: each for each in (*PaymentTerms, *DeliveryMethod)},
        may_verify=has_one_of(session.caller, VERIFIERS) and not record.values["verified_by"],
        may_read_statement=has_one_of(session.caller, STATEMENT_READERS),
        may_read_credit=has_one_of(session.caller, CREDIT_READERS), words=CUSTOMER,
    )  # fmt: skip


@router.get("/company/customer/new")
async def new_page(request: Request, session: Who) -> HTMLResponse:
    """Where a new customer is entered."""
    require_one_of(session.caller, PLACES)
    return form_page(request, session, await _form(request, session, {}, {}))


@router.post("/company/customer/new")
async def enter(request: Request, session: Who) -> Response:
    """Enter a new customer: of class C unless who decides that says otherwise; a salesperson's own is theirs (R17)."""
    door, caller = door_of(request), session.caller
    require_one_of(caller, PLACES)
    form = await staff_form(request, session, MOST_FIELDS, by_field=True)
    fields = _fields(caller, await in_database(list_staff, door.engine), new=True)
    try:
        raw = {name: value for name, value in typed_in(form, fields).items() if value not in ("", None, [])}
        if own_customers_only(caller) is not None:
            raw["salesperson"] = caller.name
        row = _read(raw)
        values = row.model_dump(mode="json", exclude={"customer"})
        values |= {name: values[name] or "" for name in ("contact", "phone", "address")}
        values["credit"] = CreditStanding.UNASSESSED.value  # finance assesses whom nobody knew (R108)
        key = {"customer": row.customer}
        await in_database(
            keep_new, door.engine, RecordKind.CUSTOMER, key, values, teller_of(request, session)
        )
    except Refusal as refusal:
        return await _again(request, session, form, {}, refusal)
    await note(request, session, f"customer {row.customer} entered", role_of(caller, PLACES))
    return RedirectResponse(f"/company/customer?id={quote(row.customer)}&said=entered", 303)


@router.get("/company/customer/edit")
async def edit_page(request: Request, session: Who, id: str = "") -> HTMLResponse:  # noqa: A002
    """Where a customer's file is changed: the fields that are theirs to keep."""
    record = await _record(request, session.caller, text_of(id, 200))
    _require_fields(session.caller)
    values = values_of(record.values, _fields(session.caller, [], new=False))
    kept = {"id": record.values["customer"]}
    return form_page(request, session, await _form(request, session, values, kept), seen=record.seen)


@router.post("/company/customer/edit")
async def change(request: Request, session: Who) -> Response:
    """Change a customer's file. Raises Refusal(wrong_role, unknown_customer); what is wrong otherwise stands on the form."""
    door, caller = door_of(request), session.caller
    form = await staff_form(request, session, MOST_FIELDS, by_field=True)
    record = await _record(request, caller, text_of(form.get("id", ""), 200))
    _require_fields(caller)
    key = record.values["customer"]
    kept = {"id": key}
    try:
        typed = typed_in(form, _fields(caller, [], new=False))
        row = _read({**_as_read(record.values), **typed})
        dumped = row.model_dump(mode="json")
        values = {name: dumped[name] for name in typed}
        await in_database(
            keep_changed, door.engine, RecordKind.CUSTOMER, {"customer": key}, values, seen_in(form),
            teller_of(request, session), CUSTOMER,
        )  # fmt: skip
    except Refusal as refusal:
        return await _again(request, session, form, kept, refusal, seen=record.seen)
    roles = frozenset(role for name in values for role in CUSTOMER_KEEPERS[name])
    await note(request, session, f"customer {key} changed", role_of(caller, roles))
    return RedirectResponse(f"/company/customer?id={quote(key)}&said=saved", 303)


@router.post("/company/customer/verify")
async def verify(request: Request, session: Who) -> Response:
    """R17: the data were looked at and are real; who says so is kept. For orders that come; one under way has its own step."""
    form = await staff_form(request, session)
    require_one_of(session.caller, VERIFIERS)
    record = await _record(request, session.caller, text_of(form.get("id", ""), 200))
    key, by = record.values["customer"], record.values["verified_by"]
    if by:
        raise Refusal(
            Code.ALREADY_DECIDED, _ALREADY.filled(who=door_of(request).names.of(by)), where="id", rule="R17"
        )
    values = {"verified_by": session.caller.name}
    await in_database(
        keep_changed, door_of(request).engine, RecordKind.CUSTOMER, {"customer": key}, values, seen_in(form),
        teller_of(request, session), CUSTOMER,
    )  # fmt: skip
    await note(request, session, f"customer {key} verified", role_of(session.caller, VERIFIERS))
    return RedirectResponse(f"/company/customer?id={quote(key)}&said=verified", 303)


def _require_fields(caller: Caller) -> None:
    if not customer_fields(caller):
        raise Refusal(Code.WRONG_ROLE, _NO_FIELDS, where="role")


def _read(raw: dict[str, Any]) -> CustomerRow:
    row = read_entered(CustomerRow, raw, Manner.TYPED)
    require_printable(row)
    return row


def _as_read(values: dict[str, Any]) -> dict[str, Any]:
    """A file as its model reads it: an empty list was never given."""
    return {
        name: value
        for name, value in values.items()
        if value is not None and name in CustomerRow.model_fields
    }


async def _form(
    request: Request, session: Session, values: dict[str, str], kept: dict[str, str]
) -> RecordForm:
    people = await in_database(list_staff, door_of(request).engine)
    if kept:
        key = quote(kept["id"])
        return RecordForm(
            Words(f"修改客户 {kept['id']}", f"Change customer {kept['id']}"), "/company/customer/edit",
            f"/company/customer?id={key}", _fields(session.caller, people, new=False), values, kept, _STARTED,
        )  # fmt: skip
    return RecordForm(
        Words("新客户", "New customer"), "/company/customer/new", "/company/customers",
        _fields(session.caller, people, new=True), values, kept, _OWN,
    )  # fmt: skip


async def _again(
    request: Request, session: Session, form: dict[str, str], kept: dict[str, str], refusal: Refusal, seen: int | None = None
) -> HTMLResponse:  # fmt: skip
    if refusal.code in OF_THE_WORLD or refusal.code is Code.UNKNOWN_CUSTOMER:
        raise refusal
    return form_page(request, session, await _form(request, session, form, kept), refusal=refusal, seen=seen)
