"""The staff list as the administrator keeps it: names, roles, superiors, deputies (R13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select

from activities.company.records import keep_changed, keep_new
from activities.store.company_changes import Changed, Teller
from activities.store.database import reading
from activities.store.imports import StaffRow
from models.company.record_changes import RecordKind
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

_LAST = Words(
    "至少要有一位管理员：请先让另一人担任",
    "there is an administrator at all times: appoint another one first",
)
_OWN_ROLES = Words("自己的岗位由另一位管理员更改", "one's own roles are changed by another administrator")
_SELF = Words("不能写本人", "this cannot be the person themself")
_NOBODY = Words("员工表里没有 {person}", "there is nobody called {person} on the staff")
_CIRCLE = Words(
    "{person} 的上级已经是本人之下的人",
    "{person} stands below this person already: superiors would go round in a circle",
)


def list_staff(engine: Engine) -> list[dict[str, Any]]:
    """Everybody of the staff, by id."""
    staff = table("staff")
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(select(staff).order_by(staff.c.person)).mappings()]


def keep_new_person(engine: Engine, row: StaffRow, teller: Teller) -> None:
    """Enter somebody new. Raises Refusal(request_conflict) for an id that is taken, and as `keep_person`."""
    key, values = _written(row)
    keep_new(engine, RecordKind.PERSON, key, values, teller, _stands(row, teller.person))


def keep_person(
    engine: Engine, row: StaffRow, seen: int, teller: Teller, words_of: Mapping[str, Words]
) -> None:
    """Change somebody's entry. Raises Refusal: wrong_role (own roles), contradiction (the last administrator, superiors in a
    circle), unknown_person (superior, deputy), stale_version."""
    key, values = _written(row)
    keep_changed(engine, RecordKind.PERSON, key, values, seen, teller, words_of, _stands(row, teller.person))


def _stands(row: StaffRow, by: str) -> Any:
    roles = {role.value for role in row.roles}

    def looked_at(connection: Connection, was: RowMapping | None) -> Iterable[Changed]:
        staff = table("staff")
        known = {
            each.person: each
            for each in connection.execute(select(staff.c.person, staff.c.roles, staff.c.superior)).all()
        }
        for field, person in (("superior", row.superior), ("deputy", row.deputy)):
            if person == row.person:
                raise Refusal(Code.CONTRADICTION, _SELF, where=field)
            if person and person not in known:
                raise Refusal(Code.UNKNOWN_PERSON, _NOBODY.filled(person=person[:100]), where=field)
        _require_no_circle(row, {each.person: each.superior for each in known.values()})
        if was is None:
            return ()
        if row.person == by and set(was["roles"]) != roles:
            raise Refusal(Code.WRONG_ROLE, _OWN_ROLES, where="roles")
        admin = Role.ADMINISTRATOR.value
        others = [each for each in known.values() if each.person != row.person and admin in each.roles]
        if admin in was["roles"] and admin not in roles and not others:
            raise Refusal(Code.CONTRADICTION, _LAST, where="roles")
        return ()

    return looked_at


def _require_no_circle(row: StaffRow, superiors: Mapping[str, str]) -> None:
    above, seen = row.superior, {row.person}
    while above and above not in seen:
        seen.add(above)
        above = superiors.get(above, "")
    if above == row.person:
        raise Refusal(Code.CONTRADICTION, _CIRCLE.filled(person=row.superior), where="superior")


def _written(row: StaffRow) -> tuple[dict[str, Any], dict[str, Any]]:
    values = row.model_dump(mode="json")
    return {"person": values.pop("person")}, values
