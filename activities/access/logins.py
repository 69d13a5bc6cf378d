"""Staff log-ins: password, second factor, own password changed, and what an administrator does about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, func, select, update

from activities.access.login_tries import (
    DELAYS,
    LOCKED_FOR,
    MOST_FAILURES,
    Place,
    blocked,
    forget_tries,
    give_back,
    take_back,
    take_try,
)
from activities.access.passwords import SHORTEST, hashed, is_right, require_good
from activities.access.second_factor import accept, take_away, use_code
from activities.access.sessions import (
    IDLE,
    LASTS,
    RULES,
    Arrival,
    LogInBy,
    Session,
    SessionRules,
    begin,
    end_all,
    end_token,
    is_over,
    renew,
    session_of,
    waiting,
)
from activities.store.database import reading, writing
from activities.store.upsert import upsert
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

__all__ = [
    "DELAYS", "IDLE", "LASTS", "LOCKED_FOR", "MOST_FAILURES", "SHORTEST", "Arrival", "LogIn", "Place", "Session",
    "SessionRules", "change_password", "confirm_second_factor", "end_other_sessions", "end_sessions", "list_log_ins", "log_in", "log_in_as",
    "log_out", "reset_second_factor", "session_of", "set_password", "set_passwords", "show_code", "start_again", "unlock",
]  # fmt: skip

_WRONG = Words("账号或密码不对", "the name or password is wrong")
_WRONG_OLD = Words("原密码不对", "the old password is wrong")
_SAME = Words("新密码与原密码相同", "the new password is the old one")
_NOT_TWICE = Words("两次输入的新密码不一样", "the new password was not typed the same twice")
_NO_LOGIN = Words("{person} 没有登录账号", "{person} has no log-in")
_NO_PERSON = Words("员工表里没有 {person}", "there is nobody called {person} on the staff")


@dataclass(frozen=True, slots=True)
class LogIn:
    """How somebody of the staff may log in, as an administrator sees it. Times UTC."""

    person: str
    name: str
    roles: tuple[Role, ...]
    has_password: bool
    must_change: bool
    second_factor_since: datetime | None
    blocked_until: datetime | None
    sessions: int


# --- coming in and leaving ---------------------------------------------------------------------------------------


def log_in(
    engine: Engine, person: str, password: str, now: datetime, address: str, *, arrival: Arrival | None = None,
    known_browser: str = "", instead_of: str = "", rules: SessionRules = RULES,
) -> str:  # fmt: skip
    """The token of a new session; it opens nothing yet where the second factor is still to be shown.

    `address` is where tries are counted, `known_browser` a browser that has logged in here before. Raises
    Refusal(not_signed_in) without saying what was wrong, and Refusal(too_many_requests) for a try that comes too soon:
    alike whether or not there is such a person.
    """
    place, logins = Place(address, known_browser), table("logins")
    take_try(engine, person, place, now)
    query = select(logins.c.password_hash, logins.c.second_factor).where(logins.c.person == _sane(person))
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    if not is_right(password, row.password_hash if row is not None else None) or row is None:
        raise Refusal(Code.NOT_SIGNED_IN, _WRONG)
    if instead_of:
        end_token(engine, instead_of)
    waits = row.second_factor is not None
    with writing(engine) as connection:
        (take_back if waits else give_back)(connection, person, place, now)
        return begin(connection, person, now, arrival or Arrival(address), waits=waits, rules=rules)


def _sane(person: str) -> str:
    return person[:200].replace("\0", "")


def show_code(
    engine: Engine,
    seal: Fernet,
    token: str,
    code: str,
    now: datetime,
    place: Place,
    rules: SessionRules = RULES,
) -> str:
    """The second factor after the password: the token with which it goes on; the one before opens nothing more.

    Guesses are counted with those at the password. Raises Refusal(not_signed_in, too_many_requests).
    """
    person = waiting(engine, token, now, rules)
    take_try(engine, person, place, now)
    with writing(engine) as connection:
        use_code(connection, seal, person, code, now)
        give_back(connection, person, place, now)
        return renew(connection, token, now)


def log_in_as(
    engine: Engine,
    person: str,
    now: datetime,
    address: str,
    *,
    arrival: Arrival | None = None,
    instead_of: str = "",
) -> str:
    """The token of a new session of somebody whom the company's own provider vouches for, second factor and all.

    Raises Refusal(not_signed_in) for who is not on the staff.
    """
    staff = table("staff")
    if instead_of:
        end_token(engine, instead_of)
    with writing(engine) as connection:
        if connection.scalar(select(staff.c.person).where(staff.c.person == _sane(person))) is None:
            raise Refusal(Code.NOT_SIGNED_IN, _NO_PERSON.filled(person=person), where=person)
        return begin(connection, person, now, arrival or Arrival(address), way=LogInBy.PROVIDER)


def log_out(engine: Engine, token: str) -> None:
    """End the session."""
    end_token(engine, token)


# --- the own password and second factor --------------------------------------------------------------------------


def change_password(
    engine: Engine, session: Session, token: str, old: str, new: str, now: datetime, place: Place,
    words: Sequence[str] = (), again: str | None = None,
) -> str:  # fmt: skip
    """The person's own choice; their other sessions end, and this one goes on under the token that is returned.

    Guesses at the old one are counted with those at the log-in. Raises Refusal(not_signed_in) for a wrong old password,
    Refusal(malformed) for a bad new one, Refusal(too_many_requests).
    """
    person, logins = session.caller.name, table("logins")
    with reading(engine) as connection:
        kept = connection.scalar(select(logins.c.password_hash).where(logins.c.person == person))
        known = _known_of(connection, person)
    if again is not None and new != again:
        raise Refusal(Code.MALFORMED, _NOT_TWICE, where="password")
    require_good(new, [*known, *words])
    if old == new:
        raise Refusal(Code.MALFORMED, _SAME, where="password")
    take_try(engine, person, place, now)
    if not is_right(old, kept):
        raise Refusal(Code.NOT_SIGNED_IN, _WRONG_OLD, where="old")
    fresh = hashed(new)
    with writing(engine) as connection:
        connection.execute(
            update(logins).where(logins.c.person == person).values(password_hash=fresh, must_change=False)
        )
        give_back(connection, person, place, now)
        end_all(connection, person, keep=session.number)
        return renew(connection, token, now)


def confirm_second_factor(
    engine: Engine, seal: Fernet, session: Session, token: str, code: str, now: datetime, place: Place
) -> tuple[str, tuple[str, ...]]:
    """The second factor that is being set up works: the token to go on with, and the recovery codes, seen only now.

    Other sessions of the person end: they were begun without it. Raises Refusal(malformed, too_many_requests).
    """
    person = session.caller.name
    take_try(engine, person, place, now)
    with writing(engine) as connection:
        codes = accept(connection, seal, person, code, now)
        give_back(connection, person, place, now)
        end_all(connection, person, keep=session.number)
        return renew(connection, token, now), codes


def start_again(
    engine: Engine, seal: Fernet, session: Session, code: str, now: datetime, place: Place
) -> None:
    """Another device: the second factor so far is shown once more and taken away.

    Raises Refusal(not_signed_in, too_many_requests).
    """
    person = session.caller.name
    take_try(engine, person, place, now)
    with writing(engine) as connection:
        use_code(connection, seal, person, code, now)
        give_back(connection, person, place, now)
        take_away(connection, person)


def end_other_sessions(engine: Engine, session: Session) -> int:
    """End all that the person has open but this; how many there were."""
    with writing(engine) as connection:
        return end_all(connection, session.caller.name, keep=session.number)


# --- what is done about others -----------------------------------------------------------------------------------


def set_password(
    engine: Engine, person: str, password: str, *, must_change: bool = False, words: Sequence[str] = ()
) -> None:
    """Give a person of the staff a password; open sessions end. Raises Refusal(unknown_person, malformed)."""
    set_passwords(engine, [person], password, must_change=must_change, words=words)


def set_passwords(
    engine: Engine,
    people: Sequence[str],
    password: str,
    *,
    must_change: bool = False,
    words: Sequence[str] = (),
) -> None:
    """Give several people the same first password. Raises as `set_password`; then nobody has it."""
    with reading(engine) as connection:
        for person in people:
            require_good(password, [*_known_of(connection, person), *words])
    kept = hashed(password)
    with writing(engine) as connection:
        for person in people:
            values = {"password_hash": kept, "must_change": must_change}
            upsert(connection, table("logins"), {"person": person}, values)
            end_all(connection, person)
        forget_tries(connection, people)


def _known_of(connection: Connection, person: str) -> list[str]:
    staff = table("staff")
    query = select(staff.c.person, staff.c.name, staff.c.email).where(staff.c.person == person)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise Refusal(Code.UNKNOWN_PERSON, _NO_PERSON.filled(person=person), where=person)
    return [each for each in row if each]


def unlock(engine: Engine, person: str) -> None:
    """Who was locked out by wrong passwords may try again. Raises Refusal(unknown_person) for who has no log-in."""
    with writing(engine) as connection:
        _require_log_in(connection, person)
        forget_tries(connection, [person])


def end_sessions(engine: Engine, person: str) -> int:
    """End all that a person has open; how many there were. Raises Refusal(unknown_person) for who is not on the staff."""
    with writing(engine) as connection:
        _known_of(connection, person)
        return end_all(connection, person)


def reset_second_factor(engine: Engine, person: str) -> None:
    """Take a second factor away that was lost; open sessions end. Raises Refusal(unknown_person)."""
    with writing(engine) as connection:
        _require_log_in(connection, person)
        take_away(connection, person)
        end_all(connection, person)


def _require_log_in(connection: Connection, person: str) -> None:
    logins = table("logins")
    if connection.scalar(select(logins.c.person).where(logins.c.person == _sane(person))) is None:
        raise Refusal(Code.UNKNOWN_PERSON, _NO_LOGIN.filled(person=person), where=person)


def list_log_ins(engine: Engine, now: datetime, rules: SessionRules = RULES) -> list[LogIn]:
    """Everybody of the staff, and how they may log in."""
    staff, logins, sessions = table("staff"), table("logins"), table("sessions")
    query = (
        select(
            staff.c.person, staff.c.name, staff.c.roles, logins.c.password_hash.is_not(None).label("has_password"),
            logins.c.must_change, logins.c.second_factor_since,
        )
        .outerjoin(logins, logins.c.person == staff.c.person)
        .order_by(staff.c.person)
    )  # fmt: skip
    with reading(engine) as connection:
        rows = connection.execute(query).all()
        until = blocked(connection, now)
        alive = select(sessions.c.person, func.count()).where(~sessions.c.waits, ~is_over(now, rules))
        counts = connection.execute(alive.group_by(sessions.c.person)).all()
    opened = {person: count for person, count in counts}  # noqa: C416 - rows are no pairs to the checker
    return [
        LogIn(
            row.person, row.name, tuple(role for role in Role if role.value in row.roles), bool(row.has_password),
            bool(row.must_change), row.second_factor_since, until.get(row.person), opened.get(row.person, 0),
        )
        for row in rows
    ]  # fmt: skip
