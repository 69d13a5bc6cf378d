"""Endpoints of other shops: listed with what waits and fails, registered, paused, rotated, sent to again (R85)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.api_keys import list_keys
from activities.access.logins import Session
from activities.webhooks.deliveries import sendings_of
from activities.webhooks.endpoints import (
    Shown,
    endpoint_of,
    list_endpoints,
    pause_endpoint,
    register_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
    send_again,
)
from gateway.context import Door, door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, day_of, note, text_of, today_of
from gateway.pages.company.record_form import (
    MOST_FIELDS,
    Choice,
    FieldKind,
    RecordField,
    RecordForm,
    choices_of,
    form_page,
    typed_in,
)
from gateway.security.staff_sessions import staff_form
from models.company.keepers import PEOPLE_KEEPERS, require_one_of
from models.values.calendar import at
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Role, Words
from models.webhooks.endpoints import SendingState
from models.webhooks.order_events import ALL_EVENTS, OrderEvent
from runtime.link_secret import link_secret

router = APIRouter(include_in_schema=False)
_K = FieldKind
_OVERLAP = timedelta(days=7)
_HOME = "/company/endpoints"
_ABOUT = Words(
    "对方用它核对每条推送的签名；以后不再显示，丢失时请轮换。",
    "The other side checks the signature of each event with it; it is not shown again: rotate it where it is lost.",
)
_NOTE = Words(
    "推送地址属于一个服务（密钥的名字），只收到其密钥可以查看的订单；不勾事件即全部。",
    "An endpoint belongs to a service (the name of its keys) and hears of no order that those may not read; no tick: all events.",
)
_NO_DAY = Words("请写明从哪一天起重发", "say from which day on events are sent again")


def _fields(names: list[str]) -> list[RecordField]:
    return [
        RecordField("name", Words("服务", "service"), _K.CHOICE, [Choice(each, Words(each, each)) for each in names], required=True),
        RecordField("url", Words("推送地址", "address"), required=True, hint=Words("https://…", "https://…")),
        RecordField(
            "customers", Words("只限这些客户", "only these customers"), _K.LIST,
            hint=Words("每行一个编号；不填：密钥可查看的全部", "one code a line; empty: all that the key reads"),
        ),
        RecordField("events", Words("事件", "events"), _K.SEVERAL, choices_of(OrderEvent)),
    ]  # fmt: skip


async def _form(door: Door, values: dict[str, str]) -> tuple[RecordForm, list[RecordField]]:
    now = door.now()
    keys = await in_database(list_keys, door.engine)
    good = {
        each.name for each in keys if not each.person and each.revoked_at is None and each.expires_at > now
    }
    fields = _fields(sorted(good))
    title, button = Words("新推送地址", "New endpoint"), Words("登记", "register")
    return RecordForm(title, f"{_HOME}/new", _HOME, fields, values, note=_NOTE, button=button), fields


@router.get("/company/endpoints")
async def endpoints(request: Request, session: Who) -> HTMLResponse:
    """All endpoints that are not removed."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    found = await in_database(list_endpoints, door_of(request).engine)
    return company_page(
        request, session, "webhooks/endpoints.html", "endpoints", endpoints=found, all=ALL_EVENTS,
        event_words={each.value: each for each in OrderEvent},
    )  # fmt: skip


@router.get("/company/endpoints/new")
async def new_page(request: Request, session: Who) -> HTMLResponse:
    """Where an endpoint is registered."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    return form_page(request, session, (await _form(door_of(request), {}))[0])


@router.post("/company/endpoints/new")
async def register(request: Request, session: Who) -> Response:
    """Register an endpoint and show its secret, once."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    door = door_of(request)
    form = await staff_form(request, session, MOST_FIELDS, by_field=True)
    shown, fields = await _form(door, form)
    typed: dict[str, Any] = typed_in(form, fields)
    try:
        made = await in_database(
            register_endpoint, door.engine, link_secret(door.settings), typed["name"], typed["url"],
            typed["events"] or [ALL_EVENTS], door.now(), by=session.caller.author, customers=typed["customers"],
            inner=door.settings.webhook_inner_addresses,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, shown, refusal=refusal)
    await note(request, session, f"endpoint {made.endpoint} registered", Role.ADMINISTRATOR)
    return _secret(request, session, made)


