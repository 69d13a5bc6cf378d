"""Customers log in by a one-time code to an address that is on file (R85): made at most each minute, tried five times, good once.

The same is done for an address that nobody has on file, and nothing is sent: no answer tells whether it is known.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, String, cast, delete, func, or_, select, update

from activities.access.sent_codes import LOG_IN, CodeKind, keyed
from activities.notices.outbox import OF_THE_DESK, enter_row
from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.customer_addresses import LOGGING_IN, addresses_on_file, same_address
from models.dossier.papers_due import Paper
from models.shop.accounts import AccountRight
from models.signing_codes import PAUSE, VALID_FOR
from models.tables.registry import table
from models.values.calendar import business_date, end_of
from models.values.vocabulary import Words

_FORGOTTEN_AFTER = timedelta(days=2)
_ID_DIGITS = 32
LOG_IN_CODES = CodeKind("customer_codes", LOG_IN, "log-in code")
"""Codes by which customers log in."""


def customers_at(connection: Connection, address: str) -> list[str]:
    """The customers on whose file this address stands, as `same_address` writes it, or of whose account it is a person's."""
    customers = table("customers")
    query = select(customers.c.customer, customers.c.email, customers.c.signer_contacts).where(
        or_(
            func.lower(customers.c.email).contains(address, autoescape=True),
            func.lower(cast(customers.c.signer_contacts, String)).contains(address, autoescape=True),
        )
    )
    rows = connection.execute(query.order_by(customers.c.customer)).all()
    on_file = [
        customer for customer, mail, contacts in rows if address in addresses_on_file(mail, contacts or ())
    ]
    return sorted({*on_file, *_of_accounts(connection, address)})


def _of_accounts(connection: Connection, address: str) -> list[str]:
    """Customers whose account of the shop has a person with this address (R120)."""
    accounts, members = table("accounts"), table("account_members")
    query = select(accounts.c.customer).join(members, members.c.account == accounts.c.account)
    return list(connection.scalars(query.where(members.c.address == address)))


def only_views(connection: Connection, address: str) -> frozenset[str]:
    """Customers in whose account of the shop this address may look, and nothing else (R120)."""
    accounts, members = table("accounts"), table("account_members")
    query = select(accounts.c.customer).join(members, members.c.account == accounts.c.account)
    looks = members.c.right.in_([right.value for right in AccountRight if not right.may_buy])
    return frozenset(connection.scalars(query.where(members.c.address == address, looks)))


def ask_for_code(
    engine: Engine, secret: str, address: str, most: int, now: datetime, *, to_anybody: bool = False
) -> datetime | None:
    """Make a code for this address (as `same_address` writes it) and enter it to be sent, where somebody has it on file.

    `to_anybody`: also where nobody has, as the shop does for who makes an account (R120).
    A moment: none was made, one a minute and so many a day are, and then it may be asked for again.
    """
    codes, hashed, day = (
        table("customer_codes"),
        keyed(secret, f"log-in address {address}"),
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
        is_sent = to_anybody or bool(customers)
        # of two that are asked for at once the second finds its place taken
        code_id = keyed(secret, f"log-in code {hashed} {day} {len(made)}")[:_ID_DIGITS]
        code_hash = (
            LOG_IN_CODES.hashed(secret, code_id, LOG_IN_CODES.code(secret, code_id)) if is_sent else ""
        )
        row = {
            "code_id": code_id, "address_hash": hashed, "address": address if is_sent else "", "customers": customers,
            "code_hash": code_hash, "made_at": now, "expires_at": now + VALID_FOR, "tries": 0,
        }  # fmt: skip
        older = (codes.c.address_hash == hashed) & codes.c.used_at.is_(None) & (codes.c.expires_at > now)
        connection.execute(update(codes).where(older, codes.c.code_id != code_id).values(expires_at=now))
        entered = connection.execute(insert_into(connection, codes).values(row).on_conflict_do_nothing())
        if not entered.rowcount:
            return now + PAUSE
        if is_sent:
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
    """The customers whom the code lets in; none for a wrong one, and alike for one that is over, or that nobody was sent."""
    if not is_theirs(engine, secret, address, code, now):
        return []
    with reading(engine) as connection:
        return customers_at(connection, same_address(address))


def is_theirs(engine: Engine, secret: str, address: str, code: str, now: datetime) -> bool:
    """Whether the code is the one that was sent to this address: it is tried, and used up where it is right."""
    whose = table("customer_codes").c.address_hash == keyed(secret, f"log-in address {address}")
    row = LOG_IN_CODES.tried(engine, whose, now)
    if row is None or not LOG_IN_CODES.is_right(secret, row, code):
        return False
    with writing(engine) as connection:
        return LOG_IN_CODES.use(connection, row, now)
