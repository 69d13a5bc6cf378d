"""Whether a page says what it must, each value beside its label, and no value that does not belong there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rehearsal.printed_page import squeezed

_TABLE = "|"
SHORTEST = 3
"""A value of fewer signs is not looked for: a 7 stands in many words."""


def lines_of(expected: str) -> list[str]:
    """A block of expected lines as they are read from a page."""
    lines = [line.strip() for line in expected.strip().splitlines()]
    return [" | ".join(squeezed(cell) for cell in line.split(_TABLE)).strip() for line in lines]


def faults(page: Sequence[str], expected: str, values: Iterable[str]) -> list[str]:
    """What is wrong with a page, in words; nothing when it is right."""
    wanted, rest = lines_of(expected), list(page)
    found = []
    place = 0
    for line in wanted:
        if line in page[place:]:
            place = page.index(line, place) + 1
            rest.remove(line)
        else:
            found.append(f"not there, or not in its place: {line}")
    found += [f"a row that nobody expects: {line}" for line in rest if _TABLE in line]
    found += [
        f"{value} stands where it does not belong: {line}"
        for value in {squeezed(each) for each in values}
        if len(value) >= SHORTEST
        for line in rest
        if value in line
    ]
    return found


def leaves(content: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of a paper's content, with the way to it."""
    if isinstance(content, str):
        yield path, content
    elif isinstance(content, dict):
        for name, value in content.items():
            yield from leaves(value, (*path, name))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from leaves(value, (*path, number))
