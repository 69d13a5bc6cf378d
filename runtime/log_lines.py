"""How the processes write their log: a message a line, whatever texts from outside are in it."""

from __future__ import annotations

import logging

from models.values.signs import visible

_FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"


class OneLine(logging.Formatter):
    """A message is one line, and steers no terminal; only the trace of an error has lines of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """As `logging.Formatter.formatMessage`."""
        return visible(super().formatMessage(record), lines=False)


def write_log() -> None:
    """Warnings and worse to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(_FORM))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
