"""Accounts of the shop in the order database: who comes in, who else does, where goods go, what invoices say (R120).

An account belongs to one customer. Who proves an address that stands on a customer's file comes into that customer's
account; who is nobody's gets a customer's file and an account of their own, with the address on it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from activities.access.customer_log_ins import customers_at
from activities.entry.new_customers import enter_customer
from activities.store.company_changes import Changed, Teller, enter_changes
from activities.store.database import reading, writing
from models.company.record_changes import ChangeWay, RecordKind
from models.customer_addresses import same_address
from models.invoices.terms import InvoiceKind
from models.messages.authors import customer_author
from models.shop.accounts import (
    BUYS,
    KEEPS_PEOPLE,
    MOST_ADDRESSES,
    MOST_MEMBERS,
    AccountRight,
    Destination,
    InvoiceData,
    Shopper,
    require_an_owner,
    require_right,
    require_tax_number,
)
from models.signing_codes import masked
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_ID_BYTES = 8
_TRIES = 20
_NEW_CUSTOMER = "网店客户 {number}（%s）"
_RIGHTS = {right.value: right for right in AccountRight}
_KINDS = {kind.value: kind for kind in InvoiceKind}
_NO_ADDRESS = Words("没有这个收货地址，请重新选择", "there is no such address of yours; please choose again")
_NO_MEMBER = Words("账号中没有此人", "there is no such person in the account")
_TAKEN = Words(
    "这个邮箱或手机号不能加入，请换一个或联系我们",
    "this address cannot be added; take another one or call us",
)
_NOT_AN_ADDRESS = Words("请填写邮箱或手机号", "give a mail address or a phone number")
_TOO_MANY_PLACES = Words("最多保存 {most} 个收货地址", "at most {most} addresses are kept")
_TOO_MANY_PEOPLE = Words("每个账号最多 {most} 人", "an account has at most {most} people")
_NO_NUMBER = Words("账号一时建不了，请再试一次", "the account could not be made just now; try again")


class Member(NamedTuple):
    """Somebody of an account, with the address that they log in by."""

    address: str
    name: str
    right: AccountRight


class Place(NamedTuple):
    """A saved address."""

    number: str
    to: Destination
    is_default: bool


class AccountView(NamedTuple):
    """An account as its people see it."""

    account: str
    customer: str
    customer_name: str
    invoice: InvoiceData
    members: tuple[Member, ...]
    places: tuple[Place, ...]


# --- coming in -----------------------------------------------------------------------------------------------------


def let_in(engine: Engine, address: str, now: datetime) -> Shopper:
    """Who proved this address (as `same_address` writes it): their account, made where there is none yet.

    Raises Refusal(request_conflict) where no number could be given, and those of `database.writing`.
    """
    known = shopper_of(engine, address)  # each page asks: nothing is held for those who are known
    if known is not None:
        return known
    for _ in range(_TRIES):
        try:
            with writing(engine) as connection:
                return shopper_in(connection, address) or _enter(connection, address, now)
        except IntegrityError:
            continue  # the same person came in by another window at this very moment
    raise Refusal(Code.REQUEST_CONFLICT, _NO_NUMBER, where="address")


def shopper_of(engine: Engine, address: str) -> Shopper | None:
    """Whose account this address is in; None where it is in none."""
    with reading(engine) as connection:
        return shopper_in(connection, address)


def shopper_in(connection: Connection, address: str) -> Shopper | None:
    """The same in a transaction."""
    accounts, members = table("accounts"), table("account_members")
    query = (
        select(members, accounts.c.customer)
        .join(accounts, accounts.c.account == members.c.account)
        .where(members.c.address == address)
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    return Shopper(
        account=row["account"], customer=row["customer"], address=address, name=row["name"], right=_RIGHTS[row["right"]]
    )  # fmt: skip


def _enter(connection: Connection, address: str, now: datetime) -> Shopper:
    accounts = table("accounts")
    known = customers_at(connection, address)
    customer = known[0] if known else _new_customer(connection, address, now)
    account = connection.scalar(select(accounts.c.account).where(accounts.c.customer == customer))
    right = AccountRight.OWNER if account is None else AccountRight.BUYER
    if account is None:
        account = secrets.token_hex(_ID_BYTES)
        row = {
            "account": account,
            "customer": customer,
            "invoice_title": "",
            "tax_number": "",
            "invoice_kind": "",
        }
        connection.execute(insert(accounts).values(**row, made_at=now))
    member = {"address": address, "account": account, "name": "", "right": right.value, "since": now}
    connection.execute(insert(table("account_members")).values(member))
    return Shopper(account=account, customer=customer, address=address, right=right)


def _new_customer(connection: Connection, address: str, now: datetime) -> str:
    reached = {"email": address} if "@" in address else {"phone": address}
    teller = Teller("", ChangeWay.SHOP, now)
    name = _NEW_CUSTOMER % masked(address)
    return enter_customer(connection, business_date(now), teller, name=name, **reached)


# --- looking -------------------------------------------------------------------------------------------------------


def account_view(engine: Engine, shopper: Shopper) -> AccountView:
    """The account of who is logged in."""
    with reading(engine) as connection:
        row = _row(connection, shopper)
        return AccountView(
            shopper.account, row["customer"], row["customer_name"], _invoice(row), _members(connection, shopper),
            places_in(connection, shopper.account),
        )  # fmt: skip


def _row(connection: Connection, shopper: Shopper) -> RowMapping:
    accounts, customers = table("accounts"), table("customers")
    query = (
        select(accounts, customers.c.name.label("customer_name"))
        .join(customers, customers.c.customer == accounts.c.customer)
        .where(accounts.c.account == shopper.account)
    )
    return connection.execute(query).mappings().one()


def _invoice(row: RowMapping) -> InvoiceData:
    kind = _KINDS.get(row["invoice_kind"], InvoiceKind.PLAIN)
    return InvoiceData(title=row["invoice_title"], tax_number=row["tax_number"], kind=kind)


def invoice_data_in(connection: Connection, shopper: Shopper) -> InvoiceData:
    """What invoices to this account say."""
    return _invoice(_row(connection, shopper))


def _members(connection: Connection, shopper: Shopper) -> tuple[Member, ...]:
    members = table("account_members")
    query = select(members).where(members.c.account == shopper.account).order_by(members.c.since)
    rows = connection.execute(query).mappings()
    return tuple(Member(row["address"], row["name"], _RIGHTS[row["right"]]) for row in rows)


def places_in(connection: Connection, account: str) -> tuple[Place, ...]:
    """The saved addresses, the one that is proposed first before the others."""
    places = table("addresses")
    query = select(places).where(places.c.account == account)
    rows = connection.execute(query.order_by(places.c.is_default.desc(), places.c.number)).mappings()
    return tuple(
        Place(
            row["number"],
            Destination(consignee=row["consignee"], phone=row["phone"], address=row["address"]),
            row["is_default"],
        )
        for row in rows
    )


def destination_in(connection: Connection, account: str, number: str) -> Destination:
    """One of the account's own addresses. Raises Refusal(unknown_place) for another's as for one that nobody has."""
    found = next((each for each in places_in(connection, account) if each.number == number), None)
    if found is None:
        raise Refusal(Code.UNKNOWN_PLACE, _NO_ADDRESS, where="address", rule="R122")
    return found.to


# --- keeping -------------------------------------------------------------------------------------------------------


def keep_address(
    engine: Engine, shopper: Shopper, to: Destination, number: str = "", *, is_default: bool = False
) -> str:
    """Save an address, or change one of the own; its number. The first one is proposed first.

    Raises Refusal: wrong_role, unknown_place for one that is not theirs, too_large for one too many.
    """
    require_right(shopper, BUYS)
    places = table("addresses")
    with writing(engine) as connection:
        _hold(connection, shopper)
        known = places_in(connection, shopper.account)
        if number:
            destination_in(connection, shopper.account, number)
        elif len(known) >= MOST_ADDRESSES:
            words = _TOO_MANY_PLACES.filled(most=MOST_ADDRESSES)
            raise Refusal(Code.TOO_LARGE, words, where="address", rule="R120")
        was_default = any(each.is_default for each in known if each.number == number)
        first = is_default or was_default or not known
        if first:
            connection.execute(
                update(places).where(places.c.account == shopper.account).values(is_default=False)
            )
        values = {**to.model_dump(), "is_default": first}
        if number:
            connection.execute(update(places).where(places.c.number == number).values(values))
        else:
            number = secrets.token_hex(_ID_BYTES)
            connection.execute(
                insert(places).values({"number": number, "account": shopper.account, **values})
            )
    return number


def drop_address(engine: Engine, shopper: Shopper, number: str) -> None:
    """Take an own address out; another one is proposed first then. One that is not there is gone already."""
    require_right(shopper, BUYS)
    places = table("addresses")
    with writing(engine) as connection:
        _hold(connection, shopper)
        is_it = (places.c.account == shopper.account) & (places.c.number == number)
        connection.execute(delete(places).where(is_it))
        left = places_in(connection, shopper.account)
        if left and not any(each.is_default for each in left):
            connection.execute(
                update(places).where(places.c.number == left[0].number).values(is_default=True)
            )


def keep_invoice_data(engine: Engine, shopper: Shopper, invoice: InvoiceData) -> None:
    """What invoices are to say. Raises Refusal: wrong_role, missing_field for a special one without tax number."""
    require_right(shopper, BUYS)
    require_tax_number(invoice)
    accounts = table("accounts")
    values = {
        "invoice_title": invoice.title,
        "tax_number": invoice.tax_number,
        "invoice_kind": invoice.kind.value,
    }
    with writing(engine) as connection:
        connection.execute(update(accounts).where(accounts.c.account == shopper.account).values(values))


def add_member(
    engine: Engine, shopper: Shopper, typed: str, name: str, right: AccountRight, now: datetime
) -> None:
    """Let somebody else of the company in by their own address.

    Raises Refusal: wrong_role, malformed for what is no address, contradiction for one that cannot be added (whether
    somebody else has it is not said), too_large for one too many.
    """
    require_right(shopper, KEEPS_PEOPLE)
    address = same_address(typed)
    if not address:
        raise Refusal(Code.MALFORMED, _NOT_AN_ADDRESS, where="address", rule="R120")
    members = table("account_members")

    def entered(connection: Connection) -> None:
        known = _members(connection, shopper)
        if len(known) >= MOST_MEMBERS:
            words = _TOO_MANY_PEOPLE.filled(most=MOST_MEMBERS)
            raise Refusal(Code.TOO_LARGE, words, where="address", rule="R120")
        others = [each for each in customers_at(connection, address) if each != shopper.customer]
        taken = connection.scalar(
            select(func.count()).select_from(members).where(members.c.address == address)
        )
        if others or taken:
            raise Refusal(Code.CONTRADICTION, _TAKEN, where="address", rule="R120")
        row = {
            "address": address,
            "account": shopper.account,
            "name": name,
            "right": right.value,
            "since": now,
        }
        connection.execute(insert(members).values(row))

    _change_members(engine, shopper, entered, now)


def change_member(engine: Engine, shopper: Shopper, address: str, right: AccountRight, now: datetime) -> None:
    """Give somebody of the account another right. Raises Refusal: wrong_role, unknown_person, contradiction for the last owner."""
    require_right(shopper, KEEPS_PEOPLE)
    members = table("account_members")

    def changed(connection: Connection) -> None:
        is_it = (members.c.account == shopper.account) & (members.c.address == address)
        if not connection.execute(update(members).where(is_it).values(right=right.value)).rowcount:
            raise Refusal(Code.UNKNOWN_PERSON, _NO_MEMBER, where="address", rule="R120")

    _change_members(engine, shopper, changed, now)


def drop_member(engine: Engine, shopper: Shopper, address: str, now: datetime) -> None:
    """Let somebody in no more; their session ends with it. Raises Refusal: wrong_role, contradiction for the last owner."""
    require_right(shopper, KEEPS_PEOPLE)
    members = table("account_members")

    def dropped(connection: Connection) -> None:
        is_it = (members.c.account == shopper.account) & (members.c.address == address)
        connection.execute(delete(members).where(is_it))

    _change_members(engine, shopper, dropped, now)


def _change_members(
    engine: Engine, shopper: Shopper, change: Callable[[Connection], None], now: datetime
) -> None:
    with writing(engine) as connection:
        _hold(connection, shopper)
        change(connection)
        members = _members(connection, shopper)
        require_an_owner([each.right for each in members])
        _mail_of_an_owner(connection, shopper, members, now)


def _mail_of_an_owner(
    connection: Connection, shopper: Shopper, members: tuple[Member, ...], now: datetime
) -> None:
    """The file of a customer whom the shop entered has the mail address of an owner, and of nobody who left."""
    customers = table("customers")
    row = (
        connection.execute(select(customers).where(customers.c.customer == shopper.customer)).mappings().one()
    )
    if not row["name"].startswith(_NEW_CUSTOMER.partition("{")[0]):
        return  # the company keeps it by itself
    owners = [each.address for each in members if each.right is AccountRight.OWNER and "@" in each.address]
    values: dict[str, Any] = {"email": row["email"] if row["email"] in owners else next(iter(owners), "")}
    if values["email"] != row["email"]:
        connection.execute(update(customers).where(customers.c.customer == shopper.customer).values(values))
        changed = Changed(RecordKind.CUSTOMER, {"customer": shopper.customer}, row, values)
        enter_changes(connection, [changed], Teller(customer_author(shopper.customer), ChangeWay.SHOP, now))


def _hold(connection: Connection, shopper: Shopper) -> None:
    """Of two who change one account at once the second sees what the first did."""
    accounts = table("accounts")
    query = select(accounts.c.account).where(accounts.c.account == shopper.account).with_for_update()
    connection.execute(query)
