"""Who is in charge of orders now: as they were assigned when placed, or reassigned since (R131, R133)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, Engine, select

from activities.orders.requests import start_of
from activities.store.database import reading
from models.request.order_start import OrderStart
from models.tables.registry import table
from models.values.vocabulary import Role


def people_now(connection: Connection, orders: Collection[str]) -> dict[str, dict[str, str]]:
    """Order -> role -> person, of what is kept of these orders beside their requests."""
    given = table("order_assignments")
    query = select(given.c.order_number, given.c.role, given.c.person)
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(query.where(given.c.order_number.in_(orders))):
        found.setdefault(row.order_number, {})[row.role] = row.person
    return found


def start_now(engine: Engine, number: str) -> OrderStart:
    """The start of a numbered order with those who are in charge now. Raises Refusal(unknown_order)."""
    start = start_of(engine, number)
    with reading(engine) as connection:
        named = people_now(connection, [number]).get(number, {})
    people = {**start.staff.people, **{role: named[role.value] for role in Role if role.value in named}}
    if people == start.staff.people:
        return start
    return start.model_copy(update={"staff": start.staff.model_copy(update={"people": people})})


def orders_of(engine: Engine, person: str, role: Role) -> list[str]:
    """The orders that have not ended of which this person is in charge in a role, by number."""
    given, orders = table("order_assignments"), table("orders")
    query = (
        select(orders.c.number)
        .join(given, given.c.order_number == orders.c.number)
        .where(given.c.person == person, given.c.role == role.value, orders.c.ending.is_(None))
        .order_by(orders.c.number)
    )
    with reading(engine) as connection:
        return list(connection.scalars(query))


def roles_in_charge(engine: Engine, person: str) -> dict[Role, int]:
    """In which roles a person is in charge of orders that have not ended, and of how many."""
    return {role: len(found) for role in Role if (found := orders_of(engine, person, role))}
