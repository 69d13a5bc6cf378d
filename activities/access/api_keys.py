"""Keys of services and of persons: random, shown once, kept as a hash, scoped, expiring, revoked."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, RowMapping, select, update

from activities.facts.pending_facts import waits_in
from activities.store.database import reading, writing
from models.access import ALL, Caller, CallerKind
from models.service_keys import keys_own_roles, require_key, service_caller
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

PREFIX = "dd"
_SECRET_BYTES = 32
_UNKNOWN = Words("密钥无效、已过期或已吊销", "the key is not valid, has expired or was revoked")
_NO_KEY = Words("没有密钥 {key}", "there is no key {key}")
_NO_PERSON = Words("员工表里没有 {person}", "there is nobody called {person} on the staff")
_NOT_THEIR_ROLE = Words("{person} 没有角色 {role}", "{person} has not the role {role}")
MOST_OVERLAP = timedelta(days=90)
"""How long an old key may be good beside the one that takes its place."""
_TOO_LONG_BESIDE = Words(
    "旧密钥最多再用 {days} 天", "the old key is good for at most {days} days beside the new one"
)
_OVER = Words(
    "密钥 {key} 已过期：新密钥不比旧的长。请写明新密钥的有效天数，或新建一把",
    "the key {key} has expired, and a new one lasts no longer than the old; say for how many days, or create one",
)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown, once."""

    key_id: str
    secret: str


class KeyView(BaseModel):
    """A key as it is listed: never its secret. Times UTC."""

    key_id: str
    name: str
    roles: list[str]
    facts: list[str]
    customers: list[str]
    places_orders: bool
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    person: str = ""
    """The person whose own key it is; empty for a service's or a customer's."""

    @property
    def to_renew(self) -> bool:
        """Whether it was made without a list of its facts, and is to be renewed with one (`keys rotate`)."""
        return ALL in self.facts and self.revoked_at is None


def _hashed(secret: str) -> str:
    # The secret is 256 random bits: a plain hash cannot be guessed back, and costs nothing on each call.
    return hashlib.sha256(secret.encode()).hexdigest()


def create_key(
    engine: Engine,
    name: str,
    roles: tuple[Role, ...],
    now: datetime,
    expires_at: datetime,
    *,
    facts: tuple[str, ...] = (ALL,),
    customers: tuple[str, ...] = (ALL,),
    places_orders: bool = False,
    person: str = "",
) -> NewKey:
    """A new key. What is returned is the only time that its secret is seen.

    `person` makes it the own key of somebody on the staff, who speaks by it as when logged in; it bears their id.
    Raises Refusal as `models.service_keys.require_key`, and `unknown_person` or `wrong_role` for a person's.
    """
    if person:
        name = person
        _require_person(engine, person, roles)
    require_key(name, roles, facts, places_orders=places_orders, own=bool(person))
    key_id = f"{PREFIX}_{secrets.token_hex(6)}"
    secret = f"{key_id}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    row = {
        "key_id": key_id,
        "name": name,
        "secret_hash": _hashed(secret),
        "roles": [role.value for role in roles],
        "facts": list(facts),
        "customers": list(customers),
        "places_orders": places_orders,
        "created_at": now,
        "expires_at": expires_at,
        "person": person,
    }
    with writing(engine) as connection:
        connection.execute(table("api_keys").insert().values(row))
    return NewKey(key_id, secret)


def _require_person(engine: Engine, person: str, roles: tuple[Role, ...]) -> None:
    staff = table("staff")
    with reading(engine) as connection:
        had = connection.scalar(select(staff.c.roles).where(staff.c.person == person))
    if had is None:
        raise Refusal(Code.UNKNOWN_PERSON, _NO_PERSON.filled(person=person), where="person")
    missing = next((role for role in roles if role.value not in had), None)
    if missing is not None:
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIR_ROLE.filled(person=person, role=missing), where="role")


