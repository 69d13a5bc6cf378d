"""Orders from an uploaded file: what is bad is told by row, field and reason, the rest is placed, and never twice (R10)."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path, PurePath
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from gateway.api.bodies import read_body
from gateway.api.problems import language_of, status_of
from gateway.context import address_of, door_of
from gateway.pages.orders.order_uploads import Upload, Uploads
from gateway.pages.rendering import page
from gateway.security.staff_sessions import require_own, staff
from models.values.errors import Code, Refusal
from models.values.vocabulary import Language, Words
from models.writing.signs import first_forbidden, shown
from runtime.files.order_files import read_orders
from runtime.files.records import Reading

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
Key = Annotated[str, PathParameter(pattern=r"^[0-9a-f]{32}$")]
MOST_BYTES = 5_000_000
MOST_YAML_BYTES = 1_000_000
"""YAML is read at about a megabyte a second."""
MOST_ORDERS = 500
ENDINGS = (".json", ".yaml", ".yml", ".csv", ".xlsx")
_FORM_AROUND = 20_000
_ONE_AT_A_TIME = asyncio.Semaphore(1)
_NO_FILE = Words("请选择文件：{endings}", "choose a file: {endings}")
_TOO_BIG = Words("文件过大，最多 5 MB(YAML 1 MB)", "the file is too large; 5 MB at most, YAML 1 MB")
_TOO_MANY = Words(
    "一个文件最多 {most} 张订单，此文件有 {count} 张；请分成几个文件",
    "a file holds at most {most} orders, this one {count}; split it",
)
_ODD_NAME = Words(
    "文件名中有看不见的字符：{name}；请改名后再传",
    "the file's name holds signs that nobody sees: {name}; rename it",
)


@router.get("/orders/upload")
async def choose(request: Request, session: Who) -> HTMLResponse:
    """Where a file is chosen."""
    session.caller.require_placing()
    return _upload_page(request, session)


def _upload_page(
    request: Request, session: Session, status: int = 200, *, refusal: Refusal | None = None, upload: Upload | None = None,
    name: str = "",
) -> HTMLResponse:  # fmt: skip
    return page(
        request, "upload.html", status, session=session, refusal=refusal, upload=upload, file_name=name,
        endings=",".join(ENDINGS), most=MOST_ORDERS, active="new",
    )  # fmt: skip


def _uploads(request: Request) -> Uploads:
    found: Uploads = request.app.state.uploads
    return found


@router.get("/orders/upload/{upload}")
async def look(request: Request, upload: Key, session: Who) -> HTMLResponse:
    """How far a file is, then what became of its orders. Raises Refusal(unknown_place) for another person's file."""
    found = _uploads(request).find(upload, session.caller.author)
    return _upload_page(request, session, upload=found, name=found.file_name)


@router.get("/orders/upload/{upload}/result.csv")
async def result(request: Request, upload: Key, session: Who) -> Response:
    """What became of the orders of a file, for a spreadsheet program: UTF-8 with its mark. Raises Refusal(unknown_place)."""
    found = _uploads(request).find(upload, session.caller.author)
    chinese = language_of(request) is Language.ZH
    content = found.as_csv(lambda zh, en: zh if chinese else en)
    headers = {"Content-Disposition": f'attachment; filename="upload-{found.key[:8]}.csv"'}
    return Response(content.encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/orders/upload")
async def upload(request: Request, session: Who) -> Response:
    """Take a file; its orders are placed beside the page that shows how far it is.

    Raises Refusal(wrong_role) for who may not, and for a form from elsewhere.
    """
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
        return _upload_page(request, session, 422, refusal=refusal, name=shown(name))
    records = found.records
    taken = Upload(caller.author, name, len(records), remarks=tuple(found.remarks()))
    try:
        _uploads(request).begin(taken, taken.place(door, caller, records, address_of(request)))
    except Refusal as refusal:
        return _upload_page(request, session, status_of(refusal.code), refusal=refusal, name=name)
    return RedirectResponse(f"/orders/upload/{taken.key}", 303)


def _orders(name: PurePath, content: bytes) -> Reading:
    """The orders in a file. Raises Refusal(malformed_file)."""
    ending = name.suffix.lower()
    if first_forbidden(name.name, lines=False) is not None:
        raise Refusal(Code.MALFORMED_FILE, _ODD_NAME.filled(name=shown(name.name)), where="file")
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
