"""Staff at the door: their session, and the token that each of their forms carries."""

from __future__ import annotations

import hmac
from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta

from fastapi import Request, Response
from starlette.datastructures import FormData
from starlette.formparsers import FormParser

from activities.access.login_tries import Place
from activities.access.sessions import Arrival, FirstThing, Session, SessionRules, session_of
from gateway.api.bodies import WrongType, read_body
from gateway.context import address_of, door_of, in_database
from gateway.security.client_address import neighbourhood
from gateway.security.cookies import cookie_name, drop_cookie, set_cookie
from gateway.security.known_browser import known_browser
from gateway.security.room import KNOWN
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.entry import require_text
from runtime.settings import Settings

COOKIE = "session"
BY_ITSELF = "dingdan-by-itself"
"""The header of what a page asks for without its reader doing anything: it puts off no end."""
PAGE_OF = {
    FirstThing.PASSWORD: "/account/password",
    FirstThing.SECOND_FACTOR: "/account/second-factor",
}
LONGEST_FORM = 64_000
_MOST_FIELDS = 100
_NOBODY = Words("请先登录", "please log in first")
_FORGED = Words(
    "表单已失效，请刷新页面后重填", "this form is no longer valid; reload the page and fill it in again"
)
_NO_SIGN = Words("此栏有非法字符", "this field holds a sign that no text has")
_KEPT_NOWHERE = frozenset({"password"})
_FORM = "application/x-www-form-urlencoded"


class MustFirst(Refusal):
    """Somebody is logged in and has something to do before anything else; `page` is where."""

    def __init__(self, first: FirstThing) -> None:
        super().__init__(Code.NOT_SIGNED_IN, Words(first.zh, first.en))
        self.page = PAGE_OF[first]


async def arrived(request: Request) -> Session:
    """The session of the person whose cookie came with the request, whatever they have to do first.

    Raises Refusal(not_signed_in) without one that is still good.
    """
    token = token_of(request)
    if not token:
        raise Refusal(Code.NOT_SIGNED_IN, _NOBODY)
    door = door_of(request)
    by_itself = request.headers.get(BY_ITSELF) is not None
    session = await in_database(
        session_of, door.engine, token, door.now(), rules_of(door.settings), used=not by_itself
    )
    setattr(request.state, KNOWN, True)
    return session


async def staff(request: Request) -> Session:
    """The same, of somebody who has nothing else to do first. Raises MustFirst for who has."""
    session = await arrived(request)
    if session.first is not None:
        raise MustFirst(session.first)
    await door_of(request).know_names()
    return session


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
    wrong = next((name for name, value in fields.items() if "\0" in value), None)
    if wrong is not None:
        raise Refusal(Code.MALFORMED, _NO_SIGN, where=wrong[:100])
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


def rules_of(settings: Settings) -> SessionRules:
    """How long sessions last here, and who must have a second factor."""
    return SessionRules(
        timedelta(hours=settings.session_hours),
        timedelta(minutes=settings.session_idle_minutes),
        settings.second_factor_required,
    )


def token_of(request: Request) -> str:
    """The session's token that came with the request; empty without one."""
    return request.cookies.get(cookie_name(request, door_of(request).settings, COOKIE), "")


def place_of(request: Request) -> Place:
    """Where tries to log in with this request are counted."""
    return Place(neighbourhood(address_of(request)), known_browser(request, door_of(request).settings))


def arrival_of(request: Request) -> Arrival:
    """From where somebody comes, as their list of sessions shows it."""
    browser = "".join(sign for sign in request.headers.get("user-agent", "") if sign.isprintable())
    return Arrival(address_of(request), browser)


def with_session(request: Request, answer: Response, token: str) -> Response:
    """The answer, with the cookie of a session."""
    settings = door_of(request).settings
    set_cookie(answer, request, settings, COOKIE, token, rules_of(settings).lasts)
    return answer


def without_session(request: Request, answer: Response) -> Response:
    """The answer, with the session's cookie taken away."""
    drop_cookie(answer, request, door_of(request).settings, COOKIE)
    return answer
