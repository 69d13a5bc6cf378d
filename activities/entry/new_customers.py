"""A customer whom nobody knew yet, entered with the first order: class C, their data still to be verified, their credit
still to be assessed (R17, R108)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import IntegrityError

from activities.store.company_changes import Changed, Teller, enter_changes
from activities.store.database import writing
from activities.store.imports import CustomerRow
from models.company.record_changes import RecordKind
from models.credit.assessment import CreditStanding
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import CustomerClass, Words

_TRIES = 50
_SAME_NAME = Words(
    "已有同名客户 {customer} {name}；请选用，或在名称后注明地区再建",
    "there is a customer {customer} of the name {name}: choose that one, or add the town to the name of the new one",
)
_NO_NUMBER = Words("客户编号一时给不出，请再试一次", "no number could be given just now: try again")


def add_customer(engine: Engine, name: str, salesperson: str, today: date, teller: Teller) -> str:
    """Enter the customer under a number of its own; the number.

    `salesperson` is whose customer it is, empty for nobody's in particular. Raises Refusal(request_conflict) where somebody has
    this very name, and those of `activities.store.database.writing`.
    """
    for _ in range(_TRIES):
        try:
            with writing(engine) as connection:
                _require_new(connection, name)
                return enter_customer(connection, today, teller, name=name, salesperson=salesperson)
        except IntegrityError:
            continue  # another hand took the number at this very moment
    raise Refusal(Code.REQUEST_CONFLICT, _NO_NUMBER, where="new.name")


def enter_customer(connection: Connection, today: date, teller: Teller, **said: str) -> str:
    """The same within the caller's transaction, whatever others are called; `said` are fields of the file.

    Raises IntegrityError where another hand took the number at this very moment.
    """
    number = _next_number(connection, today)
    row = CustomerRow.model_validate(
        {
            "customer": number, "customer_class": CustomerClass.C, "credit": CreditStanding.UNASSESSED,
            **said, "name": said["name"].replace("{number}", number),
        }
    )  # fmt: skip
    values = row.model_dump(mode="json", exclude_none=True)
    connection.execute(table("customers").insert().values(values))
    enter_changes(connection, [Changed(RecordKind.CUSTOMER, {"customer": number}, None, values)], teller)
    return number


def _require_new(connection: Connection, name: str) -> None:
    customers = table("customers")
    known = connection.scalar(select(customers.c.customer).where(customers.c.name == name))
    if known is not None:
        raise Refusal(
            Code.REQUEST_CONFLICT, _SAME_NAME.filled(customer=known, name=name), where="new.name", rule="R17"
        )


def _next_number(connection: Connection, today: date) -> str:
    """`C261126-1`, `C261126-2`, …"""
    customers, begin = table("customers"), f"C{today:%y%m%d}-"
    known = connection.scalars(
        select(customers.c.customer).where(customers.c.customer >= begin, customers.c.customer < f"{begin}:")
    )
    places = [int(each.removeprefix(begin)) for each in known if each.removeprefix(begin).isdecimal()]
    return f"{begin}{max(places, default=0) + 1}"
