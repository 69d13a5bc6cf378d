"""Keys of services and persons: listed, made (the secret is shown once), rotated, revoked; the administrator's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.api_keys import NewKey, create_key, list_keys, revoke_key, rotate_key
from activities.access.logins import Session
from activities.company.people import list_staff
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, note
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
from models.access import ALL
from models.company.keepers import PEOPLE_KEEPERS, require_one_of
from models.facts.known_facts import KNOWN_FACTS
from models.messages.envelope import DECISION
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Role, Words

router = APIRouter(include_in_schema=False)
_K = FieldKind
LONGEST_DAYS = 3650
_OLD_DAYS = 7
_DAYS = Words("有效天数须在 1 到 {most} 之间", "a key is valid for 1 to {most} days")
_ABOUT = Words(
    "以后只看得到编号，看不到密钥本身。", "From now on the key's number is shown, and never the key."
)
_NOTE = Words(
    "服务的密钥写名字；员工本人的密钥选人，名字不用填。只读或只下单的密钥不勾事实。",
    "A service's key has a name; for a person's own key choose the person and leave the name. A key that only reads or places "
    "orders has no facts.",
)


def _fields(people: list[dict[str, Any]]) -> list[RecordField]:
    return [
        RecordField("name", Words("服务的名字", "name of the service")),
        RecordField(
            "person", Words("或：谁本人的密钥", "or: whose own key"), _K.CHOICE,
            [Choice(each["person"], Words(each["name"], each["name"])) for each in people],
        ),
        RecordField("days", Words("有效天数", "valid for days"), _K.NUMBER, required=True),
        RecordField(
            "customers", Words("只限这些客户", "only these customers"), _K.LIST,
            hint=Words("每行一个编号；不填：全部", "one code a line; empty: all"),
        ),
        RecordField("more", Words("权限", "scope"), _K.SEVERAL, [Choice("places_orders", Words("可下单", "places orders"))]),
        RecordField("roles", Words("岗位", "roles"), _K.SEVERAL, choices_of(Role)),
        RecordField(
            "facts", Words("可报告的事实", "facts that it reports"), _K.SEVERAL,
            [Choice(kind, fact.words) for kind, fact in KNOWN_FACTS.items()],
        ),
    ]  # fmt: skip


async def _form(request: Request, values: dict[str, str]) -> tuple[RecordForm, list[RecordField]]:
    fields = _fields(await in_database(list_staff, door_of(request).engine))
    title, button = Words("新密钥", "New key"), Words("生成密钥", "make the key")
    return RecordForm(
        title, "/company/key/new", "/company/keys", fields, values, note=_NOTE, button=button
    ), fields


@router.get("/company/keys")
async def keys(request: Request, session: Who) -> HTMLResponse:
    """All keys, without their secrets."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    door = door_of(request)
    found = await in_database(list_keys, door.engine)
    return company_page(
        request, session, "company/keys.html", "keys", keys=found[::-1], now=door.now(), fact_words=KNOWN_FACTS, all=ALL,
        decision=DECISION,
    )  # fmt: skip


@router.get("/company/key/new")
async def new_page(request: Request, session: Who) -> HTMLResponse:
    """Where a key is made."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    return form_page(request, session, (await _form(request, {"days": "365"}))[0])


@router.post("/company/key/new")
async def make(request: Request, session: Who) -> Response:
    """Make a key and show it, once."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    door = door_of(request)
    form = await staff_form(request, session, MOST_FIELDS, by_field=True)
    shown, fields = await _form(request, form)
    try:
        typed = typed_in(form, fields)
        person = typed["person"]
        made = await in_database(
            create_key, door.engine, person or typed["name"], tuple(role for role in Role if role.value in typed["roles"]),
            door.now(), door.now() + timedelta(days=_days(typed["days"])), facts=tuple(typed["facts"]),
            customers=tuple(typed["customers"] or [ALL]), places_orders="places_orders" in typed["more"], person=person,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, shown, refusal=refusal)
    await note(request, session, f"key {made.key_id} made for {person or typed['name']}", Role.ADMINISTRATOR)
    return _secret(request, session, made)


def _days(text: str | None) -> int:
    days = int(text) if text and text.isdecimal() and len(text) < 6 else 0
    if not 1 <= days <= LONGEST_DAYS:
        raise Refusal(Code.MALFORMED, _DAYS.filled(most=LONGEST_DAYS), where="days")
    return days


def _secret(request: Request, session: Session, made: NewKey) -> HTMLResponse:
    title = Words(f"密钥 {made.key_id}", f"Key {made.key_id}")
    return company_page(
        request, session, "company/secret.html", "keys", secret=made.secret, title=title, about=_ABOUT, back="/company/keys",
        home="/company/keys",
    )  # fmt: skip


@router.post("/company/key/rotate")
async def rotate(request: Request, session: Who) -> HTMLResponse:
    """A new key that opens the same, shown once; the old one is good for some days more."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    door, key = door_of(request), (await staff_form(request, session)).get("key", "")
    now = door.now()
    made = await in_database(rotate_key, door.engine, key[:100], now, now + timedelta(days=_OLD_DAYS))
    await note(request, session, f"key {key[:100]} rotated: {made.key_id}", Role.ADMINISTRATOR)
    return _secret(request, session, made)


@router.post("/company/key/revoke")
async def revoke(request: Request, session: Who) -> Response:
    """From now on the key opens nothing."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    door, key = door_of(request), (await staff_form(request, session)).get("key", "")
    await in_database(revoke_key, door.engine, key[:100], door.now())
    await note(request, session, f"key {key[:100]} revoked", Role.ADMINISTRATOR)
    return RedirectResponse("/company/keys?said=revoked", 303)
