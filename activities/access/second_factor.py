"""The second factor of a log-in: codes that change every half minute (TOTP, RFC 6238), and recovery codes.

The shared secret has to be read again for each check, so it is not hashed but sealed (Fernet: AES and HMAC) with a key
made from the installation's own secret, which stands in no database: a stolen copy of the order database gives away no
second factor. Where that secret was changed, they cannot be read any more, and an administrator resets them. A code
counts once: it and those before it are used up. Recovery codes are kept as hashes, and each counts once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Connection, Engine, delete, or_, select, update

from activities.store.database import reading, writing
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

STEP = timedelta(seconds=30)
_AROUND = (0, -1, 1)
"""Steps that count beside the one of now: clocks differ, and people type slowly."""
RECOVERY_CODES = 8
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that look alike: 32 signs, so 16 of them are 80 bits."""
_GROUPS, _IN_A_GROUP = 4, 4
ISSUER = "Dingdan"
_WRONG = Words("动态口令不对或已用过", "the code is wrong or was used already")
_NONE_OFFERED = Words("请重新扫描二维码", "please scan the picture again")
_NOT_WITH_PASSWORD = Words(
    "此账号没有本系统的密码登录，动态口令由企业账号负责",
    "there is no log-in by a password here; the second factor is the company account's",
)
_UNREADABLE = Words(
    "动态口令现在不能核对，请管理员重置",
    "the second factor cannot be checked; ask an administrator to reset it",
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A second factor that is being set up: what the app reads as a picture, and the same to be typed."""

    address: str
    secret: str


def sealer(secret: str) -> Fernet:
    """What seals second factors, made from the installation's secret."""
    key = hmac.digest(secret.encode(), b"dingdan second factor", hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))


def offer(engine: Engine, seal: Fernet, person: str) -> Offer:
    """What is to be scanned; the same until it was shown to work. Raises Refusal(unknown_person)."""
    logins = table("logins")
    with writing(engine) as connection:
        query = select(logins.c.second_factor_offered).where(logins.c.person == person)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise Refusal(Code.UNKNOWN_PERSON, _NOT_WITH_PASSWORD, where=person)
        secret = _opened(seal, row[0]) if row[0] else None
        if secret is None:
            secret = pyotp.random_base32()
            sealed = seal.encrypt(secret.encode()).decode()
            connection.execute(
                update(logins).where(logins.c.person == person).values(second_factor_offered=sealed)
            )
    return Offer(pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=ISSUER), secret)


def accept(connection: Connection, seal: Fernet, person: str, code: str, now: datetime) -> tuple[str, ...]:
    """The offered second factor works: from now on it is asked for. The recovery codes, which are seen only this once.

    Raises Refusal(malformed) where the code is not of what was offered.
    """
    logins = table("logins")
    offered = connection.scalar(
        select(logins.c.second_factor_offered).where(logins.c.person == person).with_for_update()
    )
    secret = _opened(seal, offered) if offered else None
    if secret is None:
        raise Refusal(Code.MALFORMED, _NONE_OFFERED, where="code")
    step = _step_of(secret, code, now)
    if step is None:
        raise Refusal(Code.MALFORMED, _WRONG, where="code")
    connection.execute(
        update(logins)
        .where(logins.c.person == person)
        .values(
            second_factor=offered,
            second_factor_offered=None,
            second_factor_since=now,
            second_factor_step=step,
        )
    )
    return new_recovery_codes(connection, person)


def new_recovery_codes(connection: Connection, person: str) -> tuple[str, ...]:
    """Eight codes in place of those before; only hashes are kept."""
    table_of_codes = table("recovery_codes")
    signs = [
        "".join(secrets.choice(_SIGNS) for _ in range(_GROUPS * _IN_A_GROUP)) for _ in range(RECOVERY_CODES)
    ]
    connection.execute(delete(table_of_codes).where(table_of_codes.c.person == person))
    connection.execute(
        table_of_codes.insert(), [{"person": person, "code_hash": _hashed(each)} for each in signs]
    )
    return tuple(
        "-".join(each[n : n + _IN_A_GROUP] for n in range(0, len(each), _IN_A_GROUP)) for each in signs
    )


def use_code(connection: Connection, seal: Fernet, person: str, code: str, now: datetime) -> None:
    """A code of the app, or a recovery code; it is used up. Raises Refusal(not_signed_in) for any other, or one used before."""
    logins, codes = table("logins"), table("recovery_codes")
    typed = _plain(code)
    if typed.isdecimal():
        sealed = connection.scalar(select(logins.c.second_factor).where(logins.c.person == person))
        secret = _opened(seal, sealed) if sealed else None
        if sealed and secret is None:
            raise Refusal(Code.NOT_SIGNED_IN, _UNREADABLE, where="code")
        step = _step_of(secret, typed, now) if secret else None
        if step is None:
            raise Refusal(Code.NOT_SIGNED_IN, _WRONG, where="code")
        unused = or_(logins.c.second_factor_step.is_(None), logins.c.second_factor_step < step)
        used = update(logins).where(logins.c.person == person, unused).values(second_factor_step=step)
        if not connection.execute(used).rowcount:
            raise Refusal(Code.NOT_SIGNED_IN, _WRONG, where="code")
        return
    used = (
        update(codes)
        .where(codes.c.person == person, codes.c.code_hash == _hashed(typed), codes.c.used_at.is_(None))
        .values(used_at=now)
    )
    if not connection.execute(used).rowcount:
        raise Refusal(Code.NOT_SIGNED_IN, _WRONG, where="code")


def codes_left(engine: Engine, person: str) -> int:
    """How many recovery codes were not used yet."""
    codes = table("recovery_codes")
    with reading(engine) as connection:
        query = select(codes.c.code_hash).where(codes.c.person == person, codes.c.used_at.is_(None))
        return len(connection.scalars(query).all())


def since(engine: Engine, person: str) -> datetime | None:
    """Since when the person has a second factor; None where they have none. UTC."""
    logins = table("logins")
    with reading(engine) as connection:
        found: datetime | None = connection.scalar(
            select(logins.c.second_factor_since).where(logins.c.person == person)
        )
    return found


def take_away(connection: Connection, person: str) -> None:
    """The person has no second factor any more, and no recovery codes; one with a role that needs it sets up another."""
    logins, codes = table("logins"), table("recovery_codes")
    connection.execute(
        update(logins)
        .where(logins.c.person == person)
        .values(
            second_factor=None, second_factor_offered=None, second_factor_since=None, second_factor_step=None
        )
    )
    connection.execute(delete(codes).where(codes.c.person == person))


def _opened(seal: Fernet, sealed: str) -> str | None:
    try:
        return seal.decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _plain(code: str) -> str:
    """A code as it is compared: full-width signs as plain ones, without blanks and hyphens."""
    plain = unicodedata.normalize("NFKC", code[:64])
    return "".join(sign for sign in plain if sign.isalnum()).upper()


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is; None where it is that of none of those that count now."""
    totp, typed = pyotp.TOTP(secret), _plain(code)
    here = int(now.timestamp()) // int(STEP.total_seconds())
    if not (typed.isascii() and typed.isdecimal()):
        return None
    return next((here + n for n in _AROUND if hmac.compare_digest(totp.generate_otp(here + n), typed)), None)


def _hashed(code: str) -> str:
    # 80 random bits: a plain hash cannot be guessed back
    return hashlib.sha256(_plain(code).encode()).hexdigest()