def rotate_key(
    engine: Engine,
    key_id: str,
    now: datetime,
    old_until: datetime,
    facts: tuple[str, ...] = (),
    *,
    until: datetime | None = None,
) -> NewKey:
    """A new key that opens the same, and ends when the old one would have ended; the old one ends at `old_until`.

    Changing a key makes no life longer: only `until`, which an administrator says, gives the new one another end. `facts`
    is a list in place of its own, which a key without one must be given. Roles that no such key may have any more are left
    out.

    Raises Refusal(unknown_person) for a key nobody knows, or that was revoked; `malformed` for an overlap above
    MOST_OVERLAP; `too_late` for a key that has expired, where no other end is said; and as `create_key` where such a key
    may not be made any more.
    """
    if old_until - now > MOST_OVERLAP:
        words = _TOO_LONG_BESIDE.filled(days=MOST_OVERLAP.days)
        raise Refusal(Code.MALFORMED, words, where="old_until")
    keys = table("api_keys")
    with reading(engine) as connection:
        query = select(keys).where(keys.c.key_id == key_id, keys.c.revoked_at.is_(None))
        row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise Refusal(Code.UNKNOWN_PERSON, _NO_KEY.filled(key=key_id), where=key_id)
    ends: datetime = until or row["expires_at"]
    if ends <= now:
        raise Refusal(Code.TOO_LATE, _OVER.filled(key=key_id), where=key_id)
    roles = tuple(role for role in Role if role.value in row["roles"])
    if not row["person"]:
        roles = keys_own_roles(roles)
    made = create_key(
        engine, row["name"], roles, now, ends, facts=facts or tuple(row["facts"]),
        customers=tuple(row["customers"]), places_orders=row["places_orders"], person=row["person"],
    )  # fmt: skip
    with writing(engine) as connection:
        connection.execute(
            update(keys)
            .where(keys.c.key_id == key_id, keys.c.expires_at > old_until)
            .values(expires_at=old_until)
        )
    return made


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who has come in; `behind` where a fact for the order of the request waits, and what comes now stands behind it."""

    caller: Caller
    behind: bool


def admit(engine: Engine, secret: str, order: str, now: datetime) -> Admitted:
    """Let a key in, and look whether anything waits for the order it asks for: one look at the database for both.

    Raises Refusal(not_signed_in) without saying why not.
    """
    with reading(engine) as connection:
        return Admitted(_caller(connection, secret, now), bool(order) and waits_in(connection, order))


def _caller(connection: Connection, secret: str, now: datetime) -> Caller:
    key_id = "_".join(secret.split("_")[:2])
    keys = table("api_keys")
    row = connection.execute(select(keys).where(keys.c.key_id == key_id)).mappings().one_or_none()
    known = row["secret_hash"] if row is not None else _hashed("")
    right = hmac.compare_digest(known, _hashed(secret))
    if row is None or not right:
        raise Refusal(Code.NOT_SIGNED_IN, _UNKNOWN)
    return caller_of(connection, row, now)


def caller_of(connection: Connection, row: RowMapping, now: datetime) -> Caller:
    """Who holds this key, which was shown to be theirs. Raises Refusal(not_signed_in) for one that has ended."""
    if row["revoked_at"] is not None or row["expires_at"] <= now:
        raise Refusal(Code.NOT_SIGNED_IN, _UNKNOWN)
    roles = tuple(role for role in Role if role.value in row["roles"])
    if row["person"]:
        return _person_with_key(connection, row, roles)
    return service_caller(
        row["name"], roles, row["facts"], row["customers"], places_orders=row["places_orders"]
    )


def _person_with_key(connection: Connection, row: RowMapping, roles: tuple[Role, ...]) -> Caller:
    """A person by their own key: in those of its roles that they have today. Nobody where they left."""
    staff = table("staff")
    had = connection.scalar(select(staff.c.roles).where(staff.c.person == row["person"]))
    if had is None:
        raise Refusal(Code.NOT_SIGNED_IN, _UNKNOWN)
    now = tuple(role for role in roles if role.value in had)
    return Caller(
        name=row["person"], kind=CallerKind.STAFF, roles=now, facts=tuple(row["facts"]),
        customers=tuple(row["customers"]), places_orders=row["places_orders"], with_key=True,
    )  # fmt: skip


def list_keys(engine: Engine) -> list[KeyView]:
    """All keys, the newest last."""
    keys = table("api_keys")
    with reading(engine) as connection:
        rows = connection.execute(select(keys).order_by(keys.c.created_at)).mappings()
        return [KeyView.model_validate(dict(row)) for row in rows]


def revoke_key(engine: Engine, key_id: str, now: datetime) -> None:
    """From now on it opens nothing. Raises Refusal(unknown_person) for a key nobody knows."""
    keys = table("api_keys")
    with writing(engine) as connection:
        done = connection.execute(
            update(keys).where(keys.c.key_id == key_id, keys.c.revoked_at.is_(None)).values(revoked_at=now)
        )
        if not done.rowcount:
            raise Refusal(Code.UNKNOWN_PERSON, _NO_KEY.filled(key=key_id), where=key_id)
