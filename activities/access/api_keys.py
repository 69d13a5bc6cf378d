"""Keys of services: random, shown once, kept as a hash, scoped, expiring, revoked."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, select, update

from activities.facts.pending_facts import waits_in
from activities.store.database import reading, writing
from models.access import ALL, Caller, CallerKind
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

PREFIX = "dd"
_SECRET_BYTES = 32
_UNKNOWN = Words("密钥无效、已过期或已吊销", "the key is not valid, has expired or was revoked")
_NO_KEY = Words("没有密钥 {key}", "there is no key {key}")


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
) -> NewKey:
    """A new key. What is returned is the only time that its secret is seen."""
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
    }
    with writing(engine) as connection:
        connection.execute(table("api_keys").insert().values(row))
    return NewKey(key_id, secret)


def rotate_key(engine: Engine, key_id: str, now: datetime, old_until: datetime) -> NewKey:
    """A new key that opens the same, for as long again; the old one ends at `old_until`.

    Raises Refusal(unknown_person) for a key nobody knows, or that was revoked.
    """
    keys = table("api_keys")
    with reading(engine) as connection:
        query = select(keys).where(keys.c.key_id == key_id, keys.c.revoked_at.is_(None))
        row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise Refusal(Code.UNKNOWN_PERSON, _NO_KEY.filled(key=key_id), where=key_id)
    lasts = row["expires_at"] - row["created_at"]
    roles = tuple(role for role in Role if role.value in row["roles"])
    made = create_key(
        engine, row["name"], roles, now, now + lasts, facts=tuple(row["facts"]), customers=tuple(row["customers"]),
        places_orders=row["places_orders"],
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
    if row is None or not right or row["revoked_at"] is not None or row["expires_at"] <= now:
        raise Refusal(Code.NOT_SIGNED_IN, _UNKNOWN)
    return Caller(
        name=row["name"],
        kind=CallerKind.SERVICE,
        roles=tuple(role for role in Role if role.value in row["roles"]),
        facts=tuple(row["facts"]),
        customers=tuple(row["customers"]),
        places_orders=row["places_orders"],
    )


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
