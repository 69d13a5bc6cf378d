"""Every command that the pages for people name is one: known to the real parser with all its options, or a target of make."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from starter import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
_FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`]+)`")
_TARGET = re.compile(r"^([a-z][\w-]*):", re.MULTILINE)


def said(text: str) -> Iterator[str]:
    """Each line of the fenced parts, and each text in backticks."""
    for block in _FENCE.findall(text):
        yield from block.replace("\\\n", " ").split("\n")
    yield from (" ".join(each.split()) for each in _INLINE.findall(_FENCE.sub("", text)))


def commands_in(text: str, begin: str) -> list[str]:
    """What follows a program's name, up to a comment or the next program."""
    found = []
    for each in said(text):
        place = re.search(rf"(?:^|[\s/]){re.escape(begin)}\s+(.*)", each)
        if place is not None:
            found.append(re.split(r"\s#|\s\||&&|;", place[1])[0].strip())
    return [each for each in found if each]


def why_not(words: list[str]) -> str:
    """What the parser does not know of a command; empty where it knows all."""
    command: Any = get_command(app)
    while words and words[0] == "--language":
        words = words[2:]
    while hasattr(command, "commands"):
        if not words or words[0].startswith(("-", "…")):
            return "" if not words or words[0] in ("--help", "…") else f"no option {words[0]}"
        if words[0] not in command.commands:
            return f"no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)} | {"--help"}
    unknown = [each for each in words if each.startswith("--") and each.partition("=")[0] not in known]
    return f"no option {', '.join(unknown)}" if unknown else ""


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_are_known_with_their_options(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    wrong = {
        each: why
        for each in commands_in(text, "starter.py")
        if (why := why_not(shlex.split(each.replace("'", "").replace('"', ""))))
    }
    assert wrong == {}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_targets_of_make_are_there(page: Path) -> None:
    targets = set(_TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    asked = commands_in(page.read_text(encoding="utf-8"), "make")
    assert {each.split()[0] for each in asked if re.match(r"[a-z]", each)} <= targets


def test_the_parser_knows_what_is_wrong() -> None:
    assert why_not(["shown"]) == "no command shown"
    assert why_not(["show", "N", "--nxt"]) == "no option --nxt"
    assert why_not(["keys", "create", "bank", "--fact", "x"]) == ""
    assert commands_in("`starter.py show N | head`\n", "starter.py") == ["show N"]
