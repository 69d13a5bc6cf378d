"""What went wrong in the world below, as a refusal with code, paragraph and exit code; never a traceback."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.values.errors import OF_THE_WORLD, Code, Refusal
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
            Words(f"文件不能使用：{error}", f"the file cannot be used: {error}"),
            where=str(Path(str(error.filename))) if error.filename else "",
        )
    return None


@contextmanager
def named_files(file: Path) -> Iterator[None]:
    """A file that is missing, closed or a folder, as Refusal(malformed_file) that names it."""
    try:
        yield
    except (PermissionError, FileNotFoundError, IsADirectoryError) as error:
        words = Words(f"文件不能使用：{error}", f"the file cannot be used: {error}")
        raise Refusal(Code.MALFORMED_FILE, words, where=str(file)) from error


def _disk_full(where: str) -> Refusal:
    return Refusal(
        Code.DISK_FULL,
        Words(
            "磁盘已满，未能保存。清理后重试；已保存的都在",
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
            f"订单数据库现在不能用，稍后重试，或检查 DINGDAN_DATABASE_URL。原因：{text}",
            f"the order database cannot be used now; try again later or check DINGDAN_DATABASE_URL. Reason: {text}",
        ),
    )


_NO_ANSWER = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"}
_NO_ENTRY = {"PERMISSION_DENIED", "UNAUTHENTICATED"}
_OF_SIZE = ("size limit", "exceeds limit", "exceeds size", "larger than max", "too large")
"""How the server, and what carries its messages, say that a piece is too large; the status alone does not tell."""
_TOO_LARGE = Words(
    "内容过大，Temporal 服务器不收：{reason}", "it is too large for the Temporal server: {reason}"
)
_REFUSES = Words(
    "Temporal 服务器不接受（{status}）：{reason}",
    "the Temporal server does not accept it ({status}): {reason}",
)
_BUSY = Words(
    "Temporal 服务器现在太忙，请稍后再试：{reason}", "the Temporal server is too busy now, try again later: {reason}"
)  # fmt: skip
_KEPT_OUT = Words(
    "Temporal 服务器不让本系统进入（{status}），请检查密钥与证书：{reason}",
    "the Temporal server does not let us in ({status}), look at key and certificate: {reason}",
)
_NO_NAMESPACE = Words(
    "Temporal 服务器上没有这个命名空间，请检查 TEMPORAL_NAMESPACE:{reason}",
    "the Temporal server has no such namespace, look at TEMPORAL_NAMESPACE: {reason}",
)
_NOT_FOUND = Words("服务器上没有：{reason}", "not found on the server: {reason}")
_SILENT = Words(
    "Temporal 服务器没有应答（{status}）：{reason}",
    "the Temporal server does not answer ({status}): {reason}",
)
_FAULTY = Words(
    "Temporal 服务器出错（{status}），稍后再试：{reason}",
    "the Temporal server met a fault ({status}), try again later: {reason}",
)


@contextmanager
def named_answers() -> Iterator[None]:
    """What the Temporal server says no to inside, as refusals with a stable code: `refusal_of_server`."""
    from temporalio.service import RPCError

    try:
        yield
    except RPCError as error:
        raise refusal_of_server(error) from error


def refusal_of_server(error: BaseException) -> Refusal:
    """What the server's answer means: `too_large` and `server_refuses` concern what was sent, the rest the server itself.

    Only a server that is silent, busy, faulty or closed to us is `server_unavailable`.
    """
    text = " ".join(str(error).split())[:300]
    return _of_server(error, text)


def is_silent(refusal: Refusal) -> bool:
    """Whether nobody answered at all, so that the next one will not be answered either."""
    if refusal.code is not Code.SERVER_UNAVAILABLE:
        return refusal.code in OF_THE_WORLD
    status = _status(refusal.__cause__)
    return not status or status in _NO_ANSWER


def _status(error: BaseException | None) -> str:
    return str(getattr(getattr(error, "status", None), "name", ""))


def _of_server(error: BaseException, text: str) -> Refusal:
    status, low = _status(error), text.lower()
    if status in {"INVALID_ARGUMENT", "RESOURCE_EXHAUSTED"} and any(sign in low for sign in _OF_SIZE):
        code, words = Code.TOO_LARGE, _TOO_LARGE
    elif status == "INVALID_ARGUMENT":
        code, words = Code.SERVER_REFUSES, _REFUSES
    elif status == "NOT_FOUND":
        code, words = (
            (Code.NOT_SET_UP, _NO_NAMESPACE) if "namespace" in low else (Code.UNKNOWN_ORDER, _NOT_FOUND)
        )
    elif status == "RESOURCE_EXHAUSTED":
        code, words = Code.SERVER_UNAVAILABLE, _BUSY
    elif status in _NO_ENTRY:
        code, words = Code.SERVER_UNAVAILABLE, _KEPT_OUT
    else:
        code, words = Code.SERVER_UNAVAILABLE, _SILENT if status in _NO_ANSWER else _FAULTY
    return Refusal(code, words.filled(status=status, reason=text))
