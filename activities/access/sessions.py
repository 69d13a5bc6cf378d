"""Sessions of staff: in the order database, of each token only the hash; they end by time, by leaving, by a new password.

A session has two ends: it is over when nobody used it for a while, and, used or not, so long after the log-in. A token is
never used on: who logs in, shows the second factor or changes the password has a new one, with the first one's begin.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, delete, select, update

from activities.store.absences import represented_by
from activities.store.database import reading, writing
from models.access import NEEDS_SECOND_FACTOR, Caller, CallerKind
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Term, Words

LASTS = timedelta(hours=12)
IDLE = timedelta(hours=2)
_UNFINISHED = timedelta(minutes=10)
"""How long the second factor may be waited for after the password."""
_NOTED_AFTER = timedelta(minutes=1)
"""Use is written down so often at most."""
_MOST = 20
"""Sessions of one person; the one that was longest unused ends for a further one."""
_LONGEST_BROWSER = 200
_ENDED = Words("请重新登录", "please log in again")
_NO_SESSION = Words("没有这个登录，可能已经结束", "there is no such session; it may have ended already")


class LogInBy(Term):
    """How somebody showed who they are: by a password kept here, or by the company's provider."""

    PASSWORD = "password", "密码", "password"
    PROVIDER = "provider", "企业账号", "company account"


class FirstThing(Term):
    """What somebody who is logged in must do before anything else."""

    PASSWORD = "password", "先换掉别人给的密码", "change the password that somebody else chose"
    SECOND_FACTOR = "second_factor", "先设置动态口令", "set up the second factor"


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long sessions last, and whether the roles that need a second factor must have one."""

    lasts: timedelta = LASTS
    idle: timedelta = IDLE
    second_factor_required: bool = False


RULES = SessionRules()


@dataclass(frozen=True, slots=True)
class Session:
    """Who is logged in, and the token that each form of theirs carries."""

    caller: Caller
    form_token: str
    number: str = ""
    """Which of the person's sessions this is; it opens nothing."""
    way: LogInBy = LogInBy.PASSWORD
    first: FirstThing | None = None
    advised: bool = False
    """One of their roles should have a second factor, and has none; here that is not required."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """From where somebody comes in: network address, and what the browser says that it is."""

    address: str
    browser: str = ""


@dataclass(frozen=True, slots=True)
class SessionView:
    """One of a person's sessions as it is listed. Times UTC."""

    number: str
    begun_at: datetime
    seen_at: datetime
    address: str
    browser: str
    way: LogInBy


def _hashed(token: str) -> str:
    # 256 random bits: a plain hash cannot be guessed back
    return hashlib.sha256(token.encode()).hexdigest()


def _number(token_hash: str) -> str:
    return token_hash[:16]


def begin(
    connection: Connection, person: str, now: datetime, arrival: Arrival, *,
    way: LogInBy = LogInBy.PASSWORD, waits: bool = False, rules: SessionRules = RULES,
) -> str:  # fmt: skip
    """The token of a new session; `waits` where the second factor is still to be shown, and it opens nothing else."""
    sessions, staff = table("sessions"), table("staff")
    connection.execute(delete(sessions).where(is_over(now, rules)))
    others = (
        select(sessions.c.token_hash).where(sessions.c.person == person).order_by(sessions.c.seen_at.desc())
    )
    too_many = list(connection.scalars(others))[_MOST - 1 :]
    connection.execute(delete(sessions).where(sessions.c.token_hash.in_(too_many)))
    token = secrets.token_urlsafe(32)
    row = {
        "token_hash": _hashed(token), "person": person, "form_token": secrets.token_urlsafe(16), "begun_at": now,
        "seen_at": now, "address": arrival.address, "browser": arrival.browser[:_LONGEST_BROWSER], "way": way.value,
        "waits": waits, "roles": connection.scalar(select(staff.c.roles).where(staff.c.person == person)),
    }  # fmt: skip
    connection.execute(sessions.insert().values(row))
    return token


def renew(connection: Connection, token: str, now: datetime) -> str:
    """The same session under a new token, with all that was open to it; it ends when the first one would have.

    Raises Refusal(not_signed_in) where there is none any more.
    """
    sessions = table("sessions")
    ended = delete(sessions).where(sessions.c.token_hash == _hashed(token)).returning(*sessions.c)
    row = connection.execute(ended).mappings().one_or_none()
    if row is None:
        raise Refusal(Code.NOT_SIGNED_IN, _ENDED)
    fresh = secrets.token_urlsafe(32)
    changed = {
        "token_hash": _hashed(fresh),
        "form_token": secrets.token_urlsafe(16),
        "seen_at": now,
        "waits": False,
    }
    connection.execute(sessions.insert().values({**row, **changed}))
    return fresh


def is_over(now: datetime, rules: SessionRules) -> ColumnElement[bool]:
    """Whether a row of the sessions has come to one of its ends."""
    sessions = table("sessions")
    return (
        (sessions.c.begun_at < now - rules.lasts)
        | (sessions.c.seen_at < now - rules.idle)
        | (sessions.c.waits & (sessions.c.begun_at < now - _UNFINISHED))
    )


