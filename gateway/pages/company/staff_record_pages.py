"""The staff 人员: who is there in which role, who stands in for whom, who is away; kept by the administrator (R13)."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session, set_password
from activities.company.people import keep_new_person, keep_person, list_staff
from activities.company.records import record_of
from activities.documents.font_signs import require_printable
from activities.store.absences import absence_of, absences_of, end_absence, keep_absence
from activities.store.company_changes import changes_of
from activities.store.imports import StaffRow
from gateway.api.problems import status_of
from gateway.context import door_of, in_database, with_passwords
from gateway.pages.company.company_pages import Who, company_page, note, teller_of, text_of, today_of
from gateway.pages.company.record_form import (
    MOST_FIELDS,
    Choice,
    FieldKind,
    RecordField,
    RecordForm,
    choices_of,
    form_page,
    seen_in,
    typed_in,
    values_of,
)
from gateway.security.staff_sessions import staff_form
from models.absences import Absence
from models.access import OUTSIDERS, Caller
from models.company.keepers import PEOPLE_KEEPERS, has_one_of, require_one_of
from models.company.record_changes import RecordKind
from models.company.record_words import PERSON
from models.messages.envelope import read_entered
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
_K = FieldKind
ROLES = tuple(role for role in Role if role not in OUTSIDERS - {Role.LOGISTICS})
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_KEPT = Words(
    "岗位立即生效；进行中的订单保留开始时的负责人。",
    "Roles count at once; orders under way keep the people that they began with.",
)
_ALL_OF_THEM = Words("每行一个；不填：全部", "one a line; none: all of them")
_AT_LINES = Words(
    "每行一个，与机台写的工种一致；不上机台的不填",
    "one a line, named as the machine lines name them; none: not at machine lines",
)
_NOT_THEIRS = Words(
    "不在岗由本人、其上级或管理员登记", "an absence is told by the person, their superior or an administrator"
)
_OWN_PASSWORD = Words(
    "自己的密码在「我的账号」中修改", "one's own password is changed on one's account's page"
)


@router.get("/company/staff")
async def everybody(request: Request, session: Who) -> HTMLResponse:
    """Everybody of the staff: roles, superior, deputy, and who is away."""
    door = door_of(request)
    away = await in_database(absences_of, door.engine, until_now=door.now())
    return company_page(
        request, session, "company/staff.html", "staff", people=await in_database(list_staff, door.engine), away=away,
        today=today_of(request), may_keep=has_one_of(session.caller, PEOPLE_KEEPERS),
    )  # fmt: skip


@router.get("/company/person")
async def person(request: Request, session: Who, id: str = "") -> HTMLResponse:  # noqa: A002 - as the address says it
    """One of the staff; the history of changes for who keeps it."""
    return await _shown(request, session, text_of(id, 200))


async def _shown(
    request: Request, session: Session, key: str, *, refusal: Refusal | None = None, told: dict[str, str] | None = None
) -> HTMLResponse:  # fmt: skip
    """Somebody's page; after an absence that was refused with what was typed."""
    door = door_of(request)
    record = await in_database(record_of, door.engine, RecordKind.PERSON, {"person": key})
    keeps = has_one_of(session.caller, PEOPLE_KEEPERS)
    return company_page(
        request, session, "company/person.html", "staff", 200 if refusal is None else status_of(refusal.code),
        record=record.values, may_keep=keeps, today=today_of(request), refusal=refusal, told_of=told or {},
        absences=await in_database(absences_of, door.engine, key), words=PERSON, names=door.names.by_id,
        changes=await in_database(changes_of, door.engine, RecordKind.PERSON, key) if keeps else [],
        people=await in_database(list_staff, door.engine), may_tell=_may_tell(session.caller, record.values),
    )  # fmt: skip


def _fields(people: list[dict[str, Any]], *, new: bool) -> list[RecordField]:
    others = [Choice(each["person"], _name(each)) for each in people]
    return [
        *([RecordField("person", PERSON["person"], required=True)] if new else []),
        RecordField("name", PERSON["name"], required=True),
        RecordField("email", PERSON["email"]),
        RecordField("superior", PERSON["superior"], _K.CHOICE, others),
        RecordField("deputy", PERSON["deputy"], _K.CHOICE, others),
        RecordField("roles", PERSON["roles"], _K.SEVERAL, choices_of(ROLES)),
        RecordField("product_types", PERSON["product_types"], _K.LIST, hint=_ALL_OF_THEM),
        RecordField("regions", PERSON["regions"], _K.LIST, hint=_ALL_OF_THEM),
        RecordField("trades", PERSON["trades"], _K.LIST, hint=_AT_LINES),
    ]


def _name(row: dict[str, Any]) -> Words:
    text = f"{row['name']} ({row['person']})" if row["name"] != row["person"] else row["person"]
    return Words(text, text)


async def _form(
    request: Request, values: dict[str, str], key: str = ""
) -> tuple[RecordForm, list[RecordField]]:
    people = await in_database(list_staff, door_of(request).engine)
    fields = _fields([each for each in people if each["person"] != key], new=not key)
    if key:
        back = f"/company/person?id={quote(key)}"
        title = Words(f"修改人员 {key}", f"Change {key}")
        return RecordForm(title, "/company/person/edit", back, fields, values, {"id": key}, _KEPT), fields
    title = Words("新员工", "New person")
    return RecordForm(title, "/company/person/new", "/company/staff", fields, values, note=_KEPT), fields


