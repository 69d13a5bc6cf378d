"""What went wrong in the world below, as a refusal with code, paragraph and exit code; never a traceback."""

from __future__ import annotations

import errno
from pathlib import Path

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

UNEXPECTED = 70
"""Exit code of a fault of our own."""


def refusal_of_world(error: BaseException) -> Refusal | None:
    """The refusal that says what happened; None for what is no trouble of the world."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _disk_full(str(error.filename or ""))
    name = f"{type(error).__module__}.{type(error).__name__}"
    text = " ".join(str(error).split())[:300]
    if name.startswith(("sqlalchemy.exc.", "sqlite3.", "psycopg.")):
        return _of_database(text)
    if name == "temporalio.service.RPCError":
        return _of_server(error, text)
    if isinstance(error, PermissionError | FileNotFoundError | IsADirectoryError):
        return Refusal(
            Code.MALFORMED_FILE,
            Words(f"文件不能使用:{error}", f"the file cannot be used: {error}"),
            where=str(Path(str(error.filename))) if error.filename else "",
        )
    return None


def _disk_full(where: str) -> Refusal:
    return Refusal(
        Code.DISK_FULL,
        Words(
            "磁盘已满,未能保存。清理后重试;已保存的都在",
            "the disk is full and this was not saved; make room and try again; what was saved is safe",
        ),
        where=where,
    )


def _of_database(text: str) -> Refusal:
    low = text.lower()
    if "disk is full" in low or "no space left" in low:
        return _disk_full("database")
    if "no such table" in low or "does not exist" in low or "undefinedtable" in low:
        return Refusal(
            Code.NOT_SET_UP,
            Words(
                "订单数据库还没有建好。请先运行 `starter.py setup`",
                "the order database is not set up; run `starter.py setup`",
            ),
        )
    return Refusal(
        Code.DATABASE_UNAVAILABLE,
        Words(
            f"订单数据库现在不能用,稍后重试,或检查 DINGDAN_DATABASE_URL。原因:{text}",
            f"the order database cannot be used now; try again later or check DINGDAN_DATABASE_URL. Reason: {text}",
        ),
    )


def _of_server(error: BaseException, text: str) -> Refusal:
    status = getattr(getattr(error, "status", None), "name", "")
    if status == "NOT_FOUND":
        return Refusal(Code.UNKNOWN_ORDER, Words(f"服务器上没有:{text}", f"not found on the server: {text}"))
    return Refusal(
        Code.SERVER_UNAVAILABLE,
        Words(
            f"Temporal 服务器没有应答({status}):{text}",
            f"the Temporal server does not answer ({status}): {text}",
        ),
    )
