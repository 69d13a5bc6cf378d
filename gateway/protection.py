"""What every request meets first: how many it may be, and what every answer says to browsers."""

from __future__ import annotations

import hashlib

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from gateway.problems import problem
from models.errors import Code, Refusal
from models.vocabulary import Words
from runtime.settings import Settings

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_TOO_MANY = Words("请求过于频繁,请稍后再试", "too many requests; try again soon")


class Protection(BaseHTTPMiddleware):
    """Limits per key and address, and headers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(app)
        self._limit = RateLimitItemPerMinute(settings.requests_a_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._behind_tls = settings.gateway_url.startswith("https://")

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Count it, pass it on, and put the headers on what comes back."""
        if self._limiter.hit(self._limit, _who(request)):
            answer = await call_next(request)
        else:
            answer = problem(request, Refusal(Code.TOO_MANY_REQUESTS, _TOO_MANY))
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        if self._behind_tls:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return answer


def _who(request: Request) -> str:
    """The key, of which no secret is kept in memory; without one the address."""
    key = request.headers.get("authorization", "")
    if key:
        return hashlib.sha256(key.encode()).hexdigest()[:16]
    return request.client.host if request.client is not None else "-"