def _secret(request: Request, session: Session, made: Shown) -> HTMLResponse:
    title = Words(f"{made.endpoint} 的签名密钥", f"Signing secret of {made.endpoint}")
    return company_page(
        request, session, "company/secret.html", "endpoints", secret=made.secret, title=title, about=_ABOUT,
        back=_HOME, home=_HOME,
    )  # fmt: skip


@router.get("/company/endpoint")
async def endpoint(request: Request, session: Who, endpoint: str = "") -> HTMLResponse:
    """One endpoint with the newest events, and what became of each."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    engine, named = door_of(request).engine, text_of(endpoint, 40)
    return company_page(
        request, session, "webhooks/endpoint.html", "endpoints",
        endpoint=await in_database(endpoint_of, engine, named), sendings=await in_database(sendings_of, engine, named),
        state_words={each.value: each for each in SendingState}, event_words={each.value: each for each in OrderEvent},
        home=_HOME,
    )  # fmt: skip


async def _named(request: Request, session: Session) -> tuple[Door, str, dict[str, str]]:
    require_one_of(session.caller, PEOPLE_KEEPERS)
    form = await staff_form(request, session)
    return door_of(request), form.get("endpoint", "")[:40], form


@router.post("/company/endpoint/rotate")
async def rotate(request: Request, session: Who) -> HTMLResponse:
    """A new secret, shown once; the old one signs beside it for some days."""
    door, named, _ = await _named(request, session)
    made = await in_database(
        rotate_secret, door.engine, link_secret(door.settings), named, door.now(), _OVERLAP
    )
    await note(request, session, f"endpoint {named} rotated", Role.ADMINISTRATOR)
    return _secret(request, session, made)


@router.post("/company/endpoint/pause")
async def pause(request: Request, session: Who) -> Response:
    """Send nothing there for the time being."""
    door, named, _ = await _named(request, session)
    await in_database(pause_endpoint, door.engine, named)
    return await _done(request, session, named, "paused")


@router.post("/company/endpoint/resume")
async def resume(request: Request, session: Who) -> Response:
    """Send there again, what waited first."""
    door, named, _ = await _named(request, session)
    await in_database(resume_endpoint, door.engine, named, door.now(), by=session.caller.author)
    return await _done(request, session, named, "resumed")


@router.post("/company/endpoint/remove")
async def remove(request: Request, session: Who) -> Response:
    """Send nothing there any more, for good."""
    door, named, _ = await _named(request, session)
    await in_database(remove_endpoint, door.engine, named, door.now(), by=session.caller.author)
    await note(request, session, f"endpoint {named} removed", Role.ADMINISTRATOR)
    return RedirectResponse(f"{_HOME}?said=ended", 303)


@router.post("/company/endpoint/replay")
async def replay(request: Request, session: Who) -> Response:
    """Send again what happened from a day on."""
    door, named, form = await _named(request, session)
    today = today_of(request)
    day = day_of(form.get("since", ""), today + timedelta(days=1))
    if day > today:
        raise Refusal(Code.MISSING_FIELD, _NO_DAY, where="since")
    count = await in_database(send_again, door.engine, named, door.now(), since=at(day, 0))
    return await _done(request, session, named, f"{count} events sent again")


async def _done(request: Request, session: Session, named: str, what: str) -> Response:
    await note(request, session, f"endpoint {named}: {what}", Role.ADMINISTRATOR)
    return RedirectResponse(f"/company/endpoint?endpoint={named}&said=saved", 303)
