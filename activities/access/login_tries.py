"""Guessing at log-ins: each try is counted before it is looked at, and the more there were, the longer the next one waits.

Counted is by person *and* place. A place is a browser in which this person has logged in before, else the network
address. So who guesses at somebody's password stops the guessing from that place, and nobody else: a person's own
browser, and any other address, stay open to them. Guesses from ever new addresses are counted once more, all together
and more slowly; this second count never holds up a place from which the person has logged in before. Nobody can lock a
department out: what an outsider's guesses reach is that a person must log in from where they have before, or ask an
administrator. Who is not on the staff is counted like everybody: no answer tells whether there is such a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, case, delete, literal, null, or_, select, update

from activities.store.database import writing
from activities.store.upsert import insert_into
from models.tables.columns import Instant
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

MOST_FAILURES = 5
"""Tries from one place; the fifth without success closes it for a while."""
MOST_EVERYWHERE = 25
"""Tries from all places together from which the person has never logged in."""
DELAYS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 240, 480, 900))
"""How long the next try waits: after the fifth, the sixth … and each further one."""
LOCKED_FOR = DELAYS[-1]
"""The longest that one waits."""
FORGOTTEN_AFTER = timedelta(days=1)
"""Tries are forgotten so long after the last."""
KNOWN_FOR = timedelta(days=180)
"""A place from which somebody logged in is known so long."""
EVERYWHERE = "*"
_LONGEST_NAME = 100
_WAIT = Words(
    "试得太多，请 {minutes} 分钟后再试；着急时请管理员解除",
    "too many tries; try again in {minutes} min, or ask an administrator to unlock",
)


@dataclass(frozen=True, slots=True)
class Place:
    """From where somebody tries: the network address, and a browser that has logged in here before (empty: none)."""

    address: str
    browser: str = ""


def _counted_as(connection: Connection, person: str) -> str:
    """Under which name tries are kept: whoever types a password where the name belongs is not written down."""
    staff = table("staff")
    typed = person[:_LONGEST_NAME].replace("\0", "")
    known = connection.scalar(select(staff.c.person).where(staff.c.person == typed))
    if known is not None:
        return str(known)
    return "?" + hashlib.sha256(person.encode("utf-8", "replace")).hexdigest()[:32]


def take_try(engine: Engine, person: str, place: Place, now: datetime) -> None:
    """Count a try before it is looked at, so that tries side by side are counted like tries one after the other.

    Raises Refusal(too_many_requests) where it comes too soon: then it is neither counted nor looked at.
    """
    with writing(engine) as connection:
        counted = _counted_as(connection, person)
        where = _where(connection, counted, place, now)
        _count(connection, counted, where.name, MOST_FAILURES, now)
        if not where.known:
            _count(connection, counted, EVERYWHERE, MOST_EVERYWHERE, now)


@dataclass(frozen=True, slots=True)
class _Counted:
    name: str
    known: bool


def _names(place: Place) -> list[str]:
    return [*([f"browser {place.browser}"] if place.browser else []), f"from {place.address}"]


def _where(connection: Connection, person: str, place: Place, now: datetime) -> _Counted:
    """Under which place a try is counted: a browser only where this person has logged in with it before."""
    tries = table("login_tries")
    names = _names(place)
    query = select(tries.c.place).where(
        tries.c.person == person, tries.c.place.in_(names), tries.c.known_until >= now
    )
    known = set(connection.scalars(query))
    first = next((name for name in names if name in known), None)
    return _Counted(first or names[-1], first is not None)


def _count(connection: Connection, person: str, place: str, most: int, now: datetime) -> None:
    """One statement that counts and closes: none comes between looking and counting."""
    tries = table("login_tries")
    kept = case((tries.c.last_at < now - FORGOTTEN_AFTER, 0), else_=tries.c.tries)
    closed = case(
        (kept + 1 < most, null()),
        *((kept + 1 == most + n, literal(now + delay, Instant())) for n, delay in enumerate(DELAYS)),
        else_=literal(now + DELAYS[-1], Instant()),
    )
    row = {"person": person, "place": place, "tries": 1, "last_at": now}
    statement = (
        insert_into(connection, tries)
        .values(row)
        .on_conflict_do_update(
            index_elements=[tries.c.person, tries.c.place],
            set_={"tries": kept + 1, "last_at": now, "blocked_until": closed},
            where=or_(tries.c.blocked_until.is_(None), tries.c.blocked_until <= now),
        )
        .returning(tries.c.tries)
    )
    if connection.execute(statement).one_or_none() is None:
        until = connection.scalar(
            select(tries.c.blocked_until).where(tries.c.person == person, tries.c.place == place)
        )
        raise too_soon((until or now) - now)


def too_soon(left: timedelta) -> Refusal:
    """The answer to a try that comes too soon: the same whether or not there is such a person."""
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    return Refusal(Code.TOO_MANY_REQUESTS, _WAIT.filled(minutes=minutes))


def take_back(connection: Connection, person: str, place: Place, now: datetime) -> None:
    """What was tried was right and is not all: that try counts nowhere, and those before it count on."""
    tries = table("login_tries")
    where = _where(connection, person, place, now)
    names = [where.name] if where.known else [where.name, EVERYWHERE]
    own = (tries.c.person == person) & tries.c.place.in_(names) & (tries.c.tries > 0)
    connection.execute(update(tries).where(own).values(tries=tries.c.tries - 1, blocked_until=None))


def give_back(connection: Connection, person: str, place: Place, now: datetime) -> None:
    """Somebody is in: their place is known and open again, and their own try counts nowhere."""
    tries = table("login_tries")
    unknown = or_(tries.c.known_until.is_(None), tries.c.known_until < now)
    connection.execute(delete(tries).where(tries.c.last_at < now - FORGOTTEN_AFTER, unknown))
    where = _where(connection, person, place, now)
    if not where.known:
        own = (tries.c.person == person) & (tries.c.place == EVERYWHERE) & (tries.c.tries > 0)
        connection.execute(update(tries).where(own).values(tries=tries.c.tries - 1))
    fresh = {"tries": 0, "last_at": now, "blocked_until": None, "known_until": now + KNOWN_FOR}
    for name in _names(place):
        row = {"person": person, "place": name, **fresh}
        statement = insert_into(connection, tries).values(row)
        connection.execute(
            statement.on_conflict_do_update(index_elements=[tries.c.person, tries.c.place], set_=fresh)
        )


def forget_tries(connection: Connection, people: Sequence[str]) -> None:
    """These people may try again from everywhere, at once; the places that are known stay known."""
    tries = table("login_tries")
    connection.execute(update(tries).where(tries.c.person.in_(people)).values(tries=0, blocked_until=None))


def forget_places(connection: Connection, person: str) -> None:
    """No place is known as this person's any more."""
    tries = table("login_tries")
    connection.execute(delete(tries).where(tries.c.person == person))


def blocked(connection: Connection, now: datetime) -> dict[str, datetime]:
    """Until when a try is refused somewhere, by person of the staff."""
    tries = table("login_tries")
    query = select(tries.c.person, tries.c.blocked_until).where(tries.c.blocked_until > now)
    found: dict[str, datetime] = {}
    for person, until in connection.execute(query):
        found[person] = max(until, found.get(person, until))
    return found
