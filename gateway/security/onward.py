"""Where somebody was going when they had to log in, and what they had written when their log-in ended.

Both lead on only within our own pages: a way on is a card's signed link, and what was written is shown to the same person
again and never sent for them.
"""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer

from activities.desk.kept_forms import keep_form, kept_form
from activities.scans.scan_folder import LARGEST_BYTES
from gateway.api.bodies import read_body
from gateway.context import door_of, in_database
from gateway.security.cookies import cookie_name, drop_cookie, set_cookie
from models.values.errors import Code, Refusal
from runtime.card_links import card_in
from runtime.link_secret import link_secret
from runtime.settings import Settings

_CARD = "/card/"
_KEPT_OF = ("/orders/", "/desk/", "/company/", "/calendar")
"""Pages on which people write; what concerns log-ins and passwords is kept nowhere."""
_WAY, _LAST = "onward", "last"
_WAY_LASTS, _LAST_LASTS = timedelta(minutes=30), timedelta(days=3)
_MOST_FIELDS = 400
_LONGEST = 64_000
_LEFT_OUT = ("form_token", "password", "sure")


def _serializer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(link_secret(settings), salt="last person")


def with_person(request: Request, answer: Response, person: str) -> Response:
    """Let the browser remember who was in last: what they write after their log-in ended is kept for them."""
    settings = door_of(request).settings
    set_cookie(answer, request, settings, _LAST, str(_serializer(settings).dumps(person)), _LAST_LASTS)
    return answer


def _last_person(request: Request) -> str:
    settings = door_of(request).settings
    cookie = request.cookies.get(cookie_name(request, settings, _LAST), "")
    try:
        return str(_serializer(settings).loads(cookie, max_age=int(_LAST_LASTS.total_seconds())))
    except BadSignature:
        return ""


async def to_log_in(request: Request) -> Response:
    """To the log-in; where somebody was going, or what they were saying, is kept until they are in."""
    answer = RedirectResponse("/login", 303)
    settings = door_of(request).settings
    if request.method == "POST":
        await _keep_written(request)
    elif request.url.path.startswith(_CARD) and _is_card(settings, request.url.path):
        set_cookie(answer, request, settings, _WAY, request.url.path, _WAY_LASTS)
    return answer


def _is_card(settings: Settings, path: str) -> bool:
    try:
        card_in(settings, path.removeprefix(_CARD))
    except Refusal:
        return False
    return True


async def _keep_written(request: Request) -> None:
    """Keep the fields of a form for who was logged in last in this browser; files are to be chosen anew."""
    person, path = _last_person(request), request.url.path
    if not person or not path.startswith(_KEPT_OF):
        return
    try:
        raw = await read_body(request, LARGEST_BYTES)
        request._body = raw  # noqa: SLF001 - the parser below reads what was measured here
        async with request.form(max_fields=_MOST_FIELDS) as form:
            fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    except (Refusal, ValueError):
        return  # what cannot be read is no form of ours
    kept = {name: value for name, value in fields.items() if name not in _LEFT_OUT and "\0" not in value}
    if kept and sum(map(len, kept.values())) <= _LONGEST:
        door = door_of(request)
        await in_database(keep_form, door.engine, person, path, kept, door.now())


async def way_on(request: Request, person: str) -> str:
    """Where somebody goes who has just logged in: to the card that they came for, to what they had written, or home."""
    door = door_of(request)
    path = request.cookies.get(cookie_name(request, door.settings, _WAY), "")
    if path.startswith(_CARD) and _is_card(door.settings, path):
        return path
    try:
        kept = await in_database(kept_form, door.engine, person, door.now())
    except Refusal as refusal:
        if refusal.code is not Code.DATABASE_UNAVAILABLE:
            raise
        return "/"
    return "/kept" if kept is not None else "/"


def arrived_there(request: Request, answer: Response, person: str) -> Response:
    """The answer to who is in: it goes on, and the way that was kept is used up."""
    drop_cookie(answer, request, door_of(request).settings, _WAY)
    return with_person(request, answer, person)
