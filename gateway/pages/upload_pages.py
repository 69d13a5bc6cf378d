"""Orders from an uploaded file: what is bad is told by row, field and reason, the rest is placed, and never twice (R10)."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from activities.access.logins import Session
from gateway.api.bodies import read_body
from gateway.api.placing import PlacedStatus, begin
from gateway.context import Door, address_of, door_of
from gateway.pages.rendering import page
from gateway.security.staff_sessions import require_own, staff
from models.access import PLACES, Caller
from models.values.errors import Code, Refusal
from models.values.field_words import field_words
from models.values.vocabulary import Role, Words
from runtime.delivery.placing import Opened, read_request
from runtime.files.order_files import WORLD, read_orders
from runtime.files.records import Reading, Record

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
MOST_BYTES = 5_000_000
MOST_YAML_BYTES = 1_000_000
"""YAML is read at about a megabyte a second."""
MOST_ORDERS = 500
ENDINGS = (".json", ".yaml", ".yml", ".csv", ".xlsx")
_FORM_AROUND = 20_000
_AT_ONCE = 8
_ONE_AT_A_TIME = asyncio.Semaphore(1)
_NO_FILE = Words("请选择文件:{endings}", "choose a file: {endings}")
_TOO_BIG = Words("文件过大,最多 5 MB(YAML 1 MB)", "the file is too large; 5 MB at most, YAML 1 MB")
_TOO_MANY = Words(
    "一个文件最多 {most} 张订单,此文件有 {count} 张;请分成几个文件",
    "a file holds at most {most} orders, this one {count}; split it",
)


@dataclass(frozen=True, slots=True)
class Bad:
    """An order of the file that was not placed: where it stands, and why."""

    row: int
    place: Words
    refusal: Refusal


@dataclass(slots=True)
class Answer:
    """What became of an uploaded file: which orders were placed, and which were not."""

    placed: list[tuple[Opened, PlacedStatus, bool]] = field(default_factory=list)
    """The order, what became of it, and whether the caller sees it."""
    bad: list[Bad] = field(default_factory=list)
    remarks: list[tuple[int, Words]] = field(default_factory=list)
    """What is to be said of how the file was read, each with its row; 0 for all of it."""


@router.get("/orders/upload")
async def choose(request: Request, session: Who) -> HTMLResponse:
    """Where a file is chosen."""
    session.caller.require_placing()
    return _upload_page(request, session)


def _upload_page(
    request: Request, session: Session, status: int = 200, *, refusal: Refusal | None = None, answer: Answer | None = None,
    name: str = "",
) -> HTMLResponse:  # fmt: skip
    return page(
        request, "upload.html", status, session=session, refusal=refusal, answer=answer, file_name=name,
        endings=",".join(ENDINGS), most=MOST_ORDERS, active="new",
    )  # fmt: skip


@router.post("/orders/upload")
async def upload(request: Request, session: Who) -> HTMLResponse:
    """Place the orders of a file. Raises Refusal(wrong_role) for who may not, and for a form from elsewhere."""
    door, caller = door_of(request), session.caller
    raw = await read_body(request, MOST_BYTES + _FORM_AROUND)
    request._body = raw  # noqa: SLF001 - the parser below reads what was measured here
    async with request.form(max_files=1, max_fields=5) as form:
        require_own({name: value for name, value in form.items() if isinstance(value, str)}, session)
        caller.require_placing()
        file = form.get("file")
        name = "" if file is None or isinstance(file, str) else file.filename or ""
        content = b"" if file is None or isinstance(file, str) else await file.read()
    try:
        async with _ONE_AT_A_TIME:  # the others' look at the database must not wait for a thread
            found = await asyncio.to_thread(_orders, PurePath(name), content)
    except Refusal as refusal:
        return _upload_page(request, session, 422, refusal=refusal, name=name)
    answer = await _place(door, caller, found.records, address_of(request))
    answer.remarks = list(found.remarks())
    return _upload_page(request, session, answer=answer, name=name)


def _orders(name: PurePath, content: bytes) -> Reading:
    """The orders in a file. Raises Refusal(malformed_file)."""
    ending = name.suffix.lower()
    if ending not in ENDINGS:
        raise Refusal(Code.MALFORMED_FILE, _NO_FILE.filled(endings=", ".join(ENDINGS)), where="file")
    if len(content) > (MOST_YAML_BYTES if ending in (".yaml", ".yml") else MOST_BYTES):
        raise Refusal(Code.MALFORMED_FILE, _TOO_BIG, where="file")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"orders{ending}"
        path.write_bytes(content)
        try:
            found = read_orders(path)
        except Refusal as refusal:
            raise Refusal(refusal.code, _named(refusal.words, path, name), where="file") from None
    if (count := len(found.records)) > MOST_ORDERS:
        raise Refusal(Code.MALFORMED_FILE, _TOO_MANY.filled(most=MOST_ORDERS, count=count), where="file")
    return found


def _named(words: Words, path: Path, name: PurePath) -> Words:
    """The file is called what its owner calls it."""
    return Words(words.zh.replace(str(path), name.name), words.en.replace(str(path), name.name))


async def _place(door: Door, caller: Caller, records: list[Record], address: str) -> Answer:
    """Number one after the other, so that numbers follow the file; then begin them, a few at a time."""
    answer, numbered = Answer(), []
    gone: Refusal | None = None
    for record in records:
        try:
            if gone is not None:
                raise gone
            request = read_request(_entered_by(caller, record.sound()))
            numbered.append((record, await door.number(request, caller)))
        except Refusal as refusal:
            # what concerns every order will not be better for the next one
            gone = refusal if refusal.code in WORLD else None
            answer.bad.append(_bad(record, refusal))
    few = asyncio.Semaphore(_AT_ONCE)

    async def begun(record: Record, opened: Opened) -> None:
        try:
            async with few:
                status = await begin(door, caller, opened, address)
        except Refusal as refusal:
            answer.bad.append(_bad(record, refusal))
        else:
            start = opened.start
            seen = caller.sees(start.number, start.customer.customer, start.staff.person(Role.SALESPERSON))
            answer.placed.append((opened, status, seen))

    await asyncio.gather(*(begun(record, opened) for record, opened in numbered))
    answer.placed.sort(key=lambda each: each[0].start.number)
    answer.bad.sort(key=lambda each: each.row)
    return answer


def _entered_by(caller: Caller, values: Any) -> Any:
    """Who uploads an order enters it, whatever the file says; one that was placed before stays with who placed it."""
    if not isinstance(values, dict):
        return values
    role = next((role for role in caller.roles if role in PLACES), caller.roles[0])
    return {**values, "entered_by": caller.author, "entered_role": role.value}


def _bad(record: Record, refusal: Refusal) -> Bad:
    name, *rest = refusal.where.split(".")
    inside = name == "lines" and rest[:1] and rest[0].isdecimal()
    place = ".".join([name, str(int(rest[0]) + 1), *rest[1:]]) if inside else refusal.where
    return Bad(record.row_of(refusal.where), field_words(place) if place else Words("", ""), refusal)
