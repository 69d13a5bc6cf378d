"""Days of the business calendar from a file: what is bad is told by row and hides no other day."""

from __future__ import annotations

from pathlib import Path

from activities.store.imports import CalendarDayRow
from models.messages.envelope import read_entered
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.column_names import TableKind
from models.writing.written_numbers import Manner
from runtime.files.records import read_file

_TWICE = Words("{day} 写了两次，内容不同", "{day} stands there twice and differs")
BadRow = tuple[int, Refusal]
"""A row by its number, and why it is not taken."""


def read_calendar_days(file: Path) -> tuple[list[CalendarDayRow], list[BadRow]]:
    """The days of a file, and the rows that are not taken. Raises Refusal(malformed_file) for what is no table."""
    days: dict[str, tuple[int, CalendarDayRow]] = {}
    bad: dict[int, Refusal] = {}
    for record in read_file(file, TableKind.CALENDAR).records:
        try:
            row = read_entered(CalendarDayRow, record.sound(), Manner.TYPED)
        except Refusal as refusal:
            bad[record.row] = refusal
            continue
        place, known = days.setdefault(row.day.isoformat(), (record.row, row))
        if known != row:
            twice = Refusal(Code.CONTRADICTION, _TWICE.filled(day=row.day), where="day")
            bad |= {place: twice, record.row: twice}
    good = [row for place, row in days.values() if place not in bad]
    return good, sorted(bad.items())
