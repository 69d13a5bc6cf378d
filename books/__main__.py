"""Writes the pages of `docs/` that are made from the code: `python -m books`, or `make books`."""

from __future__ import annotations

import sys

from books.shelf import PAGES, outdated


def main() -> int:
    """Write what has changed, and name it."""
    for name in outdated():
        page = PAGES[name]
        page.file.write_text(page.current(), encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
