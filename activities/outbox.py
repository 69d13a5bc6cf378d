"""Papers and notices as plain texts in a folder: entered in the outbox table, written, then marked (DESIGN §4)."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select, update

from activities.database import reading, writing
from activities.upserting import insert_into
from models.errors import Code, Refusal
from models.intentions import Paper
from models.recording import Burst
from models.tables import table
from models.vocabulary import Role, Words

_LONGEST_NAME = 40
"""Characters of the identity; three bytes each still leave a name that every file system takes."""
_FULL = Words(
    "磁盘已满,{folder} 写不进去。已保存的数据没有丢失;请清理磁盘,系统会自动重试。",
    "The disk is full and nothing can be written to {folder}. Nothing that was saved is lost: make room; "
    "it is tried again by itself.",
)
_NOT_WRITABLE = Words(
    "写不进 {folder}:{reason}。请检查该目录的权限,系统会自动重试。",
    "{folder} cannot be written to: {reason}. Check the folder's permissions; it is tried again by itself.",
)


def enter(connection: Connection, burst: Burst) -> None:
    """Enter what is due. What was entered before under the same identity stays as it is."""
    for intention in burst.intentions:
        enter_row(
            connection,
            order=burst.order,
            identity=intention.identity,
            paper=intention.paper,
            to=intention.to,
            words=Words(intention.zh, intention.en),
            rule=intention.rule,
            created_at=intention.created_at,
            content=intention.content,
        )


def enter_row(
    connection: Connection,
    *,
    order: str,
    identity: str,
    paper: Paper,
    to: tuple[Role, ...],
    words: Words,
    rule: str,
    created_at: datetime,
    content: dict[str, Any] | None,
) -> None:
    """Enter one paper or notice; what was entered before under the same identity stays as it is."""
    row = {
        "order_number": order,
        "identity": identity,
        "paper": paper.value,
        "roles": [role.value for role in to],
        "zh": words.zh,
        "en": words.en,
        "rule": rule,
        "created_at": created_at,
        "file_name": file_name(order, identity),
        "written": False,
        "content": content,
    }
    connection.execute(insert_into(connection, table("outbox")).values(row).on_conflict_do_nothing())


def write_pending(engine: Engine, order: str, folder: Path) -> None:
    """Write every text of the order that is entered and not marked. Writing one twice gives the same file.

    Raises Refusal (`disk_full`, `database_unavailable`).
    """
    outbox = table("outbox")
    with reading(engine) as connection:
        pending = (
            connection.execute(
                select(outbox).where(outbox.c.order_number == order, outbox.c.written.is_(False))
            )
            .mappings()
            .all()
        )
    if not pending:
        return
    for row in pending:
        _write(folder, row)
    with writing(engine) as connection:
        connection.execute(
            update(outbox)
            .where(
                outbox.c.order_number == order, outbox.c.identity.in_([row["identity"] for row in pending])
            )
            .values(written=True)
        )


def file_name(order: str, identity: str) -> str:
    """One name for one identity; the digest keeps apart what no file name can."""
    plain = re.sub(r"[^\w.-]+", "_", identity)[:_LONGEST_NAME]
    digest = hashlib.sha256(identity.encode()).hexdigest()[:8]
    return f"{order}-{plain}-{digest}.txt"


def _write(folder: Path, row: RowMapping) -> None:
    text = (
        f"{row['zh']}\n{row['en']}\n\n订单 order: {row['order_number']}\n文书 paper: {row['identity']}\n"
        f"致 to: {', '.join(row['roles'])}\n规则 rule: {row['rule']}\n时间 time: {row['created_at'].isoformat()}\n"
    )
    target = folder / row["file_name"]
    # Two activities may write the same text at once: each its own part, and the last one stays.
    part = folder / f".{row['file_name']}.{os.getpid()}-{threading.get_ident()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refusal(Code.DISK_FULL, _FULL.filled(folder=folder), where=str(folder)) from error
        words = _NOT_WRITABLE.filled(folder=folder, reason=error.strerror)
        raise Refusal(Code.NOT_SET_UP, words, where=str(folder)) from error
