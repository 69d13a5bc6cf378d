"""Hand-over of an open step to a colleague of the same role: given, handed on, taken back (R13).

The order hears nothing of it: a step stays its role's, and its limit runs on. Both see it in their inboxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, RowMapping, select, update
from sqlalchemy.exc import IntegrityError

from activities.access.acts import Act, enter_act
from activities.desk.waiting import team_of
from activities.notices.outbox import enter_row
from activities.store.absences import stand_ins_at
from activities.store.database import reading, writing
from models.dossier.open_steps import ALSO_BY
from models.dossier.papers_due import Paper
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

RULE = "R13"
LONGEST_REASON = 500
_NO_STEP = Words("这一待办已办结或不存在", "this step is done, or there is none such")
_NOT_YOURS = Words(
    "这一待办不在您手上，也不在您的团队，不能由您转交",
    "this step is neither yours nor your team's to hand over",
)
_NO_COLLEAGUE = Words(
    "{person} 没有这一待办所需的岗位（{roles}）", "{person} has not the role that this step needs ({roles})"
)
_BARRED = Words(
    "{person} 经办过此事的另一半，职责须分离，不能接手",
    "{person} did the other half of this duty; duties are kept apart, so it cannot be theirs",
)
_AWAY = Words("{person} 现在不在岗，请转交给别人", "{person} is away now; hand it to somebody else")
_OWN = Words("已经在 {person} 手上", "{person} has it already")
_NO_REASON = Words("请写明转交原因", "say why it is handed over")
_NO_HANDOVER = Words("没有这次转交，或已收回", "there is no such hand-over, or it was taken back")
_NOT_THEIRS = Words("只有转交双方和上级可以收回", "only the two of them and a superior take it back")
_MEANWHILE = Words("刚才有人先转交了，请看现在的情况", "somebody else was first to hand it over; look again")


class StepWhose(BaseModel):
    """An open step as its hand-over sees it: roles, people, when it was opened, and who has it now by hand-over."""

    order_number: str
    key: str
    roles: list[str]
    people: list[str]
    kind: str
    since: datetime
    zh: str
    en: str
    handover: int | None = None
    given_to: str = ""
    barred: list[str] | None = None

    @property
    def holders(self) -> list[str]:
        """Whose it is now; nobody's in particular where the list is empty."""
        return [self.given_to] if self.given_to else self.people

    @property
    def may_do_it(self) -> set[str]:
        """The roles in which it is done."""
        also = next((roles for kind, roles in ALSO_BY.items() if kind.value == self.kind), ())
        return {*self.roles, *(role.value for role in also)}


class Colleague(BaseModel):
    """Somebody to whom a step may be handed."""

    person: str
    name: str
    away: bool = False


class Handover(BaseModel):
    """A hand-over as it is asked for."""

    order_number: str
    step: str
    to_person: str
    reason: str


def step_whose(engine: Engine, order: str, key: str) -> StepWhose:
    """An open step and whose it is. Raises Refusal(unknown_order) where there is none such."""
    with reading(engine) as connection:
        return _whose(connection, order, key)


def colleagues(engine: Engine, step: StepWhose, now: datetime, but: str = "") -> list[Colleague]:
    """Who has a role of this step, by name, who is away last; without `but` and without who has it now."""
    with reading(engine) as connection:
        staff, ins = table("staff"), stand_ins_at(connection, now)
        rows = connection.execute(select(staff.c.person, staff.c.name, staff.c.roles)).all()
    found = [
        Colleague(person=row.person, name=row.name or row.person, away=ins.is_absent(row.person))
        for row in rows
        if set(row.roles) & step.may_do_it
        and row.person != but
        and row.person not in (*step.holders, *(step.barred or ()))
    ]
    return sorted(found, key=lambda each: (each.away, each.name))


def may_hand_over(
    step: StepWhose, person: str, roles: set[str], represents: set[str], team: set[str]
) -> bool:
    """Whether it is theirs to give: they have it, or act for or supervise who has it, or it is nobody's and of their role."""
    if not step.holders:
        return bool(roles & step.may_do_it)
    return bool(({person} | represents | team) & set(step.holders))


