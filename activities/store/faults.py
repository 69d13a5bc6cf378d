"""What goes wrong with one of many things: named, logged, and kept from stopping the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    MultipleResultsFound,
    NoResultFound,
    StatementError,
)

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

Row = TypeVar("Row")
Read = TypeVar("Read")
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MultipleResultsFound,
    NoResultFound,
    RuntimeError,
    StatementError,
    StopIteration,
    TypeError,
    ValueError,
)
"""What a thing that nobody foresaw raises. Trouble of the world (files, network, a database that is away) is not here."""
_FAULT = Words(
    "程序处理不了（{reason}），详见日志", "the program cannot deal with it ({reason}); the log says more"
)
_LONGEST_REASON = 200
_log = logging.getLogger("dingdan.faults")


@contextmanager
def named_faults(what: str) -> Iterator[None]:
    """A fault met with one thing, as Refusal(fault) that a loop can set aside; its traceback goes into the log.

    `what` says in the log which thing it was. Refusals and trouble of the world pass as they are.
    """
    try:
        yield
    except _FAULTS as error:
        if isinstance(error, DBAPIError) and not isinstance(error, (DataError, IntegrityError)):
            raise
        _log.error("%s", what, exc_info=error)
        raise Refusal(Code.FAULT, _FAULT.filled(reason=_reason(error))) from error


def each_read(rows: Iterable[Row], read: Callable[[Row], Read], what: str) -> list[Read]:
    """Every row that can be read; one that cannot hides no other, and the log says why. Trouble of the world passes."""
    found: list[Read] = []
    for row in rows:
        try:
            with named_faults(what):
                found.append(read(row))
        except Refusal as refusal:
            if refusal.code is not Code.FAULT:
                raise
    return found


def _reason(error: Exception) -> str:
    # what a statement held is what customers said: it stands in no step and no log
    said = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    name = type(said).__name__
    text = " ".join(str(said).split())[:_LONGEST_REASON]
    return f"{name}: {text}" if text else name
