"""Forms come from our own pages: what a browser sends on behalf of another site's page is refused (CSRF, also at log-in).

A browser says with each POST which site's page sent it: `Origin`, and `Sec-Fetch-Site` beside it. A program that is no
browser says neither; it has no cookies of somebody else to misuse. `Origin: null` comes from pages without a site of
their own (a sandboxed frame, a file): none of ours, which is why our pages let the browser say the origin
(`Referrer-Policy: same-origin`). Programs' routes want a key or a signature with each request and are not concerned.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import Settings

FOR_THE_UI = "/codec/"
"""What the Temporal UI's page asks for its reader: the one thing that a page of another origin sends here."""
_FOR_PROGRAMS = ("/v1/", "/hooks/", "/shop/callbacks/")
_CHANGES_NOTHING = ("GET", "HEAD", "OPTIONS")
_OURS = ("same-origin", "none")
_FOREIGN = Words(
    "这个表单不是从本系统的页面发出的，没有执行。请打开本系统的页面重填",
    "this form was not sent from a page of this system, and nothing was done; open our page and fill it in there",
)


def require_own_origin(request: Request, settings: Settings) -> None:
    """Raises Refusal(wrong_role) for what another site's page sends."""
    if request.method in _CHANGES_NOTHING or request.url.path.startswith(_FOR_PROGRAMS):
        return
    origins = request.headers.getlist("origin")
    if origins:
        ours = {origin_of(str(request.url)), origin_of(settings.gateway_url)} - {""}
        if request.url.path.startswith(FOR_THE_UI):
            ours |= {origin_of(settings.ui_url or "")} - {""}
        if len(origins) > 1 or origins[0].lower() not in ours:
            raise Refusal(Code.WRONG_ROLE, _FOREIGN, where="Origin")
    elif request.headers.get("sec-fetch-site", "none").lower() not in _OURS:
        raise Refusal(Code.WRONG_ROLE, _FOREIGN, where="Sec-Fetch-Site")


def origin_of(address: str) -> str:
    """Scheme, host and port of an address as a browser writes them; empty for what has none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    if not parts.scheme or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None and port != usual else "")
