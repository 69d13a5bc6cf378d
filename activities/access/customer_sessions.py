"""Sessions of customers who logged in (R85): of a kind of their own, which no page of the staff knows.

They open the orders of the customers on whose file the address stands, and only as long as it does.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, delete, select, update

from activities.access.customer_log_ins import customers_at, only_views
from activities.access.sessions import RULES, SessionRules
from activities.store.database import reading, writing
from models.shop.accounts import BUYS, AccountRight, not_allowed
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_MOST = 20
"""Sessions of one address; the one that was longest unused ends for a further one."""
_ENDED = Words("请登录后查看您的订单", "please log in to see your orders")


@dataclass(frozen=True, slots=True)
class CustomerSession:
    """Who is logged in: by which address, for which customers, from the earliest name on."""

    address: str
    customers: tuple[str, ...]
    only_views: frozenset[str] = frozenset()
    """Those of whose account of the shop they may look at everything and do nothing (R120)."""

    @property
    def acting(self) -> CustomerSession:
        """The same for who does something: for those customers alone for whom they may. Raises Refusal(wrong_role)."""
        may = tuple(each for each in self.customers if each not in self.only_views)
        if not may:
            raise not_allowed(AccountRight.VIEWER, BUYS)
        return replace(self, customers=may)

    def may_act(self, customer: str) -> bool:
        """Whether they may do something for this customer, and not only look."""
        return customer not in self.only_views

    def require_own(self, customer: str, unknown: Refusal) -> None:
        """Raises `unknown` for another's, as for what nobody knows; wrong_role for what they may only look at."""
        if customer not in self.customers:
            raise unknown if self.may_act(customer) else not_allowed(AccountRight.VIEWER, BUYS)


def _hashed(token: str) -> str:
    # 256 random bits: a plain hash cannot be guessed back
    return hashlib.sha256(token.encode()).hexdigest()


def _is_over(now: datetime, rules: SessionRules) -> ColumnElement[bool]:
    sessions = table("customer_sessions")
    return (sessions.c.begun_at < now - rules.lasts) | (sessions.c.seen_at < now - rules.idle)


def begin_session(
    engine: Engine, address: str, customers: list[str], now: datetime, came_from: str, rules: SessionRules = RULES
) -> str:  # fmt: skip
    """The token of a new session."""
    sessions, token = table("customer_sessions"), secrets.token_urlsafe(32)
    with writing(engine) as connection:
        connection.execute(delete(sessions).where(_is_over(now, rules)))
        others = select(sessions.c.token_hash).where(sessions.c.address == address)
        too_many = list(connection.scalars(others.order_by(sessions.c.seen_at.desc())))[_MOST - 1 :]
        connection.execute(delete(sessions).where(sessions.c.token_hash.in_(too_many)))
        row = {
            "token_hash": _hashed(token), "address": address, "customers": customers, "begun_at": now, "seen_at": now,
            "came_from": came_from,
        }  # fmt: skip
        connection.execute(sessions.insert().values(row))
    return token


def session_of_customer(
    engine: Engine, token: str, now: datetime, rules: SessionRules = RULES
) -> CustomerSession:
    """Whose session this is. Raises Refusal(not_signed_in) where it ended or never was, or the address is on nobody's file."""
    sessions = table("customer_sessions")
    query = select(sessions).where(sessions.c.token_hash == _hashed(token), ~_is_over(now, rules))
    with reading(engine) as connection:
        row = connection.execute(query).mappings().one_or_none()
        still = customers_at(connection, row["address"]) if row is not None else []
        looks = only_views(connection, row["address"]) if row is not None else frozenset()
    theirs = tuple(each for each in still if row is not None and each in row["customers"])
    if row is None or not theirs:
        raise Refusal(Code.NOT_SIGNED_IN, _ENDED)
    with writing(engine) as connection:
        connection.execute(
            update(sessions).where(sessions.c.token_hash == row["token_hash"]).values(seen_at=now)
        )
    return CustomerSession(row["address"], theirs, looks & set(theirs))


def end_session(engine: Engine, token: str) -> None:
    """End the session with this token, where there is one."""
    sessions = table("customer_sessions")
    with writing(engine) as connection:
        connection.execute(delete(sessions).where(sessions.c.token_hash == _hashed(token)))
