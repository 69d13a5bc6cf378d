"""What waits for a person: their own, their role's, their team's, with true counts; read and cut by the order database (R13).

Whose a step is: of whom it was handed to; else of whom it names, and, while they are away, of who acts for them; a step
that names nobody is everybody's who has its role.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from activities.orders.cursors import bad_cursor, cursor_of, place_value, read_cursor
from activities.orders.order_views import StepView
from activities.store.database import reading
from models.access import Caller
from models.dossier.open_steps import ALSO_BY
from models.tables.registry import table
from models.values.calendar import business_date, end_of
from models.values.vocabulary import Role, Term

_MOST_OF_A_TEAM = 200
"""So many people of a team are counted one by one; the steps of the others are in the list and the sum."""


class Tab(Term):
    """Whose steps an inbox shows."""

    MINE = "mine", "我的", "mine"
    ROLE = "role", "本岗", "my role"
    TEAM = "team", "团队", "my team"


@dataclass(frozen=True, slots=True)
class Count:
    """How many steps wait: in all, overdue, and due today that are not overdue yet."""

    total: int = 0
    overdue: int = 0
    today: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.total + other.total, self.overdue + other.overdue, self.today + other.today)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: in which roles, whom they represent, who is in their team. `only_own`: of their roles' steps only those
    that name them, as salespersons see."""

    person: str
    roles: tuple[Role, ...]
    represents: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    covers: tuple[Role, ...] = ()
    team: tuple[str, ...] = ()
    only_own: bool = False