def hand_over(engine: Engine, asked: Handover, by: str, roles: set[str], now: datetime, address: str) -> int:
    """Hand an open step over, and tell who has it now; returns the number by which it is taken back.

    Raises Refusal: unknown_order (no such open step), wrong_role (not theirs, or a colleague of another role),
    missing_field (no reason), contradiction (is away, has it already, somebody else was first).
    """
    reason = asked.reason.strip()[:LONGEST_REASON]
    team = set(team_of(engine, [by]))
    try:
        with writing(engine) as connection:
            step, ins = _whose(connection, asked.order_number, asked.step), stand_ins_at(connection, now)
            if not may_hand_over(step, by, roles, set(ins.stands_in_for(by)), team):
                raise _refused(Code.WRONG_ROLE, _NOT_YOURS, "step")
            names, role = _colleague(connection, step, asked.to_person)
            if ins.is_absent(asked.to_person):
                raise _refused(Code.CONTRADICTION, _AWAY.filled(person=names), "to_person")
            if not reason:
                raise _refused(Code.MISSING_FIELD, _NO_REASON, "reason")
            if step.handover is not None:
                _end(connection, step.handover, by, now)
            number = _enter(connection, asked, step, _giver(step, by), role, reason, now)
            _tell(connection, step, number, asked.to_person, by, role, reason, now)
            _note(
                connection,
                by,
                role,
                address,
                f"hand over {step.key} to {asked.to_person}",
                step.order_number,
                now,
            )
    except IntegrityError:
        raise _refused(Code.CONTRADICTION, _MEANWHILE, "step") from None
    return number


def _giver(step: StepWhose, by: str) -> str:
    """Out of whose hands it goes: theirs, or those of who had it; of several the first."""
    return by if by in step.holders or not step.holders else step.holders[0]


def take_back(engine: Engine, number: int, by: str, now: datetime, address: str) -> str:
    """Take a hand-over back, as who gave it, who has it or a superior of one of them; returns the order's number.

    Raises Refusal: unknown_order (none that stands), wrong_role.
    """
    given = table("step_handovers")
    team = set(team_of(engine, [by]))
    with writing(engine) as connection:
        query = select(given).where(given.c.number == number, given.c.taken_back_at.is_(None))
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise _refused(Code.UNKNOWN_ORDER, _NO_HANDOVER, str(number))
        if not _may_take_back(row, {by, *stand_ins_at(connection, now).stands_in_for(by)}, team):
            raise _refused(Code.WRONG_ROLE, _NOT_THEIRS, str(number))
        _end(connection, number, by, now)
        _note(
            connection, by, row["role"], address, f"take back {row['step']} from {row['to_person']}",
            row["order_number"], now,
        )  # fmt: skip
    return str(row["order_number"])


def _may_take_back(row: RowMapping, they: set[str], team: set[str]) -> bool:
    return bool((they | team) & {row["from_person"], row["to_person"]})


def given_to(engine: Engine, order: str, people: Sequence[str]) -> bool:
    """Whether an open step of this order was handed to one of these people: then they see the order (R85)."""
    with reading(engine) as connection:
        return bool(set(_having(connection, order)) & set(people))


def has_now(connection: Connection, order: str, step: str) -> list[str]:
    """To whom this open step was handed, where that stands."""
    return _having(connection, order, step)


def _having(connection: Connection, order: str, step: str = "") -> list[str]:
    given, steps = table("step_handovers"), table("open_steps")
    query = (
        select(given.c.to_person)
        .join(steps, (steps.c.order_number == given.c.order_number) & (steps.c.key == given.c.step))
        .where(
            given.c.order_number == order,
            given.c.taken_back_at.is_(None),
            given.c.since == steps.c.since,
            steps.c.closed_at.is_(None),
        )
    )
    return list(connection.scalars(query if not step else query.where(given.c.step == step)))


