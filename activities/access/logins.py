"""Staff log-ins: argon2id, a lock after failures, sessions that end."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pwdlib import PasswordHash
from sqlalchemy import Connection, Engine, delete, select, update

from activities.store.database import reading, writing
from activities.store.upsert import upsert
from models.access import Caller, CallerKind
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
LASTS = timedelta(hours=12)
IDLE = timedelta(hours=2)
SHORTEST = 10

_HASHER = PasswordHash.recommended()
_NOBODY = _HASHER.hash(secrets.token_urlsafe())
"""What is compared with where there is no such person: it takes as long."""
_WRONG = Words("账号或密码不对,或暂时锁定", "the name or password is wrong, or locked for a while")
_ENDED = Words("请重新登录", "please log in again")
_TOO_SHORT = Words("密码至少 {least} 个字符", "a password has at least {least} characters")
_NO_LOGIN = Words("{person} 没有登录账号", "{person} has no log-in")
_NO_PERSON = Words("员工表里没有 {person}", "there is nobody called {person} on the staff")


@dataclass(frozen=True, slots=True)
class Session:
    """Who is logged in, and the token that each form of theirs carries."""

    caller: Caller
    form_token: str


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def set_password(engine: Engine, person: str, password: str) -> None:
    """Give a person of the staff a password; open sessions end. Raises Refusal(unknown_person, malformed)."""
    set_passwords(engine, [person], password)


def set_passwords(engine: Engine, people: Sequence[str], password: str) -> None:
    """Give several people the same first password. Raises as `set_password`; then nobody has it."""
    if len(password) < SHORTEST:
        raise Refusal(Code.MALFORMED, _TOO_SHORT.filled(least=SHORTEST), where="password")
    staff, sessions = table("staff"), table("sessions")
    hashed = _HASHER.hash(password)
    with writing(engine) as connection:
        for person in people:
            if connection.scalar(select(staff.c.person).where(staff.c.person == person)) is None:
                raise Refusal(Code.UNKNOWN_PERSON, _NO_PERSON.filled(person=person), where=person)
            values = {"password_hash": hashed, "failures": 0, "locked_until": None}
            upsert(connection, table("logins"), {"person": person}, values)
            connection.execute(delete(sessions).where(sessions.c.person == person))


def unlock(engine: Engine, person: str) -> None:
    """Who was locked out by wrong passwords may try again. Raises Refusal(unknown_person) for who has no log-in."""
    logins = table("logins")
    with writing(engine) as connection:
        done = connection.execute(
            update(logins).where(logins.c.person == person).values(failures=0, locked_until=None)
        )
        if not done.rowcount:
            raise Refusal(Code.UNKNOWN_PERSON, _NO_LOGIN.filled(person=person), where=person)


def log_in(engine: Engine, person: str, password: str, now: datetime, address: str) -> str:
    """The token of a new session. Raises Refusal(not_signed_in) without saying what was wrong."""
    logins = table("logins")
    with reading(engine) as connection:
        row = connection.execute(select(logins).where(logins.c.person == person)).mappings().one_or_none()
    right = _HASHER.verify(password, row["password_hash"] if row is not None else _NOBODY)
    if row is None:
        raise Refusal(Code.NOT_SIGNED_IN, _WRONG)
    locked = row["locked_until"] is not None and row["locked_until"] > now
    if locked or not right:
        with writing(engine) as connection:
            failures = 0 if locked else row["failures"] + 1
            values: dict[str, object] = {"failures": failures}
            if failures >= MOST_FAILURES:
                values = {"failures": 0, "locked_until": now + LOCKED_FOR}
            connection.execute(update(logins).where(logins.c.person == person).values(values))
        raise Refusal(Code.NOT_SIGNED_IN, _WRONG)
    with writing(engine) as connection:
        connection.execute(
            update(logins).where(logins.c.person == person).values(failures=0, locked_until=None)
        )
        return _begin(connection, person, now, address)


def log_in_as(engine: Engine, person: str, now: datetime, address: str) -> str:
    """The token of a new session of somebody whom the company's own provider vouches for.

    Raises Refusal(not_signed_in) for who is not on the staff.
    """
    staff = table("staff")
    with writing(engine) as connection:
        if connection.scalar(select(staff.c.person).where(staff.c.person == person)) is None:
            raise Refusal(Code.NOT_SIGNED_IN, _NO_PERSON.filled(person=person), where=person)
        return _begin(connection, person, now, address)


def _begin(connection: Connection, person: str, now: datetime, address: str) -> str:
    sessions, token = table("sessions"), secrets.token_urlsafe(32)
    connection.execute(delete(sessions).where(sessions.c.begun_at < now - LASTS))
    row = {
        "token_hash": _hashed(token),
        "person": person,
        "form_token": secrets.token_urlsafe(16),
        "begun_at": now,
        "seen_at": now,
        "address": address,
    }
    connection.execute(sessions.insert().values(row))
    return token


def session_of(engine: Engine, token: str, now: datetime) -> Session:
    """Whose session this is. Raises Refusal(not_signed_in) where it ended or never was."""
    sessions, staff = table("sessions"), table("staff")
    query = (
        select(sessions, staff.c.roles)
        .join(staff, staff.c.person == sessions.c.person)
        .where(sessions.c.token_hash == _hashed(token))
    )
    with reading(engine) as connection:
        row = connection.execute(query).mappings().one_or_none()
    if row is None or now - row["begun_at"] > LASTS or now - row["seen_at"] > IDLE:
        raise Refusal(Code.NOT_SIGNED_IN, _ENDED)
    if now - row["seen_at"] > timedelta(minutes=1):
        with writing(engine) as connection:
            connection.execute(
                update(sessions).where(sessions.c.token_hash == _hashed(token)).values(seen_at=now)
            )
    roles = tuple(role for role in Role if role.value in row["roles"])
    return Session(Caller(name=row["person"], kind=CallerKind.STAFF, roles=roles), row["form_token"])


def log_out(engine: Engine, token: str) -> None:
    """End the session."""
    sessions = table("sessions")
    with writing(engine) as connection:
        connection.execute(delete(sessions).where(sessions.c.token_hash == _hashed(token)))
