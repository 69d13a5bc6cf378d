"""The archive 归档: found by search, given out as a file (R165)."""

from __future__ import annotations

import hashlib
import hmac
import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from activities.access.logins import Session
from activities.archive.archives import archived_file, find_archives
from activities.documents.document_store import DocumentStore
from gateway.api.orders import Number
from gateway.context import door_of, in_database, keep_act
from gateway.pages.company.company_pages import stamp, text_of
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff
from models.company.keepers import ARCHIVE_READERS, require_one_of
from models.values.errors import Code, Refusal
from models.values.vocabulary import Ending, Words

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_DAMAGED = Words("归档文件与登记的 SHA-256 不符", "the file is not the one whose SHA-256 was kept")
_log = logging.getLogger("dingdan.gateway")


@router.get("/archive")
async def archive(request: Request, session: Who, q: str = "") -> HTMLResponse:
    """Archived orders, the newest first, or those that are found by number, customer, product, invoice or reference."""
    require_one_of(session.caller, ARCHIVE_READERS)
    words = text_of(q)
    found = await in_database(find_archives, door_of(request).engine, words)
    return page(
        request, "archive/archive.html", session=session, active="archive", found=found, q=words, stamp=stamp,
        endings={each.value: each for each in Ending},
    )  # fmt: skip


@router.get("/archive/{number}.zip")
async def file(request: Request, number: Number, session: Who) -> Response:
    """The file of one order; who took it is noted."""
    require_one_of(session.caller, ARCHIVE_READERS)
    door = door_of(request)
    store = DocumentStore(door.settings.documents)
    found, content = await in_database(archived_file, door.engine, store, number)
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), found.sha256):
        _log.error("the archive of order %s is not the one that was made", number)
        raise Refusal(Code.FAULT, _DAMAGED, where=number, rule="R165")
    await keep_act(request, session.caller.name, f"archive of {number} taken", None)
    headers = {"Content-Disposition": f'attachment; filename="{number}.zip"'}
    return Response(content, media_type="application/zip", headers=headers)
