"""Where those who are to hear of an order's papers can be reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, String, cast, select

from models.customer_addresses import LOGGING_IN, same_address
from models.reports.notice_routes import Address
from models.signing_codes import SIGNER, address_of_signer, masked
from models.tables.registry import table
from models.values.vocabulary import Role


@dataclass(frozen=True, slots=True)
class AddressBook:
    """The addresses for one order's papers, or for those of the desk: then every person of a role is meant."""

    connection: Connection
    order: str
    start: dict[str, Any] = field(default_factory=dict)

    def of(self, addressee: str) -> Address:
        """Whom they reach: the customer, who has the role for this order, or one of the staff by id; unknown where nothing
        is known."""
        if addressee == Role.CUSTOMER.value:
            return self._customer()
        if addressee.startswith(SIGNER):
            return self._signer(addressee.removeprefix(SIGNER))
        if addressee.startswith(LOGGING_IN):
            return self._logging_in(addressee.removeprefix(LOGGING_IN))
        person = self._person(addressee)
        staff = table("staff")
        rows = self.connection.execute(self._of_the_staff(addressee, staff.c.name, staff.c.email)).all()
        emails = [email for _, email in rows if email]
        return Address(
            name=", ".join(name for name, _ in rows) or person or addressee, email=", ".join(emails)
        )

    def key(self, addressee: str) -> str:
        """Who that is, for a step about the address that is missing: one for each, however many notices wait."""
        if addressee == Role.CUSTOMER.value:
            return str(self.start.get("customer", {}).get("customer", self.order))
        return self._person(addressee) or addressee

    def people(self, addressee: str) -> list[str]:
        """Who of the staff that is, by id; nobody for the customer, a signer, and who is not on the staff."""
        if addressee == Role.CUSTOMER.value or addressee.startswith(SIGNER):
            return []
        return list(self.connection.scalars(self._of_the_staff(addressee, table("staff").c.person)))

    def _of_the_staff(self, addressee: str, *columns: Any) -> Select[Any]:
        """The person, or everybody who has the role where nobody in particular has it for this order."""
        person, staff = self._person(addressee), table("staff")
        # Role names hold no quote and none is within another in quotes, so the text of the list tells.
        has_role = cast(staff.c.roles, String).like(f'%"{addressee}"%')
        return (
            select(*columns).where(staff.c.person == person if person else has_role).order_by(staff.c.person)
        )

    def _person(self, addressee: str) -> str:
        """Who has the role for this order; empty where nobody in particular has it. Who is no role is a person."""
        if addressee not in {role.value for role in Role}:
            return addressee
        return str(self.start.get("staff", {}).get("people", {}).get(addressee, ""))

    def _signer(self, name: str) -> Address:
        """A designated signer of the customer, as the company knows them."""
        customers = table("customers")
        known = self.start.get("customer", {}).get("customer", "")
        query = select(customers.c.signer_contacts).where(customers.c.customer == known)
        address = address_of_signer(name, self.connection.scalar(query) or ())
        return Address(name=name, email=address.email, phone=address.phone)

    def _logging_in(self, code_id: str) -> Address:
        """A customer who asked for a code to log in: the address that they gave and that is on file."""
        codes = table("customer_codes")
        query = select(codes.c.address).where(codes.c.code_id == code_id)
        given = self.connection.scalar(query) or ""
        return Address(
            name=masked(given), email=given if "@" in given else "", phone="" if "@" in given else given
        )

    def _customer(self) -> Address:
        customers = table("customers")
        known = self.start.get("customer", {})
        row = (
            self.connection.execute(
                select(customers).where(customers.c.customer == known.get("customer", ""))
            )
            .mappings()
            .one_or_none()
        )
        fax = self.start.get("request", {}).get("fax", "")
        return Address(
            name=str(known.get("name", "")),
            email=row["email"] if row else "",
            fax=fax or (row["fax"] if row else ""),
            phone=same_address(row["phone"]) if row else "",
        )


def address_book(connection: Connection, order: str) -> AddressBook:
    """The addresses for the papers of an order, or of another case by its number; without one those of the desk."""
    known = _start_of(connection, order) if order else {}
    given = table("order_assignments")
    people = select(given.c.role, given.c.person).where(given.c.order_number == order)
    now = {row.role: row.person for row in connection.execute(people)} if order else {}
    if now:  # who is in charge now, not when it was placed (R133)
        staff = known.get("staff", {})
        known["staff"] = {**staff, "people": {**staff.get("people", {}), **now}}
    return AddressBook(connection, order, known)


def _start_of(connection: Connection, number: str) -> dict[str, Any]:
    for name in ("requests", "case_requests"):
        requests = table(name)
        start = connection.scalar(select(requests.c.start).where(requests.c.number == number))
        if start is not None:
            return dict(start)
    return {}
