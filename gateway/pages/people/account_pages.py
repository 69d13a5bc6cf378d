"""The own account: password, second factor, and where one is logged in."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from activities.access.logins import (
    SHORTEST,
    Session,
    change_password,
    confirm_second_factor,
    end_other_sessions,
    start_again,
)
from activities.access.second_factor import codes_left, offer, sealer, since
from activities.access.sessions import LogInBy, end_one, sessions_of
from gateway.context import door_of, in_database, keep_act, with_passwords
from gateway.pages.people.login_pages import TOLD, told
from gateway.pages.rendering import page
from gateway.security.staff_sessions import (
    arrived,
    place_of,
    rules_of,
    staff,
    staff_form,
    token_of,
    with_session,
)
from models.access import NEEDS_SECOND_FACTOR
from models.values.errors import Refusal
from runtime.link_secret import link_secret

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
Arrived = Annotated[Session, Depends(arrived)]
_BAD = 422
_SYSTEMS = {
    "Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Mac OS X": "macOS", "Linux": "Linux",
}  # fmt: skip
_BROWSERS = {
    "MicroMessenger": "微信 WeChat", "Edg": "Edge", "QQBrowser": "QQ", "OPR": "Opera", "Firefox": "Firefox",
    "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip


def browser_name(said: str) -> str:
    """What people call the browser that says this of itself; the beginning of what it says where nobody knows it."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in said), "")
    system = next((name for sign, name in _SYSTEMS.items() if sign in said), "")
    return " · ".join(filter(None, (browser, system))) or said[:40] or "-"


@router.get("/account")
async def account(request: Request, session: Who, said: str = "") -> HTMLResponse:
    """What the person has: where they are logged in, and how."""
    door = door_of(request)
    person = session.caller.name
    return page(
        request, "account.html", session=session, active="account", said=said, browser_name=browser_name,
        sessions=await in_database(sessions_of, door.engine, person, door.now(), rules_of(door.settings)),
        by_password=session.way is LogInBy.PASSWORD, since=await in_database(since, door.engine, person),
        codes=await in_database(codes_left, door.engine, person),
    )  # fmt: skip


# --- password ----------------------------------------------------------------------------------------------------


@router.get("/account/password")
async def password_page(request: Request, session: Arrived) -> HTMLResponse:
    """Where the own password is changed."""
    return _password_page(request, session)


def _password_page(request: Request, session: Session, refusal: Refusal | None = None) -> HTMLResponse:
    return told(
        request,
        "password.html",
        refusal,
        _BAD if refusal else 0,
        session=session,
        active="account",
        least=SHORTEST,
    )


@router.post("/account/password")
async def change(request: Request, session: Arrived) -> Response:
    """Change the own password; all other sessions end, and this one goes on under a new token."""
    form, door = await staff_form(request, session), door_of(request)
    try:
        token = await with_passwords(
            door, change_password, door.engine, session, token_of(request), form.get("old", ""), form.get("new", ""),
            door.now(), place_of(request), door.settings.company_words, again=form.get("again", ""),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code not in TOLD:
            raise
        return _password_page(request, session, refusal)
    await keep_act(request, session.caller.name, "change own password")
    return with_session(request, RedirectResponse("/account?said=password", 303), token)


# --- second factor -----------------------------------------------------------------------------------------------


@router.get("/account/second-factor")
async def second_factor_page(request: Request, session: Arrived) -> HTMLResponse:
    """Where a second factor is set up, or put on another device."""
    return await _second_factor_page(request, session)


async def _second_factor_page(
    request: Request, session: Session, refusal: Refusal | None = None
) -> HTMLResponse:
    door, person = door_of(request), session.caller.name
    by_password = session.way is LogInBy.PASSWORD
    has = await in_database(since, door.engine, person)
    secret, picture = "", Markup()
    if by_password and has is None:
        offered = await in_database(offer, door.engine, sealer(link_secret(door.settings)), person)
        secret = " ".join(offered.secret[n : n + 4] for n in range(0, len(offered.secret), 4))
        drawn = segno.make(offered.address, error="m").svg_inline(scale=5, border=4, light="#fff")
        picture = Markup(drawn)  # noqa: S704 - drawn here, of black and white squares
    return told(
        request, "second_factor.html", refusal, _BAD if refusal else 0, session=session, active="account",
        by_password=by_password, since=has, codes=await in_database(codes_left, door.engine, person), secret=secret,
        picture=picture, needed=bool(NEEDS_SECOND_FACTOR & set(session.caller.roles)),
    )  # fmt: skip


@router.post("/account/second-factor")
async def confirm(request: Request, session: Arrived) -> Response:
    """The app shows the right code: from now on it is asked for. The recovery codes are shown, once."""
    form, door = await staff_form(request, session), door_of(request)
    seal = sealer(link_secret(door.settings))
    try:
        token, codes = await in_database(
            confirm_second_factor, door.engine, seal, session, token_of(request), form.get("code", ""), door.now(),
            place_of(request),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code not in TOLD:
            raise
        return await _second_factor_page(request, session, refusal)
    await keep_act(request, session.caller.name, "set up own second factor")
    shown = page(request, "recovery_codes.html", home="/account", codes=codes)
    return with_session(request, shown, token)


@router.post("/account/second-factor/again")
async def again(request: Request, session: Who) -> Response:
    """Another device: the one so far is shown once more and counts no longer."""
    form, door = await staff_form(request, session), door_of(request)
    seal = sealer(link_secret(door.settings))
    try:
        await in_database(
            start_again, door.engine, seal, session, form.get("code", ""), door.now(), place_of(request)
        )
    except Refusal as refusal:
        if refusal.code not in TOLD:
            raise
        return await _second_factor_page(request, session, refusal)
    await keep_act(request, session.caller.name, "take own second factor away")
    return RedirectResponse("/account/second-factor", 303)


# --- sessions ----------------------------------------------------------------------------------------------------


@router.post("/account/sessions/end")
async def end(request: Request, session: Who) -> Response:
    """End one of the own sessions."""
    form = await staff_form(request, session)
    await in_database(end_one, door_of(request).engine, session.caller.name, form.get("session", ""))
    return RedirectResponse("/account?said=ended", 303)


@router.post("/account/sessions/end-others")
async def end_others(request: Request, session: Who) -> Response:
    """End all of the own sessions but this one."""
    await staff_form(request, session)
    await in_database(end_other_sessions, door_of(request).engine, session)
    return RedirectResponse("/account?said=ended", 303)
