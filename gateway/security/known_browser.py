"""A browser in which somebody has logged in before is known by a signed cookie: guesses from elsewhere do not lock it.

It lets nobody in. It says only that tries to log in from this browser are counted for it alone, and the order database
remembers whose log-in it was (`activities.access.login_tries`).
"""

from __future__ import annotations

import secrets

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request

from activities.access.login_tries import KNOWN_FOR
from gateway.security.cookies import cookie_name
from runtime.link_secret import link_secret
from runtime.settings import Settings

COOKIE = "browser"
SECONDS = int(KNOWN_FOR.total_seconds())


def _serializer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(link_secret(settings), salt="known browser")


def known_browser(request: Request, settings: Settings) -> str:
    """Which browser this is; empty for one in which nobody has logged in."""
    cookie = request.cookies.get(cookie_name(request, settings, COOKIE), "")
    if not cookie:
        return ""
    try:
        return str(_serializer(settings).loads(cookie, max_age=SECONDS))
    except BadSignature:
        return ""


def new_browser() -> str:
    """A name for a browser in which somebody is about to log in for the first time."""
    return secrets.token_urlsafe(16)


def written(settings: Settings, browser: str) -> str:
    """The cookie that says so."""
    return str(_serializer(settings).dumps(browser))
