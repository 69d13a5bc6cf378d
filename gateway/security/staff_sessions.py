"""Staff at the door: their session, and the token that each of their forms carries."""

from __future__ import annotations

import hmac
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime

from fastapi import Request
from starlette.datastructures import FormData
from starlette.formparsers import FormParser

from activities.access.logins import LASTS, Session, session_of
from gateway.api.bodies import WrongType, read_body
from gateway.context import door_of, in_database
from models.values.entry import require_text
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

COOKIE = "session"
LONGEST_FORM = 64_000
_MOST_FIELDS = 100
_NOBODY = Words("请先登录", "please log in first")
_FORGED = Words(
    "表单已失效,请刷新页面后重填", "this form is no longer valid; reload the page and fill it in again"
)
_KEPT_NOWHERE = frozenset({"password"})
_FORM = "application/x-www-form-urlencoded"


async def staff(request: Request) -> Session:
    """The session of the person whose cookie came with the request. Raises Refusal(not_signed_in) without one that is still good."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        raise Refusal(Code.NOT_SIGNED_IN, _NOBODY)
    return await in_database(session_of, door_of(request).engine, token, datetime.now(UTC))


async def read_form(
    request: Request, most_fields: int = _MOST_FIELDS, *, by_field: bool = False
) -> dict[str, str]:
    """A form's fields. Raises Refusal(malformed) for anything else, for more than a form holds, and for a sign that no text
    may hold; `by_field`: whoever reads the form says that at the field itself."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise WrongType(_FORM)
    raw = await read_body(request, LONGEST_FORM)

    async def once() -> AsyncGenerator[bytes, None]:
        yield raw

    parsed: FormData = await FormParser(request.headers, once()).parse()
    if len(parsed) > most_fields:
        raise Refusal(Code.MALFORMED, _FORGED)
    fields = {name: value.replace("\r\n", "\n") for name, value in parsed.items() if isinstance(value, str)}
    return fields if by_field else {name: _sound(name, value) for name, value in fields.items()}


def _sound(name: str, value: str) -> str:
    """What was typed, but for what is kept nowhere. Raises Refusal(malformed) for a sign that no text may hold."""
    if name in _KEPT_NOWHERE:
        return value
    require_text(name, name)
    return require_text(value, name, lines=True)


async def staff_form(
    request: Request, session: Session, most_fields: int = _MOST_FIELDS, *, by_field: bool = False
) -> dict[str, str]:
    """A form that this session was given. Raises Refusal(wrong_role) for one from elsewhere, and as `read_form`."""
    form = await read_form(request, most_fields, by_field=by_field)
    require_own(form, session)
    return form


def require_own(form: Mapping[str, str], session: Session) -> None:
    """Raises Refusal(wrong_role) for a form that this session was not given."""
    if not hmac.compare_digest(form.get("form_token", "").encode(), session.form_token.encode()):
        raise Refusal(Code.WRONG_ROLE, _FORGED, where="form_token")


def cookie_settings(request: Request) -> dict[str, object]:
    """How the session's cookie is set: for this site only, out of scripts' reach, over TLS where there is any."""
    behind_tls = door_of(request).settings.gateway_url.startswith("https://")
    return {
        "httponly": True,
        "samesite": "lax",
        "secure": behind_tls or request.url.scheme == "https",
        "max_age": int(LASTS.total_seconds()),
        "path": "/",
    }
