"""Customers log in by a one-time code to an address that is on file (R85): made at most each minute, tried five times, good once.

The same is done for an address that nobody has on file, and nothing is sent: no answer tells whether it is known.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, RowMapping, String, cast, delete, func, or_, select, update

from activities.access.sent_codes import LOG_IN, OTHER_SECRET
from activities.notices.outbox import OF_THE_DESK, enter_row
from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.customer_addresses import LOGGING_IN, addresses_on_file, same_address
from models.dossier.papers_due import Paper
from models.signing_codes import MOST_TRIES, PAUSE, VALID_FOR, code_from, is_open
from models.tables.registry import table
from models.values.calendar import business_date, end_of
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_FORGOTTEN_AFTER = timedelta(days=2)
_ID_DIGITS = 32


def customers_at(connection: Connection, address: str) -> list[str]:
    """The customers on whose file this address stands, as `same_address` writes it."""
    customers = table("customers")
    query = select(customers.c.customer, customers.c.email, customers.c.signer_contacts).where(
        or_(
            func.lower(customers.c.email).contains(address, autoescape=True),
            func.lower(cast(customers.c.signer_contacts, String)).contains(address, autoescape=True),
        )
    )
    rows = connection.execute(query.order_by(customers.c.customer)).all()
    return [
        customer for customer, mail, contacts in rows if address in addresses_on_file(mail, contacts or ())
    ]


def code_of_log_in(secret: str, code_id: str) -> str:
    """The six digits of a code."""
    digest = hmac.digest(secret.encode(), f"log-in code {code_id}".encode(), "sha256")
    return code_from(int.from_bytes(digest, "big"))


def _hash_of(secret: str, code_id: str, code: str) -> str:
    return _keyed(secret, f"log-in code {code_id} is {code}")


def _keyed(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def ask_for_code(engine: Engine, secret: str, address: str, most: int, now: datetime) -> datetime | None:
    """Make a code for this address (as `same_address` writes it) and enter it to be sent, where somebody has it on file.

    A moment: none was made, one a minute and so many a day are, and then it may be asked for again.
    """
    codes, hashed, day = (
        table("customer_codes"),
        _keyed(secret, f"log-in address {address}"),
        business_date(now),
    )
    with writing(engine) as connection:
        connection.execute(delete(codes).where(codes.c.made_at < now - _FORGOTTEN_AFTER))
        made = [
            moment
            for moment in connection.scalars(select(codes.c.made_at).where(codes.c.address_hash == hashed))
            if business_date(moment) == day
        ]
        last: datetime | None = max(made, default=None)
        if last is not None and last > now - PAUSE:
            return last + PAUSE
        if len(made) >= most:
            return end_of(day)
        customers = customers_at(connection, address)
        # of two that are asked for at once the second finds its place taken
        code_id = _keyed(secret, f"log-in code {hashed} {day} {len(made)}")[:_ID_DIGITS]
        code_hash = _hash_of(secret, code_id, code_of_log_in(secret, code_id)) if customers else ""
        row = {
            "code_id": code_id, "address_hash": hashed, "address": address if customers else "", "customers": customers,
            "code_hash": code_hash, "made_at": now, "expires_at": now + VALID_FOR, "tries": 0,
        }  # fmt: skip
        older = (codes.c.address_hash == hashed) & codes.c.used_at.is_(None) & (codes.c.expires_at > now)
        connection.execute(update(codes).where(older, codes.c.code_id != code_id).values(expires_at=now))
        entered = connection.execute(insert_into(connection, codes).values(row).on_conflict_do_nothing())
        if not entered.rowcount:
            return now + PAUSE
        if customers:
            _enter(connection, code_id, now)
    return None


def _enter(connection: Connection, code_id: str, now: datetime) -> None:
    enter_row(
        connection,
        order=OF_THE_DESK,
        identity=f"{LOG_IN}{code_id}",
        paper=Paper.LOG_IN_CODE,
        to=(),
        person=f"{LOGGING_IN}{code_id}",
        words=Words(Paper.LOG_IN_CODE.zh, Paper.LOG_IN_CODE.en),
        rule="R85",
        created_at=now,
        content=None,
    )


def try_log_in(engine: Engine, secret: str, address: str, code: str, now: datetime) -> list[str]:
    """The customers whom the code lets in; none for a wrong one, and alike for one that is over, or that nobody was sent.

    The try is counted in one statement before the code is looked at: of many at once not one too many gets through.
    """
    codes, hashed = table("customer_codes"), _keyed(secret, f"log-in address {address}")
    newest = (
        select(codes.c.code_id)
        .where(codes.c.address_hash == hashed)
        .order_by(codes.c.made_at.desc(), codes.c.code_id)
        .limit(1)
        .scalar_subquery()
    )
    with writing(engine) as connection:
        row = (
            connection.execute(
                update(codes)
                .where(
                    codes.c.code_id == newest, codes.c.used_at.is_(None), codes.c.tries < MOST_TRIES,
                    codes.c.expires_at > now,
                )
                .values(tries=codes.c.tries + 1)
                .returning(codes)
            )
            .mappings()
            .one_or_none()
        )  # fmt: skip
    if row is None:
        return []
    given = _hash_of(secret, row["code_id"], code)
    if not hmac.compare_digest(given, row["code_hash"]):
        return []
    with writing(engine) as connection:
        used = connection.execute(
            update(codes)
            .where(codes.c.code_id == row["code_id"], codes.c.used_at.is_(None))
            .values(used_at=now)
        )
        return customers_at(connection, same_address(address)) if used.rowcount else []


class LogInCodesToSend:
    """Codes as the post office sends them: computed anew, and only while they can still be used."""

    begins = LOG_IN

    def __init__(self, engine: Engine, secret: str) -> None:
        self._engine = engine
        self._secret = secret

    def is_over(self, identity: str, now: datetime) -> bool:
        """Whether the code of a notice can be used no more."""
        row = self._row(identity)
        return row is None or not is_open(row["expires_at"], row["tries"], row["used_at"], now)

    def code(self, identity: str) -> str:
        """The code of a notice. Raises Refusal(not_set_up) where the gateway has another secret."""
        code_id, row = identity.removeprefix(LOG_IN), self._row(identity)
        code = code_of_log_in(self._secret, code_id)
        if row is None or not hmac.compare_digest(_hash_of(self._secret, code_id, code), row["code_hash"]):
            raise Refusal(Code.NOT_SET_UP, OTHER_SECRET, where="DINGDAN_LINK_SECRET")
        return code

    def _row(self, identity: str) -> RowMapping | None:
        codes = table("customer_codes")
        query = select(codes).where(codes.c.code_id == identity.removeprefix(LOG_IN))
        with reading(self._engine) as connection:
            return connection.execute(query).mappings().one_or_none()