def reader_of(caller: Caller, team: Sequence[str] = ()) -> Reader:
    """Who is logged in, as a reader of inboxes."""
    return Reader(
        caller.name, caller.roles, caller.represents, caller.covers, tuple(team), caller.only_salesperson is not None
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """A step, and whose it is now. `given_by` and `given_to`: it was handed over and stands so."""

    step: StepView
    handover: int | None = None
    given_by: str = ""
    given_to: str = ""
    reason: str = ""

    @property
    def people(self) -> list[str]:
        """Whose it is now."""
        return [self.given_to] if self.given_to else self.step.people


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page of what waits. `next` is the cursor of the one after; empty at the end."""

    steps: list[WaitingStep]
    next: str


def team_of(engine: Engine, people: Iterable[str]) -> tuple[str, ...]:
    """Everybody below these people on the staff list, by id: whom they supervise, and whom those supervise."""
    staff = table("staff")
    with reading(engine) as connection:
        rows = connection.execute(
            select(staff.c.person, staff.c.superior).where(staff.c.superior != "")
        ).all()
    below: dict[str, list[str]] = {}
    for row in rows:
        below.setdefault(row.superior, []).append(row.person)
    above = set(people)
    found: set[str] = set()
    waiting = list(above)
    while waiting:
        for each in below.get(waiting.pop(), ()):
            if each not in found and each not in above:
                found.add(each)
                waiting.append(each)
    return tuple(sorted(found))


def waiting_page(
    engine: Engine, reader: Reader, tab: Tab, *, of: str = "", cursor: str = "", most: int = 100
) -> WaitingPage:
    """What waits in this tab, the earliest due first. `of`: of the team only this person's.

    Raises Refusal(malformed) for a cursor that no page gave.
    """
    steps = table("open_steps")
    key = (steps.c.due, steps.c.order_number, steps.c.key)
    query = _open().where(_in_tab(reader, tab, of)).order_by(*key)
    if cursor:
        due, number, name = read_cursor(cursor, 3)
        if due is None or number is None or name is None:
            raise bad_cursor()
        moment = literal(place_value(steps.c.due, due, engine.dialect), steps.c.due.type)
        query = query.where(tuple_(*key) > tuple_(moment, literal(number), literal(name)))
    with reading(engine) as connection:
        rows = connection.execute(query.limit(most + 1)).mappings().all()
    shown = [_waiting(dict(row)) for row in rows[:most]]
    last = shown[-1].step if len(rows) > len(shown) else None
    return WaitingPage(shown, cursor_of([last.due, last.order_number, last.key]) if last else "")


def counts(engine: Engine, reader: Reader, now: datetime) -> dict[Tab, Count]:
    """How much waits in each tab, with what waits at the desk for the reader's roles."""
    tabs = [Tab.MINE, Tab.ROLE, *([Tab.TEAM] if reader.team else [])]
    found = _counted(engine, [_in_tab(reader, tab) for tab in tabs], now)
    desk = desk_count(engine, (*reader.roles, *reader.covers), now)
    return {tab: count if tab is Tab.TEAM else count + desk for tab, count in zip(tabs, found, strict=True)}


def count_mine(engine: Engine, reader: Reader, now: datetime) -> Count:
    """How much waits for the reader in person: what the badge says."""
    mine = _counted(engine, [_in_tab(reader, Tab.MINE)], now)[0]
    return mine + desk_count(engine, (*reader.roles, *reader.covers), now)


def team_counts(engine: Engine, reader: Reader, now: datetime) -> list[tuple[str, Count]]:
    """Of each in the team how much is open, who has the most overdue first; who has nothing is left out."""
    people = reader.team[:_MOST_OF_A_TEAM]
    found = zip(people, _counted(engine, [_is_theirs([each]) for each in people], now), strict=True)
    open_ones = [(person, count) for person, count in found if count.total]
    return sorted(open_ones, key=lambda each: (-each[1].overdue, -each[1].total, each[0]))


def desk_count(engine: Engine, roles: Sequence[Role], now: datetime) -> Count:
    """How much waits at the desk for one of these roles."""
    steps = table("desk_steps")
    of_roles = or_(false(), *_any_of(steps.c.roles, (role.value for role in roles)))
    query = select(*_sums(of_roles, steps.c.due, now)).where(steps.c.closed_at.is_(None))
    with reading(engine) as connection:
        return Count(*(int(each or 0) for each in connection.execute(query).one()))


def _counted(engine: Engine, conditions: Sequence[ColumnElement[bool]], now: datetime) -> list[Count]:
    """All counts in one look at the open steps."""
    if not conditions:
        return []
    due = table("open_steps").c.due
    columns = [each for condition in conditions for each in _sums(condition, due, now)]
    with reading(engine) as connection:
        row = connection.execute(_open().with_only_columns(*columns, maintain_column_froms=True)).one()
    numbers = [int(each or 0) for each in row]
    return [Count(*numbers[place : place + 3]) for place in range(0, len(numbers), 3)]


def _sums(condition: ColumnElement[bool], due: ColumnElement[datetime], now: datetime) -> list[Any]:
    tonight = end_of(business_date(now))
    late, today = due < now, and_(due >= now, due <= tonight)
    return [
        func.sum(case((each, 1), else_=0))
        for each in (condition, and_(condition, late), and_(condition, today))
    ]


def _open() -> Select[tuple[object, ...]]:
    """Open steps of orders that live, each with the hand-over that stands."""
    steps, orders, given = table("open_steps"), table("orders"), table("step_handovers")
    stands = and_(
        given.c.order_number == steps.c.order_number,
        given.c.step == steps.c.key,
        given.c.since == steps.c.since,
        given.c.taken_back_at.is_(None),
    )
    named = (given.c.number.label("handover"), given.c.from_person, given.c.to_person, given.c.reason)
    return (
        select(steps, *named)
        .join(orders, orders.c.number == steps.c.order_number)
        .outerjoin(given, stands)
        .where(steps.c.closed_at.is_(None), orders.c.ending.is_(None))
    )


def _waiting(row: dict[str, Any]) -> WaitingStep:
    return WaitingStep(
        StepView.model_validate(row),
        row["handover"],
        row["from_person"] or "",
        row["to_person"] or "",
        row["reason"] or "",
    )


def _in_tab(reader: Reader, tab: Tab, of: str = "") -> ColumnElement[bool]:
    match tab:
        case Tab.MINE:
            return _mine(reader)
        case Tab.ROLE:
            return or_(_mine(reader), _given_by(reader), _of_roles(reader))
        case Tab.TEAM:
            return _is_theirs([each for each in reader.team if of in ("", each)])


def _mine(reader: Reader) -> ColumnElement[bool]:
    """Handed to them or to whom they represent; named, and not handed on; or nobody's in particular."""
    steps, given = table("open_steps"), table("step_handovers")
    named = [
        and_(_names(who), _has_role(roles))
        for who, roles in ((reader.person, reader.roles), *reader.represents.items())
    ]
    nobodys = [] if reader.only_own else [
        and_(cast(steps.c.people, String) == "[]", _has_role((*reader.roles, *reader.covers)))
    ]  # fmt: skip
    return or_(
        given.c.to_person.in_([reader.person, *reader.represents]),
        and_(given.c.to_person.is_(None), or_(*named, *nobodys)),
    )


def _given_by(reader: Reader) -> ColumnElement[bool]:
    """What they handed over stays in sight of who gave it."""
    return table("step_handovers").c.from_person == reader.person


def _of_roles(reader: Reader) -> ColumnElement[bool]:
    if reader.only_own:
        return false()
    return _has_role((*reader.roles, *reader.covers))


def _is_theirs(people: Sequence[str]) -> ColumnElement[bool]:
    given = table("step_handovers")
    named = or_(false(), *(_names(each) for each in people))
    return or_(given.c.to_person.in_(people), and_(given.c.to_person.is_(None), named))


def _has_role(roles: Sequence[Role]) -> ColumnElement[bool]:
    steps = table("open_steps")
    also = [kind.value for kind, known in ALSO_BY.items() if set(known) & set(roles)]
    asked = _any_of(steps.c.roles, (role.value for role in roles))
    return or_(false(), *asked, *([steps.c.kind.in_(also)] if also else []))


def _names(person: str) -> ColumnElement[bool]:
    return _any_of(table("open_steps").c.people, [person])[0]


def _any_of(column: ColumnElement[Any], names: Iterable[str]) -> list[ColumnElement[bool]]:
    """Lists stand there as JSON; a name in quotes is within no other name in quotes."""
    text = cast(column, String)
    return [text.contains(json.dumps(name), autoescape=True) for name in names]
