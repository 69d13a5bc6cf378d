"""What the staff are called: papers and letters say the name, reports in the house name and id.

Names are filled in when a paper is entered in the outbox, once: printed again it is the same paper, whatever the staff
are called by then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, false, or_, select

from models.tables.registry import table
from models.values.vocabulary import Words

_PEOPLE = ("salesperson", "clerk", "entered_by")
"""Fields of printed papers that hold the id of one of the staff."""
_FEW = 8


def staff_names(connection: Connection, people: Iterable[str] | None = None) -> dict[str, str]:
    """Id -> name, of these people or of all; who is not on the list or has no name is left out."""
    wanted = sorted(people) if people is not None else None
    if wanted is not None and len(wanted) <= _FEW:
        few = {f"person_{place}": person for place, person in enumerate(wanted)}
        return {row.person: row.name for row in connection.execute(_names_of(len(wanted)), few)}
    staff = table("staff")
    query = select(staff.c.person, staff.c.name).where(staff.c.name != "")
    if wanted is not None:
        query = query.where(staff.c.person.in_(wanted))
    return {row.person: row.name for row in connection.execute(query)}


@lru_cache(maxsize=_FEW + 1)
def _names_of(count: int) -> Select[tuple[Any, ...]]:
    # Made once: nearly every burst with a paper asks for the names of one or two.
    staff = table("staff")
    one_of_them = (staff.c.person == bindparam(f"person_{place}") for place in range(count))
    return select(staff.c.person, staff.c.name).where(staff.c.name != "", or_(false(), *one_of_them))


def people_in(content: Mapping[str, Any] | None) -> set[str]:
    """The ids of staff that stand in what is to be printed."""
    return {content[name] for name in _PEOPLE if content.get(name)} if content else set()


def with_names(content: dict[str, Any] | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    """What is to be printed, with names for ids; an id stays where no name is known."""
    if content is None or not people_in(content):
        return content
    return {
        field: names.get(value, value) if field in _PEOPLE and value else value
        for field, value in content.items()
    }


def words_with_names(words: Words, people: Iterable[str], names: Mapping[str, str]) -> Words:
    """The words of a notice, with the names of these people for their ids."""
    known = "|".join(re.escape(person) for person in people if person in names)
    if not known:
        return words
    # An id may be as short as `li` and is not to be found within a word.
    whole = re.compile(rf"(?<![A-Za-z0-9_-])({known})(?![A-Za-z0-9_-])")
    return Words(*(whole.sub(lambda found: names[found[0]], text) for text in (words.zh, words.en)))


def name_and_id(names: Mapping[str, str], person: str) -> str:
    """`李明 (sales-li)`, or the id alone."""
    name = names.get(person, person)
    return person if name == person else f"{name} ({person})"