def handed_over(connection: Connection) -> int:
    """A number that changes with every hand-over and every one that is taken back."""
    given = table("step_handovers")
    rows = connection.execute(
        select(given.c.number, given.c.taken_back_at).order_by(given.c.number.desc()).limit(50)
    )
    return sum(2 * row.number + (row.taken_back_at is not None) for row in rows)


def _whose(connection: Connection, order: str, key: str) -> StepWhose:
    steps, orders, given = table("open_steps"), table("orders"), table("step_handovers")
    query = (
        select(steps)
        .join(orders, orders.c.number == steps.c.order_number)
        .where(steps.c.order_number == order, steps.c.key == key)
        .where(steps.c.closed_at.is_(None), orders.c.ending.is_(None))
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise _refused(Code.UNKNOWN_ORDER, _NO_STEP, "step")
    stands = select(given.c.number, given.c.to_person).where(
        given.c.order_number == order,
        given.c.step == key,
        given.c.since == row["since"],
        given.c.taken_back_at.is_(None),
    )
    now = connection.execute(stands).one_or_none()
    return StepWhose.model_validate(
        {**row, "handover": now.number if now else None, "given_to": now.to_person if now else ""}
    )


def _colleague(connection: Connection, step: StepWhose, person: str) -> tuple[str, Role]:
    """The colleague's name and the role in which they get it."""
    staff = table("staff")
    row = connection.execute(
        select(staff.c.name, staff.c.roles).where(staff.c.person == person)
    ).one_or_none()
    theirs = set(row.roles) & step.may_do_it if row is not None else set()
    role = next((each for each in Role if each.value in theirs), None)
    if row is None or role is None:
        wanted = Words.listed([each for each in Role if each.value in step.may_do_it])
        raise _refused(Code.WRONG_ROLE, _NO_COLLEAGUE.filled(person=person, roles=wanted), "to_person")
    if person in (step.barred or ()):
        raise Refusal(
            Code.SAME_PERSON, _BARRED.filled(person=row.name or person), where="to_person", rule="R133"
        )
    if person in step.holders:
        raise _refused(Code.CONTRADICTION, _OWN.filled(person=row.name or person), "to_person")
    return row.name or person, role


def _enter(
    connection: Connection, asked: Handover, step: StepWhose, giver: str, role: Role, reason: str, now: datetime
) -> int:  # fmt: skip
    given = table("step_handovers")
    row = {
        "order_number": step.order_number, "step": step.key, "since": step.since, "role": role.value,
        "from_person": giver, "to_person": asked.to_person, "reason": reason, "given_at": now,
    }  # fmt: skip
    number: int = connection.execute(given.insert().values(row).returning(given.c.number)).scalar_one()
    return number


def _end(connection: Connection, number: int, by: str, now: datetime) -> None:
    given = table("step_handovers")
    stands = (given.c.number == number) & given.c.taken_back_at.is_(None)
    connection.execute(update(given).where(stands).values(taken_back_at=now, taken_back_by=by))


def _tell(
    connection: Connection, step: StepWhose, number: int, to: str, by: str, role: Role, reason: str, now: datetime
) -> None:  # fmt: skip
    words = Words(Paper.STEP_GIVEN.zh, Paper.STEP_GIVEN.en).filled(
        giver=by, what_zh=step.zh, what_en=step.en, reason=reason
    )
    enter_row(
        connection, order=step.order_number, identity=f"{Paper.STEP_GIVEN.value}:{number}", paper=Paper.STEP_GIVEN,
        to=(role,), person=to, words=words, named=(by,), rule=RULE, created_at=now, content=None,
    )  # fmt: skip


def _note(
    connection: Connection, by: str, role: str, address: str, act: str, order: str, now: datetime
) -> None:
    enter_act(
        connection,
        Act(at=now, person=by, role=role, address=address, act=act, order_number=order, outcome="done"),
    )


def _refused(code: Code, words: Words, where: str) -> Refusal:
    return Refusal(code, words, where=where, rule=RULE)