def session_of(
    engine: Engine, token: str, now: datetime, rules: SessionRules = RULES, *, used: bool = True
) -> Session:
    """Whose session this is. Raises Refusal(not_signed_in) where it ended, never was, or the second factor is not shown.

    Roles are those of this moment. Who has got one since the log-in logs in again; who left is out. `used` puts its idle
    end off; what a page does by itself does not.
    """
    row = _found(engine, token, now, rules)
    if row["waits"]:
        raise Refusal(Code.NOT_SIGNED_IN, _ENDED)
    sessions = table("sessions")
    if used and now - row["seen_at"] > _NOTED_AFTER:
        with writing(engine) as connection:
            connection.execute(
                update(sessions).where(sessions.c.token_hash == _hashed(token)).values(seen_at=now)
            )
    roles = tuple(role for role in Role if role.value in row["now"])
    way, first, advised = LogInBy(row["way"]), None, False
    if way is LogInBy.PASSWORD:
        lacks = row["second_factor"] is None and bool(NEEDS_SECOND_FACTOR & set(roles))
        advised = lacks and not rules.second_factor_required
        if row["must_change"]:
            first = FirstThing.PASSWORD
        elif lacks and rules.second_factor_required:
            first = FirstThing.SECOND_FACTOR
    # what only a second factor opens is lent to nobody who has none, where it is required
    strong = (
        way is not LogInBy.PASSWORD or row["second_factor"] is not None or not rules.second_factor_required
    )
    with reading(engine) as connection:
        lent = represented_by(connection, row["person"], now)
    represents = {who: _lendable(theirs, strong=strong) for who, theirs in lent.people.items()}
    caller = Caller(
        name=row["person"], kind=CallerKind.STAFF, roles=roles, represents=represents,
        covers=_lendable(lent.covers, strong=strong),
        next_for={
            who: each.model_copy(update={"roles": _lendable(each.roles, strong=strong)})
            for who, each in lent.next_for.items()
        },
    )  # fmt: skip
    return Session(caller, row["form_token"], _number(row["token_hash"]), way, first, advised)


def _lendable(roles: tuple[Role, ...], *, strong: bool) -> tuple[Role, ...]:
    return roles if strong else tuple(role for role in roles if role not in NEEDS_SECOND_FACTOR)


def waiting(engine: Engine, token: str, now: datetime, rules: SessionRules = RULES) -> str:
    """The person whose password was right and whose second factor is waited for. Raises Refusal(not_signed_in)."""
    row = _found(engine, token, now, rules)
    if not row["waits"]:
        raise Refusal(Code.NOT_SIGNED_IN, _ENDED)
    return str(row["person"])


def _found(engine: Engine, token: str, now: datetime, rules: SessionRules) -> RowMapping:
    sessions, staff, logins = table("sessions"), table("staff"), table("logins")
    query = (
        select(sessions, staff.c.roles.label("now"), logins.c.must_change, logins.c.second_factor)
        .outerjoin(staff, staff.c.person == sessions.c.person)
        .outerjoin(logins, logins.c.person == sessions.c.person)
        .where(sessions.c.token_hash == _hashed(token), ~is_over(now, rules))
    )
    with reading(engine) as connection:
        row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise Refusal(Code.NOT_SIGNED_IN, _ENDED)
    left = row["now"] is None
    if left or (row["roles"] is not None and set(row["now"]) - set(row["roles"])):
        end_token(engine, token)
        raise Refusal(Code.NOT_SIGNED_IN, _ENDED)
    return row


def sessions_of(engine: Engine, person: str, now: datetime, rules: SessionRules = RULES) -> list[SessionView]:
    """A person's sessions that are open, the one used last first."""
    sessions = table("sessions")
    query = (
        select(sessions)
        .where(sessions.c.person == person, ~sessions.c.waits, ~is_over(now, rules))
        .order_by(sessions.c.seen_at.desc(), sessions.c.token_hash)
    )
    with reading(engine) as connection:
        return [
            SessionView(
                _number(row["token_hash"]), row["begun_at"], row["seen_at"], row["address"], row["browser"],
                LogInBy(row["way"]),
            )
            for row in connection.execute(query).mappings()
        ]  # fmt: skip


def end_token(engine: Engine, token: str) -> None:
    """End the session with this token, where there is one."""
    sessions = table("sessions")
    with writing(engine) as connection:
        connection.execute(delete(sessions).where(sessions.c.token_hash == _hashed(token)))


def end_one(engine: Engine, person: str, number: str) -> None:
    """End one of a person's sessions. Raises Refusal(unknown_place) where they have none such."""
    sessions = table("sessions")
    with writing(engine) as connection:
        ends = delete(sessions).where(
            sessions.c.person == person, sessions.c.token_hash.startswith(number, autoescape=True)
        )
        if len(number) != len(_number(_hashed(""))) or not connection.execute(ends).rowcount:
            raise Refusal(Code.UNKNOWN_PLACE, _NO_SESSION, where="session")


def end_all(connection: Connection, person: str, keep: str = "") -> int:
    """End all sessions of a person but the one with the number `keep`; how many there were."""
    sessions = table("sessions")
    theirs = sessions.c.person == person
    if keep:
        theirs &= ~sessions.c.token_hash.startswith(keep, autoescape=True)
    return int(connection.execute(delete(sessions).where(theirs)).rowcount)
