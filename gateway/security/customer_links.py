"""Links that open one order to its customer: signed, kept by their hash, and good until they end or are revoked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from activities.access.customer_links import Quota, find_link, make_link
from activities.access.link_tokens import link_hash_of, secret_in, token_of
from activities.store.database import engine_at
from models.access import Caller, CallerKind
from models.customer_links import CustomerLink, LinkPurpose, why_closed
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.link_secret import link_secret
from runtime.settings import Settings

__all__ = [
    "OpenLink", "address_of_link", "customer_of", "link_for", "open_link", "own_address", "quota_of",
]  # fmt: skip

_SECRET_BYTES = 24
_MEGABYTE = 1_000_000
_NOT_VALID = Words(
    "链接无效或已过期,请联系业务员", "this link is not valid or has expired; please ask your salesperson"
)


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that is good now, and whom it lets in."""

    caller: Caller
    link: CustomerLink


def own_address(settings: Settings) -> str:
    """Where people reach the door."""
    return settings.gateway_url.rstrip("/") or f"http://{settings.gateway_address}"


def link_for(
    settings: Settings, order: str, *, by: str = "", purpose: LinkPurpose | None = None, now: datetime | None = None
) -> str:  # fmt: skip
    """A new link under which the customer sees this order, and signs the sheet that is in force now, if there is one.

    It is shown once: kept is only its hash. Raises the refusals of `database.writing`.
    """
    return address_of_link(settings, order, by, purpose, now or datetime.now(UTC))[0]


def address_of_link(
    settings: Settings, order: str, by: str, purpose: LinkPurpose | None, now: datetime
) -> tuple[str, CustomerLink]:
    """A new link, and how it is kept. Raises as `link_for`."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    engine = engine_at(settings.database_url)
    kept = make_link(
        engine, link_hash_of(secret), order, now, days=settings.link_days, by=by, purpose=purpose
    )
    return f"{own_address(settings)}/c/{token_of(link_secret(settings), secret)}", kept


def open_link(settings: Settings, engine: Engine, token: str, now: datetime) -> OpenLink:
    """The link, and whom it lets in, to which order.

    Raises Refusal(not_signed_in): to who has not got a link of ours without a word why, to who has with the reason why it
    opens nothing any more.
    """
    secret = secret_in(link_secret(settings), token)
    found = find_link(engine, link_hash_of(secret)) if secret is not None else None
    if found is None:
        raise Refusal(Code.NOT_SIGNED_IN, _NOT_VALID)
    link, order = found
    closed = why_closed(link, order, now, settings.link_days_after_end)
    if closed is not None:
        raise Refusal(Code.NOT_SIGNED_IN, closed)
    caller = Caller(
        name="customer", kind=CallerKind.CUSTOMER, roles=(Role.CUSTOMER,), order=link.order_number
    )
    return OpenLink(caller, link)


def customer_of(settings: Settings, token: str, now: datetime | None = None) -> Caller:
    """Whom a link lets in, and to which order. Raises as `open_link`."""
    return open_link(settings, engine_at(settings.database_url), token, now or datetime.now(UTC)).caller


def quota_of(settings: Settings) -> Quota:
    """How much one link may do on a business day."""
    return Quota(
        uploads=settings.link_uploads_a_day,
        bytes=settings.link_megabytes_a_day * _MEGABYTE,
        codes=settings.link_codes_a_day,
        signatures=settings.link_signatures_a_day,
        open_steps=settings.link_open_steps,
    )
