"""Coming in and leaving: name and password, the second factor, out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.login_tries import KNOWN_FOR
from activities.access.logins import Place, Session, log_in, log_out, show_code
from activities.access.second_factor import sealer
from activities.access.sessions import waiting
from gateway.api.problems import status_of
from gateway.context import address_of, door_of, in_database, keep_act, with_passwords
from gateway.pages.rendering import page
from gateway.security import known_browser
from gateway.security.client_address import neighbourhood
from gateway.security.cookies import set_cookie
from gateway.security.oidc import is_set_up as oidc_is_set_up
from gateway.security.onward import arrived_there, way_on
from gateway.security.staff_sessions import (
    arrival_of,
    arrived,
    place_of,
    read_form,
    rules_of,
    staff_form,
    token_of,
    with_session,
    without_session,
)
from models.values.errors import Code, Refusal
from runtime.link_secret import link_secret

router = APIRouter(include_in_schema=False)
Arrived = Annotated[Session, Depends(arrived)]
TOLD = (Code.NOT_SIGNED_IN, Code.TOO_MANY_REQUESTS, Code.MALFORMED)
"""What is said on the form itself; everything else is a page of its own."""
RETRY_SECONDS = "30"


@router.get("/login")
async def login_page(request: Request) -> HTMLResponse:
    """Where staff log in."""
    return _login_page(request)


def _login_page(request: Request, refusal: Refusal | None = None, person: str = "") -> HTMLResponse:
    oidc = oidc_is_set_up(door_of(request).settings)
    return told(request, "login.html", refusal, person=person, oidc=oidc)


def told(
    request: Request, name: str, refusal: Refusal | None, status: int = 0, **values: Any
) -> HTMLResponse:
    """A page with a form, and what was wrong with what was sent."""
    answer = page(
        request, name, status or (status_of(refusal.code) if refusal else 200), refusal=refusal, **values
    )
    if refusal is not None and refusal.code is Code.TOO_MANY_REQUESTS:
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


@router.post("/login")
async def login(request: Request) -> Response:
    """Log in; what was wrong is not said. Whatever session the browser came with ends."""
    form, door = await read_form(request), door_of(request)
    person = form.get("person", "").strip()
    place = _place_or_new(request)
    try:
        token = await with_passwords(
            door, log_in, door.engine, person, form.get("password", ""), door.now(), place.address,
            arrival=arrival_of(request), known_browser=place.browser, instead_of=token_of(request),
            rules=rules_of(door.settings),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code not in TOLD:
            raise
        return _login_page(request, refusal, person[:100])
    if await in_database(_waits, request, token):
        return with_session(request, RedirectResponse("/login/code", 303), token)
    await keep_act(request, person, "log in")
    return await _in(request, token, place, person)


def _waits(request: Request, token: str) -> bool:
    door = door_of(request)
    try:
        waiting(door.engine, token, door.now(), rules_of(door.settings))
    except Refusal:
        return False
    return True


def _place_or_new(request: Request) -> Place:
    """Where tries are counted; a browser that was never in gets a name, which counts once somebody is in."""
    known = place_of(request).browser
    return Place(neighbourhood(address_of(request)), known or known_browser.new_browser())


async def _in(request: Request, token: str, place: Place, person: str) -> Response:
    settings = door_of(request).settings
    answer = with_session(request, RedirectResponse(await way_on(request, person), 303), token)
    arrived_there(request, answer, person)
    cookie = known_browser.written(settings, place.browser)
    set_cookie(answer, request, settings, known_browser.COOKIE, cookie, KNOWN_FOR)
    return answer


@router.get("/login/code")
async def code_page(request: Request) -> Response:
    """Where the second factor is asked for, once the password was right."""
    if not await in_database(_waits, request, token_of(request)):
        return RedirectResponse("/login", 303)
    return told(request, "code.html", None)


@router.post("/login/code")
async def code(request: Request) -> Response:
    """The second factor; guesses are counted with those at the password."""
    form, door = await read_form(request), door_of(request)
    before, place, rules = token_of(request), _place_or_new(request), rules_of(door.settings)
    if not await in_database(_waits, request, before):
        return RedirectResponse("/login", 303)
    try:
        person = await in_database(waiting, door.engine, before, door.now(), rules)
        token = await in_database(
            show_code, door.engine, sealer(link_secret(door.settings)), before, form.get("code", ""), door.now(),
            place, rules,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code not in TOLD:
            raise
        return told(request, "code.html", refusal)
    await keep_act(request, person, "log in")
    return await _in(request, token, place, person)


@router.post("/logout")
async def logout(request: Request, session: Arrived) -> Response:
    """End the session."""
    await staff_form(request, session)
    await in_database(log_out, door_of(request).engine, token_of(request))
    return without_session(request, RedirectResponse("/login", 303))
