"""The staff as the order database knows them."""

from __future__ import annotations

from sqlalchemy import Engine, func, select

from activities.store.database import reading
from models.access import Caller, CallerKind
from models.forms.form_fields import StaffMember
from models.tables.registry import table
from models.values.vocabulary import Role


def staff_member(engine: Engine, person: str) -> Caller | None:
    """Somebody of the staff with their roles; None for who is not on the staff."""
    staff = table("staff")
    with reading(engine) as connection:
        roles = connection.scalar(select(staff.c.roles).where(staff.c.person == person))
    if roles is None:
        return None
    return Caller(
        name=person, kind=CallerKind.STAFF, roles=tuple(role for role in Role if role.value in roles)
    )


def administrators(engine: Engine) -> list[str]:
    """Who of the staff keeps people, keys and locks."""
    staff = table("staff")
    with reading(engine) as connection:
        rows = connection.execute(select(staff.c.person, staff.c.roles).order_by(staff.c.person))
        return [row.person for row in rows if Role.ADMINISTRATOR.value in row.roles]


def staff_in(engine: Engine, role: Role | None) -> tuple[str, ...]:
    """The ids of everybody who has the role, or of everybody of the staff."""
    staff = table("staff")
    with reading(engine) as connection:
        rows = connection.execute(select(staff.c.person, staff.c.roles).order_by(staff.c.person)).all()
    return tuple(person for person, roles in rows if role is None or role.value in roles)


def has_staff(engine: Engine) -> bool:
    """Whether the staff were imported at all."""
    with reading(engine) as connection:
        return bool(connection.scalar(select(func.count()).select_from(table("staff"))))


def staff_to_choose(engine: Engine) -> tuple[StaffMember, ...]:
    """Everybody of the staff by name, for whoever is to be named in a form."""
    staff = table("staff")
    with reading(engine) as connection:
        rows = connection.execute(select(staff.c.person, staff.c.name, staff.c.roles)).all()
    members = (StaffMember(row.person, row.name or row.person, tuple(row.roles)) for row in rows)
    return tuple(sorted(members, key=lambda each: (each.name, each.person)))
