"""Who is in charge of a new order, counted in the transaction that places it (R131)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, delete, func, not_, or_, select

from activities.store.absences import stand_ins_at
from activities.store.upsert import insert_into
from models.assignment import Area, Candidate, in_charge
from models.request.order_start import OrderStart
from models.staff import StaffAssignment
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.vocabulary import Role

_ROLES = {role.value: role for role in Role}
_LOCK = 20_270_131
"""PostgreSQL's advisory lock under which one placing at a time counts and assigns; SQLite has one writer anyway."""


def staff_for(
    connection: Connection, area: Area, products: Collection[str], now: datetime, *, places: bool = False
) -> StaffAssignment:
    """Who acts in which role for an order of this customer for these products.

    The customer's own person; else who covers the order most closely, and of those the one with the least open orders.
    `places`: it is to be kept (`keep_assignment`) in this very transaction; two that place at once count one after the other.
    """
    staff = table("staff")
    rows = list(connection.execute(select(staff).order_by(staff.c.person)).mappings())
    members: dict[Role, tuple[str, ...]] = {}
    for row in rows:
        for role in row["roles"]:
            members[_ROLES[role]] = (*members.get(_ROLES[role], ()), row["person"])
    people = {role: person for role, person in area.own.items() if person}
    people |= {role: theirs[0] for role, theirs in members.items() if len(theirs) == 1 and role not in people}
    open_roles = [role for role in members if role not in people]
    if open_roles:
        area = replace(area, product_types=_types_of(connection, products, business_date(now)))
        people |= _chosen(connection, area, rows, members, open_roles, now, places=places)
    superiors = {row["person"]: row["superior"] for row in rows if row["superior"]}
    return StaffAssignment(people=people, superiors=superiors, members=members)


def _types_of(connection: Connection, products: Collection[str], today: date) -> frozenset[str]:
    """The product types that the list in force gives these; goods that are quoted may be on no list."""
    prices = table("prices")
    query = select(prices.c.product_type).where(
        prices.c.product.in_(sorted(products)),
        prices.c.valid_from <= today,
        or_(prices.c.valid_until.is_(None), prices.c.valid_until >= today),
    )
    return frozenset(found for found in connection.scalars(query) if found)


def _chosen(
    connection: Connection,
    area: Area,
    rows: Collection[RowMapping],
    members: dict[Role, tuple[str, ...]],
    roles: Collection[Role],
    now: datetime,
    *,
    places: bool,
) -> dict[Role, str]:
    """Who of several gets the order, for each of these roles."""
    if places and connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    absent = set(stand_ins_at(connection, now).absent)
    by_person = {row["person"]: row for row in rows}
    counts = _open_orders(connection, roles)

    def candidates(role: Role) -> Iterator[Candidate]:
        last = _last_assigned(connection, role, members[role])
        for person in members[role]:
            yield Candidate(
                person=person,
                product_types=frozenset(by_person[person]["product_types"] or ()),
                regions=frozenset(by_person[person]["regions"] or ()),
                open_orders=counts.get((person, role.value), 0),
                last_assigned=last.get(person),
            )

    return {role: in_charge(candidates(role), area.product_types, area.region, absent) for role in roles}


def _open_orders(connection: Connection, roles: Collection[Role]) -> dict[tuple[str, str], int]:
    """Of how many orders that have not ended each is in charge in each role; orders to try with do not count."""
    given, tried = table("order_assignments"), table("sandbox_orders")
    wanted = given.c.role.in_([role.value for role in roles]) & not_(given.c.ended)
    everyones = select(given.c.person, given.c.role, func.count()).where(wanted)
    of_tries = everyones.where(given.c.order_number.in_(select(tried.c.number)))
    counts: Counter[tuple[str, str]] = Counter()
    for query, sign in ((everyones, 1), (of_tries, -1)):
        for person, role, count in connection.execute(query.group_by(given.c.role, given.c.person)):
            counts[person, role] += sign * count
    return counts


def _last_assigned(connection: Connection, role: Role, people: Collection[str]) -> dict[str, datetime]:
    """When each of them last got an order in this role (UTC): one look at the end of an index for each."""
    given, staff = table("order_assignments"), table("staff")
    last = (
        select(func.max(given.c.assigned_at))
        .where(given.c.person == staff.c.person, given.c.role == role.value)
        .scalar_subquery()
    )
    query = select(staff.c.person, last.label("last")).where(staff.c.person.in_(people))
    return {row.person: row.last for row in connection.execute(query) if row.last is not None}


def keep_assignment(connection: Connection, start: OrderStart) -> None:
    """Keep who is in charge of a new order, so that the next one counts it; after the order's own row is there."""
    rows = [
        {"order_number": start.number, "role": role.value, "person": person, "assigned_at": start.placed_at}
        for role, person in start.staff.people.items()
    ]
    if rows:
        given = table("order_assignments")
        connection.execute(insert_into(connection, given).on_conflict_do_nothing(), rows)


def assign_as_placed(connection: Connection, number: str) -> None:
    """Who is in charge as when the order was placed: a history that was given up had reassigned it perhaps (R133)."""
    requests, given = table("requests"), table("order_assignments")
    start = connection.scalar(select(requests.c.start).where(requests.c.number == number))
    connection.execute(delete(given).where(given.c.order_number == number))
    if start and "request" in start:
        keep_assignment(connection, OrderStart.model_validate(start))
