"""Tables, links and marked parts of a page in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar or a line break in a cell does not end it."""
    lines = [_row(head), "|" + "---|" * len(head), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def code(text: str) -> str:
    """As it stands on the wire."""
    return f"`{text}`"


def codes(texts: Iterable[str]) -> str:
    """Several, by commas."""
    return ", ".join(code(text) for text in texts)


def refilled(page: str, parts: dict[str, str]) -> str:
    """The page with these parts made anew between their marks `<!-- name -->` and `<!-- end of name -->`.

    Raises ValueError for a part whose marks do not stand in the page.
    """
    for name, made in parts.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, found, rest = page.partition(begin)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise ValueError(f"the page has no marks {begin} … {end}")
        page = f"{before}{begin}\n\n{made}\n\n{end}{after}"
    return page
