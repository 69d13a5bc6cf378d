"""A table as it stands in a file: rows of cells as texts, and what is to be known of single cells. Nothing has a name yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.values.vocabulary import Words

MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_CELLS = 500_000
"""Rows times columns: what is held in memory at once, about 200 bytes each."""

Place = tuple[int, int]
"""Row and column of a cell, counted from 0."""


@dataclass(slots=True)
class Grid:
    """The cells of one table, from its first row and first column on; rows may be shorter than others."""

    rows: list[list[str]]
    faults: dict[Place, Words] = field(default_factory=dict)
    """Cells without a value that could be taken: their record is refused."""
    mangled: dict[Place, Words] = field(default_factory=dict)
    """Cells that are no number or reference any more, because the program took them for a number or a date."""
    merged: set[Place] = field(default_factory=set)
    """Cells that have the value of the merged cell to which they belong."""
    notes: list[Words] = field(default_factory=list)
    """What the person who handed the file in should know of how it was read."""


def column_letters(column: int) -> str:
    """What a spreadsheet program calls a column: A, Z, AA; `column` is counted from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, place = divmod(rest - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def address(place: Place) -> str:
    """What a spreadsheet program calls a cell: B7."""
    return f"{column_letters(place[1])}{place[0] + 1}"


def addresses(places: list[Place], most: int = 5) -> str:
    """Several cells; beyond the first few only that there are more."""
    return ", ".join(address(place) for place in places[:most]) + (" …" if len(places) > most else "")
