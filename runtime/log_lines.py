"""How the processes write their log: a message a line, whatever texts from outside are in it."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

from models.writing.signs import visible
from runtime.delivery.order_handles import number_of
from runtime.settings import LogFormat

_FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"
_NUMBER = re.compile(r"(?<![\w-])[A-Z]?\d{8}-\d{4,}(?:-\d+)?(?![\w-])")
_LONGEST_ERROR = 8000
"""The end of a trace says what happened."""
_OF_THE_SDK = ("temporal_workflow", "temporal_activity")
"""What the SDK writes beside its messages: of which workflow they are."""


class OneLine(logging.Formatter):
    """A message is one line, and steers no terminal; only the trace of an error has lines of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """As `logging.Formatter.formatMessage`."""
        return visible(super().formatMessage(record), lines=False)


class OneObject(logging.Formatter):
    """A message is one JSON object on one line: `at` (UTC), `level`, `logger`, `message`, `order` where it is of one, `error`."""

    def format(self, record: logging.LogRecord) -> str:
        """As `logging.Formatter.format`."""
        message = visible(record.getMessage(), lines=False)
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
        }
        order = _order_of(record, message)
        if order:
            said["order"] = order
        if record.exc_info and record.exc_info[0] is not None:
            said["error"] = self.formatException(record.exc_info)[-_LONGEST_ERROR:]
        return json.dumps(said, ensure_ascii=False)


def _order_of(record: logging.LogRecord, message: str) -> str:
    """The number of the order, or of the case, that a message is about; empty where it names none."""
    for name in _OF_THE_SDK:
        told = getattr(record, name, None)
        if isinstance(told, dict):
            return number_of(str(told.get("workflow_id", "")))
    found = _NUMBER.search(message)
    return found[0] if found else ""


def write_log(form: LogFormat = LogFormat.TEXT) -> None:
    """Warnings and worse to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneObject() if form is LogFormat.JSON else OneLine(_FORM))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
