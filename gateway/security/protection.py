"""What every request meets first: how many it may be, and what every answer says to browsers."""

from __future__ import annotations

import hashlib
import time
from urllib.parse import unquote_to_bytes

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.api.problems import TooOften, problem, status_of
from gateway.pages.rendering import page
from gateway.robots import NOT_LISTED, is_listed
from gateway.security.client_address import neighbourhood
from gateway.security.known_browser import known_browser
from gateway.security.own_origin import require_own_origin
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import Settings

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
LOG_INS = (
    "/login",
    "/login/code",
    "/account/password",
    "/account/second-factor",
    "/account/second-factor/again",
    "/c/login",
    "/c/login/code",
    "/shop/login",
    "/shop/login/code",
)
"""Where passwords and codes could be guessed at."""
_BLANK = ord(" ")
_NO_SIGN = Words("地址中不得有控制字符", "there are no control characters in an address")
_TOO_MANY = Words("请求过于频繁，请稍后再试", "too many requests; try again soon")


def _sign_that_is_none(scope: Scope) -> str:
    """Where in the address a sign stands that no text has, and no database takes; empty where there is none."""
    path: str = scope["path"]
    if any(ord(sign) < _BLANK for sign in path):
        return "path"
    return "query" if b"\0" in unquote_to_bytes(scope["query_string"]) else ""


class Protection:
    """Limits per key and per address (log-ins have their own, much lower one), and headers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._limit = RateLimitItemPerMinute(settings.requests_a_minute)
        self._logins = RateLimitItemPerMinute(settings.logins_a_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._headers = dict(HEADERS)
        if settings.gateway_url.startswith("https://"):
            self._headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count it, pass it on, and put the headers on what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if not is_listed(scope["path"]):
                    headers.update(NOT_LISTED)
            await send(message)

        request = Request(scope)
        try:
            wrong = _sign_that_is_none(scope)
            if wrong:
                raise Refusal(Code.MALFORMED, _NO_SIGN, where=wrong)
            full = next((each for each in self._counted(request) if not self._limiter.hit(*each)), None)
            if full is not None:
                reset, _ = self._limiter.get_window_stats(*full)
                raise TooOften(_TOO_MANY, int(reset - time.time()) + 1)
            require_own_origin(request, self._settings)
        except Refusal as refusal:
            await _answer(request, refusal)(scope, receive, with_headers)
        else:
            await self._app(scope, receive, with_headers)

    def _counted(self, request: Request) -> list[tuple[RateLimitItem, str]]:
        """What a request counts against. A key that nobody checked yet must not make room for itself: so the address too."""
        address = neighbourhood(request.client.host) if request.client is not None else "-"
        counted: list[tuple[RateLimitItem, str]] = [(self._limit, address)]
        if request.method == "POST" and request.url.path in LOG_INS:
            # who guesses in an office does not shut out those who have logged in there before
            browser = known_browser(request, self._settings)
            counted.append((self._logins, f"login {browser or address}"))
        key = request.headers.get("authorization", "")
        if key:  # of which no secret is kept in memory
            counted.append((self._limit, hashlib.sha256(key.encode()).hexdigest()[:16]))
        return counted


def _answer(request: Request, refusal: Refusal) -> Response:
    programs = request.url.path.startswith(("/v1/", "/hooks/", "/shop/callbacks/"))
    if programs or "text/html" not in request.headers.get("accept", ""):
        return problem(request, refusal)
    status = status_of(refusal.code)
    return page(request, "problem.html", status, refusal=refusal, status=status)
