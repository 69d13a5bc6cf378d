"""One-time codes for signatures by a link (R31): made at most each minute, tried five times, good once.

The code is computed from a secret of the installation and the code's id, and stands nowhere: the door keeps a hash, and
whoever sends it computes it again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, or_, select, update

from activities.access.customer_links import count_against_the_day
from activities.access.sent_codes import SIGNING, CodeKind
from activities.notices.outbox import enter_row
from activities.store.database import writing
from models.customer_links import CustomerLink
from models.dossier.papers_due import Paper
from models.messages.link_signature import CodeChannel
from models.signing_codes import (
    PAUSE,
    SIGNER,
    VALID_FOR,
    SignerAddress,
    address_of_signer,
    masked,
)
from models.tables.registry import table
from models.values.calendar import business_date, end_of
from models.values.vocabulary import Words

SIGNING_CODES = CodeKind("signing_codes", SIGNING, "signing code")
"""Codes by which customers sign."""
_ID_BYTES = 16
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """What a code is asked for: by which link, under which name, for which document."""

    link: CustomerLink
    signer: str
    document: str


@dataclass(frozen=True, slots=True)
class Proof:
    """That the right code was given: how it had been sent, and where."""

    channel: CodeChannel
    sent_to: str


def make_code(
    engine: Engine,
    secret: str,
    asked: Asked,
    signers: tuple[str, ...],
    customer: str,
    most: int,
    now: datetime,
) -> datetime | None:
    """Make a code and enter it to be sent; a moment: none was made, one a minute and so many a day are, and then it may be
    asked for again.

    For a name that is no designated signer's, or that nobody knows how to reach, the same is done and nothing is sent:
    whoever asked learns nothing.
    """
    with writing(engine) as connection:
        later = _opens_again(connection, asked.link, most, now)
        if later is not None:
            return later
        address = _address(connection, customer, asked.signer) if asked.signer in signers else SignerAddress()
        channel = CodeChannel.EMAIL if address.email else CodeChannel.PHONE
        reached = address.email or address.phone
        code_id = secrets.token_hex(_ID_BYTES)
        codes = table("signing_codes")
        connection.execute(
            update(codes)
            .where(
                codes.c.link_hash == asked.link.link_hash, codes.c.used_at.is_(None), codes.c.expires_at > now
            )
            .values(expires_at=now)
        )
        hashed = SIGNING_CODES.hashed(secret, code_id, SIGNING_CODES.code(secret, code_id))
        connection.execute(
            codes.insert().values(
                code_id=code_id, link_hash=asked.link.link_hash, signer=asked.signer[:_LONGEST_NAME],
                document=asked.document, code_hash=hashed if reached else "", made_at=now, expires_at=now + VALID_FOR,
                tries=0, channel=channel.value if reached else CodeChannel.NONE.value, sent_to=masked(reached),
            )
        )  # fmt: skip
        if reached:
            _enter(connection, asked, code_id, now)
    return None


def _opens_again(connection: Connection, link: CustomerLink, most: int, now: datetime) -> datetime | None:
    """None where a minute has passed and the day has one left, which is counted; else when that will be."""
    links = table("customer_links")
    taken = connection.execute(
        update(links)
        .where(
            links.c.link_hash == link.link_hash,
            or_(links.c.code_at.is_(None), links.c.code_at <= now - PAUSE),
        )
        .values(code_at=now)
    )
    if not taken.rowcount:
        return now + PAUSE
    has_one_left = count_against_the_day(connection, link.link_hash, now, {"codes": (1, most)})
    return None if has_one_left else end_of(business_date(now))


def _address(connection: Connection, customer: str, signer: str) -> SignerAddress:
    customers = table("customers")
    query = select(customers.c.signer_contacts).where(customers.c.customer == customer)
    return address_of_signer(signer, connection.scalar(query) or ())


def _enter(connection: Connection, asked: Asked, code_id: str, now: datetime) -> None:
    enter_row(
        connection,
        order=asked.link.order_number,
        identity=f"{SIGNING}{code_id}",
        paper=Paper.SIGNING_CODE,
        to=(),
        person=f"{SIGNER}{asked.signer}",
        words=Words(Paper.SIGNING_CODE.zh, Paper.SIGNING_CODE.en),
        rule="R31",
        created_at=now,
        content=None,
    )


def try_code(engine: Engine, secret: str, asked: Asked, code: str, now: datetime) -> Proof | None:
    """What the code proves; None for a wrong one, and alike for one that is over, or that nobody was sent."""
    row = SIGNING_CODES.tried(engine, table("signing_codes").c.link_hash == asked.link.link_hash, now)
    if row is None or not SIGNING_CODES.is_right(secret, row, code):
        return None
    if row["signer"] != asked.signer or row["document"] != asked.document:
        return None
    with writing(engine) as connection:
        if not SIGNING_CODES.use(connection, row, now):
            return None
    channel = next(each for each in CodeChannel if each.value == row["channel"])
    return Proof(channel, row["sent_to"])
