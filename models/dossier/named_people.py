"""People of the staff whom somebody names: they exist, and have the role in which they are named (R40, R43, R47)."""

from __future__ import annotations

from models.dossier.dossier import Dossier
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

_MOST_NAMED = 10
"""So many of those whom one may name stand in a refusal."""


def require_named(
    dossier: Dossier, person: str, role: Role | None, *, where: str, rule: str, on_staff: bool = False
) -> None:
    """A person who is named is one of the staff, with this role where it is of one.

    Raises Refusal: unknown_person, or wrong_role for who has another one. Nothing is refused where the case knows nobody
    whom one could name: who is anybody of the staff is known only where all of them are. `on_staff`: the company's list has
    them, who came after the case began.
    """
    staff = dossier.staff
    everyone = staff.everyone if staff.members else ()
    allowed = everyone if role is None else staff.persons(role)
    if not on_staff and allowed and person not in allowed:
        raise unfit(person, role, allowed, known=person in staff.everyone, where=where, rule=rule)


def unfit(
    person: str, role: Role | None, allowed: tuple[str, ...], *, known: bool, where: str, rule: str
) -> Refusal:
    """The refusal of a person who is named and cannot be the one."""
    shown = "、".join(allowed[:_MOST_NAMED])
    named = ", ".join(allowed[:_MOST_NAMED])
    zh, en = (role.zh, role.en) if role is not None else ("员工", "of the staff")
    words = Words(
        f"{person} 不是{zh}；可填：{shown}",
        f"{person} is not {en}; it may be: {named}",
    )
    return Refusal(Code.WRONG_ROLE if known else Code.UNKNOWN_PERSON, words, where=where, rule=rule)
