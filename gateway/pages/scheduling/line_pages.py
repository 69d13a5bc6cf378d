"""Machine lines 机台: what each makes, how fast, in which hours, when it stands, and what changed in its record (R150)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.company.records import record_of
from activities.documents.font_signs import require_printable
from activities.scheduling.downtimes import downtimes
from activities.scheduling.line_list import line_rows, unknown_products
from activities.scheduling.line_records import keep_line
from activities.store.company_changes import changes_of
from activities.store.imports import MachineLineRow
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, note, teller_of, text_of
from gateway.pages.company.record_form import (
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
from models.company.keepers import LINE_KEEPERS, SCHEDULE_READERS, has_one_of, require_one_of, role_of
from models.company.record_changes import RecordKind
from models.company.record_words import MACHINE_LINE
from models.messages.envelope import read_entered
from models.scheduling.kept_lines import NOT_LISTED, WEEK
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Unit, Words
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
_K = FieldKind
_SHIFTS = Words("如 08:00-12:00 13:00-17:00；不开机留空", "08:00-12:00 13:00-17:00; empty: it does not run")
_CREW = Words(
    "工种和人数，如 机长 1、操作工 2；不安排人留空",
    "trades and how many, as in operator 1, helper 2; empty: nobody is asked for",
)
_FIELDS = (
    RecordField("name", MACHINE_LINE["name"], required=True),
    RecordField(
        "products", MACHINE_LINE["products"], _K.LIST, required=True,
        hint=Words("产品编号，一行一个", "numbers of products, one a line"),
    ),
    RecordField("rate", MACHINE_LINE["rate"], _K.NUMBER, required=True),
    RecordField("unit", MACHINE_LINE["unit"], _K.CHOICE, choices_of(Unit), required=True),
    RecordField(
        "set_up_hours", MACHINE_LINE["set_up_hours"], _K.NUMBER, hint=Words("每单一次", "before each order"),
    ),
    *(RecordField(day, MACHINE_LINE[day], hint=_SHIFTS if day == WEEK[0] else None) for day in WEEK),
    RecordField("crew", MACHINE_LINE["crew"], hint=_CREW),
)  # fmt: skip
_LINE = RecordField("line", MACHINE_LINE["line"], required=True)
_NOTE = Words(
    "节假日不开机；补班日按其星期的班次，没有的按周一。停机由生产在排产表上报。",
    "On holidays it does not run; on a day made up for by the hours of that week-day, or of a Monday. That it stands is told on the plan.",
)


@router.get("/company/lines")
async def lines(request: Request, session: Who) -> HTMLResponse:
    """Every machine line, with what it makes and when it runs."""
    engine = door_of(request).engine
    rows = await in_database(line_rows, engine)
    unknown = await in_database(unknown_products, engine, [each for row in rows for each in row["products"]])
    return company_page(
        request, session, "scheduling/lines.html", "lines", rows=rows, unknown=unknown, week=WEEK, words=MACHINE_LINE,
        may_keep=has_one_of(session.caller, LINE_KEEPERS), sees_plan=has_one_of(session.caller, SCHEDULE_READERS),
    )  # fmt: skip


@router.get("/company/line")
async def line(request: Request, session: Who, id: str = "") -> HTMLResponse:  # noqa: A002 - the address says it so
    """One machine line with its downtimes and the history of its record. Raises Refusal(unknown_place)."""
    door, key = door_of(request), text_of(id, 200)
    record = await in_database(record_of, door.engine, RecordKind.MACHINE_LINE, {"line": key})
    unknown = await in_database(unknown_products, door.engine, record.values["products"])
    return company_page(
        request, session, "scheduling/line.html", "lines", row=record.values, week=WEEK, words=MACHINE_LINE,
        warning=NOT_LISTED.filled(products=Words.listed([Words(each, each) for each in unknown])) if unknown else None,
        down=await in_database(downtimes, door.engine, door.now(), key),
        changes=await in_database(changes_of, door.engine, RecordKind.MACHINE_LINE, key),
        may_keep=has_one_of(session.caller, LINE_KEEPERS), sees_plan=has_one_of(session.caller, SCHEDULE_READERS),
    )  # fmt: skip


@router.get("/company/line/new")
async def new_page(request: Request, session: Who) -> HTMLResponse:
    """Where a line is entered."""
    require_one_of(session.caller, LINE_KEEPERS)
    return form_page(request, session, _new_form({}))


@router.post("/company/line/new")
async def enter(request: Request, session: Who) -> Response:
    """A new line. Raises Refusal(wrong_role); what is wrong otherwise stands on the form."""
    require_one_of(session.caller, LINE_KEEPERS)
    form = await staff_form(request, session, by_field=True)
    try:
        row = _read(typed_in(form, (_LINE, *_FIELDS)))
        await in_database(
            keep_line, door_of(request).engine, row, None, teller_of(request, session), MACHINE_LINE
        )
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return form_page(request, session, _new_form(form), refusal=refusal)
    await note(request, session, f"machine line {row.line} entered", role_of(session.caller, LINE_KEEPERS))
    return RedirectResponse(f"/company/line?id={quote(row.line)}&said=entered", 303)


@router.get("/company/line/edit")
async def edit_page(request: Request, session: Who, id: str = "") -> HTMLResponse:  # noqa: A002 - as above
    """Where a line is changed."""
    require_one_of(session.caller, LINE_KEEPERS)
    key = text_of(id, 200)
    record = await in_database(record_of, door_of(request).engine, RecordKind.MACHINE_LINE, {"line": key})
    return form_page(request, session, _form(key, values_of(record.values, _FIELDS)), seen=record.seen)


@router.post("/company/line/edit")
async def change(request: Request, session: Who) -> Response:
    """Change a line; proposals go by it from now on, and what production has dated stays."""
    require_one_of(session.caller, LINE_KEEPERS)
    form = await staff_form(request, session, by_field=True)
    engine, key = door_of(request).engine, form.get("line", "")
    record = await in_database(record_of, engine, RecordKind.MACHINE_LINE, {"line": key})
    try:
        row = _read({**typed_in(form, _FIELDS), "line": key})
        await in_database(keep_line, engine, row, seen_in(form), teller_of(request, session), MACHINE_LINE)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD or refusal.code is Code.UNKNOWN_PLACE:
            raise
        return form_page(request, session, _form(key, form), refusal=refusal, seen=record.seen)
    await note(request, session, f"machine line {row.line} changed", role_of(session.caller, LINE_KEEPERS))
    return RedirectResponse(f"/company/line?id={quote(row.line)}&said=saved", 303)


def _read(raw: dict[str, Any]) -> MachineLineRow:
    row = read_entered(
        MachineLineRow, {name: value for name, value in raw.items() if value not in ("", None)}, Manner.TYPED
    )
    require_printable(row)
    return row


def _new_form(values: dict[str, str]) -> RecordForm:
    return RecordForm(
        Words("新机台", "New machine line"), "/company/line/new", "/company/lines", (_LINE, *_FIELDS), values, note=_NOTE
    )  # fmt: skip


def _form(key: str, values: dict[str, str]) -> RecordForm:
    return RecordForm(
        Words(f"修改机台 {key}", f"Change machine line {key}"), "/company/line/edit", f"/company/line?id={quote(key)}",
        _FIELDS, values, {"line": key}, _NOTE,
    )  # fmt: skip
