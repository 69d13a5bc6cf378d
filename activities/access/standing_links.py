"""The link on every notice and paper of an order to its customer (R85): made when one is pressed or sent, outside the order.

It is the same on all of them, so that a paper printed once more is the same paper. Its secret is computed from the
installation's own and the order's number and stands nowhere; one that was revoked is followed by another.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, select

from activities.access.link_tokens import link_hash_of, token_of
from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.customer_links import CustomerLink, LinkPurpose
from models.tables.registry import table

MADE_BY = "system"
_BEHIND_LOG_IN = {"Q": "quotes", "C": "cases", "H": "contracts"}
"""How the number of a quote or a case begins, and where its pages are; an order's begins with a figure."""
_MOST_REVOKED = 50
"""So many of one order that were revoked are looked past."""


@dataclass(frozen=True, slots=True)
class StandingLinks:
    """Links on notices and papers. `address` is where customers reach the door; empty: papers and notices carry no link."""

    engine: Engine
    secret: str
    address: str
    days: int = 30
    """How long a link lives to an order that is not on record (yet)."""

    def of(self, order: str, now: datetime | None = None) -> str:
        """The address of this order's page for its customer; empty without an address or an order."""
        if not self.address or not order:
            return ""
        for number in range(_MOST_REVOKED):
            hidden = self._hidden(order, number)
            if self._is_good(order, link_hash_of(hidden), now or datetime.now(UTC)):
                return f"{self.address}/c/{token_of(self.secret, hidden)}"
        return ""

    @property
    def log_in(self) -> str:
        """Where a customer logs in; empty without an address."""
        return f"{self.address}/c/login" if self.address else ""

    def of_notice(self, orders: list[str]) -> str:
        """What a notice about these orders carries: the one order's page, or for several the customer's log-in.

        A quote or a case has no link that opens it: its page is behind the log-in (R104, R143).
        """
        if len(set(orders)) != 1:
            return self.log_in
        return self.of_case(orders[0]) if orders[0][:1] in _BEHIND_LOG_IN else self.of(orders[0])

    def of_case(self, number: str) -> str:
        """Where the customer reads and answers a quote or a case after log-in; empty without an address."""
        return f"{self.address}/c/{_BEHIND_LOG_IN[number[:1]]}/{number}" if self.address else ""

    def _hidden(self, order: str, number: int) -> str:
        digest = hmac.digest(self.secret.encode(), f"standing link {order} {number}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest[:24]).decode()

    def _is_good(self, order: str, link_hash: str, now: datetime) -> bool:
        """Whether the link opens its order; made where it was not yet."""
        links = table("customer_links")
        revoked = select(links.c.revoked_at).where(links.c.link_hash == link_hash)
        with reading(self.engine) as connection:
            known = connection.execute(revoked).one_or_none()
        if known is None:
            with writing(self.engine) as connection:
                keep_link(connection, link_hash, order, LinkPurpose.STANDING, now, by=MADE_BY, days=self.days)
        return known is None or known.revoked_at is None


def orders_in(order: str, content: dict[str, Any] | None) -> list[str]:
    """The orders that a paper or notice is about: one, or several that a letter lists."""
    listed = [each["order"] for each in (content or {}).get("balances", [])]
    return listed or [order]


def keep_link(
    connection: Connection, link_hash: str, order: str, purpose: LinkPurpose, now: datetime, *, by: str, days: int
) -> None:  # fmt: skip
    """Keep a link that signs whichever sheet is in force; the same once more changes nothing."""
    link = CustomerLink(
        link_hash=link_hash, order_number=order, purpose=purpose, made_at=now, made_by=by,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    statement = insert_into(connection, table("customer_links")).values(link.model_dump())
    connection.execute(statement.on_conflict_do_nothing())
