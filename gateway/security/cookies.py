"""How cookies are named and set: for this site only, out of scripts' reach, and behind TLS bound to this very host.

`__Host-` makes the browser refuse the cookie unless it is `Secure`, for the whole host and set by the host itself: no
other site of the company's domain, and nobody on the way, can put one in its place. Without TLS (on the machine itself)
browsers take no such cookie, so there the name is plain.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, TypedDict

from starlette.requests import Request
from starlette.responses import Response

from runtime.settings import Settings

_OF_THE_HOST = "__Host-"


class _How(TypedDict):
    path: str
    secure: bool
    httponly: bool
    samesite: Literal["lax"]


def behind_tls(request: Request, settings: Settings) -> bool:
    """Whether people reach the door over TLS."""
    return settings.gateway_url.startswith("https://") or request.url.scheme == "https"


def cookie_name(request: Request, settings: Settings, name: str) -> str:
    """The name under which a cookie is set and read here: behind TLS one without the prefix counts for nothing."""
    return f"{_OF_THE_HOST if behind_tls(request, settings) else ''}{name}"


def _how(request: Request, settings: Settings) -> _How:
    return {"path": "/", "secure": behind_tls(request, settings), "httponly": True, "samesite": "lax"}


def set_cookie(
    answer: Response, request: Request, settings: Settings, name: str, value: str, lasts: timedelta
) -> None:
    """Give the browser a cookie."""
    answer.set_cookie(
        cookie_name(request, settings, name), value, int(lasts.total_seconds()), **_how(request, settings)
    )


def drop_cookie(answer: Response, request: Request, settings: Settings, name: str) -> None:
    """Take a cookie away again."""
    answer.delete_cookie(cookie_name(request, settings, name), **_how(request, settings))
