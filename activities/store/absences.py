"""Absences of the staff in the order database: told, ended, read; and who acts for whom at a moment (R13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, or_, select, update

from activities.store.database import reading, writing
from activities.store.faults import each_read
from models.absences import Absence, StandIns, circle_of, stand_ins
from models.access import NextInLine
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

_UNKNOWN = Words("没有员工 {person}", "there is nobody {person} on the staff")
_OWN_DEPUTY = Words("不能由本人代理本人", "nobody is their own deputy")
_ENDS_FIRST = Words(
    "最后一天 {last} 早于第一天 {first}", "the last day {last} lies before the first day {first}"
)
_OVER = Words("这段时间已经过去", "these days are over already")
_TOLD_ALREADY = Words(
    "{person} 已登记 {first} 至 {last} 不在岗；请先结束那一条",
    "{person} is away from {first} to {last} already: end that absence first",
)
_CIRCLE = Words(
    "这些天里代理人绕成一圈：{people}。请指定另一位在岗的代理人",
    "on these days the deputies go round in a circle: {people}. Name another deputy who is there",
)
_NO_ABSENCE = Words("没有这条不在岗记录", "there is no such absence")
_UNTIL_BACK = Words("另行通知", "further notice")


class AbsenceView(Absence):
    """An absence as it is kept. Times UTC. `ended_at`: it was taken back, or they came back earlier."""

    number: int
    told_by: str
    told_at: datetime
    ended_by: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Represented:
    """For whom somebody acts now, and in which roles; `covers`: those of them that nobody has who is there."""

    people: dict[str, tuple[Role, ...]] = field(default_factory=dict)
    covers: tuple[Role, ...] = ()
    next_for: dict[str, NextInLine] = field(default_factory=dict)
    """For whom they act where those before them in line may not."""


def keep_absence(engine: Engine, absence: Absence, by: str, now: datetime) -> int:
    """Keep that somebody is away; returns the number by which it is ended.

    Raises Refusal: unknown_person (who is away, or the deputy), contradiction (own deputy, days in the wrong order or over,
    days that were told before, deputies in a circle).
    """
    staff, absences = table("staff"), table("staff_absences")
    _require_sense(absence, business_date(now))
    with writing(engine) as connection:
        # of two that are told at once the second sees the first, also where they are about two people (a circle)
        listed = select(staff.c.person, staff.c.deputy).order_by(staff.c.person).with_for_update()
        deputies = {row.person: row.deputy for row in connection.execute(listed)}
        if absence.person not in deputies:
            raise _refused(Code.UNKNOWN_PERSON, _UNKNOWN.filled(person=absence.person), "person")
        if absence.deputy and absence.deputy not in deputies:
            raise _refused(Code.UNKNOWN_PERSON, _UNKNOWN.filled(person=absence.deputy), "deputy")
        standing = _read(connection, standing=True)
        for other in standing:
            if other.meets(absence):
                last = other.last_day or _UNTIL_BACK
                words = _TOLD_ALREADY.filled(person=other.person, first=other.first_day, last=last)
                raise _refused(Code.CONTRADICTION, words, "first_day")
        circle = circle_of(absence, standing, deputies)
        if circle:
            raise Refusal(
                Code.CONTRADICTION, _CIRCLE.filled(people=" → ".join(circle)), where="deputy", rule="R133"
            )
        row = absence.model_dump(include=set(Absence.model_fields)) | {"told_by": by, "told_at": now}
        number: int = connection.execute(
            absences.insert().values(row).returning(absences.c.number)
        ).scalar_one()
    return number


def _require_sense(absence: Absence, today: date) -> None:
    if absence.deputy == absence.person:
        raise _refused(Code.CONTRADICTION, _OWN_DEPUTY, "deputy")
    if absence.last_day is None:
        return
    if absence.last_day < absence.first_day:
        words = _ENDS_FIRST.filled(first=absence.first_day, last=absence.last_day)
        raise _refused(Code.CONTRADICTION, words, "last_day")
    if absence.last_day < today:
        raise _refused(Code.CONTRADICTION, _OVER, "last_day")


def end_absence(engine: Engine, number: int, by: str, now: datetime) -> AbsenceView:
    """They are back, or stay after all: from now on it counts no more. Ended twice it stays as it was ended first.

    Raises Refusal(unknown_person) where there is no such absence.
    """
    absences = table("staff_absences")
    this = absences.c.number == number
    with writing(engine) as connection:
        connection.execute(
            update(absences).where(this, absences.c.ended_at.is_(None)).values(ended_by=by, ended_at=now)
        )
        row = connection.execute(select(absences).where(this)).mappings().one_or_none()
    if row is None:
        raise _refused(Code.UNKNOWN_PERSON, _NO_ABSENCE, str(number))
    return AbsenceView.model_validate(dict(row))


def absence_of(engine: Engine, number: int) -> AbsenceView:
    """One absence by its number. Raises Refusal(unknown_person) where there is none."""
    absences = table("staff_absences")
    with reading(engine) as connection:
        row = connection.execute(select(absences).where(absences.c.number == number)).mappings().one_or_none()
    if row is None:
        raise _refused(Code.UNKNOWN_PERSON, _NO_ABSENCE, str(number))
    return AbsenceView.model_validate(dict(row))


def absences_of(
    engine: Engine, person: str | None = None, *, until_now: datetime | None = None
) -> list[AbsenceView]:
    """Absences of a person, or of everybody, by first day, the latest first.

    `until_now`: only what stands and is not over at this moment.
    """
    with reading(engine) as connection:
        found = _read(connection, person=person, standing=until_now is not None)
    if until_now is not None:
        today = business_date(until_now)
        found = [each for each in found if each.last_day is None or each.last_day >= today]
    return sorted(found, key=lambda each: (each.first_day, each.number), reverse=True)


def standing_absences(connection: Connection, now: datetime) -> list[AbsenceView]:
    """What stands and is not over at this moment, by the number under which it was told."""
    today = business_date(now)
    found = _read(connection, standing=True)
    return [each for each in found if each.last_day is None or each.last_day >= today]


def stand_ins_at(connection: Connection, moment: datetime) -> StandIns:
    """Who acts for whom at a moment, by the absences that stand and the staff list. One read where nobody is away."""
    told = _read(connection, standing=True, day=business_date(moment))
    if not told:
        return StandIns()
    staff = table("staff")
    rows = connection.execute(select(staff.c.person, staff.c.deputy, staff.c.superior)).all()
    return stand_ins(
        told,
        moment,
        deputies={row.person: row.deputy for row in rows},
        superiors={row.person: row.superior for row in rows},
    )


def read_stand_ins(engine: Engine, moment: datetime) -> StandIns:
    """`stand_ins_at` in a transaction of its own."""
    with reading(engine) as connection:
        return stand_ins_at(connection, moment)


def represented_by(connection: Connection, person: str, moment: datetime) -> Represented:
    """Whom this person represents at a moment, in which roles, and which of these nobody has who is there."""
    ins = stand_ins_at(connection, moment)
    absent, later = ins.stands_in_for(person), ins.next_for(person)
    if not absent and not later:
        return Represented()
    staff = table("staff")
    rows = connection.execute(select(staff.c.person, staff.c.roles)).all()
    roles = {row.person: tuple(role for role in Role if role.value in row.roles) for row in rows}
    there = {role for who, theirs in roles.items() if not ins.is_absent(who) for role in theirs}
    people = {who: roles.get(who, ()) for who in absent}
    lent = (role for theirs in people.values() for role in theirs if role not in there)
    next_for = {who: NextInLine(before=before, roles=roles.get(who, ())) for who, before in later.items()}
    return Represented(people, tuple(dict.fromkeys(lent)), next_for)


def _read(
    connection: Connection, *, person: str | None = None, standing: bool = False, day: date | None = None
) -> list[AbsenceView]:
    absences = table("staff_absences")
    wanted: list[Any] = []
    if person is not None:
        wanted.append(absences.c.person == person)
    if standing:
        wanted.append(absences.c.ended_at.is_(None))
    if day is not None:
        lasts = or_(absences.c.last_day.is_(None), absences.c.last_day >= day)
        wanted.append(and_(absences.c.first_day <= day, lasts))
    rows: Iterable[Any] = connection.execute(
        select(absences).where(*wanted).order_by(absences.c.number)
    ).mappings()
    return each_read(rows, lambda row: AbsenceView.model_validate(dict(row)), "an absence")


def _refused(code: Code, words: Words, where: str) -> Refusal:
    return Refusal(code, words, where=where, rule="R13")
