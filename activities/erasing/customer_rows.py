"""Which rows of the order database are of a customer, and what becomes of each: the tables of `models.company.erasing`, as conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, Table, cast, func, select, union
from sqlalchemy.types import String

from activities.scans.scan_folder import DIGEST_SIGNS
from models.company.erasing import (
    ERASED,
    GONE_WITH_ITS_CASE,
    GONE_WITH_ITS_ORDER,
    GONE_WITH_THE_CUSTOMER,
)
from models.company.record_changes import RecordKind
from models.tables.registry import table

_SCAN = re.compile(rf'"([0-9a-f]{{{DIGEST_SIGNS}}})/[0-9]')
"""A page of a scan, as the facts of a journal name it."""
_LEFT = (
    "order_number", "epoch", "sequence", "hash", "previous", "kind", "subject", "happened_at", "recorded_at", "role", "rule",
)  # fmt: skip


def orders_of(customer: str) -> Select[Any]:
    """The numbers of a customer's orders."""
    orders = table("orders")
    return select(orders.c.number).where(orders.c.customer == customer)


def _cases_of(customer: str) -> Select[Any]:
    cases = table("cases")
    return select(cases.c.number).where(cases.c.customer == customer)


def _of(
    name: str, column: str, wanted: Select[Any] | CompoundSelect[Any]
) -> tuple[Table, ColumnElement[bool]]:
    rows = table(name)
    return rows, rows.c[column].in_(wanted)


def gone(customer: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """The rows that go, those first on which nothing else rests."""
    links, receipts, carts, accounts = (
        table(name) for name in ("customer_links", "house_receipts", "carts", "accounts")
    )
    numbers = orders_of(customer)
    its_links = select(links.c.link_hash).where(links.c.order_number.in_(numbers))
    for name in ("link_days", "link_uses", "signing_codes"):
        yield _of(name, "link_hash", its_links)
    yield _of("customer_links", "order_number", numbers)
    allocations = table("intent_allocations")
    intents = select(allocations.c.intent).where(allocations.c.order_number.in_(numbers))
    yield _of("provider_events", "intent", intents)
    its_receipts = select(receipts.c.number).where(receipts.c.customer == customer)
    for name in ("receipt_acts", "receipt_parts"):
        yield _of(name, "receipt", its_receipts)
    its_accounts = select(accounts.c.account).where(accounts.c.customer == customer)
    its_carts = select(carts.c.cart).where(carts.c.account.in_(its_accounts))
    yield _of("cart_lines", "cart", its_carts)
    for name in ("carts", "account_members", "addresses", "checkouts", "accounts"):
        yield _of(name, "account", its_accounts)
    yield _of("found_right", "number", union(numbers, _cases_of(customer)))
    for name in GONE_WITH_ITS_CASE:
        yield _of(name, "case_number", _cases_of(customer))
    # of another customer's case about an order of this one there is none: a case is of its order's customer
    for name in GONE_WITH_ITS_ORDER:
        yield _of(name, "order_number", numbers)
    for name in (*GONE_WITH_THE_CUSTOMER, "house_receipts", "cases", "sandbox_orders"):
        rows = table(name)
        yield rows, rows.c.customer == customer
    for name in ("customer_codes", "customer_sessions"):
        rows = table(name)
        # a list of customers as JSON; one that opens others' orders as well ends by itself in hours
        yield rows, cast(rows.c.customers, String) == f'["{customer}"]'
    changes, pauses = table("company_changes"), table("reminder_pauses")
    yield changes, (changes.c.kind == RecordKind.CUSTOMER.value) & (changes.c.subject == customer)
    yield pauses, (pauses.c.subject == customer) | pauses.c.subject.in_(numbers)


def keep_chains(connection: Connection, customer: str) -> None:
    """Write down the chain of each journal, before the journals go."""
    journal, left = table("journal"), table("erased_journal")
    chain = select(*(journal.c[name] for name in _LEFT)).where(
        journal.c.order_number.in_(orders_of(customer))
    )
    connection.execute(left.insert().from_select(list(_LEFT), chain))


def take_names(connection: Connection, customer: str) -> None:
    """Take what names somebody out of the rows that stay."""
    orders, customers, numbers = table("orders"), table("customers"), orders_of(customer)
    promises, shipments, acts = table("promises"), table("shipments"), table("acts")
    of_orders = {"customer_name": ERASED, "request_id": "", "customer_order_number": None}
    connection.execute(orders.update().where(orders.c.customer == customer).values(of_orders))
    connection.execute(promises.update().where(promises.c.order_number.in_(numbers)).values(reason=""))
    signed = {"signed_by": "", "tracking_number": ""}
    connection.execute(shipments.update().where(shipments.c.order_number.in_(numbers)).values(signed))
    connection.execute(acts.update().where(acts.c.order_number.in_(numbers)).values(address=""))
    blank: dict[str, Any] = {
        "name": ERASED, "designated_signers": [], "verified_by": "", "contract": None, "email": "", "fax": "",
        "signer_contacts": None, "contact": "", "phone": "", "address": "", "region": "",
    }  # fmt: skip
    connection.execute(customers.update().where(customers.c.customer == customer).values(blank))


def files_of(connection: Connection, customer: str) -> list[str]:
    """Files of the store of documents that are this customer's alone: papers, photos, invoices, archives."""
    named = set(_files(connection, customer, theirs=True))
    return sorted(named - set(_files(connection, customer, theirs=False)))


def scans_of(connection: Connection, customer: str) -> list[str]:
    """Digests of scans and photos that the journals of this customer's orders name, and no other order's does.

    One file may hold the sheets of several customers, as a fax of a morning does: it goes with the last of them.
    """
    journal, numbers = table("journal"), orders_of(customer)
    said = cast(journal.c.data, String)
    theirs = select(said).where(journal.c.order_number.in_(numbers), said.contains("/"))
    named = {found for (text,) in connection.execute(theirs) for found in _SCAN.findall(text)}
    others = select(journal.c.sequence).where(~journal.c.order_number.in_(numbers)).limit(1)
    return sorted(
        digest
        for digest in named
        if connection.execute(others.where(said.contains(f"{digest}/"))).first() is None
    )


def _files(connection: Connection, customer: str, *, theirs: bool) -> Iterator[str]:
    numbers = union(orders_of(customer), _cases_of(customer)).subquery()
    for name, columns in (
        ("outbox", ("document",)),
        ("act_files", ("document", "ending")),
        ("invoices", ("document",)),
        ("archives", ("file",)),
    ):
        rows = table(name)
        of_them = rows.c.order_number.in_(select(numbers.c[0]))
        query = select(*(rows.c[each] for each in columns)).where(of_them if theirs else ~of_them)
        for found in connection.execute(query.where(func.coalesce(rows.c[columns[0]], "") != "")):
            whole = "".join(found)
            yield f"{whole}.pdf" if name == "outbox" else whole
    outbox = table("outbox")
    of_them = outbox.c.order_number.in_(select(numbers.c[0]))
    for (attached,) in connection.execute(
        select(outbox.c.attachments).where(of_them if theirs else ~of_them)
    ):
        for each in attached or ():
            yield str(each["document"])
