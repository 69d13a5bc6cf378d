"""Uploads by customers' links that nobody could read age out: closed with a note, and removed when nothing rests on them.

What came by fax or scanner stays as long as it did. Of a file that came by a link:
- a step that nobody answered for `unread_days` is closed with a note; nothing with an open step is ever removed;
- as many days after its last step was closed the file is removed, and that is noted among the acts;
- a file of which an order took a page as its sheet is evidence (R31): it moves to the files that were read, and stays.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from activities.scans.scan_folder import DIGEST_SIGNS
from models.dossier.step_kinds import StepKind
from models.reports.desk_steps import DeskStepKind
from models.values.errors import OF_THE_WORLD, Refusal
from models.values.vocabulary import Role, Words
from runtime.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_BY_LINK = "door-"
_UNREAD = (DeskStepKind.UNREAD_SCAN.value, DeskStepKind.UNREAD_FILE.value)
_SYSTEM = "system"
_AGED = Words(
    "{days} 天无人办理，自动关闭；文件再保留 {days} 天",
    "nobody answered for {days} days; the file is kept for {days} days more",
)
_log = logging.getLogger("dingdan.scans")


@dataclass(frozen=True, slots=True)
class Aged:
    """What was done: steps that were closed, files that were removed, and files that were kept as evidence."""

    closed: int = 0
    removed: int = 0
    kept: int = 0


def age_unread(settings: Settings, now: datetime) -> Aged:
    """Close, remove and keep what is due. Doing it again changes nothing. Raises Refusal where the database cannot be used."""
    from runtime.databases import engine_of

    engine, age = engine_of(settings), timedelta(days=settings.unread_days)
    closed = _close_unanswered(engine, now, age)
    removed = kept = 0
    for file in sorted((settings.scans / "unread").glob("*")):
        try:
            match _what_becomes(engine, file.stem[:DIGEST_SIGNS], now - age):
                case "evidence":
                    (settings.scans / "read").mkdir(parents=True, exist_ok=True)
                    file.replace(settings.scans / "read" / file.name)
                    kept += 1
                case "over":
                    file.unlink(missing_ok=True)
                    _note(engine, file.name, now)
                    removed += 1
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD:
                raise
            _log.warning("%s: %s", file.name, refusal.words.zh)
        except OSError as closed_file:
            _log.warning("%s: %s", file.name, closed_file.strerror)
    return Aged(closed, removed, kept)


def _close_unanswered(engine: Engine, now: datetime, age: timedelta) -> int:
    from activities.facts.desk_steps import close_step
    from activities.store.database import writing

    note = _AGED.filled(days=age.days)
    with writing(engine) as connection:
        waiting = [key for key, since in _open_of_links(connection) if since <= now - age]
        for key in waiting:
            close_step(connection, key, now, by=_SYSTEM, resolution=f"{note.zh} · {note.en}")
    return len(waiting)


def _open_of_links(connection: Connection) -> Iterator[tuple[str, datetime]]:
    from sqlalchemy import select

    from models.tables.registry import table

    steps = table("desk_steps")
    query = select(steps.c.key, steps.c.since, steps.c.about).where(
        steps.c.kind.in_(_UNREAD), steps.c.closed_at.is_(None)
    )
    for key, since, about in connection.execute(query).all():
        if str((about or {}).get("file", "")).startswith(_BY_LINK):
            yield key, since


def _what_becomes(engine: Engine, digest: str, before: datetime) -> str:
    """`over` for a link's file whose steps were all closed before that; `evidence` where an order took a page of it."""
    from sqlalchemy import func, or_, select

    from activities.store.database import reading
    from models.tables.registry import table

    desk, steps = table("desk_steps"), table("open_steps")
    marks = (f"{kind}:{start}{digest}" for kind in _UNREAD for start in ("", "file/"))
    query = select(desk.c.about, desk.c.closed_at).where(
        or_(*(desk.c.key.startswith(mark, autoescape=True) for mark in marks))
    )
    looked_at = f"{StepKind.VERIFY_SIGNATURE.value}:{digest}/"
    with reading(engine) as connection:
        rows = connection.execute(query).all()
        taken = connection.scalar(
            select(func.count()).select_from(steps).where(steps.c.key.startswith(looked_at, autoescape=True))
        )
    of_links = rows and all(str((about or {}).get("file", "")).startswith(_BY_LINK) for about, _ in rows)
    if not of_links or any(closed_at is None or closed_at > before for _, closed_at in rows):
        return "stays"
    return "evidence" if taken else "over"


def _note(engine: Engine, name: str, now: datetime) -> None:
    from activities.access.acts import Act, note_act

    act = Act(
        at=now, person=_SYSTEM, role=Role.SYSTEM.value, address="", act=f"unread upload {name} removed",
        order_number="", outcome="done",
    )  # fmt: skip
    note_act(engine, act)
