"""Steps of the desk on pages: what no order can wait for, settled by a clerk; and the scans to look at (R31, R47)."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path as File
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from activities.access.acts import Act, note_act
from activities.access.logins import Session
from activities.facts.desk_steps import find_open_step
from activities.facts.webhook_events import body_of
from activities.scans.scan_folder import MEDIA_TYPES
from gateway.context import address_of, door_of, in_database
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.access import SEES_ALL
from models.reports.desk_steps import AGAIN, ANOTHER_ORDER, ANSWERED, RECEIVED, DeskStep, DeskStepKind
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.delivery.resolving import Resolution, resolve_step

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
_NOT_THEIRS = Words("这一待办不归您办", "this step is not yours")
_NO_SCAN = Words("没有这份扫描件", "there is no such scan")


def asks(step: DeskStep) -> tuple[str, ...]:
    """What a step of the desk asks a person for: the fields of its form."""
    return {
        DeskStepKind.UNREAD_SCAN: ("order", "version"),
        DeskStepKind.UNREAD_FILE: ("order", "version"),
        **dict.fromkeys(ANOTHER_ORDER, ("order",)),
        DeskStepKind.SEVERAL_SHIPMENTS: ("order", "shipment"),
        DeskStepKind.NO_ADDRESS: ("address",),
        DeskStepKind.REJECTED: ("address",),
        DeskStepKind.WAS_IT_SENT: ("sent",),
        **dict.fromkeys(AGAIN, ("again",)),
        **dict.fromkeys(ANSWERED, ("answer",)),
    }.get(step.kind, ())


def scan_of(document: str) -> str:
    """The digest under which a scan is kept; empty for what is none."""
    digest = document.removeprefix("file/").partition("/")[0]
    return digest if len(digest) == 16 and all(sign in "0123456789abcdef" for sign in digest) else ""


@router.post("/desk/{key:path}")
async def settle(request: Request, key: str, session: Who) -> Response:
    """Settle a step of the desk, as the person who is logged in."""
    door, filled = door_of(request), await staff_form(request, session)
    step = await in_database(find_open_step, door.engine, key)
    role = next((role for role in session.caller.desk_roles if role in step.roles), None)
    if role is None:
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS, where=key)
    version = filled.get("version", "").strip()
    said = Resolution(
        order=filled.get("order", "").strip(),
        shipment=filled.get("shipment", "").strip()[:200],
        version=int(version) if version.isdecimal() and len(version) < 6 else None,
        address=filled.get("address", "").strip()[:300],
        sent={"yes": True, "no": False}.get(filled.get("sent", "")),
        again=bool(filled.get("again")),
        answer=filled.get("answer", "").strip()[:1000],
        give_up=filled.get("give_up", "").strip()[:1000] if filled.get("leave") else "",
    )
    by = session.caller.name
    try:
        await resolve_step(door.settings, door.engine, step, said, by, door.on_server)
    except Refusal as refusal:
        return await _again(request, session, step, refusal, filled)
    act = Act(
        at=datetime.now(UTC), person=by, role=role.value, address=address_of(request), act=f"desk {key}",
        order_number=said.order or step.order_number, outcome="given up" if said.give_up else "settled",
    )  # fmt: skip
    await in_database(note_act, door.engine, act)
    door.forward_now()
    return RedirectResponse("/?said=settled", 303)


async def _again(
    request: Request, session: Session, step: DeskStep, refusal: Refusal, filled: dict[str, str]
) -> Response:
    event = await _event(request, step)
    return page(
        request, "desk_step.html", 409, session=session, step=step, asked=asks(step), scan=scan_of(step.about.get("document", "")),
        event=event, refusal=refusal, filled=filled, active="inbox", home="/",
    )  # fmt: skip


async def _event(request: Request, step: DeskStep) -> str | None:
    """What came, as it came: the event where it is kept, else what the step itself keeps of it."""
    about = step.about
    if "sender" in about and step.kind is not DeskStepKind.CHANGED_EVENT:
        body = await in_database(body_of, door_of(request).engine, about["sender"], about["message"])
        if body is not None:
            return json.dumps(body, ensure_ascii=False, indent=1)
    return about.get(RECEIVED)


@router.get("/desk/{key:path}")
async def look(request: Request, key: str, session: Who) -> Response:
    """One step of the desk, with what there is to look at."""
    step = await in_database(find_open_step, door_of(request).engine, key)
    if not set(session.caller.desk_roles) & set(step.roles):
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS, where=key)
    event = await _event(request, step)
    return page(
        request, "desk_step.html", session=session, step=step, asked=asks(step), scan=scan_of(step.about.get("document", "")),
        event=event, refusal=None, filled={}, active="inbox",
    )  # fmt: skip


@router.get("/scans/{digest}")
async def scan(request: Request, digest: Digest, session: Who) -> Response:
    """A scan as it came, for who sees every order."""
    if not set(session.caller.roles) & SEES_ALL:
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS, where=digest)
    folder = door_of(request).settings.scans
    found = await asyncio.to_thread(_kept, folder, digest)
    if found is None:
        raise Refusal(Code.UNKNOWN_ORDER, _NO_SCAN, where=digest)
    return FileResponse(
        found, media_type=MEDIA_TYPES[found.suffix.lower()], content_disposition_type="inline"
    )


def _kept(folder: File, digest: str) -> File | None:
    for part in ("unread", "read"):
        for file in sorted((folder / part).glob(f"{digest}.*")):
            if file.suffix.lower() in MEDIA_TYPES:
                return file
    return None
