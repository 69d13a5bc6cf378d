"""Every page that is made from the code, and which of them no longer say what the code says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from books.glossary import glossary
from books.operations_page import operations_page
from books.procedure_page import procedure_page
from books.rule_page import rule_page
from books.story_page import story_lists
from commands.orders.schema import schema_of
from gateway.app import create_app
from gateway.security.rights_table import written as with_rights
from runtime.settings import ROOT, Settings

DOCS = ROOT / "docs"


@dataclass(frozen=True, slots=True)
class Page:
    """A file of `docs/`; `make` is given what stands in it, so that what is written by hand stays."""

    file: Path
    make: Callable[[str], str]

    def standing(self) -> str:
        """What stands there; empty where there is no such file yet."""
        return self.file.read_text(encoding="utf-8") if self.file.is_file() else ""

    def current(self) -> str:
        """What should stand there."""
        return self.make(self.standing())


def _story_schema(standing: str) -> str:
    return json.dumps(schema_of("story"), ensure_ascii=False, indent=2) + "\n"


def _interface(standing: str) -> str:
    return json.dumps(create_app(Settings()).openapi(), ensure_ascii=False, indent=1) + "\n"


PAGES: dict[str, Page] = {
    name: Page(DOCS / name, make)
    for name, make in {
        "rules.md": rule_page,
        "procedures.md": procedure_page,
        "glossary.md": glossary,
        "stories.md": story_lists,
        "operations.md": operations_page,
        "security.md": with_rights,
        "story.schema.json": _story_schema,
        "openapi.json": _interface,
    }.items()
}


def outdated() -> list[str]:
    """The names of the pages that do not say what the code says."""
    return [name for name, page in PAGES.items() if page.standing() != page.current()]
