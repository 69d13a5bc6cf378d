"""Faults that nobody could notice, each with its reason: `equivalent.toml`, by the words of the line, not its number."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

FILE = Path(__file__).with_name("equivalent.toml")


@functools.cache
def _known() -> dict[tuple[str, str], str]:
    entries = tomllib.loads(FILE.read_text(encoding="utf-8")).get("equivalent", [])
    return {(each["was"], each["now"]): each["reason"] for each in entries}


def reason_for(diff: str) -> str:
    """Why this change makes no difference; empty for one that does or may."""
    lines = diff.splitlines()[2:]
    was, now = ("\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return _known().get((was, now), "")