@router.get("/company/person/new")
async def new_page(request: Request, session: Who) -> HTMLResponse:
    """Where somebody new is entered."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    return form_page(request, session, (await _form(request, {}))[0])


@router.post("/company/person/new")
async def enter(request: Request, session: Who) -> Response:
    """Somebody new on the staff."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    form = await staff_form(request, session, MOST_FIELDS, by_field=True)
    shown, fields = await _form(request, form)
    try:
        row = _read(typed_in(form, fields))
        await in_database(keep_new_person, door_of(request).engine, row, teller_of(request, session))
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, shown, refusal=refusal)
    await note(request, session, f"person {row.person} entered", Role.ADMINISTRATOR)
    return RedirectResponse(f"/company/person?id={quote(row.person)}&said=entered", 303)


@router.get("/company/person/edit")
async def edit_page(request: Request, session: Who, id: str = "") -> HTMLResponse:  # noqa: A002
    """Where somebody's entry is changed."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    key = text_of(id, 200)
    record = await in_database(record_of, door_of(request).engine, RecordKind.PERSON, {"person": key})
    shown, _ = await _form(request, values_of(record.values, _fields([], new=False)), key)
    return form_page(request, session, shown, seen=record.seen)


@router.post("/company/person/edit")
async def change(request: Request, session: Who) -> Response:
    """Change somebody's entry: not one's own roles, and never the last administrator's."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    door = door_of(request)
    form = await staff_form(request, session, MOST_FIELDS, by_field=True)
    key = text_of(form.get("id", ""), 200)
    record = await in_database(record_of, door.engine, RecordKind.PERSON, {"person": key})
    shown, fields = await _form(request, form, key)
    try:
        row = _read({**typed_in(form, fields), "person": key})
        await in_database(keep_person, door.engine, row, seen_in(form), teller_of(request, session), PERSON)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, shown, refusal=refusal, seen=record.seen)
    await note(request, session, f"person {key} changed", Role.ADMINISTRATOR)
    return RedirectResponse(f"/company/person?id={quote(key)}&said=saved", 303)


def _read(raw: dict[str, Any]) -> StaffRow:
    row = read_entered(StaffRow, raw, Manner.TYPED)
    require_printable(row)
    return row


@router.post("/company/person/password")
async def first_password(request: Request, session: Who) -> HTMLResponse:
    """A first password for somebody, shown this once; they change it at the first log-in, and what they have open ends."""
    require_one_of(session.caller, PEOPLE_KEEPERS)
    door, key = door_of(request), text_of((await staff_form(request, session)).get("id", ""), 200)
    if key == session.caller.name:
        raise Refusal(Code.SAME_PERSON, _OWN_PASSWORD, where="id")
    await in_database(record_of, door.engine, RecordKind.PERSON, {"person": key})
    made = "-".join("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(4))
    await with_passwords(
        door, set_password, door.engine, key, made, must_change=True, words=door.settings.company_words
    )
    await note(request, session, f"password {key}", Role.ADMINISTRATOR)
    return company_page(
        request, session, "company/secret.html", "staff", secret=made, home=f"/company/person?id={quote(key)}",
        back=f"/company/person?id={quote(key)}", title=Words(f"{key} 的首次密码", f"First password of {key}"),
        about=Words("首次登录后须改掉；此人原来的登录已全部结束。", "It is to be changed at the first log-in; their sessions are over."),
    )  # fmt: skip


# --- absences ----------------------------------------------------------------------------------------------------


def _may_tell(caller: Caller, record: dict[str, Any]) -> bool:
    """Who may say that somebody is away: the person, their superior, an administrator."""
    return caller.name in (record["person"], record["superior"]) or has_one_of(caller, PEOPLE_KEEPERS)


@router.post("/company/person/absence")
async def tell_absence(request: Request, session: Who) -> Response:
    """Somebody is away, and who acts meanwhile (R13)."""
    door, form = door_of(request), await staff_form(request, session)
    key = text_of(form.get("id", ""), 200)
    record = await in_database(record_of, door.engine, RecordKind.PERSON, {"person": key})
    _require_telling(session.caller, record.values)
    given = {name: form.get(name, "").strip() for name in ("first_day", "last_day", "deputy")}
    raw = {"person": key} | {name: value for name, value in given.items() if value}
    try:
        absence = read_entered(Absence, raw, Manner.TYPED)
        await in_database(keep_absence, door.engine, absence, session.caller.name, door.now())
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return await _shown(request, session, key, refusal=refusal, told=given)
    await note(request, session, f"absence of {key} from {absence.first_day}", None)
    return RedirectResponse(f"/company/person?id={quote(key)}&said=saved", 303)


@router.post("/company/person/absence/end")
async def end(request: Request, session: Who) -> Response:
    """They are back, or stay after all."""
    door, form = door_of(request), await staff_form(request, session)
    text = form.get("number", "")
    number = int(text) if text.isdecimal() and len(text) < 12 else 0
    absence = await in_database(absence_of, door.engine, number)
    record = await in_database(record_of, door.engine, RecordKind.PERSON, {"person": absence.person})
    _require_telling(session.caller, record.values)
    await in_database(end_absence, door.engine, number, session.caller.name, door.now())
    await note(request, session, f"absence {number} of {absence.person} ended", None)
    return RedirectResponse(f"/company/person?id={quote(absence.person)}&said=ended", 303)


def _require_telling(caller: Caller, record: dict[str, Any]) -> None:
    if not _may_tell(caller, record):
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS, where="id", rule="R13")
