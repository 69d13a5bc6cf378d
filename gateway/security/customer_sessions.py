"""Customers at the door who logged in (R85): a cookie and a session of their own kind, and the access to each own order."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from fastapi import Request, Response
from sqlalchemy import Engine

from activities.access.customer_links import find_link
from activities.access.customer_sessions import CustomerSession, session_of_customer
from activities.access.standing_links import keep_link
from activities.store.database import writing
from gateway.context import door_of, in_database
from gateway.security.cookies import cookie_name, drop_cookie, set_cookie
from gateway.security.staff_sessions import rules_of
from models.customer_links import CustomerLink, LinkPurpose, why_closed
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.link_secret import link_secret
from runtime.settings import Settings

COOKIE = "customer"
MADE_BY = "customer"
_LOOKS = frozenset(("GET", "HEAD"))
_NOBODY = Words("请登录后查看您的订单", "please log in to see your orders")


def token_of_customer(request: Request) -> str:
    """The customer's token that came with the request; empty without one."""
    return request.cookies.get(cookie_name(request, door_of(request).settings, COOKIE), "")


async def logged_in(request: Request) -> CustomerSession:
    """The customer whose cookie came with the request, and where something is done by it, for whom they may do it.

    Raises Refusal: not_signed_in without a session that is still good; wrong_role for who may only look (R120).
    """
    session = await session_of(request)
    return session if request.method in _LOOKS else session.acting


async def session_of(request: Request) -> CustomerSession:
    """The same whatever is done, for pages that ask for each right by themselves. Raises Refusal(not_signed_in)."""
    token = token_of_customer(request)
    if not token:
        raise Refusal(Code.NOT_SIGNED_IN, _NOBODY)
    door = door_of(request)
    return await in_database(session_of_customer, door.engine, token, door.now(), rules_of(door.settings))


def with_customer(request: Request, answer: Response, token: str) -> Response:
    """The answer, with the cookie of a customer's session."""
    settings = door_of(request).settings
    set_cookie(answer, request, settings, COOKIE, token, rules_of(settings).lasts)
    return answer


def without_customer(request: Request, answer: Response) -> Response:
    """The answer, with the cookie of a customer's session taken away."""
    drop_cookie(answer, request, door_of(request).settings, COOKIE)
    return answer


def own_access(
    settings: Settings, engine: Engine, session: CustomerSession, order: str, now: datetime
) -> CustomerLink:
    """What this customer does at the own order is kept like what is done by a link: quotas, codes and proofs are the same.

    Its hash belongs to no secret, so no address opens it. Raises Refusal(wrong_role) where staff closed it.
    """
    keyed = hmac.new(
        link_secret(settings).encode(), f"log-in {session.address} {order}".encode(), hashlib.sha256
    )
    link_hash = keyed.hexdigest()
    found = find_link(engine, link_hash)
    if found is None:
        with writing(engine) as connection:
            keep_link(
                connection, link_hash, order, LinkPurpose.ACCOUNT, now, by=MADE_BY, days=settings.link_days
            )
        found = find_link(engine, link_hash)
    if found is None:
        raise Refusal(Code.NOT_SIGNED_IN, _NOBODY)
    link, linked = found
    closed = why_closed(link, linked, now, settings.link_days_after_end)
    if closed is not None:
        raise Refusal(Code.WRONG_ROLE, closed)
    return link
