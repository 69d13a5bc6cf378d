"""What waits for a person: their own, their role's, their team's, with true counts; read and cut by the order database (R13).

Whose a step is: of whom it was handed to; else of whom it names, and, while they are away, of who acts for them; a step
that names nobody is everybody's who has its role.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    not_,
    or_,
    select,
    tuple_,
)

from activities.orders.views.cursors import bad_cursor, cursor_of, place_value, read_cursor
from activities.orders.views.order_views import StepView
from activities.store.database import reading
from models.access import Caller, NextInLine, stands_in
from models.dossier.open_steps import ALSO_BY
from models.tables.registry import table
from models.values.calendar import business_date, end_of
from models.values.vocabulary import Role, Term


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
    next_for: Mapping[str, NextInLine] = field(default_factory=dict)

    def stands_in(self, barred: Collection[str]) -> dict[str, tuple[Role, ...]]:
        """For whom they act in what these people may not do, as `models.access.Caller` has it (R133)."""
        return stands_in(self.person, self.represents, self.next_for, barred)


def reader_of(caller: Caller, team: Sequence[str] = ()) -> Reader:
    """Who is logged in, as a reader of inboxes."""
    return Reader(
        caller.name, caller.roles, caller.represents, caller.covers, tuple(team), caller.only_salesperson is not None,
        caller.next_for,
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


@dataclass(frozen=True, slots=True)
class _Group:
    """Open steps that are the same people's: of these roles and this kind, that name these people, handed on or not."""

    people: frozenset[str]
    roles: frozenset[str]
    kind: str
    given_by: str = ""
    given_to: str = ""
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything that is open at one moment, counted by whose it is: the counts of every reader come from it."""

    steps: Mapping[_Group, Count]
    desk: Mapping[frozenset[str], Count]
    cases: Mapping[_Group, Count] = field(default_factory=dict)
    """Of quotes, contracts and after-sales cases."""

    def of(self, reader: Reader, tab: Tab) -> Count:
        """How much waits in a tab, with what waits for the reader at the desk, at quotes, contracts and cases."""
        found = _sum(count for group, count in self.steps.items() if _is_in(group, reader, tab))
        return found if tab is Tab.TEAM else found + self._at_desk(reader) + self._at_cases(reader)

    def counts(self, reader: Reader) -> dict[Tab, Count]:
        """How much waits in each tab that the reader has."""
        return {tab: self.of(reader, tab) for tab in Tab if tab is not Tab.TEAM or reader.team}

    def of_team(self, reader: Reader) -> list[tuple[str, Count]]:
        """Of each in the team how much is open, who has the most overdue first; who has nothing is left out."""
        found = {
            person: _sum(count for group, count in self.steps.items() if _is_of(group, {person}))
            for person in reader.team
        }
        open_ones = [(person, count) for person, count in found.items() if count.total]
        return sorted(open_ones, key=lambda each: (-each[1].overdue, -each[1].total, each[0]))

    def _at_desk(self, reader: Reader) -> Count:
        roles = {role.value for role in (*reader.roles, *reader.covers)}
        return _sum(count for asked, count in self.desk.items() if asked & roles)

    def _at_cases(self, reader: Reader) -> Count:
        """What names the reader or whom they represent; where nobody is named, what is for their roles."""
        theirs = {reader.person, *reader.represents}
        roles = {role.value for role in (*reader.roles, *reader.covers)}
        return _sum(
            count
            for asked, count in self.cases.items()
            if (asked.people & theirs if asked.people else asked.roles & roles)
        )


def waiting_now(engine: Engine, now: datetime) -> Waiting:
    """Count everything that is open, in one look."""
    steps, given, desk = table("open_steps"), table("step_handovers"), table("desk_steps")
    whose = (
        cast(steps.c.people, String),
        cast(steps.c.roles, String),
        steps.c.kind,
        cast(steps.c.barred, String),
    )
    handed = (given.c.from_person, given.c.to_person)
    plain = _open(handed=False).with_only_columns(
        *whose, *_sums(steps.c.due, now), maintain_column_froms=True
    )
    given_away = _open(handed=True).with_only_columns(
        *whose, *handed, *_sums(steps.c.due, now), maintain_column_froms=True
    )
    at_desk = select(cast(desk.c.roles, String), *_sums(desk.c.due, now)).where(desk.c.closed_at.is_(None))
    cases = table("case_steps")
    of_cases = (cast(cases.c.people, String), cast(cases.c.roles, String))
    at_cases = select(*of_cases, *_sums(cases.c.due, now)).where(cases.c.closed_at.is_(None))
    found: dict[_Group, Count] = {}
    with reading(engine) as connection:
        for people, roles, kind, barred, *numbers in connection.execute(plain.group_by(*whose)):
            own = _Group(_names_in(people), _names_in(roles), kind, barred=_names_in(barred or ""))
            _add(found, own, Count(*numbers))
        some_stand = connection.scalar(select(given.c.number).where(given.c.taken_back_at.is_(None)).limit(1))
        handed_on = given_away.group_by(*whose, *handed)
        for people, roles, kind, barred, by, to, *numbers in (
            () if some_stand is None else connection.execute(handed_on)
        ):
            own = _Group(_names_in(people), _names_in(roles), kind, barred=_names_in(barred or ""))
            count = Count(*numbers)
            _add(found, own, Count(-count.total, -count.overdue, -count.today))
            _add(found, replace(own, given_by=by, given_to=to), count)
        case_rows = connection.execute(at_cases.group_by(*of_cases)).all()
        desk_rows = connection.execute(at_desk.group_by(cast(desk.c.roles, String))).all()
    beside: dict[_Group, Count] = {}
    for people, roles, *numbers in case_rows:
        _add(beside, _Group(_names_in(people), _names_in(roles), "case"), Count(*numbers))
    return Waiting(found, {_names_in(roles): Count(*numbers) for roles, *numbers in desk_rows}, beside)


def _add(found: dict[_Group, Count], group: _Group, count: Count) -> None:
    found[group] = found.get(group, Count()) + count


def _sum(counts: Iterable[Count]) -> Count:
    return sum(counts, Count())


def _names_in(text: str) -> frozenset[str]:
    """Names of a list that stands there as JSON; none where it is no list."""
    try:
        read = json.loads(text)
    except ValueError:
        return frozenset()
    return (
        frozenset(each for each in read if isinstance(each, str)) if isinstance(read, list) else frozenset()
    )


def _sums(due: ColumnElement[datetime], now: datetime) -> list[Any]:
    late, today = due < now, and_(due >= now, due <= end_of(business_date(now)))
    return [func.count(), *(func.coalesce(func.sum(case((each, 1), else_=0)), 0) for each in (late, today))]


# --- whose a step is, in Python for counts and below in SQL for pages: the same rules ------------------------------


def _is_in(group: _Group, reader: Reader, tab: Tab) -> bool:
    match tab:
        case Tab.MINE:
            return _is_mine(group, reader)
        case Tab.ROLE:
            of_role = not reader.only_own and _may_do(group, (*reader.roles, *reader.covers))
            return _is_mine(group, reader) or group.given_by == reader.person or of_role
        case Tab.TEAM:
            return _is_of(group, set(reader.team))


def _is_mine(group: _Group, reader: Reader) -> bool:
    stood_in = reader.stands_in(group.barred)
    if group.given_to:
        return group.given_to == reader.person or group.given_to in stood_in
    if not group.people:
        return not reader.only_own and _may_do(group, (*reader.roles, *reader.covers))
    they = ((reader.person, reader.roles), *stood_in.items())
    return any(who in group.people and _may_do(group, roles) for who, roles in they)


def _is_of(group: _Group, people: set[str]) -> bool:
    return group.given_to in people if group.given_to else bool(people & group.people)


def _may_do(group: _Group, roles: Sequence[Role]) -> bool:
    also = next((known for kind, known in ALSO_BY.items() if kind.value == group.kind), ())
    return any(role.value in group.roles or role in also for role in roles)


def _open(*, handed: bool | None = None) -> Select[tuple[object, ...]]:
    """Open steps of orders that live, each with the hand-over that stands; `handed`: those alone that have one, or all
    and without it."""
    steps, orders, given = table("open_steps"), table("orders"), table("step_handovers")
    stands = and_(
        given.c.order_number == steps.c.order_number,
        given.c.step == steps.c.key,
        given.c.since == steps.c.since,
        given.c.taken_back_at.is_(None),
    )
    named = (given.c.number.label("handover"), given.c.from_person, given.c.to_person, given.c.reason)
    lives = steps.join(orders, orders.c.number == steps.c.order_number)
    is_open = (steps.c.closed_at.is_(None), orders.c.ending.is_(None))
    if handed is False:
        return select(steps).select_from(lives).where(*is_open)
    joined = lives.join(given, stands, isouter=handed is None)
    return select(steps, *named).select_from(joined).where(*is_open)


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
    stood_in = list(_stood_in(reader))
    named = [
        and_(_names(who), _has_role(roles), *may)
        for who, roles, may in ((reader.person, reader.roles, []), *stood_in)
    ]
    nobodys = [] if reader.only_own else [
        and_(cast(steps.c.people, String) == "[]", _has_role((*reader.roles, *reader.covers)))
    ]  # fmt: skip
    return or_(
        given.c.to_person == reader.person,
        *(and_(given.c.to_person == who, *may) for who, _, may in stood_in),
        and_(given.c.to_person.is_(None), or_(*named, *nobodys)),
    )


def _stood_in(reader: Reader) -> Iterator[tuple[str, tuple[Role, ...], list[ColumnElement[bool]]]]:
    """For whom they act, in which roles, and under which conditions: `Reader.stands_in` in SQL (R133)."""
    itself = not_(_bars(reader.person))
    for who, roles in reader.represents.items():
        yield who, roles, [itself]
    for who, later in reader.next_for.items():
        yield who, later.roles, [itself, *(_bars(before) for before in later.before)]


def _bars(person: str) -> ColumnElement[bool]:
    barred = table("open_steps").c.barred
    return and_(barred.is_not(None), _any_of(barred, [person])[0])


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
