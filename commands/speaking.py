"""How a command speaks: in the person's language, or in JSON for programs; refusals with code and exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TextIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from models.values.calendar import BUSINESS_ZONE
from models.values.errors import Refusal
from models.values.vocabulary import Language, Term, Words
from models.writing.amounts_in_texts import amounts_apart
from models.writing.printed_figures import figure
from models.writing.signs import visible

NARROWEST = 100


def nobody_reads(stream: TextIO) -> None:
    """Whoever read this stream has left (`| head -1`): what is still said goes nowhere, and the work goes on to its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class _Console(Console):
    """A console that outlives its reader (a command that has begun to place orders places them all), and that no text from
    outside steers: what is no letter is shown by its number."""

    def print(self, *objects: Any, **how: Any) -> None:
        """As `Console.print`."""
        super().print(*(visible(each) if isinstance(each, str) else each for each in objects), **how)

    def on_broken_pipe(self) -> None:
        self.quiet = True
        nobody_reads(sys.stderr if self.stderr else sys.stdout)


def _console(*, stderr: bool = False) -> Console:
    console = _Console(stderr=stderr, highlight=False)
    # a pipe has no width: lines wide enough for a table, never cut
    return (
        console
        if console.is_terminal
        else _Console(stderr=stderr, highlight=False, width=200, soft_wrap=True)
    )


@dataclass(slots=True)
class Speech:
    """Everything that a command writes: results on standard output, remarks on standard error, in the person's language."""

    language: Language = Language.ZH
    out: Console = field(default_factory=_console)
    errors: Console = field(default_factory=lambda: _console(stderr=True))

    def words(self, zh: str, en: str) -> str:
        """Of two texts the one in the person's language."""
        return amounts_apart(zh if self.language is Language.ZH else en)

    def say(self, zh: str, en: str) -> None:
        """A line of plain words."""
        self.out.print(escape(self.words(zh, en)))

    def line(self, text: str) -> None:
        """A line that is the same in every language."""
        self.out.print(escape(text))

    def aside(self, zh: str, en: str) -> None:
        """Progress: beside the result, so that a program reading the result is not disturbed."""
        self.errors.print(escape(self.words(zh, en)), style="dim")

    def title(self, zh: str, en: str) -> None:
        """A heading."""
        self.out.print()
        self.out.print(escape(self.words(zh, en)), style="bold")

    def data(self, value: Any) -> None:
        """A result for programs."""
        text = json.dumps(value, ensure_ascii=False, indent=2, default=_json_text)
        self.out.print(text, markup=False, soft_wrap=True)

    def table(self, columns: Sequence[Words], rows: Sequence[Sequence[Any]]) -> None:
        """A table; values are shown as people read them. Nothing is said to be nothing."""
        if not rows:
            self.say(" （无）", "  (none)")
            return
        table = Table(show_lines=False, header_style="bold")
        for column in columns:
            table.add_column(column.in_language(self.language), overflow="fold")
        for row in rows:
            table.add_row(*(escape(visible(self.shown(value))) for value in row))
        self.out.print(table)

    def shown(self, value: Any) -> str:
        """A value as people read it: terms by label, instants in business time."""
        if value is None or value == "":
            return "-"
        if isinstance(value, Term | Words):
            return amounts_apart(
                value.in_language(self.language) if isinstance(value, Words) else value.label(self.language)
            )
        if isinstance(value, Decimal):
            return figure(value)
        if isinstance(value, datetime):
            return value.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, list | tuple | set | frozenset):
            return ("、" if self.language is Language.ZH else ", ").join(
                self.shown(each) for each in value
            ) or "-"
        return amounts_apart(str(value))

    def refuse(self, refusal: Refusal, *, as_json: bool = False) -> None:
        """Say what is refused and why: code and paragraph, or the one JSON shape of an error."""
        if as_json:
            said = refusal.as_json()
            self.data({"error": said | {name: amounts_apart(said[name]) for name in ("zh", "en")}})
            return
        where = f" [{refusal.where}]" if refusal.where else ""
        rule = f" ({refusal.rule})" if refusal.rule else ""
        text = amounts_apart(refusal.words.in_language(self.language))
        self.errors.print(escape(f"{refusal.code.value}{where}{rule}: {text}"), style="red")


def _json_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
